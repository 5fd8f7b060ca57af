"""What the docs say of the lists is what their pages offer, and no page with a list is left out."""

import re

import pytest
from flask import url_for

from admin.lists import LISTS
from admin.views.exports import KINDS
from domain.shared.db import transaction
from tests.admin.test_lists import fill
from tests.factories.catalog import make_product
from tests.factories.jobs import queue_of, work_off

NO_LISTS = {"dashboard.show", "me.show", "api.docs", "collections.new", "tree.new_type"}
"""Pages with a table that is no list: today's few, one's own sign-ins, the API's contract, and rows to be filled in."""


@pytest.fixture
def pages(app, staff, sessions, redis):
    """The page of each list with some rows in it, as the owner sees it, by the list's endpoint."""
    with transaction(sessions) as tx:
        fill(tx, 0, 2)
        mug = make_product(tx, sku="MUG", on_hand=1)
    queue_of(redis).enqueue("builtins.int", "nought")
    work_off(redis)
    client = staff("owner")
    client.get(f"/products/{mug.id}")

    def page(one):
        values = {"product_id": mug.id, "variant_id": mug.variant_id}
        with app.test_request_context():
            rule = next(rule for rule in app.url_map.iter_rules(one.endpoint) if "GET" in (rule.methods or ()))
            address = url_for(one.endpoint, **{name: values[name] for name in rule.arguments})
        narrowed = {"inventory.index": "?show=all"}.get(one.endpoint, "")
        answer = client.get(address + narrowed)
        assert answer.status_code == 200, address
        return answer.text

    found = {one.endpoint: page(one) for one in LISTS}
    found["bulk.show"] = client.get(f"/products/bulk?id={mug.id}").text
    return found


def options(page, name):
    """The words of a choice on a page; none if the page has no such choice."""
    box = re.search(rf'<select id="{name}" name="{name}">(.*?)</select>', page, re.S)
    return [word.strip() for word in re.findall(r"<option[^>]*>([^<]*)</option>", box[1])] if box else []


def test_each_list_offers_what_the_table_says(pages):
    for one in LISTS:
        page = pages[one.endpoint]
        assert options(page, "sort") == list(one.sorts.values()), one.title
        assert bool(re.search(r'name="(q|resource)"', page)) == bool(one.search), one.title
        files = re.findall(r'action="([^"]+)/exports"', page)
        assert files == ([KINDS[one.file].place] if one.file else []), one.title
        actions = pages["bulk.show"] if one.endpoint == "products.index" else page
        assert options(actions, "action") == list(one.deeds), one.title
        missing = one.paged and not (one.search and one.sorts and one.file and one.deeds)
        assert bool(one.why) or not missing, f"{one.title}: say why something is missing"


def test_every_page_with_a_list_is_in_the_table(app, staff, pages):
    client, known = staff("manager", "Max"), {one.endpoint for one in LISTS} | NO_LISTS
    unknown = set()
    for rule in app.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or ()):
            continue
        answer = client.get(rule.rule)
        if answer.mimetype == "text/html" and '<table class="stacks' in answer.text and rule.endpoint not in known:
            unknown.add(rule.endpoint)
    assert unknown == set()
