"""Codes of an authenticator app: the standard's own examples, a clock that is off, and once only."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from matchmaker.domain.second_factor import (
    RECOVERY_CODES,
    build_address,
    find_step,
    make_recovery_codes,
    make_secret,
    normalise_recovery_code,
)

# RFC 6238, appendix B, SHA-1: the last six of its eight digits.
STANDARD_SECRET = base64.b32encode(b"12345678901234567890").decode()
STANDARD = [
    (59, "287082"),
    (1_111_111_109, "081804"),
    (1_234_567_890, "005924"),
    (2_000_000_000, "279037"),
]
NOW = datetime(2026, 11, 23, 9, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "code"), STANDARD)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, tz=UTC)
    assert find_step(STANDARD_SECRET, f"{code[:3]} {code[3:]}", moment, after=0) == seconds // 30


@pytest.mark.parametrize(("seconds", "right"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(seconds: int, right: bool) -> None:
    secret = make_secret()
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=seconds))
    assert (find_step(secret, code, NOW, after=0) is not None) is right


def test_a_code_works_once() -> None:
    secret = make_secret()
    code = pyotp.TOTP(secret).at(NOW)
    step = find_step(secret, code, NOW, after=0)
    assert step is not None
    assert find_step(secret, code, NOW, after=step) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "٣٤٥٦٧٨", "0" * 1000])
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert find_step(STANDARD_SECRET, code, NOW, after=0) is None


def test_secrets_and_recovery_codes_never_repeat() -> None:
    assert len({make_secret() for _ in range(50)}) == 50
    codes = make_recovery_codes()
    assert len(set(codes)) == RECOVERY_CODES
    assert all(len(code) == 19 for code in codes)


def test_a_recovery_code_may_be_typed_with_capitals_and_blanks() -> None:
    code = make_recovery_codes()[0]
    assert normalise_recovery_code(f" {code.upper().replace('-', ' ')} ") == code


def test_apps_read_whose_code_it_is() -> None:
    address = build_address(STANDARD_SECRET, "iemand@school.example", "Matchmaker")
    assert address.startswith(f"otpauth://totp/Matchmaker:iemand%40school.example?secret={STANDARD_SECRET}")
