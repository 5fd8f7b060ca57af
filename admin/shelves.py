"""What is asked of a list of categories, brands, product types or collections, by its address."""

from typing import Any
from uuid import UUID

from flask import request

PER_PAGE = 50


def asked() -> dict[str, Any]:
    """Return the words searched for and the row to go on behind; what makes no sense is left out."""
    try:
        after = UUID(request.args["after"]) if request.args.get("after") else None
    except ValueError:
        after = None
    return {"q": request.args.get("q", "").strip()[:200], "after": after, "limit": PER_PAGE}
