"""A round that opens: everybody whose turn it is hears of it, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.phases import Phase
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Message, Round
from matchmaker.scope import within
from matchmaker.services.round_letters import OpeningForecast, forecast_opening, leave_out_told, write_opening
from matchmaker.services.rounds import change_phase
from tests.factories import (
    HostFactory,
    MembershipFactory,
    RegionFactory,
    RoundFactory,
    SchoolFactory,
    UserFactory,
)
from tests.unit.notifications.reading_mail import parse_mail, text_of

NOW = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def make_round(phase: Phase = Phase.OFFERING) -> Round:
    round_: Round = RoundFactory(phase=phase)
    return round_


def letters() -> list[Message]:
    return list(db.session.scalars(sa.select(Message).order_by(Message.recipient)))


def move(round_: Round, *phases: Phase) -> list[int]:
    round_id, region_id = round_.id, round_.region_id
    db.session.commit()
    with within(region_id):
        return [change_phase(round_id, phase, None, tell=True) for phase in phases]


def test_every_coordinator_hears_that_wishes_can_be_handed_in(app: Flask) -> None:
    round_ = make_round()
    for name in ("De Eiken", "De Linde"):
        MembershipFactory(organisation=SchoolFactory(name=name))
    MembershipFactory(role=Role.TEACHER)
    MembershipFactory(role=Role.HOST_CONTACT)
    assert move(round_, Phase.WISHING) == [2]
    first, second = letters()
    assert {first.kind, second.kind} == {MessageKind.WISHING_OPENS}
    assert first.cause == f"round:{round_.id}:wishing"
    assert "De Eiken" in text_of(parse_mail(first))
    assert "tot en met vrijdag 18 december 2026" in text_of(parse_mail(first))
    assert "/regio/" in text_of(parse_mail(first))


def test_every_contact_of_a_host_hears_that_dates_can_be_offered(app: Flask) -> None:
    round_ = make_round(Phase.PREPARING)
    MembershipFactory(role=Role.HOST_CONTACT)
    MembershipFactory()
    assert move(round_, Phase.OFFERING) == [1]
    (letter,) = letters()
    assert letter.kind is MessageKind.OFFERING_OPENS
    assert f"/aanbieder/{letter.organisation_id}" in text_of(parse_mail(letter))


def test_who_coordinates_two_schools_gets_one_mail_about_both(app: Flask) -> None:
    round_, user = make_round(), UserFactory()
    schools = [SchoolFactory(name=name) for name in ("De Linde", "De Eiken")]
    for school in schools:
        MembershipFactory(user=user, organisation=school)
    assert move(round_, Phase.WISHING) == [1]
    (letter,) = letters()
    assert letter.organisation_id is None
    text = text_of(parse_mail(letter))
    assert text.index("De Eiken: ") < text.index("De Linde: ")
    assert all(f"/school/{school.id}" in text for school in schools)


def test_stepping_back_and_forth_mails_nobody_twice_but_reaches_who_is_new(app: Flask) -> None:
    round_ = make_round()
    MembershipFactory()
    assert move(round_, Phase.WISHING, Phase.OFFERING, Phase.WISHING) == [1, 0, 0]
    MembershipFactory()
    assert move(round_, Phase.OFFERING, Phase.WISHING) == [0, 1]
    assert len(letters()) == 2


def test_an_organiser_may_choose_to_tell_nobody(app: Flask) -> None:
    round_ = make_round()
    MembershipFactory()
    db.session.commit()
    assert change_phase(round_.id, Phase.WISHING, None) == 0
    assert letters() == []


def test_the_log_tells_how_many_were_told(app: Flask) -> None:
    round_ = make_round()
    MembershipFactory()
    move(round_, Phase.WISHING)
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert entry.after == {"phase": "wishing", "messages": 1}


def test_nobody_is_written_who_is_gone_closed_or_of_another_region(app: Flask) -> None:
    round_ = make_round()
    MembershipFactory(user=UserFactory(active=False))
    MembershipFactory(organisation=SchoolFactory(active=False))
    MembershipFactory(since=NOW.date().replace(year=2025), until=NOW.date().replace(day=8))
    MembershipFactory(user=UserFactory(email="not an address"))
    MembershipFactory(organisation=SchoolFactory(region=RegionFactory()))
    assert move(round_, Phase.WISHING) == [0]


def test_an_address_in_trouble_is_not_tried_for_what_one_can_do_without(app: Flask) -> None:
    round_ = make_round()
    MembershipFactory(user=UserFactory(mail_trouble=MailTrouble.BOUNCED, mail_trouble_at=NOW))
    assert move(round_, Phase.WISHING) == [0]


def test_a_round_that_stays_where_it_is_mails_nobody(app: Flask) -> None:
    round_ = make_round(Phase.WISHING)
    MembershipFactory()
    assert move(round_, Phase.ALLOCATING) == [0]
    assert letters() == []


def test_the_forecast_is_what_is_sent(app: Flask) -> None:
    round_ = make_round()
    MembershipFactory()
    db.session.commit()
    assert forecast_opening(round_, Phase.WISHING) == OpeningForecast(untold=1, told=0)
    move(round_, Phase.WISHING)
    MembershipFactory()
    db.session.commit()
    assert forecast_opening(round_, Phase.WISHING) == OpeningForecast(untold=1, told=1)
    assert forecast_opening(round_, Phase.ALLOCATING) == OpeningForecast(untold=0, told=0)


def test_what_two_wrote_at_the_same_moment_is_kept_once(app: Flask) -> None:
    round_ = make_round()
    MembershipFactory()
    MembershipFactory()
    db.session.commit()
    mine, theirs = (write_opening(round_, Phase.WISHING) for _ in range(2))
    db.session.add_all(theirs[:1])
    db.session.commit()
    assert [letter.recipient for letter in leave_out_told(mine)] == [mine[1].recipient]


def test_asking_more_people_takes_no_more_queries(app: Flask) -> None:
    round_ = make_round()
    for _ in range(2):
        MembershipFactory()
        MembershipFactory(role=Role.HOST_CONTACT, organisation=HostFactory())
    db.session.commit()
    few = count_queries(round_)
    for _ in range(12):
        MembershipFactory()
    db.session.commit()
    assert count_queries(round_) == few


def count_queries(round_: Round) -> int:
    db.session.expire_all()
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        write_opening(round_, Phase.WISHING)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)
