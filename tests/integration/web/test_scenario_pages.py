"""Trying a round with other settings, and runs side by side."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.domain.runs import RunState
from matchmaker.extensions import db
from matchmaker.models import Activity, AllocationRun, Group, Round
from tests.factories import AllocationRunFactory, GroupFactory, PlacementFactory, SchoolFactory, SlotFactory
from tests.site import Site, StrictClient

HOME = "/organisator/achterhoek"


def round_path(site: Site) -> str:
    return f"{HOME}/ronde/{site.own.round_id}"


def newest_run(app: Flask) -> AllocationRun:
    with app.app_context():
        run = db.session.scalars(sa.select(AllocationRun).order_by(AllocationRun.id.desc())).first()
        assert run is not None
        return run


@pytest.fixture
def second_run(site_app: Flask, site: Site) -> int:
    """A run of the same round in which De Eiken got more, and another school less."""
    with site_app.app_context():
        first = db.session.get_one(AllocationRun, site.own.run_id)
        loser = SchoolFactory(region=first.round.region, name="De Verliezer")
        group = db.session.scalars(sa.select(Group).where(Group.school_id == site.own.school_id)).one()
        activity = db.session.get_one(Activity, site.own.activity_id)
        first.participations = {str(site.own.school_id): 1, str(loser.id): 1}
        first.satisfaction = {str(site.own.school_id): 0.5, str(loser.id): 0.4}
        run = AllocationRunFactory(
            round=first.round,
            name="Twee keer lassen",
            settings={"doubled_hosts": [site.own.host_id]},
            figures={**first.figures, "first_wishes": 2, "imagined": []},
            objectives=[{"name": "schools_below_1", "sense": "min", "value": 0, "bound": 0}],
            participations={str(site.own.school_id): 2, str(loser.id): 1},
            satisfaction={str(site.own.school_id): 0.5, str(loser.id): 0.2},
            problem_sha256="1" * 64,
        )
        slot = SlotFactory(activity=activity, round=first.round)
        run.figures = {**run.figures, "imagined": [[group.id, slot.id]]}
        PlacementFactory(run=run, group=GroupFactory(school=loser), slot=slot)
        db.session.commit()
        return int(run.number)


def test_other_settings_are_chosen_and_kept_with_the_run(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    organiser.get(f"{round_path(site)}/verkennen")
    assert "Metaal achterhoek" in organiser.text()
    response = organiser.submit(
        f"{round_path(site)}/verkennen",
        name="Zonder metaal",
        without_hosts=str(site.own.host_id),
        doubled_host="",
        travel="1.5",
        fairness_band="0.0",
        seconds="30",
    )
    run = newest_run(site_app)
    assert response.location == f"{HOME}/run/{run.id}"
    assert (run.name, run.limit_seconds) == ("Zonder metaal", 30)
    assert run.settings == {"without_hosts": [site.own.host_id], "travel": 1.5, "fairness_band": 0.0}
    organiser.get(response.location)
    text = organiser.text()
    assert "Zonder Metaal achterhoek" in text
    assert "Groepen reizen anderhalf keer zo ver" in text
    assert "niet om te publiceren" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"without_hosts": "987654"},
        {"without_hosts": "x"},
        {"doubled_host": "987654"},
        {"travel": "-1"},
        {"fairness_band": "nan"},
        {"seconds": "1000000"},
        {"name": "n" * 81},
    ],
)
def test_settings_that_were_not_offered_start_nothing(
    organiser: StrictClient, site_app: Flask, site: Site, wrong: dict[str, str]
) -> None:
    fields = {"doubled_host": "", "travel": "", "fairness_band": "", "seconds": "60", **wrong}
    organiser.get(f"{round_path(site)}/verkennen")
    response = organiser.submit(f"{round_path(site)}/verkennen", **fields)
    assert response.status_code == 200
    assert "Dit klopt nog niet" in organiser.text()
    assert newest_run(site_app).state == RunState.FINISHED


def test_an_imagined_run_offers_no_publishing_and_says_why(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        db.session.get_one(AllocationRun, site.own.run_id).settings = {"travel": 2.0}
        db.session.commit()
    path = f"{HOME}/run/{site.own.run_id}"
    organiser.get(path)
    assert "Deze uitslag is een proef" in organiser.text()
    assert "Publiceren …" not in organiser.text()
    organiser.get(f"{HOME}/berichten")
    organiser.get(organiser.submit(f"{path}/publiceren").location)
    assert "rekent met iets wat er niet is" in organiser.text()


def test_what_was_tried_does_not_speak_for_the_round(
    organiser: StrictClient, site: Site, second_run: int
) -> None:
    organiser.get(round_path(site))
    assert "run 1" in organiser.text()
    assert "Twee keer lassen" in organiser.text()
    assert "Met een aanbieder erbij zoals Metaal achterhoek" in organiser.text()
    assert "2 een eerste wens" not in organiser.text()


def test_runs_are_ticked_and_held_side_by_side(organiser: StrictClient, site: Site, second_run: int) -> None:
    page = organiser.get(round_path(site)).get_data(as_text=True)
    assert f'name="run" value="{second_run}"' in page
    organiser.get(f"{round_path(site)}/vergelijken?run=1&run={second_run}")
    text = organiser.text()
    assert "Run 1 · Twee keer lassen" in text
    assert "Scholen zonder activiteit 0 bewezen het beste 0 bewezen het beste" in text
    assert text.index("Twee keer lassen brengt") < text.index("De doelen, op volgorde van belang")
    assert "De invoer van deze toewijzingen is niet gelijk" in text
    assert "1 school gaat erop vooruit, 1 school gaat erop achteruit" in text
    assert "1 → 2 50% → 50% vooruit" in text
    assert "1 → 1 40% → 20% achteruit" in text
    assert "erbij bedacht" in text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("&wie=vooruit", "De Eiken", "De Verliezer"),
        ("&wie=achteruit", "De Verliezer", "De Eiken"),
        ("&q=verlie", "De Verliezer", "De Eiken"),
        ("&q=%25", "past bij dit filter", "De Eiken"),
        ("&wie=onzin&scholen=99&groepen=-3", "De Eiken", "past bij dit filter"),
    ],
)
def test_the_comparison_is_filtered(
    organiser: StrictClient, site: Site, second_run: int, query: str, shown: str, hidden: str
) -> None:
    organiser.get(f"{round_path(site)}/vergelijken?run=1&run={second_run}{query}")
    assert shown in organiser.text()
    assert hidden not in organiser.text()


@pytest.mark.parametrize("query", ["", "?run=1", "?run=x&run=99"])
def test_less_than_two_runs_ask_which(
    organiser: StrictClient, site: Site, second_run: int, query: str
) -> None:
    assert organiser.get(f"{round_path(site)}/vergelijken{query}").status_code == 200
    assert "Kies er twee tot vier" in organiser.text()
    assert "De Eiken" not in organiser.text()


def test_a_run_without_verdict_cannot_be_compared(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        round_ = db.session.get_one(Round, site.own.round_id)
        AllocationRunFactory(round=round_, number=7, state=RunState.FAILED, verdict="pending")
        db.session.commit()
    organiser.get(f"{round_path(site)}/vergelijken?run=1&run=7")
    assert "nog geen twee toewijzingen" in organiser.text()
