"""The pictures of one product: bringing them, describing them and putting them in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.catalogue import UploadForm
from admin.forms.conflicts import Difference
from domain.catalog import commands, queries
from domain.catalog.commands import Described
from domain.catalog.commands.picture import MOST_PICTURES
from domain.catalog.errors import WrongPicture
from domain.catalog.media.upload import MOST_BYTES, Upload, read_upload
from domain.catalog.queries import PictureDetail
from domain.shared.errors import Conflict, DomainError, NotFound
from web.db import session, transaction
from web.errors import status_of
from web.limits import takes_body
from web.settings import shop_settings

bp = Blueprint("product_pictures", __name__, url_prefix="/products/<uuid:product_id>/pictures")

MOST_FILES = 8


@bp.get("")
@needs("products:read")
def show(product_id: UUID):
    """Show a product's pictures with what they are described as, and a form to bring more."""
    return _pictures(product_id, UploadForm(), 200)


@bp.post("")
@needs("products:write")
@takes_body(MOST_FILES * MOST_BYTES)
def upload(product_id: UUID):
    """Take pictures: all of them, or none where one of them cannot be taken."""
    form = UploadForm(request.form)
    files = [file for file in request.files.getlist("files") if file.filename][:MOST_FILES]
    valid = form.validate()
    if not files:
        form.refuse("", "Choose at least one picture.")
    if not (valid and files):
        return _pictures(product_id, form, 422)
    try:
        taken = [_read(file) for file in files]
        storage = current_app.extensions["storage"]
        for one in taken:
            storage.put(one.key, one.data, one.content_type)
        with transaction() as tx:
            for one in taken:
                commands.add_upload(
                    tx, product_id=product_id, alt=form.alt.data, key=one.key, width=one.width, height=one.height
                )
    except NotFound:
        raise
    except DomainError as error:
        form.refuse("", str(error))
        return _pictures(product_id, form, status_of(error))
    flash("The picture is shown in a moment." if len(taken) == 1 else f"{len(taken)} pictures are shown in a moment.")
    return redirect(url_for(".show", product_id=product_id), 303)


@bp.post("/order")
@needs("products:write")
def arrange(product_id: UUID):
    """Save the descriptions and the order of the pictures, and take off those that are marked."""
    try:
        kept, gone = _arranged()
    except ValueError:
        abort(400)
    ordered = [described for _, described in sorted(kept, key=lambda pair: pair[0])]
    try:
        with transaction() as tx:
            commands.arrange_pictures(
                tx, product_id=product_id, pictures=ordered, seen=request.form.get("seen", ""), gone=gone
            )
    except NotFound:
        raise
    except DomainError as error:
        form = UploadForm()
        form.refuse("", str(error))
        return _pictures(product_id, form, status_of(error), conflict=isinstance(error, Conflict))
    flash("The pictures are saved.")
    return redirect(url_for(".show", product_id=product_id), 303)


def _arranged() -> tuple[list[tuple[int, Described]], list[UUID]]:
    """Read the pictures that stay, each with its place, and those that go; raises ValueError for a broken page."""
    rows = zip(request.form.getlist("id"), request.form.getlist("alt"), request.form.getlist("place"), strict=True)
    gone = [UUID(id_) for id_ in request.form.getlist("gone")]
    kept = [
        (int(place) if place.isascii() and place.isdigit() else MOST_PICTURES, Described(UUID(id_), alt))
        for id_, alt, place in rows
        if UUID(id_) not in gone
    ]
    return kept, gone


def _read(file) -> Upload:
    try:
        return read_upload(file.stream.read(MOST_BYTES + 1))
    except WrongPicture as error:
        raise WrongPicture(f"{file.filename}: {error}") from error


@dataclass(frozen=True)
class Row:
    """A picture as it is, and what its fields say: what was typed, or else the same."""

    picture: PictureDetail
    number: int
    alt: str
    place: str
    gone: bool


def _rows(shown: Sequence[PictureDetail]) -> list[Row]:
    ids, gone = request.form.getlist("id"), request.form.getlist("gone")
    alts = dict(zip(ids, request.form.getlist("alt"), strict=False))
    places = dict(zip(ids, request.form.getlist("place"), strict=False))
    return [
        Row(one, number, alts.get(str(one.id), one.alt), places.get(str(one.id), str(number)), str(one.id) in gone)
        for number, one in enumerate(shown, start=1)
    ]


def _differences(rows: Sequence[Row]) -> tuple[Difference, ...]:
    """Compare what was typed with the pictures as they are now, also with those that are no longer there."""
    found = []
    for row in rows:
        if row.alt != row.picture.alt:
            found.append((f"What picture {row.number} shows", row.picture.alt, row.alt))
        if row.place != str(row.number):
            found.append((f"Place of picture {row.number}", str(row.number), row.place))
        if row.gone:
            found.append((f"Picture {row.number}", "shown", "taken off"))
    present = {str(row.picture.id) for row in rows}
    typed = zip(request.form.getlist("id"), request.form.getlist("alt"), strict=False)
    return (*found, *(("A picture", "taken off", alt) for id_, alt in typed if id_ not in present))


def _pictures(product_id: UUID, form: UploadForm, status: int, *, conflict: bool = False):
    product = queries.product_detail(session(), product_id, currency=shop_settings().currency)
    shown = queries.pictures_of(session(), product_id)
    rows = _rows(shown)
    # Only a conflict is told with the pictures as they are now beside what was typed: saving again is then a choice.
    now = queries.pictures_stamp((one.id, one.alt) for one in shown)
    page = render_template(
        "admin/products/pictures.html",
        product=product,
        rows=rows,
        seen=(not conflict and request.form.get("seen")) or now,
        differences=_differences(rows) if conflict else None,
        form=form,
        most=MOST_FILES,
    )
    return make_response(page, status)
