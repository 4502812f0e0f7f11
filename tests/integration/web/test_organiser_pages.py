"""The organiser's pages: figures, runs from start to publication, the mail log."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from python_calamine import CalamineWorkbook

from matchmaker import clock
from matchmaker.domain.phases import Phase
from matchmaker.domain.runs import MessageState, RunState, Verdict
from matchmaker.extensions import db
from matchmaker.models import AllocationRun, Message, Round, School
from tests.factories import (
    AllocationRunFactory,
    GroupFactory,
    MessageFactory,
    PlacementFactory,
    SchoolFactory,
    SlotFactory,
)
from tests.site import Site, StrictClient, sign_in_as
from tests.site.fixtures import CountQueries

HOME = "/organisator/achterhoek"


def run_path(site: Site) -> str:
    return f"{HOME}/run/{site.own.run_id}"


def change_run(app: Flask, site: Site, **values: object) -> None:
    with app.app_context():
        run = db.session.get_one(AllocationRun, site.own.run_id)
        for name, value in values.items():
            setattr(run, name, value)
        db.session.commit()


def test_the_home_tells_phase_figures_and_what_needs_attention(organiser: StrictClient, site: Site) -> None:
    organiser.get(HOME)
    text = organiser.text()
    assert "Voorjaar" in text
    assert "1 school haalt de garantie niet" in text
    assert "Run 1" in text


def test_schools_without_wishes_are_named_on_the_round(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        own = db.session.get_one(School, site.own.school_id)
        SchoolFactory(region=own.region, name="De Vergeten School")
        db.session.commit()
    organiser.get(HOME)
    assert "1 school heeft geen wensen ingediend" in organiser.text()
    organiser.get(f"{HOME}/ronde/{site.own.round_id}")
    assert "De Vergeten School" in organiser.text()


def test_a_run_is_started_and_followed(organiser: StrictClient, site_app: Flask, site: Site) -> None:
    organiser.get(HOME)
    response = organiser.submit(f"{HOME}/ronde/{site.own.round_id}/run")
    with site_app.app_context():
        run = db.session.scalars(sa.select(AllocationRun).order_by(AllocationRun.id.desc())).first()
        assert run is not None
        assert (run.state, run.started_by_id) == (RunState.WAITING, site.organiser)
        assert response.location == f"{HOME}/run/{run.id}"
    page = organiser.get(response.location).get_data(as_text=True)
    assert "wacht op haar beurt" in organiser.text()
    assert '<meta http-equiv="refresh" content="3">' in page
    assert 'hx-trigger="every 1s"' in page


def test_a_second_run_at_the_same_time_is_refused_in_words(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    organiser.get(HOME)
    for _ in range(2):
        response = organiser.submit(f"{HOME}/ronde/{site.own.round_id}/run")
    organiser.get(response.location)
    assert "Er loopt al een toewijzing voor deze ronde" in organiser.text()


def test_no_run_is_started_while_schools_still_wish(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        db.session.get_one(Round, site.own.round_id).phase = Phase.WISHING
        db.session.commit()
    organiser.get(HOME)
    assert "Toewijzing starten" not in organiser.text()
    organiser.get(organiser.submit(f"{HOME}/ronde/{site.own.round_id}/run").location)
    assert "Dit kan niet in de fase ‘wensen’" in organiser.text()


def test_a_waiting_run_can_be_stopped_once(organiser: StrictClient, site_app: Flask, site: Site) -> None:
    organiser.get(HOME)
    path = organiser.submit(f"{HOME}/ronde/{site.own.round_id}/run").location
    organiser.get(organiser.submit(f"{path}/stoppen").location)
    assert "gestopt voordat er een uitslag was" in organiser.text()
    organiser.get(organiser.submit(f"{path}/stoppen").location)
    assert "is al klaar" in organiser.text()


def test_progress_is_shown_and_the_end_loads_the_whole_page(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    change_run(
        site_app,
        site,
        state=RunState.RUNNING,
        progress={"level": "fairness", "seconds": 3.2, "fraction": 0.4},
    )
    fragment = organiser.get(f"{run_path(site)}/voortgang", headers={"HX-Request": "true"})
    assert "40%" in fragment.get_data(as_text=True)
    assert "eerlijkheid van de wensen" in fragment.get_data(as_text=True)
    change_run(site_app, site, state=RunState.FINISHED)
    ended = organiser.get(f"{run_path(site)}/voortgang", headers={"HX-Request": "true"})
    assert ended.headers["HX-Redirect"] == run_path(site)


def test_a_result_names_what_is_proven_and_who_falls_short(organiser: StrictClient, site: Site) -> None:
    organiser.get(run_path(site))
    text = organiser.text()
    assert "De controle heeft deze uitslag goedgekeurd" in text
    assert "Scholen zonder activiteit 0 0 bewezen het beste" in text
    assert "De Eiken" in text
    assert "1 van 2 activiteiten" in text


def test_what_is_not_proven_says_how_much_could_be_won(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    change_run(
        site_app, site, objectives=[{"name": "kilometres", "sense": "min", "value": 200.0, "bound": 190.0}]
    )
    organiser.get(run_path(site))
    assert "hoogstens 5,0% te winnen" in organiser.text()


def test_a_refused_result_says_which_rules_are_broken_and_cannot_be_published(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    violations = [f"group_places: slot s{number} holds 2 of 1 groups" for number in range(3)]
    violations.append("one_place_at_a_time: group g1 cannot be in slot s1 and in slot s2")
    change_run(site_app, site, verdict=Verdict.REFUSED, violations=violations, figures={})
    organiser.get(run_path(site))
    text = organiser.text()
    assert "Er zijn meer groepen of leerlingen geplaatst dan er plaatsen zijn. (3 keer)" in text
    assert "Een groep is op twee plaatsen tegelijk" in text
    assert text.index("Technische melding") < text.index("slot s1 holds 2 of 1 groups")
    assert "Publiceren" not in text
    assert organiser.get(f"{run_path(site)}/publiceren").location == run_path(site)


def test_locked_placements_that_exclude_each_other_are_told_as_such(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    change_run(site_app, site, verdict=Verdict.REFUSED, violations=[], figures={}, status="infeasible")
    organiser.get(run_path(site))
    assert "kunnen niet samen doorgaan" in organiser.text()
    assert "Gebroken regels" not in organiser.text()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("MemoryError: std::bad_alloc", "Er was te weinig geheugen om te rekenen."),
        (
            "The worker ended unexpectedly, 3 times.",
            "Het rekenen stopte een paar keer onverwacht. Vaak is er dan te weinig geheugen.",
        ),
        ("The engine ended without a result.", "Het rekenprogramma gaf geen uitslag."),
        ("KeyError: 'g1'", "Er ging iets mis in het rekenprogramma."),
    ],
)
def test_a_failed_run_says_why_in_words_and_keeps_the_technical_text(
    organiser: StrictClient, site_app: Flask, site: Site, error: str, sentence: str
) -> None:
    change_run(site_app, site, state=RunState.FAILED, verdict=Verdict.PENDING, error=error, figures={})
    organiser.get(run_path(site))
    text = organiser.text()
    assert f"Deze toewijzing is mislukt. {sentence} Er is niets verloren." in text
    assert text.index("Technische melding") < text.index(error)


def test_publishing_is_announced_before_it_is_done(organiser: StrictClient, site: Site) -> None:
    organiser.get(f"{run_path(site)}/publiceren")
    text = organiser.text()
    # One person of the school and one of the host: an overview and an invitation each.
    assert "1 boeking wordt gemaakt" in text
    assert "4 mails gaan weg" in text


def test_who_publishes_in_the_evening_reads_when_the_mails_leave(site_app: Flask, site: Site) -> None:
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], quiet_hours=True)
    wall = datetime.combine(clock.today() + timedelta(days=1), time(21, 30))
    evening = clock.from_local(wall)
    with time_machine.travel(evening):
        organiser = sign_in_as(site_app, site.organiser)
        organiser.get(f"{run_path(site)}/publiceren")
    assert "De mails vertrekken" in organiser.text()
    assert "7.00" in organiser.text().partition("De mails vertrekken")[2]
    with time_machine.travel(evening.replace(hour=9) + timedelta(days=2 if wall.weekday() == 5 else 1)):
        organiser = sign_in_as(site_app, site.organiser)
        organiser.get(f"{run_path(site)}/publiceren")
    assert "De mails vertrekken" not in organiser.text()


def test_a_run_about_other_data_is_not_published(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    organiser.get(f"{run_path(site)}/publiceren")
    organiser.get(organiser.submit(f"{run_path(site)}/publiceren").location)
    assert "De gegevens zijn veranderd" in organiser.text()
    with site_app.app_context():
        assert db.session.get_one(AllocationRun, site.own.run_id).publish_requested_at is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("?stand=failed", 1),
        ("?soort=visit_host", 1),
        ("?q=ULFT", 1),
        ("?q=%25", 0),
        ("?stand=onzin&soort=onzin&pagina=0", 3),
    ],
)
def test_the_mail_log_is_searched(
    organiser: StrictClient, site_app: Flask, site: Site, query: str, found: int
) -> None:
    with site_app.app_context():
        MessageFactory(region_id=site.own.region_id, state=MessageState.FAILED, subject="Naar Ulft")
        MessageFactory(region_id=site.own.region_id, kind="visit_host")
        MessageFactory(region_id=None, kind="sign_in", subject="Uw code")
        db.session.commit()
    organiser.get(f"{HOME}/berichten{query}")
    assert f"{found} bericht" in organiser.text()
    assert "Uw code" not in organiser.text()


def test_a_mail_is_downloaded_byte_by_byte(organiser: StrictClient, site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        body = db.session.scalars(sa.select(Message.body).where(Message.id == site.own.message_id)).one()
    response = organiser.get(f"{HOME}/berichten/{site.own.message_id}/bericht.eml")
    assert response.data == body
    assert response.headers["Content-Type"] == "message/rfc822"


def test_why_a_mail_did_not_arrive_is_told(organiser: StrictClient, site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        message = db.session.get_one(Message, site.own.message_id)
        message.state, message.last_error = MessageState.FAILED, "550 adres onbekend"
        db.session.commit()
    organiser.get(f"{HOME}/berichten/{site.own.message_id}")
    assert "550 adres onbekend" in organiser.text()
    organiser.get(HOME)
    assert "1 bericht is niet aangekomen" in organiser.text()


@pytest.mark.parametrize("rows", [1, 10, 50])
def test_pages_ask_the_database_as_often_for_many_rows_as_for_one(
    organiser: StrictClient, site_app: Flask, site: Site, count_queries: CountQueries, rows: int
) -> None:
    with site_app.app_context():
        run = db.session.get_one(AllocationRun, site.own.run_id)
        region = db.session.get_one(School, site.own.school_id).region
        below = {}
        for number in range(rows):
            school = SchoolFactory(region=region)
            below[str(school.id)] = 0
            PlacementFactory(run=run, group=GroupFactory(school=school), slot=SlotFactory(round=run.round))
            MessageFactory(region_id=region.id, organisation_id=school.id)
            AllocationRunFactory(round=run.round, number=10_000 + number, state=RunState.FAILED)
        run.figures = {**run.figures, "below": below}
        db.session.commit()
    with count_queries() as statements:
        for path in (HOME, run_path(site), f"{HOME}/berichten", f"{HOME}/ronde/{site.own.round_id}"):
            assert organiser.get(path).status_code == 200
    assert len([s for s in statements if s.startswith("SELECT")]) <= 50


def test_the_whole_region_is_downloaded_as_a_workbook(organiser: StrictClient, site: Site) -> None:
    response = organiser.get(f"{HOME}/werkmap.xlsx")
    assert response.data.startswith(b"PK")
    assert response.headers["Content-Disposition"] == 'attachment; filename="achterhoek.xlsx"'


def test_an_empty_template_with_explanations_is_downloaded(organiser: StrictClient, site: Site) -> None:
    response = organiser.get(f"{HOME}/sjabloon.xlsx")
    names = CalamineWorkbook.from_filelike(io.BytesIO(response.data)).sheet_names
    assert names[:2] == ["Uitleg", "Schools"]
    assert 'filename="sjabloon-regiowerkmap.xlsx"' in response.headers["Content-Disposition"]


def test_figures_count_schools_and_not_all_organisations(organiser: StrictClient, site: Site) -> None:
    organiser.get(HOME)
    assert "1 school · 1 groep · 1 aanbieder · 1 tijdvak" in organiser.text()


def move_to(app: Flask, site: Site, phase: Phase) -> None:
    with app.app_context():
        db.session.get_one(Round, site.own.round_id).phase = phase
        db.session.execute(sa.delete(AllocationRun))
        db.session.commit()


def phase_of(app: Flask, site: Site) -> Phase:
    with app.app_context():
        return db.session.get_one(Round, site.own.round_id).phase


def test_a_round_is_moved_to_the_next_phase_and_back(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    path = f"{HOME}/ronde/{site.own.round_id}"
    move_to(site_app, site, Phase.WISHING)
    organiser.get(path)
    assert "Wensen sluiten" in organiser.text()
    organiser.submit(f"{path}/fase", fase="allocating")
    organiser.get(path)
    assert "De ronde is nu in de fase: toewijzing." in organiser.text()
    organiser.submit(f"{path}/fase", fase="wishing")
    assert phase_of(site_app, site) == Phase.WISHING


def test_the_page_says_how_many_people_a_phase_tells_and_leaves_the_choice(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    path = f"{HOME}/ronde/{site.own.round_id}"
    move_to(site_app, site, Phase.OFFERING)
    organiser.get(path)
    assert "Mail dit aan 1 coördinator van een school" in organiser.text()
    organiser.submit(f"{path}/fase", fase="wishing")
    organiser.get(path)
    assert "De ronde is nu in de fase: wensen." in organiser.text()
    assert "krijgt een mail" not in organiser.text()
    organiser.submit(f"{path}/fase", fase="offering")
    organiser.submit(f"{path}/fase", fase="wishing", mailen="ja")
    organiser.get(path)
    assert "De ronde is nu in de fase: wensen. 1 persoon krijgt een mail." in organiser.text()
    organiser.submit(f"{path}/fase", fase="offering")
    organiser.get(path)
    assert "Mail dit" not in organiser.text()


def test_the_page_tells_which_letters_go_out_when(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    path = f"{HOME}/ronde/{site.own.round_id}"
    move_to(site_app, site, Phase.OFFERING)
    with site_app.app_context():
        round_ = db.session.get_one(Round, site.own.round_id)
        round_.wishing_until = round_.result_on = clock.today() + timedelta(days=30)
        round_.visits_from = round_.visits_until = clock.today() + timedelta(days=60)
        db.session.commit()
    organiser.get(path)
    assert "Wensen open, aan scholen Als u deze stap zet en het vakje aan laat." in organiser.text()
    assert "om 9 uur, aan wie dan nog niets heeft laten horen." in organiser.text()
    organiser.submit(f"{path}/fase", fase="wishing", mailen="ja")
    organiser.get(path)
    assert "Wensen open, aan scholen 1 bericht" in organiser.text()
    assert "Ronde open, aan aanbieders Niet verstuurd." in organiser.text()


@pytest.mark.parametrize("wanted", ["published", "closed", "reviewing", "nonsense", ""])
def test_a_phase_that_is_not_offered_changes_nothing(
    organiser: StrictClient, site_app: Flask, site: Site, wanted: str
) -> None:
    move_to(site_app, site, Phase.WISHING)
    organiser.submit(f"{HOME}/ronde/{site.own.round_id}/fase", fase=wanted)
    assert phase_of(site_app, site) == Phase.WISHING
