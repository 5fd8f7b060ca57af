"""What a seeded shop needs beside its goods: people, tax rates, ways to deliver, and where goods stand."""

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cli import demo_accounts
from cli.demo import rates
from cli.demo.offers import OFFERS
from domain.catalog import commands as catalog
from domain.catalog.queries import brand_ids, category_ids
from domain.orders.models import DeliveryMethod, TaxRate
from domain.promotions.commands import create_promotion
from domain.promotions.queries import promotion_list
from domain.promotions.terms import Terms
from domain.shared.db import utcnow
from domain.users import commands as users
from domain.users.errors import EmailTaken

if TYPE_CHECKING:
    from cli.demo.catalogue import DemoBrand, DemoCategory


def seed_accounts(session: Session) -> None:
    """Let the demo shop's people sign in; who already can keeps the password they have."""
    users.ensure_roles(session)
    for staff in demo_accounts.STAFF:
        with suppress(EmailTaken):
            users.add_staff(
                session, email=staff.email, name=staff.name, role=staff.role, password=demo_accounts.STAFF_PASSWORD
            )
    with suppress(EmailTaken):
        users.register_shopper(
            session,
            email=demo_accounts.SHOPPER_EMAIL,
            password=demo_accounts.SHOPPER_PASSWORD,
            name=demo_accounts.SHOPPER_NAME,
        )


def seed_rates(session: Session) -> None:
    """Write tax rates and delivery methods; those that are there stay as the shop has set them."""
    tax = [
        {
            "country": country,
            "tax_class": "standard",
            "basis_points": basis_points,
            "source": rates.TAX_SOURCE_GB if country == "GB" else rates.TAX_SOURCE,
            "valid_from": rates.CHANGED_ON.get(country),
        }
        for country, basis_points in rates.STANDARD_RATES.items()
    ]
    session.execute(insert(TaxRate).values(tax).on_conflict_do_nothing())
    methods = [method | {"active": True} for method in rates.DELIVERY_METHODS]
    session.execute(insert(DeliveryMethod).values(methods).on_conflict_do_nothing())


def seed_promotions(session: Session) -> None:
    """Make the demo shop's promotions, unless there are any: staff may have changed or ended theirs."""
    if promotion_list(session, currency="", now=utcnow(), limit=1).rows:
        return
    categories = category_ids(session)
    for path, codes, values in OFFERS:
        terms = Terms(category_ids=(categories[path],) if path else (), **values)  # type: ignore[arg-type]
        create_promotion(session, terms=terms, codes=codes)


def seed_places(session: Session, categories: Iterable["DemoCategory"], brands: Iterable["DemoBrand"]) -> None:
    """Make the categories and brands that are missing, parents first."""
    known = category_ids(session)
    for category in sorted(categories, key=lambda category: category.path.count("/")):
        if category.path not in known:
            parent, _, slug = category.path.rpartition("/")
            known[category.path] = catalog.create_category(
                session,
                slug=slug,
                name=category.name,
                parent_id=known[parent] if parent else None,
                description=category.description,
                position=category.position,
            )
    known_brands = brand_ids(session)
    for brand in brands:
        if brand.slug not in known_brands:
            catalog.create_brand(session, slug=brand.slug, name=brand.name, description=brand.description)
