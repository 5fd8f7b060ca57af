"""`./shop docs`: the pages under docs/ that are generated from the code, so that they cannot grow stale."""

import argparse
from collections.abc import Callable

from cli.docs.admin import admin_lists
from cli.docs.data_model import data_model
from cli.docs.events import events
from cli.docs.routes import routes
from cli.docs.schemas import schemas
from cli.docs.settings import settings_table
from domain.shared.settings import ROOT, Settings

PAGES: dict[str, Callable[[], str]] = {
    "admin.md": admin_lists,
    "data-model.md": data_model,
    "events.md": events,
    "routes.md": routes,
    "settings.md": settings_table,
    **schemas(),
}
"""What is generated: the page's name under docs/ and the function that writes it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is not what the code says")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write each page, or with --check name those that are stale and return 1 if there is any."""
    stale = [name for name, write in PAGES.items() if _kept(name) != write()]
    for name in stale:
        if not args.check:
            (ROOT / "docs" / name).parent.mkdir(exist_ok=True)
            (ROOT / "docs" / name).write_text(PAGES[name]())
        print(f"docs/{name} {'is stale: run ./shop docs' if args.check else 'written'}")
    return 1 if stale and args.check else 0


def _kept(name: str) -> str | None:
    path = ROOT / "docs" / name
    return path.read_text() if path.exists() else None
