"""Pages that may be a moment old come from a real streaming replica, and whoever wrote sees it at once."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from cli.embedded.place import as_server_user, give, socket_dir
from cli.embedded.postgres import USER, binary, embedded_postgres, prepare
from cli.embedded.server import running
from domain.shared.settings import Settings
from tests.processes import eventually
from tests.web.conftest import make
from web.cache import public
from web.db import session, transaction
from web.replica import COOKIE, NOWHERE_YET, Replica, number


@dataclass(frozen=True)
class Pair:
    """A PostgreSQL and one that follows it."""

    primary: str
    place: Path


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A primary with one table, and a copy of it that follows when it is started."""
    primary, follower = tmp_path_factory.mktemp("primary"), tmp_path_factory.mktemp("follower")
    give(follower)
    with embedded_postgres(primary) as url:
        with create_engine(url).begin() as connection:
            connection.execute(text("CREATE TABLE notes (note text)"))
        subprocess.run(  # noqa: S603
            [*as_server_user(), str(binary("pg_basebackup")), "-h", str(socket_dir(primary)), "-U", USER,
             "-D", str(follower / "postgres"), "--write-recovery-conf", "--checkpoint=fast", "--no-sync"],
            check=True, capture_output=True, cwd="/",
        )  # fmt: skip
        yield Pair(url, follower)


@contextmanager
def following(pair: Pair) -> Iterator[str]:
    with running(pair.place, "postgres", lambda: prepare(pair.place)) as url:
        yield url


def app_of(settings: Settings, pair: Pair, replica: str) -> Flask:
    """An app with a public page of all notes, and the server that it came from."""
    app = make(settings.model_copy(update={"database_url": pair.primary, "database_replica_url": replica}))

    @app.get("/notes")
    @public()
    def notes() -> str:
        follows = session().scalar(text("SELECT pg_is_in_recovery()"))
        found = session().scalars(text("SELECT note FROM notes ORDER BY note")).all()
        return ("replica: " if follows else "primary: ") + ", ".join(found)

    @app.get("/own")
    def own() -> str:
        return "replica" if session().scalar(text("SELECT pg_is_in_recovery()")) else "primary"

    @app.post("/notes/<note>")
    def write(note: str) -> str:
        with transaction() as tx:
            tx.execute(text("INSERT INTO notes VALUES (:note)"), {"note": note})
        return "noted"

    return app


def run(url: str, statement: str) -> None:
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(statement))


def see(client: FlaskClient) -> str:
    answer = client.get("/notes")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    return answer.text


@pytest.fixture
def empty(pair: Pair) -> None:
    run(pair.primary, "TRUNCATE notes")


@pytest.mark.usefixtures("empty")
def test_who_wrote_reads_it_and_others_read_the_replica(settings: Settings, pair: Pair) -> None:
    with following(pair) as url:
        app = app_of(settings, pair, url)
        writer, other = app.test_client(), app.test_client()
        eventually(lambda: see(other) == "replica: ")

        run(url, "SELECT pg_wal_replay_pause()")
        assert writer.post("/notes/first").text == "noted"
        assert (see(writer), see(other)) == ("primary: first", "replica: ")

        run(url, "SELECT pg_wal_replay_resume()")
        eventually(lambda: see(writer) == "replica: first")
        assert see(other) == "replica: first"
        assert writer.get("/own").text == "primary"


@pytest.mark.usefixtures("empty")
def test_a_replica_that_lags_is_not_read(settings: Settings, pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    with following(pair) as url:
        client = app_of(settings, pair, url).test_client()
        eventually(lambda: see(client).startswith("replica"))
        monkeypatch.setattr("web.replica.LAGGING", 0.5)
        monkeypatch.setattr("web.replica.LOOKED_AT_EVERY", 0.1)

        run(url, "SELECT pg_wal_replay_pause()")
        run(pair.primary, "INSERT INTO notes VALUES ('late')")
        eventually(lambda: see(client) == "primary: late")
        run(url, "SELECT pg_wal_replay_resume()")
        eventually(lambda: see(client) == "replica: late")


@pytest.mark.usefixtures("empty")
def test_without_its_replica_a_page_comes_from_the_primary(
    settings: Settings, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.replica.LEFT_ALONE", 0.2)
    with following(pair) as url:
        client = app_of(settings, pair, url).test_client()
        eventually(lambda: see(client) == "replica: ")
    assert see(client) == "primary: "
    with following(pair):
        eventually(lambda: see(client) == "replica: ")


def test_what_is_no_replica_is_never_read(settings: Settings, pair: Pair) -> None:
    client = app_of(settings, pair, settings.database_url).test_client()

    assert [see(client).split(":")[0] for _ in range(3)] == ["primary"] * 3


def test_one_address_for_both_is_no_replica(settings: Settings, pair: Pair) -> None:
    app = app_of(settings, pair, pair.primary)

    assert "replica" not in app.extensions
    assert "Set-Cookie" not in app.test_client().post("/notes/alone").headers


def test_whatever_a_cookie_says_the_page_comes(settings: Settings, pair: Pair) -> None:
    with following(pair) as url:
        client = app_of(settings, pair, url).test_client()
        eventually(lambda: see(client).startswith("replica"))
        for said in ("", "nonsense", "0/0", "1/G", NOWHERE_YET):
            client.set_cookie(COOKIE, said)
            assert see(client).split(":")[0] == ("primary" if said == NOWHERE_YET else "replica")


def test_positions_are_ordered_as_the_log_is() -> None:
    written = ["0/FFFFFFFF", "1/0", "1/A", "A/1", "10/0"]
    assert sorted(written, key=number) == written


def test_a_primary_that_is_away_gives_a_position_nobody_reaches(unreachable: Settings) -> None:
    engine = create_engine(unreachable.database_url)
    assert Replica(engine, engine).position() == NOWHERE_YET
