"""Collections by rules and by hand, and what is shown beside a product."""

from uuid import uuid4

import pytest

from domain.catalog import commands, queries
from domain.catalog.commands import NewVariant, Rule, listing
from domain.catalog.errors import (
    NoSuchCollection,
    NoSuchProduct,
    TakenSlug,
    WrongCollection,
    WrongProduct,
)
from domain.catalog.queries import brand_ids, category_ids
from domain.shared.errors import ChangedMeanwhile
from tests.factories.catalog import make_category, make_product


def shown(session, slug="summer", **asked):
    return [card.title for card in page_of(session, slug, **asked).cards]


def page_of(session, slug="summer", **asked):
    scope = queries.collection(session, slug).scope
    return queries.listing(session, queries.ListingRequest(scope=scope, **asked), "EUR")


@pytest.fixture
def goods(session):
    two = [(NewVariant(sku="L-1", price=4000, option_values=("Linen blue",)), 1)]
    return [
        make_product(session, title="Mug", price=1000, tags=("Gift", "clay"), attributes={"Made in": "Ireland"}),
        make_product(
            session, title="Bowl", price=2000, compare_at=2500, brand="Sallow", attributes={"Made in": "Wales"}
        ),
        make_product(session, title="Cloth", options=("Colour",), variants=two, category="textiles", brand=None),
        make_product(session, title="Lamp", price=9000, on_hand=0, category="light", tags=("Gift",)),
        make_product(session, title="Draft", price=1000, tags=("Gift",), published=False),
    ]


@pytest.mark.parametrize(
    ("rules", "titles"),
    [
        ([("tag", "Gift")], ["Lamp", "Mug"]),
        ([("tag", "Gift"), ("in_stock", "")], ["Mug"]),
        ([("tag", "Gift"), ("tag", "clay")], ["Lamp", "Mug"]),
        ([("brand", "sallow"), ("brand", "hearth-co")], ["Bowl", "Lamp", "Mug"]),
        ([("category", "kitchen")], ["Bowl", "Mug"]),
        ([("category", "kitchen/mugs"), ("category", "light")], ["Bowl", "Lamp", "Mug"]),
        ([("attribute", "Made in=Ireland"), ("attribute", "made in = Wales")], ["Bowl", "Mug"]),
        ([("attribute", "Made in=Ireland"), ("attribute", "Colour=Linen blue")], []),
        ([("attribute", "Colour=Linen blue")], ["Cloth"]),
        ([("price_from", "1500"), ("price_to", "4000")], ["Bowl", "Cloth"]),
        ([("on_offer", "")], ["Bowl"]),
        ([("tag", "'; DROP TABLE catalog.listings; --")], []),
    ],
)
def test_rules_about_one_thing_widen_and_about_others_narrow(session, goods, rules, titles):
    made = [Rule(field=field, value=value) for field, value in rules]
    commands.create_collection(session, title="Summer", rules=made, published=True, sort="name")

    assert shown(session) == titles


def test_rules_follow_what_they_name_to_its_new_address(session, goods):
    mug, bowl, cloth, *_ = goods
    named = [("category", "kitchen/mugs"), ("category", " textiles"), ("category", "kitchen-ware")]
    make_category(session, "kitchen-ware")
    made = commands.create_collection(
        session, title="Summer", rules=[Rule(field=field, value=value) for field, value in named], published=True
    )
    by_brand = commands.create_collection(
        session, title="Sallow", rules=[Rule(field="price_from", value="1"), Rule(field="brand", value="sallow")],
        published=True, sort="name",
    )  # fmt: skip
    assert sorted(shown(session)) == ["Bowl", "Cloth", "Mug"]

    for path, slug in (("kitchen", "table"), ("textiles", "cloths")):
        category = queries.category_detail(session, category_ids(session)[path])
        commands.update_category(session, category_id=category.id, version=category.version, name=category.name,
                                 slug=slug, parent_id=None)  # fmt: skip
    brand = queries.brand_detail(session, brand_ids(session)["sallow"])
    commands.update_brand(session, brand_id=brand.id, version=brand.version, name="Willow", slug="willow")
    listing.refresh(session, [mug.id, bowl.id, cloth.id])

    assert sorted(shown(session)) == ["Bowl", "Cloth", "Mug"]
    rules = queries.collection_detail(session, made).rules
    assert [rule.value for rule in rules] == ["table/mugs", "cloths", "kitchen-ware"]
    assert shown(session, "sallow") == ["Bowl"]
    assert [rule.value for rule in queries.collection_detail(session, by_brand).rules] == ["1", "willow"]


def test_a_collection_by_hand_keeps_its_order(session, goods, statements):
    mug, bowl, _, lamp, draft = goods
    made = commands.create_collection(session, title="Summer", published=True)
    commands.fill_collection(session, collection_id=made, product_ids=[p.id for p in (lamp, mug, draft, bowl, mug)])

    with statements() as seen:
        page = page_of(session, per_page=2, page=2)

    assert len(seen) == 3
    assert ([card.title for card in page.cards], page.total, page.page, page.pages) == (["Bowl"], 3, 2, 2)
    assert shown(session, page=99, per_page=2) == ["Bowl"]
    assert shown(session, sort="-price") == ["Lamp", "Bowl", "Mug"]
    assert shown(session, sort="wrong") == ["Lamp", "Mug", "Bowl"]
    commands.fill_collection(session, collection_id=made, product_ids=[])
    assert shown(session) == []


def test_an_unpublished_collection_is_not_there_and_old_addresses_lead_to_it(session):
    made = commands.create_collection(session, title="Summer", published=True)

    def change(version, **values):
        given = {"title": "Summer", "slug": "summer", "description": "", "rules": (), "sort": "chosen",
                 "published": True}  # fmt: skip
        commands.update_collection(session, collection_id=made, version=version, **(given | values))

    change(1, slug="august")
    assert queries.old_collection(session, "summer") == "august"
    with pytest.raises(ChangedMeanwhile):
        change(1, title="Mine")
    with pytest.raises(TakenSlug):
        commands.create_collection(session, title="Summer")
    change(2, published=False, slug="august")
    with pytest.raises(NoSuchCollection):
        shown(session, "august")
    assert queries.old_collection(session, "summer") is None
    assert queries.collection_links(session) == ()
    change(3, slug="summer")
    assert [link.slug for link in queries.collection_links(session)] == ["summer"]


@pytest.mark.parametrize(
    "rule", [("colour", "x"), ("brand", " "), ("price_to", "-1"), ("price_from", "ten"), ("attribute", "Oak"),
             ("attribute", "=Oak")],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(rule):
    with pytest.raises(WrongCollection):
        Rule(field=rule[0], value=rule[1])


def test_what_makes_no_sense_is_refused(session, goods):
    made = commands.create_collection(session, title="Summer", published=True)

    with pytest.raises(NoSuchProduct):
        commands.fill_collection(session, collection_id=made, product_ids=[goods[0].id, uuid4()])
    with pytest.raises(WrongCollection, match="title"):
        commands.create_collection(session, title=" ", slug="x")
    with pytest.raises(WrongCollection, match="choose another order"):
        commands.create_collection(session, title="X", rules=[Rule(field="in_stock")], sort="chosen")
    with pytest.raises(WrongCollection, match="one of the orders"):
        commands.create_collection(session, title="X", sort="by colour")
    for field in ("category", "brand"):
        with pytest.raises(WrongCollection, match=f"There is no {field} with the address “no/such/place”."):
            commands.create_collection(session, title="X", rules=[Rule(field=field, value="no/such/place")])
    assert shown(session) == []


def test_staff_choose_what_is_shown_beside_a_product(session, goods):
    mug, bowl, cloth, _, draft = goods
    commands.set_related(session, product_id=mug.id, related_ids=[cloth.id, draft.id, bowl.id])

    assert [card.title for card in queries.related(session, mug.id, currency="EUR")] == ["Cloth", "Bowl"]
    with pytest.raises(WrongProduct, match="itself"):
        commands.set_related(session, product_id=mug.id, related_ids=[mug.id])
    with pytest.raises(NoSuchProduct):
        commands.set_related(session, product_id=mug.id, related_ids=[uuid4()])
    assert [card.title for card in queries.related(session, mug.id, currency="EUR")] == ["Cloth", "Bowl"]
