"""Passwords: which are accepted, and how they are checked."""

import time

import pytest
from argon2 import PasswordHasher
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from domain.users.email import normal_email
from domain.users.errors import BadEmail, WeakPassword
from domain.users.passwords import MIN_LENGTH, check_acceptable, hash_password, is_outdated, matches


def test_a_hash_is_argon2id_and_opens_with_its_password_alone():
    made = hash_password("marmalade on toast")

    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches(made, "marmalade on toast")
    assert not matches(made, "marmalade on toast ")
    assert not matches(None, "")
    assert not matches("not a hash", "marmalade on toast")
    assert hash_password("marmalade on toast") != made


def test_a_hash_of_weaker_parameters_is_outdated():
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("marmalade on toast")

    assert is_outdated(weak)
    assert not is_outdated(hash_password("marmalade on toast"))


def test_an_unknown_account_takes_as_long_as_a_wrong_password():
    made = hash_password("marmalade on toast")
    matches(None, "warm up")

    def took(password_hash: str | None) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            matches(password_hash, "something else")
            times.append(time.perf_counter() - start)
        return min(times)

    assert took(None) > took(made) / 3


@pytest.mark.parametrize(
    "password", ["Ünïcøde pass", "marmalade on toast", "x7#kQ2!z", " " * 4 + "abc d", "a" * 100 + "bcd"]
)
def test_any_long_enough_password_is_accepted(password):
    check_acceptable(password, email="ada@shop.test")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "at least 8"),
        ("sevench", "at least 8"),
        ("a" * 250 + "bcdefghi", "at most 256"),
        ("password123", "one of the first"),
        ("PassWord123", "one of the first"),
        ("1qaz2wsx3edc", "one of the first"),
        ("Basketball", "one of the first"),
        ("cornershop", "one of the first"),
        ("aaaaaaaaaa", "one of the first"),
        ("ada.lovelace", "one of the first"),
        ("ada.lovelace@shop.test", "one of the first"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused_and_says_why(password, why):
    with pytest.raises(WeakPassword, match=why):
        check_acceptable(password, email="ada.lovelace@shop.test")


def test_the_ten_thousand_most_common_passwords_are_refused():
    """Those of a list made from passwords that were stolen elsewhere, the most common first."""
    long_enough = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= MIN_LENGTH]

    def accepted(password: str) -> bool:
        try:
            check_acceptable(password, email="ada@shop.test")
        except WeakPassword:
            return False
        return True

    assert len(long_enough) > 10_000
    assert [word for word in long_enough if accepted(word)] == []


def test_an_address_has_one_form():
    assert normal_email("  Ada.LOVELACE@Example.COM ") == "ada.lovelace@example.com"
    assert normal_email("JOSÉ@exämple.de") == "josé@exämple.de"


@pytest.mark.parametrize("text", ["", "ada", "ada@", "@example.com", "ada@example", "a b@example.com", "x" * 300])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(BadEmail):
        normal_email(text)
