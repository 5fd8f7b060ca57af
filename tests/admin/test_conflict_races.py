"""Of two who change the same thing at the very same moment the database lets one through and the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from domain.notifications.staff import alert, alerts, alerts_stamp, hold_alerts
from domain.orders.commands.delivery import save_method, save_zone
from domain.orders.commands.tax import save_tax_rate
from domain.orders.queries.rates import one_method, one_tax_rate, one_zone
from domain.shared.db import Sessions, transaction
from domain.shared.errors import ChangedMeanwhile
from domain.shared.preferences import hold_decisions, keep, preferences
from domain.users.commands import change_role
from domain.users.queries import one_role
from tests.admin.test_conflicts import RATE_KEY, made_person, made_rate
from tests.factories.delivery import make_method
from tests.processes import eventually, waiting_for_locks

ROLES = {"name": "analyst", "description": "Reads", "permissions": ["jobs:read"], "giver": {"*"}}
RACES: dict[str, tuple[Callable[..., object], Callable[..., str], Callable[..., object]]] = {
    "decisions": (
        lambda _tx: None,
        lambda tx: preferences(tx).stamp(["name"]),
        lambda tx, seen, word: (hold_decisions(tx, ["name"], seen=seen, what="page"), keep(tx, {"name": word})),
    ),
    "a zone": (
        lambda tx: make_method(tx, "van"),
        lambda tx: one_zone(tx, "van-zone").version,
        lambda tx, seen, word: save_zone(tx, code="van-zone", name=word, places=["IE"], seen=seen),
    ),
    "a way to deliver": (
        lambda tx: make_method(tx, "van"),
        lambda tx: one_method(tx, "van").version,
        lambda tx, seen, word: save_method(tx, zone_code="van-zone", code="van", name=word, seen=seen),
    ),
    "a rate of tax": (
        made_rate,
        lambda tx: one_tax_rate(tx, **RATE_KEY).version,
        lambda tx, seen, word: save_tax_rate(tx, **RATE_KEY, name=word, basis_points=Decimal(1), source="", seen=seen),
    ),
    "a role": (
        lambda tx: made_person(tx),
        lambda tx: one_role(tx, "analyst").version,
        lambda tx, seen, word: change_role(tx, **ROLES | {"description": word}, seen=seen),
    ),
    "alerts": (
        lambda _tx: None,
        lambda tx: alerts_stamp(alerts(tx)),
        lambda tx, seen, word: (
            hold_alerts(tx, seen=seen), alert(tx, template="staff_low_stock", emails=[f"{word}@shop.test"])
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RACES)
def test_of_two_at_the_very_same_moment_one_is_refused(sessions: Sessions, name: str) -> None:
    prepare, version, change = RACES[name]
    with transaction(sessions) as tx:
        prepare(tx)
        seen = version(tx)

    def second() -> None:
        with transaction(sessions) as tx:
            change(tx, seen, "mine")

    with ThreadPoolExecutor() as pool:
        with transaction(sessions) as tx:
            change(tx, seen, "theirs")
            tx.flush()
            later = pool.submit(second)
            eventually(lambda: waiting_for_locks(sessions) == 1)
        with pytest.raises(ChangedMeanwhile):
            later.result()

    with sessions() as session:
        now = version(session)
    assert now != seen
    with pytest.raises(ChangedMeanwhile), transaction(sessions) as tx:
        change(tx, seen, "mine")
    with transaction(sessions) as tx:
        change(tx, now, "mine")
    with sessions() as session:
        assert version(session) != now
