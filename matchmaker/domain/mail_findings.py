"""What there can be to say about the way out of mails, and how bad each of it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Grade(StrEnum):
    """How bad a finding is."""

    GOOD = "good"
    # Only the outside world can tell: somebody has to look there.
    LOOK = "look"
    WEAK = "weak"
    BROKEN = "broken"


class Topic(StrEnum):
    """What a finding is about, in the order in which a mail meets it."""

    SERVER = "server"
    ADDRESSES = "addresses"
    TRUST = "trust"
    ANSWERS = "answers"


class Finding(StrEnum):
    """One thing that the settings say."""

    SERVER_SET = "server_set"
    SERVER_MISSING = "server_missing"
    DIRECTORY_OPEN = "directory_open"
    TLS_VERIFIED = "tls_verified"
    TLS_NOT_NEEDED = "tls_not_needed"
    TLS_MISSING = "tls_missing"
    PASSWORD_IN_CLEAR = "password_in_clear"  # noqa: S105 - a finding, not a secret
    LOGIN_SET = "login_set"
    LOGIN_MISSING = "login_missing"
    PACE_SET = "pace_set"
    PACE_FREE = "pace_free"
    DOMAIN_SET = "domain_set"
    DOMAIN_NOWHERE = "domain_nowhere"
    SENDER_ALIGNED = "sender_aligned"
    SENDER_STRANGE = "sender_strange"
    REPLY_TO_OWN = "reply_to_own"
    REPLY_TO_ELSEWHERE = "reply_to_elsewhere"
    REPLY_TO_MISSING = "reply_to_missing"
    LINKS_OWN = "links_own"
    LINKS_ELSEWHERE = "links_elsewhere"
    LINKS_LOCAL = "links_local"
    LINKS_OPEN = "links_open"
    DKIM_ON = "dkim_on"
    DKIM_OFF = "dkim_off"
    DKIM_BROKEN = "dkim_broken"
    SPF = "spf"
    DMARC = "dmarc"
    UNSUBSCRIBE_SET = "unsubscribe_set"
    UNSUBSCRIBE_MISSING = "unsubscribe_missing"
    REPLIES_READ = "replies_read"
    REPLIES_UNREAD = "replies_unread"


_GRADES: Mapping[Grade, frozenset[Finding]] = MappingProxyType(
    {
        Grade.LOOK: frozenset({Finding.SPF, Finding.DMARC, Finding.DKIM_ON, Finding.REPLIES_READ}),
        Grade.WEAK: frozenset(
            {
                Finding.DIRECTORY_OPEN,
                Finding.TLS_MISSING,
                Finding.LOGIN_MISSING,
                Finding.REPLY_TO_MISSING,
                Finding.LINKS_ELSEWHERE,
                Finding.LINKS_OPEN,
                Finding.DKIM_OFF,
                Finding.UNSUBSCRIBE_MISSING,
            }
        ),
        Grade.BROKEN: frozenset(
            {
                Finding.SERVER_MISSING,
                Finding.PASSWORD_IN_CLEAR,
                Finding.DOMAIN_NOWHERE,
                Finding.SENDER_STRANGE,
                Finding.LINKS_LOCAL,
                Finding.DKIM_BROKEN,
            }
        ),
    }
)


def grade_of(finding: Finding) -> Grade:
    """Return how bad a finding is."""
    return next((grade for grade, findings in _GRADES.items() if finding in findings), Grade.GOOD)


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A finding with the facts that its sentence names."""

    topic: Topic
    finding: Finding
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def grade(self) -> Grade:
        """How bad it is."""
        return grade_of(self.finding)
