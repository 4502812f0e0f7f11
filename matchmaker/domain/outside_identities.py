"""Who somebody is elsewhere, and the way there and back. It is never matched by name or e-mail address."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

# Somebody may be away to sign in elsewhere for so long, and then take so long to decide here.
ABSENCE = timedelta(minutes=10)
# How far the clock of a provider may be off.
CLOCK_SKEW = timedelta(minutes=1)
LONGEST_SUBJECT = 255
LONGEST_ISSUER = 255


@dataclass(frozen=True, slots=True)
class OutsideIdentity:
    """A person as a provider vouches for them.

    Parameters
    ----------
    issuer, subject
        Together they mean one person for ever; nothing else here does.
    name, email, organisation_code
        What the provider says besides, to be shown to the person alone; empty when it says nothing.
    """

    issuer: str
    subject: str = field(repr=False)
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    organisation_code: str = ""


@dataclass(frozen=True, slots=True)
class Departure:
    """What this site keeps while somebody is away to sign in elsewhere; it serves for one return.

    Parameters
    ----------
    provider
        Key of the provider.
    state
        Comes back with the person: they return to where they left.
    nonce
        Comes back in the token: it was made for this departure.
    verifier
        Proves to the provider that the code is used by who asked for it (RFC 7636).
    left_at
        When they left.
    """

    provider: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    left_at: datetime

    def is_answered_by(self, provider: str, answer: Mapping[str, str], now: datetime) -> bool:
        """Tell whether the answer belongs to this departure and comes in time."""
        state = answer.get("state", "")
        is_same = hmac.compare_digest(state.encode(), self.state.encode())
        return is_same and provider == self.provider and now < self.left_at + ABSENCE
