"""The page about calendars to subscribe to, and what programs get that fetch one."""

from __future__ import annotations

import re

from flask import Flask

from tests.site import Site, StrictClient, sign_in_as


def make_link(client: StrictClient, organisation: int | str) -> str:
    """Make a link as a person does; return its path."""
    client.get("/mijn/agenda")
    page = client.submit("/mijn/agenda", organisation=str(organisation)).get_data(as_text=True)
    found = re.search(r'value="http://127\.0\.0\.1:8000(/agenda/[\w-]+\.ics)"', page)
    assert found
    return found[1]


def test_a_person_makes_a_link_and_sees_it_once(coordinator: StrictClient, site: Site) -> None:
    path = make_link(coordinator, site.own.school_id)
    assert coordinator.page is not None
    links = [link.get("href") for link in coordinator.page.iter("a")]
    assert f"webcal://127.0.0.1:8000{path}" in links
    assert path not in coordinator.get("/mijn/agenda").get_data(as_text=True)
    assert "Link gemaakt" in coordinator.text()


def test_a_calendar_program_needs_no_session(site_app: Flask, site: Site, coordinator: StrictClient) -> None:
    answer = sign_in_as(site_app, None).get(make_link(coordinator, site.own.school_id))
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8; method=PUBLISH"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in answer.data
    assert b"ATTENDEE" not in answer.data
    assert answer.data.count(b"BEGIN:VEVENT") == 1
    assert {name: answer.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")} == {
        "Cache-Control": "private, max-age=300",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }


def test_what_has_not_changed_is_not_sent_again(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    program, path = sign_in_as(site_app, None), make_link(coordinator, site.own.school_id)
    first = program.get(path)
    again = program.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert program.head(path).headers["ETag"] == first.headers["ETag"]


def test_an_ended_link_looks_like_one_that_never_was(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    path, program = make_link(coordinator, site.own.school_id), sign_in_as(site_app, None)
    coordinator.get("/mijn/agenda")
    action = re.search(r'action="(/mijn/agenda/\d+/stoppen)"', coordinator.get("/mijn/agenda").text)
    assert action
    coordinator.submit(action[1])
    ended, unknown = program.get(path), program.get("/agenda/unknown.ics")
    assert (ended.status_code, ended.data) == (404, unknown.data)


def test_a_foreign_place_cannot_be_chosen(coordinator: StrictClient, site: Site) -> None:
    coordinator.get("/mijn/agenda")
    assert coordinator.submit("/mijn/agenda", organisation=str(site.other.school_id)).status_code == 404


def test_whoever_has_a_link_may_do_without_appointments_in_mails(
    coordinator: StrictClient, site: Site
) -> None:
    coordinator.get("/mijn/agenda")
    assert "Mails zonder afspraak" not in coordinator.text()
    coordinator.submit("/mijn/agenda/afspraken-in-mail", by_mail="")
    coordinator.get("/mijn/agenda")
    assert "Maak eerst een link voor uw agenda." in coordinator.text()
    make_link(coordinator, site.own.school_id)
    assert "Mails zonder afspraak" in coordinator.text()
    coordinator.submit("/mijn/agenda/afspraken-in-mail", by_mail="")
    coordinator.get("/mijn/agenda")
    assert "Weer een afspraak bij elke mail" in coordinator.text()
    action = re.search(r'action="(/mijn/agenda/\d+/stoppen)"', coordinator.get("/mijn/agenda").text)
    assert action
    coordinator.submit(action[1])
    coordinator.get("/mijn/agenda")
    assert "Dit was uw laatste link." in coordinator.text()
