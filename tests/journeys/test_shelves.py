"""Staff keep the shelves on which products stand: categories, brands and collections; old addresses lead there."""

import pytest
from playwright.sync_api import expect

from cli.shopper import Shopper
from tests.journeys.conftest import KINDS, AdminOpener, Kind
from tests.journeys.steps import unused
from tests.journeys.store import Store
from tests.processes import eventually

CATEGORIES = """SELECT c.path, c.name, p.path FROM catalog.categories c
                LEFT JOIN catalog.categories p ON p.id = c.parent_id WHERE c.name LIKE %s"""
STANDS = "SELECT c.path FROM catalog.products p JOIN catalog.categories c ON c.id = p.category_id WHERE p.id = %s"
BRANDS = "SELECT slug, name FROM catalog.brands WHERE name LIKE %s"
BOTH = pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
"""On a phone without JavaScript, and on a desktop with it."""


def leads(store: Store, path: str, to: str) -> bool:
    """Whether a shopper who asks for an address gets a page at that other one."""
    page = Shopper(store.base_url).open(path)
    return (page.status, page.url.partition("?")[0].removeprefix(store.base_url)) == (200, to)


@BOTH
def test_a_category_is_made_renamed_moved_and_removed(own_store: Store, open_admin: AdminOpener, kind: Kind) -> None:
    word = unused("Shed")
    slug = word.lower().replace(" ", "-")
    admin = open_admin(kind, dark=kind is KINDS[1])
    page = admin.page
    admin.open("/categories")
    admin.follow("New category")
    admin.press("Save")
    admin.refused("Enter a name.")
    for name, above in ((word, "At the top"), (f"{word} tools", word), (f"{word} toys", "At the top")):
        page.goto("/categories/new")
        admin.fill({"Name": name})
        admin.choose({"Stands in": above})
        admin.press("Save")
        admin.told("is made")
    admin.sound()
    tools, toys = f"{slug}-tools", f"{slug}-toys"
    assert set(own_store.rows(CATEGORIES, f"{word}%")) == {
        (slug, word, None), (f"{slug}/{tools}", f"{word} tools", slug), (toys, f"{word} toys", None)
    }  # fmt: skip
    product = admin.begin_product(f"{word} rake", word.upper().replace(" ", "-"), "12").split("/")[2]
    admin.choose({"Category": f"{word} tools"})
    page.get_by_label("Status").select_option("published")
    admin.press("Save")
    admin.told("is saved")

    admin.open("/categories")
    admin.search("Search by any part of a name or an address", f"{word} tools")
    admin.follow(f"{word} tools")
    admin.fill({"Name": f"{word} hand tools", "Address": "hand-tools"})
    admin.choose({"Stands in": f"{word} toys"})
    admin.press("Save")
    admin.told("is saved")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{word} hand tools")
    admin.sound()
    assert own_store.rows(STANDS, product) == [(f"{toys}/hand-tools",)]
    assert eventually(lambda: leads(own_store, f"/c/{slug}/{tools}", f"/c/{toys}/hand-tools"), every=0.5)

    admin.follow("Remove…")
    admin.sound()
    admin.choose({"Products and categories go to": word})
    admin.press("Remove the category")
    admin.told("is gone")
    assert own_store.rows(STANDS, product) == [(slug,)]
    assert len(own_store.rows(CATEGORIES, f"{word}%")) == 2
    for old in (f"{slug}/{tools}", f"{toys}/hand-tools"):
        assert eventually(lambda: leads(own_store, f"/c/{old}", f"/c/{slug}"), every=0.5)  # noqa: B023


@BOTH
def test_a_brand_is_made_renamed_and_removed(own_store: Store, open_admin: AdminOpener, kind: Kind) -> None:
    name = unused("Hay and Sons")
    slug = name.lower().replace(" ", "-")
    admin = open_admin(kind)
    page = admin.page
    admin.open("/brands")
    admin.press("Make it")
    admin.refused("Enter a name.")
    admin.fill({"Name": name})
    admin.press("Make it")
    admin.told("is made")
    admin.sound()
    admin.fill({"Name": f"{name} Ltd", "Address": f"{slug}-ltd", "Description": "Forks since 1890."})
    admin.press("Save")
    admin.told("is saved")
    assert own_store.rows(BRANDS, f"{name}%") == [(f"{slug}-ltd", f"{name} Ltd")]
    admin.begin_product(f"{name} fork", name.upper().replace(" ", "-"), "15")
    admin.choose({"Brand": f"{name} Ltd"})
    page.get_by_label("Status").select_option("published")
    admin.press("Save")
    admin.told("is saved")
    assert eventually(lambda: leads(own_store, f"/brands/{slug}", f"/brands/{slug}-ltd"), every=0.5)

    admin.open("/brands")
    admin.search("Search by any part of a name", name)
    expect(admin.rows("Table of brands")).to_have_count(1)
    expect(admin.rows("Table of brands")).to_contain_text("1")
    admin.follow(f"{name} Ltd")
    admin.follow("Remove…")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{name} Ltd")
    admin.sound()
    admin.press("Remove the brand")
    admin.told("is gone")
    assert own_store.rows(BRANDS, f"{name}%") == []
    assert own_store.rows("SELECT brand_id FROM catalog.products WHERE title = %s", f"{name} fork") == [(None,)]


@BOTH
def test_a_collection_is_filled_by_hand_and_by_rules(own_store: Store, open_admin: AdminOpener, kind: Kind) -> None:
    title = unused("Window")
    slug = title.lower().replace(" ", "-")
    admin = open_admin(kind, dark=kind is KINDS[2])
    page = admin.page
    goods = [f"{title} box", f"{title} blind"]
    for name, price in zip(goods, ("20", "45"), strict=True):
        admin.begin_product(name, name.upper().replace(" ", "-"), price)
        admin.fill({"Tags": slug})
        page.get_by_label("Status").select_option("published")
        admin.press("Save")
        admin.told("is saved")

    def shown() -> list[str]:
        text = Shopper(own_store.base_url).open(f"/collections/{slug}").text
        return [name for name in sorted(goods, key=text.find) if name in text]

    admin.open("/collections")
    admin.follow("New collection")
    admin.fill({"Title": title})
    page.get_by_label("Order").select_option("chosen")
    page.get_by_label("Shown in the shop").check()
    admin.press("Save")
    admin.told("is saved")
    admin.search("Find a product by title or SKU", title)
    for name in goods:
        admin.press(f"Add {name}")
        expect(page.get_by_role("button", name=f"Take out {name}", exact=True)).to_be_visible()
    admin.sound()
    assert eventually(lambda: shown() == goods, every=0.5)
    admin.press(f"To the front {goods[1]}")
    assert eventually(lambda: shown() == goods[::-1], every=0.5)
    admin.press(f"Take out {goods[0]}")
    assert eventually(lambda: shown() == goods[1:], every=0.5)

    page.get_by_label("Rule 1 is about").select_option("category")
    page.get_by_label("Value of rule 1").fill("no/such/place")
    admin.press("Save")
    admin.refused("choose another order")
    expect(page.get_by_label("Value of rule 1")).to_have_value("no/such/place")
    page.get_by_label("Order").select_option("price")
    admin.press("Save")
    expect(page.locator(".problems")).to_contain_text("no/such/place")
    page.get_by_label("Rule 1 is about").select_option("tag")
    page.get_by_label("Value of rule 1").fill(slug)
    page.get_by_label("Rule 2 is about").select_option("price_to")
    page.get_by_label("Value of rule 2").fill("30")
    admin.press("Save")
    admin.told("is saved")
    admin.sound()
    assert eventually(lambda: shown() == goods[:1], every=0.5)

    admin.follow("Remove…")
    admin.sound()
    admin.press("Remove the collection")
    admin.told("is gone")
    assert eventually(lambda: Shopper(own_store.base_url).open(f"/collections/{slug}").status == 404, every=0.5)
