"""Failed mails leave once more: all of one problem, or all to an address that works again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.mail_problems import MailProblem
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Message, Region, User
from matchmaker.services.resending import resend_failed, try_address_again
from tests.factories import MessageFactory, RegionFactory, UserFactory

UNKNOWN, FULL = "550 5.1.1 no such user", "452 4.2.2 mailbox full"


@pytest.fixture
def region(app: Flask) -> Region:
    region: Region = RegionFactory()
    db.session.commit()
    return region


def fail(region: Region, last_error: str = UNKNOWN, **values: object) -> Message:
    message: Message = MessageFactory(
        region_id=region.id, state=MessageState.FAILED, attempts=3, last_error=last_error, **values
    )
    db.session.commit()
    return message


def states(*messages: Message) -> list[MessageState]:
    db.session.expire_all()
    return [message.state for message in messages]


def entries() -> list[tuple[str, str, object]]:
    rows = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
    return [(row.action, row.object_type, row.after) for row in rows]


def test_only_mails_of_the_named_problem_leave_again(region: Region) -> None:
    unknown, full, other = fail(region), fail(region, FULL), fail(RegionFactory())
    assert resend_failed(region.id, MailProblem.UNKNOWN_ADDRESS) == 1
    assert states(unknown, full, other) == [MessageState.QUEUED, MessageState.FAILED, MessageState.FAILED]
    assert (unknown.attempts, unknown.last_error, unknown.next_attempt_at) == (0, "", clock.now())
    assert entries() == [("resend_messages", "region", {"messages": 1})]


def test_what_is_overtaken_over_or_without_text_stays_failed(region: Region) -> None:
    older = fail(region, cause="booking:1", recipient="a@x.example")
    newer = fail(region, cause="booking:1", recipient="a@x.example", sequence=1)
    over = fail(region, useful_until=clock.now() - timedelta(hours=1))
    without_text = fail(region, body=b"")
    assert resend_failed(region.id, MailProblem.UNKNOWN_ADDRESS) == 1
    assert states(older, newer, over, without_text) == [
        MessageState.FAILED,
        MessageState.QUEUED,
        MessageState.FAILED,
        MessageState.FAILED,
    ]


def test_nothing_to_send_again_is_no_entry(region: Region) -> None:
    fail(region, FULL)
    assert resend_failed(region.id, MailProblem.UNKNOWN_ADDRESS) == 0
    assert entries() == []


def test_an_address_that_is_said_to_work_gets_its_failed_mails(region: Region) -> None:
    user: User = UserFactory(mail_trouble=MailTrouble.BOUNCED, mail_trouble_at=clock.now())
    own, somebody_elses = fail(region, user=user), fail(region, user=UserFactory())
    elsewhere = fail(RegionFactory(), user=user)
    assert try_address_again(region.id, user.id) == 1
    assert states(own, somebody_elses, elsewhere) == [
        MessageState.QUEUED,
        MessageState.FAILED,
        MessageState.FAILED,
    ]
    assert user.mail_trouble is None
    assert [action for action, _, _ in entries()] == ["clear_mail_trouble", "resend_messages"]


def test_an_address_without_trouble_is_left_alone(region: Region) -> None:
    user = UserFactory()
    db.session.commit()
    assert try_address_again(region.id, user.id) == 0
    assert entries() == []


def test_nobody_has_no_address(app: Flask) -> None:
    with pytest.raises(NotFoundError):
        try_address_again(1, 17)
