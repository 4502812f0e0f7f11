"""What calendars answered about a visit, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matchmaker.domain.calendar_answers import CalendarAnswer
from matchmaker.models import Activity, CalendarReply, Host, School, Slot
from matchmaker.web.formats import format_clock, format_day, format_moment
from matchmaker.web.language import gettext as _


@dataclass(frozen=True)
class CalendarMark:
    """What stands at a visit about the calendar of one person."""

    text: str
    moment: str
    comment: str


@dataclass(frozen=True)
class CalendarWorry:
    """An answer in the organisers' list, with its visit."""

    reply: CalendarReply
    mark: CalendarMark

    @property
    def slot(self) -> Slot:
        """The dated occasion that it is about."""
        slot = self.reply.booking.slot if self.reply.booking is not None else self.reply.slot
        if slot is None:
            raise ValueError("an answer about nothing")
        return slot

    @property
    def activity(self) -> Activity:
        """The activity of the slot."""
        return self.slot.activity

    @property
    def organisations(self) -> list[School | Host]:
        """Whom to call, who answered first."""
        host = self.activity.host
        return [self.reply.booking.group.school, host] if self.reply.booking is not None else [host]


def mark_calendars(found: Mapping[int, Iterable[CalendarReply]]) -> dict[int, list[CalendarMark]]:
    """Return what stands at each visit, by the same ids."""
    return {key: [tell_reply(reply) for reply in replies] for key, replies in found.items()}


def tell_reply(reply: CalendarReply) -> CalendarMark:
    """Return the words for an answer that asks for attention."""
    name = reply.user.name if reply.user and reply.user.name else _("een contactpersoon")
    return CalendarMark(_tell(reply, name), format_moment(reply.created_at), reply.comment)


def _tell(reply: CalendarReply, name: str) -> str:
    if reply.answer is CalendarAnswer.COUNTER and reply.proposed_starts_at and reply.proposed_ends_at:
        return _(
            "Andere tijd gevraagd door %(name)s: %(day)s, %(start)s–%(end)s uur",
            name=name,
            day=format_day(reply.proposed_starts_at),
            start=format_clock(reply.proposed_starts_at),
            end=format_clock(reply.proposed_ends_at),
        )
    return _("In de agenda afgeslagen door %(name)s", name=name)
