"""Promotions: the list with their uses, making, changing and ending them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from admin import rehearsal
from admin.access import needs
from admin.forms.promotions import MOST_CODES, PromotionForm, answers_of
from admin.many import Deed, Many, Planned, Seen, offer
from domain.catalog.queries import category_choices, products_of_skus, skus_of_products
from domain.orders.rehearsal import average_change
from domain.promotions import commands, queries
from domain.promotions.errors import BadTerms, LimitTooLow, TakenCode
from domain.promotions.kinds import normal_code
from domain.promotions.queries import PromotionDetail
from domain.promotions.terms import Terms
from domain.shared.db import utcnow
from domain.shared.errors import ChangedMeanwhile, DomainError, NotFound
from domain.shared.lists import id_of
from web.db import session, transaction
from web.errors import status_of
from web.htmx import partials, wants_partial
from web.settings import shop_settings

bp = Blueprint("promotions", __name__, url_prefix="/promotions")

PER_PAGE = 50


@bp.get("")
@needs("promotions:read")
def index():
    """List promotions, usually newest first, with what each was used for; by state, name and code."""
    wanted, after = queries.read_promotion_filter(request.args), id_of(request.args.get("after"))
    words = wanted.as_words()
    context = {
        "promotions": queries.promotion_list(
            session(), currency=_currency(), now=utcnow(), after=after, limit=PER_PAGE, **vars(wanted)
        ),
        "wanted": wanted,
        "words": words,
        "kept": {name: value for name, value in words.items() if name != "state"},
        "states": queries.STATES,
        "sorts": queries.SORTS,
        "many": MANY,
    }
    if wants_partial():
        return partials("admin/promotions/_rows.html", **context)
    return render_template("admin/promotions/index.html", **context)


def _look(_action: str, keys: Sequence[str]) -> list[Planned]:
    ids = [UUID(key) for key in keys]
    return [
        Planned(
            str(one.id), str(one.version), one.name, one.state.capitalize(),
            "" if one.terms.active else "it is switched off already", url_for(".show", promotion_id=one.id),
        )
        for one in queries.promotions_of_ids(session(), ids, currency=_currency(), now=utcnow())
    ]  # fmt: skip


def _switch_off(seen: Seen, _answer: str) -> int:
    with transaction() as tx:
        return commands.end_promotions(tx, seen={UUID(key): was for key, was in seen.items()})


MANY = Many(
    list="promotions.index",
    title="Promotions",
    one="promotion",
    many="promotions",
    permission="promotions:write",
    look=_look,
    deeds={"end": Deed("Switch off", ("is switched off", "are switched off"), _switch_off, danger=True)},
    said="Switch promotions off.",
)
offer(bp, MANY)


@bp.get("/new")
@needs("promotions:write")
def new():
    """Ask for the terms of a new promotion."""
    return _page(None, PromotionForm(data={"active": True, "how": "code"}), 200)


@bp.post("")
@needs("promotions:write")
def create():
    """Make a promotion."""
    form = _read_form()
    terms = _terms(form)
    if terms is None:
        return _page(None, form, 422)
    if rehearsal.wanted():
        return _tried(None, form, terms)
    try:
        with transaction() as tx:
            promotion_id = commands.create_promotion(tx, terms=terms, codes=form.words("codes"))
    except DomainError as error:
        return _page(None, _refused(form, error), status_of(error))
    flash(f"“{terms.name}” is made.")
    return redirect(url_for(".show", promotion_id=promotion_id), 303)


@bp.get("/<uuid:promotion_id>")
@needs("promotions:read")
def show(promotion_id: UUID):
    """Show a promotion with its uses and a form to change it."""
    promotion = _promotion(promotion_id)
    return _page(promotion, PromotionForm(data=_answers(promotion)), 200)


@bp.post("/<uuid:promotion_id>")
@needs("promotions:write")
def update(promotion_id: UUID):
    """Save the whole form or nothing of it."""
    promotion, form = _promotion(promotion_id), _read_form()
    terms = _terms(form)
    if terms is None:
        return _page(promotion, form, 422)
    if rehearsal.wanted():
        return _tried(promotion, form, terms)
    try:
        version = int(form.version.data)
    except ValueError:
        abort(400)
    try:
        with transaction() as tx:
            commands.update_promotion(
                tx, promotion_id=promotion_id, version=version, terms=terms, codes=form.words("codes")
            )
    except NotFound:
        raise
    except ChangedMeanwhile as refusal:
        promotion = _promotion(promotion_id)
        form.overtaken(refusal, _answers(promotion))
        return _page(promotion, form, form.status)
    except DomainError as error:
        return _page(_promotion(promotion_id), _refused(form, error), status_of(error))
    flash(f"“{terms.name}” is saved.")
    return redirect(url_for(".show", promotion_id=promotion_id), 303)


@bp.post("/<uuid:promotion_id>/end")
@needs("promotions:write")
def end(promotion_id: UUID):
    """End a promotion at once; orders keep what they were given."""
    with transaction() as tx:
        commands.end_promotion(tx, promotion_id=promotion_id)
    flash("The promotion is ended.")
    return redirect(url_for(".show", promotion_id=promotion_id), 303)


def _read_form() -> PromotionForm:
    form = PromotionForm(request.form)
    form.offer(category_choices(session()))
    return form


def _terms(form: PromotionForm) -> Terms | None:
    """Return the terms if every answer can be read and makes sense; else the form says what is wrong."""
    valid = form.validate()
    skus = [sku.upper() for sku in form.words("skus")]
    known = products_of_skus(session(), skus)
    if unknown := [sku for sku in skus if sku not in known]:
        form.refuse("skus", f"There is no product with the SKU {', '.join(unknown)}.")
    if len(form.words("codes")) > MOST_CODES:
        form.refuse("codes", f"Enter at most {MOST_CODES} codes.")
    if not valid or form.summary:
        return None
    terms = form.terms(product_ids=known.values(), timezone=_timezone())
    for name, message in terms.problems().items():
        form.refuse(name, message)
    return None if form.summary else terms


def _refused(form: PromotionForm, error: DomainError) -> PromotionForm:
    match error:
        case BadTerms():
            for name, message in error.problems.items():
                form.refuse(name, message)
        case TakenCode():
            form.refuse("codes", str(error))
        case LimitTooLow():
            form.refuse("limit_total", str(error))
        case _:
            form.refuse("", str(error))
    return form


def _tried(promotion: PromotionDetail | None, form: PromotionForm, terms: Terms) -> Response:
    """Show what the terms would do to the last carts while they run, whether they run yet or not."""
    codes = form.words("codes")

    def change(tx: Session) -> UUID:
        running = replace(terms, active=True)
        if promotion is None:
            return commands.create_promotion(tx, terms=running, codes=codes)
        commands.update_promotion(tx, promotion_id=promotion.id, version=promotion.version, terms=running, codes=codes)
        return promotion.id

    code = None if terms.automatic else normal_code(codes[0]) if codes else None
    try:
        promotion_id, found = rehearsal.tried(change, code=code, at=terms.starts_at)
    except NotFound:
        raise
    except DomainError as error:
        return _page(promotion, _refused(form, error), status_of(error))
    getting = found.getting(promotion_id)
    return _page(promotion, form, 200, {
        "found": found,
        "getting": len(getting),
        "average": average_change(getting, _currency()),
    })  # fmt: skip


def _page(
    promotion: PromotionDetail | None, form: PromotionForm, status: int, tried: dict[str, object] | None = None
) -> Response:
    form.offer(category_choices(session()))
    return make_response(
        render_template("admin/promotions/show.html", promotion=promotion, form=form, tried=tried), status
    )


def _answers(promotion: PromotionDetail) -> dict[str, Any]:
    skus = skus_of_products(session(), promotion.terms.product_ids)
    return answers_of(promotion, skus=skus, timezone=_timezone())


def _promotion(promotion_id: UUID) -> PromotionDetail:
    return queries.promotion_detail(session(), promotion_id, currency=_currency(), now=utcnow())


def _currency() -> str:
    return shop_settings().currency


def _timezone() -> str:
    return shop_settings().timezone
