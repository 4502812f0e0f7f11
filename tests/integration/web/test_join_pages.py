"""From the region's page to an invitation: find one's place, ask, and let an organiser judge."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.devices import RECENT
from matchmaker.domain.join_requests import JoinState
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.throttles import MOST_JOINS_FOR_ACCOUNT
from matchmaker.extensions import db
from matchmaker.models import Invitation, JoinRequest, Membership, Message, Region, School
from tests.factories import HostFactory, JoinRequestFactory, SchoolFactory
from tests.site import Site, StrictClient, sign_in_as

PERSON = {"name": "Nieuwe leerkracht", "email": "leerkracht@school.example", "role": "teacher"}
JOIN = "/regio/achterhoek/aanmelden"


def form_of(site: Site) -> str:
    return f"{JOIN}/{site.own.school_id}"


def ask(client: StrictClient, site: Site, **fields: str) -> int:
    client.get(form_of(site))
    return int(client.submit(form_of(site), **{**PERSON, **fields}).status_code)


def requests_of(app: Flask, email: str = PERSON["email"]) -> list[JoinRequest]:
    with app.app_context():
        return list(db.session.scalars(sa.select(JoinRequest).where(JoinRequest.email == email)))


def invited_with(site: Site) -> list[int | None]:
    """Return where the person of the built site's request was invited to."""
    email = db.session.get_one(JoinRequest, site.own.join_request_id).email
    return list(db.session.scalars(sa.select(Invitation.organisation_id).where(Invitation.email == email)))


@pytest.fixture
def places(site_app: Flask, site: Site) -> None:
    """Schools and a host to look for."""
    with site_app.app_context():
        region = db.session.get_one(Region, site.own.region_id)
        SchoolFactory(
            region=region,
            name="De Beuk",
            place="Didam",
            postcode="6941 AB",
            street="Dorpsstraat 5",
            code="07AB00",
        )
        SchoolFactory(region=region, name="De Beuk", place="Zevenaar", postcode="6901 CD", code="07CD00")
        SchoolFactory(region=region, name="De Oude Beuk", place="Didam", active=False)
        HostFactory(region=region, name="Smederij Beukenhout", place="Ulft")
        db.session.commit()


def find(client: StrictClient, text: str, kind: str = "school") -> str:
    client.get(f"{JOIN}/{kind}", query_string={"q": text})
    return client.text()


@pytest.mark.parametrize(
    "text", ["beuk didam", "Didam Beuk", "6941AB", "6941 ab", "07ab00", "beuk 6941 AB", "Dorpsstraat"]
)
def test_a_school_is_found_by_any_of_its_marks(
    visitor: StrictClient, site: Site, places: None, text: str
) -> None:
    found = find(visitor, text)
    assert ("Dorpsstraat 5" in found) == (text != "Dorpsstraat")
    assert "Zevenaar" not in found
    assert "Oude Beuk" not in found
    assert "Beukenhout" not in found


def test_the_search_works_without_javascript_and_knows_nothing_of_people(
    visitor: StrictClient, site: Site, places: None
) -> None:
    assert "De Beuk" not in find(visitor, "b")
    assert "Niets gevonden" in find(visitor, "coordinator@achterhoek.example")
    assert "Niets gevonden" in find(visitor, "%%")
    assert "Niets gevonden" in find(visitor, "__")
    assert "Beukenhout" in find(visitor, "beuken", "aanbieder")


def test_schools_of_other_regions_are_not_found(visitor: StrictClient, site: Site) -> None:
    assert "Niets gevonden" in find(visitor, "De Buren")
    assert visitor.get(f"{JOIN}/{site.other.school_id}").status_code == 404


def test_asking_leads_to_a_receipt_and_grants_nothing(
    visitor: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        before = db.session.scalars(sa.select(sa.func.count()).select_from(Membership)).one()
    assert ask(visitor, site) == 302
    visitor.get(f"{JOIN}/ontvangen")
    assert "Het regiobureau kijkt ernaar" in visitor.text()
    assert [row.role for row in requests_of(site_app)] == [Role.TEACHER]
    with site_app.app_context():
        assert db.session.scalars(sa.select(sa.func.count()).select_from(Membership)).one() == before
    # Somebody who types an address of the school's own domain is as much a stranger as before.
    visitor.submit("/inloggen", email=PERSON["email"])
    with site_app.app_context():
        kinds = db.session.scalars(sa.select(Message.kind).where(Message.recipient == PERSON["email"])).all()
    assert kinds == [MessageKind.JOIN_RECEIVED]


def test_the_answer_is_the_same_for_known_and_unknown_people(site_app: Flask, site: Site) -> None:
    answers = []
    for email in (
        "onbekend@school.example",
        "coordinator@achterhoek.example",
        "organiser@achterhoek.example",
    ):
        client = sign_in_as(site_app, None)
        for _ in range(2):
            client.get(form_of(site))
            response = client.submit(form_of(site), **{**PERSON, "email": email})
            answers.append((response.status_code, response.location, response.data))
    assert len(set(answers)) == 1
    with site_app.app_context():
        receipts = sa.select(Message.recipient).where(Message.kind == MessageKind.JOIN_RECEIVED)
        assert len(db.session.scalars(receipts).all()) == 3


def test_mistakes_are_told_at_the_field(visitor: StrictClient, site_app: Flask, site: Site) -> None:
    for fields, sentence in (
        ({"name": " "}, "Vul uw naam in"),
        ({"email": "geen adres"}, "zoals naam@school.nl"),
        ({"email": "naam@schöol.example"}, "zoals naam@school.nl"),
        ({"remark": "x" * 501}, "hoogstens 500 tekens"),
        ({"role": "organiser"}, "Dit klopt nog niet"),
    ):
        assert ask(visitor, site, **fields) == 200, fields
        assert sentence in visitor.text()
    with site_app.app_context():
        assert len(db.session.scalars(sa.select(JoinRequest)).all()) == 2  # those of the built site


def test_a_host_that_is_not_in_the_list_gives_name_and_place(
    visitor: StrictClient, site_app: Flask, site: Site
) -> None:
    visitor.get(f"{JOIN}/nieuwe-aanbieder")
    fields = {"host_name": "De Smid", "host_place": "Ulft", "host_kind": "company"}
    assert visitor.submit(f"{JOIN}/nieuwe-aanbieder", **PERSON, **fields).status_code == 302
    (row,) = requests_of(site_app)
    assert (row.host_name, row.host_place, row.role, row.organisation_id) == (
        "De Smid",
        "Ulft",
        Role.HOST_CONTACT,
        None,
    )


def test_who_is_signed_in_need_not_type_who_they_are(site_app: Flask, site: Site) -> None:
    page = sign_in_as(site_app, site.newcomer).get(form_of(site)).get_data(as_text=True)
    assert 'value="nieuw@school.example"' in page


def test_too_many_requests_for_one_address_wait(site_app: Flask, site: Site) -> None:
    statuses = [ask(sign_in_as(site_app, None), site) for _ in range(MOST_JOINS_FOR_ACCOUNT + 1)]
    assert statuses == [302] * MOST_JOINS_FOR_ACCOUNT + [429]
    assert ask(sign_in_as(site_app, None), site, email="ander@school.example") == 302


def test_a_closed_door_says_whom_to_call(visitor: StrictClient, site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        db.session.get_one(Region, site.own.region_id).joining_open = False
        db.session.commit()
    visitor.get(JOIN)
    assert "organisator@achterhoek.example" in visitor.text()
    assert visitor.get(form_of(site)).status_code == 404
    assert visitor.submit(form_of(site), **PERSON).status_code == 404
    assert requests_of(site_app) == []


def test_organisers_see_who_waits_and_what_speaks_for_it(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        school = db.session.get_one(School, site.own.school_id)
        school.website = "www.de-eiken.example"
        row = JoinRequestFactory(
            organisation=school,
            email="nieuw@de-eiken.example",
            name="<b>Nieuw</b>",
            remark="<script>1</script>",
        )
        JoinRequestFactory(
            organisation=SchoolFactory(region=school.region, name="De Vorige"),
            email=row.email,
            state=JoinState.REFUSED,
            decided_at=clock.now(),
        )
        db.session.commit()
        path = f"/organisator/achterhoek/verzoeken/{row.id}"
    organiser.get("/organisator/achterhoek")
    assert "2 verzoeken om mee te doen wachten" in organiser.text()
    organiser.get("/organisator/achterhoek/verzoeken")
    assert "<b>Nieuw</b>" in organiser.text()
    organiser.get(path)
    text = organiser.text()
    assert "past bij de website www.de-eiken.example" in text
    assert "coordinator@achterhoek.example" in text
    assert "De Vorige" in text
    assert "<script>1</script>" in text  # as words, not as a script


def test_approving_invites_and_tells_so(organiser: StrictClient, site_app: Flask, site: Site) -> None:
    path = f"/organisator/achterhoek/verzoeken/{site.own.join_request_id}"
    organiser.get(path)
    response = organiser.submit(f"{path}/goedkeuren")
    assert response.location == "/organisator/achterhoek/verzoeken"
    organiser.get(response.location)
    assert "De uitnodiging gaat nu per mail weg" in organiser.text()
    with site_app.app_context():
        assert invited_with(site) == [site.own.school_id]
    # A second press finds that it has been done.
    organiser.get(path)
    assert organiser.submit(f"{path}/goedkeuren").location == path
    organiser.get(path)
    assert "al beslist" in organiser.text()
    with site_app.app_context():
        assert len(invited_with(site)) == 1


def test_approving_asks_to_prove_again_who_one_is(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    path = f"/organisator/achterhoek/verzoeken/{site.own.join_request_id}"
    organiser.get(path)
    with time_machine.travel(clock.now() + RECENT + timedelta(minutes=1)):
        assert organiser.submit(f"{path}/goedkeuren").location == "/mijn/bevestigen"
    with site_app.app_context():
        assert invited_with(site) == []


def test_refusing_needs_a_reason(organiser: StrictClient, site_app: Flask, site: Site) -> None:
    path = f"/organisator/achterhoek/verzoeken/{site.own.join_request_id}"
    organiser.get(path)
    assert organiser.submit(f"{path}/afwijzen", reason="  ").status_code == 200
    assert "Vul in waarom het niet kan" in organiser.text()
    assert organiser.submit(f"{path}/afwijzen", reason="Wij kennen u niet.").status_code == 302
    with site_app.app_context():
        row = db.session.get_one(JoinRequest, site.own.join_request_id)
        assert (row.state, row.reason) == (JoinState.REFUSED, "Wij kennen u niet.")
    organiser.get("/organisator/achterhoek")
    assert "verzoek om mee te doen wacht" not in organiser.text()


def test_who_only_reads_is_told_of_no_requests(site_app: Flask, site: Site) -> None:
    viewer = sign_in_as(site_app, site.viewer)
    viewer.get("/organisator/achterhoek")
    assert "verzoek om mee te doen" not in viewer.text()
    assert viewer.get("/organisator/achterhoek/verzoeken").status_code == 404
