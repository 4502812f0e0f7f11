"""Who calls visits off or moves them need not think of letters: none leaves that is no longer true."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import MagicMock

import pytest
import time_machine
from flask import Flask

from matchmaker.domain.errors import QuestionGoneError
from matchmaker.domain.kinds import MessageKind
from matchmaker.extensions import db
from matchmaker.models import Booking, Message, Slot
from matchmaker.services import delivery
from matchmaker.services.answers import read_question
from matchmaker.services.cancelling import cancel_booking
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.letters import write_due_letters
from matchmaker.services.moving import move_slot, withdraw_slot
from matchmaker.services.slot_clashes import SlotTarget
from tests.factories import UserFactory
from tests.integration.services.letter_days import Field, letters, make_field, send_all, wall, words

TUESDAY = date(2027, 1, 12)
A_WEEK_BEFORE = wall(date(2027, 1, 5))
DAY_BEFORE = wall(date(2027, 1, 11))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def field(app: Flask) -> Field:
    return make_field()


@pytest.fixture
def at() -> Iterator[Callable[[datetime], None]]:
    """Set the clock to a moment."""
    with time_machine.travel(A_WEEK_BEFORE, tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What left the house."""
    transport, gone = MagicMock(), []
    transport.__enter__.return_value.send.side_effect = gone.append
    monkeypatch.setattr(delivery, "open_transport", lambda *_args, **_more: transport)
    return gone


def actor() -> int:
    user = UserFactory(email="iemand@regio.example")
    db.session.commit()
    return int(user.id)


def cancel(field: Field, booking: Booking) -> None:
    cancel_booking(field.region.id, field.school.id, booking.id, actor(), "Schoolreis")


def move(field: Field, booking: Booking, day: date, hour: int = 9, address: str = "") -> None:
    slot = db.session.get_one(Slot, booking.slot_id)
    target = SlotTarget(wall(day, hour), wall(day, hour + 2), address)
    move_slot(
        field.region.id,
        field.host.id,
        slot.id,
        target,
        actor(),
        version=slot.version,
        despite_clashes=True,
    )


def reminders() -> list[Message]:
    return letters(MessageKind.VISIT_REMINDER)


def token(message: Message) -> str:
    found = re.search(r"/vraag/([\w-]{43})", words(message))
    assert found is not None
    return found[1]


def kinds(sent: list[Any]) -> set[str]:
    """Return which kinds of mail left, as their Message-IDs tell."""
    return {mail.message_id.lstrip("<").partition(".")[0] for mail in sent}


def test_a_reminder_of_a_visit_that_is_called_off_does_not_leave_and_its_link_is_dead(
    field: Field, at: Any, sent: list[Any]
) -> None:
    booking = field.book(TUESDAY)
    write_due_letters()
    link = token(reminders()[0])
    cancel(field, booking)
    deliver_due_messages()
    assert kinds(sent) == {"visit-cancelled-school", "visit-cancelled-host"}
    with pytest.raises(QuestionGoneError):
        read_question(link)
    at(A_WEEK_BEFORE + MINUTE)
    write_due_letters()
    assert reminders() == []


def test_a_reminder_of_a_visit_that_moves_gives_way_to_one_of_the_new_day(
    field: Field, at: Any, sent: list[Any]
) -> None:
    booking = field.book(TUESDAY)
    write_due_letters()
    move(field, booking, TUESDAY + timedelta(days=14))
    deliver_due_messages()
    assert "visit-reminder" not in kinds(sent)
    at(A_WEEK_BEFORE + timedelta(days=14))
    write_due_letters()
    deliver_due_messages()
    assert "visit-reminder" in kinds(sent)
    assert "DINSDAG 26 JANUARI" in words(reminders()[0])


def test_a_reminder_of_a_visit_at_another_place_comes_later_with_that_place_and_the_same_link(
    field: Field, at: Any, sent: list[Any]
) -> None:
    booking = field.book(TUESDAY)
    write_due_letters()
    link = token(reminders()[0])
    move(field, booking, TUESDAY, address="Havenstraat 3, Zevenaar")
    deliver_due_messages()
    assert "visit-reminder" not in kinds(sent)
    # The change is a mail of its own; three days later there is something to remind of.
    at(A_WEEK_BEFORE + timedelta(days=3))
    write_due_letters()
    (mail,) = reminders()
    assert "Havenstraat 3, Zevenaar" in words(mail)
    assert token(mail) == link


def test_who_has_a_reminder_hears_of_another_place_by_one_mail_only(field: Field, at: Any) -> None:
    booking = field.book(TUESDAY)
    write_due_letters()
    send_all()
    move(field, booking, TUESDAY, address="Havenstraat 3, Zevenaar")
    assert len(letters(MessageKind.VISIT_CHANGED_SCHOOL)) == 1
    at(A_WEEK_BEFORE + timedelta(days=3))
    write_due_letters()
    assert len(reminders()) == 1


def test_a_list_of_the_day_tells_who_comes_when_it_leaves(field: Field, at: Any, sent: list[Any]) -> None:
    first, second = field.book(TUESDAY, 9), field.book(TUESDAY, 13)
    at(DAY_BEFORE)
    write_due_letters()
    send_reminders()
    cancel(field, first)
    deliver_due_messages()
    assert "day-sheet" not in kinds(sent)
    at(DAY_BEFORE + MINUTE)
    write_due_letters()
    deliver_due_messages()
    assert "day-sheet" in kinds(sent)
    text = words(letters(MessageKind.DAY_SHEET)[0])
    assert (first.slot.activity.title in text, second.group.name in text) == (False, True)


def send_reminders() -> None:
    for message in reminders():
        message.state = message.state.SENT
    db.session.commit()


def test_a_list_of_a_slot_that_is_withdrawn_does_not_leave(field: Field, at: Any, sent: list[Any]) -> None:
    booking = field.book(TUESDAY)
    at(DAY_BEFORE)
    write_due_letters()
    withdraw_slot(field.region.id, field.host.id, booking.slot_id, actor(), "Storing")
    at(DAY_BEFORE + MINUTE)
    write_due_letters()
    deliver_due_messages()
    assert "day-sheet" not in kinds(sent)
    assert letters(MessageKind.DAY_SHEET) == []
