"""A product's history: what staff did to it, to its variants, and to many products at once."""

import re

import pytest

from domain.catalog import commands
from domain.shared.db import transaction
from tests.admin.test_products import form_of, mug  # noqa: F401 - mug is a fixture
from tests.factories.catalog import make_category, make_product


def test_the_history_says_who_changed_what(staff, sessions, mug):  # noqa: F811
    client = staff("catalogue", "Cato")
    client.post(f"/products/{mug.id}", data=form_of(client, mug) | {"title": "Tea mug"})

    page = client.get(f"/products/{mug.id}/history").text

    assert "Cato" in page
    assert "<del>Mug</del> → <ins>Tea mug</ins>" in page


def test_the_history_names_places_and_moments_as_the_pages_do(staff, sessions, mug):  # noqa: F811
    client = staff("catalogue", "Cato")
    with transaction(sessions) as tx:
        garden = make_category(tx, "garden")
    change = {"category_id": str(garden), "featured": "y", "tags": "new, for tea"}
    assert client.post(f"/products/{mug.id}", data=form_of(client, mug) | change).status_code == 303
    sale = f"/products/{mug.id}/sale"
    seen = dict(re.findall(r'name="(seen-[^"]+)" value="([^"]*)"', client.get(sale).text))
    window = {"starts_at": "2026-01-02T09:00", "ends_at": "", f"price-{mug.variant_id}": "9.50"}
    assert client.post(sale, data=seen | window).status_code == 303

    page = client.get(f"/products/{mug.id}/history").text

    told = re.findall(r"<dt>([^<]+)</dt><dd><del>([^<]*)</del> → <ins>([^<]*)</ins>", page)
    assert ("Featured", "no", "yes") in told
    assert ("Tags", "(empty)", "new, for tea") in told
    assert ("Category", "Mugs", "Garden") in told
    assert ("Sale price", "(empty)", "9.50") in told
    assert ("Sale starts", "(empty)", "2026-01-02 09:00") in told
    assert "Variant Green changed" in page
    assert str(garden) not in page


@pytest.mark.parametrize("lasting", [False, True], ids=["removed for good", "archived"])
def test_the_history_holds_what_was_done_to_variants_and_to_many_products_at_once(staff, sessions, mug, lasting):  # noqa: F811
    with transaction(sessions) as tx:
        cup = make_product(tx, title="Cup", sku="CUP-7", price=700)
        for on_hand in (1, 0) if lasting else ():
            commands.correct(tx, variant_id=mug.variant_ids[1], on_hand=on_hand, reason="Counted", actor="Ada")
    client, page = staff("catalogue", "Cato"), f"/products/{mug.id}"
    blue = f"{page}/variants/{mug.variant_ids[1]}"
    bulk = {"id": [mug.id, cup.id], "action": "price", "percent": "10"}

    bulk["stamp"] = re.search(r'name="stamp" value="([^"]+)"', client.get("/products/bulk", query_string=bulk).text)[1]
    assert client.post("/products/bulk", data=bulk).status_code == 303
    typed = {"sku": "MUG-SEA", "weight_grams": "0", "picture_id": "", "measure_unit": ""}
    typed["version"] = re.search(r'name="version" value="([^"]+)"', client.get(blue).text)[1]
    assert client.post(blue, data=typed).status_code == 303
    assert client.post(f"{blue}/removal").status_code == 303

    found = client.get(f"{page}/history").text
    assert "<del>MUG-B</del> → <ins>MUG-SEA</ins>" in found
    assert "take a variant off sale" in found
    assert found.count("<del>12.50</del> → <ins>13.75</ins>") == 2
    assert "<ins>7.70</ins>" not in found  # of the same deed, but on the other product
    assert client.get(f"/products/{cup.id}/history").text.count("<ins>7.70</ins>") == 1
    if lasting:
        assert client.post(f"{blue}/return").status_code == 303
        assert "sell an archived variant again" in client.get(f"{page}/history").text
