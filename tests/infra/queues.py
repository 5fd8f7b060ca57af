"""Which events the queues of the infrastructure are for, read off the files that would be applied."""

import json
import re
from pathlib import Path
from typing import Any

_MESSAGING = Path(__file__).resolve().parents[2] / "infra" / "messaging.tf"


def patterns() -> dict[str, list[Any]]:
    """Return the patterns of each queue: whole names, and beginnings as `{"prefix": …}`."""
    written = _MESSAGING.read_text()
    found = re.search(r"about_money = (\[.*?\])", written, re.DOTALL)
    assert found is not None
    block = (
        written.partition("queues = {")[2].partition("\n  }")[0].replace("local.about_money", _on_one_line(found[1]))
    )
    rows = re.findall(r"^    (\w+)\s*= (\[.*\])$", block, re.MULTILINE)
    return {name: json.loads(re.sub(r"(\w+) = ", r'"\1": ', row)) for name, row in rows}


def _on_one_line(names: str) -> str:
    return re.sub(r",\s*\]", "]", " ".join(names.split()))
