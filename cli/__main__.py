"""`./shop <command>`: finds the command, gives it the settings, and turns a failure into one line."""

import argparse
import importlib
import importlib.util
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from typing import NoReturn

from cli.errors import CliError


@dataclass(frozen=True)
class Command:
    """A command: its module has `add_arguments(parser)` and `run(args, settings)`.

    One that passes on gets its words as they are, in `args.rest`.
    """

    name: str
    says: str
    module: str
    needs_database: bool = False
    passes_on: bool = False


COMMANDS = (
    Command("up", "start the whole store", "cli.up"),
    Command("down", "stop the store", "cli.down"),
    Command("migrate", "bring the database to the schema this code needs", "cli.migrate", needs_database=True),
    Command("seed", "fill the shop with demo goods, or with many for load work", "cli.seed", needs_database=True),
    Command("tax", "say which tax the shop charges", "cli.tax", needs_database=True),
    Command("import", "take products in from a file", "cli.imports", needs_database=True),
    Command("export", "write products out to a file", "cli.exports", needs_database=True),
    Command("user", "add a member of staff, or change what one may do", "cli.user", needs_database=True),
    Command("audit", "check the books on the live database", "cli.audit", needs_database=True),
    Command(
        "recount", "count the reports' figures and the uses of promotions anew", "cli.recount", needs_database=True
    ),
    Command("drill", "prove that the shop comes back from a backup", "cli.drill", needs_database=True),
    Command("test", "run the tests", "cli.test", passes_on=True),
    Command("check", "check style, types and contracts", "cli.check"),
    Command("docs", "write the generated pages of docs/", "cli.docs"),
    Command("bench", "measure pages and checkouts", "cli.bench"),
    Command("chaos", "break parts of a running store and see it recover", "cli.chaos"),
    Command("role", "run one part of the store in the foreground, for containers", "cli.role"),
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"shop: {message}. Try {self.prog} --help.\n")


def available() -> list[Command]:
    """Return the commands whose module is part of this checkout or image."""
    return [command for command in COMMANDS if importlib.util.find_spec(command.module)]


def main(argv: list[str]) -> int:
    """Run one command and return its exit code."""
    commands = available()
    parser = _Parser(prog="./shop", description="Cornershop, from one command.", epilog="Start with: ./shop up")
    kinds = parser.add_subparsers(dest="command", metavar="command", title="commands", parser_class=_Parser)
    chosen = next((command for command in commands if argv and command.name == argv[0]), None)
    for command in commands:
        sub = kinds.add_parser(command.name, help=command.says, description=_sentence(command.says))
        if command is chosen:
            importlib.import_module(command.module).add_arguments(sub)
    if not argv:
        parser.print_help()
        return 2
    if chosen is None and not argv[0].startswith("-"):
        names = ", ".join(command.name for command in commands)
        print(f"shop: There is no command {argv[0]!r}. The commands are {names}.", file=sys.stderr)
        return 2
    if chosen is not None and chosen.passes_on and not {"-h", "--help"} & set(argv):
        return _run(chosen, argparse.Namespace(command=chosen.name, rest=argv[1:]))
    args = parser.parse_args(argv)
    assert chosen is not None
    return _run(chosen, args)


def _run(command: Command, args: argparse.Namespace) -> int:
    if command.name == "role":  # reads the environment alone, so the image carries neither embedded server nor secrets
        return int(importlib.import_module(command.module).run(args))
    from cli.environment import load_settings
    from cli.stack import database

    settings = load_settings()
    with database(settings) if command.needs_database else nullcontext():
        return int(importlib.import_module(command.module).run(args, settings))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _one_line(error: Exception) -> str | None:
    """Say in one line what went wrong, for what an operator can do something about; None for a defect of ours."""
    from domain.shared.errors import DomainError

    if isinstance(error, CliError | DomainError):
        return str(error)
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    reason = " ".join(str(getattr(error, "orig", None) or error).split())
    if kind in ("sqlalchemy.exc.OperationalError", "psycopg.OperationalError"):
        return f"The database does not answer ({reason}). Start it, or correct SHOP_DATABASE_URL."
    if kind == "sqlalchemy.exc.ProgrammingError" and "does not exist" in reason:
        return "The database is behind this code. Run ./shop migrate."
    if kind == "redis.exceptions.ConnectionError":
        return f"Redis does not answer ({reason}). Start it, or correct SHOP_REDIS_URL."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename or 'no file named'}. Check the path, the permissions and the room."
    return None


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
    except Exception as error:
        line = _one_line(error)
        if line is None:
            raise
        print(f"shop: {line}", file=sys.stderr)
        sys.exit(1)
