"""What the pages about reasons and missing slots show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matchmaker.domain.analyses import AnalysisKind
from matchmaker.domain.errors import NotFoundError
from matchmaker.models import AllocationRun, Analysis, Region, Round, School
from matchmaker.queries import analyses, organisations
from matchmaker.web.access import MANAGING_ROLES
from matchmaker.web.explanations import (
    GroupLines,
    SchoolReasons,
    explain_school,
    read_reasons,
    write_text,
)
from matchmaker.web.formats import format_moment
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.organiser.analysis_words import (
    SpotLine,
    document_of,
    has_failed,
    is_active,
    list_spots,
    load_schools,
)
from matchmaker.web.organiser.scenario_words import name_run
from matchmaker.web.reason_words import sentence_for_cause

_MOST_SCHOOLS = 60


@dataclass(frozen=True)
class Price:
    """What a placement would cost, or that this is being calculated."""

    active: bool
    failed: bool
    text: str


@dataclass(frozen=True)
class ExplanationPage:
    """Schools to choose from, and one of them with what became of each wish."""

    region: Region
    round: Round
    run_name: str
    text: str
    schools: list[School]
    has_more: bool
    school: School | None
    groups: list[GroupLines]
    letter: str
    changes: Analysis | None
    prices: dict[tuple[int, int], Price]
    may_manage: bool

    @property
    def is_waiting(self) -> bool:
        """Tell whether something on this page is being calculated."""
        return is_active(self.changes) or any(price.active for price in self.prices.values())

    @property
    def sentences(self) -> list[str] | None:
        """What would have helped, in Dutch; None when nobody asked or the answer is not there yet."""
        return document_of(self.changes).get("sentences")

    @property
    def changes_active(self) -> bool:
        """Tell whether it is being calculated what would have helped."""
        return is_active(self.changes)

    @property
    def changes_failed(self) -> bool:
        """Tell whether that came to nothing."""
        return has_failed(self.changes)


@dataclass(frozen=True)
class BlindSpotsPage:
    """Extra slots that would help a round."""

    region: Region
    round: Round
    analysis: Analysis | None
    outdated: bool
    structural: list[tuple[School, str]]
    spots: list[SpotLine] | None
    smallest: list[SpotLine] | None
    smallest_facts: Mapping[str, object]
    still_short: list[School]
    may_manage: bool

    @property
    def is_active(self) -> bool:
        """Tell whether the slots are being looked for."""
        return is_active(self.analysis)

    @property
    def has_failed(self) -> bool:
        """Tell whether the newest search came to nothing."""
        return has_failed(self.analysis)


def build_explanation_page(region: Region, run: AllocationRun, asked: Mapping[str, str]) -> ExplanationPage:
    """Build the page for the school that stands in the address; a foreign one is as missing as none."""
    text = asked.get("q", "").replace("\x00", "").strip()[:80]
    number = asked.get("school", "")
    school = organisations.find_school(int(number)) if number.isascii() and number.isdigit() else None
    if school is None and number:
        raise NotFoundError
    with_wishes = {int(reason["group"][1:]) for reason in run.reasons}
    found = read_reasons(run, school) if school else None
    groups = explain_school(found, named=True) if found else []
    listed = organisations.search_schools_of_groups(region.id, text, with_wishes, _MOST_SCHOOLS + 1)
    return ExplanationPage(
        region=region,
        round=run.round,
        run_name=name_run(run),
        text=text,
        schools=listed[:_MOST_SCHOOLS],
        has_more=len(listed) > _MOST_SCHOOLS,
        school=school,
        groups=groups,
        letter=_write_letter(run, school, found) if school and found and groups else "",
        changes=_find(run, AnalysisKind.SCHOOL_CHANGES, f"S{school.id}") if school else None,
        prices=_list_prices(run, groups),
        may_manage=get_visitor().has_region_role(region.id, MANAGING_ROLES),
    )


def _write_letter(run: AllocationRun, school: School, found: SchoolReasons) -> str:
    """Return the text for the school itself: it names no other school, and says when nothing is final."""
    origin = _(
        "%(round)s, %(run)s, berekend op %(moment)s.",
        round=run.round.name,
        run=name_run(run),
        moment=format_moment(run.created_at),
    )
    if not run.published_at:
        origin = " ".join([origin, _("Deze uitslag is niet gepubliceerd en kan nog veranderen.")])
    return write_text(school, origin, explain_school(found, named=False))


def is_known_question(run: AllocationRun, school_id: int, group: str, activity: str) -> bool:
    """Tell whether the group is of the school and wished the activity in this run."""
    wished = {(reason["group"], reason["activity"]) for reason in run.reasons}
    own = {f"G{group_id}" for group_id in organisations.list_group_ids(school_id)}
    return f"G{group}" in own and (f"G{group}", f"A{activity}") in wished


def _find(run: AllocationRun, kind: AnalysisKind, subject: str) -> Analysis | None:
    return analyses.find_analysis(run.round_id, kind, f"{run.id}:{subject}")


def _list_prices(run: AllocationRun, groups: list[GroupLines]) -> dict[tuple[int, int], Price]:
    ids = {group.group_id for group in groups}
    found = {}
    for analysis in analyses.list_prices(run.id):
        group, activity = (int(part[1:]) for part in analysis.subject.split(":")[1:])
        if group in ids:
            text = str(document_of(analysis).get("text", ""))
            found[group, activity] = Price(is_active(analysis), has_failed(analysis), text)
    return found


def build_blind_spots_page(region: Region, round_: Round) -> BlindSpotsPage:
    """Build the page from the stored answer; nothing is calculated here."""
    analysis = analyses.find_analysis(round_.id, AnalysisKind.BLIND_SPOTS)
    document = document_of(analysis)
    smallest = document.get("smallest_set")
    short = list(smallest["still_short"]) if smallest else []
    structural = {item["school"]: item for item in document.get("structural", [])}
    schools = load_schools(region.id, [*short, *structural])
    return BlindSpotsPage(
        region=region,
        round=round_,
        analysis=analysis,
        outdated=bool(
            analysis and analysis.input_mark and analysis.input_mark != analyses.mark_input(round_)
        ),
        structural=[
            (schools[key], sentence_for_cause(item["cause"], item["facts"]))
            for key, item in structural.items()
            if key in schools
        ],
        spots=list_spots(region.id, document["spots"]) if "spots" in document else None,
        smallest=list_spots(region.id, smallest["spots"]) if smallest else None,
        smallest_facts=smallest or {},
        still_short=[schools[key] for key in short if key in schools],
        may_manage=get_visitor().has_region_role(region.id, MANAGING_ROLES),
    )
