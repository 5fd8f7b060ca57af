"""Making and changing product types."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.catalog.commands.seen import lock_seen
from domain.catalog.errors import TakenSlug, WrongProduct
from domain.catalog.models import Product, ProductType
from domain.catalog.models.product_type import Attribute


def create_type(
    session: Session, *, name: str, options: Sequence[str] = (), attributes: Sequence[Attribute] = ()
) -> UUID:
    """Make a product type; raises TakenSlug for a name that is taken, and WrongProduct."""
    kind = ProductType(name=_free_name(session, name), options=_options(options))
    kind.define(attributes)
    session.add(kind)
    session.flush()
    return kind.id


def update_type(
    session: Session, *, type_id: UUID, version: int, name: str, options: Sequence[str], attributes: Sequence[Attribute]
) -> None:
    """Change a type; an attribute that products say something of keeps its kind and stays.

    Raises ChangedMeanwhile, NoSuchType, TakenSlug and WrongProduct.
    """
    kind = lock_seen(session, ProductType, type_id, version)
    if name.strip() != kind.name:
        _free_name(session, name)
    kept = {(attribute.name, attribute.kind, attribute.unit) for attribute in attributes}
    for before in kind.definitions:
        if (before.name, before.kind, before.unit) not in kept:
            _refuse_if_used(session, type_id, before.name)
    kind.define(attributes)
    kind.name, kind.options = name.strip(), _options(options)
    session.flush()


def _refuse_if_used(session: Session, type_id: UUID, name: str) -> None:
    using = select(func.count()).where(Product.type_id == type_id, Product.attributes.has_key(name))
    count = session.scalar(using)
    if count:
        raise WrongProduct(
            f"{name}: {count} {'product says' if count == 1 else 'products say'} this, so it keeps its name, kind and "
            "unit. Take it off those products first, or add an attribute with another name."
        )


def _free_name(session: Session, name: str) -> str:
    if not name.strip():
        raise WrongProduct("Enter a name.")
    if session.scalar(select(ProductType.id).where(ProductType.name == name.strip())):
        raise TakenSlug(name.strip())
    return name.strip()


def _options(options: Sequence[str]) -> list[str]:
    kept = list(dict.fromkeys(option.strip() for option in options if option.strip()))
    if len(kept) > 3:
        raise WrongProduct("A product can have at most three options.")
    return kept
