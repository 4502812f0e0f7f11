"""When the background work of the site needs help."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.domain.site_health import WORKER_SILENT_AFTER, Trouble, Vitals, list_troubles

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(seconds=61), WORKER_SILENT_AFTER])
def test_a_worker_that_noted_itself_lately_is_well(age: timedelta) -> None:
    assert list_troubles(Vitals(beat_at=NOW - age), NOW) == ()


@pytest.mark.parametrize("beat_at", [None, NOW - WORKER_SILENT_AFTER - timedelta(seconds=1)])
def test_a_worker_that_stopped_or_never_began_is_silent(beat_at: datetime | None) -> None:
    assert list_troubles(Vitals(beat_at), NOW) == (Trouble.WORKER_SILENT,)


def test_a_note_from_the_future_does_not_hide_a_dead_worker() -> None:
    assert list_troubles(Vitals(NOW + timedelta(hours=2)), NOW) == (Trouble.WORKER_SILENT,)
