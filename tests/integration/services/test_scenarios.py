"""Runs with other settings: what they see, what is kept of them, and which may be published."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.allocation.formats import read_problem
from matchmaker.domain.errors import RunImaginedError, RunOutdatedError, UnknownScenarioHostError
from matchmaker.domain.phases import Phase
from matchmaker.domain.run_settings import RunSettings
from matchmaker.domain.runs import Verdict
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Booking, Host, Placement, Round, Slot
from matchmaker.queries.runs import get_run
from matchmaker.services.publishing import publish_run, publish_waiting_runs, request_publication
from matchmaker.services.run_execution import execute_waiting_runs
from matchmaker.services.runs import start_run
from tests.integration.services.season import Season, make_season


@pytest.fixture
def season(app: Flask) -> Season:
    return make_season()


def host_ids() -> list[int]:
    return list(db.session.scalars(sa.select(Host.id).order_by(Host.id)))


def solve_with(season: Season, settings: RunSettings, name: str = "") -> int:
    run_id = start_run(season.round_id, None, seconds=20, name=name, run_settings=settings)
    execute_waiting_runs()
    return run_id


def test_a_host_that_is_left_out_gets_nobody(season: Season) -> None:
    first, second = host_ids()
    run_id = solve_with(season, RunSettings(without_hosts=(first,)))
    hosts = {placement.slot.activity.host_id for placement in get_run(run_id).placements}
    assert hosts == {second}


def test_a_host_that_comes_twice_doubles_the_slots_but_books_only_real_ones(season: Season) -> None:
    first, _ = host_ids()
    run = get_run(solve_with(season, RunSettings(doubled_hosts=(first,))), with_documents=True)
    assert run.verdict == Verdict.PASSED
    slots = [slot.id for slot in read_problem(run.problem_json).slots]
    imagined = [slot for slot in slots if "+" in slot]
    assert len(slots) == season.slots + len(imagined)
    assert imagined
    assert {placement.slot_id for placement in run.placements} <= set(db.session.scalars(sa.select(Slot.id)))
    assert run.figures["placements"] == len(run.placements) + len(run.figures["imagined"])


def test_name_settings_and_participations_are_kept_with_the_run(season: Season) -> None:
    first, _ = host_ids()
    run = get_run(solve_with(season, RunSettings(without_hosts=(first,)), name="  Zonder de eerste "))
    assert run.name == "Zonder de eerste"
    assert run.settings == {"without_hosts": [first]}
    assert set(run.participations) == set(run.satisfaction)
    assert sum(run.participations.values()) == len({(p.group_id, p.slot_id) for p in run.placements})


def test_who_started_a_run_with_which_settings_is_in_the_audit_log(season: Season) -> None:
    start_run(season.round_id, None, seconds=20, name="Verder", run_settings=RunSettings(travel=1.5))
    after = db.session.scalars(sa.select(AuditEntry.after)).one()
    assert after == {"round": 1, "settings": {"travel": 1.5}, "seconds": 20}


def test_a_host_of_elsewhere_is_refused_and_no_run_is_made(season: Season) -> None:
    with pytest.raises(UnknownScenarioHostError):
        start_run(season.round_id, None, run_settings=RunSettings(without_hosts=(987_654,)))
    assert db.session.scalars(sa.select(AuditEntry.id)).all() == []


@pytest.mark.parametrize("choice", ["travel", "doubled_hosts"])
def test_an_imagined_run_is_never_published(season: Season, choice: str) -> None:
    imagined = {
        "travel": RunSettings(travel=1.5),
        "doubled_hosts": RunSettings(doubled_hosts=tuple(host_ids())),
    }
    run_id = solve_with(season, imagined[choice])
    with pytest.raises(RunImaginedError):
        request_publication(run_id, None)
    with pytest.raises(RunImaginedError):
        publish_run(run_id)
    assert db.session.scalars(sa.select(Booking.id)).all() == []


def test_an_imagined_run_does_not_bring_the_round_to_its_review(season: Season) -> None:
    solve_with(season, RunSettings(travel=1.5))
    assert db.session.get_one(Round, season.round_id).phase == Phase.ALLOCATING


@pytest.mark.parametrize("choice", ["without_hosts", "fairness_band"])
def test_a_run_with_a_real_choice_is_published_like_any_other(season: Season, choice: str) -> None:
    real = {
        "without_hosts": RunSettings(without_hosts=(host_ids()[0],)),
        "fairness_band": RunSettings(fairness_band=0.0),
    }
    run_id = solve_with(season, real[choice])
    request_publication(run_id, None)
    assert publish_waiting_runs() == 1
    booked = set(db.session.execute(sa.select(Booking.group_id, Booking.slot_id)))
    assert booked == set(db.session.execute(sa.select(Placement.group_id, Placement.slot_id)))


def test_a_run_without_a_host_that_has_withdrawn_since_is_outdated(season: Season) -> None:
    first, _ = host_ids()
    run_id = solve_with(season, RunSettings(without_hosts=(first,)))
    db.session.get_one(Host, first).max_slots_per_day = 1
    db.session.commit()
    with pytest.raises(RunOutdatedError):
        request_publication(run_id, None)
