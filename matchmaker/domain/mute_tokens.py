"""The secret in the address under a mail with which its recipient does without such mails from then on.

Nothing of it is stored, so that it still works after years. It opens nothing but this one choice of one
person, and it is void when the person has another e-mail address, or none any more.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from matchmaker.domain.muting import MailFamily

# 160 bits, as 32 small letters and digits.
_BYTES = 20
_TOKEN = re.compile(r"(\d{1,9})-([a-z]{1,20})-([a-z2-7]{32})", re.ASCII)


def make_mute_token(secret_key: str, user_id: int, family: MailFamily, email: str) -> str:
    """Return the token of one person for one family, such as ``17-overviews-`` and 32 letters and digits.

    Parameters
    ----------
    secret_key
        Of the site; with another one all earlier tokens are void.
    email
        The person's address now; capitals make no difference.
    """
    key = hmac.new(secret_key.encode(), b"mute by mail", hashlib.sha256).digest()
    subject = f"{user_id}\n{family.value}\n{email.strip().lower()}"
    digest = hmac.new(key, subject.encode(), hashlib.sha256).digest()[:_BYTES]
    return f"{user_id}-{family.value}-{base64.b32encode(digest).decode('ascii').lower()}"


def parse_mute_token(token: str) -> tuple[int, MailFamily] | None:
    """Return whose token it says to be and for which family, or None; `is_mute_token` tells whether it is."""
    found = _TOKEN.fullmatch(token)
    if found is None or found[2] not in set(MailFamily):
        return None
    return int(found[1]), MailFamily(found[2])


def is_mute_token(token: str, secret_key: str, user_id: int, family: MailFamily, email: str) -> bool:
    """Tell whether a token is that of this person for this family, in constant time."""
    right = make_mute_token(secret_key, user_id, family, email)
    return hmac.compare_digest(right.encode(), token.encode())
