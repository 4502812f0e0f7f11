"""A link under a mail stops its sort of mails for one person, on both databases, at whatever moment."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.mute_tokens import make_mute_token
from matchmaker.domain.muting import MailFamily
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message, User
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.preferences import set_preferences
from matchmaker.services.stopping import Choice, read_choice, resume_mails, stop_mails
from tests.factories import MessageFactory, UserFactory

STOPPED, WANTED = (Choice(MailFamily.OVERVIEWS, stopped, "nl") for stopped in (True, False))


@pytest.fixture
def person(app: Flask) -> User:
    user = UserFactory()
    db.session.commit()
    return user


def token_of(app: Flask, person: User, family: MailFamily = MailFamily.OVERVIEWS) -> str:
    return make_mute_token(str(app.config["SECRET_KEY"]), person.id, family, person.email)


def list_states(person: User) -> dict[MessageKind, MessageState]:
    db.session.rollback()
    statement = sa.select(Message.kind, Message.state).where(Message.user_id == person.id)
    return {row.kind: row.state for row in db.session.execute(statement)}


def test_stopping_and_resuming_can_be_done_again_and_again(app: Flask, person: User) -> None:
    token = token_of(app, person)
    assert read_choice(token) == WANTED
    assert [stop_mails(token), stop_mails(token), read_choice(token)] == [STOPPED] * 3
    assert [resume_mails(token), resume_mails(token), read_choice(token)] == [WANTED] * 3


def test_what_was_stopped_by_a_link_is_off_among_the_preferences_and_the_other_way_round(
    app: Flask, person: User
) -> None:
    stop_mails(token_of(app, person))
    assert db.session.get_one(User, person.id).mutes == ["overviews"]
    set_preferences(person.id, "nl", [])
    assert read_choice(token_of(app, person)) == WANTED
    set_preferences(person.id, "nl", [MailFamily.OVERVIEWS, MailFamily.VISITS])
    assert db.session.get_one(User, person.id).mutes == ["overviews"]
    assert read_choice(token_of(app, person)) == STOPPED


def test_mail_of_the_sort_that_is_waiting_never_leaves(app: Flask, person: User) -> None:
    for kind in (MessageKind.RESULT_SCHOOL, MessageKind.VISIT_SCHOOL):
        MessageFactory(user_id=person.id, recipient=person.email, kind=kind)
    db.session.commit()
    stop_mails(token_of(app, person))
    deliver_due_messages()
    assert list_states(person) == {
        MessageKind.RESULT_SCHOOL: MessageState.UNWANTED,
        MessageKind.VISIT_SCHOOL: MessageState.SENT,
    }


def test_whoever_may_not_sign_in_any_more_has_no_link(app: Flask, person: User) -> None:
    token = token_of(app, person)
    person.active = False
    db.session.commit()
    with pytest.raises(NotFoundError):
        stop_mails(token)


@pytest.mark.parametrize(
    "token", ["", "1-overviews-" + "a" * 32, "999999999-overviews-" + "a" * 32, "x" * 300]
)
def test_what_is_no_link_of_ours_stops_nothing(app: Flask, person: User, token: str) -> None:
    with pytest.raises(NotFoundError):
        stop_mails(token)
    assert db.session.get_one(User, person.id).mutes == []
