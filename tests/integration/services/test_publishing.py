"""Publishing: bookings, mails, audit entry and phase together, or nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.domain.bookings import BookingState
from matchmaker.domain.errors import RunNotUsableError, RunOutdatedError, WrongPhaseError
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.phases import Phase
from matchmaker.domain.runs import Verdict
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Booking, Group, Message, Placement, Round, School, Slot
from matchmaker.queries.runs import get_run
from matchmaker.services import publishing
from matchmaker.services.publishing import publish_run, publish_waiting_runs, request_publication
from matchmaker.services.run_execution import execute_waiting_runs
from matchmaker.services.runs import start_run
from tests.factories import BookingFactory, MembershipFactory, UserFactory
from tests.integration.services.season import Season, make_season


@pytest.fixture
def season(app: Flask) -> Season:
    return make_season()


@pytest.fixture
def run_id(season: Season) -> int:
    """A run that the checker passed."""
    found = start_run(season.round_id, None, seconds=20)
    execute_waiting_runs()
    return found


def count(model: type) -> int:
    return db.session.scalars(sa.select(sa.func.count()).select_from(model)).one()


def test_publishing_books_every_placement_and_counts_the_places(season: Season, run_id: int) -> None:
    request_publication(run_id, None)
    assert publish_waiting_runs() == 1
    placed = set(db.session.execute(sa.select(Placement.group_id, Placement.slot_id)))
    booked = set(db.session.execute(sa.select(Booking.group_id, Booking.slot_id)))
    assert booked == placed
    assert set(db.session.scalars(sa.select(Booking.state))) == {BookingState.CONFIRMED}
    taken = Counter(slot_id for _, slot_id in booked)
    for slot in db.session.scalars(sa.select(Slot)):
        assert slot.taken_groups == taken[slot.id]
        assert slot.taken_pupils == 24 * taken[slot.id]


def test_publishing_queues_an_overview_for_everybody_and_an_invitation_per_visit(
    season: Season, run_id: int
) -> None:
    publish_run(run_id)
    kinds = Counter(db.session.scalars(sa.select(Message.kind)))
    bookings = count(Booking)
    slots_used = db.session.scalars(sa.select(sa.func.count(Booking.slot_id.distinct()))).one()
    assert kinds == {
        MessageKind.RESULT_SCHOOL: season.schools,
        MessageKind.RESULT_HOST: season.hosts,
        MessageKind.VISIT_SCHOOL: bookings,
        MessageKind.VISIT_HOST: slots_used,
    }


def test_the_invitation_carries_the_uid_of_the_booking(run_id: int) -> None:
    publish_run(run_id)
    booking = db.session.scalars(sa.select(Booking).order_by(Booking.id)).first()
    assert booking is not None
    bodies = db.session.scalars(sa.select(Message.body).where(Message.kind == MessageKind.VISIT_SCHOOL))
    uids = {booking.calendar_uid in calendar_text(body) for body in bodies}
    assert True in uids


def calendar_text(body: bytes) -> str:
    import email
    import email.policy

    message = email.message_from_bytes(body, policy=email.policy.default)
    return next(part.get_content() for part in message.walk() if part.get_content_type() == "text/calendar")


def test_publishing_closes_the_round_and_is_in_the_audit_log(season: Season, run_id: int) -> None:
    publish_run(run_id)
    round_ = db.session.get_one(Round, season.round_id)
    assert (round_.phase, get_run(run_id).published_at) == (Phase.PUBLISHED, round_.published_at)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "publish_run")).one()
    assert entry.after is not None
    assert entry.after["bookings"] == count(Booking)
    assert entry.after["messages"] == count(Message)


def test_publishing_twice_books_once(run_id: int) -> None:
    request_publication(run_id, None)
    publish_waiting_runs()
    bookings = count(Booking)
    assert publish_waiting_runs() == 0
    with pytest.raises(WrongPhaseError):
        publish_run(run_id)
    assert count(Booking) == bookings


def test_a_run_of_other_input_is_refused(run_id: int) -> None:
    group = db.session.scalars(sa.select(Group).order_by(Group.id)).first()
    assert group is not None
    group.pupils += 1
    db.session.commit()
    with pytest.raises(RunOutdatedError):
        request_publication(run_id, None)
    with pytest.raises(RunOutdatedError):
        publish_run(run_id)
    assert (count(Booking), count(Message)) == (0, 0)


def test_a_refusal_in_the_background_is_told_and_changes_nothing(season: Season, run_id: int) -> None:
    request_publication(run_id, None)
    group = db.session.scalars(sa.select(Group).order_by(Group.id)).first()
    assert group is not None
    group.pupils += 1
    db.session.commit()
    assert publish_waiting_runs() == 0
    assert get_run(run_id).publish_error == "outdated"
    assert db.session.get_one(Round, season.round_id).phase == Phase.REVIEWING
    assert (count(Booking), count(Message)) == (0, 0)


def test_a_publication_that_the_database_refuses_is_told_and_does_not_hold_up_others(
    season: Season, run_id: int
) -> None:
    request_publication(run_id, None)
    placement = db.session.scalars(sa.select(Placement).order_by(Placement.id)).first()
    assert placement is not None
    # A place that was taken outside the run, without the problem showing it.
    BookingFactory(group=placement.group, slot=placement.slot)
    placement.slot.taken_groups, placement.slot.taken_pupils = 0, 0
    db.session.commit()
    assert publish_waiting_runs() == 0
    assert get_run(run_id).publish_error == "conflict"
    assert db.session.get_one(Round, season.round_id).phase == Phase.REVIEWING


def test_a_result_that_the_checker_refuses_is_never_published_whatever_the_row_says(run_id: int) -> None:
    run = get_run(run_id, with_documents=True)
    assert run.result_json is not None
    run.result_json = run.result_json.replace('"rank": 1', '"rank": 2', 1)
    db.session.commit()
    with pytest.raises(RunNotUsableError):
        request_publication(run_id, None)


def test_a_run_without_the_checkers_word_is_refused(run_id: int) -> None:
    get_run(run_id).verdict = Verdict.REFUSED
    db.session.commit()
    with pytest.raises(RunNotUsableError):
        publish_run(run_id)
    assert count(Booking) == 0


def test_what_was_published_counts_for_the_guarantee_of_a_later_round(season: Season, run_id: int) -> None:
    from matchmaker.queries.participations import count_participations

    publish_run(run_id)
    year_id = db.session.get_one(Round, season.round_id).school_year_id
    assert sum(count_participations(year_id).values()) > 0
    assert count_participations(year_id, except_round_id=season.round_id) == {}


def test_who_becomes_a_contact_while_mails_are_composed_gets_theirs_too(
    season: Season, run_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    compose, joined = publishing.compose_publication, []

    def compose_slowly(*facts: Any) -> list[Message]:
        messages = compose(*facts)
        if not joined:
            school = db.session.scalars(sa.select(School).order_by(School.id)).first()
            joined.append(
                MembershipFactory(organisation=school, user=UserFactory(email="late@school.example"))
            )
            db.session.commit()
        return messages

    monkeypatch.setattr(publishing, "compose_publication", compose_slowly)
    publish_run(run_id)
    late = db.session.scalars(sa.select(Message.kind).where(Message.recipient == "late@school.example")).all()
    assert {MessageKind.RESULT_SCHOOL, MessageKind.VISIT_SCHOOL} <= set(late)
    assert len(set(db.session.scalars(sa.select(Message.message_id)))) == count(Message)
