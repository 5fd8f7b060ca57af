"""Collections: products shown together, by rules or by hand."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.catalogue import CollectionForm, chosen_of
from admin.forms.conflicts import Difference, look_again
from admin.forms.fields import format_amount, parse_amount
from admin.shelves import asked_in_order, shown
from admin.views.tree import version_of
from domain.catalog import commands, queries
from domain.catalog.commands import Rule
from domain.catalog.commands.slug import slug_of
from domain.catalog.queries import CollectionDetail
from domain.shared.errors import Conflict, DomainError, NotFound
from web.db import session, transaction
from web.errors import status_of
from web.settings import shop_settings

bp = Blueprint("collections", __name__, url_prefix="/collections")

MOST_ROWS = 20
SPARE_ROWS = 3
FIELDS = (
    ("category", "Category (its address)"),
    ("brand", "Brand (its address)"),
    ("tag", "Tag"),
    ("attribute", "Attribute (Name=value)"),
    ("price_from", "Price from"),
    ("price_to", "Price to"),
    ("in_stock", "In stock"),
    ("on_offer", "On offer"),
)
PRICES = ("price_from", "price_to")
Rows = Sequence[tuple[str, str]]


@bp.get("")
@needs("products:read")
def index():
    """List the collections by title."""
    given = asked_in_order()
    shelf = queries.collection_page(session(), **given)
    return render_template("admin/collections/index.html", shelf=shelf, **shown(given))


@bp.get("/new")
@needs("products:write")
def new():
    """Ask for a new collection."""
    return _page(None, CollectionForm(data={"sort": "featured"}), [], 200)


@bp.post("")
@needs("products:write")
def create():
    """Make a collection."""
    return _save(None)


@bp.get("/<uuid:collection_id>")
@needs("products:read")
def show(collection_id: UUID):
    """Show a collection with a form to change it, and what was put into it by hand."""
    found = queries.collection_detail(session(), collection_id)
    return _page(found, CollectionForm(obj=found), [_row(rule) for rule in found.rules], 200)


@bp.post("/<uuid:collection_id>")
@needs("products:write")
def update(collection_id: UUID):
    """Save a collection."""
    return _save(queries.collection_detail(session(), collection_id))


@bp.post("/<uuid:collection_id>/products")
@needs("products:write")
def fill(collection_id: UUID):
    """Put one product in by hand, take one out, or move one to the front."""
    with transaction() as tx:
        commands.change_chosen(tx, collection_id=collection_id, **chosen_of(request.form))
    address = url_for(".show", collection_id=collection_id, q=request.form.get("q") or None, _anchor="by-hand")
    return redirect(address, 303)


def _save(found: CollectionDetail | None):
    form = CollectionForm(request.form)
    rows = list(zip(request.form.getlist("field"), request.form.getlist("value"), strict=False))[:MOST_ROWS]
    if not form.validate():
        return _page(found, form, rows, 422)
    values = {
        "title": form.title.data,
        "slug": form.slug.data or slug_of(form.title.data),
        "description": form.description.data or "",
        "published": form.published.data,
        "sort": form.sort.data,
        "seo_title": form.seo_title.data or "",
        "seo_description": form.seo_description.data or "",
    }
    try:
        rules = [_rule(field, value) for field, value in rows if field]
        with transaction() as tx:
            if found is None:
                collection_id = commands.create_collection(tx, rules=rules, **values)
            else:
                collection_id = found.id
                version = version_of(form.version.data)
                commands.update_collection(tx, collection_id=found.id, version=version, rules=rules, **values)
    except NotFound:
        raise
    except (DomainError, ValueError) as error:
        form.refuse("", str(error))
        differences = None
        if found is not None and isinstance(error, Conflict):
            found = queries.collection_detail(session(), found.id)
            differences = _differences(form, rows, found)
        status = status_of(error) if isinstance(error, DomainError) else 422
        return _page(found, form, rows, status, differences)
    flash(f"“{form.title.data}” is saved.")
    return redirect(url_for(".show", collection_id=collection_id), 303)


def _rule(field: str, value: str) -> Rule:
    if field in PRICES and value.strip():
        value = str(parse_amount(value, shop_settings().currency))
    return Rule(field=field, value=value.strip())


def _row(rule: Rule) -> tuple[str, str]:
    if rule.field in PRICES:
        return rule.field, format_amount(int(rule.value), shop_settings().currency)
    return rule.field, rule.value


def _differences(form: CollectionForm, rows: Rows, found: CollectionDetail) -> tuple[Difference, ...]:
    now = "; ".join(" ".join(_row(rule)) for rule in found.rules)
    mine = "; ".join(f"{field} {value}" for field, value in rows if field)
    return look_again(form, found) + ((("Rules", now, mine),) if now != mine else ())


def _page(
    found: CollectionDetail | None,
    form: CollectionForm,
    rows: Rows,
    status: int,
    differences: tuple[Difference, ...] | None = None,
):
    q = request.args.get("q", "").strip()[:200]
    page = render_template(
        "admin/collections/show.html",
        collection=found,
        form=form,
        differences=differences,
        rows=[*rows, *([("", "")] * SPARE_ROWS)],
        fields=FIELDS,
        chosen=queries.collection_choices(session(), found.id) if found and not found.rules else (),
        found=queries.find_products(session(), q) if q and found else (),
        q=q,
    )
    return make_response(page, status)
