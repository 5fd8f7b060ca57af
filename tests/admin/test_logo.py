"""A logo brought in the admin stands over the door, in mail, on papers and in what search engines read."""

import io
import json
import re
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from pypdf import PdfReader

from domain.notifications.adapters.templates import render
from domain.shared.db import Sessions, transaction
from domain.shared.logo import LOGO, LOGO_ALT, Drawn
from domain.shared.preferences import in_force, keep
from domain.shared.settings import Settings
from tests.admin.conftest import StaffClient, send, version_of
from tests.factories.orders import make_order
from tests.storefront.conftest import put_on_shelves


def drawing(width: int = 880, height: int = 200, colour: str = "#b9502f", format: str = "PNG") -> bytes:
    """A logo on see-through ground, with room around it."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    room = min(20, height // 5)
    ImageDraw.Draw(image).rectangle((room, room, width - room - 1, height - room - 1), fill=colour)
    target = io.BytesIO()
    image.save(target, format)
    return target.getvalue()


def bring(client: FlaskClient, alt: str = "Corner & Daughters", **files: bytes) -> Any:
    """Send the form."""
    sent = {name: (io.BytesIO(data), f"{uuid4().hex}.png") for name, data in files.items()}
    return send(client, "/settings/logo", {"alt": alt} | sent, content_type="multipart/form-data")


@pytest.fixture
def page(storefront: FlaskClient, sessions: Sessions):
    """Read the first page of the shop as it is now."""
    with transaction(sessions) as tx:
        put_on_shelves(tx)

    def read() -> str:
        storefront.application.extensions["preferences"].forget()
        return storefront.get("/").text

    return read


def test_it_stands_over_the_door_in_three_densities_and_is_named_to_search_engines(
    staff: StaffClient, storefront: FlaskClient, page, settings: Settings
) -> None:
    assert '<img class="logo' not in page()

    assert bring(staff("owner"), logo=drawing(), logo_dark=drawing(colour="white")).status_code == 303

    [tag] = set(re.findall(r'<img class="logo[^>]*>', page()))
    assert 'alt="Corner &amp; Daughters"' in tag
    assert "on-plate" not in tag
    sizes = [Image.open(io.BytesIO(storefront.get(path).data)).size for path in re.findall(r"(/media/\S+) \dx", tag)]
    assert sizes == [(220, 42), (440, 84), (660, 126)]  # without the room around it
    [about] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(), re.DOTALL)
    organisation = next(one for one in json.loads(about)["@graph"] if one["@type"] == "Organization")
    address = organisation["logo"].removeprefix(settings.storefront_url)
    answer = storefront.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.data)).getpixel((9, 9))[:3] == (0xB9, 0x50, 0x2F)  # the one for light ground


def test_without_one_for_dark_ground_it_stands_on_a_plate_and_it_can_be_taken_off(staff: StaffClient, page) -> None:
    client = staff("owner")
    bring(client, logo=drawing(), logo_dark=drawing(colour="white"))
    send(client, "/settings/logo/removal", {"which": "dark"}, "/settings/logo")
    assert 'class="logo on-plate"' in page()

    send(client, "/settings/logo/removal", {}, "/settings/logo")

    assert '<img class="logo' not in page()
    assert "Bring a logo" in client.get("/settings/logo").text


def test_another_description_keeps_the_pictures_and_none_is_the_name(staff: StaffClient, page) -> None:
    client = staff("owner")
    bring(client, logo=drawing())
    assert bring(client, alt="").status_code == 303

    assert 'alt="Cornershop"' in re.findall(r'<img class="logo[^>]*>', page())[0]


def test_mail_and_papers_show_it(staff: StaffClient, sessions: Sessions, settings: Settings) -> None:
    with transaction(sessions) as tx:
        order = make_order(tx, paid=True)
    client = staff("owner")
    before = PdfReader(io.BytesIO(client.get(f"/orders/{order.number}/slip").data)).pages[0].images
    assert len(before) == 0

    bring(client, logo=drawing())

    assert len(PdfReader(io.BytesIO(client.get(f"/orders/{order.number}/slip").data)).pages[0].images) >= 1
    html = render("welcome", {"name": "Ada"}, in_force(sessions, settings), to="ada@example.com").html
    assert re.search(rf'<img class="logo" src="{settings.storefront_url}/media/[0-9a-f]{{32}}\.png" width="220"', html)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no picture that the shop can take"),
        (drawing(39, 39), "too small"),
        (drawing()[:400], "damaged"),
        (b"GIF89a" + bytes(100), "no picture that the shop can take"),
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_changes(
    staff: StaffClient, sessions: Sessions, settings: Settings, data: bytes, words: str
) -> None:
    answer = bring(staff("owner"), logo=data)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert in_force(sessions, settings) == settings


def test_a_small_file_that_stands_for_a_huge_picture_is_refused(staff: StaffClient) -> None:
    target = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(target, "PNG")

    answer = bring(staff("owner"), logo=target.getvalue())

    assert (answer.status_code, "too many pixels" in answer.text) == (422, True)


def test_the_one_for_dark_ground_is_not_taken_alone(staff: StaffClient) -> None:
    answer = bring(staff("owner"), logo_dark=drawing())

    assert (answer.status_code, "for light ground too" in answer.text) == (422, True)


def test_the_page_shows_the_logo_that_its_buttons_take_off_whatever_the_process_remembers(
    staff: StaffClient, sessions: Sessions
) -> None:
    client = staff("owner")
    assert "Bring a logo" in client.get("/settings/logo").text  # from here on the process remembers a shop without one
    theirs = Drawn(220, 42, ("theirs.webp",), "theirs.png").written()
    with transaction(sessions) as tx:
        keep(tx, {LOGO: theirs})

    page = client.get("/settings/logo").text

    assert ('src="/media/theirs.png"' in page, "Take off the logo" in page, "Bring another one" in page) == (
        True, True, True,
    )  # fmt: skip
    with transaction(sessions) as tx:
        keep(tx, {LOGO: "", LOGO_ALT: "Gone"})
    late = client.post("/settings/logo/removal", data={"version": version_of(page, "/settings/logo/removal")})
    assert (late.status_code, "/media/theirs.png" in late.text, 'value="Gone"' in late.text) == (409, False, True)


def test_the_one_for_dark_ground_joins_the_one_that_somebody_else_brought(
    staff: StaffClient, sessions: Sessions
) -> None:
    client = staff("owner")
    client.get("/settings/logo")
    with transaction(sessions) as tx:
        keep(tx, {LOGO: Drawn(220, 42, ("theirs.webp",), "theirs.png").written()})

    assert bring(client, logo_dark=drawing(colour="white")).status_code == 303
