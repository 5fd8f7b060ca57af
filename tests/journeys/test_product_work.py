"""Staff look after the products: copies, variants, offers, many at once, and two people at the same page."""

import re

import pytest
from playwright.sync_api import expect

from cli.shopper import Shopper
from tests.journeys.conftest import KINDS, AdminOpener, Kind
from tests.journeys.steps import unused
from tests.journeys.store import Store
from tests.processes import eventually

PRODUCT = "SELECT status, title, summary, seo_title FROM catalog.products WHERE id = %s"
VARIANTS = """SELECT v.sku, v.option_values, v.price, s.on_hand FROM catalog.variants v
              JOIN catalog.stock s ON s.variant_id = v.id WHERE v.product_id = %s ORDER BY v.position"""
SALE = "SELECT sale_price, sale_starts_at::text, sale_ends_at::text FROM catalog.variants WHERE product_id = %s"
BOTH = pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
"""On a phone without JavaScript, and on a desktop with it."""


def id_of(path: str) -> str:
    return path.split("/")[2]


def in_shop(store: Store, path: str) -> tuple[int, str]:
    """What a shopper who asks for this address gets."""
    page = Shopper(store.base_url).open(path)
    return page.status, page.text


@BOTH
def test_a_product_is_found_by_its_sku_copied_archived_and_brought_back(
    own_store: Store, open_admin: AdminOpener, kind: Kind
) -> None:
    title = unused("Journey jug")
    sku = title.upper().replace(" ", "-")
    admin = open_admin(kind)
    page = admin.page
    admin.begin_product(title, sku, "19.90")
    admin.open("/products")
    admin.search("Search by title, SKU or barcode", sku[-12:].lower())  # a part of it
    expect(admin.rows("Table of products")).to_have_count(1)
    admin.sound()
    admin.follow(title)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    admin.press("Duplicate")

    expect(page.get_by_role("heading", level=1)).to_have_text(f"{title} (copy)")
    admin.sound()
    copy = page.url.rpartition("/")[2]
    assert own_store.rows(PRODUCT, copy)[0][:2] == ("draft", f"{title} (copy)")
    [(copied_sku, _, price, on_hand)] = own_store.rows(VARIANTS, copy)
    assert copied_sku != sku
    assert (price, on_hand) == (1990, 0)
    slug = page.get_by_label("Address", exact=True).input_value()

    for status, words in (("published", "Published"), ("archived", "Archived"), ("published", "Published")):
        admin.open(f"/products/{copy}")
        page.get_by_label("Status").select_option(status)
        admin.press("Save")
        admin.told("is saved")
        expect(page.locator(".heading")).to_contain_text(words)
        admin.sound()
        assert own_store.rows(PRODUCT, copy)[0][0] == status
        shown = status == "published"
        assert eventually(lambda: (in_shop(own_store, f"/p/{slug}")[0] == 200) is shown, every=0.5)  # noqa: B023
        admin.open(f"/products?status={status}&q={copied_sku}")
        expect(admin.rows("Table of products")).to_have_count(1)


@BOTH
def test_an_option_more_makes_variants_that_are_priced_and_counted(
    own_store: Store, open_admin: AdminOpener, kind: Kind
) -> None:
    title = unused("Journey bench")
    stem = title.upper().replace(" ", "-")
    admin = open_admin(kind, dark=kind is KINDS[1])
    page = admin.page
    path = admin.begin_product(title, stem, "80")
    admin.page.goto(path)
    more = admin.card("More variants")
    more.get_by_label("Option 1", exact=True).fill("Wood")
    more.get_by_label("Values of option 1, with commas between").fill("Oak, Ash")
    more.get_by_label("Beginning of their SKUs").fill(stem)
    admin.press("Make the missing ones")
    admin.refused("Enter a price.")
    expect(more.get_by_label("Option 1", exact=True)).to_have_value("Wood")
    more.get_by_label("Price of the new ones").fill("95")
    admin.press("Make the missing ones")
    admin.told("1 variant made.")

    more.get_by_label("Option 2", exact=True).fill("Length")
    more.get_by_label("Values of option 2, with commas between").fill("Short, Long")
    more.get_by_label("Price of the new ones").fill("120")
    more.get_by_label("Beginning of their SKUs").fill(stem)
    admin.press("Make the missing ones")
    admin.told("2 variants made.")
    admin.sound()
    page.get_by_label("Price of Oak, Long", exact=True).fill("130.50")
    page.get_by_label("Former price of Oak, Long").fill("100")
    page.get_by_label("On hand of Oak, Long").fill("4")
    admin.press("Save")
    admin.refused("Enter a former price above the price, or leave it empty.")
    page.get_by_label("Former price of Oak, Long").fill("150")
    page.get_by_label("Reason for a change of stock").fill("First delivery")
    admin.press("Save")
    admin.told("is saved")
    assert own_store.rows(VARIANTS, id_of(path)) == [
        (stem, ["Oak", "Short"], 8000, 0),
        (f"{stem}-ASH", ["Ash", "Short"], 9500, 0),
        (f"{stem}-OAK-LONG", ["Oak", "Long"], 13050, 4),
        (f"{stem}-ASH-LONG", ["Ash", "Long"], 12000, 0),
    ]

    admin.follow("Ash, Long")
    admin.sound()
    admin.press("Remove this variant")
    admin.told("The variant is gone.")
    assert len(own_store.rows(VARIANTS, id_of(path))) == 3


@BOTH
def test_a_sale_begins_and_ends_and_search_engines_are_told_other_words(
    own_store: Store, open_admin: AdminOpener, kind: Kind
) -> None:
    title = unused("Journey lamp")
    admin = open_admin(kind)
    page = admin.page
    path = admin.begin_product(title, title.upper().replace(" ", "-"), "40")
    seo = page.get_by_role("group", name="How a search engine may show it")
    expect(seo).to_contain_text(title)
    lines = seo.locator("p")
    long = "Warm and bright. It stands on a desk, beside a bed or in the corner of a room. " * 3
    name = "A lamp for reading in bed, at the desk, or in any corner of home"
    admin.fill({"Title for search engines": name, "Description for search engines": long})
    if kind.javascript:  # while it is typed
        expect(seo).to_contain_text("A lamp for reading")
        expect(seo).to_contain_text("Warm and bright.")
    typed = lines.all_inner_texts()[1:]
    page.get_by_label("Status").select_option("published")
    admin.press("Save")
    admin.told("is saved")
    expect(seo).to_contain_text("A lamp for reading")
    expect(seo).to_contain_text("Warm and bright.")
    if kind.javascript:  # the line that was drawn while typing is the one that the server draws
        assert lines.all_inner_texts()[1:] == typed
    slug = page.get_by_label("Address", exact=True).input_value()
    assert eventually(lambda: "<title>A lamp for reading" in in_shop(own_store, f"/p/{slug}")[1], every=0.5)

    admin.follow("Sale")
    admin.sound()
    price = page.get_by_label(f"Sale price of {title}")
    price.fill("50")
    admin.fill({"Starts": "2026-01-02T09:00", "Ends": "2090-01-02T09:00"})
    admin.press("Save")
    admin.refused("Enter a sale price that is below the price.")
    expect(price).to_have_value("50")
    assert own_store.rows(SALE, id_of(path)) == [(None, None, None)]
    price.fill("29.50")
    admin.press("Save")
    admin.told("The sale is saved.")
    expect(admin.rows("Sale prices")).to_contain_text("On sale")
    admin.sound()
    [(amount, starts, ends)] = own_store.rows(SALE, id_of(path))
    assert (amount, starts[:10], ends[:10]) == (2950, "2026-01-02", "2090-01-02")
    assert eventually(lambda: "29.50" in in_shop(own_store, f"/p/{slug}")[1], every=0.5)

    page.get_by_label(f"Sale price of {title}").fill("")
    admin.press("Save")
    admin.told("There is no sale now.")
    assert own_store.rows(SALE, id_of(path)) == [(None, None, None)]
    assert eventually(lambda: "29.50" not in in_shop(own_store, f"/p/{slug}")[1], every=0.5)


@BOTH
def test_two_who_change_the_same_product_lose_nothing(own_store: Store, open_admin: AdminOpener, kind: Kind) -> None:
    title = unused("Journey rug")
    first, second = open_admin(kind), open_admin(KINDS[2])
    path = first.begin_product(title, title.upper().replace(" ", "-"), "60")
    second.page.goto(path)
    first.fill({"Title": f"{title}, first", "Summary": "Woven by hand."})
    first.press("Save")
    first.told("is saved")
    second.fill({"Title": f"{title}, second", "Price of " + title: "66"})
    second.press("Save")

    second.refused("changed")
    now = second.page.get_by_role("region", name="As it is now")
    expect(now).to_contain_text(f"{title}, first")
    expect(now).to_contain_text(f"{title}, second")
    expect(second.page.get_by_label("Title", exact=True)).to_have_value(f"{title}, second")
    assert own_store.rows(PRODUCT, id_of(path))[0][1:3] == (f"{title}, first", "Woven by hand.")
    assert own_store.rows(VARIANTS, id_of(path))[0][2] == 6000
    second.fill({"Title": f"{title}, first", "Summary": "Woven by hand."})
    second.press("Save")
    second.told("is saved")
    assert own_store.rows(PRODUCT, id_of(path))[0][1:3] == (f"{title}, first", "Woven by hand.")
    assert own_store.rows(VARIANTS, id_of(path))[0][2] == 6600

    first.open(f"{path}/history")
    deeds = first.page.locator(".timeline > li")
    expect(deeds).to_have_count(3)  # made, and saved twice
    expect(deeds.nth(1).locator("del", has_text=re.compile(f"^{title}$"))).to_be_visible()
    expect(deeds.nth(1).locator("ins", has_text=f"{title}, first")).to_be_visible()
    expect(deeds.first.locator("del", has_text=re.compile("60"))).to_be_visible()
    expect(deeds.first.locator("ins", has_text=re.compile("66"))).to_be_visible()


@BOTH
def test_many_products_change_at_once_after_a_look(own_store: Store, open_admin: AdminOpener, kind: Kind) -> None:
    word = unused("Heap")
    admin = open_admin(kind, dark=kind is KINDS[2])
    page = admin.page
    titles = (f"{word} of hay", f"{word} of straw")
    ids = [id_of(admin.begin_product(one, one.upper().replace(" ", "-"), "10")) for one in titles]

    def prices() -> list[int]:
        return [own_store.rows(VARIANTS, one)[0][2] for one in ids]

    def begin(action: str, **answers: str) -> None:
        admin.open(f"/products?q={word.replace(' ', '+')}")
        for title in titles:
            page.get_by_label(f"Choose {title}").check()
        admin.press("Change the chosen ones")
        page.wait_for_url(re.compile("/products/bulk"))
        page.get_by_label("What to do").select_option(action)
        for label, answer in answers.items():
            page.get_by_label(re.compile(label)).fill(answer)
        admin.press("Show what happens")

    begin("price", Percent="dearer")
    admin.refused("Enter a percentage")
    page.get_by_label(re.compile("Percent")).fill("12.5")
    admin.press("Show what happens")
    effects = admin.rows("What happens to each product")
    expect(effects).to_have_count(2)
    expect(effects.first).to_contain_text("11.25")
    admin.sound()
    assert prices() == [1000, 1000]
    admin.press("Change 2 products")
    admin.told("2 products changed.")
    assert prices() == [1125, 1125]

    begin("archive")
    expect(admin.rows("What happens to each product").first).to_contain_text("Archived")
    admin.sound()
    admin.press("Change 2 products")
    admin.told("2 products changed.")
    assert [own_store.rows(PRODUCT, one)[0][0] for one in ids] == ["archived", "archived"]
