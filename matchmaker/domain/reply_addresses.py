"""The address that an invitation is answered to: only who was invited knows the token in it.

Nothing of it is stored. The same person gets the same token for the same appointment however often it
changes, because calendars take an appointment with another organiser for another one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

# 160 bits, as 32 letters and digits: with "boekingen+" before it well within a local part of 64.
_BYTES = 20


def make_reply_token(secret_key: str, calendar_uid: str, email: str) -> str:
    """Return the token of one person for one appointment: 32 lower-case letters and digits.

    Parameters
    ----------
    secret_key
        Of the site; with another one all earlier tokens are wrong.
    calendar_uid
        Of the appointment, as it stands in the invitation.
    email
        Whom the invitation went to; capitals make no difference.
    """
    key = hmac.new(secret_key.encode(), b"calendar replies", hashlib.sha256).digest()
    subject = f"{calendar_uid}\n{email.strip().lower()}"
    digest = hmac.new(key, subject.encode(), hashlib.sha256).digest()[:_BYTES]
    return base64.b32encode(digest).decode("ascii").lower()


def is_reply_token(token: str, secret_key: str, calendar_uid: str, email: str) -> bool:
    """Tell whether a token is that of this person for this appointment, in constant time."""
    right = make_reply_token(secret_key, calendar_uid, email)
    return hmac.compare_digest(right.encode(), token.lower().encode())


def add_token(address: str, token: str) -> str:
    """Return the address with the token behind a plus sign (RFC 5233)."""
    local, _, domain = address.partition("@")
    return f"{local}+{token}@{domain}"
