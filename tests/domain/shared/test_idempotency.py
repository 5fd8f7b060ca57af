"""Keys of requests that are sent again: the first answer is kept sealed, for a day, and for one request alone."""

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.idempotency import (
    KEPT,
    LEASE,
    IdempotencyKey,
    Key,
    KeyInUse,
    KeyReused,
    keep,
    let_go,
    purge_keys,
    take,
)

NOW = utcnow()


def key(
    request: bytes = b"one mug", *, caller: str = "shopper 1", address: str = "/orders", name: str = "k" * 20
) -> Key:
    return Key.of(secret="s" * 32, caller=caller, address=address, key=name, request=request)


def test_the_answer_is_given_again_for_a_day(session: Session) -> None:
    assert take(session, key(), now=NOW) is None
    keep(session, key(), b"done")

    assert take(session, key(), now=NOW + KEPT - timedelta(seconds=1)) == b"done"
    assert take(session, key(), now=NOW + KEPT) is None


def test_another_request_with_the_same_key_is_refused_until_the_key_is_over(session: Session) -> None:
    take(session, key(), now=NOW)
    keep(session, key(), b"done")

    with pytest.raises(KeyReused):
        take(session, key(b"two mugs"), now=NOW)
    assert take(session, key(), now=NOW) == b"done"
    assert take(session, key(b"two mugs"), now=NOW + KEPT) is None


def test_a_password_cannot_be_tried_against_what_is_kept_of_a_request(session: Session) -> None:
    body = b'{"email": "ada@example.com", "password": "correct tests need staples"}'
    take(session, key(body), now=NOW)

    kept = session.scalars(select(IdempotencyKey.request_digest)).one()
    assert kept == key(body).request_digest
    assert kept not in (sha256(body).hexdigest(), key(body, name="l" * 20).request_digest)


def test_the_same_name_is_another_key_for_another_caller_or_address(session: Session) -> None:
    take(session, key(), now=NOW)
    keep(session, key(), b"done")

    for other in (key(caller="shopper 2"), key(address="/cart/lines"), key(name="l" * 20)):
        assert take(session, other, now=NOW) is None


def test_a_request_without_an_answer_holds_its_key_for_as_long_as_it_may_take(session: Session) -> None:
    take(session, key(), now=NOW)

    with pytest.raises(KeyInUse):
        take(session, key(), now=NOW + LEASE - timedelta(seconds=1))
    assert take(session, key(), now=NOW + LEASE) is None


def test_a_key_that_came_to_nothing_is_free(session: Session) -> None:
    take(session, key(), now=NOW)
    let_go(session, key())

    assert take(session, key(), now=NOW) is None


def test_a_second_request_is_told_at_once_while_the_first_transaction_is_open(sessions: Sessions) -> None:
    with transaction(sessions) as first:
        take(first, key(), now=NOW)
        with pytest.raises(KeyInUse), transaction(sessions) as second:
            take(second, key(), now=NOW)
        keep(first, key(), b"done")

    with transaction(sessions) as second:
        assert take(second, key(), now=NOW) == b"done"


def test_a_deed_that_failed_leaves_its_key_free(sessions: Sessions) -> None:
    def fails() -> None:
        with transaction(sessions) as tx:
            take(tx, key(), now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()

    with transaction(sessions) as tx:
        assert take(tx, key(), now=NOW) is None


def test_what_is_kept_can_be_read_by_whoever_has_the_key_alone(session: Session) -> None:
    take(session, key(), now=NOW)
    keep(session, key(), b"the key to an order")

    row = session.scalars(select(IdempotencyKey)).one()

    assert b"order" not in row.sealed
    assert "k" * 20 not in (row.digest, row.request_digest)
    assert key().open(row.sealed) == b"the key to an order"


def test_keys_are_forgotten_when_they_are_over_a_few_at_a_time(session: Session) -> None:
    for number in range(3):
        take(session, key(name=f"an old key {number}"), now=NOW - KEPT - timedelta(seconds=1))
    take(session, key(), now=NOW - KEPT)
    keep(session, key(), b"done")

    assert [purge_keys(session, now=NOW, limit=2) for _ in range(3)] == [2, 1, 0]
    assert session.scalars(select(IdempotencyKey.digest)).all() == [key().digest]
