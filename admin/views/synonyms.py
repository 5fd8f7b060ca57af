"""Which words of shoppers mean the same to the shop's search."""

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.synonyms import SynonymForm
from domain.catalog.commands import remove_synonym, save_synonym
from domain.catalog.errors import WrongSynonym
from domain.catalog.queries import SynonymRow, one_synonym, synonym_list
from domain.shared.errors import ChangedMeanwhile
from web.db import session, transaction

bp = Blueprint("synonyms", __name__, url_prefix="/synonyms")


@bp.get("")
@needs("products:write")
def index():
    """List the words that mean the same, with a form for more."""
    return _index(SynonymForm(), 200)


@bp.post("")
@needs("products:write")
def create():
    """Let words mean the same."""
    return _save(None)


@bp.get("/<uuid:synonym_id>")
@needs("products:write")
def show(synonym_id: UUID):
    """Show some words that mean the same."""
    found = one_synonym(session(), synonym_id)
    return _show(found, SynonymForm(obj=found), 200)


@bp.post("/<uuid:synonym_id>")
@needs("products:write")
def update(synonym_id: UUID):
    """Change which words mean the same."""
    return _save(one_synonym(session(), synonym_id))


@bp.post("/<uuid:synonym_id>/removal")
@needs("products:write")
def drop(synonym_id: UUID):
    """Let words no longer mean the same."""
    try:
        with transaction() as tx:
            remove_synonym(tx, synonym_id=synonym_id, seen=request.form.get("version", ""))
    except ChangedMeanwhile as refusal:
        found = one_synonym(session(), synonym_id)
        form = SynonymForm(obj=found)
        form.refuse("", str(refusal))
        return _show(found, form, 409)
    flash("These words no longer mean the same.")
    return redirect(url_for("synonyms.index"), 303)


def _save(found: SynonymRow | None):
    form = SynonymForm(request.form)
    try:
        with transaction() as tx:
            save_synonym(
                tx,
                synonym_id=found.id if found else None,
                terms=form.terms.data or (),
                one_way=form.one_way.data,
                seen=form.version.data or "",
            )
    except ChangedMeanwhile as refusal:
        if found is None:
            raise
        found = one_synonym(session(), found.id)
        form.overtaken(refusal, found)
        return _show(found, form, form.status)
    except WrongSynonym as refusal:
        form.refuse("terms", str(refusal))
        return _show(found, form, 422) if found else _index(form, 422)
    flash("It is kept. The next search knows it.")
    return redirect(url_for("synonyms.index"), 303)


def _index(form: SynonymForm, status: int):
    rows = synonym_list(session())
    return make_response(render_template("admin/synonyms/index.html", rows=rows, form=form), status)


def _show(found: SynonymRow, form: SynonymForm, status: int):
    return make_response(render_template("admin/synonyms/show.html", row=found, form=form), status)
