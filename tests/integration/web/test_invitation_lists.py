"""Inviting hundreds from one file: a look first, then mails one after another, and nobody twice."""

from __future__ import annotations

import time
from datetime import timedelta
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
import xlsxwriter
from flask import Flask

from matchmaker import clock
from matchmaker.domain.errors import RoleNotAllowedError, TransitionError
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.exchange.invitation_files import examine_invitations, write_template
from matchmaker.exchange.problems import InputError
from matchmaker.extensions import db
from matchmaker.models import Invitation, InvitationList, Membership, Message, Organisation
from matchmaker.queries.retention import select_invitation_lists
from matchmaker.services import invitation_lists
from matchmaker.services.retention import clean_up_tonight
from tests.conftest import database_url
from tests.site import Site, StrictClient

__all__ = ["database_url"]

HEADER = "E-mailadres;Naam;Rol;Code\n"
HUNDREDS = 600


def code_of(app: Flask, organisation_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Organisation, organisation_id).code


def list_of_people(app: Flask, site: Site, number: int = 2) -> bytes:
    code = code_of(app, site.own.school_id)
    rows = [f"leerkracht{n}@groot.example;Leerkracht {n};leerkracht;{code}" for n in range(number)]
    return (HEADER + "\n".join(rows)).encode()


def upload(client: StrictClient, site: Site, data: bytes, name: str = "lijst.csv") -> Any:
    path = f"/organisator/{site.own.slug}/mensen/lijst"
    client.get(path)
    return client.submit(path, file=(BytesIO(data), name))  # type: ignore[arg-type]


def count_mails(app: Flask) -> int:
    with app.app_context():
        statement = sa.select(sa.func.count()).where(Message.kind == MessageKind.INVITATION)
        return db.session.scalars(statement).one()


def test_nothing_is_sent_before_the_organiser_says_so(
    site_app: Flask, site: Site, organiser: StrictClient
) -> None:
    preview = upload(organiser, site, list_of_people(site_app, site)).location
    organiser.get(preview)
    assert "Krijgen een uitnodiging 2" in organiser.text()
    assert count_mails(site_app) == 0
    assert organiser.submit(f"{preview}/versturen").status_code == 302
    assert count_mails(site_app) == 2
    organiser.get(f"/organisator/{site.own.slug}/mensen")
    assert "3 uitnodigingen staan nog open: 1 verstuurd, 2 onderweg" in organiser.text()


def test_the_same_file_sends_nothing_twice(site_app: Flask, site: Site, organiser: StrictClient) -> None:
    data = list_of_people(site_app, site)
    first = upload(organiser, site, data).location
    organiser.get(first)
    organiser.submit(f"{first}/versturen")
    assert organiser.submit(f"{first}/versturen").status_code == 409
    second = upload(organiser, site, data).location
    organiser.get(second)
    assert "Zijn al uitgenodigd 2" in organiser.text()
    assert "Er is niemand om uit te nodigen." in organiser.text()
    organiser.submit(f"{second}/versturen")
    assert count_mails(site_app) == 2


def test_who_has_the_role_already_is_left_alone(site_app: Flask, site: Site, organiser: StrictClient) -> None:
    code = code_of(site_app, site.own.school_id)
    data = f"{HEADER}coordinator@achterhoek.example;;coördinator;{code}".encode()
    organiser.get(upload(organiser, site, data).location)
    assert "Doen al mee 1" in organiser.text()


def test_every_mistake_is_told_by_row_and_column(
    site_app: Flask, site: Site, organiser: StrictClient
) -> None:
    school, host = code_of(site_app, site.own.school_id), code_of(site_app, site.own.host_id)
    foreign = code_of(site_app, site.other.school_id)
    rows = [
        "geen adres;;leerkracht;" + school,
        "a@x.example;;directeur;" + school,
        "b@x.example;;leerkracht;" + host,
        "c@x.example;;contactpersoon;" + school,
        "d@x.example;;organisator;" + school,
        "e@x.example;;leerkracht;" + foreign,
        "f@x.example;;leerkracht;",
        "g@x.example;;leerkracht;" + school,
        "g@x.example;;leerkracht;" + school,
    ]
    organiser.get(upload(organiser, site, (HEADER + "\n".join(rows)).encode()).location)
    text = organiser.text()
    assert "Krijgen een uitnodiging 1 " in text
    for words in (
        "rij 2, kolom E-mailadres",
        "rij 3, kolom Rol",
        "rij 4, kolom Code: Bij deze rol hoort de code van een school.",
        "rij 5, kolom Code: Bij deze rol hoort de code van een aanbieder.",
        "rij 6, kolom Code: Deze rol is voor de hele regio.",
        f"rij 7, kolom Code: In deze regio is geen school of aanbieder met code {foreign}.",
        "rij 8, kolom Code",
        "Dit staat ook al in rij 9.",
    ):
        assert words in text, words


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 geen werkmap", b"\x00\x01\x02", HEADER.encode()])
def test_a_file_that_cannot_be_read_is_refused_in_words(
    site: Site, organiser: StrictClient, data: bytes
) -> None:
    assert upload(organiser, site, data).status_code == 200
    assert "Dit bestand kunnen we niet lezen" in organiser.text()


def test_no_file_is_refused_at_the_field(site: Site, organiser: StrictClient) -> None:
    path = f"/organisator/{site.own.slug}/mensen/lijst"
    organiser.get(path)
    organiser.submit(path)
    assert "Kies een bestand." in organiser.text()


def test_a_workbook_is_read_too(site_app: Flask, site: Site, organiser: StrictClient) -> None:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Mensen")
        sheet.write_row(0, 0, ["E-mail", "Naam", "Rol", "School"])
        sheet.write_row(1, 0, ["wb@x.example", "Iemand", "Docent", code_of(site_app, site.own.school_id)])
    organiser.get(upload(organiser, site, stream.getvalue(), "mensen.xlsx").location)
    assert "Krijgen een uitnodiging 1 " in organiser.text()


def test_the_example_can_be_read_and_holds_no_formula(site: Site, organiser: StrictClient) -> None:
    response = organiser.get(f"/organisator/{site.own.slug}/mensen/lijst/voorbeeld.csv")
    assert response.data == write_template()
    assert examine_invitations("voorbeeld.csv", response.data).problems == ()
    cells = response.get_data(as_text=True).replace("\r\n", ";").split(";")
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_more_rows_than_a_region_has_people_are_refused() -> None:
    rows = "\n".join(f"a{n}@x.example;;meelezer;" for n in range(2001))
    with pytest.raises(InputError):
        examine_invitations("groot.csv", (HEADER + rows).encode())


def test_hundreds_are_sent_in_seconds_and_leave_one_after_another(site_app: Flask, site: Site) -> None:
    data = list_of_people(site_app, site, HUNDREDS)
    with site_app.app_context():
        began = time.process_time()
        list_id = invitation_lists.read_list(site.own.region_id, "lijst.csv", data, site.organiser)
        assert invitation_lists.send_list(site.own.region_id, list_id, site.organiser) == HUNDREDS
        assert time.process_time() - began < 20
        statement = sa.select(Message.next_attempt_at).where(Message.kind == MessageKind.INVITATION)
        moments = sorted(db.session.scalars(statement))
    gaps = {later - earlier for earlier, later in pairwise(moments)}
    assert gaps == {timedelta(seconds=1)}


def test_a_second_list_waits_for_the_first(site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        for start in ("a", "b"):
            data = list_of_people(site_app, site, 3).replace(b"leerkracht0@", start.encode() + b"0@")
            list_id = invitation_lists.read_list(
                site.own.region_id, "l.csv", data.replace(b"@groot", f"@{start}".encode()), site.organiser
            )
            invitation_lists.send_list(site.own.region_id, list_id, site.organiser)
        statement = sa.select(Message.next_attempt_at).where(Message.kind == MessageKind.INVITATION)
        moments = sorted(db.session.scalars(statement))
    assert moments[-1] - moments[0] >= timedelta(seconds=4)


def test_a_list_holds_nobody_after_sending_and_goes_after_its_time(site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        data = list_of_people(site_app, site)
        list_id = invitation_lists.read_list(site.own.region_id, "l.csv", data, site.organiser)
        invitation_lists.send_list(site.own.region_id, list_id, site.organiser)
        row = db.session.get_one(InvitationList, list_id)
        assert (row.entries, row.problems, row.sent) == ([], [], 2)
        with pytest.raises(TransitionError):
            invitation_lists.send_list(site.own.region_id, list_id, site.organiser)
        assert db.session.scalars(select_invitation_lists()).all() == []
        with time_machine.travel(clock.now() + timedelta(days=7, minutes=1)):
            assert clean_up_tonight()["invitation_lists"] == 3  # type: ignore[index]
        assert db.session.scalars(sa.select(InvitationList.id)).all() == []


def test_a_list_never_gives_a_role_that_is_not_the_senders_to_give(site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        data = f"{HEADER}x@x.example;;organisator;".encode()
        list_id = invitation_lists.read_list(site.own.region_id, "l.csv", data, site.organiser)
        statement = sa.update(Membership).where(Membership.user_id == site.organiser)
        db.session.execute(statement.values(role=Role.VIEWER))
        db.session.commit()
        with pytest.raises(RoleNotAllowedError):
            invitation_lists.send_list(site.own.region_id, list_id, site.organiser)
        mine = sa.select(Invitation.id).where(Invitation.email == "x@x.example")
        assert db.session.scalars(mine).all() == []
