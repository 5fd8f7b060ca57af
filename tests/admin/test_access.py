"""Every route against every role, from one table."""

import re
from uuid import uuid4

import pytest

from admin.access import EVERYBODY, STAFF, permission_of
from domain.users.roles import STARTING_ROLES, can

ROUTES = {
    ("GET", "/static/<version>/<path:path>"): EVERYBODY,
    ("GET", "/media/<path:key>"): EVERYBODY,
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/sign-in"): EVERYBODY,
    ("POST", "/sign-in"): EVERYBODY,
    ("POST", "/sign-out"): STAFF,
    ("GET", "/"): "dashboard:read",
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
    ("GET", "/products"): "products:read",
    ("GET", "/products/<uuid:product_id>"): "products:read",
    ("POST", "/products/<uuid:product_id>"): "products:write",
    ("GET", "/promotions"): "promotions:read",
    ("GET", "/promotions/new"): "promotions:write",
    ("POST", "/promotions"): "promotions:write",
    ("GET", "/promotions/<uuid:promotion_id>"): "promotions:read",
    ("POST", "/promotions/<uuid:promotion_id>"): "promotions:write",
    ("POST", "/promotions/<uuid:promotion_id>/end"): "promotions:write",
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
    ("GET", "/tax"): "settings:write",
    ("POST", "/tax/sets"): "settings:write",
    ("GET", "/tax/<country>"): "settings:write",
    ("POST", "/tax/rates"): "settings:write",
    ("POST", "/tax/rates/removal"): "settings:write",
    ("GET", "/jobs"): "jobs:read",
    ("POST", "/jobs/<job_id>/retry"): "jobs:retry",
    ("POST", "/jobs/<job_id>/removal"): "jobs:retry",
}
"""Who may use which route: all routes there are."""

ROLES = {role.name: role.permissions for role in STARTING_ROLES}


def paths():
    """Every route with a concrete path: nothing of that name exists, so a permitted request finds nothing."""
    for (method, rule), permission in ROUTES.items():
        path = (
            rule.replace("<number>", "NONE")
            .replace("<job_id>", "none")
            .replace("<code>", "none")
            .replace("<country>", "ZZ")
        )
        path = re.sub(r"<uuid:\w+>", lambda _: str(uuid4()), path).replace("<name>", "none")
        if "<" not in path and permission not in (EVERYBODY, STAFF):
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


def test_an_unknown_page_says_so_within_the_admin(staff):
    page = staff("owner").get("/nowhere")

    assert page.status_code == 404
    assert "We cannot find this page" in page.text
    assert "Sign out" in page.text
