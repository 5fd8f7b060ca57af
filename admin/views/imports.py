"""Taking products in from a file: it is looked through first, and taken in when somebody has seen what it does."""

import csv
import io
from collections.abc import Iterator
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)

from admin.access import actor, needs, staff
from admin.audit import begin, say
from admin.forms.imports import ImportForm
from domain.catalog.imports import run
from domain.catalog.imports.plan import STOCK_OF_ALL
from domain.catalog.imports.reading import FORMATS
from domain.catalog.queries.imports import (
    IMPORT_SORTS,
    STATE_WORDS,
    ImportView,
    import_list,
    import_notes,
    import_view,
    note_rows,
    read_import_filter,
)
from domain.shared import db
from domain.shared.audit import leave_rows_out
from domain.shared.lists import id_of
from web.db import session, sessions, transaction
from web.htmx import partials, wants_partial
from web.limits import takes_body

bp = Blueprint("imports", __name__, url_prefix="/products/imports")

MOST_BYTES = 200 * 1024 * 1024
PIECE = 1024 * 1024
SHOWN, PER_PAGE = 100, 50


@bp.get("")
@needs("products:write")
def index():
    """List imports, usually the latest first, below the form for another."""
    return _index(ImportForm(), 200)


@bp.post("")
@needs("products:write")
@takes_body(MOST_BYTES)
def upload():
    """Take a file, and have it looked through."""
    form, file = ImportForm(request.form), request.files.get("file")
    if not form.check(file):
        return _index(form, 422)
    if form.stock.data == STOCK_OF_ALL and not staff().can("inventory:write"):
        abort(403, description="Your role does not include changing stock.")
    assert file is not None
    # A piece at a time, in transactions of their own: neither memory nor the log of what staff do holds the file.
    factory, name = sessions(), (file.filename or "").rpartition("\\")[2]
    with db.transaction(factory) as tx:
        import_id = run.begin(tx, file_name=name, by=actor(), rules=form.rules(selling=staff().can("inventory:write")))
    for number, piece in enumerate(iter(lambda: file.stream.read(PIECE), b"")):
        with db.transaction(factory) as tx:
            run.keep_piece(tx, import_id=import_id, number=number, data=piece)
    say(name[-80:], about=import_id)
    with transaction() as tx:
        run.ask(tx, import_id)
    return redirect(url_for("imports.show", import_id=import_id), 303)


@bp.get("/<uuid:import_id>")
@needs("products:write")
def show(import_id: UUID):
    """Show how far an import is, what it does and what is to be said of its rows."""
    found = import_view(session(), import_id)
    notes = import_notes(session(), import_id, after=0, limit=SHOWN + 1)
    context = {"found": found, "notes": notes[:SHOWN], "more": len(notes) > SHOWN}
    if wants_partial():
        return partials("admin/imports/_import.html", **context)
    return render_template("admin/imports/show.html", **context)


@bp.get("/<uuid:import_id>/report.csv")
@needs("products:write")
def report(import_id: UUID) -> Response:
    """Send every remark as a file for spreadsheets."""
    import_view(session(), import_id)
    response = Response(stream_with_context(_report(import_id)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="import-report.csv"'
    return response


@bp.post("/<uuid:import_id>/start")
@needs("products:write")
def start(import_id: UUID):
    """Take in what was looked through."""
    found = _checked(import_id)
    say(f"{found.file_name[-80:]}: {found.products:,} product{'' if found.products == 1 else 's'}")
    with transaction() as tx:
        leave_rows_out(tx)  # what is said of the file's rows, which the start wipes away
        started = run.start_writing(tx, import_id, selling=staff().can("inventory:write"))
        if started:
            run.ask(tx, import_id)
    flash("The import has begun." if started else "This import is not waiting for a word.")
    return redirect(url_for("imports.show", import_id=import_id), 303)


@bp.post("/<uuid:import_id>/continuation")
@needs("products:write")
def go_on(import_id: UUID):
    """Have a worker carry on with an import that stands still."""
    say(_checked(import_id).file_name[-80:])
    with transaction() as tx:
        run.ask(tx, import_id)
    flash("A worker carries on with it.")
    return redirect(url_for("imports.show", import_id=import_id), 303)


@bp.post("/<uuid:import_id>/stop")
@needs("products:write")
def stop(import_id: UUID):
    """Go no further with an import; what was taken in stays."""
    # The entry follows the deed: how much was taken in is known then, and the file's own rows stay out of the log.
    with db.transaction(sessions()) as tx:
        say(run.stop(tx, import_id))
        begin(tx)
    flash("The import goes no further. What was taken in stays.")
    return redirect(url_for("imports.show", import_id=import_id), 303)


def _checked(import_id: UUID) -> ImportView:
    """Return an import; nobody sets stock by one, whoever uploaded it, who may not set it by hand."""
    found = import_view(session(), import_id)
    if found.stock == STOCK_OF_ALL and not staff().can("inventory:write"):
        abort(403, description="Your role does not include changing stock.")
    return found


def _index(form: ImportForm, status: int) -> Response:
    wanted, after = read_import_filter(request.args), id_of(request.args.get("after"))
    page = render_template(
        "admin/imports/index.html",
        form=form,
        imports=import_list(session(), wanted, after=after, limit=PER_PAGE),
        formats=tuple(FORMATS),
        wanted=wanted,
        words=wanted.as_words(),
        sorts=IMPORT_SORTS,
        states=STATE_WORDS,
    )
    return make_response(page, status)


def _report(import_id: UUID) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    yield "\ufeff"
    with sessions()() as reader:
        for row in note_rows(reader, import_id):
            writer.writerow(row)
            if buffer.tell() > 60_000:
                yield buffer.getvalue()
                buffer.seek(0)
                buffer.truncate()
    yield buffer.getvalue()
