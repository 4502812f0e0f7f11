"""A receipt is written once wishes have come to rest, and not about what is old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.domain.receipts import NEWS_FOR, SETTLED_AFTER, is_receipt_due

CHANGED = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("told_at", "now", "due"),
    [
        (None, CHANGED + SETTLED_AFTER - SECOND, False),
        (None, CHANGED + SETTLED_AFTER, True),
        (None, CHANGED + NEWS_FOR - SECOND, True),
        (None, CHANGED + NEWS_FOR, False),
        (CHANGED - SECOND, CHANGED + SETTLED_AFTER, True),
        (CHANGED + SETTLED_AFTER, CHANGED + SETTLED_AFTER + SECOND, False),
    ],
    ids=["not at rest", "at rest", "still news", "too old", "changed since", "told already"],
)
def test_a_receipt_is_due(told_at: datetime | None, now: datetime, due: bool) -> None:
    assert is_receipt_due(CHANGED, told_at, now) is due
