"""What a worker tells about the mails that it took in hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """How one attempt ended; the value names the field of the report."""

    SENT = "sent"
    POSTPONED = "postponed"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one call did.

    Parameters
    ----------
    sent, postponed, failed, superseded
        Messages that left, will be tried again, are given up, and were outdated.
    late
        Messages that another worker took over while this one was sending.
    problem
        Why nothing leaves at all, in one line; empty when the transport works.
    resume_at
        When mail may leave again that the limit per minute holds; None: it holds none.
    """

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    superseded: int = 0
    late: int = 0
    problem: str = ""
    resume_at: datetime | None = None

    @property
    def handled(self) -> int:
        """Messages that were taken in hand."""
        return self.sent + self.postponed + self.failed + self.late
