"""One person with several places: the last one opens first, and the way to the others is always there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from matchmaker.domain.kinds import Role
from matchmaker.extensions import db
from matchmaker.models import Host, Region, School, User
from matchmaker.web.account.home_list import SEARCHABLE_FROM, build_home_list
from matchmaker.web.identity import Home
from tests.factories import MembershipFactory, SchoolFactory
from tests.site import Site, StrictClient, sign_in_as

EMAIL = "coordinator@achterhoek.example"


@pytest.fixture
def join_places(site_app: Flask, site: Site) -> Callable[[int], list[int]]:
    """Give the coordinator the region's host and so many more schools; return the ids of those."""

    def join(number: int) -> list[int]:
        with site_app.app_context():
            user = db.session.get_one(User, site.coordinator)
            region = db.session.get_one(Region, site.own.region_id)
            host = db.session.get_one(Host, site.own.host_id)
            MembershipFactory(user=user, role=Role.HOST_CONTACT, organisation=host)
            schools = [
                SchoolFactory(region=region, name=f"School {n}", place=f"Plaats {n}") for n in range(number)
            ]
            for school in schools:
                MembershipFactory(user=user, organisation=school)
            db.session.commit()
            return [school.id for school in schools]

    return join


def sign_in(client: StrictClient, app: Flask) -> str | None:
    """Sign in with a link; return where that leads."""
    from matchmaker.services.sign_in import request_sign_in

    with app.app_context():
        token = request_sign_in(EMAIL).token
    client.get(f"/inloggen/link/{token}")
    return client.submit(f"/inloggen/link/{token}").location


def test_the_place_of_last_time_opens_after_signing_in(
    site_app: Flask, site: Site, join_places: Callable[[int], list[int]]
) -> None:
    (school,) = join_places(1)
    client = sign_in_as(site_app, None)
    assert sign_in(client, site_app) == "/mijn"
    client.get(f"/aanbieder/{site.own.host_id}")
    client.get(f"/school/{school}/uitleg")  # any page of the place counts
    client.submit("/uitloggen")
    assert sign_in(client, site_app) == f"/school/{school}"
    page = client.get(f"/school/{school}").get_data(as_text=True)
    assert f'href="/mijn?nu=/school/{school}"' in page


def test_the_page_that_was_asked_for_comes_before_the_last_place(
    site_app: Flask, site: Site, join_places: Callable[[int], list[int]]
) -> None:
    (school,) = join_places(1)
    client = sign_in_as(site_app, None)
    sign_in(client, site_app)
    client.get(f"/school/{school}")
    client.submit("/uitloggen")
    client.get("/mijn/profiel")
    assert sign_in(client, site_app) == "/mijn/profiel"


@pytest.mark.parametrize("place", ["/school/{other}", "/organisator/achterhoek", "//kwaad.example", "/mijn"])
def test_a_cookie_leads_nowhere_but_to_ones_own_places(
    site_app: Flask, site: Site, join_places: Callable[[int], list[int]], place: str
) -> None:
    join_places(1)
    client = sign_in_as(site_app, None)
    client.set_cookie("homes", place.format(other=site.other.school_id))
    assert sign_in(client, site_app) == "/mijn"


def test_a_place_that_one_left_is_not_opened(
    site_app: Flask, site: Site, join_places: Callable[[int], list[int]]
) -> None:
    join_places(1)
    client = sign_in_as(site_app, None)
    client.set_cookie("homes", f"/school/987654|/aanbieder/{site.own.host_id}")
    assert sign_in(client, site_app) == f"/aanbieder/{site.own.host_id}"


def test_the_list_marks_where_one_is_and_puts_the_last_place_first(
    site_app: Flask, site: Site, join_places: Callable[[int], list[int]]
) -> None:
    (school,) = join_places(1)
    client = sign_in_as(site_app, site.coordinator)
    client.get(f"/school/{site.own.school_id}")
    client.get(f"/school/{school}")
    page = client.get("/mijn", query_string={"nu": f"/school/{school}"}).get_data(as_text=True)
    assert page.count("u bent hier") == 1
    text = client.text()
    order = [text.index(words) for words in ("School 0", "De Eiken", "Metaal achterhoek")]
    assert order == sorted(order)
    assert "Techniek Achterhoek" in text


def test_a_visit_as_organiser_is_no_place_of_ones_own(site_app: Flask, site: Site) -> None:
    client = sign_in_as(site_app, site.organiser)
    client.get(f"/school/{site.own.school_id}")
    assert client.get_cookie("homes") is None


def test_a_long_list_can_be_searched(
    site_app: Flask, site: Site, join_places: Callable[[int], list[int]]
) -> None:
    join_places(SEARCHABLE_FROM - 3)
    client = sign_in_as(site_app, site.coordinator)
    assert 'type="search"' not in client.get("/mijn").get_data(as_text=True)
    with site_app.app_context():
        MembershipFactory(
            user=db.session.get_one(User, site.coordinator),
            organisation=SchoolFactory(region=db.session.get_one(School, site.own.school_id).region),
        )
        db.session.commit()
    assert 'type="search"' in client.get("/mijn").get_data(as_text=True)
    client.get("/mijn", query_string={"q": "SCHOOL plaats 2"})
    assert "School 2" in client.text()
    assert "School 3" not in client.text()
    client.get("/mijn", query_string={"q": "nergens"})
    assert "Niets gevonden" in client.text()


def test_groups_come_in_the_order_in_which_their_places_were_used() -> None:
    homes = [
        Home("/school/1", "Beuk", "Didam", Role.COORDINATOR, "Achterhoek"),
        Home("/school/2", "Eik", "Didam", Role.TEACHER, "Achterhoek"),
        Home("/aanbieder/3", "Smid", "Ulft", Role.HOST_CONTACT, "Achterhoek"),
    ]
    page = build_home_list(homes, ["/aanbieder/3", "/school/2"], "zoek", "")
    assert [[home.url for home in group.homes] for group in page.groups] == [
        ["/aanbieder/3"],
        ["/school/2", "/school/1"],
    ]


def test_who_belongs_nowhere_has_two_ways_on(site_app: Flask, site: Site) -> None:
    page = sign_in_as(site_app, site.newcomer).get("/mijn").get_data(as_text=True)
    assert 'href="/regio/achterhoek/aanmelden"' in page
    assert 'href="mailto:organisator@achterhoek.example"' in page
    with site_app.app_context():
        db.session.get_one(Region, site.own.region_id).joining_open = False
        db.session.commit()
    page = sign_in_as(site_app, site.newcomer).get("/mijn").get_data(as_text=True)
    assert 'href="/regio/achterhoek/aanmelden"' not in page
    assert "organisator@achterhoek.example" in page
