"""Locking what somebody is about to change, as long as it is still what they have seen."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalog.errors import (
    NoSuchBrand,
    NoSuchCategory,
    NoSuchType,
)
from domain.catalog.models import Brand, Category, ProductType
from domain.shared.db import lock_one
from domain.shared.errors import ChangedMeanwhile

Seen = TypeVar("Seen", Brand, Category, ProductType)
_CALLED = {
    Brand: ("brand", NoSuchBrand), Category: ("category", NoSuchCategory), ProductType: ("product type", NoSuchType)
}  # fmt: skip


def lock_seen(session: Session, model: type[Seen], id_: UUID, version: int) -> Seen:
    """Lock a row of the version that was seen; raises NoSuchBrand, NoSuchCategory, NoSuchType and ChangedMeanwhile."""
    name, absent = _CALLED[model]
    found = lock_one(session, model, id_)
    if found is None:
        raise absent
    if found.version != version:
        raise ChangedMeanwhile(name)
    return found
