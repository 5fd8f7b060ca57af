"""The pages under docs/ that are generated from the code, so that they cannot grow stale."""

from collections.abc import Callable

from cli.docs.data_model import data_model
from cli.docs.events import events
from cli.docs.routes import routes
from cli.docs.settings import settings_table

PAGES: dict[str, Callable[[], str]] = {
    "data-model.md": data_model,
    "events.md": events,
    "routes.md": routes,
    "settings.md": settings_table,
}
"""What is generated: the page's name under docs/ and the function that writes it."""
