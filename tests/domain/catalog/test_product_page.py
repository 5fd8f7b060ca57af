"""The product page and what carts read of variants."""

from uuid import uuid4

import pytest

from domain.catalog import commands
from domain.catalog.commands import NewVariant
from domain.catalog.errors import NoSuchProduct
from domain.catalog.queries import (
    PictureView,
    buyable_by_sku,
    buyables,
    old_slug,
    product_detail,
    product_list,
    product_page,
    stock_levels,
)
from domain.catalog.queries import movements as read_movements
from domain.shared.money import Money
from tests.factories.catalog import make_product

DERIVATIVES = [
    {"width": width, "height": width, "format": format, "key": f"{format}{width}.{format}"}
    for format in ("avif", "webp")
    for width in (320, 640, 1280)
]


def make_shirt(session):
    variants = [
        (NewVariant(sku="S-RED", price=1000, option_values=("Red", "S"), colours=("#ff0000",)), 5),
        (NewVariant(sku="M-RED", price=1100, option_values=("Red", "M"), colours=("#ff0000",)), 0),
        (NewVariant(sku="M-BLUE", price=1100, compare_at=1300, option_values=("Blue", "M"), colours=("#0000ff",)), 2),
    ]
    return make_product(
        session,
        title="Shirt",
        options=["Colour", "Size"],
        variants=variants,
        category="clothes/shirts",
        attributes={"Material": "Linen", "Washable": True},
    )


def test_a_product_page_has_it_all_in_one_statement(session, statements):
    shirt = make_shirt(session)
    commands.add_picture(
        session, product_id=shirt.id, alt="A red shirt", width=1280, height=1280, derivatives=DERIVATIVES
    )
    commands.add_picture(
        session,
        product_id=shirt.id,
        alt="A blue shirt",
        width=1280,
        height=1280,
        derivatives=DERIVATIVES,
        skus=["M-BLUE"],
    )
    session.flush()

    with statements() as seen:
        page = product_page(session, "shirt", "EUR")

    assert len(seen) == 1
    assert [(link.path, link.name) for link in page.category] == [("clothes", "Clothes"), ("clothes/shirts", "Shirts")]
    assert [(v.value, v.colour, v.available) for v in page.options[0].values] == [
        ("Red", "#ff0000", True),
        ("Blue", "#0000ff", True),
    ]
    assert [(v.value, v.colour, v.available) for v in page.options[1].values] == [("S", None, True), ("M", None, True)]
    assert [(v.sku, v.label, v.available, v.buyable, v.low, v.picture_index) for v in page.variants] == [
        ("S-RED", "Red, S", 5, True, False, None),
        ("M-RED", "Red, M", 0, False, False, None),
        ("M-BLUE", "Blue, M", 2, True, True, 1),
    ]
    assert page.variants[2].compare_at == Money(1300, "EUR")
    assert page.attributes == (("Material", "Linen"), ("Washable", "Yes"))
    assert [picture.alt for picture in page.pictures] == ["A red shirt", "A blue shirt"]


def test_only_a_published_product_has_a_page(session):
    draft = make_product(session, title="Draft", published=False)

    for slug in (draft.slug, "no-such-thing", "\0"):
        with pytest.raises(NoSuchProduct):
            product_page(session, slug, "EUR")


def test_an_old_address_leads_to_the_present_one_for_ever(session):
    mug = make_product(session, title="Mug")
    for slug in ("cup", "beaker"):
        version = product_detail(session, mug.id, currency="EUR").version
        commands.update_product(session, product_id=mug.id, version=version, slug=slug)

    assert old_slug(session, "mug") == "beaker"
    assert old_slug(session, "cup") == "beaker"
    assert old_slug(session, "beaker") is None


def test_buyables_are_of_this_moment_and_one_statement(session, statements):
    shirt, mug = make_shirt(session), make_product(session, sku="MUG", price=700, published=False)
    commands.add_picture(session, product_id=shirt.id, alt="A shirt", width=1280, height=1280, derivatives=DERIVATIVES)
    commands.reserve(session, quantities={shirt.variant_ids[0]: 2}, order_id=uuid4(), actor="shop")
    session.flush()

    with statements() as seen:
        found = buyables(session, [*shirt.variant_ids, mug.variant_id, uuid4()])

    assert len(seen) == 1
    assert found.keys() == {*shirt.variant_ids, mug.variant_id}
    red = found[shirt.variant_ids[0]]
    assert (red.sku, red.product_slug, red.title, red.options_label) == ("S-RED", "shirt", "Shirt", "Red, S")
    assert (red.price, red.compare_at, red.available, red.on_sale) == (1000, None, 3, True)
    assert red.picture is not None
    assert red.picture["alt"] == "A shirt"
    assert (red.tax_class, red.category_path, red.brand_slug) == ("standard", "clothes/shirts", "hearth-co")
    assert not found[mug.variant_id].on_sale
    assert buyable_by_sku(session, "MUG") == found[mug.variant_id]
    assert buyable_by_sku(session, "mug?") is None


def test_a_picture_writes_its_srcset_and_a_moderate_fallback():
    picture = PictureView.from_json({"alt": "A mug", "width": 1280, "height": 1280, "derivatives": DERIVATIVES})

    assert picture is not None
    assert picture.srcset("avif") == "/media/avif320.avif 320w, /media/avif640.avif 640w, /media/avif1280.avif 1280w"
    assert picture.srcset("jxl") == ""
    assert picture.fallback == "/media/webp640.webp"
    assert len(picture.sources) == 6
    assert PictureView.from_json(None) is None


def test_staff_page_through_products_and_stock(session):
    made = [make_product(session, sku=f"SKU-{i}", on_hand=i) for i in range(5)]

    first = product_list(session, currency="EUR", limit=3)
    rest = product_list(session, currency="EUR", limit=3, after=first.after)
    assert [row.id for row in first.rows + rest.rows] == [product.id for product in reversed(made)]
    assert rest.after is None
    assert [row.available for row in product_list(session, currency="EUR", q="SKU-4").rows] == [4]
    assert product_list(session, currency="EUR", status="draft").rows == ()

    levels = stock_levels(session, low_only=True, limit=3)
    assert [(row.sku, row.available, row.low) for row in levels.rows] == [
        ("SKU-0", 0, True),
        ("SKU-1", 1, True),
        ("SKU-2", 2, True),
    ]
    assert [row.sku for row in stock_levels(session, low_only=True, after=levels.after).rows] == ["SKU-3"]
    assert [(line.kind, line.on_hand) for line in read_movements(session, made[4].variant_id).rows] == [("received", 4)]
