"""Pictures by address: only from the open internet, only pictures, tried again for a while."""

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.imports.wanted import ask_for_pictures, fetch_wanted, settle_wanted, take_wanted
from domain.catalog.media import LocalStorage
from domain.shared.outgoing import Fetched, Unreachable
from tests.domain.catalog.imports.conftest import TakeIn

HEAD = "Handle,Title,Variant SKU,Variant Price,Image Src,Image Alt Text,Variant Image\n"


def rows(session: Session) -> list[tuple[Any, ...]]:
    found = session.execute(text("SELECT url, state, tries, problem FROM catalog.wanted_pictures ORDER BY id"))
    return [tuple(row) for row in found]


def jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 80), "green").save(buffer, "JPEG")
    return buffer.getvalue()


def test_a_picture_is_fetched_and_waits_for_its_files(take_in: TakeIn, session: Session, tmp_path: Any) -> None:
    take_in(HEAD + "mug,Mug,M-1,5,https://x.test/1.jpg,A green mug,https://x.test/1.jpg\n")
    taken = take_wanted(session)
    assert taken is not None
    assert take_wanted(session) is None, "nobody else takes it meanwhile"

    outcomes = fetch_wanted(taken, LocalStorage(tmp_path), lambda url, **_: Fetched(url, 200, "image/jpeg", jpeg()))
    settle_wanted(session, outcomes)
    session.flush()

    assert rows(session) == [("https://x.test/1.jpg", "fetched", 1, "")]
    picture = session.execute(text("SELECT alt, width, height, state, original FROM catalog.pictures")).one()
    assert tuple(picture)[:4] == ("A green mug", 60, 80, "waiting")
    assert LocalStorage(tmp_path).open(picture.original).read(3) == b"\xff\xd8\xff"
    assert session.scalar(text("SELECT picture_id IS NOT NULL FROM catalog.variants")) is True
    names = session.scalars(text("SELECT name FROM shared.outbox ORDER BY position")).all()
    assert names[-2:] == ["catalog.picture_added", "catalog.pictures_wanted"]

    take_in(HEAD + "mug,Mug,M-1,5,https://x.test/1.jpg,A green mug,\n")
    assert len(rows(session)) == 1, "a second import fetches nothing again"


@pytest.mark.parametrize(
    ("url", "problem"),
    [("http://127.0.0.1/a.jpg", "not on the open internet"), ("http://[::1]/a.jpg", "not on the open internet"),
     ("http://169.254.169.254/latest", "not on the open internet"), ("http://10.0.0.1:8080/a.jpg", "port of its own"),
     ("http://user:secret@example.com/a.jpg", "a password")],
)  # fmt: skip
def test_addresses_within_are_never_fetched(
    take_in: TakeIn, session: Session, tmp_path: Any, url: str, problem: str
) -> None:
    take_in(HEAD + f"mug,Mug,M-1,5,{url},,\n")
    settle_wanted(session, fetch_wanted(take_wanted(session) or [], LocalStorage(tmp_path)))
    session.flush()

    [(_, state, _, said)] = rows(session)
    assert state == "missing"
    assert problem in said


def test_what_does_not_answer_is_tried_again_and_then_given_up(
    take_in: TakeIn, session: Session, tmp_path: Any
) -> None:
    take_in(HEAD + "mug,Mug,M-1,5,https://x.test/1.jpg,,\ncup,Cup,C-1,5,ftp://x.test/2.jpg,,\n")

    def silent(url: str, **_: Any) -> Fetched:
        raise Unreachable

    for tries in range(1, 6):
        taken = take_wanted(session)
        assert taken is not None
        settle_wanted(session, fetch_wanted(taken, LocalStorage(tmp_path), silent))
        session.flush()
        assert [(row[1], row[2]) for row in rows(session)] == [("missing" if tries == 5 else "wanted", tries)]
        session.execute(text("UPDATE catalog.wanted_pictures SET next_try_at = clock_timestamp()"))
        session.execute(text("UPDATE shared.outbox SET done_at = now()"))
        assert ask_for_pictures(session) == (0 if tries == 5 else 1)
    assert "does not answer" in rows(session)[0][3]


def test_what_is_no_picture_is_given_up_at_once(take_in: TakeIn, session: Session, tmp_path: Any) -> None:
    take_in(HEAD + "mug,Mug,M-1,5,https://x.test/1.svg,,\n")
    taken = take_wanted(session) or []
    page = b"<svg onload=alert(1)>"
    settle_wanted(
        session, fetch_wanted(taken, LocalStorage(tmp_path), lambda url, **_: Fetched(url, 200, "image/png", page))
    )
    session.flush()

    assert rows(session)[0][1] == "missing"
    assert list(tmp_path.rglob("*.*")) == []
