"""Staff look after customers: find them, see what they bought, note, block, export and erase."""

import json
import re

import pytest
from sqlalchemy import text

from domain.notifications.suppression import suppress
from domain.orders.commands import enter_code, request_refund
from domain.orders.errors import BuyerBlocked
from domain.shared.db import transaction, utcnow
from domain.users.commands import authenticate_shopper, save_address
from tests.admin.conftest import version_of
from tests.factories.cart import ADDRESS, make_checkout
from tests.factories.catalog import make_product
from tests.factories.orders import agree, make_order, place
from tests.factories.promotions import make_promotion
from tests.factories.users import PASSWORD, make_shopper


@pytest.fixture
def two(sessions):
    """Two customers; Ada has two orders, one paid."""
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", price=1000, on_hand=50)
        ada = make_shopper(tx, email="ada@example.com", name="Ada Byrne").id
        grace = make_shopper(tx, email="grace@example.com", name="Grace O’Neill").id
        for paid in (True, False):
            make_order(tx, sku="MUG", paid=paid, email="ada@example.com", shopper_id=ada)
    return ada, grace


def names(page):
    return re.findall(r'<th scope="row"><a href="/customers/[^"]+">([^<]+)</a>', page)


def test_customers_are_listed_and_found_by_any_part(staff, two):
    client = staff("support")

    page = client.get("/customers").text
    assert names(page) == ["Grace O’Neill", "Ada Byrne"]
    assert re.search(r'data-label="Orders" class="number">2<', page)
    for q, found in (
        ("byr", ["Ada Byrne"]),
        ("ADA@", ["Ada Byrne"]),
        ("neill grace", ["Grace O’Neill"]),
        ("%", None),
        ("nobody", []),
    ):
        assert names(client.get("/customers", query_string={"q": q}).text) == (
            names(page) if found is None else found
        ), q
    assert names(client.get("/customers?show=blocked").text) == []


def test_the_list_goes_on_and_costs_the_same_at_any_length(staff, sessions, two, statements, monkeypatch):
    client = staff("support")

    def cost():
        with statements() as seen:
            assert client.get("/customers").status_code == 200
        return len(seen)

    before = cost()
    with transaction(sessions) as tx:
        for i in range(5):
            make_shopper(tx, email=f"more{i}@example.com", name=f"More {i}")
    assert cost() == before <= 3
    monkeypatch.setattr("admin.views.customers.PER_PAGE", 3)
    page = client.get("/customers").text
    older = re.search(r'rel="next" href="([^"]+)"', page).group(1)
    assert names(page) + names(client.get(older).text) == [
        "More 4",
        "More 3",
        "More 2",
        "More 1",
        "More 0",
        "Grace O’Neill",
    ]


def test_a_customers_page_shows_orders_spending_and_consent(staff, two):
    page = staff("support").get(f"/customers/{two[0]}").text

    assert "2 orders, " in page
    assert page.count('href="/orders/CS-') == 2
    assert "One reminder when you leave something in your cart" in page
    assert staff("catalogue").get(f"/customers/{two[0]}").status_code == 403


def test_a_customers_page_shows_the_addresses_they_keep(staff, sessions, two):
    with transaction(sessions) as tx:
        for line, default in (("12 Mill Lane", False), ("1 <Row>", True)):
            save_address(tx, shopper_id=two[0], address=ADDRESS | {"line1": line}, default=default)
    client = staff("support")

    def book(customer_id):
        page = client.get(f"/customers/{customer_id}").text
        return page.partition('id="addresses"')[2].partition("</section>")[0]

    first, second = re.findall(r"<address>(.*?)</address>(.*?)(?=<address>|$)", book(two[0]), re.DOTALL)
    kept, chosen = sorted((first, second), key=lambda found: "Chosen first at the checkout" in found[1])
    assert [line.strip() for line in kept[0].split("<br>")] == [
        "Aoife Ní Bhriain", "12 Mill Lane", "T12 AB34 Cork", "Ireland"
    ]  # fmt: skip
    assert "Chosen first at the checkout" not in kept[1]
    assert "1 &lt;Row&gt;<br>" in chosen[0]
    assert "Chosen first at the checkout" in chosen[1]
    assert "None is kept." in book(two[1])


def test_what_went_back_is_not_spent(staff, sessions, two):
    client = staff("support")

    def spent():
        listed = client.get("/customers?q=ada").text
        found = re.search(r'data-label="Spent" class="number">([^<]+)<', listed).group(1)
        assert f"2 orders, {found}" in client.get(f"/customers/{two[0]}").text
        return found

    assert spent() == "€14.90"
    with transaction(sessions) as tx:
        order_id = tx.scalar(text("SELECT id FROM orders.orders WHERE paid_at IS NOT NULL"))
        request_refund(tx, order_id=order_id, reason="A chip.", actor="Ada", amount=300)
    assert spent() == "€11.90"
    with transaction(sessions) as tx:
        request_refund(tx, order_id=order_id, reason="Late.", actor="Ada", amount=1190)
    assert spent() == "€0.00"


def test_of_two_who_write_a_note_the_second_is_told_and_loses_nothing(staff, two):
    client, page = staff("support"), f"/customers/{two[0]}"
    version = version_of(client.get(page).text, f"{page}/note")
    client.post(f"{page}/note", data={"note": "Rings in the morning.", "version": version})

    told = client.post(f"{page}/note", data={"note": "Wants no calls.", "version": version})

    assert told.status_code == 409
    assert "Somebody else changed this note" in told.text
    assert "<del>Wants no calls.</del> yours</dd><dd><ins>Rings in the morning.</ins> now" in told.text
    assert re.search(r"<textarea[^>]*>\s*Wants no calls\.</textarea>", told.text)
    assert "Rings in the morning." in client.get(page).text
    fresh = version_of(told.text, f"{page}/note")
    kept = client.post(f"{page}/note", data={"note": "Rings, no calls.", "version": fresh})
    assert kept.status_code == 303
    assert "Rings, no calls." in client.get(page).text


def test_a_note_is_kept_for_staff_and_stays_out_of_the_log(staff, sessions, two):
    client = staff("support")
    page = f"/customers/{two[0]}"
    version = version_of(client.get(page).text, f"{page}/note")
    client.post(f"{page}/note", data={"note": "Prefers to be rung in the morning.", "version": version})

    assert "Prefers to be rung" in client.get(f"/customers/{two[0]}").text
    with sessions() as session:
        kept = session.scalars(
            text("SELECT after::text FROM shared.audit_changes WHERE table_name = 'users.shoppers'")
        ).all()
    assert kept == ['{"staff_note": "(hidden)"}']


def test_a_blocked_customer_neither_signs_in_nor_orders(staff, storefront, sessions, two):
    client, ada = staff("support"), two[0]
    storefront.post("/sign-in", data={"email": "ada@example.com", "password": PASSWORD})
    assert storefront.get("/account").status_code == 200

    client.post(f"/customers/{ada}/block")

    assert storefront.get("/account").status_code == 302 or storefront.get("/account").status_code == 303
    refused = storefront.post("/sign-in", data={"email": "ada@example.com", "password": PASSWORD})
    assert (refused.status_code, "This account is closed at the moment." in refused.text) == (422, True)
    wrong = storefront.post("/sign-in", data={"email": "ada@example.com", "password": "not this one"})
    assert "closed" not in wrong.text
    with transaction(sessions) as tx:
        agreed = agree(tx, make_checkout(tx, sku="MUG", quantity=1, email="ADA@example.com".lower()))
    with pytest.raises(BuyerBlocked, match="write to us"), transaction(sessions) as tx:
        place(tx, agreed)
    assert names(client.get("/customers?show=blocked").text) == ["Ada Byrne"]

    client.post(f"/customers/{ada}/unblock")
    with transaction(sessions) as tx:
        assert place(tx, agreed).created
        assert authenticate_shopper(tx, email="ada@example.com", password=PASSWORD).id == ada


def test_what_is_kept_can_be_handed_over(staff, two):
    kept = json.loads(staff("support").post(f"/customers/{two[0]}/file").text)

    assert kept["account"]["email"] == "ada@example.com"
    assert len(kept["orders"]) == 2
    assert staff("orders").post(f"/customers/{two[0]}/file").status_code == 403


def test_an_account_is_erased_when_asked_and_only_when_nothing_is_under_way(staff, sessions, two):
    client, (ada, grace) = staff("support"), two

    wrong = client.post(f"/customers/{grace}/deletion", data={"email": "ada@example.com"})
    assert (wrong.status_code, "not the address" in wrong.text) == (422, True)
    held = client.post(f"/customers/{ada}/deletion", data={"email": "ada@example.com"})
    assert (held.status_code, "still under way" in held.text) == (422, True)
    assert len(names(client.get("/customers").text)) == 2

    gone = client.post(f"/customers/{grace}/deletion", data={"email": "Grace@example.com"})
    assert gone.status_code == 303
    assert names(client.get("/customers").text) == ["Ada Byrne"]
    assert client.get(f"/customers/{grace}").status_code == 404
    with sessions() as session:
        told = session.scalars(text("SELECT concat(before, after, row_key) FROM shared.audit_changes")).all()
        deeds = session.scalars(text("SELECT action FROM shared.audit_entries")).all()
    assert "customers.erase" in deeds
    assert not any("grace" in words.lower() for words in told)


def test_no_address_stands_in_the_log_not_even_in_the_key_of_a_row(staff, sessions, two):
    """What the log has it never forgets: who used a code, whose mail came back, whom staff looked for."""
    client = staff()
    with transaction(sessions) as tx:
        make_promotion(tx, "TEN", limit_per_customer=2)
        cart = make_checkout(tx, sku="MUG", email="ada@example.com")
        enter_code(tx, cart_id=cart, code="TEN", currency="EUR", country="IE", locale="en_IE", now=utcnow())
        number = place(tx, agree(tx, cart)).number
        suppress(tx, email="ada@example.com", reason="bounce")

    done = client.post(f"/orders/{number}/cancellation", data={"reason": "Sold elsewhere"})
    client.post("/notifications/stopped/lifting", data={"email": "ada@example.com", "because": "She wrote to us"})
    client.post("/orders/exports", data={"q": "ada@example.com"})

    assert done.status_code == 303
    with sessions() as session:
        kept = session.execute(
            text("SELECT table_name, concat(row_key, before, after) FROM shared.audit_changes")
        ).all()
    assert {"promotions.usages", "notifications.suppressions", "shared.exports"} <= {table for table, _ in kept}
    assert [table for table, words in kept if "ada@" in words] == []


def test_what_staff_noted_goes_with_the_account(staff, sessions, two):
    client, ada = staff(), two[0]
    with transaction(sessions) as tx:
        tx.execute(text("UPDATE orders.orders SET state = 'cancelled'"))
        number = tx.scalar(text("SELECT number FROM orders.orders LIMIT 1"))
    client.post(f"/orders/{number}/notes", data={"note": "Ada is in hospital."})
    client.post(f"/orders/{number}/tags", data={"tag": "ada in hospital"})
    client.post(f"/orders/{number}/tags", data={"tag": "hospital"})
    client.post(f"/orders/{number}/tags/removal", data={"tag": "hospital"})
    assert "ada in hospital" in client.get(f"/orders/{number}").text

    client.post(f"/customers/{ada}/deletion", data={"email": "ada@example.com"})

    with sessions() as session:
        kept = session.scalars(
            text(
                "SELECT note FROM orders.timeline UNION ALL SELECT concat(before, after) FROM shared.audit_changes"
                " UNION ALL SELECT tags::text FROM orders.orders UNION ALL SELECT detail FROM shared.audit_entries"
            )
        ).all()
    assert not any("hospital" in str(words) for words in kept)
