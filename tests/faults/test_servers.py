"""Mail, Redis and PostgreSQL go away under the running store and come back: nothing is lost, nothing is done twice."""

import threading
import time
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import Engine, text

from cli.embedded import embedded_postgres, embedded_redis
from cli.migrate import migrate
from cli.shopper import words_of
from domain.shared.db import make_engine, make_sessions, transaction
from domain.shared.settings import Settings
from tests.faults.store import (
    BACKGROUND,
    Store,
    books_are_right,
    buy,
    money_kept,
    order,
    orders,
    review,
    rows,
    settings_of,
)
from tests.processes import eventually, free_port
from tests.storefront.conftest import put_on_shelves


def beside(store: Store, **changes: int) -> Store:
    """The same store with a part at another port."""
    return Store(store.settings.model_copy(update=changes), store.log)


def forget_for_a_minute(engine: Engine) -> None:
    """Let a minute pass for events that were handed on, so that the sweeper looks for them now."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE shared.outbox SET relayed_at = relayed_at - interval '1 minute'"))


def test_with_a_closed_mail_server_mail_waits_and_comes_once(own_place: Store, own_engine: Engine) -> None:
    with ExitStack() as stack:
        stack.enter_context(embedded_redis(own_place.settings.var))
        # The gateway is open, and at the port that the workers know for mail nobody answers.
        beside(own_place, smtp_port=free_port()).start(stack, "sandbox")
        own_place.start(stack, "storefront", *BACKGROUND)

        paid = buy(own_place, "harbour-mug")

        assert "Paid" in words_of(paid)
        eventually(lambda: rows(own_engine, "SELECT 1 FROM notifications.messages WHERE attempts > 1"), seconds=60)
        assert rows(own_engine, "SELECT DISTINCT state FROM notifications.messages") == [("queued",)]
        assert own_place.mails() == []

        beside(own_place, sandbox_port=free_port()).start(stack, "sandbox")
        own_place.told_once("Payment received", "Your order")
        books_are_right(own_engine)
    assert own_place.failures() == []


def test_without_redis_people_browse_order_and_pay_and_the_jobs_run_when_it_is_back(
    own_place: Store, own_engine: Engine
) -> None:
    with ExitStack() as stack:
        with embedded_redis(own_place.settings.var):
            own_place.start(stack, "sandbox", "storefront", "relay")
            first = own_place.shopper()
            first.add_to_cart("salt-bowl")
            first.pay(order(first, review(own_place, first)))
            # Its events are in Redis, with no worker yet to take them: they go down with it.
            eventually(
                lambda: rows(own_engine, "SELECT bool_and(relayed_at IS NOT NULL) FROM shared.outbox") == [(True,)]
            )
        before = len(rows(own_engine, "SELECT 1 FROM shared.outbox"))

        for path in ("/", "/c/kitchen", "/search?q=mug", "/p/harbour-mug", "/cart", "/checkout", "/sign-in"):
            assert own_place.status(path)[0] == 200, path
        ready, said = own_place.status("/readyz")
        assert (ready, '"redis":"down"' in said.replace(" ", "")) == (200, True)
        paid = buy(own_place, "harbour-mug")
        assert "Paid" in words_of(paid)
        assert orders(own_engine) == ["paid", "paid"]
        assert len(rows(own_engine, "SELECT 1 FROM shared.outbox")) > before
        own_place.start(stack, "worker", "scheduler")
        assert own_place.mails() == []

        with embedded_redis(own_place.settings.var):
            forget_for_a_minute(own_engine)
            own_place.told_once("Payment received", "Payment received", "Your order", "Your order")
            books_are_right(own_engine)
    assert own_place.failures() == []


class Visitor(threading.Thread):
    """Somebody who looks at one page after the other and notes what came."""

    def __init__(self, store: Store) -> None:
        super().__init__(daemon=True)
        self.store = store
        self.seen: list[tuple[int, str]] = []
        self.leave = threading.Event()

    def run(self) -> None:
        """Look around until asked to leave."""
        while not self.leave.is_set():
            for path in ("/", "/c/kitchen", "/p/harbour-mug", "/cart"):
                self.seen.append(self.store.status(path))
            time.sleep(0.05)


def test_a_postgresql_that_restarts_under_the_running_store(settings: Settings, tmp_path: Path) -> None:
    database = tmp_path / "database"
    with ExitStack() as stack:
        redis_url = stack.enter_context(embedded_redis(tmp_path))
        with embedded_postgres(database) as url:
            migrate(url)
            engine = make_engine(url)
            stack.callback(engine.dispose)
            with transaction(make_sessions(engine)) as tx:
                put_on_shelves(tx)
            store = Store(
                settings_of(settings, tmp_path, database_url=url, redis_url=redis_url), tmp_path / "processes.log"
            )
            visitors = [Visitor(store) for _ in range(2)]
            store.start(stack, "sandbox", "storefront", *BACKGROUND)
            shopper = store.shopper()
            shopper.add_to_cart("harbour-mug")
            page = review(store, shopper)
            for visitor in visitors:
                visitor.start()
            eventually(lambda: all(len(visitor.seen) > 8 for visitor in visitors))
        engine.dispose()

        refused = order(shopper, page)
        assert refused.status == 503
        assert "We will be right back" in words_of(refused)
        assert "Your cart and your orders are safe" in words_of(refused)
        assert store.status("/healthz")[0] == 200
        assert store.status("/readyz")[0] == 503

        with embedded_postgres(database):
            eventually(lambda: store.status("/")[0] == 200, seconds=60)
            paid = shopper.pay(order(shopper, page))
            for visitor in visitors:
                visitor.leave.set()
                visitor.join(60)
            assert "Paid" in words_of(paid)
            assert (orders(engine), money_kept(engine)) == (["paid"], 1700)
            store.told_once("Payment received", "Your order")
            books_are_right(engine)

            seen = [answer for visitor in visitors for answer in visitor.seen]
            assert {status for status, _ in seen} == {200, 503}
            assert all("We will be right back" in said for status, said in seen if status == 503)
            assert not any("Traceback" in said or "psycopg" in said for _, said in seen)
            assert store.failures() == []
            stack.pop_all().close()
