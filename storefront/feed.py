"""The Google Merchant feed: one entry for each variant, as the page of that variant shows it."""

import re
from collections.abc import Iterator
from urllib.parse import quote
from xml.sax.saxutils import escape

from domain.catalog.barcodes import is_gtin
from domain.catalog.queries.feed import FeedItem
from domain.shared.formats import plain_amount
from domain.shared.money import Money

BEGINNING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>'
    "<title>{name}</title><link>{base}/</link><description>{name}</description>\n"
)
END = "</channel></rss>\n"
MOST_PICTURES = 10
"""How many more pictures an entry may name."""
OPTIONS = {"colour": "color", "color": "color", "size": "size", "material": "material", "pattern": "pattern"}
"""The options of ours that a feed has a field for."""
MEASURES = {"m²": "sqm", "piece": "ct"}
"""The units of ours that a feed writes otherwise."""
_MEASURES = re.compile("|".join(MEASURES))
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_item(item: FeedItem, base: str) -> str:
    """Write one variant."""
    written = ((name, escape(_NOT_XML.sub(" ", value))) for name, value in _fields(item, base) if value)
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in written)
    return f"<item>{fields}</item>\n"


def _fields(item: FeedItem, base: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of an entry within the feed's limits; an offer is the old price with the present one beside."""
    values = ", ".join(value for _, value in item.options)
    title = f"{item.title}, {values}" if values else item.title
    yield "g:id", item.sku[:50]
    yield "g:title", title[:150]
    yield "g:description", (item.description or item.title)[:5000]
    yield "g:link", f"{base}/p/{item.slug}?sku={quote(item.sku)}"
    files = [base + picture.fallback for picture in item.pictures if picture.fallback]
    yield from zip(("g:image_link",), files, strict=False)
    yield from (("g:additional_image_link", file) for file in files[1 : 1 + MOST_PICTURES])
    yield "g:availability", availability(item)
    yield "g:price", amount(item.compare_at or item.price)
    yield "g:sale_price", amount(item.price) if item.compare_at else ""
    yield "g:condition", "new"
    yield "g:brand", item.brand[:70]
    gtin = item.barcode if is_gtin(item.barcode) else ""
    yield "g:gtin", gtin
    yield "g:mpn", "" if gtin else item.sku[:70]
    yield "g:item_group_id", item.group
    yield "g:product_type", " > ".join(item.categories)[:750]
    yield "g:shipping_weight", f"{item.weight_grams} g" if item.weight_grams else ""
    content, told_for = (_MEASURES.sub(lambda unit: MEASURES[unit.group()], one) for one in item.measure)
    yield "g:unit_pricing_measure", content
    yield "g:unit_pricing_base_measure", told_for
    known = {OPTIONS[name.casefold()]: value for name, value in item.options if name.casefold() in OPTIONS}
    yield from ((f"g:{name}", value[:100]) for name, value in known.items())


def availability(item: FeedItem) -> str:
    """Return how the feed calls what the page says of the stock."""
    if item.available > 0:
        return "in_stock"
    return "backorder" if item.sell_when_out else "out_of_stock"


def amount(price: Money) -> str:
    """Write a price as the feed does, as in `12.50 EUR`."""
    return f"{plain_amount(price.amount, price.currency)} {price.currency}"
