"""The list of products, and the page on which one is changed."""

from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from admin.access import actor, needs, staff
from admin.forms.products import ProductForm, answers_of, differences, look_again
from domain.catalog import commands, queries
from domain.catalog.queries import ProductDetail
from domain.shared.db import utcnow
from domain.shared.errors import Conflict, DomainError, NotFound
from web.db import session, transaction
from web.errors import status_of
from web.htmx import partials, wants_partial

bp = Blueprint("products", __name__, url_prefix="/products")

PER_PAGE = 50
STATUSES = ("published", "draft", "archived")


@bp.get("")
@needs("products:read")
def index():
    """List products, newest first, by status and by what their title or SKU holds."""
    status, q = request.args.get("status", ""), request.args.get("q", "").strip()
    products = queries.product_list(
        session(),
        currency=_currency(),
        q=q or None,
        status=status if status in STATUSES else None,
        after=_uuid(request.args.get("after")),
        limit=PER_PAGE,
    )
    context = {"products": products, "q": q, "chosen": status, "statuses": STATUSES}
    if wants_partial():
        return partials("admin/products/_rows.html", **context)
    return render_template("admin/products/index.html", **context)


@bp.get("/<uuid:product_id>")
@needs("products:read")
def show(product_id: UUID):
    """Show a product with a form to change it."""
    product = queries.product_detail(session(), product_id, currency=_currency())
    return _page(product, ProductForm(data=answers_of(product)), 200)


@bp.post("/<uuid:product_id>")
@needs("products:write")
def update(product_id: UUID):
    """Save the whole form or nothing of it."""
    product = queries.product_detail(session(), product_id, currency=_currency())
    form = ProductForm(request.form)
    if not form.check(product):
        return _page(product, form, 422)
    try:
        edits, version = form.edits(), int(form.version.data)
    except ValueError:
        abort(400)
    if any(edit.wanted.on_hand != edit.seen.on_hand for edit in edits) and not staff().can("inventory:write"):
        abort(403, description="Your role does not include changing stock.")
    try:
        with transaction() as tx:
            commands.edit_product(
                tx,
                product_id=product_id,
                version=version,
                title=form.title.data,
                summary=form.summary.data or "",
                description=form.description.data or "",
                featured=form.featured.data,
                status=form.status.data,
                variants=edits,
                reason=form.reason.data or "",
                actor=actor(),
                now=utcnow(),
            )
    except NotFound:
        raise
    except DomainError as error:
        form.refuse("", str(error))
        product = queries.product_detail(session(), product_id, currency=_currency())
        return _page(product, form, status_of(error), conflict=isinstance(error, Conflict))
    flash(f"“{form.title.data}” is saved.")
    return redirect(url_for("products.show", product_id=product_id), 303)


def _page(product: ProductDetail, form: ProductForm, status: int, *, conflict: bool = False) -> Response:
    """Show the form; after a conflict beside what the product says now, so that nothing is lost or overwritten."""
    variants = {str(variant.id): variant for variant in product.variants}
    context = {"product": product, "variants": variants, "conflict": conflict, "form": form, "differences": ()}
    if any(entry.form.id.data not in variants for entry in form.variants):
        abort(400)
    if conflict:
        context["differences"] = differences(form, product)
        look_again(form, product)
    return make_response(render_template("admin/products/show.html", **context), status)


def _currency() -> str:
    currency: str = current_app.config["SHOP"].currency
    return currency


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
