"""Brands: who made what the shop sells."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.catalog import queries
from domain.catalog.errors import NoSuchBrand
from domain.catalog.queries.facets import BRAND
from storefront.lists import answer_list
from web.cache import public
from web.db import session

bp = Blueprint("brands", __name__, url_prefix="/brands")


@bp.get("")
@public()
def index() -> str:
    """Name the brands that have products on sale."""
    return render_template("storefront/brands/index.html", brands=queries.brand_links(session()))


@bp.get("/<slug>")
@public(partial=True)
def show(slug: str) -> AnyResponse:
    """Show the products of a brand; an old address leads to the present one."""
    try:
        found = queries.brand(session(), slug)
    except NoSuchBrand:
        present = queries.old_brand(session(), slug)
        if present is None:
            raise
        return redirect(url_for(".show", slug=present), 301)
    return answer_list(
        "storefront/brands/brand.html", scope=found.scope, without=frozenset({BRAND}), keep=True, brand=found
    )
