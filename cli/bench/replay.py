"""The floor under a checkout: the very statements that one sends, replayed by pgbench with no app in front.

What was sent is turned into scripts: whatever is new in each checkout (ids, numbers, keys) becomes a variable that the
database draws anew each time. pgbench sends texts, where the app sends prepared statements: PostgreSQL plans each one.
"""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cli.bench.stage import OTHER_CORE, Place, database_pid, keep_to
from cli.embedded.postgres import binary
from cli.errors import CliError

_UUID = re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b")
_TEXT = re.compile(r"\b(?:dp_[0-9a-f]{24}|evt_[0-9a-f]{24}|CS-[A-Z0-9]{4}-[A-Z0-9]{4})\b")
_KEY = re.compile(r"[?&]key=([\w-]{20,})")


@dataclass(frozen=True)
class Replay:
    """How many checkouts' worth of statements PostgreSQL runs in a second, and how long one takes in milliseconds."""

    per_second: float
    ms: float
    by: str


def replay(place: Place, sent: list[list[str]], *, seconds: float, connections: int) -> Replay | None:
    """Replay checkouts by pgbench; None where there is no pgbench."""
    program = _pgbench()
    if program is None:
        return None
    folder = place.settings.var / "replay"
    folder.mkdir(exist_ok=True)
    scripts, known = [], _common(sent)
    for number, lines in enumerate(sent):
        scripts.append(folder / f"checkout{number}.sql")
        scripts[-1].write_text(script(lines, known=known))
    url = urlsplit(place.settings.database_url)
    argv = [
        str(program), "-n", "-M", "simple", "-c", str(connections), "-j", "1", "-T", str(max(1, round(seconds))),
        *(word for path in scripts for word in ("-f", str(path))),
        "-h", parse_qs(url.query)["host"][0], "-U", url.username or "shop", url.path.lstrip("/"),
    ]  # fmt: skip
    cores = set(range(os.cpu_count() or 1))
    if len(cores) > 1:
        keep_to(database_pid(place), {OTHER_CORE})
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603
    finally:
        keep_to(database_pid(place), cores)
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if done.returncode != 0 or rate is None or (failed and failed[1] != "0"):
        raise CliError(f"pgbench failed: {done.stderr.strip()[:2000]}", f"Read the scripts in {folder}")
    per_second = float(rate[1])
    return Replay(per_second=round(per_second, 1), ms=round(1000 * connections / per_second, 1), by="pgbench")


def script(lines: list[str], *, known: set[str]) -> str:
    """Turn what a checkout sent into a script for pgbench; `known` is what does not change from one to the next."""
    text = ";\n".join(lines) + ";\n"
    names: dict[str, str] = {}
    written: dict[str, str] = {}
    drawn = []
    for pattern, draw in ((_UUID, "gen_random_uuid()"), (_TEXT, "substr(md5(random()::text), 1, 16)"),
                          (_KEY, "md5(random()::text)")):  # fmt: skip
        for found in pattern.finditer(text):
            value = found.group(found.lastindex or 0)
            if _plain(value) not in known and _plain(value) not in names:
                names[_plain(value)] = f"v{len(names)}"
                drawn.append(f"{draw} AS {names[_plain(value)]}")
            if _plain(value) in names:
                written[value] = names[_plain(value)]
    for value, name in written.items():
        text = text.replace(value, f":{name}")
    return f"SELECT {', '.join(drawn)} \\gset\n{text}"


def _plain(value: str) -> str:
    """Write an id in one way: as a parameter it has no dashes, within JSON it has."""
    return value.replace("-", "") if _UUID.fullmatch(value) else value


def _common(sent: list[list[str]]) -> set[str]:
    """Return the ids that more than one checkout names: those of the catalogue, where any is shared, are not new."""
    seen: dict[str, int] = {}
    for lines in sent:
        for value in {_plain(value) for value in _UUID.findall("\n".join(lines))}:
            seen[value] = seen.get(value, 0) + 1
    catalogue = {
        _plain(value)
        for lines in sent
        for line in lines
        if "catalog.stock" in line or "catalog.variants" in line
        for ids in re.findall(r"ARRAY\[([^\]]*)\]|'\{([^}]*)\}'", line)
        for value in _UUID.findall(" ".join(ids))
    }
    return {value for value, times in seen.items() if times > 1} | catalogue


def _pgbench() -> Path | None:
    found = binary("pgbench")
    return found if found.exists() else None
