"""The lists that grow without bound: sorted both ways, page after page where many rows are equal, and as files."""

import csv
import html
import io
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from admin.views.exports import KINDS
from domain.catalog import commands
from domain.catalog.imports import run
from domain.catalog.imports.plan import Rules
from domain.notifications.suppression import lift, suppress
from domain.promotions.commands import end_promotion
from domain.shared.audit import Deed, begin_audit
from domain.shared.db import transaction
from domain.shared.outbox import OutboxMessage
from tests.admin.test_files import file_of, told
from tests.admin.test_lists import sent_back
from tests.admin.test_order_tools import carry_out
from tests.factories.catalog import make_product
from tests.factories.notifications import make_message
from tests.factories.orders import make_order
from tests.factories.promotions import make_promotion
from tests.factories.reviews import make_review
from tests.factories.users import make_shopper
from workers.exports import SHEETS

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def filled(sessions):
    """Five rows in each list, of which many are equal in what the lists are sorted by; the id of a variant."""
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", title="Mug", on_hand=90)
        jug = make_product(tx, sku="JUG", title="Jug", on_hand=3).variant_id
        for number in range(5):
            email = f"a{number}@example.com"
            make_review(tx, mug, email=email, stars=3 + number % 2, published=False, title=f"Word {number}")
            make_promotion(tx, f"CODE{number}", name=f"Promotion {number % 2}")
            suppress(tx, email=email, reason="bounce", detail=f"=detail {number}")
            run.begin(tx, file_name=f"file-{number}.csv", by="Ada", rules=Rules())
            commands.create_brand(tx, name=f"Brand {number}", slug=f"brand-{number}")
            commands.receive(tx, quantities={jug: number + 1}, actor="Ada", reason=f"=Delivery {number}")
            sent_back(tx, make_order(tx, sku="MUG", paid=True, email=email), f"Why {number}")
        for table, column in (("reviews.reviews", "written_at"), ("notifications.suppressions", "created_at")):
            tx.execute(text(f"UPDATE {table} SET {column} = :noon"), {"noon": NOON})  # noqa: S608
    for number in range(5):
        with transaction(sessions) as tx:
            begin_audit(tx, Deed(staff_id=None, staff_name="Ada", area="a", action="a.b", resource=f"thing {number}"))
            make_message(tx, recipient=f"a{number}@example.com")
    return jug


def rows_of(page):
    """The rows of a page's last table, as one reads them."""
    table = re.findall(r"<tbody>(.*?)</tbody>", page, re.S)
    found = re.findall(r"<tr>(.*?)</tr>", table[-1], re.S) if table else []
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in found]


def walked(client, address):
    """All rows of a list, page after page; each of them has at most two."""
    found = []
    while address:
        page = client.get(address).text
        found.append(rows_of(page))
        further = re.search(r'rel="next" href="([^"]+)"', page)
        address = further and html.unescape(further.group(1))
    assert [len(rows) for rows in found[:-1]] == [2] * (len(found) - 1)
    return [row for rows in found for row in rows]


@pytest.mark.parametrize(
    ("path", "module", "falls", "rises"),
    [
        ("/reviews", "admin.views.reviews", "newest", "oldest"),
        ("/reviews", "admin.views.reviews", "highest", "lowest"),
        ("/promotions", "admin.views.promotions", "", "oldest"),
        ("/notifications/stopped", "admin.views.suppressions", "", "oldest"),
        ("/notifications", "admin.views.notifications", "", "oldest"),
        ("/returns", "admin.views.returns", "newest", "oldest"),
        ("/log", "admin.views.audit", "", "oldest"),
        ("/products/imports", "admin.views.imports", "", "oldest"),
        ("/inventory/{variant}", "admin.views.inventory", "", "oldest"),
    ],
)
def test_a_list_is_sorted_both_ways_and_paged_without_gaps(staff, filled, monkeypatch, path, module, falls, rises):
    client, path = staff("owner"), path.format(variant=filled)
    whole = rows_of(client.get(f"{path}?sort={falls}").text)
    other = rows_of(client.get(f"{path}?sort={rises}").text)
    assert len(set(whole)) == len(whole) >= 5
    assert other == whole[::-1]
    assert client.get(f"{path}?sort=nonsense&after=nonsense").status_code == 200

    monkeypatch.setattr(f"{module}.PER_PAGE", 2)

    assert walked(client, f"{path}?sort={falls}") == whole
    assert walked(client, f"{path}?sort={rises}") == other


@pytest.mark.parametrize(
    ("path", "module", "table", "sort"),
    [
        ("/reviews", "admin.views.reviews", "reviews.reviews", "newest"),
        ("/reviews", "admin.views.reviews", "reviews.reviews", "lowest"),
        ("/reviews", "admin.views.reviews", "reviews.reviews", "highest"),
        ("/promotions", "admin.views.promotions", "promotions.promotions", "name"),
        ("/notifications/stopped", "admin.views.suppressions", "notifications.suppressions", ""),
    ],
)
def test_a_list_begins_anew_behind_a_row_that_is_gone(staff, sessions, filled, monkeypatch, path, module, table, sort):
    client = staff("owner")
    monkeypatch.setattr(f"{module}.PER_PAGE", 2)
    first = client.get(f"{path}?sort={sort}").text
    further = html.unescape(re.search(r'rel="next" href="([^"]+)"', first)[1])
    behind = rows_of(client.get(further).text)
    assert behind
    after = parse_qs(urlsplit(further).query)["after"][0]
    with transaction(sessions) as tx:
        tx.execute(text("SET LOCAL session_replication_role = replica"))
        key = "email" if "suppressions" in table else "id"
        assert tx.execute(text(f"DELETE FROM {table} WHERE {key}::text = :key"), {"key": after}).rowcount == 1  # noqa: S608

    anew = rows_of(client.get(further).text)

    assert anew == rows_of(client.get(f"{path}?sort={sort}").text)
    assert anew == [rows_of(first)[0], behind[0]]


@pytest.mark.parametrize(
    ("place", "sort", "key", "change"),
    [
        ("reviews", "oldest", "Title", "DELETE FROM reviews.reviews WHERE title = :key"),
        ("reviews", "highest", "Title", "DELETE FROM reviews.reviews WHERE title = :key"),
        ("reviews", "highest", "Title", "UPDATE reviews.reviews SET stars = 1 WHERE title = :key"),
        ("customers", "", "E-mail", "DELETE FROM users.shoppers WHERE email = :key"),
        ("customers", "email", "E-mail", "UPDATE users.shoppers SET email = 'z@example.com' WHERE email = :key"),
        ("notifications/stopped", "", "Address", "DELETE FROM notifications.suppressions WHERE email = :key"),
        ("notifications/stopped", "email", "Address", "DELETE FROM notifications.suppressions WHERE email = :key"),
        ("promotions", "name", "Codes", "UPDATE promotions.promotions SET name = 'Z' WHERE id = (SELECT promotion_id "
         "FROM promotions.codes WHERE code = :key)"),
        ("orders", "largest", "Order", "UPDATE orders.orders SET subtotal = subtotal - 900, total = total - 900 "
         "WHERE number = :key"),
    ],
)  # fmt: skip
def test_a_file_is_whole_though_the_last_row_of_a_piece_goes_or_moves_before_the_next(
    staff, sessions, filled, monkeypatch, place, sort, key, change
):
    with transaction(sessions) as tx:
        for number in range(5):
            make_shopper(tx, email=f"b{number}@example.com")
    owner = staff("owner")
    whole = [row[key] for row in file_of(owner, sessions, place, sort=sort)]
    assert len(whole) >= 5
    with sessions() as reading:
        done = {row.id for row in reading.query(OutboxMessage)}
    monkeypatch.setattr("domain.shared.exports.PIECE", 2)
    asked = owner.post(f"/{place}/exports", data={"sort": sort})

    done = carry_out(sessions, before=done, most=len(done) + 1)
    with transaction(sessions) as tx:
        tx.execute(text("SET LOCAL session_replication_role = replica"))
        assert tx.execute(text(change), {"key": whole[1]}).rowcount == 1
    carry_out(sessions, before=done)

    assert "kept for a day" in owner.get(asked.location).text
    rows = [row[key] for row in csv.DictReader(io.StringIO(owner.post(f"{asked.location}/file").text))]
    # A row that moved behind those that were written comes once more, as what it is now.
    assert rows[: len(whole)] == whole


def test_promotions_by_name_and_brands_by_age_are_paged_too(staff, filled, monkeypatch):
    client = staff("owner")
    named = rows_of(client.get("/promotions?sort=name").text)
    assert [row.split()[1] for row in named] == ["0", "0", "0", "1", "1"]
    brands = rows_of(client.get("/brands?sort=newest").text)
    assert [row.split()[1] for row in brands[:5]] == ["4", "3", "2", "1", "0"]

    monkeypatch.setattr("admin.views.promotions.PER_PAGE", 2)
    monkeypatch.setattr("admin.shelves.PER_PAGE", 2)

    assert walked(client, "/promotions?sort=name") == named
    assert walked(client, "/brands?sort=newest") == brands


def test_lists_are_narrowed_by_their_address(staff, sessions, filled):
    client = staff("owner")
    with transaction(sessions) as tx:
        number = tx.scalar(text("SELECT o.number FROM reviews.reviews r JOIN orders.orders o ON o.id = r.order_id"
                                " WHERE r.email = 'a3@example.com'"))  # fmt: skip
        lift(tx, email="a1@example.com", because="It was a slip.")

    def found(path):
        return len(rows_of(client.get(path).text))

    assert [found(f"/reviews?q={q}") for q in ("A1@example.com", number, "mu", "100%", "teapot")] == [1, 1, 5, 0, 0]
    assert found("/reviews?state=published&q=mug") == 0
    assert "like “teapot”" in client.get("/reviews?q=teapot").text
    assert [found(f"/notifications/stopped?show={show}") for show in ("", "stopped", "lifted", "x")] == [5, 4, 1, 5]
    assert [found(f"/products/imports?{words}") for words in ("q=-3.c", "state=coming", "state=done")] == [1, 5, 0]
    assert "No import is like that." in client.get("/products/imports?state=done").text
    page = client.get("/reviews?q=mug&sort=lowest").text
    assert 'href="/reviews?state=refused&amp;q=mug&amp;sort=lowest"' in page, "a tab keeps what was asked for"
    assert '<input type="hidden" name="back" value="q=mug&amp;sort=lowest">' in page


def test_reviews_and_returns_come_as_files(staff, sessions, filled):
    support = staff("support", "Sven")

    rows = file_of(support, sessions, "reviews", sort="highest", q="mug")
    assert [(row["Title"], row["Stars"], row["State"]) for row in rows][:2] == [
        ("Word 3", "4", "Waiting"), ("Word 1", "4", "Waiting"),
    ]  # fmt: skip
    assert (rows[0]["Product"], rows[0]["Author"], rows[0]["Written"]) == ("Mug", "Aoife", "2026-06-01T12:00:00+00:00")
    assert len(rows) == 5
    assert "@" not in "".join("".join(row.values()) for row in rows), "whom to write to is not in it"
    backs = file_of(support, sessions, "returns", sort="newest")
    assert [(row["E-mail"], row["SKU"], row["Units"], row["Why"], row["Received"]) for row in backs] == [
        (f"a{number}@example.com", "MUG", "1", f"Why {number}", "0") for number in (4, 3, 2, 1, 0)
    ]
    assert [row[2] for row in told(sessions)] == ["5 reviews", "5 items"]


def test_messages_and_stopped_addresses_come_as_files_for_those_who_may_change_them(staff, sessions, filled):
    owner, support = staff("owner", "Olive"), staff("support", "Sven")
    assert "exports" not in support.get("/notifications").text
    assert support.post("/notifications/exports").status_code == 403
    assert support.post("/notifications/stopped/exports").status_code == 403

    [message] = file_of(owner, sessions, "notifications", q="a3@example.com", template="order_placed")
    assert (message["To"], message["By"], message["State"], message["Sent"], message["Tries"]) == (
        "a3@example.com", "email", "Queued", "", "0",
    )  # fmt: skip
    with transaction(sessions) as tx:
        lift(tx, email="a1@example.com", because="It was a slip.")
    stops = file_of(owner, sessions, "notifications/stopped", show="stopped", sort="email")
    assert [(row["Address"], row["Detail"]) for row in stops] == [
        (f"a{number}@example.com", f"'=detail {number}") for number in (0, 2, 3, 4)
    ]
    [lifted] = file_of(owner, sessions, "notifications/stopped", show="lifted")
    assert (lifted["Address"], lifted["Lifted because"], lifted["Since"]) == (
        "a1@example.com", "It was a slip.", "2026-06-01T12:00:00+00:00",
    )  # fmt: skip


def test_promotions_come_as_a_file_with_what_they_gave(staff, sessions, filled):
    with transaction(sessions) as tx:
        over = make_promotion(tx, "B", "A", name="+Over", kind="amount", amount=550, limit_total=9)
        end_promotion(tx, promotion_id=over)

    [row] = file_of(staff("manager"), sessions, "promotions", state="ended")

    assert row == {
        "Promotion": "'+Over", "Kind": "amount", "Percent": "", "Amount": "5.50", "By itself": "no", "Codes": "A B",
        "State": "ended", "Starts": "", "Ends": "", "At most": "9", "Orders": "0", "Currency": "EUR",
        "Taken off": "0.00",
    }  # fmt: skip


def test_the_log_comes_as_a_file_that_says_how_much_and_not_what(staff, sessions, filled):
    manager = staff("manager", "Max")
    manager.post("/brands", data={"name": "Sallow"})

    rows = file_of(manager, sessions, "log", area="a", sort="oldest")
    assert [(row["Who"], row["What"], row["Which"]) for row in rows] == [
        ("Ada", "a.b", f"thing {number}") for number in range(5)
    ]
    [made] = file_of(manager, sessions, "log", area="tree", since="2026-01-01")
    assert (made["Who"], made["What"], made["Rows changed"]) == ("Max", "tree.create_brand", "1")
    assert "Sallow" not in "".join(made.values())
    assert file_of(manager, sessions, "log", area="tree", until="2026-01-01") == []


def test_the_ledger_of_a_variant_comes_as_a_file(staff, sessions, filled):
    catalogue = staff("catalogue", "Cato")

    rows = file_of(catalogue, sessions, "inventory/movements", variant=str(filled), sort="oldest")
    assert [(row["SKU"], row["What"], row["On hand"], row["Reserved"]) for row in rows] == [
        ("JUG", "received", str(units), "0") for units in (3, 1, 2, 3, 4, 5)
    ]
    assert [row["Why"] for row in rows[1:]] == [f"'=Delivery {number}" for number in range(5)]
    assert file_of(catalogue, sessions, "inventory/movements", variant=str(filled)) == rows[::-1]
    assert catalogue.post("/inventory/movements/exports", data={"variant": "x"}).status_code == 400
    missing = {"variant": "01a22d1d-9364-70d8-b16d-7796c0e01625"}
    assert catalogue.post("/inventory/movements/exports", data=missing).status_code == 404
    asked = catalogue.post("/inventory/movements/exports", data={"variant": str(filled)})
    assert f'href="/inventory/{filled}"' in catalogue.get(asked.location).text, "back to where one came from"


def test_every_list_that_can_be_asked_for_has_its_file():
    assert set(KINDS) == set(SHEETS)
