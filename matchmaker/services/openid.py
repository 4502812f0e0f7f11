"""Send somebody to a provider of sign-in and find out who comes back (OpenID Connect Core 1.0, code flow).

Nothing about a provider is kept from one sign-in to the next: what it published a moment ago counts, so a
key that it withdrew is worth nothing at once, and a new one works at once.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from matchmaker import clock
from matchmaker.domain.errors import ProviderRefusalError, ProviderUnreachableError, StaleReturnError
from matchmaker.domain.outside_identities import (
    LONGEST_ISSUER,
    LONGEST_SUBJECT,
    Departure,
    OutsideIdentity,
)
from matchmaker.providers import Provider
from matchmaker.services.id_tokens import TokenError, read_claims
from matchmaker.services.provider_calls import calling, read_document, refuse, require_address

# What a provider says when the person changed their mind, or may not or cannot go on there.
_REFUSALS = frozenset({"access_denied", "login_required", "consent_required", "interaction_required"})
_TROUBLES = frozenset({"server_error", "temporarily_unavailable"})


def leave_for(provider: Provider, redirect_uri: str) -> tuple[str, Departure]:
    """Prepare the way to a provider; return its address and what to keep until the person is back.

    Raises
    ------
    ProviderUnreachableError
        When the provider does not answer in time.
    ProviderAnswerError
        When what it publishes about itself is of no use.
    """
    departure = Departure(
        provider=provider.key,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        left_at=clock.now(),
    )
    with calling(provider, redirect_uri) as session:
        published = _read_published(session, provider)
    address, _state = session.create_authorization_url(
        require_address(provider, published.get("authorization_endpoint")),
        state=departure.state,
        nonce=departure.nonce,
        code_verifier=departure.verifier,
    )
    return address, departure


def come_back(
    provider: Provider, departure: Departure | None, answer: Mapping[str, str], redirect_uri: str
) -> OutsideIdentity:
    """Find out who comes back; the caller lets a departure serve once.

    Parameters
    ----------
    departure
        What `leave_for` returned for this browser, None when there is nothing.
    answer
        The parameters with which the browser came back.

    Raises
    ------
    StaleReturnError
        When the answer does not belong to the departure, or comes too late.
    ProviderRefusalError
        When the person did not sign in there.
    ProviderUnreachableError
        When the provider does not answer in time.
    ProviderAnswerError
        When its answer proves nothing.
    """
    if departure is None or not departure.is_answered_by(provider.key, answer, clock.now()):
        raise StaleReturnError(provider.name)
    _raise_error(provider, answer)
    with calling(provider, redirect_uri) as session:
        published = _read_published(session, provider)
        if answer.get("iss", published["issuer"]) != published["issuer"]:
            raise refuse(provider, "the answer comes from another issuer")
        tokens = _fetch_tokens(session, provider, published, answer["code"], departure)
        claims = _verify(session, provider, published, tokens, departure)
        claims |= _read_more(session, provider, published, tokens, claims)
    return _build_identity(provider, published["issuer"], claims)


def _read_published(session: OAuth2Session, provider: Provider) -> dict[str, Any]:
    """Return what the provider publishes about itself (OpenID Connect Discovery 1.0, section 4.3)."""
    published = read_document(session, provider, provider.url)
    issuer = published.get("issuer")
    if not isinstance(issuer, str) or issuer.rstrip("/") != provider.issuer.rstrip("/"):
        raise refuse(provider, "its document names another issuer than its address")
    if len(issuer) > LONGEST_ISSUER:
        raise refuse(provider, "its name is too long")
    return published


def _raise_error(provider: Provider, answer: Mapping[str, str]) -> None:
    error = answer.get("error")
    if error in _REFUSALS:
        raise ProviderRefusalError(provider.name)
    if error in _TROUBLES:
        raise ProviderUnreachableError(provider.name)
    if error is not None:
        raise refuse(provider, _harmless(error))
    if not answer.get("code"):
        raise refuse(provider, "neither code nor error")


def _fetch_tokens(
    session: OAuth2Session,
    provider: Provider,
    published: Mapping[str, Any],
    code: str,
    departure: Departure,
) -> dict[str, Any]:
    try:
        tokens: dict[str, Any] = session.fetch_token(
            require_address(provider, published.get("token_endpoint")),
            grant_type="authorization_code",
            code=code,
            code_verifier=departure.verifier,
            auth=_choose_client_proof(session, provider, published),
            allow_redirects=False,
        )
    except OAuthError as error:
        raise refuse(provider, _harmless(error.error)) from error
    except (ValueError, RecursionError) as error:
        raise refuse(provider, "no JSON object for the code") from error
    return tokens


def _choose_client_proof(session: OAuth2Session, provider: Provider, published: Mapping[str, Any]) -> Any:
    """Return how this site proves to the provider who it is: in the form where that is allowed.

    In a header both parts are encoded as in a form first (RFC 6749, section 2.3.1), which Authlib leaves out.
    """
    methods = published.get("token_endpoint_auth_methods_supported")
    if isinstance(methods, list) and "client_secret_post" in methods:
        return session.client_auth("client_secret_post")
    return quote_plus(provider.client_id), quote_plus(provider.client_secret)


def _verify(
    session: OAuth2Session,
    provider: Provider,
    published: Mapping[str, Any],
    tokens: Mapping[str, Any],
    departure: Departure,
) -> dict[str, Any]:
    keys = read_document(session, provider, published.get("jwks_uri"))
    try:
        return read_claims(
            tokens.get("id_token"),
            keys,
            issuer=published["issuer"],
            client_id=provider.client_id,
            nonce=departure.nonce,
            access_token=str(tokens.get("access_token", "")),
        )
    except TokenError as error:
        raise refuse(provider, str(error)) from error


def _read_more(
    session: OAuth2Session,
    provider: Provider,
    published: Mapping[str, Any],
    tokens: Mapping[str, Any],
    claims: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the mapped claims that the token lacks, as the provider tells about this same person."""
    mapped = (provider.subject_claim, provider.organisation_claim, provider.name_claim, provider.email_claim)
    lacking = [claim for claim in mapped if claim and claim not in claims]
    if not lacking or "userinfo_endpoint" not in published:
        return {}
    access_token = str(tokens.get("access_token", ""))
    told = read_document(session, provider, published["userinfo_endpoint"], token=access_token)
    if told.get("sub") != claims["sub"]:
        raise refuse(provider, "it tells about somebody else than the token")
    return {claim: told[claim] for claim in lacking if claim in told}


def _build_identity(provider: Provider, issuer: str, claims: Mapping[str, Any]) -> OutsideIdentity:
    subject = claims.get(provider.subject_claim)
    if not isinstance(subject, str) or not subject or len(subject) > LONGEST_SUBJECT or "\0" in subject:
        raise refuse(provider, f"no usable claim {provider.subject_claim}")
    return OutsideIdentity(
        issuer=issuer,
        subject=subject,
        name=_text(claims.get(provider.name_claim)),
        email=_text(claims.get(provider.email_claim)),
        organisation_code=_text(claims.get(provider.organisation_claim)),
    )


def _text(value: object) -> str:
    """Return a claim to be shown; some providers send a list of one. Anything else is not shown."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return " ".join(value.split())[:100] if isinstance(value, str) else ""


def _harmless(error: str | None) -> str:
    """Return an error's word for the log, or that it was none: anybody can write it into an address."""
    return error if error and re.fullmatch(r"[a-z_]{1,40}", error) else "an unknown error"
