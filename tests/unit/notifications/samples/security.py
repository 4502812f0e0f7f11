"""The mails about what happened to an account."""

from __future__ import annotations

from datetime import UTC, datetime

from matchmaker.domain.devices import Browser, System
from matchmaker.domain.kinds import Role
from matchmaker.domain.security_events import BY_OTHERS, SecurityEvent
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.security import SecurityFacts, compose_security_notice
from tests.unit.notifications.publication_facts import EIKEN, MOMENT, REGION, SETTINGS
from tests.unit.notifications.sampling import Sample, sample

WITHOUT_DEVICE = BY_OTHERS | {SecurityEvent.RECOVERY_CODE_USED, SecurityEvent.DATA_EXPORTED}


def facts(event: SecurityEvent) -> SecurityFacts:
    """Return a notice of this event with all that is known in such a case."""
    has_device = event not in WITHOUT_DEVICE
    return SecurityFacts(
        uid="5f1d",
        event=event,
        at=datetime(2026, 12, 23, 9, 15, tzinfo=UTC),
        browser=Browser.FIREFOX if has_device else None,
        system=System.OTHER if event is SecurityEvent.NEW_DEVICE else System.WINDOWS if has_device else None,
        provider="Entree" if "identity" in event.value else "",
        role=Role.COORDINATOR if event in BY_OTHERS else None,
        place="De Eiken" if event in BY_OTHERS else "",
    )


def samples() -> dict[str, Sample]:
    """Return a notice of every event, and one to somebody who works in no region any more."""
    person = EIKEN.contacts[0]
    within = Letterhead(SETTINGS, REGION, MOMENT)
    alone = Letterhead(SETTINGS, None, MOMENT)
    return {
        f"security_notice-{event.value}": sample(
            compose_security_notice, facts(event), person, within, needs=("provider", "place")
        )
        for event in SecurityEvent
    } | {
        "security_notice-without_region": sample(
            compose_security_notice, facts(SecurityEvent.PASSWORD_CHANGED), person, alone
        )
    }
