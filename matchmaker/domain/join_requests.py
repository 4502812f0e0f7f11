"""Asking to join: what somebody says of themselves, and what an organiser may make of their address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from matchmaker.domain.kinds import HostKind, Role

# So many requests of one address may wait in a region; more would only be noise.
MOST_WAITING = 5
# What nobody decided for so long is decided by nobody any more.
FORGOTTEN_AFTER = timedelta(days=180)


class JoinState(StrEnum):
    """What became of a request to join."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class AddressHint(StrEnum):
    """What an address says about who has it. It proves nothing: an organiser decides."""

    WEBSITE = "website"
    COLLEAGUES = "colleagues"
    PRIVATE = "private"
    UNKNOWN = "unknown"


# Where everybody can have an address; of these nothing can be concluded.
_PRIVATE_DOMAINS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "hotmail.com",
        "hotmail.nl",
        "outlook.com",
        "live.nl",
        "live.com",
        "msn.com",
        "icloud.com",
        "me.com",
        "yahoo.com",
        "ziggo.nl",
        "kpnmail.nl",
        "planet.nl",
        "hetnet.nl",
        "home.nl",
        "xs4all.nl",
        "upcmail.nl",
        "casema.nl",
        "solcon.nl",
        "proton.me",
        "protonmail.com",
    ]
)


@dataclass(frozen=True, slots=True)
class JoinAsk:
    """What somebody asks who has no account, or no role at this place.

    Parameters
    ----------
    organisation_id
        The school or host; None for a host that is not in the list.
    host_name, host_place, host_kind
        What such a host is; empty when it is in the list.
    email
        Whether it is theirs is not known. Kept in lower case, without blanks around it.
    language
        Of the page on which they ask.
    """

    region_id: int
    name: str
    email: str
    role: Role
    remark: str = ""
    organisation_id: int | None = None
    host_name: str = ""
    host_place: str = ""
    host_kind: HostKind | None = None
    language: str = "nl"

    def __post_init__(self) -> None:
        """Write what was typed in the one way in which it is kept and compared."""
        object.__setattr__(self, "email", self.email.strip().lower())
        for field in ("name", "host_name", "host_place"):
            object.__setattr__(self, field, " ".join(getattr(self, field).split()))


def read_address(email: str, website: str, colleagues: Iterable[str]) -> AddressHint:
    """Say what the domain of an address has in common with a website and the addresses of colleagues.

    Parameters
    ----------
    website
        Address of a site, with or without ``https://``; empty when there is none.
    colleagues
        E-mail addresses of people who have a role at the place.
    """
    domain = _domain_of(email)
    if domain in _PRIVATE_DOMAINS:
        return AddressHint.PRIVATE
    site = _site_of(website)
    is_below = domain == site or domain.endswith(f".{site}") or site.endswith(f".{domain}")
    if site and "." in domain and is_below:
        return AddressHint.WEBSITE
    if domain in {_domain_of(colleague) for colleague in colleagues}:
        return AddressHint.COLLEAGUES
    return AddressHint.UNKNOWN


def _domain_of(email: str) -> str:
    return email.rpartition("@")[2].strip().lower()


def _site_of(website: str) -> str:
    text = website.strip().lower()
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
