"""Every command explains itself, and a mistake gets one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.__main__ import available, main
from cli.test import as_paths, needs_browser
from domain.shared.settings import ROOT

PASSWORD = "a long enough password"  # noqa: S105


def shop(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("SHOP_")}
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "cli", *words],
        cwd=ROOT,
        env=inherited | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("name", [command.name for command in available()])
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main([name, "--help"])

    assert raised.value.code == 0
    assert f"./shop {name}" in capsys.readouterr().out


def test_help_lists_the_commands() -> None:
    done = shop("--help")

    assert done.returncode == 0
    for name in ("up", "down", "migrate", "test", "check", "user"):
        assert f"\n    {name} " in done.stdout


def test_an_unknown_command_lists_the_known_ones() -> None:
    done = shop("dance")

    assert done.returncode == 2
    assert done.stderr.startswith("shop: There is no command 'dance'. The commands are up, down, migrate,")
    assert done.stderr.count("\n") == 1


def test_an_unknown_option_is_a_matter_of_usage() -> None:
    done = shop("down", "--hard")

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "--hard" in done.stderr


def test_down_is_content_when_nothing_runs(tmp_path: Path) -> None:
    done = shop("down", SHOP_VAR=str(tmp_path))

    assert (done.returncode, done.stdout) == (0, "The store is not running.\n")


def test_a_wrong_setting_is_one_line(tmp_path: Path) -> None:
    done = shop("up", SHOP_VAR=str(tmp_path), SHOP_ADMIN_PORT="no")

    assert done.returncode == 1
    assert done.stderr.startswith("shop: SHOP_ADMIN_PORT: Input should be a valid integer")
    assert done.stderr.count("\n") == 1


def test_staff_are_hired_and_get_another_role_from_the_command_line(tmp_path: Path) -> None:
    hired = shop(
        "user", "add", "--staff", "ada@example.com", "--role", "owner",
        SHOP_VAR=str(tmp_path), SHOP_PASSWORD=PASSWORD,
    )  # fmt: skip
    assert hired.stderr.startswith("shop: The database is behind this code. Run ./shop migrate.")

    assert shop("migrate", SHOP_VAR=str(tmp_path)).returncode == 0
    for words in (["--staff", "ada@example.com", "--role", "owner"], ["--staff", "bo@example.com", "--role", "orders"]):
        hired = shop("user", "add", *words, SHOP_VAR=str(tmp_path), SHOP_PASSWORD=PASSWORD)
        assert (hired.returncode, hired.stdout) == (0, f"{words[1]} can sign in to the admin as {words[3]}.\n")

    moved = shop("user", "role", "bo@example.com", "manager", SHOP_VAR=str(tmp_path))
    assert (moved.returncode, moved.stdout) == (0, "bo@example.com is now manager.\n")

    refused = shop("user", "role", "bo@example.com", "emperor", SHOP_VAR=str(tmp_path))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1


def test_a_folder_of_the_tests_may_be_called_by_its_name() -> None:
    assert as_paths(["cli", "-k", "x"]) == ["tests/cli", "-k", "x"]
    assert as_paths(["-k", "cli"]) == ["-k", "cli"]
    assert as_paths(["tests/cli/test_commands.py"]) == ["tests/cli/test_commands.py"]


def test_a_browser_is_looked_for_only_where_one_is_needed() -> None:
    assert needs_browser([])
    assert needs_browser(["-k", "cart"])
    assert needs_browser(["tests/journeys", "--base-url", "http://localhost"])
    assert not needs_browser(["tests/cli"])
