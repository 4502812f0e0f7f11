"""The devices on which people are signed in: what to call them, and how long they stay signed in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from matchmaker.domain.kinds import REGION_ROLES, Role


class Browser(StrEnum):
    """The browsers that people in schools and companies use."""

    EDGE = "edge"
    FIREFOX = "firefox"
    CHROME = "chrome"
    SAFARI = "safari"
    OTHER = "other"


class System(StrEnum):
    """What sort of device it is, as its owner would say."""

    WINDOWS = "windows"
    IPHONE = "iphone"
    IPAD = "ipad"
    MAC = "mac"
    ANDROID = "android"
    CHROMEBOOK = "chromebook"
    LINUX = "linux"
    OTHER = "other"


# In this order: Edge calls itself Chrome and Safari too, Chrome calls itself Safari.
_BROWSER_MARKS = (
    (("Edg/", "EdgA/", "EdgiOS/"), Browser.EDGE),
    (("Firefox/", "FxiOS/"), Browser.FIREFOX),
    (("Chrome/", "CriOS/", "Chromium/"), Browser.CHROME),
    (("Safari/",), Browser.SAFARI),
)
_SYSTEM_MARKS = (
    (("iPhone",), System.IPHONE),
    (("iPad",), System.IPAD),
    (("Android",), System.ANDROID),
    (("Windows",), System.WINDOWS),
    (("Macintosh", "Mac OS"), System.MAC),
    (("CrOS",), System.CHROMEBOOK),
    (("Linux",), System.LINUX),
)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a device stays signed in.

    Parameters
    ----------
    idle
        Time without any use after which the person signs in again.
    total
        Time after which they sign in again however often they came.
    """

    idle: timedelta
    total: timedelta


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """The device behind a request, as it was when the request came in.

    Parameters
    ----------
    id
        Of its row, which may be gone by now.
    rights
        What the person was allowed to do when the token was made.
    last_used_at
        When its use was last written down.
    signed_in_at
        When the person last proved on it who they are.
    is_renewed
        Whether the browser still carries the token from before a renewal.
    """

    id: int
    rights: str
    last_used_at: datetime
    signed_in_at: datetime
    is_renewed: bool


MEMBER_LIFETIME = Lifetime(idle=timedelta(days=30), total=timedelta(days=90))
# Who works for a region sees everybody's data.
REGION_LIFETIME = Lifetime(idle=timedelta(minutes=30), total=timedelta(hours=12))
# For acts that matter most, such as a new password, the person signed in so short a time ago.
RECENT = timedelta(minutes=15)
# A use is written down at most this often, so that reading pages hardly ever writes.
USE_GRAIN = timedelta(minutes=5)
# Pages that were asked for at the moment of a renewal still carry the token from before.
RENEWAL_GRACE = timedelta(minutes=1)


def describe_browser(user_agent: str) -> tuple[Browser, System]:
    """Return browser and device that a ``User-Agent`` header names; only these two words are kept of it."""
    browser = next((b for marks, b in _BROWSER_MARKS if any(m in user_agent for m in marks)), Browser.OTHER)
    system = next((s for marks, s in _SYSTEM_MARKS if any(m in user_agent for m in marks)), System.OTHER)
    return browser, system


def lifetime_for(roles: Iterable[Role]) -> Lifetime:
    """Return the lifetime for somebody with these roles; the strictest role counts."""
    return REGION_LIFETIME if REGION_ROLES.intersection(roles) else MEMBER_LIFETIME


def is_live(signed_in_at: datetime, last_used_at: datetime, lifetime: Lifetime, now: datetime) -> bool:
    """Tell whether the device is still signed in."""
    return now < last_used_at + lifetime.idle and now < signed_in_at + lifetime.total


def mark_rights(rights: Iterable[tuple[int, int | None, Role, str]]) -> str:
    """Return a short mark of what somebody may do, to notice that it changed.

    Parameters
    ----------
    rights
        Region, organisation, role and school board of each membership, in any order.
    """
    lines = sorted({f"{region}/{where or ''}/{role.value}/{board}" for region, where, role, board in rights})
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
