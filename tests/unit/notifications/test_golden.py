"""The words of every mail, compared with those kept in tests/golden/email.

After a change on purpose: ``UPDATE_GOLDEN=1 .venv/bin/pytest tests/unit/notifications/test_golden.py``,
then read the difference.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
import vobject

from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.models import Message
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.departures import compose_contact_left, compose_inactive_notice
from matchmaker.notifications.facts import (
    Contact,
    DepartureFacts,
    InactiveFacts,
    InvitationFacts,
    SignInFacts,
)
from matchmaker.notifications.invitation import compose_invitation
from matchmaker.notifications.joining import (
    JoinFacts,
    compose_join_asked,
    compose_join_received,
    compose_join_refused,
)
from matchmaker.notifications.publication import compose_publication
from matchmaker.notifications.sign_in import compose_sign_in
from tests.unit.notifications.publication_facts import EIKEN, MOMENT, PUBLICATION, REGION, SETTINGS
from tests.unit.notifications.question_facts import question_mails
from tests.unit.notifications.reading_mail import calendar_of, html_of, parse_mail, text_of

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "email"


def all_mails() -> dict[str, Message]:
    """Every mail of the small publication and one to sign in, by a name for its file."""
    messages = compose_publication(PUBLICATION, SETTINGS)
    sign_in = SignInFacts(
        token_id=1, contact=EIKEN.contacts[0], path="/inloggen/link/Ab3dEf6hIj", code="012345"
    )
    messages.append(compose_sign_in(sign_in, SETTINGS, MOMENT))
    numbered = {f"{number:02}-{message.kind.value}": message for number, message in enumerate(messages)}
    return numbered | invitations() | departures() | joining() | question_mails()


def joining() -> dict[str, Message]:
    """The mails around asking to join."""
    asks = JoinFacts(
        id=4,
        contact=Contact(name="W&T-coördinator De Eiken", email="wt@de-eiken.example"),
        place="De Eiken",
        reason="De Eiken heeft al een coördinator.\nVraag haar om u uit te nodigen.",
    )
    letterhead = Letterhead(SETTINGS, REGION, MOMENT)
    organiser = Contact(name="Regiobureau", email="bureau@techniekpact.example")
    return {
        "join-received-school": compose_join_received(asks, REGION, SETTINGS, MOMENT),
        "join-received-new-host": compose_join_received(replace(asks, place=""), REGION, SETTINGS, MOMENT),
        "join-refused": compose_join_refused(asks, REGION, SETTINGS, MOMENT),
        "join-asked": compose_join_asked(
            organiser, "/organisator/achterhoek/verzoeken", "join_requests:1:2026-12-23", letterhead, MOMENT
        ),
    }


def invitations() -> dict[str, Message]:
    """One invitation to each role; the region itself invites the coordinator."""
    colleague = Contact(name="W&T-coördinator", email="wt@de-eiken.example")
    places = {
        Role.HOST_CONTACT: "Metaalwerken IJsselstroom",
        Role.COORDINATOR: "De Eiken",
        Role.TEACHER: "De Eiken",
        Role.BOARD: "Stichting Achterhoek PO",
    }
    return {
        f"invitation-{role.value.replace('_', '-')}": compose_invitation(
            InvitationFacts(
                invitation_id=1,
                contact=Contact(name="Leerkracht groep 7", email="groep7@de-eiken.example"),
                inviter=None if role is Role.COORDINATOR else colleague,
                role=role,
                place=places.get(role, REGION.name),
                path="/uitnodiging/Ab3dEf6hIj",
                valid_until=MOMENT + timedelta(days=14),
            ),
            REGION,
            SETTINGS,
            MOMENT,
        )
        for role in Role
    }


def departures() -> dict[str, Message]:
    """The mails about accounts that go."""
    letterhead, recipient = Letterhead(SETTINGS, PUBLICATION.region, MOMENT), EIKEN.contacts[0]
    left = DepartureFacts(
        organisation_id=7, organisation="De Eiken", left_user_id=9, path="/organisator/achterhoek"
    )
    notice = InactiveFacts(months=24, goes_at=MOMENT + timedelta(days=30), path="/account-houden/Ab3dEf6hIj")
    return {
        "contact_left": compose_contact_left(left, recipient, letterhead),
        "inactive_notice": compose_inactive_notice(notice, recipient, letterhead),
    }


MAILS = all_mails()


@pytest.mark.parametrize("name", MAILS)
def test_mail_reads_as_agreed(name: str) -> None:
    message = MAILS[name]
    mail = parse_mail(message)
    parts = {
        "txt": f"To: {mail['To']}\nSubject: {mail['Subject']}\n\n{text_of(mail)}",
        "html": html_of(mail),
    }
    ics = calendar_of(mail)
    if ics:
        parts["ics"] = ics.decode().replace("\r\n", "\n")
    for suffix, content in parts.items():
        _compare(GOLDEN / f"{name}.{suffix}", content)


def _compare(path: Path, content: str) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(content, encoding="utf-8")
    assert content == path.read_text(encoding="utf-8")


def test_every_kind_of_mail_is_among_them() -> None:
    assert {message.kind for message in MAILS.values()} == set(MessageKind)


def test_no_file_is_left_of_a_mail_that_is_no_more() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(MAILS)


@pytest.mark.parametrize("name", MAILS)
def test_links_lead_to_the_site_only(name: str) -> None:
    html = html_of(parse_mail(MAILS[name]))
    links = [piece.split('"')[0] for piece in html.split('href="')[1:]]
    assert all(link.startswith(("https://techniek.example/", "mailto:")) for link in links)
    assert "src=" not in html


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_has_its_three_templates(kind: MessageKind) -> None:
    folder = Path(__file__).resolve().parents[3] / "templates" / "email" / kind.value
    assert {path.name for path in folder.iterdir()} >= {"subject.txt", "body.txt", "body.html"}


@pytest.mark.parametrize("name", [name for name in MAILS if "visit" in name])
def test_a_third_reader_understands_the_calendars_too(name: str) -> None:
    ics = calendar_of(parse_mail(MAILS[name]))
    assert ics
    calendar = vobject.readOne(ics.decode())
    assert calendar.method.value == "REQUEST"
    assert calendar.vevent.dtstart.value.astimezone(UTC) in {s.starts_at for s in PUBLICATION.slots}
