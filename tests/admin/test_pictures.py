"""Staff bring pictures of a product, describe them and put them in order."""

import io
import re
from html import unescape

import pytest
from sqlalchemy import text

from domain.catalog import queries
from tests.admin.test_catalogue import problems_of
from tests.admin.test_products import mug  # noqa: F401 - mug is a fixture
from tests.domain.catalog.images import bomb, picture


def bring(client, product_id, *files, alt="A mug"):
    data = {"alt": alt, "files": [(io.BytesIO(content), name) for name, content in files]}
    return client.post(f"/products/{product_id}/pictures", data=data, content_type="multipart/form-data")


def seen_of(page):
    return re.search(r'name="seen" value="([^"]+)"', page).group(1)


def test_pictures_are_brought_described_and_put_in_order(staff, sessions, mug, settings):  # noqa: F811
    client = staff("catalogue")
    page = f"/products/{mug.id}/pictures"

    assert bring(client, mug.id, ("a.jpg", picture()), ("b.png", picture(kind="PNG"))).status_code == 303

    shown = client.get(page).text
    assert "2 pictures are shown in a moment." in shown
    assert shown.count("Being made") == 2
    ids = re.findall(r'name="id" value="([^"]+)"', shown)
    order = {"id": ids, "alt": ["First", "Second"], "place": ["2", "1"], "seen": seen_of(shown)}
    assert client.post(f"{page}/order", data=order).status_code == 303
    with sessions() as reading:
        assert [one.alt for one in queries.pictures_of(reading, mug.id)] == ["Second", "First"]
        rows = reading.execute(text("SELECT name FROM shared.outbox WHERE name = 'catalog.picture_added'")).all()
    assert len(rows) == 2
    order["seen"] = seen_of(client.get(page).text)
    refused = client.post(f"{page}/order", data=order | {"alt": ["", "Typed"]})
    assert (refused.status_code, 'value="Typed"' in refused.text) == (422, True)
    assert client.post(f"{page}/order", data=order | {"gone": ids[0]}).status_code == 303
    with sessions() as reading:
        assert [one.alt for one in queries.pictures_of(reading, mug.id)] == ["Second"]
    huge = client.post(page, environ_overrides={"CONTENT_LENGTH": str(200_000_000)})
    assert huge.status_code == 413


def test_of_two_who_arrange_pictures_the_second_is_told_and_loses_nothing(staff, sessions, mug):  # noqa: F811
    client, page = staff("catalogue"), f"/products/{mug.id}/pictures"
    bring(client, mug.id, ("a.jpg", picture()), ("b.png", picture(kind="PNG")), ("c.jpg", picture()))
    shown = client.get(page).text
    ids = re.findall(r'name="id" value="([^"]+)"', shown)
    theirs = {"id": ids, "alt": ["Theirs", "Two", "Three"], "place": ["2", "1", "3"], "gone": ids[2]}
    mine = {"id": ids, "alt": ["Mine", "Two", "My third"], "place": ["1", "2", "3"]}

    assert client.post(f"{page}/order", data=theirs | {"seen": seen_of(shown)}).status_code == 303
    assert bring(client, mug.id, ("d.jpg", picture()), alt="New").status_code == 303
    told = client.post(f"{page}/order", data=mine | {"seen": seen_of(shown)})

    def kept():
        with sessions() as reading:
            return [one.alt for one in queries.pictures_of(reading, mug.id)]

    assert (told.status_code, kept()) == (409, ["Two", "Theirs", "New"])
    assert "Somebody else changed this product’s pictures" in unescape(told.text)
    for now, typed in (("Theirs", "Mine"), ("taken off", "My third"), ("2", "1")):
        assert re.search(rf"<del>{typed}</del> yours</dd><dd><ins>{now}</ins> now", told.text), typed
    assert 'value="Mine"' in told.text
    again = mine | {"id": ids[:2], "alt": ["Mine", "Two"], "place": ["1", "2"]}
    assert client.post(f"{page}/order", data=again | {"seen": seen_of(told.text)}).status_code == 409  # the new one
    present = [*ids[:2], re.findall(r'name="id" value="([^"]+)"', told.text)[2]]
    again = {"id": present, "alt": ["Mine", "Two", "New"], "place": ["1", "2", "3"]}
    assert client.post(f"{page}/order", data=again | {"seen": seen_of(told.text)}).status_code == 303
    assert kept() == ["Mine", "Two", "New"]


@pytest.mark.parametrize(
    ("files", "alt", "message"),
    [
        ([], "A mug", "Choose at least one picture."),
        ([("a.jpg", b"<svg/>")], "A mug", "a.jpg: This file is no picture"),
        ([("good.jpg", picture()), ("bomb.png", bomb())], "A mug", "bomb.png: This picture has too many pixels."),
        ([("a.jpg", picture())], "", "Describe the picture for those who cannot see it."),
    ],
)
def test_a_file_that_is_no_picture_is_refused_with_all_others(staff, sessions, mug, files, alt, message):  # noqa: F811
    refused = bring(staff("catalogue"), mug.id, *files, alt=alt)

    assert refused.status_code == 422
    assert problems_of(refused.text)[0].startswith(message)
    with sessions() as reading:
        assert queries.pictures_of(reading, mug.id) == ()
