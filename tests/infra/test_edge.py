"""What CloudFront keeps by path is what the storefront says may be kept, and in the key is what answers vary by."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from web.htmx import VARY

EDGE = (Path(__file__).resolve().parents[2] / "infra" / "edge.tf").read_text()
NEVER_CACHED = re.findall(r'"([^"]+)"', re.search(r"never_cached = \[(.*?)\]", EDGE, re.DOTALL)[1])  # type: ignore[index]


def asked_of_cloudfront(app: Flask) -> dict[str, bool]:
    """Return an address of each route that is read, and whether its view lets everybody's caches keep it."""
    found = {}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            address = re.sub(r"<[^>]+>", "x", rule.rule)
            found[address] = hasattr(app.view_functions[rule.endpoint], "policy")
    return found


def never_kept(address: str) -> bool:
    return any(fnmatchcase(address, pattern) for pattern in NEVER_CACHED)


def test_what_may_be_kept_is_not_held_back_at_the_edge(storefront: FlaskClient) -> None:
    public = {address for address, kept in asked_of_cloudfront(storefront.application).items() if kept}

    lists = {"/c/x", "/collections/x", "/brands", "/brands/x"}
    assert {"/", "/search", "/search/suggestions", "/p/x", "/sitemap.xml"} | lists <= public
    # The API's own description is read seldom: not worth a rule before the one that keeps orders out of caches.
    assert {address for address in public if never_kept(address)} == {"/api/v1/docs", "/api/v1/openapi.json"}


def test_what_is_personal_never_reaches_a_cache(storefront: FlaskClient) -> None:
    asked = asked_of_cloudfront(storefront.application)
    personal = {
        address for address, kept in asked.items() if not kept and not address.startswith(("/static", "/media"))
    }

    uncovered = {address for address in personal if not never_kept(address)}

    # These are nobody's own. The feed says itself how long it may be kept, the others say that nobody may.
    assert uncovered == {"/healthz", "/readyz", "/favicon.ico", "/feeds/google.xml", "/legal/x"}
    kept = [a for a in uncovered if "public" in storefront.get(a).headers.get("Cache-Control", "")]
    assert kept == ["/feeds/google.xml"]


def test_the_key_holds_what_answers_vary_by() -> None:
    items = re.search(r'items = \[("HX-[^\]]+)\]', EDGE)
    assert items is not None
    assert set(re.findall(r'"([^"]+)"', items[1])) == set(VARY)


def test_cookies_are_no_part_of_the_key_and_the_page_has_the_say() -> None:
    assert 'cookie_behavior = "none"' in EDGE
    assert re.search(r"min_ttl\s+= 0\n\s+default_ttl = 0", EDGE)
