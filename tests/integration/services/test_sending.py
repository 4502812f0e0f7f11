"""Mail waits while somebody wants it to, and leaves once more when somebody asks for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.errors import (
    MessageOutdatedError,
    MessageTextGoneError,
    NotFoundError,
    TransitionError,
)
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Message, Region, SendingState
from matchmaker.models.message import BULK_LANE, URGENT_LANE
from matchmaker.queries.sending import find_region_pause, get_sending
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.sending import pause_sending, resend_message, resume_sending
from tests.factories import MessageFactory, RegionFactory, UserFactory


@pytest.fixture
def region(app: Flask) -> Region:
    region: Region = RegionFactory()
    db.session.commit()
    return region


def make(**values: object) -> Message:
    message: Message = MessageFactory(**values)
    db.session.commit()
    return message


def state_of(message: Message) -> MessageState:
    db.session.refresh(message)
    return message.state


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_paused_region_waits_and_others_do_not(region: Region) -> None:
    waiting, other = make(region_id=region.id), make(region_id=RegionFactory().id)
    of_nobody = make()
    pause_sending(region.id)
    assert find_region_pause(region.id) is not None
    deliver_due_messages()
    assert [state_of(m) for m in (waiting, other, of_nobody)] == [
        MessageState.QUEUED,
        MessageState.SENT,
        MessageState.SENT,
    ]
    resume_sending(region.id)
    assert find_region_pause(region.id) is None
    deliver_due_messages()
    assert state_of(waiting) is MessageState.SENT


@pytest.mark.parametrize("everybody", [True, False])
def test_mail_to_sign_in_leaves_during_a_pause(region: Region, everybody: bool) -> None:
    bulk = make(region_id=region.id, lane=BULK_LANE)
    urgent = make(region_id=region.id, lane=URGENT_LANE)
    pause_sending(None if everybody else region.id)
    deliver_due_messages()
    assert (state_of(bulk), state_of(urgent)) == (MessageState.QUEUED, MessageState.SENT)


def test_a_pause_for_all_is_another_pause_than_that_of_a_region(region: Region) -> None:
    message = make(region_id=region.id)
    pause_sending(region.id)
    pause_sending(None)
    resume_sending(region.id)
    deliver_due_messages()
    assert state_of(message) is MessageState.QUEUED
    resume_sending(None)
    deliver_due_messages()
    assert state_of(message) is MessageState.SENT


def test_pausing_and_resuming_twice_are_no_news(region: Region) -> None:
    user = UserFactory()
    db.session.commit()
    for region_id in (region.id, None):
        pause_sending(region_id, actor_id=user.id)
        pause_sending(region_id, actor_id=user.id)
        resume_sending(region_id, actor_id=user.id)
        resume_sending(region_id, actor_id=user.id)
    assert actions() == ["pause_sending", "resume_sending"] * 2
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.region_id for entry in entries] == [region.id, region.id, None, None]


def test_a_pause_leaves_the_settings_of_the_region_to_who_edits_them(region: Region) -> None:
    version = region.version
    pause_sending(region.id)
    db.session.refresh(region)
    assert region.version == version


def test_resuming_tries_a_server_that_refused_at_once(app: Flask) -> None:
    message = make()
    db.session.execute(
        sa.update(SendingState).values(problem="535", held_until=clock.now() + timedelta(hours=1))
    )
    db.session.commit()
    deliver_due_messages()
    assert state_of(message) is MessageState.QUEUED
    resume_sending(None)
    assert get_sending().held_until is None
    deliver_due_messages()
    assert state_of(message) is MessageState.SENT


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.SENT])
def test_a_message_leaves_once_more_with_the_same_bytes(app: Flask, state: MessageState) -> None:
    message = make(state=state, attempts=9, last_error="550 no such user", sent_at=clock.now())
    body = message.body
    resend_message(message.id)
    assert (state_of(message), message.attempts, message.last_error) == (MessageState.QUEUED, 0, "")
    deliver_due_messages()
    assert (state_of(message), message.attempts) == (MessageState.SENT, 1)
    (file,) = app.config["SETTINGS"].mail_directory.iterdir()
    assert file.read_bytes() == body
    assert actions() == ["resend_message"]


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.LEASED, MessageState.SUPERSEDED])
def test_what_has_yet_to_leave_or_was_replaced_is_not_sent_again(app: Flask, state: MessageState) -> None:
    message = make(state=state)
    with pytest.raises(TransitionError):
        resend_message(message.id)
    assert (state_of(message), actions()) == (state, [])


def test_an_older_message_of_a_conversation_is_not_sent_again(app: Flask) -> None:
    older = make(cause="booking:1", recipient="a@x.example", state=MessageState.SENT)
    newer = make(cause="booking:1", recipient="a@x.example", sequence=1, state=MessageState.SENT)
    with pytest.raises(MessageOutdatedError):
        resend_message(older.id)
    resend_message(newer.id)
    assert (state_of(older), state_of(newer)) == (MessageState.SENT, MessageState.QUEUED)


def test_a_message_without_its_text_is_not_sent_again(app: Flask) -> None:
    message = make(state=MessageState.SENT, body=b"")
    with pytest.raises(MessageTextGoneError):
        resend_message(message.id)


def test_nothing_is_sent_again_that_does_not_exist(app: Flask) -> None:
    with pytest.raises(NotFoundError):
        resend_message(17)
