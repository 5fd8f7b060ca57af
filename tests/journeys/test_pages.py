"""What every page promises whoever uses it, checked in a browser, rule by rule."""

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import KINDS, PHONE, Kind, Opener
from tests.journeys.pages import Shop
from tests.journeys.steps import new_address, with_a_mug
from tests.journeys.store import Store

PHONE_JS, DESKTOP_JS, DESKTOP_PLAIN = KINDS[0], KINDS[2], KINDS[3]
NARROW = Kind("narrow", 320, PHONE[1], javascript=True)
PAGES = ("/", "/search?q=mug", "/search", "/cart", "/sign-in", "/register")
PARTLY_OUT = "/p/keel-teapot?sku=SAL-KEEL-FER"
SOLD_OUT = "/p/keel-teapot?sku=SAL-KEEL-RUS"


def weight(page: Page, path: str) -> tuple[int, int]:
    """Open a page as a first visit; return the bytes that came over the wire without pictures, and in all."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    client.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    client.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(path, wait_until="networkidle")
    total = int(sum(sizes.values()))
    pictures = int(sum(size for key, size in sizes.items() if kinds.get(key) == "Image"))
    assert total > 5_000, "nothing was measured"
    return total - pictures, total


def test_every_part_that_htmx_works_is_also_a_link_or_a_form(store: Store, open_page: Opener) -> None:
    shop = with_a_mug(open_page)
    loose = """() => [...document.querySelectorAll('[hx-get], [hx-post]')]
        .filter((at) => !at.matches('form[action], form[action] input, a[href]') && !at.querySelector('a[href]')
          && !at.getAttribute('hx-trigger')?.startsWith('every'))
        .map((at) => at.outerHTML.slice(0, 120))"""
    for path in (*PAGES, SOLD_OUT):
        shop.page.goto(path)
        assert shop.page.evaluate(loose) == [], path


def test_back_from_a_product_leads_to_the_same_place_in_the_same_list(store: Store, open_page: Opener) -> None:
    page = open_page(DESKTOP_JS)
    page.goto("/search?sort=price&in_stock=1")
    tile = page.locator("main a[href^='/p/']").nth(20)
    tile.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 200
    tile.click()
    page.wait_for_url(re.compile("/p/"))
    page.go_back()

    page.wait_for_url(re.compile(r"sort=price&in_stock=1"))
    expect(page.get_by_label("Sort by")).to_have_value("price")
    expect(page.locator("main a[href^='/p/']").nth(20)).to_be_in_viewport()


def test_every_page_has_a_title_and_one_heading_of_its_own(store: Store, open_page: Opener) -> None:
    page = open_page(DESKTOP_PLAIN)
    titles = []
    for path in (*PAGES, SOLD_OUT, "/c/kitchen", "/nothing"):
        page.goto(path)
        titles.append(page.title())
        expect(page.locator("h1")).to_have_count(1)

    assert len(set(titles)) == len(titles), titles


def test_the_focus_stays_on_the_choice_that_was_made(store: Store, open_page: Opener) -> None:
    page = open_page(DESKTOP_JS)
    page.goto(PARTLY_OUT)
    first = page.locator(".choice-input").first
    first.focus()
    with page.expect_response(re.compile("/p/keel-teapot")):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".choice-input:checked").first).to_be_focused()


def test_one_quiet_region_tells_what_happened(store: Store, open_page: Opener) -> None:
    shop = Shop(open_page(DESKTOP_JS))
    shop.open_first_product_to_buy("/search?q=mug")
    region = shop.page.locator("#status[role=status]")
    expect(region).to_have_count(1)
    shop.add_button().click()
    expect(region).to_contain_text(re.compile("cart", re.I))
    shop.page.goto("/search?q=mug")
    with shop.page.expect_response(re.compile("sort=price")):
        shop.page.get_by_label("Sort by").select_option("price")
    expect(region).to_contain_text(re.compile(r"\d+ products", re.I))


@pytest.mark.parametrize("path", ["/", "/search?q=mug", SOLD_OUT, "/cart"])
def test_a_first_visit_is_light(store: Store, open_page: Opener, path: str) -> None:
    bare, whole = weight(open_page(PHONE_JS), path)

    assert bare <= 100_000, f"{path}: {bare} bytes without pictures"
    assert whole <= 250_000, f"{path}: {whole} bytes with pictures"


@pytest.mark.parametrize("kind", [PHONE_JS, DESKTOP_JS], ids=str)
@pytest.mark.parametrize("path", ["/", "/search?q=mug", SOLD_OUT])
def test_nothing_jumps_while_a_page_loads(store: Store, open_page: Opener, kind: Kind, path: str) -> None:
    page = open_page(kind)
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => {"
        " if (!entry.hadRecentInput) window.shift += entry.value; })).observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(path, wait_until="networkidle")
    page.mouse.wheel(0, 2000)
    page.wait_for_timeout(300)

    assert page.evaluate("window.shift") <= 0.02


@pytest.mark.parametrize("path", ["/", "/search?q=mug", SOLD_OUT])
def test_pictures_know_their_size_and_come_when_they_are_seen(store: Store, open_page: Opener, path: str) -> None:
    page = open_page(DESKTOP_JS)
    page.goto(path)
    pictures = page.evaluate("""() => [...document.images].map((at) => ({
        source: at.outerHTML.slice(0, 160), top: at.getBoundingClientRect().top, lazy: at.loading === 'lazy',
        sized: at.hasAttribute('width') && at.hasAttribute('height'), said: at.hasAttribute('alt'),
        kinds: [...(at.closest('picture')?.querySelectorAll('source') ?? [])].map((one) => one.type),
        chosen: !!(at.closest('picture')?.querySelector('source[srcset][sizes]')) }))""")

    assert pictures
    for picture in pictures:
        assert picture["sized"], picture
        assert picture["said"], picture
        assert set(picture["kinds"]) >= {"image/avif", "image/webp"}, picture
        assert picture["chosen"], picture
        assert picture["lazy"] or picture["top"] < 2 * DESKTOP_JS.height, picture
    assert not min(pictures, key=lambda picture: picture["top"])["lazy"], "the first picture must not wait"


@pytest.mark.parametrize("path", [*PAGES, SOLD_OUT, "/c/kitchen", "/nothing"])
def test_a_narrow_screen_never_scrolls_sideways(store: Store, open_page: Opener, path: str) -> None:
    page = open_page(NARROW)
    page.goto(path)

    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW.width


def test_a_purchase_on_a_narrow_screen_never_scrolls_sideways(store: Store, open_page: Opener) -> None:
    shop = with_a_mug(open_page, NARROW)
    page = shop.page

    def look() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW.width, page.url

    look()
    page.goto("/checkout")
    look()
    shop.go_on()  # with the summary of problems
    look()
    shop.fill_details(new_address())
    shop.go_on()
    page.wait_for_url(re.compile("/checkout/delivery"))
    look()
    shop.go_on()
    page.wait_for_url(re.compile("/checkout/review"))
    look()
    pay = shop.place_order()
    look()
    pay.pay()
    shop.placed_order()
    look()


def test_nothing_moves_for_those_who_ask_for_rest(store: Store, open_page: Opener) -> None:
    page = open_page(DESKTOP_JS)  # every page here is opened with reduced motion
    for path in ("/", SOLD_OUT):
        page.goto(path)
        moving = page.evaluate("document.getAnimations().filter((one) => one.playState === 'running').length")
        assert moving == 0, path
        slow = page.evaluate("""() => [...document.querySelectorAll('*')].filter((at) =>
            getComputedStyle(at).transitionDuration.split(',').some((text) => parseFloat(text) > 0.01)).length""")
        assert slow == 0, path


def test_what_is_sold_out_is_said_in_words(store: Store, open_page: Opener) -> None:
    page = open_page(DESKTOP_PLAIN)
    page.goto(SOLD_OUT)

    expect(page.locator(".choice-out").first).to_contain_text("sold out")


def test_delivery_is_told_before_any_form(store: Store, open_page: Opener) -> None:
    shop = Shop(open_page(DESKTOP_PLAIN))
    shop.open_first_product_to_buy("/search?q=mug")
    expect(shop.page.locator(".delivery-notes")).to_contain_text(re.compile(r"arrives \d+ \w{3}"))
    shop.add_to_cart()
    shop.says("Delivery")
    shop.says("Total")
    shop.says(re.compile("tax", re.I))


def test_a_quick_answer_shows_no_sign_of_waiting_and_a_slow_one_does(store: Store, open_page: Opener) -> None:
    page = open_page(DESKTOP_JS)
    page.goto("/search?q=mug")
    shown = "parseFloat(getComputedStyle(document.documentElement, '::after').opacity || 0)"
    drawn = "getComputedStyle(document.documentElement, '::after').content !== 'none'"

    def becomes(condition: str) -> None:  # asked from here: the page's policy forbids code in strings
        deadline = time.monotonic() + 5
        while not page.evaluate(condition):
            assert time.monotonic() < deadline, condition
            time.sleep(0.02)

    held: list[Route] = []
    page.route(re.compile("sort=price"), lambda route: held.append(route))
    page.get_by_label("Sort by").select_option("price")
    becomes(drawn)
    assert page.evaluate("getComputedStyle(document.documentElement, '::after').animationDelay") == "0.2s"
    becomes(f"{drawn} && {shown} === 1")
    held[0].continue_()
    becomes(f"!({drawn})")


def test_a_sold_out_choice_offers_to_tell_when_it_is_back(store: Store, open_page: Opener) -> None:
    for kind, check in ((DESKTOP_JS, _stays), (DESKTOP_PLAIN, _moves)):
        page = open_page(kind)
        page.goto(SOLD_OUT)
        page.get_by_label("Email address").fill("ada@example")  # which a browser takes for an address
        page.get_by_role("button", name="Tell me").click()
        expect(page.locator("#waiting .field-error")).to_be_visible()
        page.get_by_label("Email address").fill(new_address())
        page.get_by_role("button", name="Tell me").click()
        expect(page.locator("#waiting")).to_contain_text("We write to you once")
        check(page)


def _stays(page: Page) -> None:
    assert page.url.endswith(SOLD_OUT)


def _moves(page: Page) -> None:
    expect(page).to_have_url(re.compile("noted=1"))
