"""The demo shop's words and goods: enough of them, each its own, and nothing that only fills space."""

import re
from dataclasses import replace

import pytest

from cli.demo.catalogue import Catalogue, CatalogueBroken, check, ean_check_digit, is_ean13, load, read_products

FILLER = re.compile(
    r"\b(lorem|ipsum|premium|high[- ]quality|luxur\w+|perfect\w*|stunning|must[- ]have|elevate|curated|timeless|"
    r"beautiful\w*|amazing|unique|exclusive|world[- ]class|cutting[- ]edge|sample|placeholder|todo|tbd)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def shop() -> Catalogue:
    return load()


def test_it_is_a_whole_shop(shop):
    variants = [variant for product in shop.products for variant in product.variants]

    assert len(shop.products) >= 64
    assert len(variants) >= 160
    assert len(shop.categories) >= 9
    assert 6 <= len(shop.brands) <= 8
    assert any("/" in category.path for category in shop.categories)
    assert sum(variant.on_hand == 0 for variant in variants) >= 5
    assert sum(variant.compare_at is not None for variant in variants) >= 8
    assert sum(product.featured for product in shop.products) >= 8


def test_every_category_that_has_no_children_has_goods(shop):
    filled = {product.category_path for product in shop.products}
    parents = {category.path.rpartition("/")[0] for category in shop.categories}

    assert {category.path for category in shop.categories} - parents - filled == set()


def test_every_top_level_category_has_a_scene(shop):
    assert [c.path for c in shop.categories if "/" not in c.path and not c.drawing] == []


def test_no_words_that_only_fill_space(shop):
    texts = [
        *((product.slug, f"{product.title} {product.summary} {product.description}") for product in shop.products),
        *((category.path, category.description) for category in shop.categories),
        *((brand.slug, brand.description) for brand in shop.brands),
    ]

    assert {where: FILLER.findall(text) for where, text in texts if FILLER.search(text)} == {}


def test_every_product_has_its_own_words(shop):
    for words in ("title", "summary", "description"):
        said = [getattr(product, words) for product in shop.products]
        assert len(said) == len(set(said)), words
    for product in shop.products:
        assert 20 <= len(product.summary) <= 110, product.slug
        assert len(product.description) >= 110, product.slug
        assert product.summary.endswith("."), product.slug
        assert len(product.attributes) >= 3, product.slug
        assert "Made in" in product.attributes, product.slug


def test_a_picture_can_be_described_by_its_title_and_options(shop):
    for product in shop.products:
        looks = {}
        for variant in product.variants:
            looks.setdefault(variant.colours, set()).add(variant.options)
        described = {f"{product.title} {sorted(options)}" for options in looks.values()}
        assert len(described) == len(looks), product.slug


def test_some_products_weigh_differently_by_variant(shop):
    assert sum(len({variant.weight_grams for variant in product.variants}) > 1 for product in shop.products) >= 8


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"brand_slug": "nobody"}, "there is no brand nobody"),
        ({"category_path": "nowhere"}, "there is no category nowhere"),
        ({"drawing": "ghost"}, "there is no drawing ghost"),
        ({"options": ("A", "B", "C", "D")}, "more than 3 options"),
        ({"variants": ()}, "no variant"),
    ],
)
def test_a_product_that_does_not_fit_is_named(shop, change, message):
    first, *others = shop.products

    with pytest.raises(CatalogueBroken, match=rf"^{first.slug}: .*{message}"):
        check(replace(shop, products=(replace(first, **change), *others)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"price": 0}, "the price is not above zero"),
        ({"compare_at": 1}, "was cheaper before the offer"),
        ({"barcode": "2004800000375"}, "is not an EAN-13"),
        ({"on_hand": -1}, "stock below zero"),
        ({"colours": ()}, "no colours"),
    ],
)
def test_a_variant_that_does_not_fit_is_named(shop, change, message):
    first, *others = shop.products
    variant, *more = first.variants
    broken = replace(first, variants=(replace(variant, **change), *more))

    with pytest.raises(CatalogueBroken, match=rf"^{variant.sku}: .*{message}"):
        check(replace(shop, products=(broken, *others)))


def test_the_same_sku_or_choice_twice_is_refused(shop):
    first, second, *others = shop.products
    twin = replace(first.variants[1], sku=first.variants[0].sku)
    with pytest.raises(CatalogueBroken, match=r"The SKU .* is there twice"):
        check(replace(shop, products=(replace(first, variants=(first.variants[0], twin)), second, *others)))

    alike = replace(first.variants[1], options=first.variants[0].options)
    with pytest.raises(CatalogueBroken, match=r"The choice of .* is there twice"):
        check(replace(shop, products=(replace(first, variants=(first.variants[0], alike)), second, *others)))


PRODUCT = """
[[product]]
slug = "peg"
title = "Peg"
summary = "A peg."
description = "A peg."
brand = "alder-and-ash"
category = "hall"
drawing = "hooks"
days_old = 3
price = 500
weight = 40
attributes = {}
variants = [{ sku = "PEG-1", stock = 4, colours = ["oak"] }]
"""


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        ("price = 500", "", "^pegs.toml, peg: 'price' is missing"),
        ("stock = 4, ", "", "^pegs.toml, peg: 'stock' is missing"),
        ("price = 500", "price =", "^pegs.toml: .*line 11"),
        ('"oak"', '"teal"', "^PEG-1: there is no colour teal"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, was, now, message):
    file = tmp_path / "pegs.toml"
    file.write_text(PRODUCT, encoding="utf-8")
    assert [product.slug for product in read_products(file, {"oak": "#c29561"})] == ["peg"]

    file.write_text(PRODUCT.replace(was, now), encoding="utf-8")
    with pytest.raises(CatalogueBroken, match=message):
        read_products(file, {"oak": "#c29561"})


def test_ean_check_digits():
    assert ean_check_digit("400638133393") == "1"
    assert is_ean13("4006381333931")
    assert not is_ean13("4006381333932")
    assert not is_ean13("400638133393")
    assert not is_ean13("400638133393x")
