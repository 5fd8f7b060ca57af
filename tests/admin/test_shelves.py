"""Where goods stand, in the catalogue and on the shelves: categories, brands, types, collections, counts, worth."""

import re
from html import unescape

from domain.catalog import commands, queries
from domain.shared.db import transaction
from tests.admin.test_catalogue import ask
from tests.admin.test_products import errors_of, form_of, mug, read, titles  # noqa: F401 - mug is a fixture
from tests.factories.catalog import make_product
from tests.factories.orders import make_order


def test_categories_brands_types_and_collections_are_arranged(staff, sessions, mug):  # noqa: F811
    client = staff("catalogue")

    assert client.post("/categories", data={"name": "Garden", "position": "1", "parent_id": ""}).status_code == 303
    tree = {one.path: one for one in ask(sessions, queries.category_tree)}
    mugs, garden = tree["kitchen/mugs"], tree["garden"]
    data = {"name": "Mugs", "slug": "mugs", "parent_id": str(garden.id), "position": "0", "version": str(mugs.version)}
    assert client.post(f"/categories/{mugs.id}", data=data).status_code == 303
    assert "/c/kitchen/mugs" in client.get(f"/categories/{mugs.id}").text, "the old address"
    stale = client.post(f"/categories/{mugs.id}", data=data | {"name": "Cups"})
    assert (stale.status_code, "<del>Cups</del> yours" in stale.text) == (409, True)
    inside = data | {"parent_id": str(mugs.id), "slug": "garden", "version": str(garden.version)}
    refused = client.post(f"/categories/{garden.id}", data=inside)
    assert (refused.status_code, "cannot stand inside itself" in refused.text) == (422, True)

    brand = ask(sessions, queries.brand_list)[0]
    assert client.post("/brands", data={"name": "Sallow"}).status_code == 303
    assert client.post("/brands", data={"name": "Sallow"}).status_code == 422
    assert (
        client.post(f"/brands/{brand.id}", data={"name": "Hearth", "slug": "hearth", "version": "1"}).status_code == 303
    )
    assert ask(sessions, queries.brand_detail, brand_id=brand.id).slug == "hearth"
    mine = {"name": "Hearth & Sons", "slug": "hearth", "version": "1"}
    stale = client.post(f"/brands/{brand.id}", data=mine)
    assert (stale.status_code, "<del>Hearth &amp; Sons</del> yours" in stale.text) == (409, True)
    assert ask(sessions, queries.brand_detail, brand_id=brand.id).name == "Hearth"
    # What the page then sends is made from the brand as it is now: with it, the second word counts.
    again = mine | {"version": re.search(r'name="version"[^>]* value="([^"]*)"', stale.text).group(1)}
    assert client.post(f"/brands/{brand.id}", data=again).status_code == 303
    assert ask(sessions, queries.brand_detail, brand_id=brand.id).name == "Hearth & Sons"

    made = {"name": "Mug", "options": "Colour", "name-0": "Material", "kind-0": "text", "required-0": "y",
            "name-1": "Capacity", "kind-1": "number", "unit-1": "ml", "name-2": ""}  # fmt: skip
    assert client.post("/product-types", data=made).status_code == 303
    (kind,) = ask(sessions, queries.product_types)
    assert [(one.name, one.kind, one.unit, one.required) for one in kind.attributes] == [
        ("Material", "text", "", True), ("Capacity", "number", "ml", False),
    ]  # fmt: skip
    stale = client.post(f"/product-types/{kind.id}", data=made | {"name": "Cup", "version": "0"})
    assert (stale.status_code, "<del>Cup</del> yours" in stale.text) == (409, True)

    rules = {
        "title": "Summer",
        "sort": "name",
        "published": "y",
        "field": ["price_to", "brand"],
        "value": ["20", "hearth"],
    }
    assert client.post("/collections", data=rules).status_code == 303
    assert (
        client.post("/collections", data=rules | {"title": "X", "field": ["price_to"], "value": ["ten"]}).status_code
        == 422
    )
    assert client.post("/collections", data={"title": "By hand", "sort": "chosen"}).status_code == 303
    by_hand, summer = ask(sessions, queries.collection_list)
    assert [(rule.field, rule.value) for rule in summer.rules] == [("price_to", "2000"), ("brand", "hearth")]
    assert client.post(f"/collections/{by_hand.id}/products", data={"add": str(mug.id)}).status_code == 303
    assert [one.title for one in ask(sessions, queries.collection_choices, collection_id=by_hand.id)] == ["Mug"]
    stale = client.post(f"/collections/{summer.id}", data=rules | {"title": "Autumn", "version": "0"})
    assert (stale.status_code, "<del>Autumn</del> yours" in stale.text) == (409, True)


def test_the_list_is_narrowed_and_sorted_in_the_same_few_statements(staff, sessions, mug, statements):  # noqa: F811
    with transaction(sessions) as tx:
        make_product(tx, title="Apple", category="garden", brand="Sallow")
        garden = queries.category_ids(tx)["garden"]
        sallow = queries.brand_ids(tx)["sallow"]
    client = staff("catalogue")

    def found(**query):
        return titles(client.get("/products", query_string=query).text)

    assert found(category=str(garden)) == ["Apple"]
    assert found(brand=str(sallow), sort="title") == ["Apple"]
    assert found(sort="title") == ["Apple", "Mug"]
    assert found(category="wrong", q="ug-g") == ["Mug"]

    def count():
        with statements() as seen:
            client.get("/products?sort=title")
        return len(seen)

    few = count()
    with transaction(sessions) as tx:
        for number in range(5):
            make_product(tx, title=f"More {number}")
    assert count() == few


def test_shelves_are_counted_together_or_not_at_all(staff, sessions, mug):  # noqa: F811
    client = staff("catalogue", "Cato")
    green, blue = mug.variant_ids
    data = {"id": [str(green), str(blue)], "seen": ["10", "0"], f"count-{green}": "8", f"count-{blue}": "2"}

    for change, status, message in (
        ({}, 422, "Say why the stock changes"),
        ({"reason": "x", f"count-{blue}": "-1"}, 422, "is no number of units"),
        ({"reason": "x", f"count-{blue}": "1" * 5000}, 422, "is no number of units"),
        ({"reason": "x", "seen": ["9", "0"]}, 409, "The stock went from 9 to 10"),
    ):
        refused = client.post("/inventory/stocktake", data=data | change)
        assert (refused.status_code, message in refused.text) == (status, True), change
        assert [v.on_hand for v in read(sessions, mug).variants] == [10, 0]
    assert client.post("/inventory/stocktake", data=data | {"reason": "Yearly stocktake"}).status_code == 303
    assert [v.on_hand for v in read(sessions, mug).variants] == [8, 2]
    ledger = client.get(f"/inventory/{green}").text
    assert ("Yearly stocktake" in ledger, "Cato" in ledger) == (True, True)


def test_the_stock_is_worth_what_it_costs(staff, sessions, mug):  # noqa: F811
    with transaction(sessions) as tx:
        commands.set_cost(tx, variant_id=mug.variant_id, cost=420)
        make_product(tx, category="garden", on_hand=3)
    page = staff("catalogue").get("/inventory/value").text

    assert "<dd>€42.00</dd>" in page
    assert "<dd>13</dd>" in page
    assert '<div class="alarm"><dt>Units whose cost nobody said</dt><dd>3</dd>' in page


def test_a_long_ledger_is_paged(staff, sessions, mug, monkeypatch):  # noqa: F811
    monkeypatch.setattr("admin.views.inventory.PER_PAGE", 2)
    with transaction(sessions) as tx:
        for number in range(4):
            commands.receive(tx, quantities={mug.variant_id: 1}, actor="Dock", reason=f"Delivery {number}")
    client = staff("catalogue")

    page = client.get(f"/inventory/{mug.variant_id}").text
    older = unescape(re.search(r'rel="next" href="([^"]+)"', page).group(1))

    assert re.findall(r"Delivery \d", page) == ["Delivery 3", "Delivery 2"]
    assert re.findall(r"Delivery \d", client.get(older).text) == ["Delivery 1", "Delivery 0"]


def test_the_ledger_names_the_order_that_moved_the_stock(staff, sessions, mug):  # noqa: F811
    with transaction(sessions) as tx:
        number = make_order(tx, sku=mug.sku, quantity=3, paid=True).number
    linked = re.compile(rf'<a href="/orders/{number}">Order {number}</a>')

    assert len(linked.findall(staff("owner").get(f"/inventory/{mug.variant_id}").text)) == 1
    page = staff("catalogue").get(f"/inventory/{mug.variant_id}").text
    assert (linked.findall(page), f"Order {number}" in page) == ([], True)
