"""Uploads: what is taken and what is refused, what is left of them, and how they come to be shown."""

import io
from uuid import uuid4

import pytest
import requests
from PIL import Image
from sqlalchemy import func, select

from domain.catalog import commands, handlers
from domain.catalog.commands import Described
from domain.catalog.errors import NoSuchPicture, NoSuchProduct, WrongPicture, WrongProduct
from domain.catalog.events import PictureAdded
from domain.catalog.media import NoSuchFile, make_storage
from domain.catalog.media.upload import MOST_BYTES, derive, read_upload
from domain.catalog.models import Picture
from domain.catalog.queries import pictures_stamp, product_page
from tests.domain.catalog.images import bomb, picture, turned_with_a_place
from tests.domain.notifications.aws import aws, moto, service  # noqa: F401 - fixtures
from tests.factories.catalog import make_product


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_kind_of_picture_is_taken(kind):
    upload = read_upload(picture(300, 200, kind))

    assert (upload.width, upload.height, upload.format) == (300, 200, "jpeg")


def test_what_a_camera_wrote_into_it_is_gone_and_it_stands_upright():
    given = turned_with_a_place()
    assert b"Secret Camera" in given

    upload = read_upload(given)

    kept = opened(upload.data)
    assert kept.size == (600, 900)
    assert not kept.getexif()
    assert b"Secret Camera" not in upload.data
    assert {"exif", "icc_profile", "xmp", "comment"} & kept.info.keys() == set()
    red, _, blue = kept.convert("RGB").getpixel((300, 50))
    assert red > 200 > 60 > blue, "the left half is on top now"


def test_what_can_be_seen_through_stays_so():
    target = io.BytesIO()
    Image.new("RGBA", (100, 80), (200, 10, 10, 90)).save(target, "PNG")

    upload = read_upload(target.getvalue())

    assert (upload.format, opened(upload.data).mode) == ("webp", "RGBA")
    assert opened(upload.data).getpixel((5, 5)) == (200, 10, 10, 90)
    jpeg = [file for file in derive(upload.data) if file.format == "jpeg"]
    assert opened(jpeg[0].data).getpixel((5, 5)) == pytest.approx((236, 169, 169), abs=3), "on white"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no picture that the shop can take"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no picture that the shop can take"),
        (b"GIF89a" + b"\0" * 100, "no picture that the shop can take"),
        (b"%PDF-1.7", "no picture that the shop can take"),
        (b"\xff\xd8\xff<script>alert(1)</script>", "may be damaged"),
        (picture()[:2000], "may be damaged"),
        (picture(kind="PNG")[:-40], "may be damaged"),
        (b"\xff\xd8\xff" + b"\0" * MOST_BYTES, "too large"),
        (bomb(), "too many pixels"),
        (bomb(16_001, 10), "too many pixels"),
        (picture(39, 500), "too small"),
    ],
)
def test_what_is_no_picture_is_refused(data, message):
    with pytest.raises(WrongPicture, match=message):
        read_upload(data)


def test_browsers_get_every_width_in_every_format():
    made = list(derive(read_upload(picture(1000, 500)).data))

    assert [(file.format, file.width, file.height) for file in made] == [
        ("avif", 240, 120), ("webp", 240, 120), ("avif", 480, 240), ("webp", 480, 240), ("avif", 800, 400),
        ("webp", 800, 400), ("avif", 1000, 500), ("webp", 1000, 500), ("jpeg", 800, 400),
    ]  # fmt: skip
    assert all(opened(file.data).format == file.format.upper() for file in made)
    assert [file.key for file in derive(read_upload(picture(1000, 500)).data)] == [file.key for file in made]


def upload_to(session, storage, product_id, alt="A mug"):
    upload = read_upload(picture(500, 400))
    storage.put(upload.key, upload.data, upload.content_type)
    return commands.add_upload(
        session, product_id=product_id, alt=alt, key=upload.key, width=upload.width, height=upload.height
    )


def run(session, settings, picture_id):
    """Do what the worker does, in its three steps."""
    handler = handlers.make_derivatives
    data = handler.prepare(session, PictureAdded(picture_id=picture_id))
    if data is not None:
        handler.finish(session, handler.perform(data, settings))
    return data


@pytest.mark.parametrize("place", ["disk", "bucket"])
def test_a_picture_is_shown_when_its_files_are_made(session, settings, tmp_path, place, request):
    if place == "bucket":
        settings = request.getfixturevalue("aws").model_copy(update={"media_bucket": "pictures"})
        service("s3", settings).create_bucket(
            Bucket="pictures", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
    else:
        settings = settings.model_copy(update={"var": tmp_path})
    storage, mug = make_storage(settings), make_product(session, slug="mug")
    picture_id = upload_to(session, storage, mug.id)
    assert product_page(session, "mug", "EUR").pictures == ()

    assert run(session, settings, picture_id) is not None
    assert run(session, settings, picture_id) is None, "the second run finds nothing to do"

    (shown,) = product_page(session, "mug", "EUR").pictures
    assert (shown.alt, shown.width, shown.height) == ("A mug", 500, 400)
    assert len(shown.sources) == 7
    for source in shown.sources:
        with storage.open(source.key) as file:
            assert opened(file.read()).size == (source.width, source.height)


def test_a_bucket_gives_out_signed_addresses_or_those_of_a_cdn(aws):  # noqa: F811 - the fixture
    settings = aws.model_copy(update={"media_bucket": "pictures"})
    service("s3", settings).create_bucket(
        Bucket="pictures", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    storage, upload = make_storage(settings), read_upload(picture(100, 100))
    storage.put(upload.key, upload.data, upload.content_type)

    answer = requests.get(storage.url(upload.key), timeout=5)

    assert (answer.status_code, answer.content) == (200, upload.data)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "X-Amz-Signature=" in storage.url(upload.key)
    assert storage.origin == settings.aws_endpoint_url
    with pytest.raises(NoSuchFile):
        storage.open("0" * 32 + ".webp")
    with pytest.raises(NoSuchFile):
        storage.url("../secret")
    behind = make_storage(settings.model_copy(update={"media_url": "https://cdn.example"}))
    assert behind.url(upload.key) == f"https://cdn.example/media/{upload.key}"
    assert behind.origin == "https://cdn.example"


def test_pictures_are_described_put_in_order_and_taken_off(session, settings, tmp_path):
    settings = settings.model_copy(update={"var": tmp_path})
    storage, mug = make_storage(settings), make_product(session, slug="mug")
    first, second, third = (upload_to(session, storage, mug.id, alt=alt) for alt in ("One", "Two", "Three"))
    for id_ in (first, second, third):
        run(session, settings, id_)

    kept = [Described(third, " Last "), Described(first, "One")]
    seen = pictures_stamp([(first, "One"), (second, "Two"), (third, "Three")])
    commands.arrange_pictures(session, product_id=mug.id, pictures=kept, seen=seen, gone=[second])

    assert [one.alt for one in product_page(session, "mug", "EUR").pictures] == ["Last", "One"]
    was = {first: "One", third: "Last"}
    for refused, error in (
        ([Described(first, " ")], WrongProduct), ([Described(second, "Gone")], NoSuchPicture),
        ([Described(first, "x" * 301)], WrongProduct),
    ):  # fmt: skip
        seen = pictures_stamp((one.id, was[one.id]) for one in refused if one.id in was)
        with pytest.raises(error):
            commands.arrange_pictures(session, product_id=mug.id, pictures=refused, seen=seen)
    assert [one.alt for one in product_page(session, "mug", "EUR").pictures] == ["Last", "One"]
    run(session, settings, second)
    with pytest.raises(WrongProduct, match="Describe"):
        upload_to(session, storage, mug.id, alt="")
    with pytest.raises(NoSuchProduct):
        upload_to(session, storage, uuid4())
    assert session.scalar(select(func.count(Picture.id))) == 2


def test_what_cannot_be_made_is_noted_and_tried_again(session, settings, tmp_path):
    settings = settings.model_copy(update={"var": tmp_path})
    mug = make_product(session, slug="mug")
    missing = commands.add_upload(
        session, product_id=mug.id, alt="A mug", key="0" * 32 + ".jpeg", width=500, height=400
    )
    data = handlers.make_derivatives.prepare(session, PictureAdded(picture_id=missing))

    with pytest.raises(NoSuchFile):
        handlers.make_derivatives.perform(data, settings)
    handlers.make_derivatives.failed(session, data)

    assert session.get_one(Picture, missing).state == "failed"
    assert handlers.make_derivatives.prepare(session, PictureAdded(picture_id=missing)) == data
    assert product_page(session, "mug", "EUR").pictures == ()
