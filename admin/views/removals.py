"""Taking categories, brands, collections and product types away, after a look at what becomes of what is in them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields.choices import SelectChoice

from admin.access import needs
from admin.forms.catalogue import uuid_or_none
from admin.forms.removals import RemovalForm
from admin.views.tree import version_of
from domain.catalog import commands, queries
from domain.promotions.queries import promotions_of_category
from domain.shared.errors import DomainError, NotFound, RuleBroken
from web.db import session, transaction
from web.errors import status_of

bp = Blueprint("removals", __name__)


@dataclass(frozen=True)
class Place:
    """A kind of thing that can be taken away: its name, its page with the name of its id there, and its list."""

    what: str
    page: str
    key: str
    list: str
    find: Callable[[Session, UUID], Any]
    others: Callable[[Session, Any], list[SelectChoice]]
    remove: Callable[[Session, UUID, int, UUID | None], None]


def _categories(reading: Session, found: Any) -> list[SelectChoice]:
    above = "The category above it" if found.parent_id else "Choose one"
    own = f"{found.path}/"
    rest = [one for one in queries.category_tree(reading) if one.id != found.id and not one.path.startswith(own)]
    return [SelectChoice("", above), *(SelectChoice(str(one.id), "\u2003" * one.depth + one.name) for one in rest)]


def _brands(reading: Session, found: Any) -> list[SelectChoice]:
    rest = [SelectChoice(str(one.id), one.name) for one in queries.brand_list(reading) if one.id != found.id]
    return [SelectChoice("", "No brand"), *rest]


def _collections(reading: Session, found: Any) -> list[SelectChoice]:
    rest = [SelectChoice(str(one.id), one.title) for one in queries.collection_list(reading) if one.id != found.id]
    return [SelectChoice("", "Nowhere: it says that there is nothing"), *rest]


def _remove_category(tx: Session, id_: UUID, version: int, into: UUID | None) -> None:
    names = promotions_of_category(tx, id_)
    if names:
        raise RuleBroken(f"Promotions name it: {', '.join(names[:3])}. Change those first.")
    commands.remove_category(tx, category_id=id_, version=version, into=into)


PLACES = {
    "categories": Place(
        "category", "tree.category", "category_id", "tree.categories", queries.category_detail, _categories,
        _remove_category,
    ),
    "brands": Place(
        "brand", "tree.brand", "brand_id", "tree.brands", queries.brand_detail, _brands,
        lambda tx, id_, version, into: commands.remove_brand(tx, brand_id=id_, version=version, into=into),
    ),
    "collections": Place(
        "collection", "collections.show", "collection_id", "collections.index", queries.collection_detail, _collections,
        lambda tx, id_, version, into: commands.remove_collection(tx, collection_id=id_, version=version, into=into),
    ),
    "product-types": Place(
        "product type", "tree.type_", "type_id", "tree.types", queries.product_type, lambda _reading, _found: [],
        lambda tx, id_, version, _into: commands.remove_type(tx, type_id=id_, version=version),
    ),
}  # fmt: skip


@needs("products:write")
def ask(kind: str, id_: UUID) -> AnyResponse:
    """Say what becomes of what is in it, and ask where that is to go."""
    found = PLACES[kind].find(session(), id_)
    return _page(kind, found, RemovalForm(data={"version": found.version, "into": ""}), 200)


@needs("products:write")
def carry_out(kind: str, id_: UUID) -> AnyResponse:
    """Take it away."""
    place, form = PLACES[kind], RemovalForm(request.form)
    found = place.find(session(), id_)
    try:
        with transaction() as tx:
            place.remove(tx, id_, version_of(form.version.data), _chosen(form.into.data))
    except NotFound:
        raise
    except DomainError as error:
        form.refuse("", str(error))
        return _page(kind, place.find(session(), id_), form, status_of(error))
    flash(f"The {place.what} “{_name(found)}” is gone.")
    return redirect(url_for(place.list), 303)


def _chosen(answer: str | None) -> UUID | None:
    try:
        return uuid_or_none(answer)
    except ValueError:
        raise RuleBroken("Choose where it goes from the list.") from None


def _name(found: Any) -> str:
    name: str = found.title if hasattr(found, "title") else found.name
    return name


def _page(kind: str, found: Any, form: RemovalForm, status: int) -> Response:
    place = PLACES[kind]
    form.version.process_data(str(found.version))
    form.into.choices = place.others(session(), found)
    back = url_for(place.page, **{place.key: found.id})
    page = render_template(
        "admin/tree/removal.html", kind=kind, place=place, found=found, name=_name(found), form=form, back=back
    )
    return make_response(page, status)


for _kind in PLACES:
    bp.get(f"/{_kind}/<uuid:id_>/removal", defaults={"kind": _kind})(ask)
    bp.post(f"/{_kind}/<uuid:id_>/removal", defaults={"kind": _kind})(carry_out)
