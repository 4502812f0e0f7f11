"""Who comes to hosts on a day, in order of time, with what the schools said about coming."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from itertools import groupby

from matchmaker import clock, scope
from matchmaker.domain.letter_days import find_next_midnight
from matchmaker.domain.questions import Answer, QuestionPurpose
from matchmaker.models import Host
from matchmaker.notifications.host_days import DaySheet, Expected, SheetDay, SheetSlot
from matchmaker.notifications.visits import Occasion, Visit
from matchmaker.queries.calendar_answers import list_booking_worries
from matchmaker.queries.visit_letters import VisitRow, list_visits
from matchmaker.services.letter_questions import list_answers
from matchmaker.services.visit_facts import load_occasions


class Said(StrEnum):
    """What a school said about coming; a doubt is what somebody did in a calendar."""

    COMING = "coming"
    NOT_COMING = "not_coming"
    DOUBTFUL = "doubtful"


_WORDS = {Answer.COMING: Said.COMING, Answer.CANNOT_COME: Said.NOT_COMING}


def find_host_day(host: Host, day: date) -> SheetDay | None:
    """Return who comes to a host on a day, in order of time; None when nobody does."""
    first = clock.from_local(datetime.combine(day, time()))
    # What the schools answered is not the host's to find; whether they come is.
    with scope.within(host.region_id):
        rows = [
            r for r in list_visits(host.region_id, first, find_next_midnight(first)) if r.host_id == host.id
        ]
        occasions = load_occasions(sorted({row.slot_id for row in rows}))
        days = arrange_days(rows, occasions, list_sayings({row.booking_id for row in rows})).days
    return days[0] if days else None


def list_sayings(booking_ids: Collection[int]) -> dict[int, Said]:
    """Return what schools said about coming, by booking; those of which nobody said anything are left out.

    Who says by a link that they cannot come, cannot; who took the visit out of a calendar is to be asked,
    also when a colleague confirmed it.
    """
    answers = list_answers(QuestionPurpose.VISIT, booking_ids)
    doubts = dict.fromkeys(list_booking_worries(booking_ids), Said.DOUBTFUL)
    clear = {booking_id: _WORDS[answer] for booking_id, answer in answers.items()}
    refusals = {booking_id: said for booking_id, said in clear.items() if said is Said.NOT_COMING}
    return clear | doubts | refusals


def arrange_days(
    rows: Sequence[VisitRow], occasions: Mapping[int, Occasion], said: Mapping[int, Said]
) -> DaySheet:
    """Return visits by day and slot, in order of time.

    Parameters
    ----------
    rows
        Earliest first.
    occasions
        Their slots, by id, with everybody who holds places in them.
    said
        What schools said about coming, by booking.
    """
    return DaySheet(
        days=tuple(
            SheetDay(slots=tuple(_build_slots(list(same), occasions, said)))
            for _day, same in groupby(rows, key=day_of)
        )
    )


def day_of(row: VisitRow) -> date:
    """Return the day of a visit, by the clock on the wall."""
    return clock.local(row.starts_at).date()


def _build_slots(
    rows: Sequence[VisitRow], occasions: Mapping[int, Occasion], said: Mapping[int, Said]
) -> list[SheetSlot]:
    by_slot: dict[int, dict[int, int]] = {}
    for row in rows:
        by_slot.setdefault(row.slot_id, {})[row.group_id] = row.booking_id
    slots = []
    for slot_id, bookings in by_slot.items():
        visits = (visit for visit in occasions[slot_id].visits if visit.group.id in bookings)
        expected = tuple(_expect(visit, said.get(bookings[visit.group.id])) for visit in visits)
        slots.append(SheetSlot(occasion=occasions[slot_id], expected=expected))
    return slots


def _expect(visit: Visit, said: Said | None) -> Expected:
    return Expected(
        visit=visit,
        confirmed=said is Said.COMING,
        declined=said is Said.NOT_COMING,
        doubted=said is Said.DOUBTFUL,
    )
