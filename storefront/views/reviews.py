"""Reviews: reading them, writing one's own, and saying that one helped."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from domain.catalog.queries import ProductPage, product_page
from domain.orders.queries.access import order_by_link
from domain.orders.queries.purchases import Purchase, order_purchase, order_purchases, shopper_purchase
from domain.reviews import commands, queries
from domain.reviews.errors import BadReview
from storefront.forms.reviews import ReviewForm
from storefront.lists import whole_number
from storefront.session import current_shopper, signed_in_shopper
from web.cache import public
from web.db import session, transaction
from web.headers import keep_address_private
from web.htmx import partials, wants_partial
from web.settings import shop_settings

bp = Blueprint("reviews", __name__)


@bp.get("/p/<slug>/reviews")
@public(partial=True)
def index(slug: str) -> AnyResponse:
    """Show a product's reviews, in the order and of the stars that the address asks for."""
    product, asked = _product(slug), request.args
    found = queries.published_reviews(
        session(),
        product.id,
        sort=asked.get("sort", ""),
        stars=whole_number(asked.get("stars"), 0) or None,
        page=whole_number(asked.get("page"), 1),
    )
    if wants_partial():
        return partials("storefront/reviews/_reviews.html", product=product, reviews=found, sorts=queries.SORTS)
    return make_response(
        render_template("storefront/reviews/index.html", product=product, reviews=found, sorts=queries.SORTS)
    )


@bp.get("/p/<slug>/review")
def ask(slug: str) -> AnyResponse:
    """Ask a buyer what they think of a product; what they said before is there to be changed."""
    product = _product(slug)
    if not _known():
        return redirect(url_for("account.sign_in", next=url_for(".ask", slug=slug)), 303)
    purchase = _purchase(session(), product)
    said = queries.own_review(session(), purchase) if purchase else None
    form = ReviewForm(obj=said) if said else ReviewForm(author=_first_name(purchase))
    return _page(product, purchase, form, said)


@bp.post("/p/<slug>/review")
def write(slug: str) -> AnyResponse:
    """Keep what a buyer says until staff have looked at it."""
    product, form = _product(slug), ReviewForm(request.form)
    if not _known():
        return redirect(url_for("account.sign_in", next=url_for(".ask", slug=slug)), 303)
    if form.validate():
        try:
            with transaction() as tx:
                commands.write_review(
                    tx, product_id=product.id, purchase=_purchase(tx, product), author=form.author.data,
                    stars=form.stars.data, title=form.title.data, words=form.words.data, now=datetime.now(UTC),
                )  # fmt: skip
        except BadReview as refusal:
            form.refuse("main", str(refusal))
        else:
            return redirect(url_for(".ask", slug=slug, kept=1, **_link()), 303)
    purchase = _purchase(session(), product)
    said = queries.own_review(session(), purchase) if purchase else None
    return _page(product, purchase, form, said, status=422)


@bp.post("/p/<slug>/review/removal")
def withdraw(slug: str) -> AnyResponse:
    """Delete a buyer's own review."""
    product = _product(slug)
    if not _known():
        return redirect(url_for("account.sign_in", next=url_for(".ask", slug=slug)), 303)
    with transaction() as tx:
        commands.withdraw(tx, purchase=_purchase(tx, product))
    return redirect(url_for(".ask", slug=slug, **_link()), 303)


@bp.post("/p/<slug>/reviews/<uuid:review_id>/votes")
def vote(slug: str, review_id: UUID) -> AnyResponse:
    """Note that a review helped whoever is signed in."""
    return _vote(slug, review_id, helped=True)


@bp.post("/p/<slug>/reviews/<uuid:review_id>/votes/removal")
def unvote(slug: str, review_id: UUID) -> AnyResponse:
    """Take that back."""
    return _vote(slug, review_id, helped=False)


@bp.get("/orders/<number>/reviews")
def of_order(number: str) -> str:
    """List what an order held, each with the way to say how it is: where the letter that asks leads to."""
    keep_address_private()
    key = request.args.get("key", "")
    bought = order_purchases(session(), order_by_link(session(), number, access_key=key))
    return render_template("storefront/reviews/order.html", bought=bought, number=number, key=key)


@bp.get("/account/reviews")
@login_required
def mine() -> str:
    """Show what a shopper wrote, and what they could write about."""
    shopper = signed_in_shopper()
    return render_template(
        "storefront/account/reviews.html",
        written=queries.reviews_of_shopper(session(), shopper.id),
        waiting=queries.still_to_review(session(), shopper.id),
    )


def _product(slug: str) -> ProductPage:
    return product_page(session(), slug, shop_settings().currency)


def _link() -> dict[str, str]:
    """The order's link as the address holds it, to be handed on."""
    return {name: request.args[name] for name in ("order", "key") if name in request.args}


def _known() -> bool:
    return "order" in request.args or current_shopper() is not None


def _purchase(reader: Session, product: ProductPage) -> Purchase | None:
    """Find the purchase by the order's link, which raises NoSuchOrder if it does not fit, or by who is signed in."""
    if "order" in request.args:
        keep_address_private()
        order_id = order_by_link(reader, request.args["order"], access_key=request.args.get("key", ""))
        return order_purchase(reader, order_id, product_id=product.id)
    shopper = current_shopper()
    return shopper_purchase(reader, shopper.id, product_id=product.id) if shopper else None


def _first_name(purchase: Purchase | None) -> str:
    shopper = current_shopper()
    name = (shopper.name if shopper else "") or (purchase.name if purchase else "")
    return name.partition(" ")[0]


def _page(
    product: ProductPage,
    purchase: Purchase | None,
    form: ReviewForm,
    said: queries.OwnReview | None,
    *,
    status: int = 200,
) -> AnyResponse:
    page = render_template(
        "storefront/reviews/write.html",
        product=product,
        purchase=purchase,
        form=form,
        said=said,
        kept=request.args.get("kept") == "1",
        action=url_for(".write", slug=product.slug, **_link()),
        removal=url_for(".withdraw", slug=product.slug, **_link()),
    )
    return make_response(page, status)


def _vote(slug: str, review_id: UUID, *, helped: bool) -> AnyResponse:
    shopper = current_shopper()
    if shopper is None:
        return _to_sign_in(slug)
    command = commands.vote if helped else commands.unvote
    with transaction() as tx:
        command(tx, review_id=review_id, shopper_id=shopper.id)
    if wants_partial():
        votes, mine = queries.votes_of(session(), review_id, shopper_id=shopper.id)
        words = "Noted: this review helped you." if mine else "Taken back."
        return partials(
            "storefront/reviews/_vote.html", announce=words, slug=slug, review_id=review_id, votes=votes, mine=mine
        )
    return redirect(url_for(".index", slug=slug, _anchor=f"review-{review_id}"), 303)


def _to_sign_in(slug: str) -> AnyResponse:
    address = url_for("account.sign_in", next=url_for(".index", slug=slug))
    if not wants_partial():
        return redirect(address, 303)
    answer = make_response("", 401)
    answer.headers["HX-Redirect"] = address
    return answer
