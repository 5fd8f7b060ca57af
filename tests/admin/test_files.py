"""Every list comes as a file, and the log says who took which, and how much."""

import csv
import io
import json

import pytest
from sqlalchemy import text

from domain.catalog.imports.shopify import Shopify
from domain.shared.db import transaction
from tests.admin.test_order_tools import carry_out
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from tests.factories.users import make_shopper


def told(sessions):
    with sessions() as session:
        return session.execute(
            text("SELECT staff_name, action, detail FROM shared.audit_entries WHERE detail <> '' ORDER BY id")
        ).all()


def file_of(client, sessions, place, **wanted):
    asked = client.post(f"/{place}/exports", data=wanted)
    assert asked.status_code == 303, asked.text
    carry_out(sessions)
    assert "kept for a day" in client.get(asked.location).text
    return list(csv.DictReader(io.StringIO(client.post(f"{asked.location}/file").text)))


@pytest.fixture
def goods(sessions):
    """Two products, and a customer who ordered one of them."""
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", title="=Mug", price=1250, compare_at=1500, on_hand=2, brand="Hearth")
        make_product(tx, sku="BOWL", title="Bowl", price=990, on_hand=9, published=False)
        ada = make_shopper(tx, email="ada@example.com", name="Ada").id
        make_order(tx, sku="MUG", paid=True, email="ada@example.com", shopper_id=ada)
        return ada


def test_products_come_as_rows_that_can_be_imported_again(staff, sessions, goods):
    rows = file_of(staff("catalogue", "Cato"), sessions, "products", sort="price")

    assert [row["Variant SKU"] for row in rows] == ["BOWL", "MUG"]
    bowl, mug = rows
    assert (bowl["Status"], mug["Status"], mug["Title"], mug["Vendor"]) == ("draft", "active", "'=Mug", "Hearth")
    assert (mug["Variant Price"], mug["Variant Compare At Price"], mug["Variant Inventory Qty"]) == (
        "12.50",
        "15.00",
        "2",
    )
    format_ = Shopify()
    assert format_.recognises(frozenset(name.lower() for name in mug))
    assert [name for name in mug if not format_.reads(name.lower())] == []
    assert told(sessions) == [("Cato", "exports.products.fetch", "2 variants")]


def test_stock_and_customers_come_as_files_and_narrowed_ones_too(staff, sessions, goods):
    owner = staff("owner", "Olive")

    everything = file_of(owner, sessions, "inventory", show="all")
    assert [(row["SKU"], row["On hand"], row["Reserved"]) for row in everything] == [
        ("BOWL", "9", "0"),
        ("MUG", "2", "1"),
    ]
    assert [row["SKU"] for row in file_of(owner, sessions, "inventory")] == ["MUG"]
    [ada] = file_of(owner, sessions, "customers", q="ada")
    assert (ada["E-mail"], ada["Orders"], ada["Spent"].endswith(" EUR")) == ("ada@example.com", "1", True)
    assert [row[2] for row in told(sessions)] == ["2 SKUs", "1 SKU", "1 customer"]


def test_who_may_not_see_a_list_gets_no_file_of_it(staff, sessions, goods):
    orders, catalogue = staff("orders", "Otto"), staff("catalogue", "Cato")

    assert orders.post("/customers/exports").status_code == 403
    assert catalogue.post("/orders/exports").status_code == 403
    asked = orders.post("/orders/exports")
    carry_out(sessions)
    place = asked.location.replace("/orders/", "/products/")
    assert orders.get(place).status_code == 404
    assert catalogue.get(place).status_code == 404


def test_the_log_says_who_took_a_customers_data_along_and_orders_are_only_for_who_may_see_them(staff, sessions, goods):
    with transaction(sessions) as tx:
        tx.execute(text("INSERT INTO users.roles (name, description, permissions) VALUES"
                        " ('callers', 'Answers the phone', ARRAY['customers:read', 'customers:write'])"))  # fmt: skip

    whole = json.loads(staff("support", "Sven").post(f"/customers/{goods}/file").text)
    without = json.loads(staff("callers", "Cleo").post(f"/customers/{goods}/file").text)

    assert len(whole["orders"]) == 1
    assert "left_out" not in whole
    assert ("orders" in without, "returns" in without, without["left_out"][:6]) == (False, False, "Orders")
    [(name, action, detail), other] = told(sessions)
    assert (name, action) == ("Sven", "customers.export")
    assert "1 orders" in detail
    assert (other[0], "orders" in other[2]) == ("Cleo", False)
    [ada] = file_of(staff("callers", "Carl"), sessions, "customers")
    assert (ada["E-mail"], ada["Orders"], ada["Spent"]) == ("ada@example.com", "", "")
