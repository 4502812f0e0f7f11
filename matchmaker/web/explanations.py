"""Why groups got what they got: for organisers with names of other groups, for a school without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matchmaker.allocation.formats import read_problem, read_result
from matchmaker.allocation.problem import Group as ProblemGroup
from matchmaker.allocation.problem import Slot as ProblemSlot
from matchmaker.allocation.reasons import PLACED, DecisionLog, Occupant, SlotReason, WishReason
from matchmaker.domain.kinds import ActivityKind
from matchmaker.models import AllocationRun, School
from matchmaker.queries import demand, offer
from matchmaker.web.formats import format_day_short, format_group, format_wall_clock
from matchmaker.web.labels import label
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext
from matchmaker.web.reason_words import WORTH_ORDER, name_ahead, sentence_for_code

_MOST_DATES = 4


@dataclass(frozen=True)
class ReasonLine:
    """Some slots with the same reason: when, why, and who went first."""

    dates: list[str]
    more: int
    sentence: str
    ahead: list[str]


@dataclass(frozen=True)
class WishLine:
    """A wish and what became of it; `activity_id` is None for a wish of a kind."""

    rank: int
    name: str
    activity_id: int | None
    granted: str
    reasons: list[ReasonLine]


@dataclass(frozen=True)
class GroupLines:
    """A group with its wishes."""

    group_id: int
    name: str
    wanted: int
    placed: int
    wishes: list[WishLine]


@dataclass(frozen=True)
class _Titles:
    """Names of groups and activities by the ids of the problem."""

    groups: Mapping[str, str]
    activities: Mapping[str, str]


def explain_school(run: AllocationRun, school: School, *, named: bool) -> list[GroupLines]:
    """Return what became of every wish of a school's groups in a run.

    Parameters
    ----------
    run
        A run that the checker passed, with its documents.
    named
        Whether groups of other schools that went first are named.
    """
    problem, result = read_problem(run.problem_json), read_result(run.result_json or "")
    log = DecisionLog(problem, result)
    groups = [group for group in problem.groups if group.school == f"S{school.id}"]
    reasons = {group.id: list(log.reasons_of(group)) for group in groups}
    titles = _load_titles(run.region_id, groups, reasons, named=named)
    placed = [placement.group for placement in result.placements]
    return [
        GroupLines(
            int(group.id[1:]),
            titles.groups.get(group.id, "…"),
            group.wanted,
            placed.count(group.id),
            [_build_wish(wish, log.directory.slots, titles, named=named) for wish in reasons[group.id]],
        )
        for group in groups
    ]


def write_text(school: School, groups: Iterable[GroupLines]) -> str:
    """Return the explanation as plain text that can be forwarded."""
    lines = [f"{school.name}, {school.place}"]
    for group in groups:
        got = _("%(placed)s van %(wanted)s plaatsen gekregen", placed=group.placed, wanted=group.wanted)
        lines += ["", f"{group.name}: {got}"]
        for wish in group.wishes:
            lines.append(f"  {wish.rank}. {wish.name}: {wish.granted or _('niet gekregen')}")
            lines += [f"     {_join(reason)}" for reason in wish.reasons]
    return "\n".join(lines) + "\n"


def _join(reason: ReasonLine) -> str:
    more = [ngettext("en nog %(num)d tijdvak", "en nog %(num)d tijdvakken", reason.more)] * bool(reason.more)
    ahead = f" ({'; '.join(reason.ahead)})" if reason.ahead else ""
    return f"{', '.join([*reason.dates, *more])}: {reason.sentence}{ahead}"


def _build_wish(
    wish: WishReason, slots: Mapping[str, ProblemSlot], titles: _Titles, *, named: bool
) -> WishLine:
    if wish.activity is not None:
        name = titles.activities.get(wish.activity, "…")
    else:
        name = label(ActivityKind(wish.kind or ""))
    granted = ""
    if wish.code == PLACED and wish.placed_in is not None:
        slot = slots[wish.placed_in]
        granted = _("gekregen, %(when)s", when=f"{_name_date(slot)}, {_name_times(slot)}")
        if wish.activity is None:
            granted = f"{granted}, {titles.activities.get(slot.activity, '…')}"
    return WishLine(
        wish.rank,
        name,
        int(wish.activity[1:]) if wish.activity else None,
        granted,
        [] if granted else list(_build_reasons(wish, slots, titles, named=named)),
    )


def _build_reasons(
    wish: WishReason, slots: Mapping[str, ProblemSlot], titles: _Titles, *, named: bool
) -> list[ReasonLine]:
    """Return the reasons, nearest to a place first; full slots each with who went first there."""
    if not wish.slots:
        return [ReasonLine([], 0, sentence_for_code(wish.code, {}), [])]
    lines = []
    for code in WORTH_ORDER:
        alike = [reason for reason in wish.slots if reason.code == code]
        full = [reason for reason in alike if reason.occupants][:_MOST_DATES]
        lines += [_build_line([reason], slots, titles, named=named) for reason in full]
        rest = [reason for reason in alike if reason not in full]
        if rest:
            lines.append(_build_line(rest, slots, titles, named=named))
    return lines


def _build_line(
    reasons: Sequence[SlotReason], slots: Mapping[str, ProblemSlot], titles: _Titles, *, named: bool
) -> ReasonLine:
    own = sorted((slots[reason.slot] for reason in reasons), key=lambda slot: (slot.start, slot.id))
    shown = own[:_MOST_DATES]
    ahead = [_name_occupant(occupant, titles, named=named) for occupant in reasons[0].occupants]
    return ReasonLine(
        list(dict.fromkeys(f"{_name_date(slot)}, {_name_times(slot)}" for slot in shown)),
        len(own) - len(shown),
        sentence_for_code(reasons[0].code, reasons[0].facts),
        list(dict.fromkeys(ahead)) if len(reasons) == 1 else [],
    )


def _name_occupant(occupant: Occupant, titles: _Titles, *, named: bool) -> str:
    who = titles.groups.get(occupant.group, "…") if named else _("een andere groep")
    return f"{who}: {', '.join(name_ahead(code) for code in occupant.ahead)}"


def _name_date(slot: ProblemSlot) -> str:
    return format_day_short(slot.start.date())


def _name_times(slot: ProblemSlot) -> str:
    return f"{format_wall_clock(slot.start)}–{format_wall_clock(slot.end)}"


def _load_titles(
    region_id: int,
    groups: Sequence[ProblemGroup],
    reasons: Mapping[str, Sequence[WishReason]],
    *,
    named: bool,
) -> _Titles:
    occupants = {
        occupant.group
        for wishes in reasons.values()
        for wish in wishes
        for slot in wish.slots
        for occupant in slot.occupants
    }
    own = {group.id for group in groups}
    wanted = own | (occupants if named else set())
    rows = demand.list_groups_by_id(region_id, [int(group_id[1:]) for group_id in sorted(wanted)])
    names = {
        f"G{row.id}": format_group(row)
        if f"G{row.id}" in own
        else _("%(group)s van %(school)s", group=format_group(row), school=row.school.name)
        for row in rows
    }
    titles = {f"A{key}": title for key, title in offer.name_activities(region_id).items()}
    return _Titles(names, titles)
