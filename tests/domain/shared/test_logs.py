"""No log line keeps what people told us, or what opens doors."""

import json

import pytest
import structlog

from domain.shared.logs import PROCESSORS, hide


def line(**event) -> dict:
    """Return a log line as it is written."""
    for processor in PROCESSORS:
        event = processor(None, "info", event)
    return json.loads(event)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "ada@example.com"), ("recipient", "ada@example.com"), ("password", "correct horse"),
        ("new_password", "correct horse"), ("phone", "+353 1 234 5678"), ("token", "abc"), ("access_key", "abc"),
        ("session_key", "abc"), ("stripe_secret_key", "abc"), ("Authorization", "Bearer abc"), ("cookie", "a=b"),
        ("shipping_address", {"name": "Ada"}), ("iban", "IE29 AIBK"), ("code", "123456"), ("remote_addr", "192.0.2.1"),
        ("recovery_codes", ["abc"]),
    ],
)  # fmt: skip
def test_what_is_called_a_secret_is_never_written(name, value):
    assert line(event="x", **{name: value})[name] == "(hidden)"
    assert line(event="x", outer={name: value})["outer"][name] == "(hidden)"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("550 no such user <ada.o'hara+x@mail.example.com>", "550 no such user <ada.o'(hidden)>"),
        ("connect to postgresql://shop:s3cret@db.internal/shop failed",
         "connect to postgresql://shop:(hidden)@db.internal/shop failed"),
        ("GET /orders/CS-1?key=abcDEF-_1&x=2", "GET /orders/CS-1?key=(hidden)&x=2"),
        ("/invitation?token=abc.def", "/invitation?token=(hidden)"),
        ("card 4242 4242 4242 4242 refused", "card (hidden) refused"),
        ("used sk_live_51Habcdefgh", "used (hidden)"),
        ("Bearer abc.def", "(hidden)"),
        ("key shop_Ab-cdefghijklmnopqrstuv_12 of a partner", "key (hidden) of a partner"),
        ("sent eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln-_bmF0dXJl", "sent (hidden)"),
        ("the shop_front of a keyJar.of.jam", "the shop_front of a keyJar.of.jam"),
        ("order CS-10234 of 2026-11-23T08:15:56.080713Z, 1764000000000 bytes",
         "order CS-10234 of 2026-11-23T08:15:56.080713Z, 1764000000000 bytes"),
        ("/p/speckled-mug", "/p/speckled-mug"),
    ],
)  # fmt: skip
def test_what_stands_inside_a_text_is_taken_out_and_the_rest_stays(text, kept):
    assert hide(text) == kept
    assert line(event=text)["event"] == kept


def test_the_words_of_an_exception_are_cleaned_too():
    try:
        raise ValueError("ada@example.com paid with 4242424242424242")
    except ValueError:
        written = json.dumps(line(event="unexpected error", exc_info=True))

    assert "ValueError" in written
    assert "ada@example.com" not in written
    assert "4242" not in written


def test_what_a_line_is_for_stays():
    kept = {"app": "storefront", "request": "f0deaa5723f0", "method": "GET", "path": "/p/mug", "endpoint": "home",
            "status": 200, "ms": 31.8}  # fmt: skip

    written = line(event="request", **kept)

    assert {name: written[name] for name in kept} == kept
    assert structlog.processors.add_log_level in PROCESSORS
