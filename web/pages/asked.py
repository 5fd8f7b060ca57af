"""What a request asks for: two requests that mean the same page have the same name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from web.htmx import asks_for_part
from web.limits import MAX_QUERY

TRACKING = ("utm_", "gclid", "fbclid", "msclkid", "mc_")
"""What advertisements add to an address; it changes no page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page by the host, the path, the query in its one order, and whether it is wanted whole or in part."""

    host: str
    path: str
    query: str
    part: bool

    @property
    def name(self) -> str:
        """What the page is kept under."""
        return f"{self.host} {'part' if self.part else 'whole'} {self.path}?{self.query}"


def asked_by(environ: dict[str, Any]) -> Asked | None:
    """Read what a request asks for; None for one that brings something along, or that the app had better look at."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("CONTENT_LENGTH", "0") not in ("", "0"):
        return None
    query = environ.get("QUERY_STRING", "")
    if query:
        if len(query) > MAX_QUERY or "%00" in query:
            return None
        query = in_order(query)
    return Asked(environ.get("HTTP_HOST", ""), environ["PATH_INFO"], query, asks_for_part(environ))


def in_order(query: str) -> str:
    """Write a query in its one order, without what only advertisements need; the values of a name keep theirs."""
    return urlencode(sorted(_own(parse_qsl(query, keep_blank_values=True)), key=lambda pair: pair[0]))


def _own(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if not pair[0].startswith(TRACKING)]
