"""`role NAME`: become one part of the store, in the foreground, with the environment's settings and nothing else."""

import argparse
import os
from typing import NoReturn

from pydantic import ValidationError

from cli.environment import child_environment, explain
from cli.errors import CliError
from cli.processes import ROLES, argv_of
from domain.shared.settings import ROOT, Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("role", choices=(*ROLES, "migrate"), help="which part to run")


def run(args: argparse.Namespace) -> int:
    """Replace this process by the role's, so that signals reach it directly."""
    try:
        settings = Settings()  # type: ignore[call-arg]  # the environment gives them
    except ValidationError as error:
        raise CliError(explain(error), "Set it in the container's environment") from None
    if args.role == "migrate":
        from cli.migrate import bring_up_to_date

        bring_up_to_date(settings.database_url)
        print("The database is up to date.")
    else:
        _become(argv_of(args.role, settings), settings)
    return 0


def _become(argv: list[str], settings: Settings) -> NoReturn:
    os.chdir(ROOT)
    os.execve(argv[0], argv, child_environment(settings))  # noqa: S606 - our own program, no shell
