"""Finding every form of an app by following its links, as a stranger with much time would."""

import re
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient

LEAVING = ("/sign-out",)


@dataclass
class Form:
    """A form of a page: where it goes, how, and its fields with what stands in them."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """Reads a page's links and forms."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base, self.links, self.forms = base, [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, a form, or a field of the form before it."""
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in found:
            self.links.append(urljoin(self.base, found["href"]))
        elif tag == "form":
            self.forms.append(Form(urljoin(self.base, found.get("action", "")), found.get("method", "get").lower()))
        elif tag in ("input", "select", "textarea", "button") and found.get("name") and self.forms:
            self.forms[-1].fields.setdefault(found["name"], found.get("value", ""))


def forms_of(client: FlaskClient, starts: list[str], *, most: int = 120) -> list[Form]:
    """Return every form that is reached from some addresses, one for each kind of address it goes to."""
    waiting, seen, kinds, forms = deque(starts), set(starts), set(), {}
    while waiting and most:
        path = waiting.popleft()
        most -= 1
        answer = client.get(path)
        if answer.status_code in (301, 302, 303, 308):
            links, found = [answer.location], []
        elif answer.mimetype == "text/html":
            page = Page(path)
            page.feed(answer.text)
            links, found = page.links, page.forms
        else:
            continue
        for form in found:
            if not form.action.startswith(LEAVING):
                forms.setdefault((form.method, kind_of(form.action), tuple(sorted(form.fields))), form)
        for link in links:
            parts = urlsplit(link)
            if parts.netloc or parts.scheme or not parts.path.startswith("/") or parts.path.startswith(LEAVING):
                continue
            address = f"{parts.path}?{parts.query}" if parts.query else parts.path
            if kind_of(address) not in kinds and address not in seen:
                kinds.add(kind_of(address))
                seen.add(address)
                waiting.append(address)
    return list(forms.values())


def kind_of(address: str) -> str:
    """Return an address without its ids, numbers and values, so that a thousand products are one page."""
    path, _, query = address.partition("?")
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", path)
    path = re.sub(r"/[A-Z]{2}-[A-Z0-9-]+", "/<number>", path)
    return f"{path}?{'&'.join(sorted(part.partition('=')[0] for part in query.split('&')))}"
