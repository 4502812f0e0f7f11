"""Why groups got what they got: for organisers with names of other groups, for a school without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from matchmaker.allocation.formats import read_problem, read_result
from matchmaker.allocation.problem import Group as ProblemGroup
from matchmaker.allocation.problem import Placement
from matchmaker.allocation.problem import Slot as ProblemSlot
from matchmaker.allocation.reasons import PLACED, DecisionLog, Occupant, SlotReason, WishReason
from matchmaker.domain.kinds import ActivityKind
from matchmaker.models import AllocationRun, School
from matchmaker.queries import demand, offer
from matchmaker.web.formats import capitalise, format_day_short, format_group, format_wall_clock
from matchmaker.web.labels import label
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext
from matchmaker.web.reason_words import WORTH_ORDER, name_ahead, name_ahead_of_many, sentence_for_code

_MOST_DATES = 4
_FULL = frozenset({"group_places", "pupil_places", "reserved"})
_SCARCE = _FULL | {"worth_less", "minimum", "host_day"}
"""Codes that could have been otherwise had others gone without."""
_WITHOUT_DATES = frozenset(
    {
        *("served_better", "wanted", "activity_once", "distance", "range"),
        *("min_pupils", "max_pupils", "levels", "wished"),
    }
)
"""Codes that say the same about every slot, so that days add nothing when they are the only reason."""


@dataclass(frozen=True)
class ReasonLine:
    """Some slots with the same reason: when, why, and who went first."""

    dates: list[str]
    more: int
    sentence: str
    ahead: list[str]


@dataclass(frozen=True)
class WishLine:
    """A wish and what became of it.

    `activity_id` is None for a wish of a kind; `scarce` tells whether others got what was wished.
    """

    rank: int
    name: str
    activity_id: int | None
    granted: str
    reasons: list[ReasonLine]
    scarce: bool


@dataclass(frozen=True)
class GroupLines:
    """A group with its wishes, and in `others` what it got without having wished it."""

    group_id: int
    name: str
    wanted: int
    placed: int
    wishes: list[WishLine]
    others: list[str]

    @property
    def outcome(self) -> str:
        """Say how many of its places the group got."""
        if not self.placed:
            return _("geen plek gekregen")
        if self.placed >= self.wanted:
            return ngettext(
                "de gevraagde plek gekregen", "alle %(num)d gevraagde plekken gekregen", self.wanted
            )
        return _(
            "%(placed)s van de %(wanted)s gevraagde plekken gekregen", placed=self.placed, wanted=self.wanted
        )


@dataclass(frozen=True)
class _Titles:
    """Names of groups and activities by the ids of the problem."""

    groups: Mapping[str, str]
    activities: Mapping[str, str]


@dataclass(frozen=True)
class SchoolReasons:
    """What the engine says about the wishes of one school."""

    region_id: int
    groups: list[ProblemGroup]
    reasons: Mapping[str, Sequence[WishReason]]
    slots: Mapping[str, ProblemSlot]
    placements: list[Placement]


def read_reasons(run: AllocationRun, school: School) -> SchoolReasons:
    """Read from a run that the checker passed, with its documents, what became of a school's wishes."""
    problem, result = read_problem(run.problem_json), read_result(run.result_json or "")
    log = DecisionLog(problem, result)
    groups = [group for group in problem.groups if group.school == f"S{school.id}"]
    return SchoolReasons(
        run.region_id,
        groups,
        {group.id: list(log.reasons_of(group)) for group in groups},
        log.directory.slots,
        [placement for placement in result.placements if placement.group in {g.id for g in groups}],
    )


def explain_school(found: SchoolReasons, *, named: bool) -> list[GroupLines]:
    """Return what became of every wish of a school's groups, in words.

    Parameters
    ----------
    found
        What the engine says.
    named
        Whether groups of other schools that went first are named; only organisers may see that.
    """
    titles = _load_titles(found.region_id, found.groups, found.reasons, named=named)
    return [
        GroupLines(
            int(group.id[1:]),
            titles.groups.get(group.id, "…"),
            group.wanted,
            sum(placement.group == group.id for placement in found.placements),
            [_build_wish(wish, found.slots, titles, named=named) for wish in found.reasons[group.id]],
            [
                _name_placement(found.slots[placement.slot], titles)
                for placement in found.placements
                if placement.group == group.id and placement.rank is None
            ],
        )
        for group in found.groups
    ]


def write_text(school: School, origin: str, groups: Iterable[GroupLines]) -> str:
    """Return the explanation as plain text that the school may read."""
    lines = [_("Uitleg bij de uitslag voor %(school)s", school=f"{school.name}, {school.place}"), origin]
    for group in groups:
        lines += ["", f"{capitalise(group.name)}: {group.outcome}"]
        lines += ["  " + _("Iets anders gekregen: %(what)s", what=other) for other in group.others]
        for wish in group.wishes:
            lines.append(f"  {wish.rank}. {wish.name}: {wish.granted or _('niet gekregen')}")
            lines += [f"     {_join(reason)}" for reason in wish.reasons]
    return "\n".join(lines) + "\n"


def _join(reason: ReasonLine) -> str:
    more = [ngettext("en nog %(num)d tijdvak", "en nog %(num)d tijdvakken", reason.more)] * bool(reason.more)
    when = "; ".join([*reason.dates, *more])
    return " ".join(
        [*([f"{capitalise(when)}:"] if when else []), reason.sentence, *map(capitalise, reason.ahead)]
    )


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
        [] if granted else _build_reasons(wish, slots, titles, named=named),
        scarce=not granted and any(reason.code in _SCARCE for reason in wish.slots),
    )


def _name_placement(slot: ProblemSlot, titles: _Titles) -> str:
    return f"{titles.activities.get(slot.activity, '…')}, {_name_date(slot)}, {_name_times(slot)}"


def _build_reasons(
    wish: WishReason, slots: Mapping[str, ProblemSlot], titles: _Titles, *, named: bool
) -> list[ReasonLine]:
    """Return the reasons, nearest to a place first; for organisers each full slot with who went first."""
    codes = {reason.code for reason in wish.slots}
    # A group that is served better needs no list of the days on which it could not have come either.
    is_served = "served_better" in codes and not codes & _SCARCE
    if not codes or is_served or (len(codes) == 1 and codes <= _WITHOUT_DATES):
        return [ReasonLine([], 0, sentence_for_code("served_better" if is_served else wish.code, {}), [])]
    lines = []
    for code in WORTH_ORDER:
        alike = [reason for reason in wish.slots if reason.code == code]
        full = [reason for reason in alike if named and reason.occupants][:_MOST_DATES]
        lines += [_build_line([reason], slots, titles, named=named) for reason in full]
        rest = [reason for reason in alike if reason not in full]
        if rest:
            line = _build_line(rest, slots, titles, named=named)
            only = len(rest) == len(wish.slots) and len(rest) > 1
            every = [
                _("beide tijdvakken") if len(rest) == 2 else _("alle %(count)s tijdvakken", count=len(rest))
            ]
            lines.append(replace(line, dates=every, more=0) if only else line)
    return lines


def _build_line(
    reasons: Sequence[SlotReason], slots: Mapping[str, ProblemSlot], titles: _Titles, *, named: bool
) -> ReasonLine:
    own = sorted((slots[reason.slot] for reason in reasons), key=lambda slot: (slot.start, slot.id))
    shown = own[:_MOST_DATES]
    occupants = [occupant for reason in reasons for occupant in reason.occupants]
    if named:
        ahead = [_name_occupant(occupant, titles) for occupant in occupants] if len(reasons) == 1 else []
    else:
        ahead = _tell_ahead(occupants)
    return ReasonLine(
        list(dict.fromkeys(f"{_name_date(slot)}, {_name_times(slot)}" for slot in shown)),
        len(own) - len(shown),
        sentence_for_code(reasons[0].code, reasons[0].facts),
        list(dict.fromkeys(ahead)),
    )


def _name_occupant(occupant: Occupant, titles: _Titles) -> str:
    who = titles.groups.get(occupant.group, "…")
    return f"{who}: {', '.join(name_ahead(code) for code in _main_reasons(occupant))}"


def _tell_ahead(occupants: Iterable[Occupant]) -> list[str]:
    """Say why others went first without telling who they are."""
    codes = dict.fromkeys(code for occupant in occupants for code in _main_reasons(occupant))
    if not codes:
        return []
    return [
        _("Waarom anderen voorgingen: %(why)s.", why="; ".join(name_ahead_of_many(code) for code in codes))
    ]


def _main_reasons(occupant: Occupant) -> list[str]:
    """Leave out the draw where something weightier decided."""
    return [code for code in occupant.ahead if code != "lottery"] or list(occupant.ahead)


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
