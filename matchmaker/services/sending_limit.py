"""No more mails in any minute than a small provider takes, however many workers there are.

A mail counts from the moment at which a worker takes it in hand until a minute after the worker is done
with it: so whenever the server counts, it counts no more. Whoever is about to take another mail holds the
one row about sending until that is written down. Urgent mail counts and never waits for this.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from matchmaker.domain.delivery import bulk_share
from matchmaker.extensions import db
from matchmaker.models import MailDeparture, SendingState

# The clock counts whole seconds, so a second more makes it a full minute.
WINDOW = timedelta(seconds=61)


def has_room(per_minute: int, now: datetime) -> bool:
    """Tell, inside the caller's transaction, whether mail that is not urgent may leave now."""
    if not per_minute:
        return True
    db.session.execute(select(SendingState.id).with_for_update())
    db.session.execute(delete(MailDeparture).where(MailDeparture.counts_until <= now))
    share = bulk_share(per_minute)
    counted = select(MailDeparture.token).limit(share).subquery()
    return db.session.scalars(select(func.count()).select_from(counted)).one() < share


def take_turn(token: str, until: datetime) -> None:
    """Count a mail that is taken in hand until `until`, inside the caller's transaction."""
    db.session.add(MailDeparture(token=token, counts_until=until + WINDOW))
    db.session.flush()


def end_turn(token: str, now: datetime, *, has_left: bool) -> None:
    """Count a mail for one more minute, or not at all when no server heard of it."""
    turn = MailDeparture.token == token
    if has_left:
        statement = update(MailDeparture).where(turn).values(counts_until=now + WINDOW)
        db.session.execute(statement.execution_options(synchronize_session=False))
    else:
        db.session.execute(delete(MailDeparture).where(turn).execution_options(synchronize_session=False))


def next_turn_at(per_minute: int, now: datetime) -> datetime | None:
    """Return when the limit lets mail that is not urgent leave again, or None when it does now."""
    if not per_minute:
        return None
    # With as many or more that count, this one must be over first.
    statement = (
        select(MailDeparture.counts_until)
        .where(MailDeparture.counts_until > now)
        .order_by(MailDeparture.counts_until.desc())
        .offset(bulk_share(per_minute) - 1)
        .limit(1)
    )
    found = db.session.scalars(statement).first()
    db.session.rollback()
    return found
