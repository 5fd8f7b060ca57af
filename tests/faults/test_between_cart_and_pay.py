"""The shop changes while somebody buys: what was agreed holds, or is said before anything is ordered."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from cli.shopper import words_of
from domain.catalog.commands import set_price, unpublish
from domain.shared.db import Sessions, transaction
from tests.faults.store import Store, money_kept, order, orders, review
from tests.storefront.conftest import Goods


def test_a_product_that_vanished_before_it_was_put_in_the_cart(store: Store, sessions: Sessions, goods: Goods) -> None:
    shopper = store.shopper()
    page = shopper.open("/p/harbour-mug")
    with transaction(sessions) as tx:
        unpublish(tx, product_id=goods.mug.id)

    answer = shopper.submit(page.form("/cart/lines"))

    assert answer.status == 404
    assert "no longer" in words_of(answer)
    assert shopper.open("/p/harbour-mug").status == 404
    assert "empty" in words_of(shopper.open("/cart"))


def test_a_product_that_vanished_before_it_was_ordered(
    store: Store, sessions: Sessions, engine: Engine, goods: Goods
) -> None:
    shopper = store.shopper()
    shopper.add_to_cart("harbour-mug")
    shopper.add_to_cart("tall-vase")
    page = review(store, shopper)
    with transaction(sessions) as tx:
        unpublish(tx, product_id=goods.mug.id)

    answer = order(shopper, page)

    assert answer.status == 409
    assert "Harbour mug" in words_of(answer)
    assert "no longer available" in words_of(answer)
    assert orders(engine) == []
    cart = shopper.open("/cart")
    assert "We no longer sell this." in words_of(cart)
    shopper.submit(cart.form(f"/cart/lines/{goods.mug.variant_id}"), quantity="0")
    paid = shopper.pay(order(shopper, review(store, shopper)))
    assert "Tall vase" in words_of(paid)
    assert orders(engine) == ["paid"]
    store.told_once("Payment received", "Your order")


def test_an_order_stands_as_agreed_whatever_becomes_of_its_product(
    store: Store, sessions: Sessions, engine: Engine, goods: Goods
) -> None:
    shopper = store.shopper()
    shopper.add_to_cart("harbour-mug")
    gateway = order(shopper, review(store, shopper))
    with transaction(sessions) as tx:
        set_price(tx, variant_id=goods.mug.variant_id, price=9900, compare_at=None)
        unpublish(tx, product_id=goods.mug.id)

    paid = shopper.pay(gateway)

    assert "Harbour mug" in words_of(paid)
    assert "€17.00" in words_of(paid)
    assert (orders(engine), money_kept(engine)) == (["paid"], 1700)
    store.told_once("Payment received", "Your order")


def test_two_shoppers_press_pay_for_the_last_one_at_the_same_moment(store: Store, engine: Engine) -> None:
    shoppers = [store.shopper(), store.shopper()]
    for shopper in shoppers:
        shopper.add_to_cart("tall-vase")
    pages = [review(store, shopper) for shopper in shoppers]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(order, shoppers, pages))

    assert sorted(answer.status for answer in answers) == [200, 409]
    lucky = next(i for i, answer in enumerate(answers) if answer.status == 200)
    refused = words_of(answers[1 - lucky])
    assert "Tall vase" in refused
    assert "no longer available" in refused
    shoppers[lucky].pay(answers[lucky])
    assert (orders(engine), money_kept(engine)) == (["paid"], 9900)
    assert "sold out" in words_of(shoppers[1 - lucky].open("/cart")).lower()
