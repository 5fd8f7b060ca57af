"""Categories move with all below them, and every address they ever had leads to them."""

import pytest
from sqlalchemy import select, text

from domain.catalog import commands, handlers, queries
from domain.catalog.errors import (
    NoSuchCategory,
    TakenSlug,
    WrongTree,
)
from domain.catalog.models import Category
from domain.shared.errors import ChangedMeanwhile
from domain.shared.events import from_payload
from domain.shared.outbox import OutboxMessage
from tests.factories.catalog import make_category, make_product


def paths(session):
    return list(session.scalars(text("SELECT path FROM catalog.categories ORDER BY path")))


def move(session, path, **change):
    category = session.scalars(
        select(Category).where(Category.path == path).execution_options(populate_existing=True)
    ).one()
    given = {"name": category.name, "slug": category.slug, "parent_id": category.parent_id, "version": category.version}
    commands.update_category(session, category_id=category.id, **(given | change))


def events(session, name):
    rows = session.scalars(
        select(OutboxMessage.payload).where(OutboxMessage.name == name).order_by(OutboxMessage.position)
    )
    return [from_payload(name, payload) for payload in rows]


def test_a_category_moves_with_all_below_it_and_its_goods(session):
    make_category(session, "home/kitchen/mugs/large")
    garden = make_category(session, "garden")
    mug = make_product(session, category="home/kitchen/mugs", title="Mug")

    move(session, "home/kitchen", parent_id=garden, slug="outdoor-kitchen")

    assert paths(session) == [
        "garden", "garden/outdoor-kitchen", "garden/outdoor-kitchen/mugs", "garden/outdoor-kitchen/mugs/large", "home",
    ]  # fmt: skip
    for old, new in (("home/kitchen", "garden/outdoor-kitchen"), ("home/kitchen/mugs", "garden/outdoor-kitchen/mugs")):
        assert queries.old_path(session, old) == new
    (changed,) = events(session, "catalog.category_changed")
    handlers.tell_products_of_category(session, changed)
    (placed,) = events(session, "catalog.place_changed")
    assert placed.product_ids == (mug.id,)
    handlers.refresh_placed_listing(session, placed)
    row = session.execute(text("SELECT category_path, category_paths FROM catalog.listings")).one()
    assert row == (
        "garden/outdoor-kitchen/mugs",
        ["garden", "garden/outdoor-kitchen", "garden/outdoor-kitchen/mugs"],
    )


def test_a_category_cannot_stand_inside_itself(session):
    below = make_category(session, "a/b/c")
    own = make_category(session, "a")

    for parent in (own, below):
        with pytest.raises(WrongTree, match="inside itself"):
            move(session, "a", parent_id=parent)
    assert paths(session) == ["a", "a/b", "a/b/c"]
    assert queries.old_path(session, "a") is None


def test_an_address_is_given_once(session):
    make_category(session, "a/b")
    make_category(session, "c")
    move(session, "a/b", slug="d")

    with pytest.raises(TakenSlug):
        commands.create_category(session, slug="b", name="B", parent_id=make_category(session, "a"))
    with pytest.raises(TakenSlug):
        move(session, "c", parent_id=make_category(session, "a"), slug="b")
    with pytest.raises(TakenSlug):
        move(session, "c", slug="a")
    move(session, "a/d", slug="b")

    assert paths(session) == ["a", "a/b", "c"]
    assert (queries.old_path(session, "a/d"), queries.old_path(session, "a/b")) == ("a/b", None)


def test_signs_in_an_address_are_no_pattern(session):
    make_category(session, "a_b/x")
    make_category(session, "acb/x")

    move(session, "a_b", slug="z")

    assert paths(session) == ["acb", "acb/x", "z", "z/x"]


def test_the_second_of_two_is_told(session):
    make_category(session, "a")
    version = session.scalar(text("SELECT version FROM catalog.categories"))
    move(session, "a", name="Other")

    with pytest.raises(ChangedMeanwhile, match="category"):
        move(session, "a", name="Mine", version=version)
    with pytest.raises(NoSuchCategory):
        move(session, "a", parent_id=make_product(session, category="b").id)
    assert session.scalar(text("SELECT name FROM catalog.categories WHERE path = 'a'")) == "Other"


def test_a_brand_is_renamed_in_lists(session):
    mug = make_product(session, brand="Hearth")
    brand = queries.brand_ids(session)["hearth"]

    commands.update_brand(session, brand_id=brand, version=1, name="Home", slug="home")
    handlers.tell_products_of_brand(session, *events(session, "catalog.brand_changed"))
    (placed,) = events(session, "catalog.place_changed")
    handlers.refresh_placed_listing(session, placed)

    assert placed.product_ids == (mug.id,)
    assert session.execute(text("SELECT brand_name, brand_slug FROM catalog.listings")).one() == ("Home", "home")
