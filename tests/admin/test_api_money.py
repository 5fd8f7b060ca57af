"""Money and goods that go back by the admin's API: never twice, never more than was paid, and in the log of the key."""

from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from domain.orders.commands import ask_return, ship
from domain.orders.queries import admin_order
from domain.shared.audit import AuditEntry
from domain.shared.db import Sessions, transaction, utcnow
from tests.admin.test_api import Program, program
from tests.domain.orders.racers import at_once
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from tests.factories.users import make_staff


@pytest.fixture
def order(sessions: Sessions):
    """A paid order for three mugs and their delivery."""
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", title="Green mug", price=1250, on_hand=10)
        return admin_order(tx, make_order(tx, sku="MUG", quantity=3, paid=True).number)


@pytest.fixture
def call(admin: FlaskClient, sessions: Sessions) -> Program:
    with transaction(sessions) as tx:
        ada = make_staff(tx)
    return program(admin, sessions, ada)


def refund(call: Program, order, key: str | None = None, **body):
    """Ask for a refund, from a thread of its own if need be."""
    sent = {"reason": "One came broken"} | body
    again = Program(call.client.application.test_client(), call.key)
    return again("POST", f"/orders/{order.number}/refunds", sent, Idempotency_Key=key or str(uuid4()))


def lines(order, quantity: int) -> list[dict]:
    return [{"line_id": str(order.lines[0].id), "quantity": quantity}]


def euros(amount: int) -> dict:
    return {"amount": amount, "currency": "EUR"}


def one(sessions: Sessions, statement: str):
    with sessions() as session:
        return session.execute(text(statement)).one()


REFUNDED = "SELECT count(*), coalesce(sum(amount), 0) FROM payments.refunds"


def test_money_goes_back_by_line_and_delivery_to_the_cent(call: Program, sessions: Sessions, order) -> None:
    answer = refund(call, order, lines=lines(order, 2), delivery=euros(100))

    assert answer.status_code == 201
    assert [(one["amount"], one["state"]) for one in answer.json["refunds"]] == [(euros(2600), "requested")]
    assert (answer.json["lines"][0]["refundable"], answer.json["refundable"]) == (1, euros(order.total.amount - 2600))
    too_many = refund(call, order, lines=lines(order, 2))
    assert (too_many.status_code, too_many.json["type"]) == (422, "/api/v1/docs#cannot-refund")
    too_much = refund(call, order, amount=euros(order.total.amount - 2600 + 1))
    assert (too_much.status_code, too_much.json["type"]) == (422, "/api/v1/docs#refund-too-high")
    assert one(sessions, REFUNDED) == (1, 2600)
    with sessions() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "api.refund_order")).one()
        assert (entry.staff_name, entry.resource) == ("Scanner (key of Ada)", order.number)


def test_a_refund_takes_a_key_and_is_done_once_however_often_it_is_sent(
    call: Program, sessions: Sessions, order
) -> None:
    body = {"reason": "Goodwill", "amount": euros(500)}
    without = call("POST", f"/orders/{order.number}/refunds", body)
    assert (without.status_code, without.json["type"]) == (400, "/api/v1/docs#key-needed")

    answers = at_once(*[lambda: refund(call, order, "one-key-for-all-of-them", amount=euros(500))] * 8)

    done = [answer for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert sum("Idempotency-Replayed" not in answer.headers for answer in done) == 1
    assert refund(call, order, "one-key-for-all-of-them", amount=euros(500)).json == done[0].json
    other = refund(call, order, "one-key-for-all-of-them", amount=euros(501))
    assert (other.status_code, other.json["type"]) == (422, "/api/v1/docs#key-reused")
    assert one(sessions, REFUNDED) == (1, 500)


def test_refunds_at_once_give_no_unit_and_no_cent_twice(call: Program, sessions: Sessions, order) -> None:
    answers = at_once(*[lambda: refund(call, order, lines=lines(order, 2))] * 6)
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422, 422]

    left = order.total.amount - 2500
    answers = at_once(*[lambda: refund(call, order, amount=euros(left))] * 6)

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
    assert one(sessions, REFUNDED) == (2, order.total.amount)


def test_what_a_refund_cannot_mean_is_refused(call: Program, sessions: Sessions, order) -> None:
    for body, pointer in (
        ({"lines": lines(order, 1), "amount": euros(1)}, "#"),
        ({"amount": {"amount": 1, "currency": "USD"}}, "#/amount/currency"),
        ({"lines": [{"line_id": str(uuid4()), "quantity": 1}]}, "#/lines/0/line_id"),
        ({"lines": lines(order, 1) * 2}, "#/lines"),
        ({"lines": lines(order, 0)}, "#/lines/0/quantity"),
    ):
        answer = refund(call, order, **body)
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer), body
    nothing = refund(call, order)
    assert (nothing.status_code, nothing.json["type"]) == (422, "/api/v1/docs#cannot-refund")
    assert one(sessions, REFUNDED) == (0, 0)


def test_a_parcel_holds_lines_of_its_own_order(call: Program, order) -> None:
    parcel = {"carrier": "An Post", "tracking_number": "CE1"}
    for sent, pointer in (([{"line_id": str(uuid4()), "quantity": 1}], "#/lines/0/line_id"),
                          (lines(order, 1) * 2, "#/lines")):  # fmt: skip
        answer = call("POST", f"/orders/{order.number}/shipments", parcel | {"lines": sent})
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_a_return_is_answered_and_received_once(call: Program, sessions: Sessions, order) -> None:
    with transaction(sessions) as tx:
        ship(tx, order_id=order.id, actor="staff", carrier="An Post", tracking_number="1")
        asked = [
            ask_return(tx, order_id=order.id, quantities={order.lines[0].id: units}, reason="Too small",
                       actor="shopper", now=utcnow(), days=30)
            for units in (2, 1)
        ]  # fmt: skip
    page = call("GET", "/returns?limit=1").json
    rest = call("GET", f"/returns?limit=1&cursor={page['next']}").json
    assert [one["id"] for one in page["items"] + rest["items"]] == [str(id_) for id_ in asked]
    assert rest["next"] is None
    path = f"/returns/{asked[0]}"
    receipt = {"lines": [{"line_id": str(order.lines[0].id), "received": 2}]}
    early = call("POST", f"{path}/receipt", receipt)
    assert (early.status_code, early.json["type"]) == (409, "/api/v1/docs#return-decided")

    approved = call("POST", f"{path}/decision", {"decision": "approve", "answer": "Send it to 1 Row."})
    refused = call("POST", f"{path}/decision", {"decision": "refuse", "answer": "No."})
    assert (approved.json["state"], refused.status_code) == ("approved", 409)
    answers = at_once(
        *[lambda: Program(call.client.application.test_client(), call.key)("POST", f"{path}/receipt", receipt)] * 4
    )

    assert {(answer.status_code, answer.json["state"]) for answer in answers} == {(200, "received")}
    assert answers[0].json["lines"][0]["restocked"] == 2
    assert one(sessions, REFUNDED) == (1, 2500)
    assert one(sessions, "SELECT on_hand FROM catalog.stock") == (9,)
    assert call("GET", f"/returns/{uuid4()}").status_code == 404
    assert [row["id"] for row in call("GET", "/returns").json["items"]] == [str(asked[1])]
    with sessions() as session:
        actions = session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.startswith("api.")).distinct()
        ).all()
    assert sorted(actions) == ["api.decide_return", "api.receive_return"]
