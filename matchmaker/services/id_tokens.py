"""Prove by a provider's token who somebody is: signature, issuer, audience, nonce and time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key

from matchmaker import clock
from matchmaker.domain.outside_identities import CLOCK_SKEW

# Only keys that the provider alone can have: nothing that is signed with our own secret, or not at all.
ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)
KEY_TYPES = ("RSA", "EC", "OKP")


class TokenError(Exception):
    """The token proves nothing; the message says why, without anything of the person."""


def read_claims(
    token: object,
    document: Mapping[str, Any],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str,
) -> dict[str, Any]:
    """Return what the token says once everything about it has been verified.

    Parameters
    ----------
    token
        The ``id_token`` as it came.
    document
        The provider's keys of this moment, a JSON Web Key Set.
    issuer, client_id, nonce
        Who must have signed it, for whom, and for which departure.
    access_token
        What came with it; a hash in the token must fit.

    Raises
    ------
    TokenError
        When anything is missing, wrong, too old or from the future, give or take `CLOCK_SKEW`.
    """
    if not isinstance(token, str):
        raise TokenError("no token")
    try:
        read = jwt.decode(token, _read_keys(document), algorithms=ALGORITHMS)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": issuer},
                "aud": {"essential": True, "value": client_id},
                "sub": {"essential": True},
            },
            params={"nonce": nonce, "client_id": client_id, "access_token": access_token},
        )
        claims.validate(int(clock.now().timestamp()), int(CLOCK_SKEW.total_seconds()))
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise TokenError(_describe(error)) from error
    return dict(claims)


def _read_keys(document: Mapping[str, Any]) -> KeySet:
    """Return the keys for signatures; kinds that we do not know may stand among them."""
    found = document.get("keys")
    keys = []
    for entry in found if isinstance(found, list) else []:
        if isinstance(entry, dict) and entry.get("kty") in KEY_TYPES and entry.get("use", "sig") == "sig":
            try:
                keys.append(import_key(entry))
            except (JoseError, ValueError, TypeError, KeyError):
                continue
    if not keys:
        raise TokenError("no key for signatures")
    return KeySet(keys)


def _describe(error: Exception) -> str:
    claim = getattr(error, "claim", "")
    return f"{type(error).__name__} {claim}".strip()
