"""A file that changes what stands in people's calendars: they hear of it, or the file is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker.exchange import rows
from matchmaker.exchange.problems import InputError
from matchmaker.extensions import db
from matchmaker.models import Booking, Group, Message, Slot
from matchmaker.services.import_report import ImportReport
from matchmaker.services.imports import import_workbook
from tests.factories import BookingFactory
from tests.integration.exchange import small_region as small
from tests.integration.services.coming_visits import event_of, kinds_of, mails_to
from tests.unit.notifications.reading_mail import parse_mail, text_of

SCHOOL, HOST = "techniek@wilgenkamp.example", "onderwijs@roodgloed.example"


@pytest.fixture
def booked(app: Flask) -> Iterator[None]:
    """The group 7/8 goes to the slot T1 and gets the mobile lesson T2."""
    with time_machine.travel(datetime(2026, 9, 10, 8, tzinfo=UTC), tick=False):
        import_workbook(small.workbook_file())
        group = db.session.scalars(sa.select(Group).where(Group.name == "7/8")).one()
        for slot in db.session.scalars(sa.select(Slot).order_by(Slot.code)):
            BookingFactory(group=group, slot=slot)
        db.session.commit()
        yield


def take(**changes: object) -> ImportReport:
    report = import_workbook(small.workbook_file(**changes))
    db.session.expire_all()
    return report


def host(**changes: object) -> tuple[rows.HostRow, ...]:
    return (replace(small.HOSTS[0], **changes),)


def activity(**changes: object) -> tuple[rows.ActivityRow, ...]:
    return (replace(small.ACTIVITIES[0], **changes), small.ACTIVITIES[1])


def pupils(number: int) -> tuple[rows.GroupRow, ...]:
    return (replace(small.GROUPS[0], pupils=number), small.GROUPS[1])


def slot_named(code: str) -> Slot:
    return db.session.scalars(sa.select(Slot).where(Slot.code == code)).one()


def booking_in(code: str) -> Booking:
    return db.session.scalars(sa.select(Booking).join(Booking.slot).where(Slot.code == code)).one()


def words(message: Message) -> str:
    return " ".join(text_of(parse_mail(message)).split())


def test_the_same_file_again_tells_nobody_anything(booked: None) -> None:
    take()
    assert mails_to() == []
    assert booking_in("T1").calendar_sequence == 0


def test_another_address_of_an_activity_changes_the_calendars_of_both_sides(booked: None) -> None:
    report = take(activities=activity(address="Kade 9, Terborg"))
    assert kinds_of(mails_to()) == [(HOST, "visit_changed_host"), (SCHOOL, "visit_changed_school")]
    for recipient, row in ((SCHOOL, booking_in("T1")), (HOST, slot_named("T1"))):
        (message,) = mails_to(recipient)
        event = event_of(message)
        assert (event["x-method"], event["uid"], event["sequence"]) == ("REQUEST", row.calendar_uid, 1)
        assert "Kade 9, Terborg" in event["location"]
        assert words(message).index("Havenweg 2, Terborg") < words(message).index("Kade 9, Terborg")
    assert booking_in("T2").calendar_sequence == 0
    assert "Er gaan 2 mails weg over bezoeken die door dit bestand veranderen." in report.notes


def test_another_address_of_the_school_moves_what_comes_to_it(booked: None) -> None:
    take(schools=(replace(small.SCHOOLS[0], street="Nieuweweg 3"), small.SCHOOLS[1]))
    assert kinds_of(mails_to()) == [(HOST, "visit_changed_host"), (SCHOOL, "visit_changed_school")]
    assert {str(event_of(m)["uid"]) for m in mails_to()} == {
        booking_in("T2").calendar_uid,
        slot_named("T2").calendar_uid,
    }


def test_another_name_or_text_alone_sends_no_mail(booked: None) -> None:
    take(hosts=host(name="De Roodgloed BV"), activities=activity(practical="Neem brood mee."))
    assert mails_to() == []


def test_a_group_of_another_size_is_told_to_the_host_and_holds_other_places(booked: None) -> None:
    take(groups=pupils(28))
    assert slot_named("T1").taken_pupils == slot_named("T2").taken_pupils == 28
    assert {kind for _, kind in kinds_of(mails_to())} == {"visit_changed_host"}
    assert all("komt met 28 leerlingen; eerst waren het er 25." in words(m) for m in mails_to(HOST))
    assert len(mails_to(HOST)) == 2


def test_a_group_that_no_longer_fits_is_refused_with_the_visit(booked: None) -> None:
    with pytest.raises(InputError) as refusal:
        take(groups=pupils(51))
    (problem,) = refusal.value.problems
    assert (problem.row, problem.column) == (2, "Leerlingen")
    assert problem.message.startswith("Zo komen er 51 leerlingen bij “Lassen: lijm van vuur” op 06-10-2026")
    db.session.expire_all()
    assert booking_in("T1").group.pupils == 25
    assert mails_to() == []


def test_a_slot_with_groups_is_moved_on_its_page_not_by_a_file(booked: None) -> None:
    with pytest.raises(InputError) as refusal:
        take(slots=(replace(small.SLOTS[0], date=small.SLOTS[1].date), small.SLOTS[1]))
    assert "Verzet het op de pagina van de aanbieder" in str(refusal.value.problems[0])


def test_a_new_contact_gets_the_visits_and_who_stays_hears_nothing(booked: None) -> None:
    take(hosts=host(contact_email="nieuw@roodgloed.example"))
    assert kinds_of(mails_to()) == [("nieuw@roodgloed.example", "visit_host")] * 2


def test_a_visit_of_the_past_changes_in_silence(booked: None) -> None:
    with time_machine.travel(datetime(2027, 5, 1, tzinfo=UTC), tick=False):
        take(activities=activity(address="Kade 9, Terborg"), groups=pupils(20))
    assert mails_to() == []
    assert slot_named("T1").taken_pupils == 25
