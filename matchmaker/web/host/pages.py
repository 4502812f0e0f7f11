"""What a host's home shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from matchmaker import clock
from matchmaker.domain.permissions import Permission
from matchmaker.domain.phases import RESULT_PHASES, Phase
from matchmaker.models import Booking, Host, Region, Round, School, Slot, User
from matchmaker.queries import calendar_answers, people, rounds, visits
from matchmaker.services.calendars import HISTORY
from matchmaker.services.visit_facts import CONTACT_ROLES
from matchmaker.web.banners import Banner
from matchmaker.web.calendar_words import CalendarMark, mark_calendars
from matchmaker.web.formats import format_day
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext
from matchmaker.web.phase_bar import PhaseStep, build_phase_bar
from matchmaker.web.rounds import choose_current_round, is_result_late, tell_late_result


@dataclass(frozen=True)
class Guest:
    """A group that comes, with the people of its school."""

    booking: Booking
    contacts: list[User]


@dataclass(frozen=True)
class SlotLine:
    """A slot with who comes to it."""

    slot: Slot
    guests: list[Guest]
    # What calendars of the host answered.
    marks: list[CalendarMark] = field(default_factory=list)

    @property
    def pupils(self) -> int:
        """Pupils of all groups together."""
        return sum(guest.booking.group.pupils for guest in self.guests)

    @property
    def places_left(self) -> int:
        """Places for groups that nobody took."""
        return self.slot.capacity_groups - len(self.guests)

    @property
    def is_open(self) -> bool:
        """Tell whether it has not begun, so that it can still be called off."""
        return self.slot.starts_at > clock.now()

    @property
    def result_known(self) -> bool:
        """Tell whether the slot's round has told its result."""
        return self.slot.round.phase in RESULT_PHASES


@dataclass(frozen=True)
class HostDay:
    """The visited slots of one day."""

    slots: list[SlotLine]

    @property
    def contacts(self) -> list[tuple[School, list[User]]]:
        """The schools of the day, each once, with whom to call."""
        guests = [guest for line in self.slots for guest in line.guests]
        found = {guest.booking.group.school: guest.contacts for guest in guests}
        return sorted(found.items(), key=lambda pair: pair[0].name)


@dataclass(frozen=True)
class HostPage:
    """A host's home."""

    host: Host
    region: Region
    round: Round | None
    phases: list[PhaseStep]
    banner: Banner | None
    visited: list[HostDay]
    empty: list[SlotLine]
    waiting: list[SlotLine]
    past: list[HostDay]
    may_cancel: bool = False
    may_manage_slots: bool = False

    @property
    def groups(self) -> int:
        """Groups that are still to come."""
        return sum(len(line.guests) for day in self.visited for line in day.slots)

    @property
    def pupils(self) -> int:
        """Pupils that are still to come."""
        return sum(line.pupils for day in self.visited for line in day.slots)

    @property
    def slots(self) -> int:
        """Slots to which somebody is still to come."""
        return sum(len(day.slots) for day in self.visited)


def build_host_page(host: Host) -> HostPage:
    """Load and arrange everything of the host's home."""
    now = clock.now()
    current = choose_current_round(rounds.list_rounds(host.region_id))
    lines = _build_lines(visits.list_host_slots(host.id, now - HISTORY))
    coming = [line for line in lines if line.slot.ends_at >= now]
    return HostPage(
        host=host,
        region=host.region,
        round=current,
        phases=build_phase_bar(current, clock.today()) if current else [],
        banner=_choose_banner(current, [line for line in coming if not line.result_known]),
        visited=_by_day([line for line in coming if line.guests]),
        empty=[line for line in coming if not line.guests and line.result_known],
        waiting=[line for line in coming if not line.guests and not line.result_known],
        past=_by_day([line for line in lines if line.slot.ends_at < now and line.guests]),
        may_cancel=get_visitor().may(Permission.CANCEL_VISITS, host.region_id, host),
        may_manage_slots=get_visitor().may(Permission.MANAGE_SLOTS, host.region_id, host),
    )


def _by_day(lines: Sequence[SlotLine]) -> list[HostDay]:
    days = groupby(lines, key=lambda line: clock.local(line.slot.starts_at).date())
    return [HostDay(list(same)) for _day, same in days]


def _build_lines(slots: Sequence[Slot]) -> list[SlotLine]:
    bookings = visits.list_slot_bookings([slot.id for slot in slots])
    school_ids = sorted({b.group.school_id for found in bookings.values() for b in found})
    contacts = people.list_contacts(school_ids, CONTACT_ROLES)
    marks = mark_calendars(
        calendar_answers.list_slot_worries([s.id for s in slots if s.starts_at > clock.now()])
    )
    return [
        SlotLine(
            slot,
            [Guest(b, contacts.get(b.group.school_id, [])) for b in bookings.get(slot.id, [])],
            marks.get(slot.id, []),
        )
        for slot in slots
    ]


def _choose_banner(current: Round | None, waiting: Sequence[SlotLine]) -> Banner | None:
    if current is not None and current.phase == Phase.PUBLISHED:
        return Banner(_("De uitslag is bekend."), _("Hieronder staat wie er wanneer komt."), "ok")
    if current is None or current.phase in RESULT_PHASES or not waiting:
        return None
    text = ""
    if current.phase != Phase.PREPARING:
        text = (
            tell_late_result()
            if is_result_late(current)
            else _("U hoort uiterlijk %(day)s wie er komt.", day=format_day(current.result_on))
        )
    title = ngettext(
        "%(num)d tijdvak van u doet mee in de ronde %(name)s.",
        "%(num)d tijdvakken van u doen mee in de ronde %(name)s.",
        len(waiting),
        name=current.name,
    )
    return Banner(title, text)
