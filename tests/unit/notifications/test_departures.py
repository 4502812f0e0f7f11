"""In the evening and on Sundays only mail leaves that somebody waits for."""

from __future__ import annotations

from dataclasses import Field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from matchmaker.domain.kinds import MessageKind
from matchmaker.models import Message
from matchmaker.models.message import BULK_LANE, URGENT_LANE
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import Contact, SlotFacts
from tests.unit.notifications.publication_facts import REGION, SETTINGS
from tests.unit.notifications.samples import SAMPLES

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


def test_a_demonstration_does_not_wait_for_the_morning() -> None:
    letterhead = Letterhead(replace(SETTINGS, demo=True), REGION, EVENING)
    assert letterhead.departure_of(EVENING) == EVENING


def meet(name: str, ahead: timedelta) -> Message:
    """Return a sample written in the evening about visits that begin so much later."""

    def move(owner: Any, item: Field[Any], value: Any) -> Any:
        if isinstance(owner, SlotFacts) and item.name in {"starts_at", "ends_at"}:
            return EVENING + ahead + timedelta(hours=item.name == "ends_at")
        return EVENING if isinstance(owner, Letterhead) and item.name == "moment" else value

    return SAMPLES[name].changed(move).message()


@pytest.mark.parametrize("name", [n for n in SAMPLES if n.startswith(("visit_changed_", "visit_cancelled_"))])
def test_news_about_a_visit_that_is_near_leaves_at_night_and_other_news_in_the_morning(name: str) -> None:
    assert meet(name, timedelta(hours=12)).next_attempt_at == EVENING
    assert meet(name, timedelta(days=3)).next_attempt_at == MORNING
