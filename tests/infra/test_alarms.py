"""Every alarm of the design is there, and for each the guide says what to look at and do."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALARMS = (ROOT / "infra" / "alarms.tf").read_text()
ENTRY = re.compile(r'^ +"?((?:\$\{\w+\}-|cache-\$\{node\}-)?[\w-]+)"? = \{\n? +about ', re.MULTILINE)
OTHERS = {"errors", "objective", "burn-24h", "QUEUE-dead-letters"}
"""A ratio, the objective's two, and that of each queue: they stand in slo.tf and modules/queue."""


def alarms() -> set[str]:
    """Return the alarms as people read them: SERVICE, SITE and N for what there is many of."""
    names = {"${part}": "SERVICE", "${site}": "SITE", "${node}": "N"}
    found = set()
    for name in ENTRY.findall(ALARMS):
        for hole, word in names.items():
            name = name.replace(hole, word)
        found.add(name)
    return found | OTHERS


def explained() -> set[str]:
    """Return the alarms that the guide has a line for; `-memory` goes with the beginning of the name before."""
    page = re.findall(r'guide = "(docs/\w+\.md)#alarms"', ALARMS)[0]
    guide = (ROOT / page).read_text().split("## Alarms", 1)[1].split("\n## ", 1)[0]
    found: set[str] = set()
    for line in re.findall(r"^\| (`[^|]+) \|", guide, re.MULTILINE):
        first = ""
        for name in re.findall(r"`([\w-]+)`", line):
            found.add(name if not name.startswith("-") else first.partition("-")[0] + name)
            first = first or name
    return found


def test_each_alarm_has_its_line_in_the_guide_and_each_line_its_alarm() -> None:
    assert explained() == alarms()


def test_what_the_design_watches_is_watched() -> None:
    assert {
        "errors", "slow", "SITE-unhealthy", "SERVICE-running", "SERVICE-cpu", "SERVICE-memory",
        "database-cpu", "database-storage", "database-connections", "database-credits", "database-memory",
        "cache-N-memory", "cache-N-evictions", "queue-depth", "queue-age", "jobs-failed", "workers-alive", "outbox-lag",
        "QUEUE-dead-letters", "mail-bounces", "mail-complaints", "sms-spend", "firewall-blocks",
        "certificate-inside", "certificate-edge", "outside", "objective", "burn-24h",
    } <= alarms()  # fmt: skip
    assert 'resource "aws_budgets_budget"' in (ROOT / "infra" / "budget.tf").read_text()


def test_the_objective_burns_in_the_windows_of_the_design() -> None:
    written = (ROOT / "infra" / "slo.tf").read_text()
    windows = re.findall(r"burn-(\w+)\s*= \{.*over = ([\d.]+) \* local.may_fail, period = (\d+)", written)

    assert {name: (float(times), int(seconds)) for name, times, seconds in windows} == {
        "1h": (14.4, 3600), "5m": (14.4, 300), "6h": (6, 21600), "30m": (6, 1800), "24h": (3, 86400),
    }  # fmt: skip
    assert "may_fail = 0.001" in written
    assert "passed + unpassed >= 20" in written
    assert (
        'alarm_rule        = "(${local.burns.burn-1h} AND ${local.burns.burn-5m})'
        ' OR (${local.burns.burn-6h} AND ${local.burns.burn-30m})"'
    ) in written
