"""Products: one after another, searched for with facets, and one by its name."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from domain.catalog import queries
from domain.catalog.queries import ListingRequest
from storefront.api.shapes import catalogue as shapes
from storefront.api.table import api
from web.api import Query
from web.api.answers import listed
from web.api.cursors import Cursor, read_cursor, write_cursor
from web.cache import policy
from web.db import session
from web.settings import shop_settings

AREA = "Catalogue"
FRESH = policy(shared=60, stale=600)
"""As long as the pages that show the same."""

Category = Annotated[
    str,
    Field(max_length=500, pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)*$", description="The path of a category."),
]
Limit = Annotated[int, Field(ge=1, le=96, description="How many to a page, at most.")]
Facets = Annotated[
    tuple[Annotated[str, Field(max_length=300, pattern=r"^[^:=\x00]+:[^\x00]+$")], ...],
    Field(max_length=60, description="`<name>:<value>`; values of one name combine with or, names with and."),
]
Sort = Literal["featured", "newest", "price", "-price", "name"]


class ListQuery(Query):
    """What is listed, and in which order."""

    category: Category | None = None
    in_stock: bool = False
    sort: Sort = "featured"
    limit: Limit = 24
    cursor: Cursor | None = None


class SearchQuery(Query):
    """What is looked for; without words, everything that the facets leave."""

    q: Annotated[str, Field(max_length=200, description="Words, or a part of a SKU.")] = ""
    category: Category | None = None
    facet: Facets = ()
    in_stock: bool = False
    sort: Sort = "featured"
    limit: Limit = 24
    cursor: Cursor | None = None


KINDS = {
    "featured": (bool, bool, int, UUID),
    "newest": (datetime, UUID),
    "price": (int, UUID),
    "-price": (int, UUID),
    "name": (str, UUID),
}
"""What the cursor of each order holds."""


@api.get("/products", area=AREA, query=ListQuery, answer=shapes.ProductList, policy=FRESH, refusals=(404,))
def list_products(query: ListQuery) -> bytes:
    """List products, one page after another.

    It neither counts nor offers facets: a search does.
    """
    found = queries.browse(
        session(),
        currency=shop_settings().currency,
        category_path=query.category,
        in_stock_only=query.in_stock,
        sort=query.sort,
        after=read_cursor(query.cursor, *KINDS[query.sort]),
        limit=query.limit,
    )
    return listed(map(shapes.written_card, found.cards), next=write_cursor(found.after) if found.after else None)


@api.get("/search", area=AREA, query=SearchQuery, answer=shapes.SearchResult, policy=FRESH, refusals=(404,))
def search_products(query: SearchQuery) -> bytes:
    """Search for products, with facets to narrow what was found.

    A word spelt nearly right is found too. The cursor counts pages, as those of the shop do.
    """
    facets: dict[str, list[str]] = {}
    for pair in query.facet:
        name, _, value = pair.partition(":")
        facets.setdefault(name, []).append(value)
    place = read_cursor(query.cursor, int)
    asked = ListingRequest(
        category_path=query.category,
        q=query.q.strip() or None,
        page=place[0] if place else 1,
        per_page=query.limit,
        sort=query.sort,
        facets={name: tuple(values) for name, values in facets.items()},
        in_stock_only=query.in_stock,
    )
    page = queries.listing(session(), asked, shop_settings().currency)
    return listed(
        map(shapes.written_card, page.cards),
        next=write_cursor([page.page + 1]) if page.page < page.pages else None,
        total=page.total,
        facets=[shapes.facet(found) for found in page.facets],
        corrected=page.corrected,
    )


@api.get("/products/<slug>", area=AREA, answer=shapes.Product, policy=FRESH)
def show_product(slug: str) -> bytes:
    """Show a product with its variants, prices and stock."""
    return shapes.written_product(queries.product_page(session(), slug, shop_settings().currency))


@api.get("/categories", area=AREA, answer=shapes.CategoryTree, policy=FRESH)
def list_categories() -> shapes.CategoryTree:
    """List the categories."""
    return {"items": [shapes.category(link) for link in queries.navigation(session())]}
