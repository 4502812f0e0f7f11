"""What calendar programs answer to an invitation (RFC 5546 sections 3.2.3, 3.2.7), read with suspicion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from icalendar import Calendar

from matchmaker import clock
from matchmaker.domain.calendar_answers import CalendarAnswer
from matchmaker.notifications.wording import many_lines, shorten

LONGEST_COMMENT = 2000


class Unreadable(StrEnum):
    """Why an answer cannot be read."""

    NO_CALENDAR = "no_calendar"
    NO_ANSWER = "no_answer"
    NO_EVENT = "no_event"
    SEVERAL_EVENTS = "several_events"
    NO_UID = "no_uid"
    NO_ATTENDEE = "no_attendee"
    SEVERAL_ATTENDEES = "several_attendees"
    NO_TIME = "no_time"


class UnreadableReplyError(Exception):
    """The calendar part is no answer that can be understood; `reason` says why."""

    def __init__(self, reason: Unreadable) -> None:
        self.reason = reason
        super().__init__(reason.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarReply:
    """One person's answer about one appointment.

    Parameters
    ----------
    uid
        Of the appointment, as it was sent.
    sequence
        Of the version that is answered, from 0.
    stamp
        When the answer was given, aware; None when it does not say.
    attendee
        Address of who answers, lower case.
    comment
        Words that came with it; line ends are kept.
    proposed
        Start and end of another time, aware; only in a counter.
    """

    uid: str
    sequence: int
    stamp: datetime | None
    attendee: str
    answer: CalendarAnswer
    comment: str = ""
    proposed: tuple[datetime, datetime] | None = None


def read_calendar_reply(content: bytes) -> CalendarReply:
    """Return the answer that a calendar part holds.

    The method inside the calendar counts, not the one that the mail announces: programs that propose
    another time announce a REPLY all the same.

    Parameters
    ----------
    content
        The part, decoded from its transfer encoding; any bytes.

    Raises
    ------
    UnreadableReplyError
        When it is no calendar, no answer, about several appointments or by several people.
    """
    calendar = _parse(content)
    method = str(calendar.get("method", "")).strip().upper()
    if method not in {"REPLY", "COUNTER"}:
        raise UnreadableReplyError(Unreadable.NO_ANSWER)
    event = _only_event(calendar)
    uid = str(event.get("uid", "")).strip()
    if not uid:
        raise UnreadableReplyError(Unreadable.NO_UID)
    attendee, part_stat = _only_attendee(event, method)
    answer = CalendarAnswer.COUNTER if method == "COUNTER" else _answer_of(part_stat)
    return CalendarReply(
        uid=uid,
        sequence=_whole(event.get("sequence")),
        stamp=_moment(event, "dtstamp"),
        attendee=attendee,
        answer=answer,
        comment=_comment(event),
        proposed=_proposed(event) if answer is CalendarAnswer.COUNTER else None,
    )


def _parse(content: bytes) -> Any:
    try:
        found = Calendar.from_ical(content)
    except Exception:  # noqa: BLE001 - whatever a stranger's bytes do to the library
        raise UnreadableReplyError(Unreadable.NO_CALENDAR) from None
    if getattr(found, "name", "") != "VCALENDAR":
        raise UnreadableReplyError(Unreadable.NO_CALENDAR)
    return found


def _only_event(calendar: Any) -> Any:
    events = calendar.walk("VEVENT")
    if not events:
        raise UnreadableReplyError(Unreadable.NO_EVENT)
    if len({str(event.get("uid", "")) for event in events}) > 1:
        raise UnreadableReplyError(Unreadable.SEVERAL_EVENTS)
    return events[0]


def _only_attendee(event: Any, method: str) -> tuple[str, str]:
    """Return address and participation status of who answers; those who said nothing do not count."""
    found = {
        (_address(value), _status(value))
        for value in _list(event.get("attendee"))
        if method == "COUNTER" or _status(value) != "NEEDS-ACTION"
    }
    people = {address for address, _ in found if address}
    if not people:
        raise UnreadableReplyError(Unreadable.NO_ATTENDEE)
    if len(people) > 1 or len(found) > 1:
        raise UnreadableReplyError(Unreadable.SEVERAL_ATTENDEES)
    return next(iter(found))


def _answer_of(status: str) -> CalendarAnswer:
    known = {
        "ACCEPTED": CalendarAnswer.ACCEPTED,
        "TENTATIVE": CalendarAnswer.TENTATIVE,
        "DECLINED": CalendarAnswer.DECLINED,
    }
    if status not in known:
        raise UnreadableReplyError(Unreadable.NO_ANSWER)
    return known[status]


def _proposed(event: Any) -> tuple[datetime, datetime]:
    starts_at, ends_at = _moment(event, "dtstart"), _moment(event, "dtend")
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        raise UnreadableReplyError(Unreadable.NO_TIME)
    return starts_at, ends_at


def _moment(event: Any, name: str) -> datetime | None:
    """Return a time of the event, in UTC; a time without zone is one in Amsterdam."""
    try:
        value = event.decoded(name)
        if not isinstance(value, datetime):
            return _midnight(value) if isinstance(value, date) else None
        return value.astimezone(UTC) if value.tzinfo else clock.from_local(value)
    except Exception:  # noqa: BLE001 - absent, not a time, a zone that is none, out of the calendar's range
        return None


def _midnight(day: date) -> datetime:
    return clock.from_local(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - a wall-clock time


def _comment(event: Any) -> str:
    """Return the words beside the answer; Google writes them at the attendee."""
    words = [str(value) for value in _list(event.get("comment"))]
    words = words or [_parameter(value, "X-RESPONSE-COMMENT") for value in _list(event.get("attendee"))]
    return shorten(many_lines("\n".join(words)), LONGEST_COMMENT)


def _address(value: object) -> str:
    text = str(value).strip()
    scheme, separator, rest = text.partition(":")
    if separator and scheme.lower() == "mailto":
        return rest.strip().lower()
    # Apple's servers name a person by a path or number of their own, and the address beside it.
    return (_parameter(value, "EMAIL") or text).strip().lower()


def _status(value: object) -> str:
    return (_parameter(value, "PARTSTAT") or "NEEDS-ACTION").upper()


def _parameter(value: object, name: str) -> str:
    return str(getattr(value, "params", {}).get(name, ""))


def _whole(value: object) -> int:
    try:
        return max(0, int(value))  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        return 0


def _list(value: object) -> Iterable[object]:
    if value is None:
        return ()
    return value if isinstance(value, list) else [value]
