"""In the evening and on Sundays only mail leaves that somebody waits for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import BULK_LANE, URGENT_LANE
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import Contact
from tests.unit.notifications.publication_facts import REGION, SETTINGS

EVENING = datetime(2026, 12, 23, 20, 30, tzinfo=UTC)
MORNING = datetime(2026, 12, 24, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(("lane", "leaves"), [(URGENT_LANE, EVENING), (BULK_LANE, MORNING)])
def test_in_the_evening_only_what_people_wait_for_leaves(lane: int, leaves: datetime) -> None:
    draft = Draft(
        kind=MessageKind.JOIN_ASKED,
        recipient=Contact(name="Bureau", email="bureau@techniekpact.example"),
        cause="test",
        lane=lane,
        facts={"requests_path": "/"},
    )
    assert compose_message(draft, Letterhead(SETTINGS, REGION, EVENING)).next_attempt_at == leaves


def test_an_operator_may_let_mail_leave_at_any_hour() -> None:
    letterhead = Letterhead(replace(SETTINGS, quiet_hours=False), REGION, EVENING)
    assert letterhead.departure_of(EVENING) == EVENING
