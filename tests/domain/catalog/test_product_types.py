"""Products say of themselves what their type defines, in the kind it defines."""

import pytest

from domain.catalog import commands
from domain.catalog.commands import Attribute
from domain.catalog.errors import (
    WrongProduct,
)
from domain.catalog.queries import product_detail, product_page, product_type
from domain.shared.errors import ChangedMeanwhile
from tests.factories.catalog import make_product

MUGS = (
    Attribute(name="Material", required=True),
    Attribute(name="Capacity", kind="number", unit="ml"),
    Attribute(name="Dishwasher", kind="yes_no"),
    Attribute(name="Glaze", kind="colour"),
)


@pytest.fixture
def mugs(session):
    return commands.create_type(session, name="Mug", options=("Size",), attributes=MUGS)


def test_attributes_are_kept_and_shown_in_their_kind(session, mugs):
    said = {
        "Material": " Clay ",
        "Capacity": "350",
        "Dishwasher": False,
        "Glaze": {"colour": "#6F8560", "name": "Moss"},
    }
    mug = make_product(session, type_id=mugs, attributes=said, slug="mug")

    assert product_detail(session, mug.id, currency="EUR").attributes == {
        "Material": "Clay",
        "Capacity": {"number": 350, "unit": "ml"},
        "Dishwasher": False,
        "Glaze": {"colour": "#6f8560", "name": "Moss"},
    }
    assert product_page(session, "mug", "EUR").attributes == (
        ("Glaze", "Moss"), ("Capacity", "350 ml"), ("Material", "Clay"), ("Dishwasher", "No"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, "Material: products of the type Mug must say this"),
        ({"Material": "Clay", "Weight": "1"}, "has no attribute Weight"),
        ({"Material": "Clay", "Capacity": "much"}, "Capacity: enter a number"),
        ({"Material": "Clay", "Capacity": True}, "Capacity: enter a number"),
        ({"Material": "Clay", "Capacity": "NaN"}, "Capacity: enter a number"),
        ({"Material": "Clay", "Capacity": {"number": 3, "unit": "l"}}, "give the number in ml"),
        ({"Material": "Clay", "Dishwasher": "yes"}, "say yes or no"),
        ({"Material": "Clay", "Glaze": "green"}, "# and six digits"),
        ({"Material": 7}, "write a text"),
    ],
)
def test_what_the_type_does_not_say_is_refused(session, mugs, said, message):
    mug = make_product(session, type_id=mugs, attributes={"Material": "Clay"})
    before = product_detail(session, mug.id, currency="EUR")

    with pytest.raises(WrongProduct, match=message):
        commands.update_product(session, product_id=mug.id, version=before.version, attributes=said)

    session.expire_all()
    assert product_detail(session, mug.id, currency="EUR") == before


def test_a_product_without_a_type_says_what_it_likes(session):
    mug = make_product(session, attributes={"Made in": "Ireland", "Empty": ""})

    assert product_detail(session, mug.id, currency="EUR").attributes == {"Made in": "Ireland"}


def test_what_products_say_keeps_its_kind(session, mugs):
    make_product(session, type_id=mugs, attributes={"Material": "Clay", "Capacity": 350})
    version = product_type(session, mugs).version

    def change(*attributes):
        commands.update_type(session, type_id=mugs, version=version, name="Mug", options=(), attributes=attributes)

    with pytest.raises(WrongProduct, match="Capacity: 1 product says this"):
        change(MUGS[0], Attribute(name="Capacity", kind="number", unit="l"))
    with pytest.raises(WrongProduct, match="Material: 1 product says this"):
        change(MUGS[1])
    assert product_type(session, mugs).attributes == MUGS

    change(Attribute(name="Material"), MUGS[1], Attribute(name="Made in"))
    assert [attribute.name for attribute in product_type(session, mugs).attributes] == [
        "Material",
        "Capacity",
        "Made in",
    ]
    with pytest.raises(ChangedMeanwhile):
        change(*MUGS)


@pytest.mark.parametrize(
    "attribute", [{"name": ""}, {"name": "a=b"}, {"name": "A", "kind": "date"}, {"name": "A", "unit": "ml"}]
)
def test_a_definition_that_makes_no_sense_is_refused(attribute):
    with pytest.raises(WrongProduct):
        Attribute(**attribute)
