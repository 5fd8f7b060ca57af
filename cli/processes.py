"""The processes of a running store: what each is called and how it is started."""

import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from cli.answers import answers, listens
from cli.supervisor import Process
from domain.shared.settings import Settings

SERVERS, SANDBOX, WORKERS, WEB = 0, 1, 2, 3
"""The tiers: a higher one starts after, and ends before, those it needs."""

ROLES = ("storefront", "admin", "worker", "relay", "scheduler", "sandbox")
"""The parts of the store that run as a process of their own, here and in a container."""

FINISH = 10
"""Seconds that requests under way have when a web server ends."""


def argv_of(role: str, settings: Settings) -> list[str]:
    """Return the command line of one part of the store."""
    if role in ("storefront", "admin"):
        port = settings.storefront_port if role == "storefront" else settings.admin_port
        return [
            sys.executable, "-m", "web.serve", "--host", settings.host, "--port", str(port),
            "--workers", str(settings.web_workers), "--threads", str(settings.web_threads),
            "--drain", str(settings.drain_seconds), "--finish", str(FINISH), f"wsgi:{role}",
        ]  # fmt: skip
    modules = {
        "worker": "workers.work",
        "relay": "workers.relay",
        "scheduler": "workers.cron",
        "sandbox": "cli.sandbox",
    }
    return [sys.executable, "-m", modules[role]]


def needs_sandbox(settings: Settings, *, own_mailbox: bool) -> bool:
    """Say whether something here talks to the sandbox: the demo gateway, or mail without a server of its own."""
    return own_mailbox or "demo" in settings.gateways


def process_table(settings: Settings, environment: Mapping[str, str], *, own_mailbox: bool) -> list[Process]:
    """Return every process of the store, in the order in which they start."""
    # A mail server of the operator's own may well be on this machine: the sandbox must not take its place.
    for_sandbox = environment if own_mailbox else {**environment, "SHOP_SMTP_HOST": "elsewhere.invalid"}

    def process(role: str, tier: int, name: str | None = None) -> Process:
        own = for_sandbox if role == "sandbox" else environment
        return Process(name=name or role, argv=argv_of(role, settings), tier=tier, environment=own)

    workers = range(1, settings.worker_processes + 1)
    return [
        *([process("sandbox", SANDBOX)] if needs_sandbox(settings, own_mailbox=own_mailbox) else []),
        process("storefront", WEB),
        process("admin", WEB),
        process("relay", WORKERS),
        process("scheduler", WORKERS),
        *(process("worker", WORKERS, f"worker-{number}") for number in workers),
    ]


def is_healthy(role: str, settings: Settings) -> bool:
    """Ask a part of the store that serves pages whether it is up; the others are as soon as they run."""
    places = {
        "storefront": (settings.storefront_port, settings.storefront_url),
        "admin": (settings.admin_port, settings.admin_url),
        "sandbox": (settings.sandbox_port, settings.sandbox_url),
    }
    if role not in places:
        return True
    port, public_url = places[role]
    if role == "sandbox":
        return listens(settings.host, port)
    return answers(settings.host, port, urlsplit(public_url).netloc)
