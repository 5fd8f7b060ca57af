"""Every form of both apps takes whatever is typed into it: it answers, and never with a failure of ours."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies
from werkzeug.datastructures import MultiDict

from domain.cart.commands import add_line
from domain.orders.commands import ask_return, ship
from domain.orders.queries import admin_order
from domain.shared.db import transaction, utcnow
from tests.factories.catalog import make_product
from tests.factories.notifications import make_message
from tests.factories.orders import make_order
from tests.factories.promotions import make_promotion
from tests.factories.reviews import make_review
from tests.factories.users import PASSWORD, make_shopper, make_staff
from tests.security.forms import Form, forms_of
from web.csrf import SAFE

NASTY = (
    "", " ", "0", "-1", "1e309", "NaN", "٣", "²", "9" * 30, "1" * 5000, "0.001", "1,5", "\x00", "a\x00b", "\r\nX: y",
    "%00", "%", "'", "''; DROP TABLE orders.orders; --", "\" onload=\"x", "<script>alert(1)</script>", "{{ 7 * 7 }}",
    "${7*7}", "\\", "../../etc", "😀" * 60, "e\u0301", "\u202e", "\ufeff", "\ud7ff", "ﬃ", "İ", "ß", "x@y", "a@b.test",
    "2026-02-30", "0000-00-00", "9999-12-31", "24:61", "true", "on", "null", "[]", "{}", "MUG", "EUR", "IE", "owner",
    "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
VALUES = strategies.one_of(
    strategies.sampled_from(NASTY),
    strategies.text(max_size=40),
    strategies.integers(-(2**70), 2**70).map(str),
    strategies.floats().map(str),
)
UNASKED = ("version", "id", "role", "lines-0-quantity", "price", "__class__")
NAMES = (
    "name",
    "email",
    "password",
    "code",
    "token",
    "quantity",
    "amount",
    "version",
    "reason",
    "role",
    "title",
    "price",
    "action",
    "chosen",
    "back",
)
EXAMPLES = 10


@strategies.composite
def answers(draw, form: Form) -> MultiDict:
    """What somebody may send: each field as it stands, left out, repeated or replaced; and fields nobody asked for."""
    sent = MultiDict()
    for name, present in form.fields.items():
        match draw(strategies.integers(0, 5)):
            case 0:
                continue
            case 1 | 2:
                sent.add(name, present)
            case 3:
                sent.setlist(name, draw(strategies.lists(VALUES, min_size=2, max_size=3)))
            case _:
                sent.add(name, draw(VALUES))
    if draw(strategies.booleans()):
        sent.add(
            draw(strategies.sampled_from(["version", "id", "role", "lines-0-quantity", "price", "__class__"])),
            draw(VALUES),
        )
    return sent


def fuzz(client, form: Form, again) -> None:
    """Send a form again and again; `again` signs in anew where an answer ended the sign-in."""

    @settings(
        max_examples=EXAMPLES, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(answers(form))
    def send(sent: MultiDict) -> None:
        if form.method == "get":
            response = client.get(form.action.partition("?")[0], query_string=sent)
        else:
            response = client.post(form.action, data=sent)
        told = f"{form.method} {form.action} with {sent.to_dict(flat=False)!r}"
        assert response.status_code < 500, told
        assert "Traceback" not in response.text, told
        assert "<script>alert(1)</script>" not in response.text, told
        assert "X: y" not in str(response.headers), told
        if response.status_code in (302, 303) and response.location.startswith("/sign-in"):
            again()

    send()


def made_up(app, fuzzed: list[Form], free: set[str]) -> list[Form]:
    """A form with invented fields for each route that acts and that no page led to."""
    adapter = app.url_map.bind("localhost")
    sent = [form.action.partition("?")[0] for form in fuzzed if form.method == "post"]
    reached = {adapter.match(path, method="POST")[0] for path in sent}
    left = []
    for rule in app.url_map.iter_rules():
        if (rule.methods - SAFE) and rule.endpoint not in reached | free:
            values = dict.fromkeys(rule.arguments, "00000000-0000-0000-0000-000000000007")
            path = "/" + "/".join(
                values.get(part.strip("<>").rpartition(":")[2], part) if part.startswith("<") else part
                for part in rule.rule.strip("/").split("/")
            )
            left.append(Form(path, "post", dict.fromkeys(NAMES, "1")))
    return left


@pytest.fixture
def shop(sessions):
    """A shop with something of everything in it."""
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", slug="mug", title="Mug", on_hand=500)
        make_product(tx, sku="JUG", slug="jug", title="Jug", on_hand=0)
        paid, sent = make_order(tx, sku="MUG", paid=True), make_order(tx, sku="MUG", paid=True)
        ship(tx, order_id=sent.order_id, actor="staff", carrier="An Post", tracking_number="1")
        line = admin_order(tx, sent.number).lines[0].id
        ask_return(tx, order_id=sent.order_id, quantities={line: 1}, reason="", actor="shopper", now=utcnow(), days=30)
        make_staff(tx)
        make_staff(tx, email="bob@shop.test", name="Bob", role="orders")
        ada = make_shopper(tx, email="ada@example.com", name="Ada")
        add_line(tx, cart_id=None, sku="MUG", quantity=1, shopper_id=ada.id)
        make_promotion(tx, "TENNER")
        make_message(tx)
        make_review(tx, mug)
    return mug, paid, sent


def test_every_form_of_the_storefront(storefront, shop):
    _, paid, sent = shop

    def enter() -> None:
        storefront.post("/sign-in", data={"email": "ada@example.com", "password": PASSWORD})

    links = [f"/orders/{order.number}{part}?key={order.access_key}" for order in (paid, sent)
             for part in ("", "/cancellation", "/returns")]  # fmt: skip
    guest = forms_of(storefront, ["/", "/sign-in", "/register", "/p/mug", "/p/jug", "/search?q=mug", *links])
    storefront.post("/cart/lines", data={"sku": "MUG", "quantity": "1"})
    storefront.post("/checkout/details", data={
        "email": "ada@example.com", "name": "Ada", "line1": "1 Row", "city": "Dublin", "postcode": "D02 X285",
        "country": "IE",
    })  # fmt: skip
    storefront.post("/checkout/delivery", data={"method": "standard"})
    buying = forms_of(storefront, ["/cart", "/checkout/details", "/checkout/delivery", "/checkout/review"])
    enter()
    forms = [*guest, *buying, *forms_of(storefront, ["/account"])]
    forms += made_up(storefront.application, forms, {"account.sign_out"})

    assert len(forms) > 15
    for form in forms:
        fuzz(storefront, form, enter)


def test_every_form_of_the_admin(admin, shop):
    mug, paid, sent = shop

    def enter() -> None:
        admin.post("/sign-in", data={"email": "ada@shop.test", "password": PASSWORD})

    strangers = forms_of(admin, ["/sign-in"])
    enter()
    starts = ["/", f"/inventory/{mug.variant_id}", f"/orders/{paid.number}", f"/orders/{sent.number}",
              f"/orders/{paid.number}/cancellation", f"/orders/{paid.number}/refunds", "/promotions/new", "/tax/IE",
              "/delivery/zones/new", "/staff/invitations/new", "/staff/roles/new", "/staff/roles/support",
              "/me"]  # fmt: skip
    forms = [*strangers, *forms_of(admin, starts)]
    forms += made_up(admin.application, forms, {"sign_in.leave"})

    assert len(forms) > 40
    for form in forms:
        fuzz(admin, form, enter)


@pytest.mark.parametrize("field", ["country", "region", "tax_class", "valid_from"])
def test_a_nul_byte_in_any_hidden_field_is_no_failure(admin, shop, field):
    """What the scanner found: PostgreSQL holds no NUL, and a hidden field passed it on."""
    admin.post("/sign-in", data={"email": "ada@shop.test", "password": PASSWORD})
    whole = {"country": "IE", "region": "CA", "tax_class": "standard", "valid_from": "2026-01-01"}

    assert admin.post("/tax/rates/removal", data=whole | {field: "\x00"}).status_code < 500
