"""What the lists have in common: each costs the same few statements however long it is."""

import html
import re
from datetime import timedelta

import pytest

from domain.catalog import commands
from domain.catalog.imports import run
from domain.catalog.imports.plan import Rules
from domain.notifications.suppression import suppress
from domain.orders.commands import ask_return, ship
from domain.orders.queries import admin_order
from domain.shared.audit import Deed, begin_audit
from domain.shared.db import transaction, utcnow
from domain.users.commands import make_api_key
from tests.factories.catalog import make_product
from tests.factories.delivery import make_method, make_rate
from tests.factories.notifications import make_message
from tests.factories.orders import make_order
from tests.factories.promotions import make_promotion
from tests.factories.reviews import make_review
from tests.factories.users import make_shopper, make_staff

LISTS = (
    "/orders", "/orders?q=a", "/orders?sort=largest", "/customers", "/customers?sort=email", "/products",
    "/products?sort=price", "/products?sort=-stock", "/products?sort=changed", "/products?q=Thing", "/inventory",
    "/inventory?show=all", "/inventory/stocktake", "/inventory/value", "/categories", "/brands", "/collections",
    "/brands?sort=newest", "/product-types", "/promotions", "/promotions?q=ten", "/promotions?sort=name", "/reviews",
    "/reviews?state=published&sort=lowest", "/reviews?q=Thing", "/returns", "/returns?show=all&q=Aoife&sort=newest",
    "/notifications", "/notifications?sort=oldest", "/notifications/stopped", "/notifications/stopped?sort=email",
    "/log", "/log?sort=oldest", "/staff", "/staff/roles", "/synonyms", "/products/imports",
    "/products/imports?q=file&sort=oldest", "/keys", "/delivery", "/tax", "/",
)  # fmt: skip


def fill(tx, since, until):
    """Put so many more rows into every list."""
    for n in range(since, until):
        thing = make_product(
            tx, sku=f"THING-{n}", title=f"Thing {n}", brand=f"Brand {n}", category=f"place-{n}", on_hand=4
        )
        shopper = make_shopper(tx, email=f"a{n}@example.com", name=f"Shopper {n}").id
        placed = make_order(tx, sku=thing.sku, paid=True, email=f"a{n}@example.com", shopper_id=shopper)
        sent_back(tx, placed, f"Too small for {n}")
        make_message(tx, recipient=f"a{n}@example.com")
        make_review(tx, thing, email=f"guest{n}@example.com", published=bool(n % 2))
        make_promotion(tx, f"TEN{n}", name=f"Ten off {n}")
        member = make_staff(tx, email=f"staff{n}@example.com", name=f"Staff {n}")
        make_api_key(
            tx, name=f"Key {n}", scopes=["orders:read"], expires_at=utcnow() + timedelta(days=9), maker_id=member,
            giver=["orders:read"],
        )  # fmt: skip
        commands.create_collection(tx, title=f"Collection {n}")
        commands.create_type(tx, name=f"Type {n}")
        commands.save_synonym(tx, synonym_id=None, terms=(f"cup{n}", f"mug{n}"), one_way=False)
        suppress(tx, email=f"gone{n}@example.com", reason="bounce")
        run.begin(tx, file_name=f"file-{n}.csv", by="Ada", rules=Rules())
        make_method(tx, f"van-{n}", places=(f"IE-{n:02}",))
        make_rate(tx, f"X{n}", 2300)


def sent_back(tx, placed, reason):
    """Have the one unit of an order sent, and asked to be taken back."""
    line = admin_order(tx, placed.number).lines[0].id
    ship(tx, order_id=placed.order_id, actor="Ada", carrier="An Post", tracking_number=placed.number)
    ask_return(
        tx, order_id=placed.order_id, quantities={line: 1}, reason=reason, actor="shopper", now=utcnow(), days=30
    )


def test_every_list_costs_the_same_statements_however_long_it_is(staff, sessions, statements):
    client = staff("owner")

    def costs():
        found, rows = {}, {}
        for path in LISTS:
            with statements() as seen:
                page = client.get(path)
            assert page.status_code == 200, path
            found[path], rows[path] = len(seen), page.text.count("<tr>") + page.text.count("<li")
        return found, rows

    with transaction(sessions) as tx:
        fill(tx, 0, 2)
    few, short = costs()
    with transaction(sessions) as tx:
        fill(tx, 2, 6)
    for number in range(3):
        with transaction(sessions) as tx:
            begin_audit(tx, Deed(staff_id=None, staff_name="A", area="a", action="a.b", resource=str(number)))

    many, long = costs()
    assert many == few
    # Otherwise nothing is compared with nothing; the roles are those that come with the shop.
    assert [path for path in LISTS if long[path] <= short[path]] == ["/staff/roles"]
    assert max(few.values()) <= 12, few


@pytest.mark.parametrize(
    ("path", "one"),
    [
        ("/brands", "Brand 3"),
        ("/categories", "Place 3"),
        ("/collections", "Collection 3"),
        ("/product-types", "Type 3"),
    ],
)
def test_shelves_are_paged_and_searched(staff, sessions, monkeypatch, path, one):
    with transaction(sessions) as tx:
        fill(tx, 0, 5)
    client = staff("owner")
    # A type that comes with the shop may stand among them.
    names = re.findall(r'<a href="[^"]+/[0-9a-f-]{36}">([^<]+)</a>', client.get(path).text)
    assert names == sorted(names)
    monkeypatch.setattr("admin.shelves.PER_PAGE", 2)

    walked, address = [], path
    while address:
        page = client.get(address).text
        walked += re.findall(r'<a href="[^"]+/[0-9a-f-]{36}">([^<]+)</a>', page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found and html.unescape(found.group(1))
    assert walked == names
    assert len(walked) >= 5

    page = client.get(path, query_string={"q": one[2:].upper()}).text
    assert re.findall(r'<a href="[^"]+/[0-9a-f-]{36}">([^<]+)</a>', page) == [one]
    assert "Nothing is called so" in client.get(path, query_string={"q": "no such thing"}).text
    assert client.get(f"{path}?after=nonsense").status_code == 200
