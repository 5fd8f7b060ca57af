"""Where products stand: categories, brands and product types."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from admin.access import needs
from admin.forms.catalogue import ATTRIBUTE_ROWS, KINDS, BrandForm, CategoryForm, TypeForm, split, uuid_or_none
from admin.forms.conflicts import Difference, look_again
from admin.shelves import asked, asked_in_order, shown
from domain.catalog import commands, queries
from domain.catalog.commands import Attribute
from domain.catalog.commands.slug import slug_of
from domain.catalog.queries import BrandDetail, CategoryDetail, TypeView
from domain.shared.errors import Conflict, DomainError, NotFound
from web.db import session, transaction
from web.errors import status_of

bp = Blueprint("tree", __name__)

Rows = Sequence[dict[str, str]]
Differences = tuple[Difference, ...] | None


@bp.get("/categories")
@needs("products:read")
def categories():
    """Show the tree of categories, or those of a name."""
    given = asked()
    return render_template(
        "admin/tree/categories.html", shelf=queries.category_page(session(), **given), **shown(given)
    )


@bp.get("/categories/new")
@needs("products:write")
def new_category():
    """Ask for a new category."""
    return _category(None, CategoryForm(data={"position": 0, "parent_id": request.args.get("in", "")}), 200)


@bp.post("/categories")
@needs("products:write")
def create_category():
    """Make a category."""
    form = CategoryForm(request.form)
    if not _checked(form):
        return _category(None, form, 422)
    try:
        with transaction() as tx:
            commands.create_category(
                tx,
                slug=form.slug.data or slug_of(form.name.data),
                name=form.name.data,
                parent_id=uuid_or_none(form.parent_id.data),
                description=form.description.data or "",
                position=form.position.data,
            )
    except DomainError as error:
        form.refuse("", str(error))
        return _category(None, form, status_of(error))
    flash(f"“{form.name.data}” is made.")
    return redirect(url_for(".categories"), 303)


@bp.get("/categories/<uuid:category_id>")
@needs("products:read")
def category(category_id: UUID):
    """Show a category with a form to change and move it."""
    found = queries.category_detail(session(), category_id)
    return _category(found, CategoryForm(obj=found), 200)


@bp.post("/categories/<uuid:category_id>")
@needs("products:write")
def update_category(category_id: UUID):
    """Save a category; one that moves takes all below it along, and its old addresses lead to the new ones."""
    found, form = queries.category_detail(session(), category_id), CategoryForm(request.form)
    if not _checked(form):
        return _category(found, form, 422)
    try:
        with transaction() as tx:
            commands.update_category(
                tx,
                category_id=category_id,
                version=version_of(form.version.data),
                name=form.name.data,
                slug=form.slug.data or slug_of(form.name.data),
                parent_id=uuid_or_none(form.parent_id.data),
                description=form.description.data or "",
                position=form.position.data,
                seo_title=form.seo_title.data or "",
                seo_description=form.seo_description.data or "",
            )
    except NotFound:
        raise
    except DomainError as error:
        form.refuse("", str(error))
        found = queries.category_detail(session(), category_id)
        differences = look_again(form, found) if isinstance(error, Conflict) else None
        return _category(found, form, status_of(error), differences)
    flash(f"“{form.name.data}” is saved.")
    return redirect(url_for(".category", category_id=category_id), 303)


@bp.get("/brands")
@needs("products:read")
def brands():
    """List the brands."""
    return _brands(BrandForm(), 200)


@bp.post("/brands")
@needs("products:write")
def create_brand():
    """Make a brand."""
    form = BrandForm(request.form)
    try:
        if form.validate():
            with transaction() as tx:
                brand_id = commands.create_brand(
                    tx, slug=form.slug.data or slug_of(form.name.data), name=form.name.data
                )
            flash(f"“{form.name.data}” is made.")
            return redirect(url_for(".brand", brand_id=brand_id), 303)
    except DomainError as error:
        form.refuse("", str(error))
    return _brands(form, 422)


def _brands(form: BrandForm, status: int):
    given = asked_in_order()
    shelf = queries.brand_page(session(), **given)
    return make_response(render_template("admin/tree/brands.html", shelf=shelf, form=form, **shown(given)), status)


@bp.get("/brands/<uuid:brand_id>")
@needs("products:read")
def brand(brand_id: UUID):
    """Show a brand with a form to change it."""
    found = queries.brand_detail(session(), brand_id)
    return _brand(found, BrandForm(obj=found), 200)


@bp.post("/brands/<uuid:brand_id>")
@needs("products:write")
def update_brand(brand_id: UUID):
    """Save a brand."""
    found, form = queries.brand_detail(session(), brand_id), BrandForm(request.form)
    if not form.validate():
        return _brand(found, form, 422)
    try:
        with transaction() as tx:
            commands.update_brand(
                tx,
                brand_id=brand_id,
                version=version_of(form.version.data),
                name=form.name.data,
                slug=form.slug.data or slug_of(form.name.data),
                description=form.description.data or "",
                seo_title=form.seo_title.data or "",
                seo_description=form.seo_description.data or "",
            )
    except NotFound:
        raise
    except DomainError as error:
        form.refuse("", str(error))
        found = queries.brand_detail(session(), brand_id)
        differences = look_again(form, found) if isinstance(error, Conflict) else None
        return _brand(found, form, status_of(error), differences)
    flash(f"“{form.name.data}” is saved.")
    return redirect(url_for(".brands"), 303)


@bp.get("/product-types")
@needs("products:read")
def types():
    """List the product types."""
    given = asked_in_order()
    return render_template("admin/tree/types.html", shelf=queries.type_page(session(), **given), **shown(given))


@bp.get("/product-types/new")
@needs("products:write")
def new_type():
    """Ask for a new product type."""
    return _type(None, TypeForm(), (), 200)


@bp.post("/product-types")
@needs("products:write")
def create_type():
    """Make a product type."""
    return _save_type(None)


@bp.get("/product-types/<uuid:type_id>")
@needs("products:read")
def type_(type_id: UUID):
    """Show a product type with a form to change it."""
    found = queries.product_type(session(), type_id)
    form = TypeForm(data={"version": found.version, "name": found.name, "options": ", ".join(found.options)})
    return _type(found, form, [vars_of(attribute) for attribute in found.attributes], 200)


@bp.post("/product-types/<uuid:type_id>")
@needs("products:write")
def update_type(type_id: UUID):
    """Save a product type."""
    return _save_type(queries.product_type(session(), type_id))


def vars_of(attribute: Attribute) -> dict[str, str]:
    """Return an attribute as a row of the form."""
    required = "y" if attribute.required else ""
    return {"name": attribute.name, "kind": attribute.kind, "unit": attribute.unit, "required": required}


def _save_type(found: TypeView | None):
    form, rows = TypeForm(request.form), _rows()
    if not form.validate():
        return _type(found, form, rows, 422)
    try:
        attributes = [
            Attribute(name=row["name"], kind=row["kind"], unit=row["unit"], required=bool(row["required"]))
            for row in rows
            if row["name"]
        ]
        with transaction() as tx:
            if found is None:
                commands.create_type(tx, name=form.name.data, options=split(form.options.data), attributes=attributes)
            else:
                commands.update_type(
                    tx,
                    type_id=found.id,
                    version=version_of(form.version.data),
                    name=form.name.data,
                    options=split(form.options.data),
                    attributes=attributes,
                )
    except DomainError as error:
        form.refuse("", str(error))
        differences = None
        if found is not None and isinstance(error, Conflict):
            found = queries.product_type(session(), found.id)
            differences = _type_differences(form, rows, found)
        return _type(found, form, rows, status_of(error), differences)
    flash(f"“{form.name.data}” is saved.")
    return redirect(url_for(".types"), 303)


def _rows() -> list[dict[str, str]]:
    names = ("name", "kind", "unit", "required")
    return [
        {name: request.form.get(f"{name}-{place}", "").strip()[:80] for name in names}
        for place in range(ATTRIBUTE_ROWS * 4)
        if f"name-{place}" in request.form
    ]


def _checked(form: CategoryForm) -> bool:
    form.parent_id.choices = _places()
    return form.validate()


def _places() -> list[SelectChoice]:
    tree = (SelectChoice(str(one.id), "\u2003" * one.depth + one.name) for one in queries.category_tree(session()))
    return [SelectChoice("", "At the top"), *tree]


def _category(found: CategoryDetail | None, form: CategoryForm, status: int, differences: Differences = None):
    form.parent_id.choices = _places()
    page = render_template("admin/tree/category.html", category=found, form=form, differences=differences)
    return make_response(page, status)


def _brand(found: BrandDetail, form: BrandForm, status: int, differences: Differences = None):
    page = render_template("admin/tree/brand.html", brand=found, form=form, differences=differences)
    return make_response(page, status)


def _type_differences(form: TypeForm, rows: Rows, found: TypeView) -> tuple[Difference, ...]:
    """Compare what was typed with the type as it is now, attribute by attribute."""
    now = [("Name", found.name), ("Usual options", ", ".join(found.options))]
    mine = [("Name", form.name.data or ""), ("Usual options", ", ".join(split(form.options.data)))]
    for into, attributes in ((now, [vars_of(one) for one in found.attributes]), (mine, rows)):
        into += [(one["name"], f"{one['kind']} {one['unit']} {'required' if one['required'] else ''}".strip())
                 for one in attributes if one["name"]]  # fmt: skip
    form.version.process_data(str(found.version))
    theirs, typed = dict(now), dict(mine)
    return tuple(
        (name, theirs.get(name, ""), typed.get(name, ""))
        for name in theirs | typed
        if theirs.get(name) != typed.get(name)
    )


def _type(found: TypeView | None, form: TypeForm, rows: Rows, status: int, differences: Differences = None):
    empty = {"name": "", "kind": "text", "unit": "", "required": ""}
    shown = [*rows, *([empty] * max(3, ATTRIBUTE_ROWS - len(rows)))]
    page = render_template(
        "admin/tree/type.html", type=found, form=form, rows=shown, kinds=KINDS, differences=differences
    )
    return make_response(page, status)


def version_of(text: str | None) -> int:
    """Read the version that a form was made from; what is none is no form of ours."""
    try:
        return int(text or "")
    except ValueError:
        abort(400)
