"""The embedded PostgreSQL and Redis: real ones, in any place, after any end."""

import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from cli.embedded import embedded_postgres, embedded_redis
from cli.embedded.place import socket_dir, wait_until
from cli.errors import CliError
from domain.shared.settings import ROOT


def connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def test_they_run_in_a_path_with_a_space_and_keep_their_data(tmp_path: Path) -> None:
    var = tmp_path / "a shop's own place"
    with embedded_postgres(var, fast=True) as url, embedded_redis(var, fast=False) as redis_url:
        with connect(url) as link:
            link.execute("CREATE TABLE kept AS SELECT lower('ÄÖ') AS word")
        with Redis.from_url(redis_url) as redis:
            redis.set("kept", "yes")

    with embedded_postgres(var, fast=True) as url, embedded_redis(var, fast=False) as redis_url:
        with connect(url) as link:
            assert link.execute("SELECT word FROM kept").fetchall() == [("äö",)]
        with Redis.from_url(redis_url) as redis:
            assert redis.get("kept") == b"yes"


def test_a_second_user_of_the_same_place_is_refused(tmp_path: Path) -> None:
    with embedded_redis(tmp_path), pytest.raises(CliError, match="Another command runs the redis"):  # noqa: SIM117
        with embedded_redis(tmp_path):
            pytest.fail("two servers on one place")


def test_after_a_kill_the_next_start_finds_everything(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib, psycopg, os, signal\n"
        "from cli.embedded import embedded_postgres\n"
        "with embedded_postgres(pathlib.Path(sys.argv[1])) as url:\n"
        "    with psycopg.connect(url.replace('+psycopg', '')) as link:\n"
        "        link.execute('CREATE TABLE kept AS SELECT 1 AS one')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=False)  # noqa: S603
    assert done.returncode == -signal.SIGKILL

    with embedded_postgres(tmp_path) as url, connect(url) as link:
        assert link.execute("SELECT one FROM kept").fetchall() == [(1,)]
    assert wait_until(lambda: not (tmp_path / "postgres" / "postmaster.pid").exists(), seconds=60)


def test_the_socket_fits_however_deep_the_place_is(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-rather-long-name-for-a-directory"] * 6)

    assert len(str(socket_dir(deep)) + "/.s.PGSQL.5432") <= 107
    assert socket_dir(deep) != socket_dir(tmp_path)
