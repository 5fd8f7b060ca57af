"""Collections: products that staff show together."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.catalog import queries
from domain.catalog.errors import NoSuchCollection
from storefront.lists import answer_list
from web.cache import public
from web.db import session

bp = Blueprint("collections", __name__, url_prefix="/collections")


@bp.get("/<slug>")
@public(partial=True)
def show(slug: str) -> AnyResponse:
    """Show a page of a collection; an old address leads to the present one."""
    try:
        found = queries.collection(session(), slug)
    except NoSuchCollection:
        present = queries.old_collection(session(), slug)
        if present is None:
            raise
        return redirect(url_for(".show", slug=present), 301)
    return answer_list("storefront/collections/collection.html", scope=found.scope, collection=found)
