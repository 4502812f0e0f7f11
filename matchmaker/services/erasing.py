"""Erase a person: the account stays without anybody behind it, so that what was done stays countable.

What goes follows from the labels of the columns. Doing it twice changes nothing.
"""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import Any, cast

from flask import current_app
from sqlalchemy import JSON, Column, Table, delete, func, or_, select, update

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.errors import LastOrganiserError, NotFoundError
from matchmaker.domain.inventory import Eraser
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import Base, db
from matchmaker.failpoints import reach
from matchmaker.models import Membership, Message, User
from matchmaker.notifications.mail_files import remove_files
from matchmaker.queries import people
from matchmaker.queries.personal_data import (
    Traces,
    has_subject,
    is_about,
    label_of,
    mentions,
    traces_of,
)
from matchmaker.queries.regions import lock_region
from matchmaker.scope import unscoped
from matchmaker.services import audit
from matchmaker.services.contact_changes import picture_visits, tell_contacts
from matchmaker.services.departures import tell_organisers
from matchmaker.services.transaction import write_transaction
from matchmaker.services.visit_changes import Picture
from matchmaker.services.visit_facts import CONTACT_ROLES

STRUCK_OUT = "█"
UNFINISHED = (MessageState.QUEUED, MessageState.LEASED)


def erase_person(user_id: int, *, actor_id: int | None = None) -> None:
    """Erase a person at their own wish, at the operator's, or because nobody has used the account.

    Coming visits that they answer for leave their calendar by a last mail each. Where these go to is
    forgotten the night after they have left.

    Parameters
    ----------
    actor_id
        Who asks for it: the person, or None for the operator and the nightly clean-up.

    Raises
    ------
    NotFoundError
        When there is no such account.
    LastOrganiserError
        When nobody else runs a region of the person.
    """
    with unscoped("all that is kept about one person"), write_transaction() as session:
        # Whoever else gives or ends roles locks regions before people too.
        for region_id in people.list_region_ids(user_id):
            lock_region(region_id)
        user = session.get(User, user_id, with_for_update=True)
        if user is None:
            raise NotFoundError
        if user.erased_at is not None:
            return
        sole_regions = people.list_sole_regions(user_id)
        if sole_regions:
            raise LastOrganiserError(tuple(region.name for region in sole_regions))
        session.add_all(tell_organisers(people.list_sole_organisations(user_id), user))
        session.flush()
        visits = _picture_visits(user_id)
        _erase(user)
        session.flush()
        _take_out_visits(visits)
        reach("erasing.before_commit")
        audit.record("erase_person", "user", user_id, actor_id=actor_id)
    reach("erasing.after_commit")


def erase_by_email(email: str) -> None:
    """Erase the person with this address, as the operator.

    Raises
    ------
    NotFoundError
        When nobody has this address.
    LastOrganiserError
        When nobody else runs a region of the person.
    """
    user_id = people.find_user_id(email)
    if user_id is None:
        raise NotFoundError
    erase_person(user_id)


def _picture_visits(user_id: int) -> dict[int, Picture]:
    """Return what stands in calendars about the coming visits of the person's places, by region."""
    own = [m for m in people.list_memberships(user_id) if m.role in CONTACT_ROLES]
    found: dict[int, set[int]] = {}
    for membership in own:
        found.setdefault(membership.region_id, set()).add(membership.organisation_id or 0)
    return {region_id: picture_visits(region_id, organisations) for region_id, organisations in found.items()}


def _take_out_visits(visits: dict[int, Picture]) -> None:
    """Take visits out of the calendar of somebody who is gone; nothing of these mails is kept for long."""
    for region_id, before in visits.items():
        for message in tell_contacts(region_id, before):
            message.forget_text = True


def _erase(user: User) -> None:
    traces = traces_of(user)
    _end_memberships(user.id)
    _stop_mails(traces)
    _forget_mails_about(traces)
    for table in reversed(Base.metadata.sorted_tables):
        _clean(table, traces)
    db.session.refresh(user)
    user.active, user.erased_at = False, clock.now()


def _end_memberships(user_id: int) -> None:
    """End roles today; one that has not begun yet never does."""
    today = clock.today()
    open_ = (Membership.user_id == user_id, or_(Membership.until.is_(None), Membership.until > today))
    db.session.execute(delete(Membership).where(*open_, Membership.since > today))
    db.session.execute(update(Membership).where(*open_).values(until=today))


def _stop_mails(traces: Traces) -> None:
    """Send the person nothing any more; what is being sent at this moment is on its way."""
    own = is_about(_table("message"), traces)
    files = db.session.scalars(select(Message.message_id).where(own)).all()
    db.session.execute(
        update(Message)
        .where(own, Message.state.in_(UNFINISHED))
        .values(state=MessageState.SUPERSEDED, lease_token=None, lease_until=None)
    )
    _remove_files(list(files))


def _forget_mails_about(traces: Traces) -> None:
    """Empty mails to others that name the person; those that have not left yet are emptied after that."""
    about = _list_mails_about(traces)
    named = Message.id.in_([message_id for message_id, _ in about])
    db.session.execute(update(Message).where(named, Message.state.in_(UNFINISHED)).values(forget_text=True))
    db.session.execute(
        update(Message).where(named, Message.state.not_in(UNFINISHED)).values(body=b"", last_error="")
    )
    _remove_files([file for _, file in about])


def _list_mails_about(traces: Traces) -> list[tuple[int, str]]:
    regions = select(Membership.region_id).where(Membership.user_id == traces.user_id)
    statement = select(Message.id, Message.message_id, Message.body).where(
        Message.region_id.in_(regions), func.length(Message.body) > 0
    )
    rows = db.session.execute(statement.execution_options(yield_per=200))
    return [(row.id, row.message_id) for row in rows if names(row.body, traces)]


def names(body: bytes, traces: Traces) -> bool:
    """Tell whether a mail holds the person's address or number in a part that people read."""
    mail = message_from_bytes(body, policy=policy.default)
    parts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
    content = "\n".join(str(part.get_content()) for part in parts).lower()
    return any(text.lower() in content for text in traces.texts)


def _clean(table: Table, traces: Traces) -> None:
    """Do to one table what the labels of its columns say."""
    if has_subject(table):
        own = is_about(table, traces)
        if any(label_of(column).eraser is Eraser.ROW for column in table.columns):
            db.session.execute(delete(table).where(own))
            return
        values = {c.name: _replacement(c, traces) for c in table.columns if _is_emptied(c)}
        if values:
            db.session.execute(update(table).where(own).values(values))
    for column in table.columns:
        if label_of(column).eraser is Eraser.STRUCK:
            _strike_out(table, column, traces)


def _is_emptied(column: Column[Any]) -> bool:
    return label_of(column).eraser in {Eraser.BLANKED, Eraser.REPLACED}


def _replacement(column: Column[Any], traces: Traces) -> Any:
    """Return what says nothing about anybody and still fits the column."""
    if label_of(column).eraser is Eraser.REPLACED:
        address = f"gewist-{traces.user_id}@persoon.invalid"
        return address if label_of(column).is_address else "Gewist account"
    if column.nullable:
        return None
    if isinstance(column.type, JSON):
        return {} if column.default is None else cast("Any", column.default).arg(None)
    return column.type.python_type()


def _strike_out(table: Table, column: Column[Any], traces: Traces) -> None:
    for row in db.session.execute(select(table.c.id, column).where(mentions([column], traces))).all():
        db.session.execute(
            update(table).where(table.c.id == row.id).values({column.name: strike_out(row[1], traces)})
        )


def strike_out(text: str, traces: Traces) -> str:
    """Replace the person's address and number in a text, however they are capitalised."""
    for found in traces.texts:
        at = text.lower().find(found.lower())
        while at >= 0:
            text = text[:at] + STRUCK_OUT + text[at + len(found) :]
            at = text.lower().find(found.lower(), at)
    return text


def _remove_files(message_ids: list[str]) -> None:
    """Delete mails that were written as files, before the rows forget which they were."""
    settings: Settings = current_app.config["SETTINGS"]
    remove_files(settings.mail_directory, message_ids)


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
