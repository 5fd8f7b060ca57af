"""The checkout: details, delivery, check and order; each step has its address, and none can be skipped."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.cart.commands import save_address, save_delivery
from domain.cart.queries import contents
from domain.notifications import topics
from domain.orders.errors import BuyerBlocked, EmptyCart, IncompleteCheckout, OutOfStock, QuoteChanged
from domain.orders.places import destination_of
from domain.orders.queries.summary import Summary
from domain.users.queries import address_book
from storefront.code import CodeState
from storefront.forms.checkout import ADDRESS, BILLING, DeliveryForm, DetailsForm, OrderForm
from storefront.navigation import delivery_countries, ways_to
from storefront.payment import place, to_gateway, ways_to_pay
from storefront.session import current_cart_id, current_shopper
from storefront.summary import summary_of, too_much
from web.db import session, transaction
from web.settings import shop_settings

bp = Blueprint("checkout", __name__, url_prefix="/checkout")

STEPS = (("details", "Your details"), ("delivery", "Delivery"), ("review", "Check and pay"))


@dataclass(frozen=True)
class Step:
    """A step as the progress above the form shows it."""

    name: str
    label: str
    url: str
    done: bool
    current: bool


@bp.get("")
def start() -> AnyResponse:
    """Go on where the first answer is missing."""
    found = summary_of(current_cart_id())
    if not found.cart.lines or found.cart.has_problem:
        return redirect(url_for("cart.show"), 303)
    return redirect(url_for(f".{found.step}"), 303)


@bp.get("/details")
def details() -> AnyResponse:
    """Ask who orders, and where the parcel goes."""
    found = summary_of(current_cart_id())
    if not found.cart.lines:
        return redirect(url_for("cart.show"), 303)
    return _details(found, DetailsForm(data=_known_details(found)))


@bp.post("/details")
def save_details() -> AnyResponse:
    """Keep the answers and go on."""
    cart_id = current_cart_id()
    form = DetailsForm(request.form)
    form.offer(delivery_countries(), shop_settings().locale)
    if not form.validate():
        found = summary_of(current_cart_id())
        return _details(found, form, status=422) if found.cart.lines else redirect(url_for("cart.show"), 303)
    if cart_id is None:
        return redirect(url_for("cart.show"), 303)
    billing = form.billing()
    with transaction() as tx:
        save_address(
            tx,
            cart_id=cart_id,
            email=form.email.data,
            phone=form.phone.data,
            shipping_address=form.shipping().as_dict(),
            billing_address=billing.as_dict() if billing else None,
        )
        if form.remind.data:
            topics.say(tx, email=form.email.data, topic="reminders", wanted=True)
    if all(method.limited for method in ways_to(destination_of(form.shipping().as_dict(), otherwise=""))):
        found = summary_of(cart_id)
        if not found.options:
            form.refuse("country", too_much(found))
            return _details(found, form, status=422)
    return redirect(url_for(".delivery"), 303)


@bp.get("/delivery")
def delivery() -> AnyResponse:
    """Ask how the parcel travels."""
    found = summary_of(current_cart_id())
    return _elsewhere(found, "delivery") or _delivery(found, DeliveryForm(data={"method": _proposed(found)}))


@bp.post("/delivery")
def save_method() -> AnyResponse:
    """Keep the delivery method and go on."""
    cart_id = current_cart_id()
    form = DeliveryForm(request.form)
    if cart_id is None or form.method.data not in _surely_offered(cart_id):
        found = summary_of(cart_id)
        away = _elsewhere(found, "delivery")
        if away or cart_id is None:
            return away or redirect(url_for("cart.show"), 303)
        form.offer([(option.code, option.name) for option in found.options])
        if not form.validate():
            return _delivery(found, form, status=422)
    with transaction() as tx:
        save_delivery(tx, cart_id=cart_id, method=form.method.data)
    return redirect(url_for(".review"), 303)


@bp.get("/review")
def review() -> AnyResponse:
    """Show every answer once more, with the total, before anything is ordered."""
    found = summary_of(current_cart_id())
    return _elsewhere(found, "review") or _review(found)


@bp.post("/order")
def order() -> AnyResponse:
    """Place the order as agreed and lead to its payment; the same submit twice gives one order."""
    cart_id, shopper = current_cart_id(), current_shopper()
    if cart_id is None:
        return redirect(url_for("cart.show"), 303)
    form = OrderForm(request.form)
    form.offer([(name, label) for name, label, _ in ways_to_pay()])
    if not form.validate():
        return _again(form.summary[0][1], status=422)
    try:
        with transaction() as tx:
            placed, attempt = place(
                tx,
                cart_id=cart_id,
                token=UUID(form.token.data),
                agreed_total=int(form.agreed_total.data),
                gateway=form.gateway.data,
                shopper_id=shopper.id if shopper else None,
            )
    except EmptyCart:
        return redirect(url_for("cart.show"), 303)
    except IncompleteCheckout as missing:
        return redirect(url_for(f".{missing.step}"), 303)
    except OutOfStock as short:
        return _again(str(short), short=short.left, status=409)
    except QuoteChanged as changed:
        return _again(str(changed), status=409)
    except BuyerBlocked as refusal:
        return _again(str(refusal), status=422)
    return to_gateway(placed.order_id, placed.number, placed.access_key, attempt)


def answer_review(*, code: CodeState, status: int) -> AnyResponse:
    """Show the last step with a code that was refused."""
    found = summary_of(current_cart_id())
    return _elsewhere(found, "review") or _review(found, code=code, status=status)


def steps(found: Summary, current: str) -> tuple[Step, ...]:
    """Return the steps, with those done to go back to."""
    names = [name for name, _ in STEPS]
    reached = names.index(found.step)
    return tuple(
        Step(name, label, url_for(f"checkout.{name}"), done=i < reached and name != current, current=name == current)
        for i, (name, label) in enumerate(STEPS)
    )


def _surely_offered(cart_id: UUID) -> frozenset[str]:
    """The methods that go to the cart's address whatever is in it, for which nothing has to be worked out.

    Whether the chosen one is still offered is looked at again by the next step, and when the order is placed.
    """
    found = contents(session(), cart_id)
    if not found.lines or found.checkout.step == "details":
        return frozenset()
    destination = destination_of(found.checkout.shipping_address, otherwise="")
    return frozenset(method.code for method in ways_to(destination) if not method.limited)


def _elsewhere(found: Summary, step: str) -> AnyResponse | None:
    """Lead to where something is missing before this step."""
    if not found.cart.lines or (found.cart.has_problem and step == "review"):
        return redirect(url_for("cart.show"), 303)
    names = [name for name, _ in STEPS]
    missing = found.step
    return redirect(url_for(f".{missing}"), 303) if names.index(missing) < names.index(step) else None


def _again(problem: str, *, short: dict[str, int] | None = None, status: int) -> AnyResponse:
    """Show the last step again with what has changed; nothing was ordered."""
    found = summary_of(current_cart_id())
    missing = found.step
    if not found.cart.lines:
        return redirect(url_for("cart.show"), 303)
    if missing != "review":
        return redirect(url_for(f".{missing}"), 303)
    return _review(found, problem=problem, short=short, status=status)


def _known_details(found: Summary) -> dict[str, Any]:
    checkout, shopper = found.checkout, current_shopper()
    known: dict[str, Any] = {
        "email": checkout.email or (shopper.email if shopper else None),
        "phone": checkout.phone,
        "name": shopper.name if shopper else None,
        "country": shop_settings().country,
        "billing_country": shop_settings().country,
        "billing_differs": bool(checkout.billing_address),
    }
    chosen = request.args.get("address")
    shipping = (None if chosen else checkout.shipping_address) or _kept_address(chosen)
    billing = checkout.billing_address or {}
    known |= {name: shipping[name] for name in ADDRESS if name in shipping}
    return known | {BILLING + name: billing[name] for name in ADDRESS if name in billing}


def _kept_address(chosen: str | None) -> dict[str, Any]:
    """The address that the shopper keeps for deliveries, or one they choose by its link."""
    shopper = current_shopper()
    book = address_book(session(), shopper.id) if shopper else ()
    found = next((row for row in book if str(row.id) == chosen), book[0] if book else None)
    return dict(found.address) if found else {}


def _details(found: Summary, form: DetailsForm, *, status: int = 200) -> Response:
    form.offer(delivery_countries(), shop_settings().locale)
    shopper = current_shopper()
    book = address_book(session(), shopper.id) if shopper else ()
    return _render("details", found, form=form, book=book, guest=shopper is None, status=status)


def _delivery(found: Summary, form: DeliveryForm, *, status: int = 200) -> Response:
    form.offer([(option.code, option.name) for option in found.options])
    return _render("delivery", found, form=form, status=status)


def _review(
    found: Summary,
    *,
    problem: str | None = None,
    short: dict[str, int] | None = None,
    code: CodeState | None = None,
    status: int = 200,
) -> Response:
    form = OrderForm(token=str(found.checkout.token), agreed_total=str(found.quote.total.amount))
    form.offer([(name, label) for name, label, _ in ways_to_pay()])
    return _render(
        "review",
        found,
        form=form,
        status=status,
        problem=problem,
        short=short or {},
        token=str(found.checkout.token),
        agreed_total=found.quote.total.amount,
        code=code or CodeState(),
        gateways=ways_to_pay(),
    )


def _render(step: str, found: Summary, *, status: int, **context: Any) -> Response:
    page = render_template(
        f"storefront/checkout/{step}.html",
        summary=found,
        cart=found.cart,
        steps=steps(found, step),
        code_back=step,
        **context,
    )
    return make_response(page, status)


def _proposed(found: Summary) -> str | None:
    """The method chosen before, if it still goes there, else the first one."""
    chosen = found.quote.method or next(iter(found.options), None)
    return chosen.code if chosen else None
