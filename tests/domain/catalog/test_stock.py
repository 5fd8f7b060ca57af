"""Stock moves by guarded statements: a refusal changes nothing, and no rush sells more than there is."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.catalog import commands
from domain.catalog.errors import BelowReserved, NoSuchVariant, StockMismatch, StockShort
from domain.catalog.models import Stock, StockMovement
from domain.shared.outbox import OutboxMessage
from tests.factories.catalog import make_product

ORDER = UUID(int=7)


def levels(session: Session, variant_id: UUID) -> tuple[int, int]:
    row = session.execute(select(Stock.on_hand, Stock.reserved).where(Stock.variant_id == variant_id)).one()
    return row.on_hand, row.reserved


def ledger(session: Session, variant_id: UUID) -> list[tuple[str, int, int, UUID | None]]:
    found = select(StockMovement).where(StockMovement.variant_id == variant_id).order_by(StockMovement.id)
    return [(line.kind, line.on_hand, line.reserved, line.order_id) for line in session.scalars(found)]


def told(session: Session) -> list[list[str]]:
    found = select(OutboxMessage).where(OutboxMessage.name == "catalog.stock_changed").order_by(OutboxMessage.position)
    return [message.payload["product_ids"] for message in session.scalars(found)]


def forget_events(session: Session) -> None:
    session.flush()
    session.execute(text("DELETE FROM shared.outbox"))


def test_the_way_of_a_unit_from_the_shelf_to_the_shopper_and_back(session):
    mug = make_product(session, on_hand=5)

    commands.reserve(session, quantities={mug.variant_id: 3}, order_id=ORDER, actor="shop")
    assert levels(session, mug.variant_id) == (5, 3)
    commands.release(session, quantities={mug.variant_id: 1}, order_id=ORDER, actor="shop", reason="changed")
    assert levels(session, mug.variant_id) == (5, 2)
    commands.sell(session, quantities={mug.variant_id: 2}, order_id=ORDER, actor="ada")
    assert levels(session, mug.variant_id) == (3, 0)
    commands.restock(session, quantities={mug.variant_id: 1}, order_id=ORDER, actor="ada", reason="returned")
    assert levels(session, mug.variant_id) == (4, 0)
    commands.correct(session, variant_id=mug.variant_id, on_hand=2, reason="counted", actor="ada")
    assert levels(session, mug.variant_id) == (2, 0)

    assert ledger(session, mug.variant_id) == [
        ("received", 5, 0, None),
        ("reserved", 0, 3, ORDER),
        ("released", 0, -1, ORDER),
        ("sold", -2, -2, ORDER),
        ("returned", 1, 0, ORDER),
        ("corrected", -2, 0, None),
    ]


def test_one_variant_that_falls_short_refuses_them_all(session):
    mug, bowl = make_product(session, on_hand=5), make_product(session, on_hand=2)
    forget_events(session)

    with pytest.raises(StockShort) as refused:
        commands.reserve(session, quantities={mug.variant_id: 5, bowl.variant_id: 3}, order_id=ORDER, actor="shop")

    assert refused.value.left == {bowl.variant_id: 2}
    assert levels(session, mug.variant_id) == (5, 0)
    assert levels(session, bowl.variant_id) == (2, 0)
    assert len(ledger(session, mug.variant_id)) == 1
    assert told(session) == []


def test_a_variant_that_is_gone_is_short(session):
    mug, gone = make_product(session, on_hand=5), uuid4()

    with pytest.raises(StockShort) as refused:
        commands.reserve(session, quantities={mug.variant_id: 1, gone: 1}, order_id=ORDER, actor="shop")

    assert refused.value.left == {gone: 0}
    assert levels(session, mug.variant_id) == (5, 0)


def test_what_sells_when_out_never_falls_short(session):
    made_to_order = make_product(session, on_hand=1, sell_when_out=True)

    commands.reserve(session, quantities={made_to_order.variant_id: 4}, order_id=ORDER, actor="shop")
    commands.sell(session, quantities={made_to_order.variant_id: 4}, order_id=ORDER, actor="ada")

    assert levels(session, made_to_order.variant_id) == (-3, 0)


def test_more_than_is_reserved_cannot_be_released_or_sold(session):
    mug = make_product(session, on_hand=5)
    commands.reserve(session, quantities={mug.variant_id: 2}, order_id=ORDER, actor="shop")

    for verb in (commands.release, commands.sell):
        with pytest.raises(StockMismatch):
            verb(session, quantities={mug.variant_id: 3}, order_id=ORDER, actor="ada")

    assert levels(session, mug.variant_id) == (5, 2)


def test_a_count_below_what_is_promised_is_refused(session):
    mug = make_product(session, on_hand=5)
    commands.reserve(session, quantities={mug.variant_id: 3}, order_id=ORDER, actor="shop")

    with pytest.raises(BelowReserved, match="3 units are reserved"):
        commands.correct(session, variant_id=mug.variant_id, on_hand=2, reason="counted", actor="ada")
    with pytest.raises(NoSuchVariant):
        commands.correct(session, variant_id=uuid4(), on_hand=2, reason="counted", actor="ada")

    assert levels(session, mug.variant_id) == (5, 3)


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_quantity_below_one_is_a_defect(session, quantity):
    mug = make_product(session, on_hand=5)

    with pytest.raises(ValueError, match="at least 1"):
        commands.reserve(session, quantities={mug.variant_id: quantity}, order_id=ORDER, actor="shop")

    assert levels(session, mug.variant_id) == (5, 0)


def test_the_table_itself_refuses_an_oversell(session):
    mug = make_product(session, on_hand=5)

    with pytest.raises(IntegrityError, match="no_oversell"), session.begin_nested():
        session.execute(text("UPDATE catalog.stock SET reserved = 6 WHERE variant_id = :id"), {"id": mug.variant_id})

    assert levels(session, mug.variant_id) == (5, 0)


@pytest.mark.parametrize(
    "change", ["UPDATE catalog.stock_movements SET reason = ''", "DELETE FROM catalog.stock_movements"]
)
def test_the_ledger_itself_refuses_to_be_rewritten(session, change):
    make_product(session, sku="MUG", on_hand=5)

    with pytest.raises(IntegrityError, match="only ever added"), session.begin_nested():
        session.execute(text(change))


def test_pages_are_told_when_something_sells_out_or_comes_back_and_of_each_of_the_last(session):
    mug = make_product(session, on_hand=10, low_at=3)
    forget_events(session)
    mine = [str(mug.id)]

    def reserve(quantity: int) -> None:
        commands.reserve(session, quantities={mug.variant_id: quantity}, order_id=ORDER, actor="shop")

    reserve(6)
    assert told(session) == []
    reserve(1)
    assert told(session) == [mine]
    reserve(2)
    assert told(session) == [mine] * 2
    reserve(1)
    assert told(session) == [mine] * 3
    commands.sell(session, quantities={mug.variant_id: 10}, order_id=ORDER, actor="ada")
    assert told(session) == [mine] * 3
    commands.receive(session, quantities={mug.variant_id: 1}, actor="ada")
    assert told(session) == [mine] * 4


def test_a_move_of_many_variants_is_one_statement(session, statements):
    mugs = [make_product(session, on_hand=100, low_at=0) for _ in range(5)]

    with statements() as seen:
        commands.reserve(session, quantities={mug.variant_id: 1 for mug in mugs}, order_id=ORDER, actor="shop")

    assert len(seen) == 1


@settings(max_examples=25)
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(["reserve", "release", "sell", "restock"]), st.integers(1, 6)), max_size=12
    )
)
def test_whatever_is_tried_the_ledger_sums_up_to_the_stock(session, moves):
    mug = make_product(session, on_hand=8)

    for verb, quantity in moves:
        try:
            getattr(commands, verb)(session, quantities={mug.variant_id: quantity}, order_id=ORDER, actor="shop")
        except (StockShort, StockMismatch):
            continue

    on_hand, reserved = levels(session, mug.variant_id)
    sums = select(func.sum(StockMovement.on_hand), func.sum(StockMovement.reserved))
    assert session.execute(sums.where(StockMovement.variant_id == mug.variant_id)).one() == (on_hand, reserved)
    assert 0 <= reserved <= on_hand


def test_sixty_buyers_for_twenty_units_get_exactly_twenty(sessions):
    with sessions.begin() as tx:
        mug = make_product(tx, on_hand=20)
    ready = Barrier(60)

    def buy(_number: int) -> dict[UUID, int] | None:
        with sessions() as session:
            session.execute(text("SELECT 1"))
            ready.wait(timeout=30)
            try:
                commands.reserve(session, quantities={mug.variant_id: 1}, order_id=uuid4(), actor="shop")
                session.commit()
            except StockShort as refused:
                return refused.left
            return None

    with ThreadPoolExecutor(60) as pool:
        bought = list(pool.map(buy, range(60)))

    with sessions() as session:
        assert bought.count(None) == 20
        assert bought.count({mug.variant_id: 0}) == 40
        assert levels(session, mug.variant_id) == (20, 20)
        assert len([line for line in ledger(session, mug.variant_id) if line[0] == "reserved"]) == 20


def test_buyers_of_the_same_things_in_another_order_never_block_each_other_for_good(sessions):
    with sessions.begin() as tx:
        mug, bowl = make_product(tx, on_hand=30), make_product(tx, on_hand=30)
    ready = Barrier(20)

    def buy(number: int) -> bool:
        both = [mug.variant_id, bowl.variant_id]
        with sessions() as session:
            ready.wait(timeout=30)
            for _ in range(3):
                try:
                    wanted = dict.fromkeys(both if number % 2 else reversed(both), 1)
                    commands.reserve(session, quantities=wanted, order_id=uuid4(), actor="shop")
                    session.commit()
                except StockShort:
                    session.rollback()
                    return False
        return True

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(buy, range(20)))

    with sessions() as session:
        assert levels(session, mug.variant_id) == (30, 30)
        assert levels(session, bowl.variant_id) == (30, 30)
