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
from wtforms.fields.choices import SelectChoice

from admin.access import actor, needs, staff
from admin.forms.attributes import asked_fields, attribute_fields
from admin.forms.catalogue import MOST_OPTIONS, MoreVariantsForm, NewProductForm, category_choices, uuid_or_none
from admin.forms.products import ProductForm, answers_of, differences, look_again
from domain.catalog import commands, queries
from domain.catalog.queries import ProductDetail, TypeView
from domain.catalog.queries.products_list import SORTS, STATUSES
from domain.shared.db import utcnow
from domain.shared.errors import Conflict, DomainError, NotFound
from web.db import session, transaction
from web.errors import status_of
from web.htmx import partials, wants_partial

bp = Blueprint("products", __name__, url_prefix="/products")

PER_PAGE = 50


@bp.get("")
@needs("products:read")
def index():
    """List products by status, category and brand, by what their title or SKU holds, in the order asked for."""
    wanted = queries.read_product_filter(request.args)
    products = queries.product_list(
        session(), currency=_currency(), after=_uuid(request.args.get("after")), limit=PER_PAGE, **vars(wanted)
    )
    words = wanted.as_words()
    context = {
        "products": products,
        "wanted": wanted,
        "words": words,
        "kept": {name: value for name, value in words.items() if name != "status"},
        "statuses": STATUSES,
        "sorts": SORTS,
    }
    if wants_partial():
        return partials("admin/products/_rows.html", **context)
    categories, brands = queries.category_choices(session()), queries.brand_list(session())
    return render_template("admin/products/index.html", categories=categories, brands=brands, **context)


@bp.get("/new")
@needs("products:write")
def new():
    """Ask what a new product begins with."""
    return _new(NewProductForm(data={"type_id": request.args.get("type", "")}), 200)


@bp.post("")
@needs("products:write")
def create():
    """Make a draft with a variant for each combination of its options."""
    form = NewProductForm(request.form)
    _offer_new(form)
    if not form.validate():
        return _new(form, 422)
    try:
        with transaction() as tx:
            product_id = commands.begin_product(
                tx,
                title=form.title.data,
                category_id=UUID(form.category_id.data),
                brand_id=uuid_or_none(form.brand_id.data),
                type_id=uuid_or_none(form.type_id.data),
                options=form.options,
                stem=form.sku.data,
                price=form.price.data,
            )
    except DomainError as error:
        form.refuse("", str(error))
        return _new(form, status_of(error))
    flash(f"“{form.title.data}” is a draft now. Describe it, bring pictures, and publish it.")
    return redirect(url_for(".show", product_id=product_id), 303)


@bp.post("/<uuid:product_id>/copies")
@needs("products:write")
def duplicate(product_id: UUID):
    """Make a draft like this product."""
    with transaction() as tx:
        copy_id = commands.duplicate_product(tx, product_id=product_id)
    flash("This is the copy: a draft without stock.")
    return redirect(url_for(".show", product_id=copy_id), 303)


@bp.get("/<uuid:product_id>")
@needs("products:read")
def show(product_id: UUID):
    """Show a product with a form to change it; `type` asks for the attributes of another type."""
    product = queries.product_detail(session(), product_id, currency=_currency())
    return page_of(product, form_of(product, type_id=request.args.get("type")), 200)


@bp.post("/<uuid:product_id>")
@needs("products:write")
def update(product_id: UUID):
    """Save the product; the whole form or nothing of it."""
    product = queries.product_detail(session(), product_id, currency=_currency())
    form = ProductForm(request.form)
    kind = _type(form)
    form.typed = asked_fields(kind.attributes, request.form) if kind else ()
    form.offer(*_choices())
    if not form.check(product):
        return page_of(product, form, 422)
    try:
        edits, version = form.edits(), int(form.version.data)
    except ValueError:
        abort(400)
    try:
        answers = form.answers()
    except ValueError as error:
        form.refuse("attributes", str(error))
        return page_of(product, form, 422)
    if any(edit.wanted.on_hand != edit.seen.on_hand for edit in edits) and not staff().can("inventory:write"):
        abort(403, description="Your role does not include changing stock.")
    try:
        with transaction() as tx:
            commands.edit_product(
                tx,
                product_id=product_id,
                version=version,
                answers=answers,
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
        return page_of(product, form, status_of(error), conflict=isinstance(error, Conflict))
    flash(f"“{form.title.data}” is saved.")
    return redirect(url_for("products.show", product_id=product_id), 303)


def form_of(product: ProductDetail, *, type_id: str | None = None) -> ProductForm:
    """Make the form of a product as it is, with a field for each attribute of its type or of another one."""
    form = ProductForm(data=answers_of(product))
    if type_id is not None:
        form.type_id.data = str(_uuid(type_id) or "")
    kind = _type(form)
    form.typed = attribute_fields(kind.attributes, product.attributes) if kind else ()
    return form


def page_of(
    product: ProductDetail,
    form: ProductForm,
    status: int,
    *,
    conflict: bool = False,
    more: MoreVariantsForm | None = None,
) -> Response:
    """Show the form; after a conflict beside what the product says now, so that nothing is lost or overwritten.

    `more` is the form for further variants with what was typed into it.
    """
    own = [(name, ", ".join(product.option_values(place))) for place, name in enumerate(product.options)]
    more = more or MoreVariantsForm()
    rows = [*(more.rows or own), ("", "")]
    variants = {str(variant.id): variant for variant in product.variants}
    form.offer(*_choices())
    context = {
        "product": product,
        "variants": variants,
        "conflict": conflict,
        "form": form,
        "differences": (),
        "types": queries.product_types(session()),
        "more": more,
        "rows": rows[:MOST_OPTIONS],
    }
    if any(entry.form.id.data not in variants for entry in form.variants):
        abort(400)
    if conflict:
        context["differences"] = differences(form, product)
        look_again(form, product)
    return make_response(render_template("admin/products/show.html", **context), status)


def _type(form: ProductForm) -> TypeView | None:
    type_id = _uuid(form.type_id.data)
    return queries.product_type(session(), type_id) if type_id else None


def _choices() -> tuple[list[SelectChoice], list[SelectChoice]]:
    brands = [SelectChoice(str(brand.id), brand.name) for brand in queries.brand_list(session())]
    return category_choices(queries.category_choices(session())), [SelectChoice("", "No brand"), *brands]


def _offer_new(form: NewProductForm) -> None:
    categories, brands = _choices()
    form.category_id.choices = [SelectChoice("", "Choose"), *categories]
    form.brand_id.choices = brands
    types = [SelectChoice(str(kind.id), kind.name) for kind in queries.product_types(session())]
    form.type_id.choices = [SelectChoice("", "No type: attributes in words of its own"), *types]


def _new(form: NewProductForm, status: int) -> Response:
    _offer_new(form)
    return make_response(render_template("admin/products/new.html", form=form), status)


def _currency() -> str:
    currency: str = current_app.config["SHOP"].currency
    return currency


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
