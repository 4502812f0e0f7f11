"""When mail leaves that nobody waits for: by day, Monday to Saturday. Evenings and Sundays are private."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from matchmaker import clock

OPENS = time(7, 0)
CLOSES = time(21, 0)
_SUNDAY = 6
# Whoever must be at a visit, or need not come, hears it at any hour from so long before it starts.
PRESSING = timedelta(hours=48)


def find_departure(moment: datetime) -> datetime:
    """Return when a mail may leave that was written at a moment: then, or at seven on the next working day.

    Parameters
    ----------
    moment
        Aware; in whatever zone. Hours and days are those that people in the region read off the clock.
    """
    wall = clock.local(moment)
    if wall.weekday() != _SUNDAY and OPENS <= wall.time() < CLOSES:
        return moment
    day = wall.date() if wall.time() < OPENS else wall.date() + timedelta(days=1)
    if day.weekday() == _SUNDAY:
        day += timedelta(days=1)
    # The clock changes in the small hours, so seven comes once every day.
    return clock.from_local(datetime.combine(day, OPENS))


def is_pressing(starts_at: datetime, moment: datetime) -> bool:
    """Tell whether news at a moment about what starts then cannot wait until the morning; both aware."""
    return starts_at - moment < PRESSING
