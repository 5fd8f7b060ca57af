"""Every template is rendered by a page or a mail that this test asks for; one that nobody renders is dead."""

import io
import re
from pathlib import Path
from typing import Any

import jinja2
import pytest
from pyotp import TOTP
from sqlalchemy import select

from domain.catalog.commands import create_collection, create_type
from domain.catalog.queries import brand_ids, category_ids
from domain.notifications.adapters.templates import prepare, unsubscribe_link
from domain.orders.commands import ask_return, ship
from domain.orders.queries import admin_order
from domain.shared.db import transaction, utcnow
from domain.shared.preferences import OPENED, keep, save_preferences
from domain.users.commands import ask_registration, ask_reset
from domain.users.links import ADDRESS, INVITATION, REGISTRATION, RESET, sign
from domain.users.models import MailedLink, Shopper
from domain.users.queries import open_invitations
from tests.factories.catalog import make_product
from tests.factories.notifications import make_message
from tests.factories.orders import make_order
from tests.factories.reviews import make_review
from tests.factories.users import PASSWORD, make_shopper, make_staff
from web.templates import Templates

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Collect the files of the templates that any environment looks up, the ones they include and import too."""
    seen: set[str] = set()

    def watch(kind: type[jinja2.Environment]) -> None:
        get = kind.get_template

        def note(self: jinja2.Environment, *named: Any, **more: Any) -> jinja2.Template:
            template = get(self, *named, **more)
            seen.add(str(template.filename))
            return template

        monkeypatch.setattr(kind, "get_template", note)

    watch(jinja2.Environment)
    watch(Templates)
    return seen


def test_every_template_is_rendered(storefront, admin, sessions, settings, rendered) -> None:
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", slug="mug", title="Mug", on_hand=9)
        make_product(tx, sku="JUG", slug="jug", title="Jug", on_hand=0)
        order = make_order(tx, sku="MUG", paid=True)
        sent = make_order(tx, sku="MUG", paid=True)
        ship(tx, order_id=sent.order_id, actor="staff", carrier="An Post", tracking_number="1")
        line = admin_order(tx, sent.number).lines[0].id
        back = ask_return(
            tx, order_id=sent.order_id, quantities={line: 1}, reason="Too small", actor="shopper", now=utcnow(), days=30
        )
        review = make_review(tx, mug, email="grace@example.com")
        summer = create_collection(tx, title="Summer", published=True)
        kind = create_type(tx, name="Mug")
        owner = make_staff(tx, email="owner@example.com", role="owner")
        ada = make_shopper(tx, email="ada@example.com").id
        message = make_message(tx)
        ask_registration(tx, email="new@example.com", password=PASSWORD, name="", browser="", now=utcnow())
        ask_reset(tx, email="ada@example.com", now=utcnow())
        save_preferences(tx, {"legal_terms": "With tax."}, settings=settings)
    with transaction(sessions) as tx:
        links = {row.purpose: str(row.id) for row in tx.scalars(select(MailedLink))}
    key = settings.secret_key.get_secret_value()
    opened, reset = (sign(key, purpose=one, subject=links[one]) for one in (REGISTRATION, RESET))
    for path in ("/", "/api/v1/docs", "/search", "/collections/summer", "/brands", "/brands/hearth-co",
                 "/p/mug", "/p/jug", "/cart", "/sign-in",
                 "/legal/terms", "/register", "/register/sent", "/password/forgotten", "/password/new?token=x",
                 f"/password/new?token={reset}",
                 f"/register/confirmation?token={opened}", "/nothing",
                 f"/orders/{order.number}?key={order.access_key}"):  # fmt: skip
        storefront.get(path)
    storefront.post("/cart/lines", data={"sku": "MUG", "quantity": "1"})
    for part in ("cancellation", "returns"):
        storefront.get(f"/orders/{order.number}/{part}?key={order.access_key}")
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    storefront.get("/cart/badge", headers=part)
    storefront.get("/search/suggestions?q=mu", headers=part)
    storefront.get("/search?q=nothinglikethat")
    storefront.post("/checkout/details", data={
        "email": "ada@example.com", "name": "Ada", "line1": "1 Row", "city": "Dublin", "postcode": "D02 X285",
        "country": "IE",
    })  # fmt: skip
    for path in ("/checkout/details", "/checkout/delivery"):
        storefront.get(path)
    storefront.post("/checkout/delivery", data={"method": "standard"})
    storefront.get("/checkout/review")
    storefront.post("/sign-in", data={"email": "ada@example.com", "password": PASSWORD})
    storefront.post("/account/email", data={"email": "new@example.com", "present": PASSWORD})
    storefront.post("/account/second-step")
    with transaction(sessions) as tx:
        address = tx.scalars(select(MailedLink.id).where(MailedLink.purpose == ADDRESS)).one()
        secret = tx.scalars(select(Shopper.totp_secret)).one()
    for path in ("/account", "/account/sign-ins", "/account/addresses", "/account/addresses/new", "/account/details",
                 "/account/second-step", "/account/data", "/account/data/gone",
                 f"/account/email/confirmation?token={sign(key, purpose=ADDRESS, subject=str(address))}"):  # fmt: skip
        storefront.get(path)
    storefront.get("/account/messages")
    storefront.post("/wishlist/items", data={"sku": "MUG"})
    storefront.post("/wishlist/sharing")
    shared = re.search(r"/wishlists/[\w-]+", storefront.get("/wishlist").text).group()
    for path in (shared, "/account/reviews", "/p/mug/suggestions", "/recently-viewed?slugs=mug",
                 "/cart/suggestions", "/p/mug/reviews", "/p/mug/review",
                 f"/orders/{order.number}/reviews?key={order.access_key}"):  # fmt: skip
        storefront.get(path)
    storefront.get(f"/orders/{order.number}/opinion?key={order.access_key}")
    leave = unsubscribe_link(settings, template="review_request", to="ada@example.com") or ""
    storefront.get(leave.removeprefix(settings.storefront_url))
    storefront.post("/account/second-step/confirmation", data={"code": TOTP(secret).now()})
    storefront.post("/sign-out")
    storefront.post("/sign-in", data={"email": "ada@example.com", "password": PASSWORD})
    storefront.get("/sign-in/code")

    admin.get("/sign-in")
    admin.post("/sign-in", data={"email": "owner@example.com", "password": PASSWORD})
    with sessions() as reading:
        category, brand = category_ids(reading)["kitchen"], brand_ids(reading)["hearth-co"]
    for part in ("", "/pictures", "/sale", "/related", "/history", f"/variants/{mug.variant_id}"):
        admin.get(f"/products/{mug.id}{part}")
    for path in ("/products/new", f"/products/bulk?id={mug.id}", "/categories", f"/categories/{category}", "/brands",
                 f"/brands/{brand}", "/product-types", f"/product-types/{kind}", "/collections",
                 f"/collections/{summer}", "/inventory/stocktake", "/inventory/value"):  # fmt: skip
        admin.get(path)
    for path in ("/", "/orders", f"/orders/{order.number}", f"/orders/{order.number}/cancellation", "/products",
                 f"/products/{mug.id}", "/inventory", f"/inventory/{mug.variant_id}", "/returns", f"/returns/{back}",
                 f"/orders/{order.number}/refunds", "/jobs", "/promotions", "/promotions/new", "/nothing", "/tax",
                 "/tax/IE", "/delivery", "/delivery/zones/new", "/delivery/methods/standard", "/log", "/reports",
                 "/settings/closing", "/settings", "/settings/legal", "/settings/logo", "/settings/payment",
                 "/settings/senders",
                 "/staff", f"/staff/{owner}", "/staff/roles", "/staff/roles/support", "/staff/invitations/new",
                 f"/orders/bulk?action=tag&order={order.number}", f"/orders/pick-list?order={order.number}",
                 "/customers", f"/customers/{ada}", f"/customers/{ada}/deletion",
                 "/me", "/keys", "/api/v1/docs", "/reviews", f"/reviews/{review}",
                 f"/reviews/bulk?action=refuse&chosen={review}"):  # fmt: skip
        admin.get(path)
    admin.post("/keys", data={"name": "Scanner", "days": "30", "scopes": "orders:read"})
    for path in ("", "/kinds", "/kinds/order_placed", f"/{message}", "/stopped", "/stopped/lifting", "/alerts"):
        admin.get(f"/notifications{path}")
    admin.get(admin.post("/orders/exports").location)
    admin.get(f"{re.search(r'/categories/[0-9a-f-]{36}', admin.get('/categories').text).group()}/removal")
    admin.get("/products/imports")
    admin.post("/synonyms", data={"terms": "mug, cup"})
    admin.get(re.search(r"/synonyms/[\w-]+", admin.get("/synonyms").text).group())
    file = (io.BytesIO(b"Handle,Title,Variant SKU,Variant Price\nx,X,X-1,1.234\n"), "x.csv")
    admin.get(admin.post("/products/imports", data={"file": file, "stock": "new"}).location)
    admin.post("/staff/invitations", data={"email": "new@example.com", "name": "New", "role": "support"})
    with sessions() as reading:
        [invitation] = open_invitations(reading, now=utcnow())
    token = sign(settings.secret_key.get_secret_value(), purpose=INVITATION, subject=str(invitation.id))
    stranger = admin.application.test_client()
    stranger.get("/invitation", query_string={"token": token})
    stranger.post("/invitation", query_string={"token": token}, data={"name": "New", "password": PASSWORD})
    stranger.get("/sign-in/second-factor")
    page = stranger.post("/sign-in/second-factor/secret").text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
    stranger.post("/sign-in/second-factor", data={"code": TOTP(secret).now()})
    stranger.post("/sign-out")
    stranger.post("/sign-in", data={"email": "new@example.com", "password": PASSWORD})
    stranger.get("/sign-in/code")

    with transaction(sessions) as tx:
        keep(tx, {OPENED: "no"})
    storefront.application.extensions["preferences"].forget()
    storefront.get("/")
    admin.get("/start")
    admin.get("/start/place")

    prepare(settings)
    files = {str(path) for path in TEMPLATES.rglob("*") if path.is_file()}
    assert sorted(str(Path(name).relative_to(TEMPLATES)) for name in files - rendered) == []
