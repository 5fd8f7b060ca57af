"""What becomes of products and addresses when the place they stood in is taken away."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from domain.catalog import commands, queries
from domain.catalog.commands import NewVariant, Rule, listing
from domain.catalog.errors import (
    NoSuchBrand,
    NoSuchCategory,
    NoSuchVariant,
    WrongCollection,
    WrongProduct,
    WrongTree,
)
from domain.catalog.queries.products_list import SORTS, product_list
from domain.shared.db import utcnow
from domain.shared.errors import ChangedMeanwhile
from tests.domain.catalog.test_tree import events, paths
from tests.factories.catalog import make_brand, make_category, make_product


def category(session, path):
    return queries.category_detail(session, queries.category_ids(session)[path])


def place_of(session, product):
    return queries.product_detail(session, product.id, currency="EUR").category_path


def remove(session, path, into=None):
    found = category(session, path)
    target = queries.category_ids(session)[into] if into else None
    commands.remove_category(session, category_id=found.id, version=found.version, into=target)


def test_what_is_in_a_category_goes_to_the_one_above_and_its_addresses_lead_there(session):
    make_category(session, "home/kitchen/mugs/large")
    bowl = make_product(session, category="home/kitchen", title="Bowl")
    mug = make_product(session, category="home/kitchen/mugs", title="Mug")
    before = queries.product_detail(session, bowl.id, currency="EUR").version

    remove(session, "home/kitchen")

    assert paths(session) == ["home", "home/mugs", "home/mugs/large"]
    assert (place_of(session, bowl), place_of(session, mug)) == ("home", "home/mugs")
    assert queries.product_detail(session, bowl.id, currency="EUR").version == before + 1
    led = dict(session.execute(text(
        "SELECT o.path, c.path FROM catalog.old_paths o JOIN catalog.categories c ON c.id = o.category_id"
    )).all())  # fmt: skip
    assert led == {
        "home/kitchen": "home", "home/kitchen/mugs": "home/mugs", "home/kitchen/mugs/large": "home/mugs/large"
    }  # fmt: skip
    assert events(session, "catalog.category_changed")[-1].category_id == category(session, "home").id


def test_a_category_at_the_top_needs_another_unless_it_is_empty(session):
    make_category(session, "garden")
    make_category(session, "attic")
    make_product(session, category="home", title="Lamp")

    with pytest.raises(WrongTree, match="Choose where its products"):
        remove(session, "home")
    assert paths(session) == ["attic", "garden", "home"]

    remove(session, "attic")
    remove(session, "home", into="garden")
    assert paths(session) == ["garden"]


def test_a_category_goes_neither_into_itself_nor_from_under_a_collection_nor_unseen(session):
    make_category(session, "home/kitchen/mugs")
    found = category(session, "home/kitchen")
    commands.create_collection(session, title="Cooks", rules=[Rule(field="category", value="home/kitchen")])

    with pytest.raises(WrongCollection, match="“Cooks”"):
        remove(session, "home/kitchen")
    with pytest.raises(WrongTree, match="stands below it"):
        remove(session, "home", into="home/kitchen/mugs")
    with pytest.raises(ChangedMeanwhile):
        commands.remove_category(session, category_id=found.id, version=found.version + 1, into=None)
    with pytest.raises(NoSuchCategory):
        commands.remove_category(session, category_id=uuid4(), version=1, into=None)

    assert paths(session) == ["home", "home/kitchen", "home/kitchen/mugs"]


def test_products_outlive_their_brand_and_their_type(session):
    mug = make_product(session, title="Mug", brand="Hearth")
    other = make_brand(session, "Sallow")
    kind = commands.create_type(session, name="Mugs")
    session.execute(text("UPDATE catalog.products SET type_id = :kind"), {"kind": kind})
    hearth = queries.brand_detail(session, queries.brand_ids(session)["hearth"])

    commands.remove_type(session, type_id=kind, version=queries.product_type(session, kind).version)
    with pytest.raises(NoSuchBrand):
        commands.remove_brand(session, brand_id=hearth.id, version=hearth.version, into=hearth.id)
    commands.remove_brand(session, brand_id=hearth.id, version=hearth.version, into=other)

    found = queries.product_detail(session, mug.id, currency="EUR")
    assert (found.brand_name, found.type_id) == ("Sallow", None)
    assert mug.id in events(session, "catalog.place_changed")[-1].product_ids
    sallow = queries.brand_detail(session, other)
    commands.remove_brand(session, brand_id=other, version=sallow.version, into=None)
    assert queries.product_detail(session, mug.id, currency="EUR").brand_name == ""


def test_the_addresses_of_a_collection_lead_to_another(session):
    gone = queries.collection_detail(session, commands.create_collection(session, title="Old", published=True))
    kept = commands.create_collection(session, title="New", published=True)

    commands.remove_collection(session, collection_id=gone.id, version=gone.version, into=kept)

    assert session.execute(text("SELECT slug, collection_id FROM catalog.old_collection_slugs")).all() == [
        ("old", kept)
    ]


def variants(session, product):
    detail = queries.product_detail(session, product.id, currency="EUR")
    return [one.sku for one in detail.variants], [one.sku for one in detail.archived]


def two(session):
    made = [(NewVariant(sku=f"MUG-{colour}", price=900, option_values=(colour,)), 0) for colour in ("Green", "Blue")]
    product = make_product(session, title="Mug", options=("Colour",), variants=made)
    return product, queries.product_detail(session, product.id, currency="EUR").variants


def test_a_variant_without_a_past_goes_and_one_with_a_past_is_archived(session):
    product, (green, blue) = two(session)
    take = {"product_id": product.id, "now": utcnow()}
    commands.receive(session, quantities={green.id: 2}, actor="A", reason="")

    with pytest.raises(WrongProduct, match="on the shelf"):
        commands.remove_variant(session, variant_id=green.id, **take)
    commands.correct(session, variant_id=green.id, on_hand=0, reason="Broken", actor="A")
    assert commands.remove_variant(session, variant_id=green.id, **take) is False

    assert variants(session, product) == ([blue.sku], [green.sku])
    assert not queries.buyables(session, [green.id])[green.id].on_sale
    assert product_list(session, currency="EUR").rows[0].variants == 1
    with pytest.raises(WrongProduct, match="the only variant"):
        commands.remove_variant(session, variant_id=blue.id, **take)
    with pytest.raises(NoSuchVariant):
        commands.remove_variant(session, variant_id=green.id, **take)

    commands.restore_variant(session, product_id=product.id, variant_id=green.id)
    assert queries.buyables(session, [green.id])[green.id].on_sale
    assert commands.remove_variant(session, variant_id=blue.id, **take) is True
    assert variants(session, product) == ([green.sku], [])


def test_a_combination_that_is_asked_for_again_comes_back_from_the_archive(session):
    product, (green, blue) = two(session)
    commands.receive(session, quantities={green.id: 1}, actor="A", reason="")
    commands.correct(session, variant_id=green.id, on_hand=0, reason="Broken", actor="A")
    commands.remove_variant(session, product_id=product.id, variant_id=green.id, now=utcnow())

    made = commands.add_variants(
        session, product_id=product.id, options={"Colour": ["Green", "Blue"]}, price=900, stem="MUG"
    )

    assert made == 1
    assert variants(session, product) == ([green.sku, blue.sku], [])


def test_an_option_more_is_added_behind_those_that_tell_the_variants_apart(session):
    product, (green, blue) = two(session)
    own = {"product_id": product.id, "price": 900, "stem": "MUG"}

    made = commands.add_variants(
        session, options={"Colour": ["Green", "Blue"], "Size": ["Small", "Large"]}, **own
    )  # fmt: skip

    assert made == 2
    found = queries.product_detail(session, product.id, currency="EUR")
    assert found.options == ("Colour", "Size")
    assert [(one.id in (green.id, blue.id), one.option_values, one.price.amount) for one in found.variants[:2]] == [
        (True, ("Green", "Small"), green.price.amount), (True, ("Blue", "Small"), blue.price.amount)
    ]  # fmt: skip
    assert [(one.sku, one.option_values, one.price.amount) for one in found.variants[2:]] == [
        ("MUG-GREEN-LARGE", ("Green", "Large"), 900), ("MUG-BLUE-LARGE", ("Blue", "Large"), 900)
    ]  # fmt: skip
    assert events(session, "catalog.product_changed")[-1].product_id == product.id

    for options in ({"Size": ["Small"], "Colour": ["Green"]}, {"Colour": ["Green"]}, {"Colour": ["Red"], "Size": []}):
        with pytest.raises(WrongProduct):
            commands.add_variants(session, options=options, **own)
    assert queries.product_detail(session, product.id, currency="EUR").variants == found.variants


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("price", ["B", "C", "A"]),
        ("-price", ["A", "C", "B"]),
        ("stock", ["C", "A", "B"]),
        ("-stock", ["B", "A", "C"]),
        ("title", ["A", "B", "C"]),
        ("newest", ["C", "B", "A"]),
    ],
)
def test_products_are_sorted_by_what_is_known_of_them_page_after_page(session, sort, titles):
    for title, price, on_hand in (("A", 900, 2), ("B", 100, 5), ("C", 500, 0)):
        make_product(session, title=title, price=price, on_hand=on_hand)

    found, after = [], None
    for _ in titles:
        page = product_list(session, currency="EUR", sort=sort, after=after, limit=1)
        found.append(page.rows[0].title)
        after = page.after

    assert (found, after) == (titles, None)
    assert sort in SORTS


def test_what_was_changed_last_comes_first_and_moving_stock_is_no_change(session):
    old, new = make_product(session, title="Old", on_hand=1), make_product(session, title="New", on_hand=1)
    session.execute(text("UPDATE catalog.product_figures SET changed_at = now() - interval '1 day'"))
    session.execute(
        text("UPDATE catalog.product_figures SET changed_at = now() - interval '2 days' WHERE product_id = :id"),
        {"id": old.id},
    )

    def titles():
        listing.refresh(session, [old.id, new.id])
        return [row.title for row in product_list(session, currency="EUR", sort="changed").rows]

    commands.receive(session, quantities={old.variant_id: 5}, actor="A", reason="")
    session.flush()
    assert titles() == ["New", "Old"]
    commands.set_price(session, variant_id=old.variant_id, price=7, compare_at=None)
    session.flush()
    assert titles() == ["Old", "New"]


def test_common_words_find_the_same_as_rare_ones(session, monkeypatch):
    for number in range(4):
        make_product(session, sku=f"CUP-{number}", title=f"Plain {number}", price=900 - number, on_hand=1)
    make_product(session, sku="JUG", title="A cup-2 jug", on_hand=1)

    def found(q, **how):
        products = product_list(session, currency="EUR", q=q, sort="price", **how).rows
        return [row.title for row in products], [row.sku for row in queries.stock_levels(session, q=q).rows]

    rare = [found(q) for q in ("cup-", "cup-2", "JUG", "nothing")]
    for place in ("products_list", "stock"):
        monkeypatch.setattr(f"domain.catalog.queries.{place}.FEW", 0)

    assert [found(q) for q in ("cup-", "cup-2", "JUG", "nothing")] == rare
    assert rare[0][1] == ["CUP-0", "CUP-1", "CUP-2", "CUP-3", "JUG"]
    assert rare[1] == (["Plain 2", "A cup-2 jug"], ["CUP-2", "JUG"])
