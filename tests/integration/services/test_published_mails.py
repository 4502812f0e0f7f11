"""What people read after publishing: the right hour in summer and winter, and why a group got nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from matchmaker import clock
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.extensions import db
from matchmaker.models import Message, Round, Slot
from matchmaker.notifications.refusals import SENTENCES
from matchmaker.services.publishing import publish_run
from matchmaker.services.run_execution import execute_waiting_runs
from matchmaker.services.runs import start_run
from tests.factories import (
    GroupFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    WishFactory,
    WishListFactory,
)
from tests.integration.services.season import Season, make_season
from tests.unit.notifications.calendar_readers import read_with_ical_js
from tests.unit.notifications.reading_mail import calendar_of, parse_mail, text_of

# Both sides of both nights in which the clock changes, and midsummer.
STARTS = [
    datetime(2027, 3, 26, 8, 0, tzinfo=UTC),
    datetime(2027, 3, 29, 7, 0, tzinfo=UTC),
    datetime(2027, 6, 22, 7, 30, tzinfo=UTC),
    datetime(2027, 10, 29, 7, 0, tzinfo=UTC),
    datetime(2027, 11, 1, 8, 0, tzinfo=UTC),
]


@pytest.fixture
def season(app: Flask) -> Season:
    found = make_season()
    for slot, starts in zip(db.session.scalars(sa.select(Slot).order_by(Slot.id)), STARTS, strict=True):
        slot.starts_at, slot.ends_at = starts, starts + timedelta(hours=2)
    db.session.get_one(Round, found.round_id).visits_until = datetime(2027, 12, 1, tzinfo=UTC).date()
    db.session.commit()
    return found


def publish(season: Season) -> None:
    run_id = start_run(season.round_id, None, seconds=20)
    execute_waiting_runs()
    publish_run(run_id)


def messages(kind: MessageKind, recipient: str | None = None) -> list[Message]:
    statement = sa.select(Message).where(Message.kind == kind).order_by(Message.id)
    return list(
        db.session.scalars(statement.where(Message.recipient == recipient) if recipient else statement)
    )


def test_every_invitation_has_the_right_hour_in_icalendar_and_in_ical_js(season: Season) -> None:
    publish(season)
    times = {slot.starts_at for slot in db.session.scalars(sa.select(Slot)) if slot.taken_groups}
    assert {clock.local(moment).utcoffset() for moment in times} == {timedelta(hours=1), timedelta(hours=2)}
    invitations = messages(MessageKind.VISIT_SCHOOL) + messages(MessageKind.VISIT_HOST)
    files = [calendar_of(parse_mail(message)) or b"" for message in invitations]
    assert {Calendar.from_ical(file).events[0].start.astimezone(UTC) for file in files} == times
    seen = [calendar["events"][0] for calendar in read_with_ical_js(*files)]
    assert {datetime.fromisoformat(event["starts"]) for event in seen} == times
    assert {event["wallStart"] for event in seen} == {
        clock.local(moment).strftime("%Y-%m-%dT%H:%M:%S") for moment in times
    }


def test_a_school_reads_why_its_group_got_nothing(season: Season) -> None:
    school = SchoolFactory()
    MembershipFactory(
        organisation=school, role=Role.COORDINATOR, user=UserFactory(email="little@school.example")
    )
    round_ = db.session.get_one(Round, season.round_id)
    WishFactory(
        wish_list=WishListFactory(
            group=GroupFactory(school=school, levels=["po1"], name="1"), round=round_, open_to_other=False
        ),
        activity=db.session.scalars(sa.select(Slot)).first().activity,
    )
    db.session.commit()
    publish(season)
    (overview,) = messages(MessageKind.RESULT_SCHOOL, "little@school.example")
    assert SENTENCES["levels"] in " ".join(text_of(parse_mail(overview)).split())
    assert messages(MessageKind.VISIT_SCHOOL, "little@school.example") == []
