"""Providers with whom people may sign in by OpenID Connect, as the operator sets them.

Each has a key that the operator chooses, such as ``ENTREE``: ``MATCHMAKER_OPENID_ENTREE_NAME`` and so on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

OPENID = "MATCHMAKER_OPENID_"
DISCOVERY_PATH = "/.well-known/openid-configuration"
# What a person or their employer can change, or what may pass on to somebody else, tells nobody apart.
CHANGING_CLAIMS = frozenset(
    {"email", "mail", "name", "nickname", "preferred_username", "unique_name", "upn", "phone_number"}
)


@dataclass(frozen=True, slots=True)
class Provider:
    """A place elsewhere that tells who somebody is.

    Parameters
    ----------
    key
        Lower-case word, part of the address to which the provider sends people back.
    name
        What the button says.
    url
        Of its discovery document; the issuer is what precedes ``/.well-known/openid-configuration``.
    client_id, client_secret
        Under which the provider knows this site.
    scopes
        What is asked for; always with ``openid``.
    subject_claim
        What tells one person from all others there, for ever.
    organisation_claim
        The code of the person's school, such as a BRIN; empty: not looked at. It opens nothing.
    name_claim, email_claim
        Shown to the person alone, to recognise the account; empty: not looked at. They open nothing.
    """

    key: str
    name: str
    url: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: str = "openid"
    subject_claim: str = "sub"
    organisation_claim: str = ""
    name_claim: str = ""
    email_claim: str = ""

    @property
    def issuer(self) -> str:
        """Return the name under which the provider signs."""
        return self.url.removesuffix(DISCOVERY_PATH)


def is_safe_address(url: str) -> bool:
    """Tell whether secrets may be sent there: over https, or within this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _port = parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment or any(ord(c) <= 32 for c in url):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def read_providers(raw: Mapping[str, str]) -> tuple[tuple[Provider, ...], list[str]]:
    """Read the providers from settings whose names begin with `OPENID`.

    Returns
    -------
    tuple
        The providers by key, and one sentence for each setting that is wrong or missing.
    """
    found: dict[str, dict[str, str]] = {}
    problems = []
    for name in sorted(raw):
        key, _, part = name.removeprefix(OPENID).partition("_")
        parse = _PARSERS.get(part)
        if parse is None or not re.fullmatch(r"[A-Z][A-Z0-9]*", key):
            problems.append(f"{name} is not a setting of matchmaker.")
            continue
        values = found.setdefault(key, {})
        try:
            values[part.lower()] = parse(raw[name].strip())
        except ValueError as error:
            values[part.lower()] = ""
            problems.append(f"{name}: {error}.")
    problems += [
        f"{OPENID}{key}_{part.upper()}: fill this in too, or remove all settings of {key}."
        for key, values in found.items()
        for part in _REQUIRED
        if part not in values
    ]
    problems += _doubles(found)
    if problems:
        return (), problems
    return tuple(Provider(key=key.lower(), **values) for key, values in found.items()), []


def _doubles(found: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Two buttons that read the same, or two meanings of one issuer's subjects."""
    problems = []
    for part in ("name", "url"):
        seen: dict[str, str] = {}
        for key, values in found.items():
            value = values.get(part, "")
            if value and seen.setdefault(value, key) != key:
                problems.append(f"{OPENID}{key}_{part.upper()}: {seen[value]} has the same.")
    return problems


def _name(value: str) -> str:
    if len(value) > 40:
        raise ValueError("use at most 40 characters")
    return value


def _url(value: str) -> str:
    if not is_safe_address(value) or not value.endswith(DISCOVERY_PATH) or "?" in value:
        raise ValueError(f"use an https address that ends in {DISCOVERY_PATH}")
    return value


def _scopes(value: str) -> str:
    scopes = value.split()
    if "openid" not in scopes:
        raise ValueError("one of the scopes must be openid")
    return " ".join(scopes)


def _subject(value: str) -> str:
    if value.lower() in CHANGING_CLAIMS:
        raise ValueError("this can change or pass on to somebody else; use sub or another claim that stays")
    return value


_REQUIRED = ("name", "url", "client_id", "client_secret")
_PARSERS: dict[str, Callable[[str], str]] = {
    "NAME": _name,
    "URL": _url,
    "CLIENT_ID": str,
    "CLIENT_SECRET": str,
    "SCOPES": _scopes,
    "SUBJECT_CLAIM": _subject,
    "ORGANISATION_CLAIM": str,
    "NAME_CLAIM": str,
    "EMAIL_CLAIM": str,
}
