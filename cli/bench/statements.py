"""How many SQL statements each page and a whole checkout cost, counted in this process."""

import threading
from typing import Any

from sqlalchemy import event
from werkzeug.serving import make_server

from cli.bench.checkout import buy, sandbox
from cli.bench.pages import page_urls
from cli.bench.stage import Place
from domain.shared.db import make_engine, make_sessions


def count_statements(place: Place) -> dict[str, int]:
    """Return the statements of each page on a second visit, and of one guest checkout up to the paid order."""
    from storefront import create_app

    engine = make_engine(place.settings.database_url, pool_size=8)
    count = 0

    def note(*_: Any) -> None:
        nonlocal count
        count += 1

    event.listen(engine, "before_cursor_execute", note)
    app = create_app(settings=place.settings, sessions=make_sessions(engine))
    client = app.test_client()
    counts = {}
    for name, paths in page_urls(place).items():
        client.get(paths[0])
        before = count
        client.get(paths[-1])
        counts[name] = count - before
    server = make_server("127.0.0.1", place.settings.storefront_port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with sandbox(place):
            buy(place, 1)
            before = count
            buy(place, 2)
            counts["checkout"] = count - before
    finally:
        server.shutdown()
        thread.join()
        engine.dispose()
    return counts
