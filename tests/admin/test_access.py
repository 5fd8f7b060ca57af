"""Every route against every role, from one table."""

import re
from uuid import uuid4

import pytest

from admin.access import EVERYBODY, STAFF, permission_of
from admin.areas import GROUPS
from domain.users.roles import STARTING_ROLES, can
from tests.admin.routes_of_api import ROUTES_OF_API
from tests.admin.routes_of_settings import ROUTES_OF_SETTINGS

ROUTES = {
    **ROUTES_OF_API,
    **ROUTES_OF_SETTINGS,
    ("GET", "/static/<version>/<path:path>"): EVERYBODY,
    ("GET", "/media/<path:key>"): EVERYBODY,
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/sign-in"): EVERYBODY,
    ("POST", "/sign-in"): EVERYBODY,
    ("POST", "/sign-out"): STAFF,
    ("GET", "/"): "dashboard:read",
    ("GET", "/customers"): "customers:read",
    ("GET", "/customers/<uuid:customer_id>"): "customers:read",
    ("GET", "/customers/<uuid:customer_id>/deletion"): "customers:write",
    ("POST", "/customers/<uuid:customer_id>/file"): "customers:write",
    ("POST", "/products/<uuid:product_id>/variants/<uuid:variant_id>/removal"): "products:write",
    ("POST", "/products/<uuid:product_id>/variants/<uuid:variant_id>/return"): "products:write",
    ("GET", "/orders/bulk"): "orders:read",
    ("GET", "/orders/invoices.pdf"): "orders:read",
    ("GET", "/orders/pick-list"): "orders:read",
    ("GET", "/orders/slips.pdf"): "orders:read",
    ("POST", "/customers/<uuid:customer_id>/block"): "customers:write",
    ("POST", "/customers/<uuid:customer_id>/deletion"): "customers:write",
    ("POST", "/customers/<uuid:customer_id>/note"): "customers:write",
    ("POST", "/customers/<uuid:customer_id>/unblock"): "customers:write",
    ("POST", "/orders/<number>/notes"): "orders:note",
    ("POST", "/orders/<number>/tags"): "orders:note",
    ("POST", "/orders/<number>/tags/removal"): "orders:note",
    ("POST", "/orders/bulk"): "orders:read",
    ("GET", "/orders"): "orders:read",
    ("GET", "/orders/<number>"): "orders:read",
    ("POST", "/orders/<number>/packing"): "orders:ship",
    ("POST", "/orders/<number>/shipments"): "orders:ship",
    ("POST", "/orders/<number>/delivery"): "orders:ship",
    ("GET", "/orders/<number>/cancellation"): "orders:cancel",
    ("POST", "/orders/<number>/cancellation"): "orders:cancel",
    ("GET", "/orders/<number>/refunds"): "orders:refund",
    ("POST", "/orders/<number>/refunds"): "orders:refund",
    ("GET", "/returns"): "orders:read",
    ("GET", "/returns/<uuid:return_id>"): "orders:read",
    ("POST", "/returns/<uuid:return_id>/decision"): "orders:refund",
    ("POST", "/returns/<uuid:return_id>/receipt"): "orders:refund",
    ("POST", "/orders/<number>/payments/<uuid:payment_id>/confirmation"): "payments:confirm",
    ("POST", "/orders/<number>/refunds/<uuid:refund_id>/confirmation"): "payments:confirm",
    ("GET", "/orders/<number>/slip"): "orders:read",
    ("GET", "/orders/<number>/papers/<code>"): "orders:read",
    ("GET", "/products/imports"): "products:write",
    ("POST", "/products/imports"): "products:write",
    ("GET", "/products/imports/<uuid:import_id>"): "products:write",
    ("GET", "/products/imports/<uuid:import_id>/report.csv"): "products:write",
    ("POST", "/products/imports/<uuid:import_id>/start"): "products:write",
    ("POST", "/products/imports/<uuid:import_id>/continuation"): "products:write",
    ("POST", "/products/imports/<uuid:import_id>/stop"): "products:write",
    ("GET", "/products"): "products:read",
    ("GET", "/products/<uuid:product_id>"): "products:read",
    ("POST", "/products/<uuid:product_id>"): "products:write",
    ("GET", "/reviews"): "reviews:read",
    ("GET", "/reviews/<uuid:review_id>"): "reviews:read",
    ("POST", "/reviews/<uuid:review_id>/reply"): "reviews:write",
    ("GET", "/promotions"): "promotions:read",
    ("GET", "/promotions/new"): "promotions:write",
    ("POST", "/promotions"): "promotions:write",
    ("GET", "/promotions/<uuid:promotion_id>"): "promotions:read",
    ("POST", "/promotions/<uuid:promotion_id>"): "promotions:write",
    ("POST", "/promotions/<uuid:promotion_id>/end"): "promotions:write",
    ("GET", "/brands"): "products:read",
    ("POST", "/brands"): "products:write",
    ("GET", "/brands/<uuid:brand_id>"): "products:read",
    ("POST", "/brands/<uuid:brand_id>"): "products:write",
    ("GET", "/categories"): "products:read",
    ("POST", "/categories"): "products:write",
    ("GET", "/categories/<uuid:category_id>"): "products:read",
    ("POST", "/categories/<uuid:category_id>"): "products:write",
    ("GET", "/categories/new"): "products:write",
    ("GET", "/collections"): "products:read",
    ("POST", "/collections"): "products:write",
    ("GET", "/collections/<uuid:collection_id>"): "products:read",
    ("POST", "/collections/<uuid:collection_id>"): "products:write",
    ("POST", "/collections/<uuid:collection_id>/products"): "products:write",
    ("GET", "/collections/new"): "products:write",
    ("GET", "/inventory/stocktake"): "inventory:write",
    ("POST", "/inventory/stocktake"): "inventory:write",
    ("GET", "/inventory/value"): "inventory:read",
    ("GET", "/product-types"): "products:read",
    ("POST", "/product-types"): "products:write",
    ("GET", "/product-types/<uuid:type_id>"): "products:read",
    ("POST", "/product-types/<uuid:type_id>"): "products:write",
    ("GET", "/product-types/new"): "products:write",
    ("POST", "/products"): "products:write",
    ("POST", "/products/<uuid:product_id>/copies"): "products:write",
    ("GET", "/products/<uuid:product_id>/history"): "products:read",
    ("GET", "/products/<uuid:product_id>/pictures"): "products:read",
    ("POST", "/products/<uuid:product_id>/pictures"): "products:write",
    ("POST", "/products/<uuid:product_id>/pictures/order"): "products:write",
    ("GET", "/products/<uuid:product_id>/related"): "products:read",
    ("POST", "/products/<uuid:product_id>/related"): "products:write",
    ("GET", "/products/<uuid:product_id>/sale"): "products:read",
    ("POST", "/products/<uuid:product_id>/sale"): "products:write",
    ("POST", "/products/<uuid:product_id>/variants"): "products:write",
    ("GET", "/products/<uuid:product_id>/variants/<uuid:variant_id>"): "products:read",
    ("POST", "/products/<uuid:product_id>/variants/<uuid:variant_id>"): "products:write",
    ("GET", "/products/bulk"): "products:write",
    ("POST", "/products/bulk"): "products:write",
    ("GET", "/products/new"): "products:write",
    ("GET", "/inventory"): "inventory:read",
    ("GET", "/inventory/<uuid:variant_id>"): "inventory:read",
    ("POST", "/inventory/<uuid:variant_id>/receipts"): "inventory:write",
    ("POST", "/inventory/<uuid:variant_id>/counts"): "inventory:write",
    ("POST", "/inventory/<uuid:variant_id>/selling"): "inventory:write",
    ("GET", "/delivery"): "shipping:write",
    ("GET", "/delivery/zones/new"): "shipping:write",
    ("POST", "/delivery/zones"): "shipping:write",
    ("GET", "/delivery/zones/<code>"): "shipping:write",
    ("POST", "/delivery/zones/<code>"): "shipping:write",
    ("POST", "/delivery/zones/<code>/removal"): "shipping:write",
    ("GET", "/delivery/zones/<code>/methods/new"): "shipping:write",
    ("POST", "/delivery/zones/<code>/methods"): "shipping:write",
    ("GET", "/delivery/methods/<code>"): "shipping:write",
    ("POST", "/delivery/methods/<code>"): "shipping:write",
    ("POST", "/delivery/methods/<code>/removal"): "shipping:write",
    ("GET", "/log"): "audit:read",
    ("GET", "/notifications"): "notifications:read",
    ("GET", "/notifications/<uuid:message_id>"): "notifications:read",
    ("POST", "/notifications/<uuid:message_id>/copies"): "notifications:send",
    ("GET", "/notifications/kinds"): "notifications:read",
    ("GET", "/notifications/kinds/<template>"): "notifications:read",
    ("GET", "/notifications/kinds/<template>/letter"): "notifications:read",
    ("POST", "/notifications/kinds/<template>/tests"): "notifications:send",
    ("POST", "/notifications/kinds/<template>/switch"): "notifications:write",
    ("GET", "/notifications/stopped"): "notifications:read",
    ("POST", "/notifications/stopped"): "notifications:write",
    ("GET", "/notifications/stopped/lifting"): "notifications:write",
    ("POST", "/notifications/stopped/lifting"): "notifications:write",
    ("GET", "/notifications/alerts"): "notifications:read",
    ("POST", "/notifications/alerts"): "notifications:write",
    ("GET", "/sign-in/code"): EVERYBODY,
    ("POST", "/sign-in/code"): EVERYBODY,
    ("GET", "/sign-in/second-factor"): EVERYBODY,
    ("POST", "/sign-in/second-factor"): EVERYBODY,
    ("POST", "/sign-in/second-factor/secret"): EVERYBODY,
    ("GET", "/invitation"): EVERYBODY,
    ("POST", "/invitation"): EVERYBODY,
    ("GET", "/staff"): "staff:read",
    ("GET", "/staff/<uuid:staff_id>"): "staff:read",
    ("POST", "/staff/<uuid:staff_id>/role"): "staff:write",
    ("POST", "/staff/<uuid:staff_id>/block"): "staff:write",
    ("POST", "/staff/<uuid:staff_id>/unblock"): "staff:write",
    ("POST", "/staff/<uuid:staff_id>/sign-out"): "staff:write",
    ("POST", "/staff/<uuid:staff_id>/second-factor/reset"): "staff:write",
    ("GET", "/staff/invitations/new"): "staff:write",
    ("POST", "/staff/invitations"): "staff:write",
    ("POST", "/staff/invitations/<uuid:invitation_id>/removal"): "staff:write",
    ("GET", "/staff/roles"): "staff:read",
    ("GET", "/staff/roles/new"): "roles:write",
    ("POST", "/staff/roles"): "roles:write",
    ("GET", "/staff/roles/<name>"): "roles:write",
    ("POST", "/staff/roles/<name>"): "roles:write",
    ("GET", "/me"): STAFF,
    ("POST", "/me/password"): STAFF,
    ("POST", "/me/recovery-codes"): STAFF,
    ("POST", "/me/sign-ins/<uuid:session_id>/end"): STAFF,
    ("GET", "/synonyms"): "products:write",
    ("POST", "/synonyms"): "products:write",
    ("GET", "/synonyms/<uuid:synonym_id>"): "products:write",
    ("POST", "/synonyms/<uuid:synonym_id>"): "products:write",
    ("POST", "/synonyms/<uuid:synonym_id>/removal"): "products:write",
    ("GET", "/tax"): "settings:write",
    ("POST", "/tax/sets"): "settings:write",
    ("GET", "/tax/<country>"): "settings:write",
    ("POST", "/tax/rates"): "settings:write",
    ("POST", "/tax/rates/removal"): "settings:write",
    ("GET", "/reports"): "reports:read",
    ("GET", "/reports/<name>.csv"): "reports:read",
    ("GET", "/news"): "staff",
    ("GET", "/jobs"): "jobs:read",
    ("POST", "/jobs/<job_id>/retry"): "jobs:retry",
    ("POST", "/jobs/<job_id>/removal"): "jobs:retry",
    ("GET", "/keys"): "keys:write",
    ("POST", "/keys"): "keys:write",
    ("POST", "/keys/<uuid:key_id>/end"): "keys:write",
}
"""Who may use which route: all routes there are, with those that follow."""
for place, needed in (
    ("orders", "orders:read"), ("customers", "customers:write"), ("products", "products:read"),
    ("inventory", "inventory:read"), ("inventory/movements", "inventory:read"), ("returns", "orders:read"),
    ("promotions", "promotions:read"), ("reviews", "reviews:read"), ("notifications", "notifications:write"),
    ("notifications/stopped", "notifications:write"), ("log", "audit:read"),
):  # fmt: skip
    ROUTES[("POST", f"/{place}/exports")] = needed
    ROUTES[("GET", f"/{place}/exports/<uuid:export_id>")] = needed
    ROUTES[("POST", f"/{place}/exports/<uuid:export_id>/file")] = needed
for place, needed in (
    ("reviews", "reviews:write"), ("promotions", "promotions:write"), ("notifications", "notifications:send"),
    ("notifications/stopped", "notifications:write"), ("jobs", "jobs:retry"),
):  # fmt: skip
    ROUTES |= dict.fromkeys(((method, f"/{place}/bulk") for method in ("GET", "POST")), needed)
for place in ("categories", "brands", "collections", "product-types"):
    ROUTES |= dict.fromkeys(((method, f"/{place}/<uuid:id_>/removal") for method in ("GET", "POST")), "products:write")

ROLES = {role.name: role.permissions for role in STARTING_ROLES}


def paths():
    """Every route of the pages with a concrete path: nothing of that name exists, so a permitted request finds nothing.

    The API asks for a key instead of a sign-in: `test_api.py` walks through it.
    """
    for (method, rule), permission in ROUTES.items():
        path = (
            rule.replace("<number>", "NONE")
            .replace("<job_id>", "none")
            .replace("<code>", "none")
            .replace("<country>", "ZZ")
        )
        path = re.sub(r"<uuid:\w+>", lambda _: str(uuid4()), path).replace("<name>", "none")
        if "<" not in path and permission not in (EVERYBODY, STAFF) and not rule.startswith("/api/"):
            yield method, path, permission


def test_the_table_lists_every_route_and_each_names_its_permission(app):
    found = {
        (method, rule.rule): permission_of(app, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert found == ROUTES


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_may_do_what_the_table_says_and_nothing_else(staff, role):
    client = staff(role)

    for method, path, permission in paths():
        status = client.open(path, method=method).status_code
        allowed = can(ROLES[role], permission)
        assert (status != 403) == allowed, f"{role}: {method} {path} answered {status}"
        assert status < 500, f"{role}: {method} {path} answered {status}"


def test_a_stranger_is_sent_to_sign_in_everywhere(app):
    client = app.test_client()

    for method, path, _ in paths():
        response = client.open(path, method=method)
        assert response.status_code == 303, f"{method} {path}"
        assert response.location.startswith("/sign-in"), f"{method} {path}"


def test_a_route_without_a_permission_is_refused_to_all(app, staff):
    app._got_first_request = False  # Flask adds no route after the first request: this one comes late on purpose
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    owner = staff("owner")

    assert app.test_client().get("/forgotten").status_code == 303
    refused = owner.get("/forgotten")
    assert refused.status_code == 403
    assert "secret" not in refused.text


def test_the_navigation_shows_only_what_the_role_may_see(staff):
    page = staff("catalogue").get("/").text

    assert 'href="/products"' in page
    assert 'href="/inventory"' in page
    assert 'href="/orders"' not in page
    assert 'href="/jobs"' not in page
    assert "Catalogue" in page
    assert "System" not in page


def test_every_place_of_the_navigation_takes_the_permission_of_its_page(app):
    for place in (place for group in GROUPS for place in group.areas):
        assert permission_of(app, place.endpoint) == place.permission, place.label
        assert set(place.also) <= set(app.blueprints), place.label


def test_a_page_below_another_marks_the_place_it_belongs_to(staff):
    page = staff("owner").get("/products/imports").text

    assert re.findall(r'aria-current="?(\w+)"?>([^<]+)</a>', page)[:1] == [("true", "Products")]


def test_an_unknown_page_says_so_within_the_admin(staff):
    page = staff("owner").get("/nowhere")

    assert page.status_code == 404
    assert "We cannot find this page" in page.text
    assert "Sign out" in page.text
