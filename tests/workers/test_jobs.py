"""A handler deals with a message once, in one transaction, and what happens outside is safe to repeat."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from domain.shared.db import Sessions, transaction
from domain.shared.handlers import Outside
from domain.shared.outbox import claim
from domain.shared.settings import Settings
from tests.workers.conftest import Nudged, count_handled, record_all
from workers import subscriptions
from workers.jobs import UnderWay, run_handler, sole_run, through_absence
from workers.queues import job_id, queue_of
from workers.subscriptions import HANDLERS, SUBSCRIPTIONS, name_of


def test_a_second_run_changes_nothing(sessions: Sessions, settings: Settings, subscribed: Callable[..., None]) -> None:
    seen: list[int] = []

    def one(_session: Session, event: Nudged) -> None:
        seen.append(event.number)

    subscribed(one=one)
    (message_id,) = record_all(sessions, Nudged(number=7))
    for _ in range(3):
        run_handler(sessions, settings, message_id, "tests.one")

    assert seen == [7]
    assert count_handled(sessions) == 1


def test_a_failure_takes_its_claim_back_with_it(
    sessions: Sessions, settings: Settings, subscribed: Callable[..., None]
) -> None:
    fails = [True]

    def one(session: Session, _event: Nudged) -> None:
        if fails.pop():
            raise RuntimeError("not yet")

    subscribed(one=one)
    (message_id,) = record_all(sessions, Nudged(number=1))
    with pytest.raises(RuntimeError, match="not yet"):
        run_handler(sessions, settings, message_id, "tests.one")
    assert count_handled(sessions) == 0

    fails.append(False)
    run_handler(sessions, settings, message_id, "tests.one")
    assert count_handled(sessions) == 1


def test_a_message_that_is_gone_is_nobodys_business(
    sessions: Sessions, settings: Settings, subscribed: Callable[..., None]
) -> None:
    def one(_session: Session, _event: Nudged) -> None:
        raise AssertionError

    subscribed(one=one)
    run_handler(sessions, settings, uuid4(), "tests.one")
    assert count_handled(sessions) == 0


class Effects:
    """An outside handler that notes each of its steps."""

    def __init__(self) -> None:
        self.steps: list[Any] = []
        self.found: int | None = 1
        self.fails = 0

    def prepare(self, session: Session, event: Nudged) -> int | None:
        self.steps.append(("prepare", event.number))
        return self.found

    def perform(self, data: int, settings: Settings) -> str:
        self.steps.append(("perform", data))
        if self.fails:
            self.fails -= 1
            raise ConnectionError
        return f"did {data}"

    def finish(self, session: Session, result: str) -> None:
        self.steps.append(("finish", result))


@pytest.fixture
def effects(monkeypatch: pytest.MonkeyPatch) -> Effects:
    found = Effects()
    handler = Outside("tests.outside", found.prepare, found.perform, found.finish)
    monkeypatch.setitem(subscriptions.HANDLERS, handler.name, handler)
    return found


def test_an_effect_happens_between_two_transactions(sessions: Sessions, settings: Settings, effects: Effects) -> None:
    (message_id,) = record_all(sessions, Nudged(number=3))
    for _ in range(2):
        run_handler(sessions, settings, message_id, "tests.outside")

    assert effects.steps == [("prepare", 3), ("perform", 1), ("finish", "did 1")]
    assert count_handled(sessions) == 1


def test_an_effect_that_fails_is_not_claimed(sessions: Sessions, settings: Settings, effects: Effects) -> None:
    effects.fails = 1
    (message_id,) = record_all(sessions, Nudged(number=3))
    with pytest.raises(ConnectionError):
        run_handler(sessions, settings, message_id, "tests.outside")
    assert count_handled(sessions) == 0

    run_handler(sessions, settings, message_id, "tests.outside")
    assert [step for step, _ in effects.steps] == ["prepare", "perform", "prepare", "perform", "finish"]


def test_with_nothing_to_do_it_is_claimed_and_left(sessions: Sessions, settings: Settings, effects: Effects) -> None:
    effects.found = None
    (message_id,) = record_all(sessions, Nudged(number=3))
    run_handler(sessions, settings, message_id, "tests.outside")

    assert effects.steps == [("prepare", 3)]
    assert count_handled(sessions) == 1


def test_no_transaction_is_open_while_an_effect_happens(
    sessions: Sessions, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (message_id,) = record_all(sessions, Nudged(number=3))
    open_ones: list[int] = []

    def perform(_data: int, _settings: Settings) -> int:
        with sessions() as session:
            open_ones.append(
                session.scalar(
                    text(
                        "SELECT count(*) FROM pg_stat_activity"
                        " WHERE state LIKE 'idle in transaction%' AND datname = current_database()"
                    )
                )
                or 0
            )
        return 1

    handler = Outside("tests.outside", lambda *_: 1, perform, lambda *_: None)
    monkeypatch.setitem(subscriptions.HANDLERS, handler.name, handler)
    run_handler(sessions, settings, message_id, handler.name)
    assert open_ones == [0]


def test_claims_of_two_at_once_are_one(sessions: Sessions) -> None:
    (message_id,) = record_all(sessions, Nudged(number=3))
    with transaction(sessions) as tx:
        assert claim(tx, message_id, "tests.one")
        assert not claim(tx, message_id, "tests.one")
        assert claim(tx, message_id, "tests.two")


def test_every_handler_has_one_name_and_a_queue() -> None:
    handlers = {id(handler): handler for found in SUBSCRIPTIONS.values() for handler in found}
    assert len({name_of(handler) for handler in handlers.values()}) == len(handlers)
    assert {name: queue_of(handler) for name, handler in HANDLERS.items()} == {
        "analytics.count_account": "orders",
        "analytics.count_cancellation": "orders",
        "analytics.count_cart": "orders",
        "analytics.count_checkout": "orders",
        "analytics.count_merge": "orders",
        "analytics.count_opinion": "orders",
        "analytics.count_order": "orders",
        "analytics.count_payment": "orders",
        "analytics.count_refund": "orders",
        "analytics.count_return": "orders",
        "catalog.carry_on_import": "orders",
        "catalog.change_every_page": "orders",
        "catalog.fetch_pictures": "orders",
        "catalog.forget_pages": "orders",
        "catalog.make_derivatives": "orders",
        "catalog.refresh_placed_listing": "orders",
        "catalog.refresh_product_listing": "orders",
        "catalog.refresh_stock_listing": "orders",
        "catalog.tell_products_of_brand": "orders",
        "catalog.tell_products_of_category": "orders",
        "exports.write_export": "orders",
        "notifications.notify": "notifications",
        "notifications.send_message": "notifications",
        "notifications.tell_of_change": "notifications",
        "notifications.tell_of_device": "notifications",
        "notifications.tell_of_product": "notifications",
        "notifications.tell_of_stock": "notifications",
        "notifications.tell_staff_of_stock": "notifications",
        "notifications.welcome": "notifications",
        "notifications.write_link": "notifications",
        "notifications.write_to_invited": "notifications",
        "orders.capture_payment": "payments",
        "orders.carry_out_refund": "payments",
        "orders.issue_credit_note": "orders",
        "orders.issue_invoice": "orders",
        "orders.join_guest_orders": "orders",
        "orders.stop_payments": "payments",
        "reviews.join_guest_reviews": "orders",
    }


def test_a_jobs_name_is_one_that_rq_takes() -> None:
    from rq.job import validate_job_id

    for name in HANDLERS:
        validate_job_id(job_id(uuid4(), name))


def test_an_effect_is_not_had_twice_at_once(sessions: Sessions, settings: Settings, effects: Effects) -> None:
    (message_id,) = record_all(sessions, Nudged(number=3))
    with sole_run(sessions, message_id, "tests.outside"), pytest.raises(UnderWay):
        run_handler(sessions, settings, message_id, "tests.outside")
    assert effects.steps == []

    run_handler(sessions, settings, message_id, "tests.outside")
    assert [step for step, _ in effects.steps] == ["prepare", "perform", "finish"]


def test_an_effect_is_written_down_although_the_database_goes_away_meanwhile(
    sessions: Sessions, engine: Engine, settings: Settings, effects: Effects
) -> None:
    (message_id,) = record_all(sessions, Nudged(number=3))
    perform = effects.perform

    def and_lose_every_connection(data: int, settings: Settings) -> str:
        with engine.connect() as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            connection.execute(text(f"{others} AND pid <> pg_backend_pid() AND datname = current_database()"))
        return perform(data, settings)

    handler = Outside("tests.outside", effects.prepare, and_lose_every_connection, effects.finish)
    subscriptions.HANDLERS[handler.name] = handler
    run_handler(sessions, settings, message_id, "tests.outside")

    assert [step for step, _ in effects.steps] == ["prepare", "perform", "finish"]
    assert count_handled(sessions) == 1


def test_a_job_waits_for_a_database_that_is_away(sessions: Sessions) -> None:
    tries: list[int] = []

    def answers_the_third_time() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("SELECT 1", {}, ConnectionError("the database system is starting up"))
        return "here"

    assert through_absence(answers_the_third_time) == "here"
    assert len(tries) == 3
    with pytest.raises(OperationalError):
        through_absence(lambda: tries.clear() or answers_the_third_time(), patience=0.3)
    with pytest.raises(IntegrityError):
        through_absence(lambda: _broken(sessions))


def _broken(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        claim(tx, uuid4(), "tests.one")
