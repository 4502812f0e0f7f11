"""Reasons, yardsticks, prospects and blind spots as people see them, from a small season that was solved."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.analyses import AnalysisKind, AnalysisState
from matchmaker.domain.kinds import Role
from matchmaker.domain.phases import Phase
from matchmaker.extensions import db
from matchmaker.models import Analysis, Group, Region, Round, School
from matchmaker.services.analyses import refresh_prospects
from matchmaker.services.analysis_execution import execute_waiting_analyses
from matchmaker.services.publishing import publish_run
from matchmaker.services.run_execution import execute_waiting_runs
from matchmaker.services.runs import start_run
from tests.factories import AllocationRunFactory, MembershipFactory, UserFactory
from tests.integration.services.season import make_season
from tests.site import Site, StrictClient, sign_in_as

DOCUMENTS: dict[str, Any] = {
    "spot": {
        "kind": "workshop",
        "levels": ["po7", "po8"],
        "activity": None,
        "near": "S{school}",
        "start": "2027-01-12 09:00:00",
        "gain": [1, 2],
        "lifted_schools": ["S{other}"],
    }
}


@dataclass(frozen=True)
class Solved:
    """A season with a run that the checker passed, and clients of its people."""

    home: str
    round_id: int
    run_id: int
    schools: list[int]
    organiser: StrictClient
    coordinator: StrictClient


@pytest.fixture
def solved(site_app: Flask) -> Solved:
    """Solve the small season."""
    with site_app.app_context():
        season = make_season()
        round_ = db.session.get_one(Round, season.round_id)
        region = db.session.get_one(Region, round_.region_id)
        organiser = UserFactory(email="organisator@regio.example")
        MembershipFactory(user=organiser, role=Role.ORGANISER, region=region, organisation=None)
        schools = list(db.session.scalars(sa.select(School.id).order_by(School.id)))
        coordinator = UserFactory(email="eerste@school.example")
        MembershipFactory(
            user=coordinator, role=Role.COORDINATOR, organisation=db.session.get_one(School, schools[0])
        )
        db.session.commit()
        people = organiser.id, coordinator.id
        run_id = start_run(season.round_id, None, seconds=20)
        execute_waiting_runs()
        home = f"/organisator/{region.slug}"
    clients = [sign_in_as(site_app, user_id) for user_id in people]
    return Solved(home, season.round_id, run_id, schools, *clients)


@pytest.fixture
def answer(site_app: Flask, solved: Solved) -> Callable[..., None]:
    """Put an answer where the worker would have put it."""

    def put(kind: AnalysisKind, document: dict[str, Any] | None, subject: str = "", **more: Any) -> None:
        with site_app.app_context():
            round_ = db.session.get_one(Round, solved.round_id)
            db.session.execute(sa.delete(Analysis).where(Analysis.kind == kind))
            values = {
                "state": AnalysisState.FINISHED,
                "error": "",
                "limit_seconds": 9,
                "progress": {},
                **more,
            }
            row = Analysis(
                region_id=round_.region_id,
                round_id=round_.id,
                run_id=solved.run_id if subject else None,
                kind=kind,
                subject=subject,
                document=document,
                computed_at=clock.now(),
                **values,
            )
            db.session.add(row)
            db.session.commit()

    return put


def explain_path(solved: Solved, school_id: int | None = None) -> str:
    path = f"{solved.home}/run/{solved.run_id}/uitleg"
    return path if school_id is None else f"{path}?school={school_id}"


def test_the_run_page_holds_the_result_against_three_other_ways(site_app: Flask, solved: Solved) -> None:
    with site_app.app_context():
        execute_waiting_analyses()
    solved.organiser.get(f"{solved.home}/run/{solved.run_id}")
    text = solved.organiser.text()
    for name in ("Deze uitslag", "Wie het eerst komt", "Voorlopig toewijzen", "Ronde na ronde"):
        assert name in text


def test_while_the_report_is_being_made_the_run_page_says_so(solved: Solved) -> None:
    solved.organiser.get(f"{solved.home}/run/{solved.run_id}")
    assert "worden nu doorgerekend" in solved.organiser.text()


def test_why_schools_fall_short_is_told_and_can_be_forwarded(
    site_app: Flask, solved: Solved, answer: Callable[..., None]
) -> None:
    school, other = solved.schools[:2]
    with site_app.app_context():
        run = db.session.get_one(Round, solved.round_id)
        db.session.execute(
            sa.text("UPDATE allocation_run SET figures = json_set(figures, '$.below', json(:below))"),
            {"below": f'{{"{school}": 1}}'},
        )
        assert run
        db.session.commit()
    spot = {
        "kinds": ["workshop"],
        "levels": ["po7"],
        "activity": None,
        "near": f"S{school}",
        "weeks": ["2027-W02"],
        "confirmed": [0, 1],
        "schools": [f"S{other}"],
    }
    shortfall = {"school": f"S{school}", "participations": 1, "guarantee": 2, "cause": "scarce", "facts": {}}
    certificate = {"shortfalls": [shortfall], "bottlenecks": [spot]}
    document = {"certificate": certificate, "certificate_text": "De garantie is 2 deelnames per school."}
    answer(AnalysisKind.REPORT, document, str(solved.run_id))
    solved.organiser.get(f"{solved.home}/run/{solved.run_id}")
    text = solved.organiser.text()
    assert "niet genoeg plaats voor alle scholen die daar ook passen" in text
    assert "1 school minder onder 2" in text
    assert "week van ma 11 jan" in text
    assert "De garantie is 2 deelnames per school." in text


def test_a_school_is_searched_and_every_wish_of_it_explained(site_app: Flask, solved: Solved) -> None:
    with site_app.app_context():
        name = db.session.get_one(School, solved.schools[0]).name
    solved.organiser.get(f"{explain_path(solved)}?q={name.upper()}")
    assert name in solved.organiser.text()
    solved.organiser.get(f"{explain_path(solved)}?q=bestaat%20niet")
    assert "Geen school gevonden" in solved.organiser.text()
    solved.organiser.get(explain_path(solved, solved.schools[0]))
    text = solved.organiser.text()
    assert "van de 2 gevraagde plekken gekregen" in text or "alle 2 gevraagde plekken gekregen" in text
    assert "Lassen zonder vonken" in text
    assert re.search(r"gekregen, \w\w \d+ \w+, 9\.00–11\.00", text)
    assert "Als tekst voor de school" in text


def test_the_text_for_a_school_names_no_other_school_and_says_that_nothing_is_final(
    site_app: Flask, solved: Solved
) -> None:
    with site_app.app_context():
        names = {school: db.session.get_one(School, school).name for school in solved.schools}
    for own in solved.schools:
        page = solved.organiser.get(explain_path(solved, own)).get_data(as_text=True)
        letter = page.partition('<pre class="told" tabindex="0">')[2].partition("</pre>")[0]
        assert names[own] in letter
        assert "kan nog veranderen" in letter
        assert [name for school, name in names.items() if school != own and name in letter] == []


def explain_all(solved: Solved) -> str:
    """Return what the organiser reads about every school."""
    pages = []
    for school_id in solved.schools:
        solved.organiser.get(explain_path(solved, school_id))
        pages.append(solved.organiser.text())
    return " ".join(pages)


def test_no_id_of_the_engine_reaches_a_reader(solved: Solved) -> None:
    assert re.findall(r"\b[SGHAT]\d+\b", explain_all(solved)) == []


@pytest.mark.parametrize("query", ["?school=987654", "?school=x", "?school=-1", "?school=²"])
def test_a_school_that_is_not_there_is_missing(solved: Solved, query: str) -> None:
    assert solved.organiser.get(f"{explain_path(solved)}{query}").status_code == 404


def test_while_no_school_is_chosen_none_is_explained(solved: Solved) -> None:
    assert solved.organiser.get(f"{explain_path(solved)}?school=").status_code == 200
    assert "plekken gekregen" not in solved.organiser.text()


def test_a_school_of_elsewhere_is_missing(organiser: StrictClient, site: Site) -> None:
    path = f"/organisator/achterhoek/run/{site.own.run_id}/uitleg?school={site.other.school_id}"
    assert organiser.get(path).status_code == 404


def test_what_would_have_helped_is_asked_for_and_told(
    site_app: Flask, solved: Solved, answer: Callable[..., None]
) -> None:
    school_id = solved.schools[0]
    solved.organiser.get(explain_path(solved, school_id))
    path = f"{explain_path(solved)}/school"
    solved.organiser.get(solved.organiser.submit(path, school=str(school_id)).location)
    assert "Dit wordt nu uitgerekend" in solved.organiser.text()
    sentences = {"sentences": ["Tien kilometer verder reizen."], "changes": []}
    answer(AnalysisKind.SCHOOL_CHANGES, sentences, f"{solved.run_id}:S{school_id}")
    solved.organiser.get(explain_path(solved, school_id))
    assert "Tien kilometer verder reizen." in solved.organiser.text()


def test_the_price_of_a_wish_is_asked_for_only_when_the_group_wished_it(
    site_app: Flask, solved: Solved, answer: Callable[..., None]
) -> None:
    path = f"{explain_path(solved)}/prijs"
    with site_app.app_context():
        group, school = db.session.execute(sa.select(Group.id, Group.school_id)).first() or (0, 0)
    solved.organiser.get(explain_path(solved, school))
    for question in ("", "x:y", f"{group}:987654", "987654:1", f"{group}:1:2"):
        response = solved.organiser.submit(path, school=str(school), vraag=question)
        assert response.status_code == 404, question
        solved.organiser.get(explain_path(solved, school))
    asked = solved.organiser.submit(path, school=str(school), vraag=f"{group}:1")
    assert asked.location.endswith(f"#groep-{group}")


def test_a_school_reads_its_own_reasons_after_publication_without_names_of_others(
    site_app: Flask, solved: Solved
) -> None:
    own, *others = solved.schools
    path = f"/school/{own}/uitleg"
    solved.coordinator.get(path)
    assert "nog niets uit te leggen" in solved.coordinator.text()
    with site_app.app_context():
        names = [db.session.get_one(School, other).name for other in others]
        publish_run(solved.run_id)
    solved.coordinator.get(f"/school/{own}")
    assert "Waarom kregen wij dit?" in solved.coordinator.text()
    solved.coordinator.get(path)
    assert "gevraagde plekken gekregen" in solved.coordinator.text()
    assert [name for name in names if name in solved.coordinator.text()] == []


@pytest.mark.parametrize(
    ("wish_gain", "both_gain", "told"),
    [
        ([0, 1], [2, 2], "Alleen meer wensen 1 school minder onder 2 activiteiten Allebei 2 scholen minder"),
        ([0, 0], [1, 3], "Alleen meer wensen geen school meer op de garantie Allebei 1 school minder"),
        ([0, 0], [1, 2], "Meer wensen maken hier geen verschil."),
    ],
)
def test_what_a_slot_brings_is_told_apart_from_what_wishes_bring(
    solved: Solved, answer: Callable[..., None], wish_gain: list[int], both_gain: list[int], told: str
) -> None:
    school, other, _last = solved.schools
    spot = {
        **DOCUMENTS["spot"],
        "near": f"S{school}",
        "lifted_schools": [f"S{other}"],
        "wish_gain": wish_gain,
        "both_gain": both_gain,
        "exact": False,
    }
    answer(AnalysisKind.BLIND_SPOTS, {"structural": [], "spots": [spot], "smallest_set": None})
    solved.organiser.get(f"{solved.home}/ronde/{solved.round_id}/witte-vlekken")
    assert told in solved.organiser.text()
    assert "minstens 1 school minder" in solved.organiser.text()


def test_blind_spots_are_looked_for_and_told(
    site_app: Flask, solved: Solved, answer: Callable[..., None]
) -> None:
    path = f"{solved.home}/ronde/{solved.round_id}/witte-vlekken"
    solved.organiser.get(path)
    assert "Er is nog niet gezocht" in solved.organiser.text()
    solved.organiser.get(solved.organiser.submit(path).location)
    assert "Stap 1 van 3" in solved.organiser.text()
    solved.organiser.get(f"{solved.home}")
    solved.organiser.get(solved.organiser.submit(path).location)
    assert "wordt al uitgerekend" in solved.organiser.text()
    school, other, last = solved.schools
    spot = {
        **DOCUMENTS["spot"],
        "near": f"S{school}",
        "lifted_schools": [f"S{other}"],
    }
    smallest = {"spots": [spot], "complete": False, "still_short": [f"S{last}"], "proven_smallest": True}
    structural = {"school": f"S{last}", "participations": 0, "guarantee": 2, "cause": "no_list", "facts": {}}
    document = {"structural": [structural], "spots": [spot], "smallest_set": smallest}
    answer(AnalysisKind.BLIND_SPOTS, document)
    solved.organiser.get(path)
    text = solved.organiser.text()
    assert "Workshop 1 school minder zonder activiteit; 2 scholen minder onder 2 activiteiten" in text
    assert "Groep 7 en 8" in text
    assert "bijvoorbeeld di 12 jan" in text
    assert "dat is bewezen" in text
    assert "Er zijn geen wensen ingediend." in text


def test_a_search_can_be_stopped_and_begun_again(solved: Solved) -> None:
    path = f"{solved.home}/ronde/{solved.round_id}/witte-vlekken"
    solved.organiser.get(path)
    assert solved.organiser.submit(f"{path}/stoppen").status_code == 404
    solved.organiser.get(solved.home)
    solved.organiser.get(solved.organiser.submit(path).location)
    solved.organiser.get(solved.organiser.submit(f"{path}/stoppen").location)
    assert "Stap 1 van 3" not in solved.organiser.text()
    assert "Zoek witte vlekken" in solved.organiser.text()


def test_a_search_that_failed_says_so(solved: Solved, answer: Callable[..., None]) -> None:
    answer(AnalysisKind.BLIND_SPOTS, None, state=AnalysisState.FAILED, error="killed")
    solved.organiser.get(f"{solved.home}/ronde/{solved.round_id}/witte-vlekken")
    assert "Het zoeken is niet gelukt" in solved.organiser.text()


def open_wishes(app: Flask, solved: Solved) -> None:
    with app.app_context():
        db.session.get_one(Round, solved.round_id).phase = Phase.WISHING
        db.session.commit()


def test_while_wishes_come_in_organiser_and_school_look_ahead(site_app: Flask, solved: Solved) -> None:
    open_wishes(site_app, solved)
    solved.organiser.get(f"{solved.home}/ronde/{solved.round_id}")
    assert "Binnen een minuut" in solved.organiser.text()
    with site_app.app_context():
        refresh_prospects()
        execute_waiting_analyses()
    solved.organiser.get(f"{solved.home}/ronde/{solved.round_id}")
    assert "garantie lijkt haalbaar" in solved.organiser.text()
    solved.coordinator.get(f"/school/{solved.schools[0]}")
    text = solved.coordinator.text()
    assert re.search("kleine kans|matige kans|redelijke kans|goede kans|bijna zeker", text)
    assert "De kansen veranderen nog" in text


def test_a_guarantee_that_cannot_be_promised_names_where_it_is_tight(
    site_app: Flask, solved: Solved, answer: Callable[..., None]
) -> None:
    open_wishes(site_app, solved)
    school = f"S{solved.schools[0]}"
    bottleneck = {
        "schools": [school],
        "level": 2,
        "asked": 2,
        "places": 1,
        "kinds": ["workshop"],
        "levels": ["po7", "po8"],
        "weeks": ["2027-W02"],
    }
    document = {
        "guarantee_promised": False,
        "least_below": [0, 1],
        "bottlenecks": [bottleneck],
        "schools": {school: {"school": school, "reachable": 1, "guarantee": 2, "step": 0}},
        "wishes": {"G1": [0, 3]},
    }
    answer(AnalysisKind.PROSPECTS, document)
    solved.organiser.get(f"{solved.home}/ronde/{solved.round_id}")
    text = solved.organiser.text()
    assert "garantie niet te beloven" in text
    assert "Minstens 1 school blijft onder de 2 activiteiten." in text
    assert "(hoogstens 1 van 2)" in text
    assert "1 school heeft nog 2 activiteiten nodig, en kan er hoogstens 1 krijgen." in text
    assert "binnen een minuut staat hier de nieuwe stand" in text
    solved.coordinator.get(f"/school/{solved.schools[0]}")
    assert "kan uw school hoogstens 1 activiteit krijgen" in solved.coordinator.text()
    assert "kan niet: geen passend tijdvak" in solved.coordinator.text()
    assert "redelijke kans" in solved.coordinator.text()


def test_prospects_are_gone_once_wishes_are_closed(
    site_app: Flask, solved: Solved, answer: Callable[..., None]
) -> None:
    answer(AnalysisKind.PROSPECTS, {"wishes": {"G1": [5]}, "schools": {}})
    solved.coordinator.get(f"/school/{solved.schools[0]}")
    assert "bijna zeker" not in solved.coordinator.text()


@pytest.mark.parametrize(
    ("cut", "told"), [(True, "De rekentijd was om"), (False, "geeft wel steeds dezelfde uitslag")]
)
def test_what_kept_a_result_from_being_proven_is_told(
    site_app: Flask, organiser: StrictClient, site: Site, cut: bool, told: str
) -> None:
    with site_app.app_context():
        round_ = db.session.get_one(Round, site.own.round_id)
        run = AllocationRunFactory(
            round=round_,
            number=8,
            status="feasible",
            progress={"cut_by_time": cut},
            figures={
                "schools": 1,
                "schools_at_guarantee": 1,
                "groups_with_list": 1,
                "groups_with_place": 1,
                "placements": 0,
                "first_wishes": 0,
                "kilometres": 0,
            },
        )
        db.session.commit()
        number = run.id
    organiser.get(f"/organisator/achterhoek/run/{number}")
    assert told in organiser.text()
