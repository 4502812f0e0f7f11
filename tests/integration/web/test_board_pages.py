"""A school board's person sees the board's own schools in the region, and changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from matchmaker import clock
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.kinds import Role, Sector
from matchmaker.domain.phases import Phase
from matchmaker.extensions import db
from matchmaker.models import Activity, Host, Membership, Region, Round, School
from tests.factories import (
    BookingFactory,
    GroupFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    WishListFactory,
)
from tests.site import Site, StrictClient, sign_in_as
from tests.site.fixtures import CountQueries
from tests.site.rows import slot_in


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """Both databases: roles are rows with constraints, and the counts are made by the database."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


both = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def board(site_app: Flask, site: Site) -> StrictClient:
    """Somebody of the board of the first region's school."""
    return sign_in_as(site_app, site.board)


def home_of(site: Site) -> str:
    return f"/bestuur/{site.own.membership_id}"


def add_school(app: Flask, site: Site, name: str, board: str, region_id: int | None = None) -> int:
    with app.app_context():
        region = db.session.get_one(Region, region_id or site.own.region_id)
        school = SchoolFactory(region=region, name=name, board=board)
        db.session.commit()
        return int(school.id)


def test_a_board_sees_its_own_schools_and_no_others(board: StrictClient, site_app: Flask, site: Site) -> None:
    strange = add_school(site_app, site, "De Vreemde", "Ander bestuur")
    nobodys = add_school(site_app, site, "De Losse", "")
    elsewhere = add_school(site_app, site, "De Verre", site.own.board, site.other.region_id)
    assert board.get(f"/school/{site.own.school_id}").status_code == 200
    for school_id in (strange, nobodys, elsewhere, site.other.school_id):
        for path in ("", "/uitleg", "/agenda.ics"):
            assert board.get(f"/school/{school_id}{path}").status_code == 404, (school_id, path)
    board.get(home_of(site))
    assert not any(name in board.text() for name in ("De Vreemde", "De Losse", "De Verre"))


def test_a_board_sees_neither_hosts_nor_the_region(board: StrictClient, site: Site) -> None:
    assert board.get(f"/aanbieder/{site.own.host_id}").status_code == 404
    assert board.get(f"/organisator/{site.own.slug}").status_code == 404


def test_a_role_without_the_name_of_a_board_reaches_no_school(site: Site, site_app: Flask) -> None:
    """Schools without a board must not belong to somebody whose role lost its board."""
    from matchmaker.web.identity import _reaches

    assert not _reaches(Membership(role=Role.BOARD, board=""), School(board=""))
    assert not _reaches(Membership(role=Role.BOARD, board="Eikenhout"), None)
    assert not _reaches(Membership(role=Role.BOARD, board="Eikenhout"), Host())


def test_each_person_has_the_overview_of_their_own_role(
    site_app: Flask, site: Site, organiser: StrictClient
) -> None:
    with site_app.app_context():
        second = MembershipFactory(
            user=UserFactory(email="tweede@bestuur.example"),
            role=Role.BOARD,
            region=db.session.get_one(Region, site.own.region_id),
            board="Ander bestuur",
        ).user_id
        db.session.commit()
    assert sign_in_as(site_app, second).get(home_of(site)).status_code == 404
    assert organiser.get(home_of(site)).status_code == 200


def test_a_role_that_ended_opens_nothing(board: StrictClient, site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        membership = db.session.get_one(Membership, site.own.membership_id)
        membership.until = clock.today() - timedelta(days=1)
        db.session.commit()
    assert board.get(home_of(site)).status_code == 404
    assert board.get(f"/school/{site.own.school_id}").status_code == 404


def test_the_school_page_says_through_which_role_one_looks(board: StrictClient, site: Site) -> None:
    board.get(f"/school/{site.own.school_id}")
    assert "als schoolbestuur" in board.text()
    assert f'href="{home_of(site)}"' in board.get(f"/school/{site.own.school_id}").get_data(as_text=True)


@both
def test_the_school_that_lacks_most_stands_first(board: StrictClient, site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        region = db.session.get_one(Region, site.own.region_id)
        region.guarantee_secondary = 1
        SchoolFactory(region=region, name="Aagje lacks one", board=site.own.board, sector=Sector.SECONDARY)
        SchoolFactory(region=region, name="Zwaantje lacks two", board=site.own.board)
        db.session.commit()
    board.get(home_of(site))
    text = board.text()
    # De Eiken has one of two.
    positions = [text.index(name) for name in ("Zwaantje lacks two", "Aagje lacks one", "De Eiken")]
    assert positions == sorted(positions)
    assert "0 van 3 scholen" in text


@both
def test_visits_to_come_count_slots_and_not_groups(board: StrictClient, site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        school = db.session.get_one(School, site.own.school_id)
        activity = db.session.get_one(Activity, site.own.activity_id)
        slot = slot_in(activity, db.session.get_one(Round, site.own.round_id), 5)
        for name in ("3", "4"):
            BookingFactory(group=GroupFactory(school=school, name=name), slot=slot)
        BookingFactory(
            group=GroupFactory(school=school, name="5"),
            slot=slot_in(activity, slot.round, 9),
            state=BookingState.CANCELLED,
        )
        db.session.commit()
    page = board.get(home_of(site)).get_data(as_text=True)
    assert page.count("eerste op") == 1
    cell = page.split("eerste op")[0].rsplit("<span>", 1)[1]
    assert cell.strip().startswith("2<br>")  # this slot, and the one of the round before


@both
def test_wishes_that_are_not_handed_in_are_told(board: StrictClient, site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        round_ = db.session.get_one(Round, site.own.round_id)
        round_.phase = Phase.WISHING
        school = db.session.get_one(School, site.own.school_id)
        WishListFactory(group=GroupFactory(school=school, name="3"), round=round_, submitted_at=None)
        db.session.commit()
    board.get(home_of(site))
    assert "1 van 2 groepen" in board.text()
    assert "nog geen wensen ingediend" not in board.text()
    add_school(site_app, site, "De Stille", site.own.board)
    board.get(home_of(site))
    assert "1 school heeft nog geen wensen ingediend" in board.text()


@both
def test_a_person_has_one_active_role_at_each_board(site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        membership = db.session.get_one(Membership, site.own.membership_id)
        alike = {"user": membership.user, "role": Role.BOARD, "region": membership.region}
        MembershipFactory(board="Ander bestuur", **alike)
        with pytest.raises(IntegrityError):
            MembershipFactory(board=membership.board, **alike)


@both
@pytest.mark.parametrize(("role", "board"), [(Role.BOARD, ""), (Role.ORGANISER, "Eikenhout")])
def test_the_database_wants_a_board_for_this_role_and_for_no_other(
    site_app: Flask, site: Site, role: Role, board: str
) -> None:
    with site_app.app_context(), pytest.raises(IntegrityError, match="board_roles_name_a_board"):
        MembershipFactory(role=role, board=board, region=db.session.get_one(Region, site.own.region_id))


def test_a_board_without_schools_is_told_so(site_app: Flask, site: Site, board: StrictClient) -> None:
    with site_app.app_context():
        db.session.get_one(School, site.own.school_id).board = "Nieuwe naam"
        db.session.commit()
    board.get(home_of(site))
    assert "Er staan geen scholen bij dit bestuur" in board.text()


def test_more_schools_take_no_more_queries(
    board: StrictClient, site_app: Flask, site: Site, count_queries: CountQueries
) -> None:
    board.get(home_of(site))
    with count_queries() as few:
        board.get(home_of(site))
    for number in range(6):
        add_school(site_app, site, f"School {number}", site.own.board)
    with count_queries() as many:
        board.get(home_of(site))
    assert len(many) == len(few)
