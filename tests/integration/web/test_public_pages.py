"""What everybody sees: regions, the catalogue with its filters, one activity, the language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from matchmaker.domain.kinds import ApprovalState, SlotState
from matchmaker.extensions import db
from matchmaker.models import Activity, Host, Round
from tests.factories import ActivityFactory, SlotFactory
from tests.site import Site, StrictClient, sign_in_as
from tests.site.fixtures import CountQueries

OFFER = "/regio/achterhoek/aanbod"


def test_the_start_page_leads_to_the_regions(site: Site, visitor: StrictClient) -> None:
    assert visitor.get("/").status_code == 200
    assert "Techniek Achterhoek" in visitor.text()
    assert "Lassen in achterhoek" in visitor.text()


def test_a_site_without_regions_says_what_to_do(site_app: Flask) -> None:
    client = sign_in_as(site_app, None)
    assert client.get("/").status_code == 200
    assert "Er is nog geen regio" in client.text()


def test_a_region_shows_only_its_own_offer(site: Site, visitor: StrictClient) -> None:
    visitor.get(OFFER)
    assert "Lassen in achterhoek" in visitor.text()
    assert "elders" not in visitor.text()


def test_names_are_shown_as_text_never_as_markup(visitor: StrictClient, site: Site, robots: int) -> None:
    page = visitor.get(OFFER).get_data(as_text=True)
    assert "Robots &lt;b&gt;bouwen&lt;/b&gt; &amp; 100% techniek" in page


def test_what_was_asked_for_stays_in_the_form(visitor: StrictClient, site: Site, robots: int) -> None:
    page = visitor.get(OFFER + "?q=ulft&niveau=vo1&soort=workshop").get_data(as_text=True)
    assert 'value="ulft"' in page
    assert '<option value="vo1" selected>' in page
    assert '<option value="workshop" selected>' in page


@pytest.mark.parametrize("state", [ApprovalState.DRAFT, ApprovalState.SUBMITTED, ApprovalState.REFUSED])
def test_what_is_not_approved_is_not_shown(
    site_app: Flask, visitor: StrictClient, site: Site, robots: int, state: ApprovalState
) -> None:
    with site_app.app_context():
        db.session.get_one(Activity, robots).approval = state
        db.session.commit()
    visitor.get(OFFER)
    assert "Robots" not in visitor.text()
    assert visitor.get(f"{OFFER}/{robots}").status_code == 404


def test_an_activity_of_another_region_is_not_here(visitor: StrictClient, site: Site) -> None:
    assert visitor.get(f"{OFFER}/{site.other.activity_id}").status_code == 404


def test_only_dates_to_come_with_places_left_are_free(
    site_app: Flask, visitor: StrictClient, site: Site, robots: int
) -> None:
    visitor.get(f"{OFFER}/{robots}")
    assert "1 plaats" in visitor.text() or "2 plaatsen" in visitor.text()
    with site_app.app_context():
        db.session.get_one(Activity, robots).slots[0].state = SlotState.WITHDRAWN
        db.session.commit()
    visitor.get(f"{OFFER}/{robots}")
    assert "Er zijn nu geen vrije data" in visitor.text()


def test_times_are_those_of_the_clock_in_the_region(
    site_app: Flask, visitor: StrictClient, site: Site
) -> None:
    with site_app.app_context():
        activity = db.session.get_one(Activity, site.own.activity_id)
        for year, month in ((2030, 1), (2030, 7)):
            start = datetime(year, month, 15, 8, 0, tzinfo=UTC)
            round_ = db.session.get_one(Round, site.own.round_id)
            SlotFactory(activity=activity, round=round_, starts_at=start, ends_at=start + timedelta(hours=2))
        db.session.commit()
    visitor.get(f"{OFFER}/{site.own.activity_id}")
    assert "9.00–11.00" in visitor.text()
    assert "10.00–12.00" in visitor.text()


def test_the_chosen_language_stays(visitor: StrictClient, site: Site) -> None:
    visitor.get("/")
    assert visitor.submit("/taal", language="en", next="/regio/achterhoek").location == "/regio/achterhoek"
    assert '<html lang="en">' in visitor.get("/").get_data(as_text=True)
    visitor.submit("/taal", language="kl", next="//evil.example")
    assert '<html lang="en">' in visitor.get("/").get_data(as_text=True)


@pytest.mark.parametrize("rows", [1, 10, 50])
def test_the_catalogue_asks_the_database_as_often_for_many_as_for_one(
    site_app: Flask, visitor: StrictClient, site: Site, count_queries: CountQueries, rows: int
) -> None:
    with site_app.app_context():
        host = db.session.get_one(Host, site.own.host_id)
        for _ in range(rows):
            ActivityFactory(host=host)
        db.session.commit()
    with count_queries() as statements:
        visitor.get(OFFER)
    assert len([s for s in statements if s.startswith("SELECT")]) <= 4


def test_a_day_with_many_slots_stands_on_a_tile_once(
    site_app: Flask, visitor: StrictClient, site: Site, robots: int
) -> None:
    with site_app.app_context():
        activity = db.session.get_one(Activity, robots)
        round_ = db.session.get_one(Round, site.own.round_id)
        day = datetime(2099, 3, 3, 8, tzinfo=UTC)
        for number in range(12):
            starts_at = day + timedelta(days=number // 3, hours=number % 3)
            ends_at = starts_at + timedelta(minutes=45)
            SlotFactory(activity=activity, round=round_, starts_at=starts_at, ends_at=ends_at)
        db.session.commit()
    visitor.get(OFFER + "?q=robots")
    text = visitor.text()
    assert text.count("di 3 mrt") == 1
    assert "wo 4 mrt" in text
    assert "en nog 2" in text


def test_the_way_back_from_an_activity_keeps_what_was_asked_for(
    visitor: StrictClient, site: Site, robots: int
) -> None:
    page = visitor.get(f"{OFFER}?q=ulft&niveau=vo1&soort=workshop").get_data(as_text=True)
    forth = f"{OFFER}/{robots}?q=ulft&amp;niveau=vo1&amp;soort=workshop"
    assert f'href="{forth}"' in page
    back = visitor.get(forth.replace("&amp;", "&")).get_data(as_text=True)
    assert f'href="{OFFER}?q=ulft&amp;niveau=vo1&amp;soort=workshop"' in back


def test_the_way_back_goes_to_the_page_of_the_catalogue_whatever_stands_in_the_address(
    visitor: StrictClient, site: Site, robots: int
) -> None:
    back = visitor.get(f"{OFFER}/{robots}?pagina=2&kleur=rood").get_data(as_text=True)
    assert f'class="crumb" href="{OFFER}?pagina=2"' in back
    plain = visitor.get(f"{OFFER}/{robots}?pagina=onzin&niveau=onzin").get_data(as_text=True)
    assert f'class="crumb" href="{OFFER}"' in plain


def test_everybody_can_follow_a_region_s_agenda(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    page = visitor.get(f"/regio/{site.own.slug}/agenda").get_data(as_text=True)
    path = f"/regio/{site.own.slug}/agenda.ics"
    assert f'href="webcal://127.0.0.1:8000{path}"' in page
    program = site_app.test_client()
    first = program.get(path)
    assert first.content_type == "text/calendar; charset=utf-8; method=PUBLISH"
    assert first.headers["Cache-Control"] == "public, max-age=900"
    assert first.data.count(b"BEGIN:VEVENT") == 1
    assert "1 datum" in visitor.text()
    again = program.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = program.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
    assert program.get("/regio/nergens/agenda.ics").status_code == 404
