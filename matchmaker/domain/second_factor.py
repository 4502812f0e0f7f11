"""Time-based codes of an authenticator app (RFC 6238) and the recovery codes beside them."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime

import pyotp

SECONDS_PER_STEP = 30
# A phone's clock may be one step slow or fast.
STEPS_AROUND = (0, -1, 1)
RECOVERY_CODES = 10


def make_secret() -> str:
    """Return a new shared secret: 160 random bits in base 32, as RFC 4226 recommends."""
    return str(pyotp.random_base32(32))


def build_address(secret: str, email: str, issuer: str) -> str:
    """Return what the QR code holds: the ``otpauth`` address that authenticator apps read."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer))


def find_step(secret: str, code: str, moment: datetime, after: int) -> int | None:
    """Return the time step that a code belongs to, or None when it is wrong.

    Parameters
    ----------
    secret
        The shared secret, base 32.
    code
        Six digits; blanks between them do not count.
    moment
        Now, aware.
    after
        The step of the code used last: a code works once, so only later steps count.
    """
    typed = "".join(code.split())
    now = int(moment.timestamp()) // SECONDS_PER_STEP
    totp = pyotp.TOTP(secret)
    for around in STEPS_AROUND:
        step = now + around
        right = str(totp.generate_otp(step))
        if hmac.compare_digest(right.encode(), typed.encode()) and step > after:
            return step
    return None


def make_recovery_codes() -> list[str]:
    """Return ten codes of 80 random bits, in groups of four letters and digits."""
    return [_group(base64.b32encode(secrets.token_bytes(10)).decode().lower()) for _ in range(RECOVERY_CODES)]


def normalise_recovery_code(typed: str) -> str:
    """Return a typed recovery code in the form in which it was made."""
    return _group("".join(character for character in typed.lower() if character.isalnum()))


def _group(text: str) -> str:
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))
