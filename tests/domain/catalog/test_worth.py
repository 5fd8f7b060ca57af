"""What the stock is worth is right at every moment, and read from what is kept where nothing changed."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog import commands
from domain.catalog.commands.worth import keep_worth
from domain.catalog.queries import DepartmentValue, stock_value
from domain.shared.money import Money
from tests.factories.catalog import make_category, make_product

ADDED_UP = text(
    """
    SELECT sum(s.on_hand), coalesce(sum(s.on_hand * v.cost), 0),
        coalesce(sum(s.on_hand) FILTER (WHERE v.cost IS NULL), 0)
    FROM catalog.stock s JOIN catalog.variants v ON v.id = s.variant_id WHERE s.on_hand > 0
    """
)


def told(session: Session) -> tuple[int, int, int]:
    found = stock_value(session, currency="EUR")
    return found.units, found.at_cost.amount, found.units_without_cost


def test_the_worth_follows_every_change_kept_or_not(session: Session) -> None:
    mug = make_product(session, category="kitchen/mugs", on_hand=10)
    urn = make_product(session, category="garden", on_hand=3)

    def move_to_the_garden() -> None:
        session.execute(
            text("UPDATE catalog.products SET category_id = :garden WHERE id = :id"),
            {"garden": make_category(session, "garden"), "id": mug.id},
        )

    steps = (
        lambda: commands.set_cost(session, variant_id=mug.variant_id, cost=420),
        lambda: commands.receive(session, quantities={mug.variant_id: 5}, actor="Ada"),
        lambda: commands.correct(session, variant_id=urn.variant_id, on_hand=1, reason="One broke.", actor="Ada"),
        lambda: make_product(session, category="garden", on_hand=7),
        move_to_the_garden,
        lambda: commands.set_cost(session, variant_id=mug.variant_id, cost=None),
    )
    for number, step in enumerate(steps):
        step()
        session.flush()
        assert told(session) == tuple(session.execute(ADDED_UP).one()), number
        if number % 2:
            assert keep_worth(session) > 0
            assert told(session) == tuple(session.execute(ADDED_UP).one()), number
    assert stock_value(session, currency="EUR").departments == (DepartmentValue("Garden", 23, Money(0, "EUR"), 23),)


def test_what_did_not_change_is_not_added_up_again(session: Session) -> None:
    mug = make_product(session, on_hand=10)
    commands.set_cost(session, variant_id=mug.variant_id, cost=420)
    assert keep_worth(session) == 1
    assert keep_worth(session) == 0
    # Past the triggers: only who adds the stock up sees it.
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(text("UPDATE catalog.stock SET on_hand = 1"))

    assert told(session) == (10, 4200, 0)


def test_reserving_leaves_no_mark(session: Session) -> None:
    mug = make_product(session, on_hand=10)
    keep_worth(session)
    commands.reserve(session, quantities={mug.variant_id: 2}, order_id=mug.id, actor="shopper")

    assert session.scalar(text("SELECT count(*) FROM catalog.worth_changes")) == 0
