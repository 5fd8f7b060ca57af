"""Collections: products that staff show together."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.catalog import queries
from domain.catalog.errors import NoSuchCollection
from storefront.views.catalog import whole_number
from web.cache import public
from web.db import session
from web.htmx import partials, wants_partial
from web.settings import shop_settings

bp = Blueprint("collections", __name__, url_prefix="/collections")


@bp.get("/<slug>")
@public(partial=True)
def show(slug: str) -> AnyResponse:
    """Show a page of a collection; an old address leads to the present one."""
    try:
        page = queries.collection_page(
            session(),
            slug,
            currency=shop_settings().currency,
            page=whole_number(request.args.get("page"), 1),
            sort=request.args.get("sort"),
        )
    except NoSuchCollection:
        present = queries.old_collection(session(), slug)
        if present is None:
            raise
        return redirect(url_for(".show", slug=present), 301)
    if wants_partial():
        count = f"{page.total} product{'' if page.total == 1 else 's'}"
        return partials("storefront/collections/_products.html", announce=count, collection=page)
    return make_response(render_template("storefront/collections/collection.html", collection=page))
