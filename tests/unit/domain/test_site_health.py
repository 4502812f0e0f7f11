"""When the background work of the site needs help."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.domain.site_health import (
    MAIL_STANDS_STILL_AFTER,
    WORKER_SILENT_AFTER,
    Trouble,
    Vitals,
    list_troubles,
)

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LONG_AGO = NOW - MAIL_STANDS_STILL_AFTER - SECOND
JUST_NOW = NOW - MAIL_STANDS_STILL_AFTER
ALIVE = Vitals(beat_at=NOW)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(seconds=61), WORKER_SILENT_AFTER])
def test_a_worker_that_noted_itself_lately_is_well(age: timedelta) -> None:
    assert list_troubles(Vitals(beat_at=NOW - age), NOW) == ()


@pytest.mark.parametrize("beat_at", [None, NOW - WORKER_SILENT_AFTER - SECOND])
def test_a_worker_that_stopped_or_never_began_is_silent(beat_at: datetime | None) -> None:
    assert list_troubles(Vitals(beat_at), NOW) == (Trouble.WORKER_SILENT,)


def test_a_note_from_the_future_does_not_hide_a_dead_worker() -> None:
    assert list_troubles(Vitals(NOW + timedelta(hours=2)), NOW) == (Trouble.WORKER_SILENT,)


@pytest.mark.parametrize(("since", "told"), [(JUST_NOW, ()), (LONG_AGO, (Trouble.MAIL_REFUSED,))])
def test_a_mail_server_that_takes_nothing_is_told_before_five_minutes_are_over(
    since: datetime, told: tuple[Trouble, ...]
) -> None:
    assert list_troubles(replace(ALIVE, refused_since=since), NOW) == told
    assert timedelta(minutes=5) > MAIL_STANDS_STILL_AFTER


@pytest.mark.parametrize("sent_at", [None, LONG_AGO])
def test_mail_that_lies_while_nothing_leaves_is_late(sent_at: datetime | None) -> None:
    assert list_troubles(replace(ALIVE, bulk_due_at=LONG_AGO, sent_at=sent_at), NOW) == (Trouble.MAIL_LATE,)


def test_many_mails_take_their_time_as_long_as_mails_leave() -> None:
    assert list_troubles(replace(ALIVE, bulk_due_at=NOW - timedelta(hours=1), sent_at=NOW), NOW) == ()


def test_who_signs_in_does_not_wait_for_many_mails() -> None:
    vitals = replace(ALIVE, bulk_due_at=LONG_AGO, urgent_due_at=LONG_AGO, sent_at=NOW)
    assert list_troubles(vitals, NOW) == (Trouble.MAIL_LATE,)


def test_mail_that_became_due_just_now_is_not_late() -> None:
    assert list_troubles(replace(ALIVE, bulk_due_at=JUST_NOW, urgent_due_at=JUST_NOW), NOW) == ()


def test_the_cause_comes_before_what_follows_from_it() -> None:
    assert list_troubles(Vitals(refused_since=LONG_AGO, bulk_due_at=LONG_AGO), NOW) == (
        Trouble.WORKER_SILENT,
        Trouble.MAIL_REFUSED,
        Trouble.MAIL_LATE,
    )
