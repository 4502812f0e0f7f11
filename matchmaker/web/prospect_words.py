"""What can be expected while wishes come in, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchmaker.domain.analyses import ACTIVE_ANALYSIS_STATES, AnalysisKind
from matchmaker.domain.kinds import ActivityKind
from matchmaker.domain.phases import Phase
from matchmaker.models import Analysis, Round, School, Wish
from matchmaker.queries import analyses, round_figures
from matchmaker.web.formats import format_levels
from matchmaker.web.labels import label
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext

_MOST_NAMES = 8


@dataclass(frozen=True)
class Chance:
    """The chance of one wish, in five steps; 0 when no slot suits the group."""

    name: str
    step: int

    @property
    def words(self) -> str:
        """Return the step in words."""
        return {
            0: _("kan niet: geen passend tijdvak"),
            1: _("kleine kans"),
            2: _("matige kans"),
            3: _("redelijke kans"),
            4: _("goede kans"),
            5: _("bijna zeker"),
        }[self.step]


@dataclass(frozen=True)
class Bottleneck:
    """Schools that together lack places, whatever is decided."""

    sentence: str
    schools: str
    offer: str


@dataclass(frozen=True)
class RoundProspects:
    """What an organiser can expect of the round with the wishes of now."""

    promised: bool
    least_below: list[str]
    bottlenecks: list[Bottleneck]
    unreachable: list[tuple[School, int, int]]
    computed_at: datetime
    outdated: bool


def find_round_prospects(round_: Round) -> RoundProspects | None:
    """Return the prospects of a round in which wishes come in, or None while there are none."""
    analysis = _find(round_)
    if analysis is None or analysis.document is None or analysis.computed_at is None:
        return None
    document = analysis.document
    return RoundProspects(
        promised=bool(document["guarantee_promised"]),
        least_below=[
            _name_level(level, count) for level, count in enumerate(document["least_below"], start=1) if count
        ],
        bottlenecks=[_build_bottleneck(round_.region_id, item) for item in document["bottlenecks"][:5]],
        unreachable=_list_unreachable(round_.region_id, document["schools"]),
        computed_at=analysis.computed_at,
        outdated=analysis.state in ACTIVE_ANALYSIS_STATES
        or analysis.input_mark != analyses.mark_input(round_),
    )


@dataclass(frozen=True)
class SchoolProspects:
    """What a school can expect: a chance for each wish by group id, and the most it could reach."""

    document: Mapping[str, Any]
    computed_at: datetime
    school_id: int

    def chances(self, group_id: int, wishes: list[Wish]) -> list[Chance]:
        """Return the chances of a group's wishes; wishes that came in later have none yet."""
        steps = self.document["wishes"].get(f"G{group_id}", [])
        return [Chance(_name_wish(wish), step) for wish, step in zip(wishes, steps, strict=False)]

    @property
    def warning(self) -> str:
        """Return a sentence when the school cannot reach its guarantee with its own wishes."""
        own = self.document["schools"].get(f"S{self.school_id}")
        if own is None or own["reachable"] >= own["guarantee"]:
            return ""
        return ngettext(
            "Met deze wensen kan uw school hoogstens %(num)d activiteit krijgen.",
            "Met deze wensen kan uw school hoogstens %(num)d activiteiten krijgen.",
            own["reachable"],
        )


def find_school_prospects(round_: Round, school_id: int) -> SchoolProspects | None:
    """Return what a school can expect while wishes come in, or None while that is not known."""
    analysis = _find(round_)
    if analysis is None or analysis.document is None or analysis.computed_at is None:
        return None
    return SchoolProspects(analysis.document, analysis.computed_at, school_id)


def _find(round_: Round) -> Analysis | None:
    if round_.phase != Phase.WISHING:
        return None
    return analyses.find_analysis(round_.id, AnalysisKind.PROSPECTS)


def _list_unreachable(region_id: int, found: Mapping[str, Any]) -> list[tuple[School, int, int]]:
    """Return the schools that could not reach their guarantee even alone, with the most they can."""
    short = {int(key[1:]): item for key, item in found.items() if item["reachable"] < item["guarantee"]}
    schools = round_figures.list_schools(region_id, short) if short else []
    return [(school, short[school.id]["reachable"], short[school.id]["guarantee"]) for school in schools]


def _name_level(level: int, count: int) -> str:
    if level == 1:
        return ngettext(
            "Minstens %(num)d school blijft zonder activiteit.",
            "Minstens %(num)d scholen blijven zonder activiteit.",
            count,
        )
    return ngettext(
        "Minstens %(num)d school blijft onder de %(level)d activiteiten.",
        "Minstens %(num)d scholen blijven onder de %(level)d activiteiten.",
        count,
        level=level,
    )


def _build_bottleneck(region_id: int, item: Mapping[str, Any]) -> Bottleneck:
    schools = round_figures.list_schools(region_id, [int(key[1:]) for key in item["schools"]])
    names = [school.name for school in schools[:_MOST_NAMES]]
    more = len(item["schools"]) - len(names)
    if more > 0:
        names.append(ngettext("nog %(num)d andere", "nog %(num)d anderen", more))
    kinds = [label(ActivityKind(kind)) for kind in item["kinds"]]
    return Bottleneck(
        sentence=ngettext(
            "%(num)d school heeft nog %(asked)d activiteiten nodig, en kan er hoogstens %(places)d krijgen.",
            "%(num)d scholen hebben samen nog %(asked)d activiteiten nodig, en kunnen er hoogstens "
            "%(places)d krijgen.",
            len(item["schools"]),
            asked=item["asked"],
            places=item["places"],
        ),
        schools=", ".join(names),
        offer=", ".join([format_levels(item["levels"]), *kinds]),
    )


def _name_wish(wish: Wish) -> str:
    if wish.activity is not None:
        return wish.activity.title
    return label(wish.kind) if wish.kind else ""
