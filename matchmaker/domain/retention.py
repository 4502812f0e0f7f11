"""How long data stays: the one table of periods, shown in the register and kept by the nightly clean-up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from matchmaker import clock


class Retention(StrEnum):
    """A named period; what a column is labelled with."""

    # As long as the region takes part: facts of organisations, bookings, the audit log.
    PROGRAMME = "programme"
    # Until the person deletes the account or has not been here for `INACTIVE_MONTHS`.
    ACCOUNT = "account"
    MAIL_TEXT = "mail_text"
    SIGN_IN = "sign_in"
    INVITATION = "invitation"
    IMPORT = "import"
    # Counted from the end of the visit that was asked about.
    QUESTION = "question"


# Counted from the moment at which a row has served: sent, used, expired, or last used.
PERIODS: Mapping[Retention, timedelta] = MappingProxyType(
    {
        Retention.MAIL_TEXT: timedelta(days=30),
        Retention.SIGN_IN: timedelta(days=30),
        Retention.INVITATION: timedelta(days=30),
        Retention.IMPORT: timedelta(days=7),
        Retention.QUESTION: timedelta(days=30),
    }
)
# Since the last sign-in or the end of the last role, whichever is later; a region may choose another number.
INACTIVE_MONTHS = 24
# A person is told so long before the account goes.
NOTICE = timedelta(days=30)
# When the nightly clean-up starts, on the clock on the wall.
NIGHTLY_AT = time(3, 0)


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of that month when there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def night_of(moment: datetime) -> date:
    """Return the newest day whose nightly clean-up is due at this moment: today from three o'clock on."""
    local = clock.local(moment)
    return local.date() if local.time() >= NIGHTLY_AT else local.date() - timedelta(days=1)
