"""Counting everything anew from what it counts: after an import, or to see that the figures are right."""

from collections.abc import Iterator

from domain.analytics.commands import copy_order, keep_account, keep_cart, keep_opinion
from domain.analytics.sums import forget, keep_sums
from domain.cart.queries import carts_alive
from domain.notifications.opinions import opinions
from domain.orders.queries.figures import order_ids
from domain.shared.db import Sessions, transaction
from domain.users.queries import verified_accounts

STEP = 500
"""How many orders are counted in one transaction."""


def rebuild(sessions: Sessions, *, timezone: str) -> Iterator[tuple[str, int]]:
    """Count all orders, carts, accounts and answers anew, then the sums of days; yields what and how many so far.

    The shop goes on meanwhile. What its sources have forgotten stays as it was counted: carts that were purged or taken
    into another, accounts that were deleted, and when an address was verified that was changed since. Visits and
    searches have no other source than their own figures.
    """
    with transaction(sessions) as tx:
        forget(tx)
    total, after = 0, None
    while True:
        with transaction(sessions) as tx:
            ids = order_ids(tx, after=after, limit=STEP)
            for order_id in ids:
                copy_order(tx, order_id)
        if not ids:
            break
        total, after = total + len(ids), ids[-1]
        yield "orders", total
    yield "carts", _carts(sessions)
    with transaction(sessions) as tx:
        accounts = verified_accounts(tx)
        for account_id, moment in accounts.items():
            keep_account(tx, account_id, verified_at=moment)
    yield "accounts", len(accounts)
    with transaction(sessions) as tx:
        answers = opinions(tx)
        for order_id, score, moment in answers:
            keep_opinion(tx, order_id=order_id, score=score, answered_at=moment)
    yield "answers", len(answers)
    yield "days", keep_sums(sessions, timezone=timezone)


def _carts(sessions: Sessions) -> int:
    total, after = 0, None
    while True:
        with transaction(sessions) as tx:
            carts = carts_alive(tx, after=after, limit=STEP)
            for cart_id, opened_at, checkout_at in carts:
                keep_cart(tx, cart_id, opened_at=opened_at, checkout_at=checkout_at)
        if not carts:
            return total
        total, after = total + len(carts), carts[-1][0]
