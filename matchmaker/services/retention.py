"""The nightly clean-up: what has been kept long enough goes, once a night, whoever works.

Each step goes through its rows in batches of one transaction each. A worker that is killed leaves a
lease that runs out; the next one begins again, and finds less to do.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.errors import LastOrganiserError
from matchmaker.domain.retention import night_of
from matchmaker.extensions import db
from matchmaker.failpoints import reach
from matchmaker.models import (
    AttemptCount,
    CalendarReply,
    IncomingMail,
    Invitation,
    InvitationList,
    JoinRequest,
    Message,
    NightlyRun,
    SignedInDevice,
    SignInToken,
    User,
)
from matchmaker.notifications.mail_files import remove_files
from matchmaker.queries import retention as due
from matchmaker.scope import unscoped
from matchmaker.services.erasing import erase_person
from matchmaker.services.inactivity import warn_people
from matchmaker.services.questions import forget_who_was_asked
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import CLEAN_UP

BATCH = 200
LEASE = timedelta(minutes=10)
Deletable = type[
    SignInToken
    | AttemptCount
    | SignedInDevice
    | Invitation
    | InvitationList
    | JoinRequest
    | CalendarReply
    | IncomingMail
]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """One sort of rows: which are due, and what is done with a batch of their ids."""

    name: str
    select_due: Callable[[], due.Ids]
    clean: Callable[[list[int]], None]


def clean_up_tonight() -> dict[str, int] | None:
    """Do the clean-up of this night, unless it is done or somebody else is at it.

    Returns
    -------
    dict or None
        How many rows each step went through; None when there was nothing to do here.
    """
    night, token = night_of(clock.now()), secrets.token_hex(16)
    if not _claim(night, token):
        return None
    counts: dict[str, int] = {}
    with unscoped("the nightly clean-up"):
        for step in STEPS:
            if not _renew(night, token):
                return None
            counts[step.name] = _run(step)
            reach(f"retention.{step.name}")
    _finish(night, token, counts)
    return counts


def count_due() -> dict[str, int]:
    """Return how many rows each step would go through now; changes nothing."""
    with unscoped("the nightly clean-up"):
        return {
            step.name: db.session.scalars(
                select(func.count()).select_from(step.select_due().subquery())
            ).one()
            for step in STEPS
        }


def _run(step: Step) -> int:
    handled, last = 0, 0
    while True:
        statement = step.select_due()
        (key,) = statement.selected_columns
        ids = list(db.session.scalars(statement.where(key > last).order_by(key).limit(BATCH)))
        db.session.rollback()
        if not ids:
            return handled
        step.clean(ids)
        handled, last = handled + len(ids), ids[-1]


def _claim(night: date, token: str) -> bool:
    """Take the lease of a night; nobody else has it then, on any machine."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    free = or_(NightlyRun.lease_until.is_(None), NightlyRun.lease_until < clock.now())
    if _is_taken(night):
        return False
    with write_transaction(CLEAN_UP) as session:
        session.execute(
            insert(NightlyRun)
            .values(night=night, created_at=clock.now(), cleaned_up={})
            .on_conflict_do_nothing()
        )
        statement = (
            update(NightlyRun)
            .where(NightlyRun.night == night, NightlyRun.finished_at.is_(None), free)
            .values(lease_token=token, lease_until=clock.now() + LEASE)
            .returning(NightlyRun.id)
        )
        return session.scalars(statement).one_or_none() is not None


def _is_taken(night: date) -> bool:
    """Look without writing: each minute of the day all but one answer is that nothing is to be done."""
    statement = select(NightlyRun.id).where(
        NightlyRun.night == night,
        or_(NightlyRun.finished_at.is_not(None), NightlyRun.lease_until >= clock.now()),
    )
    taken = db.session.scalars(statement).one_or_none() is not None
    db.session.rollback()
    return taken


def _renew(night: date, token: str) -> bool:
    return _hold(night, token, lease_until=clock.now() + LEASE)


def _finish(night: date, token: str, counts: dict[str, int]) -> None:
    if _hold(night, token, finished_at=clock.now(), lease_until=None, lease_token=None, cleaned_up=counts):
        _log.info("nightly clean-up done: %s", counts)


def _hold(night: date, token: str, **values: Any) -> bool:
    """Write only while the lease is ours."""
    statement = (
        update(NightlyRun)
        .where(NightlyRun.night == night, NightlyRun.lease_token == token)
        .values(**values)
        .returning(NightlyRun.id)
    )
    with write_transaction(CLEAN_UP) as session:
        return session.scalars(statement).one_or_none() is not None


def _empty_mails(ids: list[int]) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    named = Message.id.in_(ids)
    with write_transaction(CLEAN_UP) as session:
        remove_files(settings.mail_directory, session.scalars(select(Message.message_id).where(named)))
        gone = select(User.email).where(User.id == Message.user_id, User.erased_at.is_not(None))
        session.execute(update(Message).where(named, gone.exists()).values(recipient=gone.scalar_subquery()))
        session.execute(update(Message).where(named).values(body=b"", last_error="", forget_text=False))


def _delete(model: Deletable) -> Callable[[list[int]], None]:
    def clean(ids: list[int]) -> None:
        with write_transaction(CLEAN_UP) as session:
            session.execute(delete(model).where(model.id.in_(ids)))

    return clean


def _withdraw_notices(ids: list[int]) -> None:
    with write_transaction(CLEAN_UP) as session:
        session.execute(update(User).where(User.id.in_(ids)).values(inactive_notice_at=None))


def _erase_people(ids: list[int]) -> None:
    for user_id in ids:
        try:
            erase_person(user_id)
        except LastOrganiserError:
            _log.warning("account %s is inactive but the only one to run a region; it stays", user_id)


STEPS = (
    Step("mail_texts", due.select_mail_texts, _empty_mails),
    Step("sign_in_tokens", due.select_sign_in_tokens, _delete(SignInToken)),
    Step("attempt_counts", due.select_attempt_counts, _delete(AttemptCount)),
    Step("dead_devices", due.select_dead_devices, _delete(SignedInDevice)),
    Step("invitations", due.select_invitations, _delete(Invitation)),
    Step("join_requests", due.select_join_requests, _delete(JoinRequest)),
    Step("questions", due.select_old_questions, forget_who_was_asked),
    Step("calendar_replies", due.select_calendar_replies, _delete(CalendarReply)),
    Step("incoming_mails", due.select_incoming_mails, _delete(IncomingMail)),
    Step("invitation_lists", due.select_invitation_lists, _delete(InvitationList)),
    Step("needless_notices", due.select_needless_notices, _withdraw_notices),
    Step("inactive_warned", due.select_unwarned, warn_people),
    Step("inactive_erased", due.select_overdue, _erase_people),
)
