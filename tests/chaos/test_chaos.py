"""A busy store is broken on purpose for a minute, and every promise is kept."""

import os
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

from cli.chaos.faults import FAULTS, plan
from domain.shared.settings import ROOT


def test_nothing_is_lost_charged_twice_or_told_twice(tmp_path: Path) -> None:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("SHOP_")}
    with subprocess.Popen(
        [sys.executable, "-m", "cli", "chaos", "--seed", "11", "--minutes", "1", "--shoppers", "4"],
        cwd=ROOT, env=inherited | {"SHOP_VAR": str(tmp_path)}, stdin=subprocess.DEVNULL, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            said, _ = process.communicate(timeout=480)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate()
    print(said)  # shown if it fails

    assert process.returncode == 0
    assert "Nothing was lost, charged twice or told twice" in said
    orders = int(said.split(" orders:")[0].rsplit("\n", 1)[1])
    assert orders >= 10, "the shop was hardly busy"
    kinds = [kind for kind in FAULTS if f"\n{kind} " in said]
    assert len(kinds) >= 7


def test_a_seed_gives_its_plan_again_and_every_kind_comes_before_any_comes_twice() -> None:
    assert list(plan(7, 120)) == list(plan(7, 120))
    assert list(plan(7, 120)) != list(plan(8, 120))
    planned = list(islice(plan(7, 600), 2 * len(FAULTS)))
    for bag in (planned[: len(FAULTS)], planned[len(FAULTS) :]):
        assert {one.kind for one in bag} == set(FAULTS)
    assert all(one.after <= 60 for one in plan(7, 60))
