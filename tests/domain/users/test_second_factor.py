"""Codes of authenticator apps and recovery codes."""

from datetime import UTC, datetime

import pyotp
import pytest

from domain.users import second_factor

# The secret and the codes of RFC 6238, appendix B (SHA-1), cut to six digits as apps show them.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105
VECTORS = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (2000000000, "279037")]


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert second_factor.step_of(SECRET, code, now=at(seconds)) == seconds // 30
    assert second_factor.step_of(SECRET, f" {code[:3]} {code[3:]} ", now=at(seconds)) == seconds // 30


def test_a_clock_may_be_half_a_minute_off_and_no_more() -> None:
    seconds, code = VECTORS[1]

    right = [off for off in range(-3, 4) if second_factor.step_of(SECRET, code, now=at(seconds + 30 * off)) is not None]

    assert right == [-1, 0, 1]


def test_a_code_works_once_and_none_before_it_after() -> None:
    seconds, code = VECTORS[1]
    step = seconds // 30
    earlier = pyotp.TOTP(SECRET).at(seconds - 30)

    assert second_factor.step_of(SECRET, code, now=at(seconds), used=step - 1) == step
    assert second_factor.step_of(SECRET, code, now=at(seconds), used=step) is None
    assert second_factor.step_of(SECRET, earlier, now=at(seconds), used=step) is None


@pytest.mark.parametrize("code", ["", "000000", "28708", "2870822", "28708٢", "-28708", "28708x", "x" * 5000])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert second_factor.step_of(SECRET, code, now=at(59)) is None


def test_each_secret_is_new_and_the_app_is_told_whose_it_is() -> None:
    secret = second_factor.new_secret()

    assert len(secret) == 32
    assert secret != second_factor.new_secret()
    uri = second_factor.provisioning_uri(secret, account="ada@example.test", shop="Corner & Co")
    assert uri == f"otpauth://totp/Corner%20%26%20Co:ada%40example.test?secret={secret}&issuer=Corner%20%26%20Co"


def test_the_qr_code_passes_a_policy_without_inline_styles() -> None:
    drawn = second_factor.qr_code("otpauth://totp/Shop:ada?secret=ABC&issuer=Shop")

    assert drawn.startswith("<svg")
    assert "<title>QR code for your authenticator app</title>" in drawn
    assert not {word for word in ("style=", "<script", "http://", "onload") if word in drawn}


def test_recovery_codes_are_ten_different_ones_known_by_their_hash_however_typed() -> None:
    codes = second_factor.new_recovery_codes()
    first = codes[0]

    assert len(set(codes)) == 10
    assert all(len(code) == 11 and code[5] == "-" for code in codes)
    kept = second_factor.hash_recovery_code(first)
    assert first not in kept
    assert {
        second_factor.hash_recovery_code(typed) for typed in (first, first.upper(), f" {first.replace('-', ' ')}")
    } == {kept}
    assert len({second_factor.hash_recovery_code(code) for code in codes}) == 10
