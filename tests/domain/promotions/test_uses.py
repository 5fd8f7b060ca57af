"""What is kept of the uses of promotions says what counting says, through every use, return and rename, and at once."""

from collections.abc import Callable
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.promotions.commands import Use, forget_customers, give_back, keep_uses, recount_uses, redeem, take_again
from domain.promotions.errors import PromotionGone
from domain.promotions.queries import promotion_detail, promotion_list
from domain.shared.db import Sessions, transaction, utcnow
from tests.domain.orders.books import count
from tests.domain.orders.racers import at_once, in_transaction
from tests.factories.promotions import make_promotion

EMAILS = ("ada@example.com", "bea@example.com")
WHAT = ("use", "use", "replace", "give back", "take again", "forget", "keep", "recount")

Sums = dict[UUID, tuple[int, int, int]]


def told(session: Session) -> Sums:
    """Uses, customers and minor units taken off, as the pages say."""
    found = promotion_list(session, currency="EUR", now=utcnow()).rows
    details = {row.id: promotion_detail(session, row.id, currency="EUR", now=utcnow()) for row in found}
    for row in found:
        assert (row.uses, row.taken_off) == (details[row.id].uses, details[row.id].taken_off)
    return {id_: (one.uses, one.customers, one.taken_off.amount) for id_, one in details.items()}


def counted(session: Session, promotions: list[UUID]) -> Sums:
    """The same, counted one by one from what orders used."""
    rows = session.execute(
        text("SELECT promotion_id, customer, amount FROM promotions.redemptions WHERE released_at IS NULL")
    ).all()
    own = {id_: [row for row in rows if row.promotion_id == id_] for id_ in promotions}
    return {
        id_: (len(some), len({row.customer for row in some}), sum(row.amount for row in some))
        for id_, some in own.items()
    }


def use(session: Session, promotions: list[UUID], *, email: str = EMAILS[0], instead_of: tuple[UUID, ...] = ()) -> UUID:
    """Have an order use promotions, which take off 100, 200 and so on."""
    order_id = uuid4()
    uses = [Use(promotion_id=id_, name="Off", code=None, amount=100 * n) for n, id_ in enumerate(promotions, 1)]
    redeem(session, order_id=order_id, email=email, uses=uses, instead_of=instead_of)
    return order_id


@settings(max_examples=40)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(WHAT), st.integers(0, 30), st.sampled_from(EMAILS), st.sets(st.integers(0, 2))),
        max_size=14,
    )
)
def test_uses_are_told_as_they_are_counted(session: Session, steps: list[tuple[str, int, str, set[int]]]) -> None:
    with session.begin_nested() as savepoint:
        promotions = [make_promotion(session), make_promotion(session, "TWO", limit_total=3), make_promotion(session)]
        orders, forgotten = [use(session, promotions[:2])], set[UUID]()
        for what, number, email, which in steps:
            order = orders[number % len(orders)]
            wanted = [promotions[place] for place in sorted(which)]
            try:
                with session.begin_nested():
                    if what in ("use", "replace"):
                        old = (order,) if what == "replace" else ()
                        orders.append(use(session, wanted, email=email, instead_of=old))
                    elif what == "give back":
                        give_back(session, [order])
                    elif what == "take again":
                        take_again(session, order)
                    elif what == "forget" and order not in forgotten:
                        forget_customers(session, [order])
                        forgotten.add(order)
                    elif what == "keep":
                        keep_uses(session)
                    elif what == "recount":
                        recount_uses(session)
            except PromotionGone:
                pass  # the limit of three: nothing was used
            assert told(session) == counted(session, promotions)
        savepoint.rollback()


def test_what_is_kept_is_what_the_changes_were_and_a_recount_mends_it(session: Session) -> None:
    ten, two = make_promotion(session), make_promotion(session, "TWO")
    first = use(session, [ten, two])
    use(session, [ten], email=EMAILS[1])

    assert keep_uses(session) == 2
    assert (count(session, "promotions.use_changes"), keep_uses(session)) == (0, 0)
    assert told(session) == {ten: (2, 2, 200), two: (1, 1, 200)}

    give_back(session, [first])
    assert told(session) == {ten: (1, 1, 100), two: (0, 0, 0)}
    assert keep_uses(session) == 2
    session.execute(text("UPDATE promotions.kept_uses SET uses = 9, customers = 9, amount = 9"))
    assert told(session)[ten] == (9, 9, 9)
    assert recount_uses(session) == 1
    assert told(session) == {ten: (1, 1, 100), two: (0, 0, 0)}


def test_orders_that_use_one_code_wait_neither_for_each_other_nor_for_what_is_kept(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        ten = make_promotion(tx, "TEN")
        use(tx, [ten])
    with transaction(sessions) as slow:
        use(slow, [ten])
        with transaction(sessions) as tx:
            tx.execute(text("SET LOCAL lock_timeout = '1s'"))
            use(tx, [ten], email=EMAILS[1])
        for keep in (keep_uses, recount_uses):
            with transaction(sessions) as tx:
                tx.execute(text("SET LOCAL lock_timeout = '1s'"))
                assert keep(tx) == 1
        with sessions() as session:
            assert told(session) == {ten: (2, 2, 200)}
    with sessions() as session:
        assert told(session) == {ten: (3, 2, 300)}


def test_orders_used_given_back_and_kept_at_once_lose_nothing(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        promotions = [make_promotion(tx, "TEN"), make_promotion(tx), make_promotion(tx)]
        old = [use(tx, promotions, email=f"old{n}@example.com") for n in range(8)]

    def buyers() -> list[Callable[[], object]]:
        return [in_transaction(sessions, use, promotions[::step], email=f"new{n}@example.com")
                for n in range(8) for step in (1, -1)]  # fmt: skip

    at_once(
        *buyers(),
        *(in_transaction(sessions, give_back, [order]) for order in old),
        *(in_transaction(sessions, keep) for keep in (keep_uses, recount_uses) for _ in range(3)),
    )

    with sessions() as session:
        found = counted(session, promotions)
        assert {uses for uses, _, _ in found.values()} == {16}
        assert told(session) == found
    with transaction(sessions) as tx:
        keep_uses(tx)
    with sessions() as session:
        assert (count(session, "promotions.use_changes"), told(session)) == (0, found)
