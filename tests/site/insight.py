"""What the engine says about a site's run, so that the pages about it have something to show."""

from __future__ import annotations

from typing import Any

from matchmaker import clock
from matchmaker.allocation.formats import write_problem, write_result
from matchmaker.allocation.problem import Placement as ProblemPlacement
from matchmaker.allocation.problem import Result, Solver
from matchmaker.domain.analyses import AnalysisKind, AnalysisState
from matchmaker.domain.phases import Phase
from matchmaker.extensions import db
from matchmaker.models import AllocationRun, Analysis, Group, Round
from matchmaker.queries.analyses import find_analysis
from matchmaker.services.problems import build_problem
from tests.factories import (
    ActivityFactory,
    AllocationRunFactory,
    GroupFactory,
    PlacementFactory,
    RoundFactory,
    SchoolFactory,
    WishFactory,
    WishListFactory,
)
from tests.site.rows import Neighbour, slot_in

SPOT = {
    "kind": "mobile_lesson",
    "kinds": ["mobile_lesson"],
    "levels": ["po7", "po8"],
    "activity": None,
    "start": "2027-01-12 09:00:00",
    "weeks": ["2027-W02"],
    "gain": [1, 2],
    "confirmed": [1, 2],
}
FIGURES = {
    "schools_below": [0, 1],
    "worst_off": 0.4,
    "first_wishes": 1,
    "kilometres": 12.5,
}
YARDSTICKS = ("first_come", "deferred_acceptance", "iterated_matching")


def add_insight(region: Neighbour, *, searching: bool = False) -> None:
    """Give the region's run a problem and a result, a rival with other settings, and answers of all kinds.

    With `searching` the blind spots are being looked for once more.
    """
    run = db.session.get_one(AllocationRun, region.run_id)
    group = _add_unlucky_group(run.round, region)
    _add_documents(run)
    _add_rival(run, region, group)
    for kind, subject, document in _list_answers(run, region, group):
        _add_answer(run, kind, subject, document)
    if searching:
        find_search(region).state = AnalysisState.WAITING
    db.session.commit()


def find_search(region: Neighbour) -> Analysis:
    """Return the search for blind spots of the region's round."""
    found = find_analysis(region.round_id, AnalysisKind.BLIND_SPOTS)
    assert found is not None
    return found


def add_wishing_round(region: Neighbour) -> int:
    """Add a round in which wishes come in, with prospects; return its id."""
    known = db.session.get_one(Round, region.round_id)
    dates = ("offering_on", "wishing_on", "wishing_until", "result_on", "visits_from", "visits_until")
    round_ = RoundFactory(
        region=known.region,
        school_year=known.school_year,
        name="Later",
        phase=Phase.WISHING,
        **{name: getattr(known, name) for name in dates},
    )
    school = f"S{region.school_id}"
    place = {"schools": [school], "level": 2, "asked": 2, "places": 1, "weeks": ["2027-W02"]}
    document = {
        "guarantee_promised": False,
        "least_below": [0, 1],
        "bottlenecks": [{**place, "kinds": ["mobile_lesson"], "levels": ["po7"]}],
        "schools": {school: {"school": school, "reachable": 1, "guarantee": 2, "step": 0}},
        "wishes": {},
    }
    _add_row(round_, None, AnalysisKind.PROSPECTS, "", document)
    db.session.commit()
    return int(round_.id)


def _add_unlucky_group(round_: Round, region: Neighbour) -> Group:
    """Add a group that wished what is full and what is for others."""
    known = db.session.get_one(AllocationRun, region.run_id).placements[0]
    known.slot.capacity_groups = 1
    group = GroupFactory(school=known.group.school, school_year=known.group.school_year, name="6")
    wish_list = WishListFactory(group=group, round=round_)
    WishFactory(wish_list=wish_list, rank=1, activity=known.slot.activity)
    other = ActivityFactory(host=known.slot.activity.host, title="Robots", levels=["vo3"])
    slot_in(other, round_, 5)
    WishFactory(wish_list=wish_list, rank=2, activity=other)
    WishFactory(wish_list=wish_list, rank=3, kind="competition")
    db.session.flush()
    return group


def _add_documents(run: AllocationRun) -> None:
    run.problem_json = write_problem(build_problem(run.round_id))
    placements = tuple(
        ProblemPlacement(f"G{p.group_id}", f"T{p.slot_id}", p.rank, p.km) for p in run.placements
    )
    solver = Solver("HiGHS", "1.0")
    result = Result(run.problem_sha256, "feasible", placements, (), 1, 1.0, "0", solver)
    run.result_json = write_result(result)
    run.status = "feasible"
    run.reasons = [{"group": f"G{p.group_id}", "activity": None} for p in run.placements]


def _add_rival(run: AllocationRun, region: Neighbour, group: Group) -> None:
    run.participations, run.satisfaction = {str(region.school_id): 1}, {str(region.school_id): 0.5}
    loser = SchoolFactory(region=run.round.region, name=f"De Linden bij {run.round.region.name}")
    run.participations = {**run.participations, str(loser.id): 2}
    rival = AllocationRunFactory(
        round=run.round,
        number=2,
        name="Robots",
        settings={
            "without_hosts": [],
            "doubled_hosts": [region.host_id],
            "travel": 1.5,
            "fairness_band": 0.0,
        },
        figures={**run.figures, "imagined": [[group.id, run.placements[0].slot_id]]},
        objectives=[{"name": "schools_below_1", "sense": "min", "value": 1, "bound": 0}],
        participations={str(region.school_id): 2, str(loser.id): 1},
        satisfaction={str(region.school_id): 0.5},
        problem_sha256="1" * 64,
    )
    PlacementFactory(run=rival, group=group, slot=run.placements[0].slot)


def _list_answers(
    run: AllocationRun, region: Neighbour, group: Group
) -> list[tuple[AnalysisKind, str, dict[str, Any]]]:
    school = f"S{region.school_id}"
    spot = {**SPOT, "near": school, "lifted_schools": [school], "schools": [school]}
    shortfall = {"school": school, "participations": 1, "guarantee": 2, "cause": "scarce", "facts": {}}
    report = {
        "engine": FIGURES,
        "yardsticks": dict.fromkeys(YARDSTICKS, FIGURES),
        "certificate": {"shortfalls": [shortfall], "bottlenecks": [spot]},
        "certificate_text": "De garantie is 2 deelnames per school.",
    }
    smallest = {"spots": [spot], "complete": False, "still_short": [school], "proven_smallest": True}
    spots = {"structural": [shortfall], "spots": [spot], "smallest_set": smallest}
    activity = run.placements[0].slot.activity_id
    return [
        (AnalysisKind.REPORT, f"{run.id}", report),
        (AnalysisKind.BLIND_SPOTS, "", spots),
        (AnalysisKind.SCHOOL_CHANGES, f"{run.id}:{school}", {"sentences": ["Tien kilometer verder."]}),
        (AnalysisKind.PLACEMENT_PRICE, f"{run.id}:G{group.id}:A{activity}", {"text": "Dat kost niets."}),
    ]


def _add_answer(run: AllocationRun, kind: AnalysisKind, subject: str, document: dict[str, Any]) -> None:
    _add_row(run.round, run.id if subject else None, kind, subject, document)


def _add_row(
    round_: Round, run_id: int | None, kind: AnalysisKind, subject: str, document: dict[str, Any]
) -> None:
    row = Analysis(
        region_id=round_.region_id,
        round_id=round_.id,
        run_id=run_id,
        kind=kind,
        subject=subject,
        state=AnalysisState.FINISHED,
        limit_seconds=9,
        progress={},
        document=document,
        computed_at=clock.now(),
        error="",
    )
    db.session.add(row)
