"""Many at once: threads and processes that wait for each other before every step."""

import multiprocessing
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from typing import Any

import domain.schema  # noqa: F401 - a flush needs to know every table that a foreign key names
from domain.shared.db import Sessions, make_engine, make_sessions, transaction
from domain.shared.errors import DomainError
from tests.factories.cart import make_checkout, make_terms
from tests.factories.orders import Agreed, agree


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Let every deed start at the same moment in a thread of its own; a refusal is a result."""
    barrier = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return deed()
        except DomainError as refusal:
            return refusal

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result() for future in [pool.submit(run, deed) for deed in deeds]]


def in_transaction(sessions: Sessions, deed: Callable[..., Any], *args: Any, **values: Any) -> Callable[[], Any]:
    """A deed in a transaction of its own."""

    def run() -> Any:
        with transaction(sessions) as tx:
            return deed(tx, *args, **values)

    return run


def carts_ready(sessions: Sessions, skus: Sequence[str], **values: Any) -> list[Agreed]:
    """Carts that stand before the last button, one for each SKU named."""
    with transaction(sessions) as tx:
        make_terms(tx)
        return [agree(tx, make_checkout(tx, sku=sku, **values)) for sku in skus]


def in_lockstep(people: Sequence[Sequence[Callable[[Any], Any]]]) -> list[Any]:
    """Let people take their steps together: nobody begins a step before all have ended the one before.

    A step gets what the same person's last one returned; a refusal ends the walk and is its result.
    """
    barrier = threading.Barrier(len(people))

    def walk(steps: Sequence[Callable[[Any], Any]]) -> Any:
        found: Any = None
        for step in steps:
            barrier.wait(60)
            if isinstance(found, DomainError):
                continue
            try:
                found = step(found)
            except DomainError as refusal:
                found = refusal
        return found

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(walk, people))


def in_processes(database_url: str, deed: Callable[[Sessions, Any], Any], shares: Sequence[Sequence[Any]]) -> list[Any]:
    """Have each process do a deed with every item of its share, in threads that all start at the same moment.

    The deed must be a function of a module; what it returns, or the name of the refusal it raised, comes back.
    """
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(sum(len(share) for share in shares))
    results = context.SimpleQueue()
    processes = [
        context.Process(target=_do_share, args=(database_url, deed, share, barrier, results)) for share in shares
    ]
    for process in processes:
        process.start()
    found = [results.get() for _ in processes]
    for process in processes:
        process.join(30)
    for share in found:
        if isinstance(share, str):
            raise AssertionError(share)
    return [one for share in found for one in share]


def _do_share(
    database_url: str, deed: Callable[[Sessions, Any], Any], share: Sequence[Any], barrier: Barrier, results: Any
) -> None:
    engine = make_engine(database_url, pool_size=len(share))
    sessions = make_sessions(engine)

    def run(item: Any) -> Any:
        with engine.connect():
            pass
        barrier.wait(60)
        try:
            return deed(sessions, item)
        except DomainError as refusal:
            return type(refusal).__name__

    try:
        with ThreadPoolExecutor(len(share)) as pool:
            results.put(list(pool.map(run, share)))
    except Exception:
        results.put(traceback.format_exc())
    finally:
        engine.dispose()
