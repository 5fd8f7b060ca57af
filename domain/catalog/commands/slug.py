"""Addresses made of names."""

import re

from domain.catalog.errors import WrongProduct
from domain.catalog.queries.search import fold

LONGEST = 120


def slug_of(name: str) -> str:
    """Write a name as an address: small Latin letters, digits and hyphens; empty if none of them is in it."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:LONGEST].rstrip("-")


def check_slug(slug: str) -> str:
    """Return an address that is written as addresses are; raises WrongProduct."""
    if not slug or slug != slug_of(slug):
        raise WrongProduct("Write the address in small letters, digits and hyphens.")
    return slug
