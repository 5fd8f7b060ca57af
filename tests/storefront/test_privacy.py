"""Taking one's data along, deleting the account, and what goes by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import select, update

from domain.cart.models import Cart
from domain.notifications.accounts import welcome
from domain.notifications.models import Message, StockWait
from domain.notifications.waiting import wait_for
from domain.orders.commands import cancel, deliver, ship
from domain.orders.commands.returns import ask_return, decide_return
from domain.orders.models import Order, OrderLine, Return, ReturnLine, TimelineEntry
from domain.payments.commands import keep_webhook
from domain.payments.models import GatewayEvent
from domain.promotions.models import Redemption, Usage
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.settings import Settings
from domain.users.models import MailedLink, SavedAddress, Shopper, ShopperSession
from tests.factories.orders import pay
from tests.factories.promotions import make_promotion
from tests.factories.users import PASSWORD, make_shopper
from tests.storefront.conftest import DETAILS
from tests.storefront.conftest import Shopper as Guest
from tests.storefront.mails import mails
from workers.schedule import Tools, purge_personal

EMAIL = DETAILS["email"]
HOME = {name: DETAILS[name] for name in ("name", "line1", "city", "postcode", "country")}


@pytest.fixture
def owner(shopper: Guest, sessions: Sessions, redis: Redis) -> Guest:
    """A signed-in shopper with an order and an address."""
    with transaction(sessions) as tx:
        make_shopper(tx, email=EMAIL, name="Aoife")
    shopper.client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    shopper.client.post("/account/addresses/new", data=HOME)
    shopper.ready().order()
    return shopper


def end_orders(sessions: Sessions, *, but: int = 0) -> None:
    """Cancel the orders, except the last ones."""
    with transaction(sessions) as tx:
        ids = tx.scalars(select(Order.id).order_by(Order.id)).all()
        for order_id in ids[: len(ids) - but]:
            cancel(tx, order_id=order_id, actor="shopper", reason="")


def test_all_that_is_kept_can_be_taken_along_and_nothing_of_others(
    owner: Guest, new_client: Callable[[], FlaskClient], sessions: Sessions
) -> None:
    stranger = Guest(new_client())
    stranger.add("VASE-1")
    stranger.details(email="other@example.test")
    stranger.delivery()
    stranger.order()
    with transaction(sessions) as tx:
        welcome(tx, tx.scalars(select(Shopper.id)).one())
        line = tx.scalars(select(OrderLine).join(Order).where(Order.email == EMAIL)).one()
        sent_back = Return(order_id=line.order_id, reason="The handle is loose.")
        tx.add(sent_back)
        tx.flush()
        tx.add(ReturnLine(return_id=sent_back.id, line_id=line.id, quantity=1))

    answer = owner.client.get("/account/data/export.json")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    kept = answer.json
    assert kept["account"]["email"] == EMAIL
    assert [row["line1"] for row in kept["addresses"]] == [HOME["line1"]]
    [order] = kept["orders"]
    assert (order["email"], order["total"], order["lines"][0]["sku"]) == (EMAIL, 1700, "MUG-1")
    assert len(kept["sign_ins"]) == 1
    assert [row["kind"] for row in kept["messages"]] == ["welcome"]
    assert kept["messages"][0]["says"] == {"name": "Aoife"}
    assert kept["letters_wanted"] == {"reminders": False, "reviews": True, "stock": True}
    [sent_back] = kept["returns"]
    assert (sent_back["order"], sent_back["reason"]) == (order["number"], "The handle is loose.")
    assert sent_back["lines"] == [{"sku": "MUG-1", "title": "Harbour mug", "quantity": 1, "received": 0}]
    assert "other@example.test" not in answer.text
    assert "hash" not in answer.text
    assert "secret" not in answer.text


def test_an_account_is_deleted_with_all_but_the_books(owner: Guest, sessions: Sessions, settings: Settings) -> None:
    with transaction(sessions) as tx:
        wait_for(tx, sku="BOWL-G", email=EMAIL)
    owner.client.post("/password/forgotten", data={"email": EMAIL})
    mails(sessions, settings, EMAIL)
    end_orders(sessions)

    answer = owner.client.post("/account/data/deletion", data={"present": PASSWORD})

    assert answer.headers["Location"] == "/account/data/gone"
    assert owner.client.get("/account/data/gone").status_code == 200
    assert owner.client.get("/account").status_code == 302
    with transaction(sessions) as tx:
        for model in (Shopper, SavedAddress, ShopperSession, MailedLink, StockWait, Cart):
            assert tx.scalars(select(model)).all() == [], model
        order = tx.scalars(select(Order)).one()
        assert (order.total, order.phone, order.shopper_id) == (1700, None, None)
        kept = f"{order.email} {order.shipping_address} {order.billing_address}"
        assert not {word for word in (EMAIL, "Aoife", "Harbour Road", "D13") if word in kept}
        assert order.shipping_address["country"] == "IE"
    assert [one.subject for one in mails(sessions, settings, EMAIL)][-1] == "Your account is gone at Cornershop"


def test_used_codes_and_what_a_gateway_reported_no_longer_name_who_left(owner: Guest, sessions: Sessions) -> None:
    """The counts stay right; what was ordered under the address without signing in is forgotten with it."""
    with transaction(sessions) as tx:
        make_promotion(tx, "TEN", limit_per_customer=2)
        tx.execute(update(Shopper).values(verified_at=utcnow()))
    for path in ("/cart/lines", "/cart/code"):
        owner.client.post(path, data={"sku": "MUG-1", "quantity": 1, "code": "TEN", "back": "cart"})
    owner.details()
    owner.delivery()
    owner.order()
    end_orders(sessions, but=1)
    with transaction(sessions) as tx:
        kept = tx.scalars(select(Order).where(Order.state == "placed")).one()
        kept_id = kept.id
        pay(tx, kept_id)
        ship(tx, order_id=kept_id, actor="Ada", carrier="post", tracking_number="", quantities=None)
        deliver(tx, order_id=kept_id, actor="Ada")
        tx.execute(update(Order).where(Order.id == kept_id).values(shopper_id=None))
        for event_id, email in (("1", EMAIL.upper()), ("2", "other@example.test")):
            keep_webhook(tx, gateway="demo", event_id=event_id, payload={"payer": {"email": email}})

    assert owner.client.post("/account/data/deletion", data={"present": PASSWORD}).status_code == 303

    with transaction(sessions) as tx:
        assert tx.scalars(select(Order.email).where(Order.id == kept_id)).one() == "deleted@account.invalid"
        assert tx.scalars(select(Redemption.customer)).all() == [f"deleted {kept_id}"]
        assert tx.execute(select(Usage.customer, Usage.used)).all() == [(f"deleted {kept_id}", 1)]
        events = tx.execute(select(GatewayEvent.event_id, GatewayEvent.payload).order_by(GatewayEvent.event_id)).all()
        assert events == [("1", {}), ("2", {"payer": {"email": "other@example.test"}})]
        assert keep_webhook(tx, gateway="demo", event_id="1", payload={}) is False


def test_what_was_said_of_a_return_goes_with_the_account(owner: Guest, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        line = tx.scalars(select(OrderLine)).one()
        pay(tx, line.order_id)
        ship(tx, order_id=line.order_id, actor="Ada", carrier="post", tracking_number="", quantities=None)
        deliver(tx, order_id=line.order_id, actor="Ada")
    with transaction(sessions) as tx:
        asked = ask_return(
            tx, order_id=line.order_id, quantities={line.id: 1}, reason="I am in hospital.", actor="shopper",
            now=utcnow(), days=14,
        )  # fmt: skip
        decide_return(tx, return_id=asked, approve=False, answer="Get well in hospital!", actor="Ada")

    assert owner.client.post("/account/data/deletion", data={"present": PASSWORD}).status_code == 303

    with transaction(sessions) as tx:
        said = [*tx.execute(select(Return.reason, Return.answer)).one(), *tx.scalars(select(TimelineEntry.note))]
        assert not [words for words in said if "hospital" in words]
        assert "post" in said


def test_letters_that_were_still_to_be_sent_are_emptied_once_they_are(
    owner: Guest, sessions: Sessions, settings: Settings, redis: Redis
) -> None:
    """The letter that tells of the deletion is the last that names who left."""
    end_orders(sessions)
    owner.client.post("/password/forgotten", data={"email": EMAIL})
    mails(sessions, settings, EMAIL)
    owner.client.post("/account/data/deletion", data={"present": PASSWORD})
    mails(sessions, settings, EMAIL)
    tools = Tools(settings, sessions, redis)

    with transaction(sessions) as tx:
        last = tx.scalars(select(Message).where(Message.template == "account_notice")).one()
        last.state, last.sent_at = "sent", utcnow()
    purge_personal(tools)
    with sessions() as reading:
        waiting = select(Message.template).where(Message.recipient == EMAIL).order_by(Message.template)
        assert reading.scalars(waiting).all() == ["account_notice", "reset_password"]

    with transaction(sessions) as tx:
        tx.execute(update(Message).where(Message.recipient == EMAIL).values(state="sent", sent_at=utcnow()))
        tx.add(
            Message(
                template="order_placed", channel="email", recipient=EMAIL, subject_key="later", state="sent",
                sent_at=utcnow(),
            )
        )  # fmt: skip
    assert purge_personal(tools) == 1
    with sessions() as reading:
        assert reading.scalars(select(Message.subject_key).where(Message.recipient == EMAIL)).all() == ["later"]
        assert {str(context) for context in reading.scalars(select(Message.context))} == {"{}"}
    assert purge_personal(tools) == 0


@pytest.mark.parametrize(("password", "ended"), [("not it", True), ("", True), (PASSWORD, False)])
def test_a_wrong_password_or_an_order_under_way_changes_nothing(
    owner: Guest, sessions: Sessions, password: str, ended: bool
) -> None:
    if ended:
        end_orders(sessions)

    answer = owner.client.post("/account/data/deletion", data={"present": password})

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    with transaction(sessions) as tx:
        assert tx.scalars(select(Order.email)).one() == EMAIL
        assert len(tx.scalars(select(SavedAddress)).all()) == 1
        assert tx.scalars(select(Message).where(Message.recipient != EMAIL)).all() == []
    assert owner.client.get("/account").status_code == 200


def test_what_serves_nobody_any_more_goes_by_itself_and_the_rest_stays(
    owner: Guest, sessions: Sessions, settings: Settings, redis: Redis
) -> None:
    owner.client.post("/password/forgotten", data={"email": EMAIL})
    tools = Tools(settings, sessions, redis)
    assert purge_personal(tools) == 0
    with transaction(sessions) as tx:
        keep_webhook(tx, gateway="demo", event_id="old", payload={"payer": "Aoife"})
        tx.execute(update(GatewayEvent).values(received_at=utcnow() - timedelta(days=31)))
        tx.execute(update(MailedLink).values(expires_at=utcnow() - timedelta(days=8)))
        tx.execute(update(ShopperSession).values(ended_at=utcnow() - timedelta(days=31)))
        tx.execute(update(Cart).values(updated_at=utcnow() - timedelta(days=91)))

    assert purge_personal(tools) == 4

    with transaction(sessions) as tx:
        for model in (MailedLink, ShopperSession, Cart):
            assert tx.scalars(select(model)).all() == []
        assert tx.scalars(select(GatewayEvent.payload)).all() == [{}]
        assert len(tx.scalars(select(Order)).all()) == 1
        assert len(tx.scalars(select(Shopper)).all()) == 1
    assert purge_personal(tools) == 0
