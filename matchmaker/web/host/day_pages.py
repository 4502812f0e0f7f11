"""What the page of one day of a host shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from matchmaker.domain.errors import NotFoundError
from matchmaker.models import Host
from matchmaker.notifications.host_days import SheetDay
from matchmaker.services.host_days import find_host_day

_ISO_DATE = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class DayPage:
    """A day of a host; `sheet` is None when nobody comes."""

    host: Host
    day: date
    sheet: SheetDay | None


def build_day_page(host: Host, day: str) -> DayPage:
    """Load who comes on a day.

    Parameters
    ----------
    day
        The date in the address of the page: ``2027-01-12``.

    Raises
    ------
    NotFoundError
        When that is no date of this century.
    """
    try:
        found = date.fromisoformat(day) if _ISO_DATE.fullmatch(day) else None
    except ValueError:
        found = None
    if found is None:
        raise NotFoundError
    return DayPage(host, found, find_host_day(host, found))
