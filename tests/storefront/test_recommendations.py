"""Suggestions beside a product and a cart, as pages and as fragments."""

import re

from domain.recommendations.commands import compute
from domain.shared.db import transaction, utcnow
from tests.storefront.conftest import PART, Goods, Shopper


def test_a_product_and_a_cart_show_what_goes_with_them(shopper: Shopper, goods: Goods, sessions, statements) -> None:
    with transaction(sessions) as tx:
        compute(tx, now=utcnow())
    client, path = shopper.client, f"/p/{goods.mug.slug}/suggestions"
    whole = client.get(f"/p/{goods.mug.slug}").text
    assert f'href="{path}"' in whole
    ids = re.findall(r'\sid="([^"]+)"', whole)
    assert len(ids) == len(set(ids))

    with statements() as seen:
        page = client.get(path)
    assert len(seen) <= 3
    assert "More like this" in page.text
    assert "Salt bowl" in page.text
    assert page.headers["Cache-Control"].startswith("public")
    assert client.get(path, headers=PART).text.startswith('<hx-partial hx-target="#goes-with"')

    assert "Nothing comes to mind" in client.get("/cart/suggestions").text
    shopper.add("MUG-1")
    assert 'href="/cart/suggestions"' in client.get("/cart").text
    part = client.get("/cart/suggestions", headers=PART)
    assert "Salt bowl" in part.text
    assert "Harbour mug" not in part.text
    assert part.headers["Cache-Control"] == "no-store"
    assert client.get("/p/nothing/suggestions").status_code == 404
