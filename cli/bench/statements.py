"""How many SQL statements each page and a whole checkout cost, counted in this process; and what they are."""

import contextlib
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

from flask import Flask
from psycopg import ClientCursor
from sqlalchemy import Connection, Engine, event
from werkzeug.serving import make_server

from cli.bench.buyers import Buyer
from cli.bench.pages import page_urls
from cli.bench.stage import Place, gateway

WARM = 6
"""So many checkouts go before those that count: what a process reads once is read, what is prepared is prepared."""


class Recorder:
    """Every statement that engines send, with its values written in, and where transactions begin and end."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.statements = 0

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Listen to every engine of this process."""
        heard = (("before_cursor_execute", self._statement), ("begin", self._begin), ("commit", self._commit))
        for name, hear in heard:
            event.listen(Engine, name, hear)
        try:
            yield
        finally:
            for name, hear in heard:
                event.remove(Engine, name, hear)

    def _statement(self, connection: Connection, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        self.statements += 1
        driver = connection.connection.dbapi_connection
        for values in parameters if isinstance(parameters, list) else [parameters]:
            self.lines.append(" ".join(ClientCursor(driver).mogrify(statement, values).split()))  # type: ignore[arg-type]

    def _begin(self, connection: Connection) -> None:
        if not connection.connection.dbapi_connection.autocommit:  # type: ignore[union-attr]
            self.lines.append("BEGIN")

    def _commit(self, connection: Connection) -> None:
        if not connection.connection.dbapi_connection.autocommit:  # type: ignore[union-attr]
            self.lines.append("COMMIT")


def count_statements(place: Place) -> tuple[dict[str, int], list[list[str]]]:
    """Return the statements of each page on a second visit and of one checkout, and what some checkouts sent."""
    from storefront import create_app

    recorder, counts = Recorder(), {}
    # The log lines of this process would be taken for the report.
    with recorder.listening(), contextlib.redirect_stdout(sys.stderr):
        app = create_app(settings=place.settings)
        visitor = app.test_client()
        for name, paths in page_urls(place).items():
            visitor.get(paths[0])
            before = recorder.statements
            visitor.get(paths[-1])
            counts[name] = recorder.statements - before
        with gateway(place), _serving(app, place) as base:
            buyer = Buyer(base)
            for number in range(WARM):
                buyer.buy(place.skus[number], f"buyer{number}@example.com")
            sent = []
            for sku in place.skus[: WARM + 2]:
                recorder.lines, recorder.statements = [], 0
                buyer.buy(sku, "buyer@example.com")
                counts["checkout"] = recorder.statements
                sent.append(recorder.lines)
            buyer.close()
    return counts, sent


@contextlib.contextmanager
def _serving(app: Flask, place: Place) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", place.settings.storefront_port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{place.settings.storefront_port}"
    finally:
        server.shutdown()
        thread.join()
        app.extensions["sessions"].kw["bind"].dispose()
