"""What a seeded shop needs beside its goods: people, tax rates, ways to deliver, and where goods stand."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cli import demo_accounts
from cli.demo import rates
from cli.demo.offers import OFFERS
from domain.catalog import commands as catalog
from domain.catalog.queries import brand_ids, category_ids
from domain.orders.commands.delivery import save_method, save_zone
from domain.orders.commands.tax import use_tax_sets
from domain.orders.models import DeliveryZone, TaxRate
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
                session,
                email=staff.email,
                name=staff.name,
                role=staff.role,
                password=demo_accounts.STAFF_PASSWORD,
                second_factor_exempt=True,  # the password is printed at every start: a second factor guards nothing
            )
    with suppress(EmailTaken):
        users.register_shopper(
            session,
            email=demo_accounts.SHOPPER_EMAIL,
            password=demo_accounts.SHOPPER_PASSWORD,
            name=demo_accounts.SHOPPER_NAME,
        )


def seed_rates(session: Session, *, tax_sets: Collection[str] | None = None) -> None:
    """Write tax rates and ways to deliver where there are none; sets that are asked for replace those before."""
    if tax_sets is not None:
        use_tax_sets(session, tax_sets)
    elif not session.scalar(select(exists().where(TaxRate.country.is_not(None)))):
        use_tax_sets(session, rates.TAX_SETS)
    if session.scalar(select(exists().where(DeliveryZone.code.is_not(None)))):
        return
    for position, (code, name, places) in enumerate(rates.ZONES):
        save_zone(session, code=code, name=name, places=places, position=position)
    for method in rates.DELIVERY_METHODS:
        save_method(session, **method)


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
