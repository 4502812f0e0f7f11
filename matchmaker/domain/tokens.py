"""Secrets that a browser or a mail carries: what is stored of them."""

from __future__ import annotations

import hashlib


def hash_token(token: str) -> str:
    """Return what is stored of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
