"""Secrets that a browser or a mail carries: what is stored of them."""

from __future__ import annotations

import base64
import hashlib
import hmac


def hash_token(token: str) -> str:
    """Return what is stored of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def derive_token(secret_key: str, *facts: object) -> str:
    """Return the token of a thing that these facts name: 256 bits, as 43 letters, digits, ``-`` and ``_``.

    The same facts give the same token, so that a letter that is written again has the same link. Nobody
    can tell it without the key of the site.
    """
    key = hmac.new(secret_key.encode(), b"links in letters", hashlib.sha256).digest()
    subject = "\n".join(map(str, facts))
    digest = hmac.new(key, subject.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")
