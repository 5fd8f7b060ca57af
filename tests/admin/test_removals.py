"""Staff take variants, categories, brands, collections and product types away, by plain forms."""

import re
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import text

from domain.catalog import commands, queries
from domain.catalog.commands import Rule
from domain.shared.audit import Search, audit_log
from domain.shared.db import transaction
from tests.admin.test_catalogue import ask, problems_of
from tests.admin.test_products import mug, read  # noqa: F401 - mug is a fixture
from tests.factories.catalog import make_brand, make_category
from tests.factories.promotions import make_promotion


def form_at(client, page):
    """Read the form that takes something away: where it goes, and what a browser without scripts would send."""
    shown = client.get(page).text
    form = next(one for one in re.findall(r"<form.*?</form>", shown, re.DOTALL) if "danger" in one or "Sell it" in one)
    assert re.search(r'^<form[^>]* method="post"', form)
    hidden = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)
    chosen = {"into": ""} if 'name="into"' in form else {}
    return unescape(re.search(r'action="([^"]+)"', form)[1]), dict(hidden) | chosen


def take(client, page, **answers):
    """Send the form of a page as it was shown, with other answers where they are given."""
    action, data = form_at(client, page)
    return client.post(action, data=data | answers)


def last_entry(sessions):
    with sessions() as reading:
        return audit_log(reading, Search()).rows[0]


def changes(entry, table):
    return [(change.verb, *value) for change in entry.changes if change.table == table for value in change.values]


def skus(sessions, product):
    found = read(sessions, product)
    return [one.sku for one in found.variants], [one.sku for one in found.archived]


def test_a_variant_with_a_past_is_archived_and_sold_again(staff, sessions, mug):  # noqa: F811
    client, page = staff("catalogue", "Cato"), f"/products/{mug.id}/variants/{mug.variant_ids[0]}"

    refused = take(client, page)
    assert (refused.status_code, refused.location) == (303, page)
    assert "Nothing was removed. MUG-G: 10 on the shelf, 0 promised to buyers." in client.get(page).text
    assert skus(sessions, mug) == (["MUG-G", "MUG-B"], [])

    with transaction(sessions) as tx:
        commands.correct(tx, variant_id=mug.variant_ids[0], on_hand=0, reason="Broken", actor="Ada")
    gone = take(client, page)
    assert (gone.status_code, gone.location) == (303, f"/products/{mug.id}")
    assert "The variant is archived: it is no longer sold" in client.get(gone.location).text
    assert skus(sessions, mug) == (["MUG-B"], ["MUG-G"])
    entry = last_entry(sessions)
    assert (entry.action, entry.staff_name) == ("product_parts.remove_variant", "Cato")
    assert [change[:3] for change in changes(entry, "catalog.variants")] == [("changed", "archived_at", None)]

    # Its page offers the way back in the place of the removal; whoever removes it a second time is too late.
    assert "Remove this variant" not in client.get(page).text
    assert client.post(f"{page}/removal").status_code == 404
    back = take(client, page)
    assert back.status_code == 303
    assert "The variant is sold again." in client.get(back.location).text
    assert skus(sessions, mug) == (["MUG-G", "MUG-B"], [])
    entry = last_entry(sessions)
    assert entry.action == "product_parts.restore_variant"
    (change,) = changes(entry, "catalog.variants")
    assert (change[:2], change[2] is None, change[3]) == (("changed", "archived_at"), False, None)


def test_a_variant_without_a_past_goes_for_good_and_the_last_one_stays(staff, sessions, mug):  # noqa: F811
    client = staff("catalogue")
    green, blue = (f"/products/{mug.id}/variants/{one}" for one in mug.variant_ids)

    gone = take(client, blue)

    assert "The variant is gone." in client.get(gone.location).text
    assert skus(sessions, mug) == (["MUG-G"], [])
    assert client.get(blue).status_code == 404
    assert client.post(f"{blue}/return").status_code == 404
    entry = last_entry(sessions)
    assert ("removed", "sku", "MUG-B", None) in changes(entry, "catalog.variants")
    with transaction(sessions) as tx:
        commands.correct(tx, variant_id=mug.variant_ids[0], on_hand=0, reason="Broken", actor="Ada")
    take(client, green)
    assert "Nothing was removed. This is the only variant. Archive the product instead." in client.get(green).text


def test_a_variant_is_removed_under_its_own_product_alone(staff, sessions, mug):  # noqa: F811
    client = staff("catalogue")
    elsewhere = f"/products/{uuid4()}/variants/{mug.variant_ids[1]}"

    assert [client.post(f"{elsewhere}/{way}").status_code for way in ("removal", "return")] == [404, 404]
    assert skus(sessions, mug) == (["MUG-G", "MUG-B"], [])


@pytest.fixture
def places(sessions, mug):  # noqa: F811
    """One of each kind that can be taken away, with another of its kind: (its page, the other's id, its name)."""
    with transaction(sessions) as tx:
        category, other = make_category(tx, "kitchen/mugs"), make_category(tx, "garden")
        brand = read(sessions, mug).brand_id
        collection = commands.create_collection(tx, title="Old", published=True)
        return {
            "categories": (category, other, "Mugs", queries.category_detail),
            "brands": (brand, make_brand(tx, "Sallow"), "Hearth & Co", queries.brand_detail),
            "collections": (
                collection, commands.create_collection(tx, title="New", published=True), "Old",
                queries.collection_detail,
            ),
            "product-types": (commands.create_type(tx, name="Cup"), None, "Cup", queries.product_type),
        }  # fmt: skip


KINDS = {"categories": "category", "brands": "brand", "collections": "collection", "product-types": "product type"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_place_goes_after_a_look_at_it_as_it_is(staff, sessions, places, kind):
    id_, other, name, find = places[kind]
    client, page = staff("catalogue", "Cato"), f"/{kind}/{id_}/removal"
    assert f"Remove the {KINDS[kind]} “{name}”?" in unescape(client.get(page).text)
    action, data = form_at(client, page)
    assert action == page
    if other:
        assert f'<option value="{other}"' in client.get(page).text
        assert f'<option value="{id_}"' not in client.get(page).text

    # Somebody changes it between the look and the word: nothing goes, and the page shows it as it is now.
    with transaction(sessions) as tx:
        rename(tx, kind, find(tx, id_))
    stale = client.post(page, data=data)
    assert (stale.status_code, "changed" in problems_of(stale.text)[0]) == (409, True)
    assert "Renamed" in stale.text
    with sessions() as reading:
        find(reading, id_)

    gone = take(client, page, **({"into": str(other)} if other else {}))
    assert (gone.status_code, gone.location) == (303, f"/{kind}")
    assert f"The {KINDS[kind]} “Renamed” is gone." in client.get(gone.location).text
    assert client.get(page).status_code == 404
    assert client.post(page, data=data).status_code == 404
    entry = last_entry(sessions)
    assert (entry.action, entry.staff_name, entry.resource) == ("removals.carry_out", "Cato", f"{id_} {kind}")
    assert "removed" in {change.verb for change in entry.changes if change.key == str(id_)}
    with sessions() as reading:
        assert audit_log(reading, Search(resource=str(id_))).rows[0].id == entry.id


def rename(tx, kind, found):
    """Have somebody else give it another name."""
    if kind == "categories":
        commands.update_category(
            tx, category_id=found.id, version=found.version, name="Renamed", slug=found.slug, parent_id=found.parent_id
        )
    elif kind == "brands":
        commands.update_brand(tx, brand_id=found.id, version=found.version, name="Renamed", slug=found.slug)
    elif kind == "collections":
        commands.update_collection(
            tx, collection_id=found.id, version=found.version, title="Renamed", slug=found.slug, description="",
            rules=[], sort="name", published=True,
        )  # fmt: skip
    else:
        commands.update_type(tx, type_id=found.id, version=found.version, name="Renamed", options=(), attributes=[])


def test_what_is_in_a_category_goes_where_the_form_says(staff, sessions, mug, places):  # noqa: F811
    category, garden, *_ = places["categories"]
    page = f"/categories/{category}/removal"
    client = staff("catalogue")
    assert "1 product stands in it." in client.get(page).text

    take(client, page, into=str(garden))

    assert read(sessions, mug).category_path == "garden"


def test_a_category_that_a_promotion_or_a_collection_names_stays(staff, sessions, places):
    category = places["categories"][0]
    client, page = staff("catalogue"), f"/categories/{category}/removal"
    with transaction(sessions) as tx:
        make_promotion(tx, name="Mugs for less", category_ids=(category,))

    refused = take(client, page)
    assert (refused.status_code, problems_of(refused.text)) == (
        422,
        ["Promotions name it: Mugs for less. Change those first."],
    )

    with transaction(sessions) as tx:
        tx.execute(text("UPDATE promotions.promotions SET category_ids = '{}'"))
        commands.create_collection(tx, title="Cooks", rules=[Rule(field="category", value="kitchen/mugs")])
    refused = take(client, page)
    assert refused.status_code == 422
    assert "“Cooks”" in problems_of(refused.text)[0]
    assert "kitchen/mugs" in [one.path for one in ask(sessions, queries.category_tree)]


@pytest.mark.parametrize(("into", "status"), [("nonsense", 422), ("7f3c1c1e-5f0b-4c57-9d0c-6a4c2f4f0a11", 404)])
def test_a_place_that_is_none_is_refused(staff, sessions, places, into, status):
    client = staff("catalogue")
    for kind in ("categories", "brands", "collections"):
        refused = take(client, f"/{kind}/{places[kind][0]}/removal", into=into)
        assert refused.status_code == status, kind
        with sessions() as reading:
            places[kind][3](reading, places[kind][0])
