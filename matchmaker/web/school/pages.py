"""What a school's home shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from matchmaker import clock
from matchmaker.domain.permissions import Permission
from matchmaker.domain.phases import RESULT_PHASES, Phase
from matchmaker.models import Activity, AllocationRun, Booking, Group, Region, Round, School, User
from matchmaker.notifications.refusals import explain_nothing
from matchmaker.queries import (
    calendar_answers,
    demand,
    participations,
    people,
    questions,
    rounds,
    runs,
    visits,
)
from matchmaker.services.visit_facts import CONTACT_ROLES
from matchmaker.web.banners import Banner
from matchmaker.web.calendar_words import CalendarMark, mark_calendars
from matchmaker.web.explanations import GroupLines, explain_school, read_reasons
from matchmaker.web.formats import format_day
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext
from matchmaker.web.phase_bar import PhaseStep, build_phase_bar
from matchmaker.web.prospect_words import Chance, SchoolProspects, find_school_prospects
from matchmaker.web.question_words import TeacherMark, mark_visits
from matchmaker.web.rounds import (
    choose_current_round,
    is_result_late,
    tell_last_day,
    tell_late_result,
    tell_wishing,
)


@dataclass(frozen=True)
class GroupLine:
    """A group: what it asked in the round, and what it got there or why it got nothing."""

    group: Group
    wishes: int
    submitted: bool
    bookings: list[Booking]
    refusal: str = ""
    chances: list[Chance] = field(default_factory=list)


@dataclass(frozen=True)
class VisitDay:
    """The visits of one day to one host, with the people to call."""

    bookings: list[Booking]
    contacts: list[User]

    @property
    def activity(self) -> Activity:
        """The first activity; host and place are the same for all of the day."""
        return self.bookings[0].slot.activity

    @property
    def practical(self) -> list[str]:
        """What to bring and where to report, each said once."""
        texts = (booking.slot.activity.practical for booking in self.bookings)
        return [text for text in dict.fromkeys(texts) if text]


@dataclass(frozen=True)
class SchoolPage:
    """A school's home."""

    school: School
    region: Region
    round: Round | None
    phases: list[PhaseStep]
    banner: Banner | None
    groups: list[GroupLine]
    coming: list[VisitDay]
    past: list[VisitDay]
    participations: int
    guarantee: int
    prospects: SchoolProspects | None = None
    explained: bool = False
    teachers: dict[int, TeacherMark] = field(default_factory=dict)
    # What calendars answered about visits to come, by booking.
    calendars: dict[int, list[CalendarMark]] = field(default_factory=dict)
    may_ask: bool = False
    may_cancel: bool = False
    # Visits that have not begun.
    open_ids: frozenset[int] = frozenset()

    @property
    def has_chances(self) -> bool:
        """Tell whether there is a chance to show for any wish."""
        return any(line.chances for line in self.groups)

    @property
    def result_known(self) -> bool:
        """Tell whether the round has told its result."""
        return self.round is not None and self.round.phase in RESULT_PHASES


def build_school_page(school: School) -> SchoolPage:
    """Load and arrange everything of the school's home."""
    region = school.region
    current = choose_current_round(rounds.list_rounds(region.id))
    if current is None:
        return SchoolPage(school, region, None, [], None, [], [], [], 0, region.guarantee_for(school.sector))
    bookings = visits.list_school_bookings(school.id, current.school_year_id)
    prospects = find_school_prospects(current, school.id)
    published = runs.find_published_run(current.id)
    groups = _build_groups(school, current, bookings, published, prospects)
    now = clock.now()
    open_ids = frozenset(booking.id for booking in bookings if booking.slot.starts_at > now)
    return SchoolPage(
        school=school,
        region=region,
        round=current,
        phases=build_phase_bar(current, clock.today()),
        banner=_choose_banner(current, groups),
        groups=groups,
        coming=_build_days([booking for booking in bookings if booking.slot.ends_at >= now]),
        past=_build_days([booking for booking in bookings if booking.slot.ends_at < now]),
        participations=participations.count_participations(current.school_year_id).get(school.id, 0),
        guarantee=region.guarantee_for(school.sector),
        prospects=prospects,
        explained=published is not None,
        may_ask=get_visitor().may(Permission.ASK_TEACHERS, region.id, school),
        may_cancel=get_visitor().may(Permission.CANCEL_VISITS, region.id, school),
        open_ids=open_ids,
        calendars=mark_calendars(calendar_answers.list_booking_worries(open_ids)),
        teachers=mark_visits(bookings, questions.list_booking_questions([b.id for b in bookings])),
    )


@dataclass(frozen=True)
class ExplanationPage:
    """What became of every wish of a school's groups; other schools are not named."""

    school: School
    groups: list[GroupLines]


def build_explanation_page(school: School) -> ExplanationPage:
    """Build the explanation from the run that was published for the round of now."""
    current = choose_current_round(rounds.list_rounds(school.region_id))
    published = runs.find_published_run(current.id) if current else None
    if published is None:
        return ExplanationPage(school, [])
    run = runs.get_run(published.id, with_documents=True)
    return ExplanationPage(school, explain_school(read_reasons(run, school), named=False))


def _build_groups(
    school: School,
    current: Round,
    bookings: Sequence[Booking],
    published: AllocationRun | None,
    prospects: SchoolProspects | None,
) -> list[GroupLine]:
    wishes = demand.count_wishes(school.id, current.id)
    asked = demand.list_wishes(school.id, current.id) if prospects else {}
    refusals = published.figures.get("without_place", {}) if published else {}
    lines = []
    for group in demand.list_groups(school.id, current.school_year_id):
        number, submitted = wishes.get(group.id, (0, False))
        own = [b for b in bookings if b.group_id == group.id and b.slot.round_id == current.id]
        sentence = explain_nothing(refusals.get(str(group.id)))
        chances = prospects.chances(group.id, asked.get(group.id, [])) if prospects else []
        lines.append(GroupLine(group, number, submitted, own, _(sentence) if sentence else "", chances))
    return lines


def _build_days(bookings: Sequence[Booking]) -> list[VisitDay]:
    host_ids = sorted({booking.slot.activity.host_id for booking in bookings})
    contacts = people.list_contacts(host_ids, CONTACT_ROLES) if host_ids else {}
    return [
        VisitDay(list(same), contacts.get(key[1], [])) for key, same in groupby(bookings, key=_day_and_place)
    ]


def _day_and_place(booking: Booking) -> tuple[date, int, bool, str]:
    activity = booking.slot.activity
    return clock.local(booking.starts_at).date(), activity.host_id, activity.mobile, booking.slot.venue


def _choose_banner(current: Round, groups: Sequence[GroupLine]) -> Banner | None:
    """Choose the one thing that this school should know now."""
    without = [line for line in groups if not line.submitted]
    if current.phase == Phase.WISHING and without:
        return Banner(
            ngettext(
                "%(num)d groep heeft nog geen ingediende wensen.",
                "%(num)d groepen hebben nog geen ingediende wensen.",
                len(without),
            ),
            tell_last_day(current),
            "sun",
        )
    return {
        Phase.PREPARING: Banner(
            _("Het nieuwe aanbod komt eraan."),
            tell_wishing(current),
        ),
        Phase.OFFERING: Banner(
            _("Aanbieders geven nu hun data op."),
            tell_wishing(current),
        ),
        Phase.WISHING: Banner(
            _("Al uw groepen hebben wensen ingediend."),
            tell_late_result()
            if is_result_late(current)
            else _("U hoort op %(day)s wat elke groep krijgt.", day=format_day(current.result_on)),
            "ok",
        ),
        Phase.ALLOCATING: _wait_for_result(current),
        Phase.REVIEWING: _wait_for_result(current),
        Phase.PUBLISHED: _tell_result(groups),
        Phase.CLOSED: None,
    }[current.phase]


def _wait_for_result(current: Round) -> Banner:
    title = _("De plaatsen worden nu verdeeld. U hoeft niets te doen.")
    if is_result_late(current):
        return Banner(title, tell_late_result())
    return Banner(
        title, _("U hoort uiterlijk %(day)s wat elke groep krijgt.", day=format_day(current.result_on))
    )


def _tell_result(groups: Sequence[GroupLine]) -> Banner:
    placed = sum(1 for line in groups if line.bookings)
    return Banner(
        _("De uitslag is bekend."),
        ngettext(
            "%(placed)d van uw groepen heeft een plek. Hieronder staat wat, waar en wanneer.",
            "%(placed)d van uw groepen hebben een plek. Hieronder staat wat, waar en wanneer.",
            placed,
            placed=placed,
        ),
        "ok",
    )
