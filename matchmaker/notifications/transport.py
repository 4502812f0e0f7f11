"""What it takes to let a mail leave the house, and the ways in which it can fail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Protocol, Self

from matchmaker.domain.delivery import Blame
from matchmaker.notifications.wording import one_line, shorten

REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One stored mail: the bytes leave as they are, so that a repeat is identical."""

    message_id: str
    recipient: str
    body: bytes


class DeliveryError(Exception):
    """A mail did not leave; the text says why, in one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(shorten(one_line(reason), REASON_LIMIT))


class MailRefusedError(DeliveryError):
    """This one mail was not taken, or nobody can know whether it was.

    Parameters
    ----------
    blame
        What stands in its way. `Blame.BUSY` and `Blame.ACCESS` also say that other mails need not be tried.
    """

    def __init__(self, reason: str, blame: Blame) -> None:
        self.blame = blame
        super().__init__(reason)


class TransportError(DeliveryError):
    """No mail gets through at all at this moment: no connection, no trust, no access.

    Parameters
    ----------
    hold
        How long nobody needs to try again.
    """

    def __init__(self, reason: str, hold: timedelta) -> None:
        self.hold = hold
        super().__init__(reason)


class Transport(Protocol):
    """A way out for mails. Open it once for several mails and close it at the end."""

    def send(self, mail: OutgoingMail) -> None:
        """Send one mail.

        Raises
        ------
        MailRefusedError, TransportError
            When it did not leave, or when nobody can know whether it did.
        """

    def close(self) -> None:
        """Let go of the connection."""

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""


class Closing:
    """Closes at the end of a ``with``."""

    def close(self) -> None:
        """Let go of what is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
