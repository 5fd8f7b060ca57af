"""`./shop import` on the terminal: what it says, what it returns, and how it goes on."""

import argparse
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text

from cli import imports
from cli.bench.imports import products_csv
from cli.errors import CliError
from domain.shared.db import Sessions
from domain.shared.settings import Settings

FILE = "Handle,Title,Variant SKU,Variant Price,Strange\nmug,=1+1,M-1,12.50,x\nbowl,Bowl,B-1,1.234,\n"


def run(settings: Settings, *words: str) -> int:
    parser = argparse.ArgumentParser()
    imports.add_arguments(parser)
    return imports.run(parser.parse_args(words), settings)


def counts(sessions: Sessions) -> tuple[int, int]:
    with sessions() as session:
        row = session.execute(
            text("SELECT (SELECT count(*) FROM catalog.products), (SELECT count(*) FROM catalog.imports)")
        )
        return tuple(row.one())  # type: ignore[return-value]


def test_a_dry_run_changes_nothing_and_a_run_says_what_it_did(
    settings: Settings, sessions: Sessions, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, report = tmp_path / "shop.csv", tmp_path / "report.csv"
    path.write_text(FILE)

    assert run(settings, str(path), "--dry-run") == 1
    said = capsys.readouterr().out
    assert "shop.csv is Shopify CSV, written in utf-8." in said
    assert "Not read: strange." in said
    assert "1 would be new" in said
    assert counts(sessions) == (0, 1)

    assert run(settings, str(path), "--report", str(report)) == 1
    said = capsys.readouterr().out
    assert "2 rows, 2 products: 1 new, 0 changed, 0 as they were, 1 refused. Rows refused: 1." in said
    assert "refused: line 3, variant price, B-1: “1.234” can be read in two ways." in said
    assert counts(sessions) == (1, 2)
    lines = report.read_text("utf-8-sig").splitlines()
    assert lines[0] == "Line,What became of it,Column,SKU,What is the matter,What to do"
    assert lines[2].startswith("3,Not taken,variant price,B-1,“1.234” can be read in two ways.")

    path.write_text(FILE.replace("1.234", "1.23"))
    assert run(settings, str(path)) == 0
    assert "1 new, 0 changed, 1 as they were, 0 refused" in capsys.readouterr().out


def test_what_cannot_be_taken_in_says_why(settings: Settings, sessions: Sessions, tmp_path: Path) -> None:
    with pytest.raises(CliError, match=r"There is no file .*gone\.csv"):
        run(settings, str(tmp_path / "gone.csv"))
    (tmp_path / "people.csv").write_text("Name,Phone\nAda,1\n")
    with pytest.raises(CliError, match="The columns are of no format we know"):
        run(settings, str(tmp_path / "people.csv"))
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("notes.txt", "nothing")
    with pytest.raises(CliError, match=r"There is no products\.jsonl"):
        run(settings, str(tmp_path / "empty.zip"))
    assert counts(sessions)[0] == 0


def test_the_bench_takes_every_row_of_its_file(
    settings: Settings, sessions: Sessions, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "many.csv"
    path.write_bytes(b"".join(products_csv(300)))

    assert run(settings, str(path)) == 0
    assert "600 rows, 300 products: 300 new, 0 changed" in capsys.readouterr().out
    assert run(settings, str(path)) == 0
    assert "0 new, 0 changed, 300 as they were, 0 refused" in capsys.readouterr().out
