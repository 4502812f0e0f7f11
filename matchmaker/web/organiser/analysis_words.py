"""Answers of the engine beside a run, arranged for pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matchmaker.domain.analyses import ACTIVE_ANALYSIS_STATES, AnalysisState
from matchmaker.domain.kinds import ActivityKind
from matchmaker.models import Analysis, School
from matchmaker.queries import offer, round_figures
from matchmaker.web.formats import format_day_short, format_levels
from matchmaker.web.labels import label
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext

YARDSTICK_ORDER = ("first_come", "deferred_acceptance", "iterated_matching")
_MOST_NAMES = 8


@dataclass(frozen=True)
class YardstickLine:
    """One way to allocate in figures."""

    name: str
    explanation: str
    below: list[int]
    worst_off: float
    first_wishes: int
    kilometres: float
    own: bool


@dataclass(frozen=True)
class SpotLine:
    """An extra slot: what, for whom, where, when, and what it would bring.

    `schools` are those that it lifts, or only those that compete for the places when `competing`;
    `effects` holds, where known, what more wishes would bring without the slot, and both together.
    """

    what: str
    levels: str
    where: str
    when: str
    gain: str
    schools: list[School]
    competing: bool
    effects: list[tuple[str, str]]
    wishes_matter: bool


def is_active(analysis: Analysis | None) -> bool:
    """Tell whether the analysis waits or runs."""
    return analysis is not None and analysis.state in ACTIVE_ANALYSIS_STATES


def has_failed(analysis: Analysis | None) -> bool:
    """Tell whether the newest try came to nothing."""
    return analysis is not None and analysis.state == AnalysisState.FAILED


def document_of(analysis: Analysis | None) -> dict[str, Any]:
    """Return the answer; empty when there is none."""
    return (analysis.document if analysis is not None else None) or {}


def list_yardsticks(document: Mapping[str, Any]) -> list[YardstickLine]:
    """Return the engine's line and those of the yardsticks; empty until they are known."""
    if "yardsticks" not in document:
        return []
    names = {
        "engine": (_("Deze uitslag"), ""),
        "first_come": (_("Wie het eerst komt"), _("elke groep kiest op volgorde van aanmelden")),
        "deferred_acceptance": (
            _("Voorlopig toewijzen"),
            _("aanbieders houden wie het meest nodig heeft, de rest probeert verder"),
        ),
        "iterated_matching": (_("Ronde na ronde"), _("telkens zoveel mogelijk groepen zonder plek koppelen")),
    }
    found = {"engine": document["engine"], **document["yardsticks"]}
    return [
        YardstickLine(
            *names[key],
            below=list(found[key]["schools_below"]),
            worst_off=float(found[key]["worst_off"]),
            first_wishes=int(found[key]["first_wishes"]),
            kilometres=float(found[key]["kilometres"]),
            own=key == "engine",
        )
        for key in ("engine", *YARDSTICK_ORDER)
        if key in found
    ]


def list_spots(region_id: int, spots: Sequence[Mapping[str, Any]]) -> list[SpotLine]:
    """Return extra slots in words; both blind spots and bottlenecks of a certificate."""
    titles = offer.name_activities(region_id) if any(spot.get("activity") for spot in spots) else {}
    schools = load_schools(region_id, [key for spot in spots for key in _mentioned(spot)])
    return [_build_spot(spot, titles, schools) for spot in spots]


def load_schools(region_id: int, problem_ids: Sequence[str]) -> dict[str, School]:
    """Return schools by their id in the problem."""
    ids = {int(problem_id[1:]) for problem_id in problem_ids}
    return {f"S{s.id}": s for s in round_figures.list_schools(region_id, ids)} if ids else {}


def name_kind(kind: str) -> str:
    """Return the name of a kind of activity."""
    return label(ActivityKind(kind))


def name_week(week: str) -> str:
    """Return the first day of an ISO week such as ``2026-W41``."""
    return format_day_short(date.fromisoformat(f"{week}-1"))


def _mentioned(spot: Mapping[str, Any]) -> list[str]:
    near = [spot["near"]] if spot.get("near") else []
    return near + _list_schools(spot)


def _list_schools(spot: Mapping[str, Any]) -> list[str]:
    return list(spot.get("lifted_schools", spot.get("schools", [])))[:_MOST_NAMES]


def _build_spot(
    spot: Mapping[str, Any], titles: Mapping[int, str], schools: Mapping[str, School]
) -> SpotLine:
    kinds = [spot["kind"]] if "kind" in spot else spot["kinds"]
    activity = int(spot["activity"][1:]) if spot.get("activity") else None
    near = schools.get(spot.get("near") or "")
    what = ", ".join(name_kind(kind) for kind in kinds)
    if activity is not None:
        what = _("nog een keer ‘%(title)s’", title=titles.get(activity, "…"))
    effects = _list_effects(spot)
    return SpotLine(
        what=what,
        levels=format_levels(spot["levels"]),
        where=_("bij %(place)s", place=f"{near.name}, {near.place}") if near else _("op de bekende plek"),
        when=_name_when(spot),
        gain=_name_slot_gain(spot),
        schools=[schools[key] for key in _list_schools(spot) if key in schools],
        competing="lifted_schools" not in spot,
        effects=effects,
        wishes_matter=bool(effects) and (any(spot["wish_gain"]) or spot["both_gain"] != spot["gain"]),
    )


def _name_slot_gain(spot: Mapping[str, Any]) -> str:
    gain = _name_gain(spot.get("gain") or spot.get("confirmed") or [])
    return gain if spot.get("exact", True) else _("minstens %(gain)s", gain=gain)


def _list_effects(spot: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the slot, more wishes and both bring, so that nobody takes one for the other."""
    if spot.get("wish_gain") is None or spot.get("both_gain") is None:
        return []
    nothing = _("geen school meer op de garantie")
    return [
        (_("Alleen dit tijdvak"), _name_slot_gain(spot)),
        (_("Alleen meer wensen"), _name_gain(spot["wish_gain"]) or nothing),
        (_("Allebei"), _name_gain(spot["both_gain"]) or nothing),
    ]


def _name_when(spot: Mapping[str, Any]) -> str:
    if "start" in spot:
        return _("bijvoorbeeld %(day)s", day=format_day_short(date.fromisoformat(spot["start"][:10])))
    weeks = spot.get("weeks", [])[:3]
    return _("week van %(days)s", days=", ".join(name_week(week) for week in weeks)) if weeks else ""


def _name_gain(gain: Sequence[int]) -> str:
    """Say by how many schools each level falls; one may rise so that one before it falls."""
    return "; ".join(_name_level_gain(level, count) for level, count in enumerate(gain, start=1) if count)


def _name_level_gain(level: int, count: int) -> str:
    if level == 1 and count > 0:
        return ngettext(
            "%(num)d school minder zonder activiteit", "%(num)d scholen minder zonder activiteit", count
        )
    if count > 0:
        return ngettext(
            "%(num)d school minder onder %(level)d activiteiten",
            "%(num)d scholen minder onder %(level)d activiteiten",
            count,
            level=level,
        )
    return ngettext(
        "%(num)d school meer onder %(level)d activiteiten",
        "%(num)d scholen meer onder %(level)d activiteiten",
        -count,
        level=level,
    )
