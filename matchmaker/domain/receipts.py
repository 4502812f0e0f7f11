"""When a school hears which wishes are in: once for a burst of changes, and not about old ones."""

from __future__ import annotations

from datetime import datetime, timedelta

# So long nothing changes before a receipt is written.
SETTLED_AFTER = timedelta(minutes=30)
# What changed longer ago is no news any more.
NEWS_FOR = timedelta(days=2)


def is_receipt_due(changed_at: datetime, told_at: datetime | None, now: datetime) -> bool:
    """Tell whether a school is to hear of its wishes now.

    Parameters
    ----------
    changed_at
        When any of them changed last.
    told_at
        When the newest receipt was written; None: there is none.
    """
    is_news = now - NEWS_FOR < changed_at <= now - SETTLED_AFTER
    return is_news and (told_at is None or told_at < changed_at)
