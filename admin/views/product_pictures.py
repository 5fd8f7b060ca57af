"""The pictures of one product: bringing them, describing them and putting them in order."""

from uuid import UUID

from flask import Blueprint, abort, current_app, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.catalogue import UploadForm
from domain.catalog import commands, queries
from domain.catalog.commands import Described
from domain.catalog.commands.picture import MOST_PICTURES
from domain.catalog.errors import WrongPicture
from domain.catalog.media.upload import MOST_BYTES, Upload, read_upload
from domain.shared.errors import DomainError, NotFound
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
            commands.arrange_pictures(tx, product_id=product_id, pictures=ordered, gone=gone)
    except NotFound:
        raise
    except DomainError as error:
        form = UploadForm()
        form.refuse("", str(error))
        return _pictures(product_id, form, status_of(error))
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


def _pictures(product_id: UUID, form: UploadForm, status: int):
    product = queries.product_detail(session(), product_id, currency=shop_settings().currency)
    shown = queries.pictures_of(session(), product_id)
    return make_response(
        render_template("admin/products/pictures.html", product=product, shown=shown, form=form, most=MOST_FILES),
        status,
    )
