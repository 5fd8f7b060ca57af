"""Where each page of the admin is to be seen in a store: what stands for the parameters of its address."""

import re
from collections.abc import Mapping

from playwright.sync_api import expect

from cli.shopper import Shopper, words_of
from tests.journeys.pages import Admin
from tests.journeys.steps import buy
from tests.journeys.store import Store

NO_PAGES = {
    "/api/v1/inventory": "JSON, for whoever has a key",
    "/api/v1/inventory/<uuid:variant_id>": "JSON, for whoever has a key",
    "/api/v1/inventory/<uuid:variant_id>/movements": "JSON, for whoever has a key",
    "/api/v1/openapi.json": "JSON",
    "/api/v1/orders": "JSON, for whoever has a key",
    "/api/v1/orders/<number>": "JSON, for whoever has a key",
    "/api/v1/products": "JSON, for whoever has a key",
    "/api/v1/products/<uuid:product_id>": "JSON, for whoever has a key",
    "/api/v1/returns": "JSON, for whoever has a key",
    "/api/v1/returns/<uuid:return_id>": "JSON, for whoever has a key",
    "/healthz": "a word for machines",
    "/readyz": "a word for machines",
    "/media/<path:key>": "a picture",
    "/static/<version>/<path:path>": "a file",
    "/news": "a part of the page that is open",
    "/notifications/kinds/<template>/letter": "the letter itself, which is shown in a frame",
    "/orders/<number>/papers/<code>": "a PDF",
    "/orders/<number>/slip": "a PDF",
    "/orders/invoices.pdf": "a PDF",
    "/orders/slips.pdf": "a PDF",
    "/products/imports/<uuid:import_id>/report.csv": "a file",
    "/reports/<name>.csv": "a file",
    "/start/look": "leads into the shop",
}
"""Addresses that answer with something else than a page of the admin."""

BEFORE_SIGN_IN = ("/invitation", "/sign-in", "/sign-in/code", "/sign-in/second-factor")
"""Pages of somebody who is not signed in yet: a journey of its own goes through them."""

OTHERWISE = {
    "/brands/<uuid:id_>/removal": ["/brands/{brand_id}/removal"],
    "/categories/<uuid:id_>/removal": ["/categories/{category_id}/removal"],
    "/collections/<uuid:id_>/removal": ["/collections/{collection_id}/removal"],
    "/delivery/methods/<code>": ["/delivery/methods/{method}"],
    "/delivery/zones/<code>": ["/delivery/zones/{zone}"],
    "/delivery/zones/<code>/methods/new": ["/delivery/zones/{zone}/methods/new"],
    "/jobs/bulk": ["/jobs/bulk?action=retry&chosen=none"],
    "/notifications/bulk": ["/notifications/bulk?action=again&chosen={message_id}"],
    "/notifications/stopped/bulk": ["/notifications/stopped/bulk?action=lift&chosen=a@example.com"],
    "/notifications/stopped/lifting": ["/notifications/stopped/lifting?email=a@example.com"],
    "/orders/bulk": [f"/orders/bulk?action={action}&order={{number}}" for action in ("pack", "slips", "tag")],
    "/orders/pick-list": ["/orders/pick-list?order={number}"],
    "/product-types/<uuid:id_>/removal": ["/product-types/{type_id}/removal"],
    "/products/bulk": ["/products/bulk?id={product_id}", "/products/bulk?id={product_id}&action=price&percent=5"],
    "/promotions/bulk": ["/promotions/bulk?action=end&chosen={promotion_id}"],
    "/reviews/bulk": [f"/reviews/bulk?action={action}&chosen={{review_id}}" for action in ("publish", "refuse")],
    "/staff/roles/<name>": ["/staff/roles/support"],
    "/start/<step>": [f"/start/{step}" for step in ("place", "money", "delivery", "payment", "goods", "tax")],
    "/tax/<country>": ["/tax/IE", "/tax/NO"],
}
"""Addresses that need more than a sample for each of their parameters, or that show several pages."""

SAMPLES = {
    "brand_id": "SELECT id FROM catalog.brands ORDER BY id",
    "category_id": "SELECT id FROM catalog.categories ORDER BY id",
    "collection_id": "SELECT id FROM catalog.collections ORDER BY id",
    "customer_id": "SELECT id FROM users.shoppers WHERE email = 'shopper@cornershop.test'",
    "import_id": "SELECT id FROM catalog.imports ORDER BY created_at DESC",
    "message_id": "SELECT id FROM notifications.messages WHERE channel = 'email' ORDER BY id DESC",
    "method": "SELECT code FROM orders.delivery_methods ORDER BY code",
    "product_id": "SELECT product_id FROM catalog.variants WHERE sku = 'SAL-KEEL-RUS'",
    "promotion_id": "SELECT id FROM promotions.promotions ORDER BY id",
    "return_id": "SELECT id FROM orders.returns ORDER BY created_at DESC",
    "review_id": "SELECT id FROM reviews.reviews ORDER BY id",
    "staff_id": "SELECT id FROM users.staff WHERE email = 'support@cornershop.test'",
    "synonym_id": "SELECT id FROM catalog.synonyms ORDER BY id",
    "template": "SELECT 'order_placed'",
    "type_id": "SELECT id FROM catalog.product_types ORDER BY id",
    "variant_id": "SELECT id FROM catalog.variants WHERE sku = 'SAL-KEEL-RUS'",
    "zone": "SELECT code FROM orders.delivery_zones ORDER BY code",
}
"""What to look up in the database for a parameter of this name; the first row is taken."""


EXPORT = "/exports/<uuid:export_id>"
"""How the address of a list that is taken along as a file ends; what is before it is the list's own."""


def addresses(rules: list[str], found: Mapping[str, str]) -> list[str]:
    """Return where the pages behind these rules are to be seen; fails with what to add for a new one."""
    known = {*NO_PAGES, *BEFORE_SIGN_IN}
    stale = (known | set(OTHERWISE)) - set(rules)
    assert stale == set(), "tests/journeys/samples.py tells of addresses that are gone"
    paths, without = [], []
    for rule in rules:
        if rule in known:
            continue
        named = rule.replace("<uuid:export_id>", f"<{rule.removesuffix(EXPORT)}>") if rule.endswith(EXPORT) else rule
        for path in OTHERWISE.get(rule, [re.sub(r"<(?:\w+:)?([\w/]+)>", r"{\1}", named)]):
            missing = set(re.findall(r"{([\w/]+)}", path)) - set(found)
            without += [f"{rule}: {name}" for name in sorted(missing)]
            paths.append(path if missing else path.format_map(found))
    assert without == [], (
        f"Nobody would look at these pages, for they have no sample: {without}. In tests/journeys/samples.py, add what"
        " stands for the parameter to SAMPLES, an address to OTHERWISE, or to NO_PAGES the reason why it is no page."
    )
    return paths


def names(rules: list[str]) -> set[str]:
    """Return the names of all samples that `look_up` finds."""
    return {*SAMPLES, "number", *_exported(rules)}


def look_up(store: Store, admin: Admin, rules: list[str]) -> dict[str, str]:
    """Return a sample of everything; `admin` is somebody who may do all, and makes what the store lacks."""
    bought = buy(store, {"ALD-DISH-HEAD": 1})
    store.wait_for_mail(bought.email, f"Your order {bought.number}")
    _send_back(store, admin)
    _send(store, admin, "/synonyms", terms="mug, cup")
    _bring(store, admin)
    found = {"number": bought.number}
    for name, statement in SAMPLES.items():
        rows = store.rows(f"{statement} LIMIT 1")
        assert rows, f"The store has no {name}"
        found[name] = str(rows[0][0])
    for place in _exported(rules):
        found[place] = _send(store, admin, f"{place}/exports", variant=found["variant_id"]).rpartition("/")[2]
    return found


def _exported(rules: list[str]) -> list[str]:
    return [rule.removesuffix(EXPORT) for rule in rules if rule.endswith(EXPORT)]


def _send(store: Store, admin: Admin, path: str, **values: str) -> str:
    """Send a form of the admin and return the address it leads to."""
    home = store.admin_url
    answer = admin.page.request.post(f"{home}{path}", form={**values}, headers={"Origin": home})
    assert answer.ok, f"{path}: {answer.status}"
    return answer.url


def _bring(store: Store, admin: Admin) -> None:
    """Have a file of products looked through, which holds a row that is wrong."""
    rows = b"Handle,Title,Variant SKU,Variant Price\nsample,Sample,SAMPLE-1,4.50\nother,Other,SAMPLE-2,dear\n"
    admin.page.goto("/products/imports")
    admin.page.get_by_label("File", exact=True).set_input_files(
        {"name": "sample.csv", "mimeType": "text/csv", "buffer": rows}
    )
    admin.page.locator("main form button").first.click()
    admin.page.wait_for_url(re.compile("/products/imports/[0-9a-f-]{36}$"))


def _send_back(store: Store, admin: Admin) -> None:
    """Have a shopper ask to send something back."""
    bought = buy(store, {"ALD-DISH-HEAD": 1})
    admin.open_order(bought.number)
    admin.ship("An Post", "CE000000009IE")
    admin.press("Mark as delivered")
    expect(admin.page.locator(".heading")).to_contain_text("Delivered")
    guest = Shopper(store.base_url)
    asked = guest.open(bought.url.replace(f"/orders/{bought.number}", f"/orders/{bought.number}/returns"))
    answer = guest.submit(asked.form("/returns"), reason="It does not fit my brush")
    assert answer.status == 200, words_of(answer)
