"""The nightly clean-up: what is old goes, once a night, and whoever is needed stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.join_requests import JoinState
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import (
    AttemptCount,
    Invitation,
    JoinRequest,
    Membership,
    Message,
    NightlyRun,
    SignedInDevice,
    SignInToken,
    User,
)
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.devices import sign_in_device
from matchmaker.services.inactivity import find_keeper, keep_account
from matchmaker.services.retention import STEPS, clean_up_tonight, count_due
from matchmaker.services.sign_in import request_sign_in
from tests.factories import (
    ActivityFactory,
    BookingFactory,
    GroupFactory,
    JoinRequestFactory,
    MembershipFactory,
    MessageFactory,
    SlotFactory,
    UserFactory,
    WishListFactory,
)
from tests.factories.regions import the_region

NOW = datetime(2026, 11, 29, 2, 30, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=800)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def night(app: Flask) -> Iterator[time_machine.Coordinates]:
    """Half past three on a winter night."""
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


def contact(seen: datetime = LONG_AGO, role: Role = Role.COORDINATOR, **more: object) -> User:
    """Somebody with a role, who was here long ago."""
    user = UserFactory(created_at=LONG_AGO, last_seen_at=seen)
    MembershipFactory(user=user, role=role, since=date(2024, 1, 1), **more)
    db.session.commit()
    return user


def sweep() -> dict[str, int]:
    counts = clean_up_tonight()
    assert counts is not None
    db.session.expire_all()
    return counts


def sweep_on(night: time_machine.Coordinates, moment: datetime) -> dict[str, int]:
    night.move_to(moment)
    return sweep()


def is_erased(user: User) -> bool:
    db.session.refresh(user)
    return user.erased_at is not None


def test_texts_of_mails_go_after_thirty_days_and_the_rows_stay() -> None:
    old = MessageFactory(state=MessageState.SENT, sent_at=NOW - 31 * DAY, last_error="450 later")
    young = MessageFactory(state=MessageState.SENT, sent_at=NOW - 29 * DAY)
    waiting = MessageFactory(state=MessageState.QUEUED, created_at=NOW - 31 * DAY)
    failed = MessageFactory(state=MessageState.FAILED, created_at=NOW - 31 * DAY, last_error="550 nobody")
    db.session.commit()
    assert sweep()["mail_texts"] == 2
    bodies = {row.id: row.body for row in db.session.execute(sa.select(Message.id, Message.body))}
    assert (bodies[old.id], bodies[failed.id]) == (b"", b"")
    assert b"" not in (bodies[young.id], bodies[waiting.id])
    errors = db.session.scalars(sa.select(Message.last_error).where(Message.id.in_([old.id, failed.id])))
    assert errors.all() == ["", ""]


def test_the_file_of_an_emptied_mail_goes_with_its_text(app: Flask, night: time_machine.Coordinates) -> None:
    MessageFactory(next_attempt_at=NOW)
    db.session.commit()
    deliver_due_messages()
    folder: Path = app.config["SETTINGS"].mail_directory
    assert len(list(folder.iterdir())) == 1
    sweep_on(night, NOW + 31 * DAY)
    assert list(folder.iterdir()) == []


def test_ways_in_go_when_they_are_of_no_use_any_more(night: time_machine.Coordinates) -> None:
    user = contact(seen=NOW)
    request_sign_in(user.email)
    sign_in_device(user.id, "")
    db.session.add(AttemptCount(subject_hash="x", window_starts_at=NOW, count=1))
    db.session.commit()
    night.move_to(NOW + 29 * DAY)
    sweep()
    for model in (SignInToken, SignedInDevice, AttemptCount):
        assert len(db.session.scalars(sa.select(model)).all()) == 1
    counts = sweep_on(night, NOW + 31 * DAY)
    assert (counts["sign_in_tokens"], counts["dead_devices"], counts["attempt_counts"]) == (1, 1, 1)
    for model in (SignInToken, SignedInDevice, AttemptCount):
        assert db.session.scalars(sa.select(model)).all() == []


def test_requests_to_join_go_thirty_days_after_the_decision(night: time_machine.Coordinates) -> None:
    decided = {"state": JoinState.REFUSED, "created_at": NOW - 200 * DAY}
    JoinRequestFactory(email="oud@school.example", decided_at=NOW - 31 * DAY, **decided)
    JoinRequestFactory(email="vers@school.example", decided_at=NOW - 29 * DAY, **decided)
    JoinRequestFactory(email="wacht@school.example", created_at=NOW - 179 * DAY)
    JoinRequestFactory(email="vergeten@school.example", created_at=NOW - 181 * DAY)
    db.session.commit()
    assert sweep()["join_requests"] == 2
    left = db.session.scalars(sa.select(JoinRequest.email).order_by(JoinRequest.id)).all()
    assert left == ["vers@school.example", "wacht@school.example"]


def test_invitations_go_thirty_days_after_they_ended(night: time_machine.Coordinates) -> None:
    inviter = contact(seen=NOW, role=Role.ORGANISER, organisation=None, region=the_region())
    region_id = the_region().id
    row = {"region_id": region_id, "role": Role.VIEWER, "board": "", "invited_by_id": inviter.id, "name": ""}
    ends = {"old": NOW - 31 * DAY, "young": NOW - 29 * DAY}
    for name, end in ends.items():
        values = {"email": f"{name}@school.example", "token_hash": name, "expires_at": end}
        db.session.add(Invitation(**row, **values))
    db.session.commit()
    assert sweep()["invitations"] == 1
    assert db.session.scalars(sa.select(Invitation.token_hash)).all() == ["young"]


def test_a_night_is_cleaned_up_once(night: time_machine.Coordinates) -> None:
    assert clean_up_tonight() is not None
    assert clean_up_tonight() is None
    night.move_to(NOW + timedelta(hours=20))
    assert clean_up_tonight() is None
    night.move_to(NOW + DAY)
    assert clean_up_tonight() is not None
    assert len(db.session.scalars(sa.select(NightlyRun)).all()) == 2


@pytest.mark.parametrize("changing", [date(2027, 3, 28), date(2027, 10, 31)])
def test_the_nights_in_which_the_clock_changes_are_cleaned_up_once(
    night: time_machine.Coordinates, changing: date
) -> None:
    start = datetime(changing.year, changing.month, changing.day, tzinfo=UTC) - timedelta(hours=4)
    night.move_to(start)
    clean_up_tonight()
    done = []
    for minute in range(0, 24 * 60, 5):
        night.move_to(start + timedelta(minutes=minute))
        if clean_up_tonight() is not None:
            done.append(clock.local(clock.now()).strftime("%H:%M"))
    assert done == ["03:00"]


def test_whoever_holds_the_lease_works_alone(night: time_machine.Coordinates) -> None:
    row = NightlyRun(night=date(2026, 11, 29), lease_token="other", lease_until=NOW + timedelta(minutes=9))
    db.session.add(row)
    db.session.commit()
    assert clean_up_tonight() is None
    night.move_to(NOW + timedelta(minutes=10))
    assert clean_up_tonight() is not None


def test_who_stayed_away_is_told_and_goes_thirty_days_later(night: time_machine.Coordinates) -> None:
    user = contact()
    assert sweep()["inactive_warned"] == 1
    mail = db.session.scalars(sa.select(Message).where(Message.kind == MessageKind.INACTIVE_NOTICE)).one()
    assert mail.recipient == user.email
    assert not is_erased(user)
    sweep_on(night, NOW + 29 * DAY)
    assert not is_erased(user)
    assert sweep_on(night, NOW + 30 * DAY)["inactive_erased"] == 1
    assert is_erased(user)
    kinds = db.session.scalars(sa.select(Message.kind).where(Message.kind == MessageKind.INACTIVE_NOTICE))
    assert len(kinds.all()) == 1


def link_in_notice() -> str:
    body = db.session.scalars(
        sa.select(Message.body).where(Message.kind == MessageKind.INACTIVE_NOTICE)
    ).one()
    text = body.decode().replace("=\r\n", "")
    return text.split("/account-houden/")[1].split()[0].split('"')[0]


def test_one_button_keeps_the_account_once(night: time_machine.Coordinates) -> None:
    user = contact()
    sweep()
    token = link_in_notice()
    assert find_keeper(token) is not None
    keep_account(token)
    sweep_on(night, NOW + 31 * DAY)
    assert not is_erased(user)
    with pytest.raises(NotFoundError):
        keep_account(token)


@pytest.mark.parametrize("token", ["", "unknown", "WzEsICIyMDI2Il0.made-up"])
def test_a_made_up_link_keeps_nobody(token: str) -> None:
    contact()
    assert find_keeper(token) is None


def test_signing_in_keeps_the_account_too(night: time_machine.Coordinates) -> None:
    user = contact()
    sweep()
    night.move_to(NOW + DAY)
    sign_in_device(user.id, "")
    sweep_on(night, NOW + 31 * DAY)
    assert not is_erased(user)
    assert user.inactive_notice_at is None


def test_a_notice_of_years_ago_counts_no_more(night: time_machine.Coordinates) -> None:
    user = contact()
    sweep()
    group = GroupFactory(school=user.memberships[0].organisation)
    booking = BookingFactory(group=group, slot=SlotFactory(starts_at=NOW + 9 * DAY, ends_at=NOW + 10 * DAY))
    db.session.commit()
    sweep_on(night, NOW + 31 * DAY)
    assert not is_erased(user)
    assert user.inactive_notice_at is None
    assert booking.id is not None


def test_seen_within_the_period_or_a_role_that_ended_within_it_is_not_inactive() -> None:
    contact(seen=NOW - 700 * DAY)
    contact(until=date(2025, 6, 1))
    assert sweep()["inactive_warned"] == 0


def test_a_school_with_bookings_or_wishes_keeps_its_contact_who_never_signs_in() -> None:
    booked, wished = contact(), contact()
    slot = SlotFactory(starts_at=NOW + 90 * DAY, ends_at=NOW + 90 * DAY + timedelta(hours=2))
    BookingFactory(group=GroupFactory(school=booked.memberships[0].organisation), slot=slot)
    WishListFactory(
        group=GroupFactory(school=wished.memberships[0].organisation), submitted_at=NOW - 100 * DAY
    )
    idle = contact()
    db.session.commit()
    assert sweep()["inactive_warned"] == 1
    db.session.refresh(idle)
    assert idle.inactive_notice_at == NOW


def test_a_host_with_dates_keeps_its_contact() -> None:
    activity = ActivityFactory()
    SlotFactory(activity=activity, starts_at=NOW - 100 * DAY, ends_at=NOW - 99 * DAY)
    contact(role=Role.HOST_CONTACT, organisation=activity.host)
    assert sweep()["inactive_warned"] == 0


def test_the_only_organiser_of_a_region_is_neither_told_nor_erased(night: time_machine.Coordinates) -> None:
    user = contact(role=Role.ORGANISER, organisation=None, region=the_region())
    sweep()
    assert db.session.scalars(sa.select(Message)).all() == []
    user.inactive_notice_at = NOW - 40 * DAY
    db.session.commit()
    sweep_on(night, NOW + DAY)
    assert not is_erased(user)


def test_the_region_says_how_long() -> None:
    region = the_region()
    region.retention_months = 36
    contact(region=region)
    assert sweep()["inactive_warned"] == 0


def test_a_dry_run_counts_and_changes_nothing(app: Flask) -> None:
    contact()
    MessageFactory(state=MessageState.SENT, sent_at=NOW - 31 * DAY)
    db.session.commit()
    counts = count_due()
    assert (counts["inactive_warned"], counts["mail_texts"]) == (1, 1)
    assert count_due() == counts
    assert db.session.scalars(sa.select(NightlyRun)).all() == []
    result = app.test_cli_runner().invoke(args=["privacy", "retain", "--dry-run"])
    assert "mail texts" in result.output
    assert set(counts) == {step.name for step in STEPS}


WORK = """
import time_machine
from pathlib import Path
from matchmaker.app import create_app
from matchmaker.services.retention import clean_up_tonight
from tests.conftest import make_settings
app = create_app(make_settings(Path({folder!r}), {url!r}))
with app.app_context(), time_machine.travel({moment!r}):
    clean_up_tonight()
"""


def work_in_a_process(settings: Settings, moment: datetime, fail_at: str) -> int:
    code = WORK.format(
        folder=str(settings.instance_path), url=settings.database_url, moment=moment.isoformat()
    )
    environment = {**os.environ, "FAIL_AT": fail_at}
    root = Path(__file__).resolve().parents[3]
    return subprocess.run([sys.executable, "-c", code], env=environment, cwd=root, check=False).returncode


@pytest.mark.parametrize(
    "point",
    ["erasing.before_commit", "erasing.after_commit", "retention.mail_texts", "retention.inactive_erased"],
)
def test_a_clean_up_that_is_killed_is_finished_by_the_next(
    settings: Settings, night: time_machine.Coordinates, point: str
) -> None:
    people = [contact() for _ in range(3)]
    for user in people:
        user.inactive_notice_at = NOW - 31 * DAY
    MessageFactory(state=MessageState.SENT, sent_at=NOW - 31 * DAY)
    db.session.commit()
    assert work_in_a_process(settings, NOW, point) == -signal.SIGKILL
    assert clean_up_tonight() is None, "the lease still holds"
    night.move_to(NOW + timedelta(minutes=11))
    sweep()
    assert all(is_erased(user) for user in people)
    assert db.session.scalars(sa.select(Message.body).where(sa.func.length(Message.body) > 0)).all() == []
    roles = db.session.scalars(sa.select(Membership.until)).all()
    assert None not in roles
    assert db.session.scalars(sa.select(NightlyRun)).one().finished_at is not None
