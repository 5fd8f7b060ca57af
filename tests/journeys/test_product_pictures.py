"""Staff bring pictures of a product, by the field or by dropping them, describe them and put them in order."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cli.shopper import Shopper
from tests.domain.catalog.images import picture
from tests.journeys.conftest import KINDS, AdminOpener, Kind
from tests.journeys.pages import Admin
from tests.journeys.steps import unused
from tests.journeys.store import Store
from tests.processes import eventually

PICTURES = "SELECT alt, state FROM catalog.pictures WHERE product_id = %s ORDER BY position"


def begin(admin: Admin, word: str) -> str:
    title = unused(word)
    return admin.begin_product(title, title.upper().replace(" ", "-"), "25")


def drop(page: Page, *files: Path, at: str) -> None:
    """Drag files in from outside the browser and let them fall on the part of the page that is named so."""
    part = page.locator(at)
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    assert box
    data = {"items": [], "files": [str(one) for one in files], "dragOperationsMask": 1}
    mouse = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        mouse.send("Input.dispatchDragEvent", {"type": kind, "data": data, **where})


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
def test_pictures_are_brought_described_put_in_order_and_taken_off(
    own_store: Store, open_admin: AdminOpener, kind: Kind, tmp_path: Path
) -> None:
    front, back, wrong = tmp_path / "front.jpg", tmp_path / "back.jpg", tmp_path / "letter.jpg"
    front.write_bytes(picture(800, 1000))
    back.write_bytes(picture(1000, 800))
    wrong.write_text("Dear shop, …")
    admin = open_admin(kind, dark=kind is KINDS[1])
    page = admin.page
    path = begin(admin, "Journey vase")
    product = path.split("/")[2]
    page.get_by_label("Status").select_option("published")
    slug = page.get_by_label("Address", exact=True).input_value()
    admin.press("Save")
    admin.told("is saved")

    admin.follow("Pictures")
    admin.press("Bring them")
    admin.refused("Choose at least one picture.")
    page.get_by_label("Picture files").set_input_files([front, wrong])
    admin.fill({"What the picture shows": "A vase"})
    admin.press("Bring them")
    admin.refused("letter.jpg")
    expect(page.get_by_label("What the picture shows", exact=True)).to_have_value("A vase")
    assert own_store.rows(PICTURES, product) == []
    page.get_by_label("Picture files").set_input_files([front, back])
    admin.press("Bring them")
    admin.told("2 pictures are shown in a moment.")
    admin.sound()
    assert eventually(lambda: own_store.rows(PICTURES, product) == [("A vase", "ready")] * 2, every=0.5)

    admin.open(f"{path}/pictures")
    expect(page.locator(".pictures img")).to_have_count(2)
    admin.fill({"What picture 1 shows": "A vase from behind", "What picture 2 shows": "A vase from the front"})
    admin.fill({"Place of picture 1": "2", "Place of picture 2": "1"})
    admin.press("Save descriptions and order")
    admin.told("The pictures are saved.")
    in_order = ["A vase from the front", "A vase from behind"]
    assert [alt for alt, _ in own_store.rows(PICTURES, product)] == in_order
    expect(page.get_by_label("What picture 1 shows")).to_have_value(in_order[0])

    def alts() -> list[str]:
        text = Shopper(own_store.base_url).open(f"/p/{slug}").text
        return [one for one in sorted(in_order, key=text.find) if one in text]

    assert eventually(lambda: alts() == in_order, every=0.5)
    page.get_by_label("Take it off: picture 1").check()
    admin.press("Save descriptions and order")
    expect(page.locator(".pictures img")).to_have_count(1)
    admin.sound()
    assert [alt for alt, _ in own_store.rows(PICTURES, product)] == in_order[1:]


@pytest.mark.parametrize("at", ["#files", "form:has(#files) h2"], ids=["on the field", "beside the field"])
def test_files_are_dropped(own_store: Store, open_admin: AdminOpener, tmp_path: Path, at: str) -> None:
    files = [tmp_path / name for name in ("left.png", "right.png")]
    for one in files:
        one.write_bytes(picture(400, 400, "PNG"))
    admin = open_admin(KINDS[2])
    page = admin.page
    path = begin(admin, "Journey bowl")
    admin.open(f"{path}/pictures")
    drop(page, *files, at=at)

    chosen = page.get_by_label("Picture files")
    expect(chosen).to_have_js_property("files.length", 2)
    expect(page).to_have_url(f"{own_store.admin_url}{path}/pictures")
    admin.sound()
    admin.fill({"What the picture shows": "A bowl from both sides"})
    admin.press("Bring them")
    admin.told("2 pictures are shown in a moment.")
    kept = [("A bowl from both sides", "ready")] * 2
    assert eventually(lambda: own_store.rows(PICTURES, path.split("/")[2]) == kept, every=0.5)
