"""`./shop tax`: which tax the shop charges.

Without a name it lists the sets of rates that come with the shop. With one or more it puts their rates in the place of
those of every other set; rates that staff have entered in the admin stay as they are.
"""

import argparse

from cli.errors import CliError
from domain.orders.commands.tax import use_tax_sets
from domain.orders.tax.sets import set_names, tax_set
from domain.shared.db import make_engine, make_sessions, transaction
from domain.shared.settings import Settings

ON_TOP = ("us",)
"""Sets for countries in which prices are written without the tax."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"one or more of: {', '.join(set_names())}")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """List the sets, or use some."""
    unknown = sorted(set(args.sets) - set(set_names()))
    if unknown:
        raise CliError(f"There is no tax set {unknown[0]!r}", f"Choose from {', '.join(set_names())}")
    if not args.sets:
        for found in map(tax_set, set_names()):
            print(f"{found.name:<5} {found.title}: {len(found.rates)} rates, as read on {found.date:%d %B %Y}.")
            print(f"      {found.source}.")
        return 0
    engine = make_engine(settings.database_url, pool_size=1, application_name="cornershop-cli")
    try:
        with transaction(make_sessions(engine)) as tx:
            number = use_tax_sets(tx, args.sets)
    finally:
        engine.dispose()
    print(f"The shop now charges {', '.join(tax_set(name).title for name in args.sets)}: {number} rates.")
    for name in args.sets:
        for note in tax_set(name).notes:
            print(f"  {note}")
    if set(args.sets) & set(ON_TOP) and settings.prices_include_tax:
        print("Prices are understood to include tax. Set SHOP_PRICES_INCLUDE_TAX=false to have it come on top.")
    return 0
