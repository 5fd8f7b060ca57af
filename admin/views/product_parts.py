"""What belongs to one product besides its own page: variants, sales, what is shown beside it, its history."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from admin.access import needs
from admin.forms.catalogue import MoreVariantsForm, SaleForm, VariantForm, chosen_of, split, uuid_or_none
from admin.forms.conflicts import Difference, look_again
from admin.forms.fields import format_amount, parse_amount
from admin.forms.moments import from_shop_clock, on_shop_clock
from admin.history import teller
from admin.views.products import form_of, page_of
from domain.catalog import commands, queries
from domain.catalog.queries import ProductDetail
from domain.shared.audit import Parts, Search, audit_log, removed_keys
from domain.shared.db import utcnow
from domain.shared.errors import Conflict, DomainError, NotFound
from web.db import session, transaction
from web.errors import status_of
from web.settings import shop_settings

bp = Blueprint("product_parts", __name__, url_prefix="/products/<uuid:product_id>")

HISTORY = 20
VARIANTS = "catalog.variants"
"""The table of the variants, as the log of changes names it."""


@bp.get("/sale")
@needs("products:read")
def sale(product_id: UUID):
    """Show the sale windows of a product's variants."""
    product = queries.product_detail(session(), product_id, currency=shop_settings().currency)
    first = next((variant for variant in product.variants if variant.sale_price), None)
    window = (on_shop_clock(first.sale_starts_at), on_shop_clock(first.sale_ends_at)) if first else (None, None)
    return _sale(product_id, SaleForm(data=dict(zip(("starts_at", "ends_at"), window, strict=True))), 200)


@bp.post("/sale")
@needs("products:write")
def set_sale(product_id: UUID):
    """Set or end the sale of each variant: an empty price ends it."""
    product = queries.product_detail(session(), product_id, currency=shop_settings().currency)
    form = SaleForm(request.form)
    prices: dict[UUID, int | None] = {}
    for variant in product.variants:
        typed = request.form.get(f"price-{variant.id}", "").strip()
        try:
            prices[variant.id] = parse_amount(typed, shop_settings().currency) if typed else None
        except ValueError as error:
            form.refuse("", f"{variant.label or variant.sku}: {error}")
    if not form.validate() or form.form_errors:
        return _sale(product_id, form, 422)
    starts, ends = from_shop_clock(form.starts_at.data), from_shop_clock(form.ends_at.data)
    try:
        with transaction() as tx:
            for variant_id, price in sorted(prices.items()):
                window = (starts, ends) if price is not None else (None, None)
                commands.set_sale(
                    tx, variant_id=variant_id, sale_price=price, starts_at=window[0], ends_at=window[1],
                    seen=_seen_sale(variant_id),
                )  # fmt: skip
    except NotFound:
        raise
    except DomainError as error:
        form.refuse("", str(error))
        return _sale(product_id, form, status_of(error), conflict=isinstance(error, Conflict))
    flash("The sale is saved." if any(price is not None for price in prices.values()) else "There is no sale now.")
    return redirect(url_for(".sale", product_id=product_id), 303)


@bp.get("/variants/<uuid:variant_id>")
@needs("products:read")
def variant(product_id: UUID, variant_id: UUID):
    """Show what a variant is called and what is known of it."""
    found = queries.variant_of(session(), product_id, variant_id, currency=shop_settings().currency)
    form = VariantForm(
        data={
            "version": found.version,
            "sku": found.sku,
            "barcode": found.barcode,
            "weight_grams": found.weight_grams,
            "cost": found.cost,
            "measure_amount": found.measure_amount,
            "measure_unit": found.measure_unit,
            "measure_base": found.measure_base,
            "picture_id": str(found.picture_id or ""),
            "colours": ", ".join(found.colours),
        }
    )
    return _variant(product_id, variant_id, form, 200)


@bp.post("/variants/<uuid:variant_id>")
@needs("products:write")
def describe(product_id: UUID, variant_id: UUID):
    """Save what a variant is called and what is known of it."""
    form = VariantForm(request.form)
    form.picture_id.choices = _picture_choices(product_id)
    if not form.validate():
        return _variant(product_id, variant_id, form, 422)
    try:
        with transaction() as tx:
            commands.describe_variant(
                tx,
                product_id=product_id,
                variant_id=variant_id,
                seen=form.version.data or "",
                sku=form.sku.data,
                barcode=form.barcode.data,
                weight_grams=form.weight_grams.data,
                cost=form.cost.data,
                picture_id=uuid_or_none(form.picture_id.data),
                colours=[colour.lower() for colour in split((form.colours.data or "").replace(" ", ","))],
                measure=form.measure,
            )
    except NotFound:
        raise
    except DomainError as error:
        form.refuse("", str(error))
        return _variant(product_id, variant_id, form, status_of(error), conflict=isinstance(error, Conflict))
    flash("The variant is saved.")
    return redirect(url_for("products.show", product_id=product_id), 303)


@bp.post("/variants/<uuid:variant_id>/removal")
@needs("products:write")
def remove_variant(product_id: UUID, variant_id: UUID):
    """Take a variant off sale, for good or into the archive."""
    try:
        with transaction() as tx:
            gone = commands.remove_variant(tx, product_id=product_id, variant_id=variant_id, now=utcnow())
    except NotFound:
        raise
    except DomainError as error:
        flash(f"Nothing was removed. {error}")
        return redirect(url_for(".variant", product_id=product_id, variant_id=variant_id), 303)
    flash("The variant is gone." if gone else "The variant is archived: it is no longer sold, and stays in the books.")
    return redirect(url_for("products.show", product_id=product_id), 303)


@bp.post("/variants/<uuid:variant_id>/return")
@needs("products:write")
def restore_variant(product_id: UUID, variant_id: UUID):
    """Sell an archived variant again."""
    with transaction() as tx:
        commands.restore_variant(tx, product_id=product_id, variant_id=variant_id)
    flash("The variant is sold again.")
    return redirect(url_for("products.show", product_id=product_id), 303)


@bp.post("/variants")
@needs("products:write")
def add_variants(product_id: UUID):
    """Make the variants that are missing of all combinations of the options' values."""
    more = MoreVariantsForm(request.form)
    status = 422
    if more.check(request.form.getlist("option"), request.form.getlist("values")):
        try:
            with transaction() as tx:
                count = commands.add_variants(
                    tx, product_id=product_id, options=more.options, price=more.price.data, stem=more.stem.data
                )
            flash(f"{count} variant{'' if count == 1 else 's'} made.")
            return redirect(url_for("products.show", product_id=product_id, _anchor="more-variants"), 303)
        except NotFound:
            raise
        except DomainError as error:
            more.refuse("", str(error))
            status = status_of(error)
    product = queries.product_detail(session(), product_id, currency=shop_settings().currency)
    return page_of(product, form_of(product), status, more=more)


@bp.get("/related")
@needs("products:read")
def related(product_id: UUID):
    """Show what is shown beside a product, with a search for more."""
    q = request.args.get("q", "").strip()[:200]
    product = queries.product_detail(session(), product_id, currency=shop_settings().currency)
    chosen = queries.related_choices(session(), product_id)
    found = queries.find_products(session(), q) if q else ()
    return render_template("admin/products/related.html", product=product, chosen=chosen, found=found, q=q)


@bp.post("/related")
@needs("products:write")
def choose_related(product_id: UUID):
    """Add one product to what is shown beside another, or take one off."""
    with transaction() as tx:
        commands.change_related(tx, product_id=product_id, **chosen_of(request.form))
    return redirect(url_for(".related", product_id=product_id, q=request.form.get("q") or None), 303)


@bp.get("/history")
@needs("products:read")
def history(product_id: UUID):
    """Show who changed what of a product and its variants, the newest first."""
    product = queries.product_detail(session(), product_id, currency=shop_settings().currency)
    try:
        after = uuid_or_none(request.args.get("after"))
    except ValueError:
        after = None
    kept = (str(one.id) for one in (*product.variants, *product.archived))
    gone = removed_keys(session(), VARIANTS, column="product_id", value=str(product_id))
    search = Search(resource=str(product_id), parts=Parts(VARIANTS, (*kept, *gone)))
    log = audit_log(session(), search, after=after, limit=HISTORY)
    tell = teller(session(), product).tell
    return render_template("admin/products/history.html", product=product, log=log, tell=tell)


def _seen_sale(variant_id: UUID) -> commands.Sale:
    """Return the sale that the page had shown of a variant; a page that says none is broken."""
    price, _, rest = request.form.get(f"seen-{variant_id}", "x").partition("|")
    starts, _, ends = rest.partition("|")
    try:
        moments = [datetime.fromisoformat(text) if text else None for text in (starts, ends)]
        return int(price) if price else None, moments[0], moments[1]
    except ValueError:
        abort(400)


def _sale_differences(product: ProductDetail, form: SaleForm, written: dict[str, str]) -> tuple[Difference, ...]:
    """Compare what was typed with each variant's sale as it is now."""
    typed = " to ".join(str(moment or "open") for moment in (form.starts_at.data, form.ends_at.data))
    found = []
    for one in product.variants:
        moments = (on_shop_clock(one.sale_starts_at), on_shop_clock(one.sale_ends_at))
        now = f"{format_amount(one.sale_price.amount, one.sale_price.currency)}, " + " to ".join(
            str(moment or "open") for moment in moments
        ) if one.sale_price else ""  # fmt: skip
        mine = f"{written[str(one.id)]}, {typed}" if written[str(one.id)] else ""
        if now != mine:
            found.append((one.label or one.sku, now, mine))
    return tuple(found)


def _sale(product_id: UUID, form: SaleForm, status: int, *, conflict: bool = False):
    currency = shop_settings().currency
    product = queries.product_detail(session(), product_id, currency=currency)
    written = {
        str(one.id): request.form.get(
            f"price-{one.id}", format_amount(one.sale_price.amount, currency) if one.sale_price else ""
        )
        for one in product.variants
    }
    differences = _sale_differences(product, form, written) if conflict else None
    page = render_template(
        "admin/products/sale.html", product=product, form=form, written=written, differences=differences
    )
    return make_response(page, status)


def _variant(product_id: UUID, variant_id: UUID, form: VariantForm, status: int, *, conflict: bool = False):
    currency = shop_settings().currency
    found = queries.variant_of(session(), product_id, variant_id, currency=currency)
    form.picture_id.choices = _picture_choices(product_id)
    return make_response(
        render_template(
            "admin/products/variant.html",
            product=queries.product_detail(session(), product_id, currency=currency),
            variant=found,
            differences=look_again(form, found) if conflict else None,
            form=form,
        ),
        status,
    )


def _picture_choices(product_id: UUID) -> list[SelectChoice]:
    own = (SelectChoice(str(one.id), one.alt) for one in queries.pictures_of(session(), product_id))
    return [SelectChoice("", "The first one"), *own]
