"""How soon an open page of the admin says that an order came in and that something runs low; part of `bench live`.

One page asks as often as it says itself, while one order after another comes in at moments of no pattern.
"""

import html
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from uuid import UUID

from sqlalchemy import text

from cli.bench.buyers import Buyer
from cli.bench.stage import Place, gateway, serving, storefront
from cli.demo_accounts import STAFF_EMAIL, STAFF_PASSWORD
from cli.errors import CliError
from cli.ports import free_port
from cli.processes import argv_of
from cli.shopper import Shopper
from domain.shared.db import Sessions, make_engine, make_sessions

ORDERS = 24
PATIENCE = 60.0
PAGE = "/customers"
"""Any page of the admin: each of them asks for news."""
NEW_ORDER, RUNS_LOW = "a new order", "stock that runs low"

_ASKS = re.compile(r'hx-get="(/news[^"]*)" hx-trigger="every (\d+)s"')
_SAID = re.compile(r"<li>(.*?)</li>", re.DOTALL)
# One unit more, and it runs low.
_AT_THE_MARK = text(
    "UPDATE catalog.stock s SET on_hand = greatest(s.on_hand, s.reserved + 100),"
    " low_at = greatest(s.on_hand, s.reserved + 100) - s.reserved - 1"
    " FROM catalog.variants v WHERE v.id = s.variant_id AND v.sku = :sku RETURNING s.low_at"
)
_EVENT = text("SELECT id FROM shared.outbox WHERE name = 'orders.order_placed' AND payload ->> 'number' = :number")


class OpenPage(threading.Thread):
    """A page that somebody has left open; `said` is when it said what."""

    def __init__(self, staff: Shopper) -> None:
        super().__init__(daemon=True)
        self.staff, self.said, self.closed = staff, dict[str, float](), threading.Event()
        self.address, self.every = _asks(staff.open(PAGE).text)

    def run(self) -> None:
        """Ask for news until the page is closed."""
        while not self.closed.wait(self.every):
            answer = self.staff.open(self.address)
            if answer.text:
                self.address, self.every = _asks(answer.text)
                for words in _SAID.findall(answer.text):
                    self.said.setdefault(html.unescape(words), time.time())

    def heard(self, words: str, since: float) -> float | None:
        """Return how many seconds after a moment it said something with these words; None if it has not yet."""
        return next((at - since for said, at in list(self.said.items()) if words in said and at >= since), None)


def measure_open_admin(
    place: Place, *, orders: int = ORDERS, email: str = STAFF_EMAIL, password: str = STAFF_PASSWORD
) -> dict[str, list[float]]:
    """Place orders one after another and return, by kind of news, the seconds until an open page said each.

    They count from when the order's event is written, a moment before its commit.
    """
    engine = make_engine(place.settings.database_url, pool_size=1)
    sessions, sku = make_sessions(engine), place.skus[0]
    delays: dict[str, list[float]] = {NEW_ORDER: [], RUNS_LOW: []}
    try:
        with (
            gateway(place),
            storefront(place, core=None) as shop,
            closing(Buyer(shop.base)) as buyer,
            _open_page(place, email, password) as page,
        ):
            for number in range(orders):
                time.sleep(random.uniform(0, page.every))  # noqa: S311 - orders come at any moment
                with sessions.begin() as session:
                    left = session.scalar(_AT_THE_MARK, {"sku": sku})
                bought = buyer.buy(sku, f"live-{number}@example.com")
                order = bought.partition("?")[0].rpartition("/")[2]
                since = _written(sessions, order)
                delays[NEW_ORDER].append(_wait(page, f"/orders/{order}", since))
                delays[RUNS_LOW].append(_wait(page, f"{left} left: ", since))
    finally:
        engine.dispose()
    return delays


def show_open_admin(delays: dict[str, list[float]], *, say: Callable[[str], None]) -> None:
    """Print how long it took."""
    say(f"\n{'until an open page of the admin says it, ms'.ljust(46)}{'p50':>8}{'p95':>8}{'longest':>9}{'of':>6}")
    for name, took in delays.items():
        ordered = sorted(took)
        p95 = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
        figures = (ordered[len(ordered) // 2], p95, ordered[-1])
        say(f"{name.ljust(46)}{figures[0] * 1000:8.0f}{figures[1] * 1000:8.0f}{figures[2] * 1000:9.0f}{len(took):6}")


@contextmanager
def _open_page(place: Place, email: str, password: str) -> Iterator[OpenPage]:
    port = free_port()
    argv = argv_of("admin", place.settings.model_copy(update={"admin_port": port}))
    with serving(argv, place.environment, port=port, core=None) as server:
        staff = Shopper(server.base)
        staff.submit(staff.open("/sign-in").form("/sign-in"), email=email, password=password)
        page = OpenPage(staff)
        page.start()
        yield page
        page.closed.set()
        page.join(PATIENCE)


def _asks(page: str) -> tuple[str, int]:
    found = _ASKS.search(page)
    if found is None:
        raise CliError("The page of the admin does not ask for news", "Look whether the bench could sign in")
    return html.unescape(found.group(1)), int(found.group(2))


def _written(sessions: Sessions, number: str) -> float:
    with sessions() as session:
        written: UUID = session.execute(_EVENT, {"number": number}).scalar_one()
    return (written.int >> 80) / 1000


def _wait(page: OpenPage, words: str, since: float) -> float:
    until = time.monotonic() + PATIENCE
    while (took := page.heard(words, since)) is None:
        if time.monotonic() > until or not page.is_alive():
            raise CliError(f"An open page never said “{words}”", "Read what the admin printed in log/bench.log")
        time.sleep(0.01)
    return took
