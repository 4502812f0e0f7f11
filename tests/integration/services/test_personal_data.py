"""Taking one's data along, and having it erased: all of one person, nothing of anybody else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.errors import LastOrganiserError, NotFoundError
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import Base, db
from matchmaker.models import AuditEntry, Booking, Membership, Message, SignedInDevice, User
from matchmaker.queries.personal_data import has_subject
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.devices import sign_in_device
from matchmaker.services.erasing import erase_by_email, erase_person
from matchmaker.services.personal_export import export_by_email, export_person
from matchmaker.services.retention import clean_up_tonight
from tests.factories import ActivityFactory, BookingFactory, MembershipFactory, UserFactory
from tests.factories.regions import the_region
from tests.site.canaries import Canary, dump_everything, list_struck_columns, plant, plant_mention


@pytest.fixture
def pair(app: Flask) -> tuple[Canary, Canary]:
    """Two people with words of their own in every personal column."""
    organiser = UserFactory(email="bureau@techniek.example", name="Regiobureau")
    MembershipFactory(user=organiser, role=Role.ORGANISER, region=the_region(), organisation=None)
    BookingFactory()
    pair = plant("a"), plant("b")
    db.session.commit()
    return pair


def test_every_table_about_people_is_planted(pair: tuple[Canary, Canary]) -> None:
    for table in filter(has_subject, Base.metadata.sorted_tables):
        assert db.session.scalars(sa.select(sa.func.count()).select_from(table)).one() >= 2, table.name
    assert len(pair[0].words) > 12


def test_an_export_holds_all_of_the_person_and_nothing_of_others(pair: tuple[Canary, Canary]) -> None:
    own, other = pair
    text = export_person(own.user_id)
    assert [word for word in own.told() if word not in text] == []
    assert [word for word in other.everything() if word in text] == []


def test_an_export_holds_no_secrets(pair: tuple[Canary, Canary]) -> None:
    text = export_person(pair[0].user_id)
    secrets = list(pair[0].secret())
    assert len(secrets) > 4
    assert [word for word in secrets if word in text] == []


def test_an_export_has_documented_keys(pair: tuple[Canary, Canary]) -> None:
    document = json.loads(export_person(pair[0].user_id))
    assert list(document) == ["format", "made_at", "about", "done", "mentioned"]
    assert document["format"] == "matchmaker-person/1"
    assert {"user_account", "membership", "message", "signed_in_device"} <= set(document["about"])
    assert document["about"]["membership"][0]["role"] == "coordinator"


def test_an_export_is_written_down_and_holds_what_the_person_did(pair: tuple[Canary, Canary]) -> None:
    export_person(pair[0].user_id, actor_id=pair[0].user_id)
    document = json.loads(export_person(pair[0].user_id))
    assert [row["action"] for row in document["done"]["audit_entry"]] == ["export_person"]


def test_texts_that_mention_the_person_are_in_the_export(pair: tuple[Canary, Canary]) -> None:
    activity = ActivityFactory(practical=f"Bel {pair[0].phone} bij aankomst.")
    db.session.commit()
    document = json.loads(export_by_email(pair[0].email.upper()))
    assert [row["id"] for row in document["mentioned"]["activity"]] == [activity.id]


def test_nothing_of_an_erased_person_is_left_anywhere(pair: tuple[Canary, Canary]) -> None:
    own, other = pair
    before = dump_everything()
    assert [word for word in own.everything() if word not in before] == []
    bookings = db.session.scalars(sa.select(sa.func.count(Booking.id))).one()
    erase_person(own.user_id)
    after = dump_everything()
    assert [word for word in own.everything() if word in after] == []
    assert [word for word in other.everything() if word not in after] == []
    assert db.session.scalars(sa.select(sa.func.count(Booking.id))).one() == bookings


def test_an_erased_person_is_nobody_but_stays_a_row(pair: tuple[Canary, Canary]) -> None:
    erase_person(pair[0].user_id)
    user = db.session.get_one(User, pair[0].user_id)
    assert (user.active, user.name, user.email) == (
        False, "Gewist account", f"gewist-{user.id}@persoon.invalid",
    )  # fmt: skip
    roles = db.session.scalars(sa.select(Membership).where(Membership.user_id == user.id)).all()
    assert [role.until for role in roles if role.until != clock.today()] == []


def test_erasing_twice_changes_nothing(pair: tuple[Canary, Canary]) -> None:
    erase_person(pair[0].user_id)
    before = dump_everything()
    erase_person(pair[0].user_id)
    assert dump_everything() == before


def test_the_erasing_itself_is_written_down(pair: tuple[Canary, Canary]) -> None:
    erase_person(pair[0].user_id, actor_id=pair[0].user_id)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "erase_person")).one()
    assert (entry.object_id, entry.actor_id, entry.before, entry.after) == (
        pair[0].user_id, pair[0].user_id, None, None,
    )  # fmt: skip


def test_texts_about_organisations_lose_address_and_number(pair: tuple[Canary, Canary]) -> None:
    own = pair[0]
    activity = ActivityFactory(
        description=f"Vragen? {own.email.upper()} of {own.phone}.", practical="Neem de lift."
    )
    db.session.commit()
    erase_person(own.user_id)
    db.session.refresh(activity)
    assert (activity.description, activity.practical) == ("Vragen? █ of █.", "Neem de lift.")
    assert len(list_struck_columns()) > 5


def test_a_mail_to_somebody_else_that_names_the_person_is_emptied(pair: tuple[Canary, Canary]) -> None:
    reader = db.session.get_one(User, pair[1].user_id)
    naming, other = plant_mention(pair[0], reader), plant_mention(pair[1], reader)
    naming.state = other.state = MessageState.SENT
    db.session.commit()
    erase_person(pair[0].user_id)
    for message in (naming, other):
        db.session.refresh(message, ["body"])
    assert naming.body == b""
    assert other.body != b""


def test_a_mail_that_is_still_to_leave_is_emptied_after_that(pair: tuple[Canary, Canary]) -> None:
    naming = plant_mention(pair[0], db.session.get_one(User, pair[1].user_id))
    db.session.commit()
    erase_person(pair[0].user_id)
    deliver_due_messages()
    db.session.refresh(naming)
    assert naming.state is MessageState.SENT
    assert clean_up_tonight() is not None
    db.session.refresh(naming, ["body", "forget_text"])
    assert (naming.body, naming.forget_text) == (b"", False)


def test_mails_to_the_person_do_not_leave_any_more(pair: tuple[Canary, Canary], app: Flask) -> None:
    erase_person(pair[0].user_id)
    deliver_due_messages()
    assert pair[0].email.encode() not in b"".join(
        path.read_bytes() for path in app.config["SETTINGS"].mail_directory.glob("*.eml")
    )
    states = db.session.scalars(sa.select(Message.state).where(Message.user_id == pair[0].user_id)).all()
    assert set(states) == {MessageState.SUPERSEDED}


def test_files_of_mails_go_too(pair: tuple[Canary, Canary], app: Flask) -> None:
    plant_mention(pair[0], db.session.get_one(User, pair[1].user_id))
    db.session.commit()
    deliver_due_messages()
    folder: Path = app.config["SETTINGS"].mail_directory
    assert len(list(folder.glob("*.eml"))) == 3
    erase_person(pair[0].user_id)
    assert [path for path in folder.iterdir() if b"kanarie-a" in path.read_bytes()] == []
    assert len(list(folder.glob("*.eml"))) == 1


def test_every_device_is_signed_out(pair: tuple[Canary, Canary]) -> None:
    sign_in_device(pair[0].user_id, "")
    erase_person(pair[0].user_id)
    devices = sa.select(SignedInDevice).where(SignedInDevice.user_id == pair[0].user_id)
    assert db.session.scalars(devices).all() == []


def test_the_last_organiser_of_a_region_stays(pair: tuple[Canary, Canary]) -> None:
    with pytest.raises(LastOrganiserError) as refusal:
        erase_by_email("bureau@techniek.example")
    assert refusal.value.regions == (the_region().name,)


def test_an_organiser_among_others_may_go(pair: tuple[Canary, Canary]) -> None:
    MembershipFactory(user=UserFactory(), role=Role.ORGANISER, region=the_region(), organisation=None)
    db.session.commit()
    erase_by_email("bureau@techniek.example")


def test_the_bureau_hears_of_a_school_that_has_nobody_left(pair: tuple[Canary, Canary]) -> None:
    erase_person(pair[0].user_id)
    mail = db.session.scalars(sa.select(Message).where(Message.kind == MessageKind.CONTACT_LEFT)).one()
    assert mail.recipient == "bureau@techniek.example"
    assert pair[0].email.encode() not in mail.body


def test_the_bureau_hears_nothing_when_a_colleague_is_left(pair: tuple[Canary, Canary]) -> None:
    school = db.session.scalars(sa.select(Membership).where(Membership.user_id == pair[0].user_id)).one()
    MembershipFactory(user=UserFactory(), role=Role.TEACHER, organisation=school.organisation)
    db.session.commit()
    erase_person(pair[0].user_id)
    assert db.session.scalars(sa.select(Message).where(Message.kind == MessageKind.CONTACT_LEFT)).all() == []


def test_nobody_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFoundError):
        erase_by_email("niemand@school.example")
    with pytest.raises(NotFoundError):
        erase_person(987_654)
