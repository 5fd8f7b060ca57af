"""What is asked of a list of categories, brands, product types or collections, by its address."""

from typing import Any

from flask import request

from domain.catalog.queries import SHELF_SORTS
from domain.shared.lists import id_of, known

PER_PAGE = 50


def asked() -> dict[str, Any]:
    """Return the words searched for and the row to go on behind; what makes no sense is left out."""
    return {
        "q": request.args.get("q", "").strip()[:200],
        "after": id_of(request.args.get("after")),
        "limit": PER_PAGE,
    }


def asked_in_order() -> dict[str, Any]:
    """Return what is asked of a list that can be sorted; a tree has one order of its own."""
    return asked() | {"sort": known(request.args.get("sort"), SHELF_SORTS)}


def shown(given: dict[str, Any]) -> dict[str, Any]:
    """Return what a page says of what was asked: the words of its address, and the orders that there are."""
    words = {name: value for name, value in given.items() if name in ("q", "sort") and value}
    return {"given": given, "words": words, "sorts": SHELF_SORTS}
