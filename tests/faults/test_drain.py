"""A web server is asked to end while shoppers click, as a rolling deployment does: nobody notices."""

import http.client
import signal
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, text

from domain.shared.settings import Settings
from tests.faults.store import Store, settings_of
from tests.processes import answers, eventually
from tests.storefront.conftest import Goods

PAGES = ("/", "/search?q=mug", "/p/harbour-mug", "/cart")


@dataclass
class Balancer:
    """What a load balancer does: it asks each task whether it is ready, and believes the third bad answer."""

    ports: dict[str, int]
    missed: dict[str, int] = field(default_factory=dict)
    probes: list[tuple[str, int]] = field(default_factory=list)

    def probe(self, over: threading.Event) -> None:
        """Ask each task ten times a second."""
        while not over.wait(0.1):
            for name, port in self.ports.items():
                status = ask(http.client.HTTPConnection("localhost", port, timeout=5), "/readyz")
                self.probes.append((name, status))
                self.missed[name] = 0 if status == 200 else self.missed.get(name, 0) + 1

    def ready(self) -> list[str]:
        """Return the tasks that requests may go to."""
        return [name for name in self.ports if self.missed.get(name, 0) < 3]


def ask(connection: http.client.HTTPConnection, path: str) -> int:
    """Ask for a page on a connection that is kept while the other side keeps it; 0 if no whole answer came."""
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0
    return answer.status


def click(balancer: Balancer, number: int, seen: list[tuple[float, str, int]], over: threading.Event) -> None:
    """Ask for one page after another, on one open connection to each task."""
    links = {name: http.client.HTTPConnection("localhost", port, timeout=10) for name, port in balancer.ports.items()}
    while not over.is_set():
        ready = balancer.ready()
        name = ready[(number := number + 1) % len(ready)]
        status = ask(links[name], PAGES[number // 2 % len(PAGES)])
        seen.append((time.monotonic(), name, status))
    for link in links.values():
        link.close()


def two_stores(settings: Settings, place: Path, drain: float) -> dict[str, Store]:
    """Two web servers of one shop."""
    log = place / "processes.log"
    return {name: Store(settings_of(settings, place, drain_seconds=drain), log) for name in ("leaving", "staying")}


def test_a_web_server_leaves_under_load_and_no_request_fails(settings: Settings, goods: Goods, tmp_path: Path) -> None:
    stores = two_stores(settings, tmp_path, drain=2)
    over, seen = threading.Event(), list[tuple[float, str, int]]()
    with ExitStack() as stack:
        leaving = stack.enter_context(stores["leaving"].part("storefront"))
        stores["staying"].start(stack, "storefront")
        balancer = Balancer({name: store.settings.storefront_port for name, store in stores.items()})
        eventually(lambda: all(answers(port) for port in balancer.ports.values()), seconds=60)
        threads = [threading.Thread(target=balancer.probe, args=(over,))]
        threads += [threading.Thread(target=click, args=(balancer, number, seen, over)) for number in range(6)]
        for thread in threads:
            thread.start()
        eventually(lambda: {name for _, name, _ in list(seen)} == {"leaving", "staying"})

        asked_to_end = time.monotonic()
        leaving.send_signal(signal.SIGTERM)
        assert leaving.wait(20) == 0
        gone = time.monotonic()
        eventually(lambda: seen[-1][0] > gone)
        over.set()
        for thread in threads:
            thread.join()

    failed = [answer for answer in seen if answer[2] != 200]
    assert failed == []
    assert [name for moment, name, _ in seen if moment > asked_to_end].count("leaving") > 0
    assert ("leaving", 503) in balancer.probes
    assert "Traceback" not in stores["leaving"].log.read_text()


def test_a_request_under_way_is_finished(settings: Settings, goods: Goods, engine: Engine, tmp_path: Path) -> None:
    store = Store(settings_of(settings, tmp_path), tmp_path / "processes.log")
    port, found = store.settings.storefront_port, list[int]()
    with ExitStack() as stack:
        leaving = stack.enter_context(store.part("storefront"))
        eventually(lambda: answers(port), seconds=60)
        with engine.begin() as connection:
            connection.execute(text("LOCK TABLE catalog.listings"))
            slow = threading.Thread(
                target=lambda: found.append(ask(http.client.HTTPConnection("localhost", port, timeout=20), "/"))
            )
            slow.start()
            eventually(lambda: waits_for_a_lock(engine), seconds=60)
            leaving.send_signal(signal.SIGTERM)
            eventually(lambda: not answers(port), seconds=60)
        slow.join()
        assert leaving.wait(20) == 0

    assert found == [200]


def waits_for_a_lock(engine: Engine) -> bool:
    """Say whether a page waits for the listing."""
    with engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
