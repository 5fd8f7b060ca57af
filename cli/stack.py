"""The database a command works on: the one that runs, or the embedded one started for as long as it takes."""

import contextlib
from collections.abc import Iterator

from cli.embedded import postgres
from cli.environment import is_embedded
from cli.reach import check_database
from domain.shared.settings import Settings


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[None]:
    """See to it that the database answers inside the block."""
    embedded, _ = is_embedded(settings)
    if not embedded:
        check_database(settings)
        yield
    elif postgres.is_running(settings.var):
        yield
    else:
        with postgres.embedded_postgres(settings.var):
            yield
