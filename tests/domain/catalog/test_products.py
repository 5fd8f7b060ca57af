"""Making, changing and publishing products: a refusal changes nothing."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from domain.catalog import commands
from domain.catalog.commands import NewVariant
from domain.catalog.commands.slug import slug_of
from domain.catalog.errors import (
    NoSuchCategory,
    NoSuchProduct,
    NoSuchVariant,
    TakenSku,
    TakenSlug,
    WrongPrice,
    WrongProduct,
)
from domain.catalog.queries import product_detail
from domain.shared.errors import ChangedMeanwhile
from domain.shared.money import Money
from domain.shared.outbox import OutboxMessage
from tests.factories.catalog import make_category, make_product

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def detail(session, product_id):
    return product_detail(session, product_id, currency="EUR")


def changes(session, product_id):
    found = select(OutboxMessage.payload).where(OutboxMessage.name == "catalog.product_changed")
    return [payload for payload in session.scalars(found) if payload == {"product_id": str(product_id)}]


def test_a_new_product_is_a_draft_without_stock(session):
    product_id = commands.create_product(
        session,
        title="  Crème brûlée dish ",
        category_id=make_category(session),
        options=["Size"],
        variants=[
            NewVariant(sku="A", price=900, option_values=("S",)),
            NewVariant(sku="B", price=950, option_values=("L",)),
        ],
    )

    made = detail(session, product_id)
    assert (made.title, made.slug, made.status, made.published_at) == (
        "Crème brûlée dish", "creme-brulee-dish", "draft", None,
    )  # fmt: skip
    assert [(v.sku, v.label, v.price, v.on_hand) for v in made.variants] == [
        ("A", "S", Money(900, "EUR"), 0),
        ("B", "L", Money(950, "EUR"), 0),
    ]
    assert len(changes(session, product_id)) == 1


def test_what_contradicts_itself_is_refused(session):
    category_id, taken = make_category(session), make_product(session, sku="TAKEN", title="Mug")

    def create(**values):
        given = {"title": "Bowl", "category_id": category_id, "variants": [NewVariant(sku="NEW", price=1)]} | values
        commands.create_product(session, **given)

    two = [NewVariant(sku="A", price=1, option_values=("S",)), NewVariant(sku="B", price=1, option_values=("S",))]
    with pytest.raises(TakenSku, match="TAKEN"):
        create(variants=[NewVariant(sku=taken.sku, price=1)])
    with pytest.raises(TakenSku, match="TWICE"):
        create(options=["Size"], variants=[NewVariant(sku="TWICE", price=1, option_values=(size,)) for size in "SM"])
    with pytest.raises(TakenSlug):
        create(slug="mug")
    with pytest.raises(WrongProduct, match="address"):
        create(title="茶")
    with pytest.raises(WrongProduct, match="same options"):
        create(options=["Size"], variants=two)
    with pytest.raises(WrongProduct, match="no options"):
        create(variants=two[:1])
    with pytest.raises(WrongProduct, match="three options"):
        create(options=["A", "B", "C", "D"])
    with pytest.raises(WrongPrice):
        create(variants=[NewVariant(sku="NEW", price=-1)])
    with pytest.raises(NoSuchCategory):
        create(category_id=uuid4())


def test_the_second_of_two_editors_is_told(session):
    mug = make_product(session, title="Mug")
    version = detail(session, mug.id).version
    commands.update_product(session, product_id=mug.id, version=version, title="Big mug")

    with pytest.raises(ChangedMeanwhile):
        commands.update_product(session, product_id=mug.id, version=version, title="Small mug")

    assert detail(session, mug.id).title == "Big mug"


def test_an_update_changes_what_is_given_alone(session):
    mug = make_product(session, title="Mug", summary="A mug.", featured=True)
    before = detail(session, mug.id)

    commands.update_product(session, product_id=mug.id, version=before.version, brand_id=None, featured=False)

    after = detail(session, mug.id)
    assert (after.brand_name, after.featured, after.version) == ("", False, before.version + 1)
    assert (after.title, after.summary, after.slug) == ("Mug", "A mug.", "mug")


def test_an_address_that_once_was_anothers_is_taken(session):
    mug, cup = make_product(session, title="Mug"), make_product(session, title="Cup")
    commands.update_product(session, product_id=mug.id, version=detail(session, mug.id).version, slug="beaker")

    with pytest.raises(TakenSlug):
        commands.update_product(session, product_id=cup.id, version=detail(session, cup.id).version, slug="mug")
    commands.update_product(session, product_id=mug.id, version=detail(session, mug.id).version, slug="mug")

    assert detail(session, cup.id).slug == "cup"
    assert detail(session, mug.id).slug == "mug"


@pytest.mark.parametrize(("price", "compare_at"), [(-1, None), (500, 500), (500, 400), (2_000_000_000, None)])
def test_a_wrong_price_changes_nothing(session, price, compare_at):
    mug = make_product(session, price=1000)

    with pytest.raises(WrongPrice):
        commands.set_price(session, variant_id=mug.variant_id, price=price, compare_at=compare_at)

    (variant,) = detail(session, mug.id).variants
    assert (variant.price, variant.compare_at) == (Money(1000, "EUR"), None)


def test_the_same_price_again_is_no_event(session):
    mug = make_product(session, price=1000)
    before = len(changes(session, mug.id))

    commands.set_price(session, variant_id=mug.variant_id, price=1000, compare_at=None)

    assert len(changes(session, mug.id)) == before


def test_a_product_keeps_the_moment_it_was_first_published(session):
    mug = make_product(session, published_at=NOW)

    commands.unpublish(session, product_id=mug.id)
    assert detail(session, mug.id).status == "draft"
    commands.publish(session, product_id=mug.id, now=datetime(2026, 4, 1, tzinfo=UTC))
    assert detail(session, mug.id).published_at == NOW
    commands.archive(session, product_id=mug.id)
    assert detail(session, mug.id).status == "archived"


def test_a_product_without_a_variant_cannot_be_published(session):
    product_id = commands.create_product(session, title="Idea", category_id=make_category(session), variants=[])

    with pytest.raises(WrongProduct, match="at least one variant"):
        commands.publish(session, product_id=product_id, now=NOW)

    assert detail(session, product_id).status == "draft"


def test_what_is_gone_is_not_found(session):
    with pytest.raises(NoSuchProduct):
        commands.publish(session, product_id=uuid4(), now=NOW)
    with pytest.raises(NoSuchVariant):
        commands.set_price(session, variant_id=uuid4(), price=1, compare_at=None)
    with pytest.raises(NoSuchVariant):
        commands.set_selling(session, variant_id=uuid4(), sell_when_out=True, low_at=1)


def test_selling_when_out_ends_only_when_all_is_there(session):
    mug = make_product(session, on_hand=1, sell_when_out=True)
    commands.reserve(session, quantities={mug.variant_id: 2}, order_id=uuid4(), actor="shop")

    with pytest.raises(WrongProduct, match="Receive the missing ones"):
        commands.set_selling(session, variant_id=mug.variant_id, sell_when_out=False, low_at=1)

    assert detail(session, mug.id).variants[0].sell_when_out


def test_a_name_becomes_an_address():
    assert slug_of("  Crème brûlée – für Zwei & Møre! ") == "creme-brulee-fur-zwei-more"
    assert slug_of("茶") == ""
