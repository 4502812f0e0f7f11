"""Who works where: seen, invited, ended and handed over on the pages of a school, a host and a region."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Invitation, Membership, Message, Region, School, User
from tests.conftest import database_url
from tests.factories import MembershipFactory, UserFactory
from tests.site import Site, StrictClient, sign_in_as

__all__ = ["database_url"]

NEW = "collega@school.example"


def add_member(app: Flask, site: Site, role: Role, email: str, organisation_id: int | None = None) -> int:
    """Give somebody a role; return the id of that role."""
    with app.app_context():
        user = db.session.scalars(sa.select(User).where(User.email == email)).one_or_none()
        membership = MembershipFactory(
            user=user or UserFactory(email=email, name=email.partition("@")[0]),
            role=role,
            region=db.session.get_one(Region, site.own.region_id),
            organisation=db.session.get_one(School, organisation_id) if organisation_id else None,
            organisation_id=organisation_id,
            since=date(2026, 8, 1),
        )
        db.session.commit()
        return int(membership.id)


def list_roles(app: Flask, email: str) -> list[Role]:
    with app.app_context():
        today = clock.today()
        statement = (
            sa.select(Membership.role)
            .join(Membership.user)
            .where(User.email == email, sa.or_(Membership.until.is_(None), Membership.until >= today))
        )
        return list(db.session.scalars(statement))


def role_of(app: Flask, user_id: int) -> int:
    with app.app_context():
        return db.session.scalars(sa.select(Membership.id).where(Membership.user_id == user_id)).one()


def test_a_coordinator_sees_colleagues_and_invites_one_more(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    path = f"/school/{site.own.school_id}/mensen"
    coordinator.get(f"/school/{site.own.school_id}")
    coordinator.get(path)
    assert "coordinator achterhoek dit bent u" in coordinator.text()
    response = coordinator.submit(f"{path}/uitnodigen", email=NEW, name="Collega", role="teacher")
    assert response.location == path
    coordinator.get(path)
    assert f"De uitnodiging aan {NEW} is onderweg." in coordinator.text()
    assert "wordt verstuurd" in coordinator.text()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MessageState.SENT, "verstuurd Geldig tot en met"),
        (MessageState.FAILED, "niet aangekomen Klopt het adres?"),
    ],
)
def test_the_page_says_how_it_stands_with_an_invitation(
    site_app: Flask, site: Site, coordinator: StrictClient, state: MessageState, words: str
) -> None:
    path = f"/school/{site.own.school_id}/mensen"
    coordinator.get(path)
    coordinator.submit(f"{path}/uitnodigen", email=NEW, name="", role="teacher")
    with site_app.app_context():
        db.session.execute(
            sa.update(Message).where(Message.kind == MessageKind.INVITATION).values(state=state)
        )
        db.session.commit()
    coordinator.get(path)
    assert words in coordinator.text()


def test_a_refusal_stands_at_the_field(site: Site, coordinator: StrictClient) -> None:
    path = f"/school/{site.own.school_id}/mensen"
    coordinator.get(path)
    own = "coordinator@achterhoek.example"
    assert coordinator.submit(f"{path}/uitnodigen", email=own, name="", role="coordinator").status_code == 200
    assert "Deze persoon heeft deze rol al." in coordinator.text()
    coordinator.submit(f"{path}/uitnodigen", email=NEW, name="", role="organiser")
    assert "Dit klopt nog niet" in coordinator.text()


def test_an_invitation_is_sent_again_and_withdrawn(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    path = f"/school/{site.own.school_id}/mensen"
    coordinator.get(path)
    again = f"{path}/uitnodigingen/{site.own.invitation_id}/opnieuw"
    assert coordinator.submit(again).location == path
    assert coordinator.submit(again).status_code == 404
    with site_app.app_context():
        newest = db.session.scalars(sa.select(sa.func.max(Invitation.id))).one()
    coordinator.submit(f"{path}/uitnodigingen/{newest}/intrekken")
    coordinator.get(path)
    assert "De uitnodiging is ingetrokken." in coordinator.text()
    assert "Uitgenodigd, nog geen antwoord" not in coordinator.text()


def test_who_leaves_loses_access_with_the_next_request(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    member_id = add_member(site_app, site, Role.TEACHER, NEW, site.own.school_id)
    with site_app.app_context():
        user_id = db.session.scalars(sa.select(User.id).where(User.email == NEW)).one()
    teacher = sign_in_as(site_app, user_id)
    home, path = f"/school/{site.own.school_id}", f"/school/{site.own.school_id}/mensen"
    assert teacher.get(home).status_code == 200
    coordinator.get(f"{path}/{member_id}/uit-dienst")
    assert "collega stopt als leerkracht" in coordinator.text()
    assert coordinator.submit(f"{path}/{member_id}/uit-dienst").location == path
    assert teacher.get(home).status_code == 404


def test_a_role_that_began_today_ends_at_once_too(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    member_id = add_member(site_app, site, Role.TEACHER, NEW, site.own.school_id)
    with site_app.app_context():
        db.session.get_one(Membership, member_id).since = clock.today()
        db.session.commit()
    coordinator.get("/mijn/profiel")
    coordinator.submit(f"/school/{site.own.school_id}/mensen/{member_id}/uit-dienst")
    assert list_roles(site_app, NEW) == []


def test_ending_a_role_asks_to_prove_again_who_one_is(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=20)):
        response = coordinator.get(f"/school/{site.own.school_id}/mensen/{site.own.member_id}/uit-dienst")
    assert response.location == "/mijn/bevestigen"


def test_the_last_coordinator_is_warned_and_hands_over_to_a_colleague(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    add_member(site_app, site, Role.TEACHER, NEW, site.own.school_id)
    with site_app.app_context():
        user_id = db.session.scalars(sa.select(User.id).where(User.email == NEW)).one()
    path = f"/school/{site.own.school_id}/mensen/{site.own.member_id}"
    coordinator.get(f"{path}/uit-dienst")
    assert "Daarna regelt hier niemand meer iets" in coordinator.text()
    response = coordinator.submit(f"{path}/overdragen", colleague=str(user_id), email="", name="")
    assert response.location == "/mijn"
    assert set(list_roles(site_app, NEW)) == {Role.TEACHER, Role.COORDINATOR}
    assert list_roles(site_app, "coordinator@achterhoek.example") == []


def test_a_role_goes_to_somebody_new_when_they_accept(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    path = f"/school/{site.own.school_id}/mensen/{site.own.member_id}"
    coordinator.get(f"{path}/uit-dienst")
    coordinator.submit(f"{path}/overdragen", colleague="0", email=NEW, name="Opvolger")
    assert list_roles(site_app, "coordinator@achterhoek.example") == [Role.COORDINATOR]
    with site_app.app_context():
        body = db.session.scalars(sa.select(Message.body).where(Message.kind == MessageKind.INVITATION)).one()
    link = "/uitnodiging/" + body.replace(b"=\r\n", b"").split(b"/uitnodiging/")[1][:43].decode()
    successor = sign_in_as(site_app, None)
    successor.get(link)
    successor.submit(link, name="Opvolger")
    assert list_roles(site_app, NEW) == [Role.COORDINATOR]
    assert list_roles(site_app, "coordinator@achterhoek.example") == []


def test_handing_over_needs_a_colleague_or_an_address(site: Site, coordinator: StrictClient) -> None:
    path = f"/school/{site.own.school_id}/mensen/{site.own.member_id}"
    coordinator.get(f"{path}/uit-dienst")
    coordinator.submit(f"{path}/overdragen", colleague="0", email="", name="")
    assert "Kies een collega, of vul een e-mailadres in." in coordinator.text()


def test_the_last_organiser_of_a_region_stays(site_app: Flask, site: Site, organiser: StrictClient) -> None:
    path = f"/organisator/{site.own.slug}/mensen/{role_of(site_app, site.organiser)}/uit-dienst"
    organiser.get(path)
    assert organiser.submit(path).status_code == 409
    add_member(site_app, site, Role.ORGANISER, NEW)
    organiser.get("/mijn/profiel")
    assert organiser.submit(path).location == "/mijn"


def test_an_organiser_neither_ends_nor_invites_an_administrator(
    site_app: Flask, site: Site, organiser: StrictClient
) -> None:
    member_id = add_member(site_app, site, Role.ADMINISTRATOR, NEW)
    people = f"/organisator/{site.own.slug}/mensen"
    organiser.get(people)
    assert organiser.submit(f"{people}/{member_id}/uit-dienst").status_code == 409
    organiser.get("/mijn/profiel")
    organiser.submit(
        f"{people}/uitnodigen", email="b@x.example", name="", role="administrator", where="regio"
    )
    assert "Dit klopt nog niet" in organiser.text()
    assert list_roles(site_app, NEW) == [Role.ADMINISTRATOR]


def test_an_organiser_finds_people_by_word_role_and_place(site: Site, organiser: StrictClient) -> None:
    people = f"/organisator/{site.own.slug}/mensen"
    organiser.get(people)
    assert "host_contact achterhoek" in organiser.text()
    for query in ("?q=eiken", "?rol=coordinator", "?soort=school"):
        organiser.get(people + query)
        assert "coordinator achterhoek" in organiser.text(), query
        assert "host_contact achterhoek" not in organiser.text(), query
    organiser.get(f"{people}?soort=school&rol=organiser&q=%00")
    assert "elders" not in organiser.text()


@pytest.mark.parametrize("where", ["regio", "organisatie", "bestuur"])
def test_an_organiser_invites_anywhere_in_the_region(
    site_app: Flask, site: Site, organiser: StrictClient, where: str
) -> None:
    people = f"/organisator/{site.own.slug}/mensen"
    role = {"regio": "viewer", "organisatie": "coordinator", "bestuur": "board"}[where]
    place = {"organisatie": f"organisatie:{site.own.school_id}", "bestuur": f"bestuur:{site.own.board}"}
    organiser.get(f"{people}/uitnodigen")
    response = organiser.submit(
        f"{people}/uitnodigen", email=NEW, name="Iemand", role=role, where=place.get(where, where)
    )
    assert response.location == f"{people}/uitnodigingen"
    organiser.get(response.location)
    assert NEW in organiser.text()
    organiser.get(people)
    assert "2 uitnodigingen staan nog open" in organiser.text()


def test_a_role_that_does_not_fit_the_place_is_refused(site: Site, organiser: StrictClient) -> None:
    people = f"/organisator/{site.own.slug}/mensen"
    organiser.get(f"{people}/uitnodigen")
    organiser.submit(f"{people}/uitnodigen", email=NEW, name="", role="teacher", where="regio")
    assert "Deze rol bestaat hier niet" in organiser.text()


def test_people_change_their_own_name_and_number(site: Site, coordinator: StrictClient) -> None:
    coordinator.get("/mijn/profiel")
    coordinator.submit("/mijn/profiel", name=" W&T  coördinator ", phone="0314 123 456")
    coordinator.get(f"/school/{site.own.school_id}/mensen")
    assert "W&T coördinator" in coordinator.text()
    assert "0314 123 456" in coordinator.text()
    coordinator.submit("/mijn/profiel", name=" ", phone="")
    assert "Vul uw naam in." in coordinator.text()
