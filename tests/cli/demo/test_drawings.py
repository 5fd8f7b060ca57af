"""The drawings: whole SVG, the same each time, without text, in the colours asked for, and light as files."""

from xml.etree import ElementTree

import pytest

from cli.demo.catalogue import load
from cli.demo.drawings import NAMES, SCENES, draw, draw_scene
from cli.demo.rendering import derivatives, render

SVG = "{http://www.w3.org/2000/svg}"
TILE_BYTES = 8 * 1024


def _check(markup: str, width: int, height: int) -> None:
    root = ElementTree.fromstring(markup)  # noqa: S314 - our own markup
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == f"0 0 {width} {height}"
    assert [element.tag for element in root.iter() if element.tag in (f"{SVG}text", f"{SVG}image")] == []
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert "nan" not in markup
    for name in ids:
        assert f"url(#{name})" in markup, f"{name} is defined and not used"


def test_there_are_enough_of_them():
    assert len(NAMES) >= 26
    assert "hero" in SCENES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_drawing_is_a_whole_portrait(name):
    _check(draw(name, ["#c4643f", "#efe9dc"], seed="a"), 800, 1000)
    _check(draw(name, []), 800, 1000)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_scene_is_a_whole_landscape(name):
    _check(draw_scene(name), 1600, 1000)


def test_the_same_arguments_give_the_same_picture():
    assert draw("mug", ["#c4643f"], seed="a") == draw("mug", ["#c4643f"], seed="a")
    assert draw("mug", ["#c4643f"], seed="a") != draw("mug", ["#c4643f"], seed="b")
    assert draw("mug", ["#c4643f"], seed="a") != draw("mug", ["#2f5044"], seed="a")
    assert draw_scene("hero") != draw_scene("hero", ["#c4643f"])


def test_a_colour_written_otherwise_is_refused():
    with pytest.raises(ValueError, match="#rrggbb"):
        draw("mug", ["terracotta"])


def test_it_renders_as_a_picture_in_its_colour():
    image = render(draw("cushion", ["#c4643f", "#efe9dc"]), width=200)

    assert image.size == (200, 250)
    red, green, blue = image.getpixel((90, 170))
    assert red > green > blue


def test_the_files_of_a_picture():
    files = derivatives(draw("mug", ["#6f8560", "#b98a66"]), widths=(160, 320))

    assert [(file.width, file.height, file.format) for file in files] == [
        (160, 200, "avif"),
        (160, 200, "webp"),
        (320, 400, "avif"),
        (320, 400, "webp"),
        (320, 400, "jpeg"),
    ]
    assert files[0].data[4:12] == b"ftypavif"
    assert files[1].data[8:12] == b"WEBP"
    assert files[4].data[:2] == b"\xff\xd8"


def test_every_tile_is_light():
    firsts = {product.drawing: product for product in load().products}
    heavy = {}
    for product in firsts.values():
        svg = draw(product.drawing, product.variants[0].colours, seed=product.slug)
        tile = next(file for file in derivatives(svg, widths=(320,)) if file.format == "avif")
        if len(tile.data) > TILE_BYTES:
            heavy[product.slug] = len(tile.data)

    assert heavy == {}
