"""How often somebody may try: limits per account, per address and for the whole site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

WINDOW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many attempts of one subject within a window of five minutes."""

    subject: str
    most: int


@dataclass(frozen=True, slots=True)
class Caller:
    """Who tries, as far as is known before they are signed in.

    Parameters
    ----------
    address
        Network address; empty when there is none.
    account
        E-mail address that they say is theirs; empty when they name none.
    known_device
        A mark of this browser when it signed in to this account before, else empty.
    """

    address: str = ""
    account: str = ""
    known_device: str = ""


MOST_GUESSES = 10
MOST_MAILS_FOR_ADDRESS = 30
MOST_DEPARTURES_FOR_ADDRESS = 60
MOST_DEAD_LINKS = 30
MOST_FOR_SITE = 1000
MOST_JOINS_FOR_ADDRESS = 10
MOST_JOINS_FOR_ACCOUNT = 5


def limits_for_guess(caller: Caller) -> list[Limit]:
    """Return what an attempt to get in counts for.

    A browser that the account's owner used before has a count of its own, so that nobody can keep
    the owner out by guessing wrong on purpose, even from the same network.
    """
    if caller.known_device:
        return [_limit("device", caller.known_device, MOST_GUESSES), _limit("site", "", MOST_FOR_SITE)]
    limits = [_limit("address", caller.address, MOST_GUESSES), _limit("site", "", MOST_FOR_SITE)]
    if caller.account:
        limits.append(_limit("account", caller.account.strip().lower(), MOST_GUESSES))
    return limits


def limits_for_mail(caller: Caller) -> list[Limit]:
    """Return what asking for a mail counts for; how many mails an account gets is a rule of its own."""
    return [
        _limit("mail-address", caller.address, MOST_MAILS_FOR_ADDRESS),
        _limit("mail-site", "", MOST_FOR_SITE),
    ]


def limits_for_departure(caller: Caller) -> list[Limit]:
    """Return what leaving for a provider of sign-in counts for; each time this site asks something there."""
    return [
        _limit("departure-address", caller.address, MOST_DEPARTURES_FOR_ADDRESS),
        _limit("departure-site", "", MOST_FOR_SITE),
    ]


def limits_for_join(caller: Caller) -> list[Limit]:
    """Return what asking to join counts for: a mail goes to an address that may be somebody else's."""
    return [
        _limit("join-address", caller.address, MOST_JOINS_FOR_ADDRESS),
        _limit("join-account", caller.account.strip().lower(), MOST_JOINS_FOR_ACCOUNT),
        _limit("join-site", "", MOST_FOR_SITE),
    ]


def limits_for_link(caller: Caller) -> list[Limit]:
    """Return what following a link to nothing counts for.

    A count of its own: old links of a whole school behind one address keep nobody from signing in,
    and guesses from everywhere keep nobody from answering.
    """
    return [_limit("link-address", caller.address, MOST_DEAD_LINKS)]


def _limit(kind: str, subject: str, most: int) -> Limit:
    return Limit(f"{kind}:{subject}", most)


def window_start(now: datetime) -> datetime:
    """Return when the window of this moment began; windows follow each other without a gap."""
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=UTC)


def is_used_up(limits: Sequence[Limit], counts: Sequence[int]) -> bool:
    """Tell whether one of the counts, in the order of the limits, leaves no attempt."""
    return any(count >= limit.most for limit, count in zip(limits, counts, strict=True))


def is_exceeded(limits: Sequence[Limit], counts: Sequence[int]) -> bool:
    """Tell whether one of the counts, in the order of the limits, is above its limit."""
    return any(count > limit.most for limit, count in zip(limits, counts, strict=True))
