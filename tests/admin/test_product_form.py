"""What a product's own form shows before it is saved, and does to what shoppers see."""

import re
from html import unescape

from domain.shared.audit import Search, audit_log
from tests.admin.test_products import form_of, mug, read  # noqa: F401 - mug is a fixture


def preview(page):
    """The address, title and description as a search engine may show them."""
    box = page.partition('class="seo-preview"')[2].partition("</div>")[0]
    return [unescape(re.sub("<[^>]+>", "", line)) for line in re.findall(r"<p[^>]*>(.*?)</p>", box, re.DOTALL)]


def test_the_preview_for_search_engines_falls_back_on_title_and_summary(staff, sessions, mug):  # noqa: F811
    client, page = staff("catalogue"), f"/products/{mug.id}"
    assert preview(client.get(page).text) == ["http://localhost/p/mug", "Mug", "For tea & coffee."]

    own = form_of(client, mug) | {"seo_title": "A mug of stoneware", "seo_description": "x" * 200}
    assert client.post(page, data=own).status_code == 303
    assert preview(client.get(page).text) == ["http://localhost/p/mug", "A mug of stoneware", "x" * 152 + "..."]

    none = form_of(client, mug) | {"seo_title": "", "seo_description": "", "summary": ""}
    assert client.post(page, data=none).status_code == 303
    assert preview(client.get(page).text)[1:] == ["Mug", "No description yet."]


def test_beside_refused_answers_the_preview_shows_what_was_typed(staff, mug):  # noqa: F811
    client = staff("catalogue")
    typed = {"slug": "tea-mug", "seo_title": "Tea mug", "seo_description": "Mine.", "variants-0-price": "abc"}

    refused = client.post(f"/products/{mug.id}", data=form_of(client, mug) | typed)

    assert refused.status_code == 422
    assert preview(refused.text) == ["http://localhost/p/tea-mug", "Tea mug", "Mine."]


def test_a_product_is_archived_and_brought_back_by_its_own_form(staff, storefront, sessions, mug):  # noqa: F811
    client = staff("catalogue", "Cato")
    assert storefront.get("/p/mug").status_code == 200

    saved = client.post(f"/products/{mug.id}", data=form_of(client, mug) | {"status": "archived"})

    assert (saved.status_code, read(sessions, mug).status) == (303, "archived")
    assert storefront.get("/p/mug").status_code in (404, 410)
    assert form_of(client, mug)["status"] == "archived"
    with sessions() as reading:
        changes = audit_log(reading, Search(resource=str(mug.id))).rows[0].changes
    assert ("status", "published", "archived") in [value for change in changes for value in change.values]

    assert client.post(f"/products/{mug.id}", data=form_of(client, mug) | {"status": "published"}).status_code == 303
    assert storefront.get("/p/mug").status_code == 200
