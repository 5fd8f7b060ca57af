"""`./shop up`: the whole store on one machine, from its database to its mailbox."""

import argparse
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cli import demo_accounts, first_run, instance, preflight
from cli.detach import detach
from cli.embedded import postgres, redis
from cli.embedded.server import Server
from cli.environment import child_environment, is_embedded, load_settings
from cli.logs import Screen
from cli.processes import SERVERS, WORKERS, is_healthy, needs_sandbox, process_table
from cli.supervisor import Process, StopAsked, Supervisor
from domain.shared.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("--detach", action="store_true", help="run in the background; end it with ./shop down")
    parser.add_argument(
        "--empty", "--no-demo", dest="empty", action="store_true", help="begin with an empty shop of your own"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Start everything, and stop it again on Ctrl-C, SIGTERM or ./shop down."""
    try:
        with instance.claim(settings.var) as mine:
            preflight.check(settings)
            settings, own_mailbox = _with_sandbox(settings)

            def serve(ready: Callable[[], None]) -> int:
                return _serve(settings, mine, ready, own_mailbox=own_mailbox, demo=not args.empty)

            if args.detach:
                return detach(serve, settings.var / "log" / "supervisor.log")
            return serve(lambda: None)
    except instance.AlreadyRunning as running:
        print(f"The store is already running (process {running.instance.pid}). Stop it with ./shop down.")
        for line in running.instance.addresses:
            print(f"  {line}")
        return 0


def _with_sandbox(settings: Settings) -> tuple[Settings, bool]:
    """Settle the ports nobody is promised, keep the secrets, and send mail to the mailbox if it has nowhere to go."""
    fixed: dict[str, Any] = {}
    own_mailbox = settings.smtp_host is None
    taken = {settings.storefront_port, settings.admin_port}
    if needs_sandbox(settings, own_mailbox=own_mailbox):
        port = preflight.choose_port(settings.host, settings.sandbox_port, "SHOP_SANDBOX_PORT", but_not=taken)
        fixed["sandbox_port"] = port
        taken.add(port)
    if own_mailbox:
        fixed["smtp_host"] = "127.0.0.1"
        fixed["smtp_port"] = preflight.choose_port("127.0.0.1", settings.smtp_port, "SHOP_SMTP_PORT", but_not=taken)
    return load_settings(keep_secrets=True, **fixed), own_mailbox


def _serve(
    settings: Settings, mine: instance.Claim, ready: Callable[[], None], *, own_mailbox: bool, demo: bool
) -> int:
    screen = Screen()
    mine.announce()
    try:
        with Supervisor(settings.var / "log", screen) as supervisor:
            _start(supervisor, screen, settings, own_mailbox=own_mailbox, demo=demo)
            addresses = _addresses(settings, own_mailbox=own_mailbox)
            mine.announce(*addresses)
            _greet(settings, addresses)
            ready()
            supervisor.run()
            screen.say("Stopping…")
    except StopAsked:
        screen.say("Stopped before it was open.")
        return 130
    screen.say("Stopped.")
    return 0


def _start(supervisor: Supervisor, screen: Screen, settings: Settings, *, own_mailbox: bool, demo: bool) -> None:
    environment = child_environment(settings)
    own_database, own_redis = is_embedded(settings)
    if own_database or own_redis:
        screen.say("Starting PostgreSQL and Redis…")
    if own_database:
        supervisor.start(_process(postgres.prepare(settings.var), environment))
    if own_redis:
        supervisor.start(_process(redis.prepare(settings.var), environment))
    screen.say("Bringing the database up to date…")
    supervisor.run_once(_command("migrate", environment), show=False)
    if demo and importlib.util.find_spec("cli.seed") and first_run.look(settings.database_url).empty:
        screen.say("Filling the shop with its demo goods (first run only)…")
        supervisor.run_once(_command("seed", environment, "--open"), show=True)
    screen.say("Opening the shop…")
    table = process_table(settings, environment, own_mailbox=own_mailbox)
    for process in table:
        supervisor.start(process)
    supervisor.wait_until(lambda name: is_healthy(name, settings), [process.name for process in table])


def _process(server: Server, environment: dict[str, str]) -> Process:
    return Process(
        name=server.name,
        argv=server.argv,
        tier=SERVERS,
        environment=environment | server.environment,
        stop_signal=server.stop_signal,
        ready=server.ready,
        shown=False,
    )


def _command(name: str, environment: dict[str, str], *words: str) -> Process:
    return Process(name=name, argv=[sys.executable, "-m", "cli", name, *words], tier=WORKERS, environment=environment)


def _addresses(settings: Settings, *, own_mailbox: bool) -> list[str]:
    found = [f"Storefront   {settings.storefront_url}", f"Admin        {settings.admin_url}"]
    if own_mailbox:
        found.append(f"Mailbox      {settings.sandbox_url}/mailbox")
    return found


def _greet(settings: Settings, addresses: list[str]) -> None:
    found = first_run.look(settings.database_url)
    state = f"{settings.name} is open." if found.open else "The shop runs, and waits for you to set it up and open it."
    lines = ["", state, "", *(f"  {line}" for line in addresses)]
    if not found.open:
        lines += ["", *_first_words(settings, has_staff=found.staff)]
    if found.demo:
        lines += [
            "",
            f"  Staff        {demo_accounts.STAFF_EMAIL}, password {demo_accounts.STAFF_PASSWORD}",
            f"  Shopper      {demo_accounts.SHOPPER_EMAIL}, password {demo_accounts.SHOPPER_PASSWORD}",
            "               Demo accounts of staff are asked for no second factor; all others are.",
        ]
    lines += ["", f"  Logs are in {_short(settings.var / 'log')}. Stop with Ctrl-C or ./shop down.", ""]
    print("\n".join(lines), flush=True)


def _first_words(settings: Settings, *, has_staff: bool) -> list[str]:
    """Say how an owner of an empty shop begins."""
    owner = "  Make yourself its owner, in another terminal: ./shop user add --staff YOU@EXAMPLE.COM --role owner"
    return ([] if has_staff else [owner]) + [f"  Sign in at {settings.admin_url}/start and take the first steps."]


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
