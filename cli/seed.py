"""`./shop seed`: the demo shop, or many plausible products for load work; what is there is left as it is."""

import argparse
import itertools
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.orm import Session

from cli.demo import catalogue
from cli.errors import CliError
from cli.seed_basics import seed_accounts, seed_places, seed_promotions, seed_rates
from cli.seed_goods import own_pictures, sketches, to_load
from cli.seed_kinds import seed_collections, seed_types
from cli.seed_orders import TABLES, seed_orders
from cli.seed_pictures import Sketch, Stored, store_all
from cli.seed_progress import Progress
from cli.seed_reviews import seed_reviews
from domain.catalog import commands as catalog
from domain.catalog.commands import listing
from domain.catalog.commands.load import known_slugs, load
from domain.catalog.media import Storage, make_storage
from domain.catalog.queries import brand_ids, category_ids
from domain.orders.tax.sets import set_names
from domain.recommendations.commands import compute
from domain.shared.db import Sessions, make_engine, make_sessions, transaction, utcnow
from domain.shared.preferences import let_shoppers_in, preferences
from domain.shared.settings import Settings

if TYPE_CHECKING:
    from cli.demo.catalogue import Catalogue, DemoProduct

ACTOR = "seed"
REASON = "Opening stock"
MOST_PRODUCTS = 1_000_000
MOST_ORDERS = 5_000_000
CHUNK = 5_000
SHARED_PICTURES = 24
"""How many pictures the plausible products share: enough to look like a shop, few enough to draw in seconds."""

_ONE_SEED_AT_A_TIME = text("SELECT pg_advisory_xact_lock(1404108801)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument(
        "--tax", metavar="SET", action="append", choices=set_names(),
        help=f"charge the tax of a set of rates: {', '.join(set_names())}; may be given more than once",
    )  # fmt: skip
    parser.add_argument(
        "--open", action="store_true", help="let shoppers in if the shop was never opened; else it stays as it is"
    )
    parser.add_argument("--products", type=int, metavar="N", help="make N plausible products instead of the demo shop")
    parser.add_argument(
        "--orders", type=int, metavar="N",
        help="make a history of N orders, only for measuring: no stock moves, and the audit will say so",
    )  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Seed the shop; a second run changes nothing."""
    if args.products is not None and not 1 <= args.products <= MOST_PRODUCTS:
        raise CliError(f"{args.products} is not a number of products", f"Choose one from 1 to {MOST_PRODUCTS:,}")
    started = time.monotonic()
    engine = make_engine(settings.database_url, pool_size=2, application_name="cornershop-seed")
    try:
        sessions, storage = make_sessions(engine), make_storage(settings)
        if args.orders is not None:
            return _seed_history(sessions, args.orders, settings)
        shop = catalogue.load()
        with transaction(sessions) as tx:
            tx.execute(_ONE_SEED_AT_A_TIME)
            seed_accounts(tx)
            seed_rates(tx, tax_sets=args.tax)
            seed_places(tx, shop.categories, shop.brands)
            if args.products is None:
                seed_promotions(tx)
        if args.products is None:
            new = seed_demo(sessions, storage, shop)
        else:
            new = seed_plausible(sessions, storage, args.products)
        if args.open:
            with transaction(sessions) as tx:
                if not preferences(tx).closed:
                    let_shoppers_in(tx)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(
                text("VACUUM (ANALYZE) catalog.listings, catalog.products, catalog.variants, catalog.stock")
            )
    finally:
        engine.dispose()
    print(
        f"  {new:,} new products, in {time.monotonic() - started:.0f} s."
        if new
        else "  All the goods are there already."
    )
    return 0


def _seed_history(sessions: Sessions, count: int, settings: Settings) -> int:
    if not 1 <= count <= MOST_ORDERS:
        raise CliError(f"{count} is not a number of orders", f"Choose one from 1 to {MOST_ORDERS:,}")
    new = seed_orders(sessions, count, currency=settings.currency)
    with sessions.kw["bind"].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM (ANALYZE) {TABLES}"))
    print(f"  {new:,} new orders.")
    return 0


def seed_demo(sessions: Sessions, storage: Storage, shop: "Catalogue") -> int:
    """Load the demo shop's own goods with their pictures, and return how many were new."""
    with sessions() as session:
        known = known_slugs(session)
        bare = _categories_without_picture(session)
    scenes = {category.path: Sketch(category.drawing, scene=True) for category in shop.categories if category.drawing}
    scenes = {path: sketch for path, sketch in scenes.items() if path in bare}
    missing = [product for product in shop.products if product.slug not in known]
    stored = store_all([*scenes.values(), *(sketch for product in missing for sketch in sketches(product))], storage)
    with transaction(sessions) as tx:
        tx.execute(_ONE_SEED_AT_A_TIME)
        known, categories, brands, now = known_slugs(tx), category_ids(tx), brand_ids(tx), utcnow()
        names, types = {category.path: category.name for category in shop.categories}, seed_types(tx)
        for path, sketch in scenes.items():
            catalog.set_category_picture(tx, category_id=categories[path], picture=stored[sketch].as_json(names[path]))
        goods = [
            to_load(
                product,
                pictures=own_pictures(product, stored),
                categories=categories,
                brands=brands,
                now=now,
                types=types,
            )
            for product in missing
            if product.slug not in known
        ]
        new = load(tx, goods, actor=ACTOR, reason=REASON)
        if new:
            seed_reviews(tx, now=now)
            listing.refresh_all(tx)
            seed_collections(tx)
            compute(tx, now=now)
    return new


def seed_plausible(sessions: Sessions, storage: Storage, count: int) -> int:
    """Load many plausible products that share a few pictures, and return how many were new."""
    from cli.demo.plausible import plausible_products

    shared = _shared_sketches(plausible_products(count))
    stored = store_all(shared.values(), storage)
    progress, new = Progress("products loaded", count), 0
    products = iter(plausible_products(count))
    while chunk := list(itertools.islice(products, CHUNK)):
        with transaction(sessions) as tx:
            tx.execute(_ONE_SEED_AT_A_TIME)
            known, categories, brands, now = known_slugs(tx), category_ids(tx), brand_ids(tx), utcnow()
            goods = (
                to_load(
                    product,
                    pictures=[_shared(product, shared, stored).titled(product.title)],
                    categories=categories,
                    brands=brands,
                    now=now,
                )
                for product in chunk
                if product.slug not in known
            )
            new += load(tx, goods, actor=ACTOR, reason=REASON)
        progress.add(len(chunk))
    print("  Working out the lists…", flush=True)
    with transaction(sessions) as tx:
        listing.refresh_all(tx)
    return new


def _shared_sketches(products: Iterator["DemoProduct"]) -> dict[str, Sketch]:
    """Choose one picture for each of the first drawings met, in the colours it is first met in."""
    chosen: dict[str, Sketch] = {}
    for product in itertools.islice(products, 2_000):
        if len(chosen) == SHARED_PICTURES:
            break
        chosen.setdefault(product.drawing, Sketch(product.drawing, tuple(product.variants[0].colours)))
    return chosen


def _shared(product: "DemoProduct", shared: dict[str, Sketch], stored: dict[Sketch, Stored]) -> Stored:
    if product.drawing in shared:
        return stored[shared[product.drawing]]
    sketches = list(shared.values())
    return stored[sketches[len(product.slug) % len(sketches)]]


def _categories_without_picture(session: Session) -> set[str]:
    return set(session.scalars(text("SELECT path FROM catalog.categories WHERE picture IS NULL")))
