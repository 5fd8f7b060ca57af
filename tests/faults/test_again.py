"""Twice, again, back, and in two tabs: one order, one charge, one mail for each piece of news."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

from sqlalchemy import Engine

from cli.shopper import Shopper, words_of
from tests.faults.store import Store, money_kept, order, orders, review, rows
from tests.storefront.conftest import Goods


def at_review(store: Store) -> Shopper:
    shopper = store.shopper()
    shopper.add_to_cart("harbour-mug")
    review(store, shopper)
    return shopper


def another_tab(store: Store, shopper: Shopper) -> Shopper:
    """Open a second tab: the same cookies, a page of its own."""
    tab = store.shopper()
    tab.cookies = shopper.cookies
    return tab


def test_the_same_submit_six_times_at_the_same_moment(store: Store, engine: Engine) -> None:
    shopper = at_review(store)
    page = shopper.open("/checkout/review")
    tabs = [store.shopper() for _ in range(6)]
    for tab in tabs:
        tab.cookies = deepcopy(shopper.cookies)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda tab: order(tab, page), tabs))

    assert [answer.status for answer in answers] == [200] * 6
    gateway = {answer.url for answer in answers if "/gateway/pay/" in answer.url}
    assert len(gateway) == 1
    # Whoever came while the gateway was still being asked sees the order's page instead.
    assert all("/gateway/pay/" in answer.url or "/orders/" in answer.url for answer in answers)
    assert orders(engine) == ["placed"]
    assert rows(engine, "SELECT count(*) FROM payments.payments") == [(1,)]
    shopper.pay(next(answer for answer in answers if answer.url in gateway))
    assert (orders(engine), money_kept(engine)) == (["paid"], 1700)
    store.told_once("Payment received", "Your order")


def test_every_page_of_a_purchase_can_be_reloaded(store: Store, engine: Engine) -> None:
    shopper = store.shopper()
    product = shopper.open("/p/harbour-mug")
    shopper.submit(product.form("/cart/lines"))
    assert rows(engine, "SELECT quantity FROM cart.lines") == [(1,)]
    for path in ("/cart", "/cart", "/checkout", "/checkout"):
        assert shopper.open(path).status == 200
    page = review(store, shopper)
    assert shopper.open("/checkout/review").form("/checkout/order").values == page.form("/checkout/order").values

    first, second = order(shopper, page), order(shopper, page)
    assert first.url == second.url
    assert shopper.open(first.url).status == 200
    paid = shopper.pay(first)
    for _ in range(2):
        assert shopper.open(paid.url).status == 200
        assert shopper.open(paid.url.replace("?", "/return?", 1)).status == 200
    again = order(shopper, page)

    assert again.url.split("?")[0] == paid.url.split("?")[0]
    assert (orders(engine), money_kept(engine)) == (["paid"], 1700)
    store.told_once("Payment received", "Your order")


def test_back_from_the_gateway_the_cart_is_still_there_and_leads_to_the_same_payment(
    store: Store, engine: Engine
) -> None:
    shopper = at_review(store)
    gateway = order(shopper, shopper.open("/checkout/review"))

    assert "Harbour mug" in words_of(shopper.open("/cart"))
    page = shopper.open("/checkout/review")
    assert page.status == 200
    assert order(shopper, page).url == gateway.url
    assert orders(engine) == ["placed"]

    paid = shopper.pay(gateway)
    assert paid.status == 200
    for path in ("/checkout/review", "/checkout/delivery", "/checkout/details", "/checkout"):
        back = shopper.open(path)
        assert (back.status, back.url.split("/")[-1]) == (200, "cart")
        assert "empty" in words_of(back)
    assert order(shopper, page).url.split("?")[0] == paid.url.split("?")[0]
    # The gateway's own page, by the back button: it is paid, and cannot be paid again.
    old = shopper.open(gateway.url)
    assert old.status < 500
    assert (orders(engine), money_kept(engine)) == (["paid"], 1700)


def test_a_cart_that_changed_in_another_tab_is_shown_before_it_is_ordered(
    store: Store, engine: Engine, goods: Goods
) -> None:
    shopper = at_review(store)
    page = shopper.open("/checkout/review")
    tab = another_tab(store, shopper)
    tab.submit(tab.open("/cart").form(f"/cart/lines/{goods.mug.variant_id}"), quantity="3")

    answer = order(shopper, page)

    assert answer.status == 409
    assert "has changed since you checked" in words_of(answer)
    assert "€41.00" in words_of(answer)
    assert orders(engine) == []
    shopper.pay(order(shopper, answer))
    assert (orders(engine), money_kept(engine)) == (["paid"], 4100)


def test_a_cart_that_was_emptied_in_another_tab_orders_nothing(store: Store, engine: Engine, goods: Goods) -> None:
    shopper = at_review(store)
    page = shopper.open("/checkout/review")
    tab = another_tab(store, shopper)
    tab.submit(tab.open("/cart").form(f"/cart/lines/{goods.mug.variant_id}"), quantity="0")

    answer = order(shopper, page)

    assert (answer.status, answer.url.split("/")[-1]) == (200, "cart")
    assert "empty" in words_of(answer)
    assert orders(engine) == []


def test_two_tabs_order_and_both_are_paid(store: Store, engine: Engine, goods: Goods) -> None:
    shopper = at_review(store)
    first = order(shopper, shopper.open("/checkout/review"))
    tab = another_tab(store, shopper)
    tab.submit(tab.open("/cart").form(f"/cart/lines/{goods.mug.variant_id}"), quantity="2")
    second = order(tab, tab.open("/checkout/review"))
    assert second.url != first.url

    paid = tab.pay(second)
    # The first page stands open still; by now its payment may have been given up at the gateway.
    late = shopper.submit(first.form("/gateway/pay"), number="4242 4242 4242 4242")

    assert (paid.status, late.status < 500) == (200, True)
    assert orders(engine) == ["cancelled", "paid"]
    assert rows(engine, "SELECT on_hand, reserved FROM catalog.stock WHERE reserved > 0") == [(10, 2)]
    assert money_kept(engine) == 2900
