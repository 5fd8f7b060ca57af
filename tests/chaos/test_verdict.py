"""The verdict sees what it is there for: each kind of wrong, forged one at a time."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from cli.chaos.outside import Charge
from cli.chaos.shoppers import Visit
from cli.chaos.verdict import charges_against_books, orders_against_visits

ORDER = SimpleNamespace(id="o1", number="CS-1", state="paid", email="a@example.com", total=1490)
PAYMENT = SimpleNamespace(id="p1", order_id="o1", state="captured", captured=1490, refunded=0)
CHARGE = Charge("dp_1", "p1", "captured", 1490, 1490, 0, False)


def visit(*numbers: str) -> Visit:
    return Visit("a@example.com", "pays", numbers=set(numbers))


def changed(row: Any, **values: Any) -> Any:
    return SimpleNamespace(**(vars(row) | values))


def of_charges(
    orders: Sequence[Any] = (ORDER,), payments: Sequence[Any] = (PAYMENT,), charges: Sequence[Charge] = (CHARGE,)
) -> list[str]:
    return charges_against_books(orders, payments, charges)


def test_books_that_agree_with_the_world_are_right() -> None:
    assert orders_against_visits([ORDER], [visit("CS-1")]) == []
    assert of_charges() == []
    cancelled, given_back = changed(ORDER, state="cancelled"), replace(CHARGE, refunded=1490)
    assert of_charges([cancelled], [changed(PAYMENT, refunded=1490)], [given_back]) == []


def test_an_order_that_a_shopper_saw_and_the_books_do_not_have_is_lost() -> None:
    assert orders_against_visits([ORDER], [visit("CS-1", "CS-2")]) == ["order CS-2 of a@example.com is lost"]


def test_two_orders_of_one_visit_are_one_too_many() -> None:
    other = changed(ORDER, id="o2", number="CS-2")
    assert orders_against_visits([ORDER, other], [visit()]) == ["a@example.com (pays) has CS-1 (paid) and CS-2 (paid)"]
    assert orders_against_visits([ORDER, changed(other, state="cancelled")], [visit()]) == []


def test_an_order_must_be_decided_in_the_end() -> None:
    (wrong,) = orders_against_visits([changed(ORDER, state="placed")], [visit()])
    assert wrong == "order CS-1 is neither paid nor cancelled, and its time is over"


def test_a_second_charge_is_seen_at_the_gateway() -> None:
    second = replace(CHARGE, id="dp_2", key="p2")
    assert of_charges(payments=[PAYMENT, changed(PAYMENT, id="p2")], charges=[CHARGE, second]) == [
        "order CS-1 is paid, and 2 charges are kept for it"
    ]


def test_a_charge_for_an_order_that_is_cancelled_or_not_paid_is_wrong() -> None:
    for state in ("cancelled", "refunded", "placed"):
        assert of_charges([changed(ORDER, state=state)]) == [f"order CS-1 is {state}, and 1 charges are kept for it"]
    assert of_charges(payments=[], charges=[]) == ["order CS-1 is paid, and 0 charges are kept for it"]


def test_both_sides_must_tell_the_same() -> None:
    assert of_charges(charges=[replace(CHARGE, refunded=90)]) == [
        "dp_1: the gateway took 1490 and gave back 90, the books say 1490 and 0"
    ]
    failed = changed(PAYMENT, state="failed")
    assert of_charges(payments=[failed]) == ["dp_1 is captured at the gateway and failed in the books"]
    assert of_charges(charges=[CHARGE, replace(CHARGE, id="dp_9", key="p9")]) == [
        "the gateway has dp_9, of which the shop knows nothing"
    ]
    assert "payment p1 is captured, and the gateway knows nothing of it" in of_charges(charges=[])
