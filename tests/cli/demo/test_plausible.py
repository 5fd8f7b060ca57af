"""Plausible products for load work: unique, repeatable, spread over the shop, and quick."""

import time

from cli.demo.catalogue import Catalogue, check, load
from cli.demo.plausible import plausible_products


def test_they_fit_the_shop_and_repeat():
    shop, made = load(), tuple(plausible_products(3_000))

    check(Catalogue(shop.categories, shop.brands, made))
    assert made == tuple(plausible_products(3_000))
    assert made != tuple(plausible_products(3_000, seed=8))
    assert all(product.slug.startswith("g-") for product in made)
    parents = {category.path.rpartition("/")[0] for category in shop.categories}
    leaves = {category.path for category in shop.categories} - parents
    assert {product.category_path for product in made} == leaves


def test_a_few_are_sold_out_and_some_on_offer():
    made = list(plausible_products(3_000))
    sold_out = sum(all(variant.on_hand == 0 for variant in product.variants) for product in made)
    on_offer = sum(product.variants[0].compare_at is not None for product in made)

    assert 90 <= sold_out <= 210
    assert 210 <= on_offer <= 390
    assert {len(product.variants) for product in made} == {1, 2, 3, 4, 6}


def test_ten_thousand_take_seconds_of_processor_time_at_most():
    started = time.process_time()

    assert sum(1 for _ in plausible_products(10_000)) == 10_000
    assert time.process_time() - started < 10
