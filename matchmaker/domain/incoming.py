"""What comes back to the system's own address, what becomes of it, and whom a bounce speaks of."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum

# How many mails of one sender, and of all for one region, are passed on to people within a day.
MOST_PASSED_ON = 5
MOST_PASSED_ON_IN_REGION = 100
PASSED_ON_WITHIN = timedelta(days=1)
# The mailbox is full, the mail too large, or its sender or content not wanted: nothing of the address.
_NOT_THE_ADDRESS = re.compile(r"5\.(2\.2|2\.3|3\.4|6\.\d+|7\.\d+)")


class IncomingKind(StrEnum):
    """What a mail to the system's own address is."""

    CALENDAR = "calendar"
    BOUNCE = "bounce"
    DELAY = "delay"
    COMPLAINT = "complaint"
    AUTOMATIC = "automatic"
    WORDS = "words"
    UNREADABLE = "unreadable"


class IncomingOutcome(StrEnum):
    """What became of a mail that came in."""

    # It changed something, or told somebody something.
    HANDLED = "handled"
    # There is nothing to be done with it, such as out of office.
    NOTED = "noted"
    REFUSED = "refused"
    # It came before.
    REPEATED = "repeated"


def blames_address(status: str) -> bool:
    """Tell whether a bounce says that the address does not work (RFC 3463).

    Parameters
    ----------
    status
        Such as ``5.1.1``. What begins with 4 may work tomorrow; a report without one says nothing sure.
    """
    return status.startswith("5") and not _NOT_THE_ADDRESS.fullmatch(status)
