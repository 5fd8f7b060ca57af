"""`./shop down`: stop the store that runs in SHOP_VAR."""

import argparse

from cli import instance
from domain.shared.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options: it has none."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Stop the store and wait until it has stopped; nothing running is fine too."""
    found = instance.find(settings.var)
    if found is None:
        print("The store is not running.")
        return 0
    print("Stopping the store…", flush=True)
    instance.end(settings.var, found)
    print("Stopped.")
    return 0
