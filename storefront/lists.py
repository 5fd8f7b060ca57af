"""Lists of products as an address asks for them: a category's, a brand's, a collection's, or what answers a search."""

from dataclasses import replace
from typing import Any

from flask import Response, render_template, request

from domain.catalog import queries
from domain.catalog.queries import WHOLE_SHOP, ListingPage, ListingRequest, Scope
from web.db import session
from web.htmx import partials, wants_partial
from web.pages import TRACKING, keep_page
from web.settings import shop_settings

OWN_ARGUMENTS = frozenset({"q", "page", "sort", "in_stock", "view"})
"""What a list is asked for beside facets, which are everything else but TRACKING."""
MOST_ARGUMENTS = 3
"""How much may be chosen at once in an address whose page is kept."""


def answer_list(
    template: str,
    *,
    category_path: str | None = None,
    scope: Scope = WHOLE_SHOP,
    without: frozenset[str] = frozenset(),
    keep: bool = False,
    **context: Any,
) -> Response:
    """Answer with a list as the address asks for it: its results for htmx, else the whole page.

    Facets `without` which are not offered; with `keep`, a page that the list's own links lead to is kept for others.
    """
    args = request.args
    asked = ListingRequest(
        category_path=category_path,
        scope=scope,
        q=args.get("q", "").strip()[:200] or None,
        page=whole_number(args.get("page"), 1),
        sort=args.get("sort", ""),
        facets={name: tuple(args.getlist(name)) for name in args if _is_facet(name)},
        in_stock_only=args.get("in_stock") == "1",
    )
    page = queries.listing(session(), asked, shop_settings().currency)
    if keep and _is_plain(asked, page):
        keep_page()
    page = replace(page, facets=tuple(one for one in page.facets if one.selected or one.name not in without))
    if wants_partial():
        count = f"{page.total}{'+' if page.more else ''} product{'' if page.total == 1 else 's'}"
        return partials("storefront/catalog/_results.html", announce=count, listing=page, query=args, narrowing=True)
    return Response(render_template(template, listing=page, query=args, narrowing=False, **context))


def _is_plain(asked: ListingRequest, page: ListingPage) -> bool:
    """Say whether a list is asked for as its own links and forms do: of what else there is, there is no end."""
    offered = {(facet.name, value.value) for facet in page.facets for value in facet.values if value.count}
    offered |= {("sort", page.sort), ("in_stock", "1")}
    if page.page > 1:
        offered.add(("page", str(page.page)))
    pairs = list(request.args.items(multi=True))
    return len(pairs) <= MOST_ARGUMENTS and len(set(pairs)) == len(pairs) and offered.issuperset(pairs)


def _is_facet(name: str) -> bool:
    return name not in OWN_ARGUMENTS and not name.startswith(TRACKING)


def whole_number(text: str | None, default: int) -> int:
    """Read a number out of an address; anything else than a few digits is the default."""
    return int(text) if text and len(text) <= 6 and text.isascii() and text.isdigit() else default
