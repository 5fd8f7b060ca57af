"""The main job: a guest buys, staff ship, and the open order page follows."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import KINDS, Kind, Opener
from tests.journeys.pages import Admin, Shop, gateway
from tests.journeys.steps import new_address
from tests.journeys.store import Store


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_guest_buys_and_staff_ship(store: Store, open_page: Opener, kind: Kind) -> None:
    email = new_address()
    tracking = f"CE{uuid4().hex[:9].upper()}IE"
    shop = Shop(open_page(kind))
    shop.open_home()
    shop.search("mug")
    shop.open_first_product_to_buy("/search?q=mug")
    shop.add_to_cart()
    shop.check_out(email).pay()
    order = shop.placed_order()
    shop.says(order.number)
    expect(shop.page.locator("#order-status")).to_contain_text(re.compile("paid|payment received", re.I))
    store.wait_for_mail(email, order.number)
    paid = store.wait_for_mail(email, "payment")
    assert order.number in paid["text"]

    admin = Admin(open_page(kind, base_url=store.admin_url))
    admin.sign_in(store.staff_email, store.staff_password)
    admin.open_order(order.number)
    admin.ship("An Post", tracking)

    if kind.javascript:
        # The shopper's page is still open and changes by itself.
        expect(shop.page.locator("#order-status")).to_contain_text(re.compile("on its way", re.I), timeout=10_000)
    else:
        shop.says("refresh")
        shop.page.reload()
    shop.says(tracking)
    mail = store.wait_for_mail(email, "on its way")
    assert tracking in mail["text"]
    assert len({mail["message_id"] for mail in store.mails(email)}) == len(store.mails(email)) == 3


@pytest.mark.parametrize(("card", "words"), [(gateway.DECLINED, "declined"), (gateway.POOR, "not enough money")])
def test_a_refused_card_says_why_and_another_one_works(store: Store, open_page: Opener, card: str, words: str) -> None:
    shop = Shop(open_page(KINDS[3]))
    shop.open_first_product_to_buy("/search?q=bowl")
    shop.add_to_cart()
    shop.check_out(new_address()).pay(card)
    order = shop.placed_order()
    shop.says(words)
    shop.page.goto("/cart")
    expect(shop.page.locator("main a[href^='/p/']").first).to_be_visible()  # the cart survives until it is paid
    shop.page.goto(order.url)
    shop.page.locator("form[action*='/payments'] button").first.click()
    gateway.Gateway(shop.page).pay()
    assert shop.placed_order().number == order.number
    expect(shop.page.locator("#order-status")).to_contain_text(re.compile("paid|payment received", re.I))


@pytest.mark.parametrize("approve", [True, False])
def test_the_bank_asks_and_hears_yes_or_no(store: Store, open_page: Opener, approve: bool) -> None:
    shop = Shop(open_page(KINDS[2]))
    shop.open_first_product_to_buy("/search?q=candle")
    shop.add_to_cart()
    pay = shop.check_out(new_address())
    pay.pay(gateway.CHALLENGE)
    (pay.approve if approve else pay.refuse)()
    shop.placed_order()
    shop.says(re.compile("paid|payment received" if approve else "not confirmed", re.I))


def test_a_slow_payment_is_said_to_be_under_way_and_arrives(store: Store, open_page: Opener) -> None:
    shop = Shop(open_page(KINDS[0]))
    shop.open_first_product_to_buy("/search?q=plate")
    shop.add_to_cart()
    shop.check_out(new_address()).pay(gateway.SLOW)
    shop.placed_order()
    expect(shop.page.locator("form[action*='/payments']")).to_have_count(0)  # nothing invites a second payment
    expect(shop.page.locator("#order-status")).to_contain_text(
        re.compile("paid|payment received", re.I), timeout=30_000
    )


def test_leaving_the_gateway_keeps_the_order_to_be_paid_later(store: Store, open_page: Opener) -> None:
    shop = Shop(open_page(KINDS[1]))
    shop.open_first_product_to_buy("/search?q=basket")
    shop.add_to_cart()
    shop.check_out(new_address()).cancel()
    shop.placed_order()
    shop.page.locator("form[action*='/payments'] button").first.click()
    gateway.Gateway(shop.page).pay()
    shop.placed_order()
    shop.says(re.compile("paid|payment received", re.I))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("kind", [KINDS[0], KINDS[2]], ids=str)
def test_every_page_of_a_purchase_is_accessible(store: Store, open_page: Opener, kind: Kind, dark: bool) -> None:
    shop, email = Shop(open_page(kind, dark=dark)), new_address()
    page = shop.page

    def look() -> None:
        assert_accessible(page)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{page.url} scrolls sideways by {overflow} px"

    for path in ("/", "/search?q=mug", "/search?q=zzzzzzz", "/search", "/cart", "/sign-in", "/register", "/p/nothing"):
        page.goto(path)
        look()
    page.goto(page.url)
    page.goto("/")
    page.goto(str(page.locator("a[href^='/c/']").first.get_attribute("href")))
    look()
    shop.open_first_product_to_buy("/search?q=mug")
    look()
    shop.add_to_cart()
    look()
    page.goto("/checkout")
    shop.go_on()  # nothing filled in: the summary of problems
    look()
    shop.fill_details(email)
    shop.go_on()
    look()
    page.locator("input[name=method]").first.check(force=True)
    shop.go_on()
    look()
    pay = shop.place_order()
    look()
    pay.pay("1234")  # none of its cards: said at the field
    look()
    pay.pay(gateway.DECLINED)
    shop.placed_order()
    shop.says("declined")
    look()
    page.locator("#pay-again").click()
    pay.pay(gateway.CHALLENGE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("is this you?")
    look()
    pay.approve()
    shop.placed_order()
    look()
    store.wait_for_mail(email, "payment")
    page.goto(f"{store.sandbox_url}/mailbox?to={email}")
    look()
    page.locator(".mails a").first.click()
    page.wait_for_url(re.compile("/mailbox/"))
    look()

    admin = Admin(open_page(kind, base_url=store.admin_url, dark=dark))
    admin.page.goto("/sign-in")
    assert_accessible(admin.page)
    admin.sign_in(store.staff_email, store.staff_password)
    for path in ("/", "/orders", "/products", "/inventory", "/jobs"):
        admin.page.goto(path)
        assert_accessible(admin.page)
    admin.page.goto("/orders")
    admin.page.locator("main a[href^='/orders/']").first.click()
    assert_accessible(admin.page)
