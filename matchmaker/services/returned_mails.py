"""Mail of ours that came back, was held up, or that somebody called unwanted.

A report counts only when it names a mail of ours by its Message-ID, to the person it speaks of: the id
follows from the whole mail and was in nobody else's hands, so a stranger cannot silence a school.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from matchmaker import clock, scope
from matchmaker.domain.incoming import IncomingKind, IncomingOutcome, blames_address
from matchmaker.domain.kinds import Role
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.extensions import db
from matchmaker.models import Message, Region, User
from matchmaker.notifications.incoming import IncomingMail
from matchmaker.notifications.mime import is_usable_address
from matchmaker.notifications.passing_on import (
    ReturnedFacts,
    ReturnedList,
    compose_returned,
    hold_back,
)
from matchmaker.queries import incoming, people, regions
from matchmaker.services.letterheads import contact_of, letterhead_of
from matchmaker.services.mail_trouble import mark_address
from matchmaker.services.verdicts import Verdict

# Addresses that fail within this time come in one mail.
GATHER = timedelta(minutes=10)
_TROUBLE = {IncomingKind.BOUNCE: MailTrouble.BOUNCED, IncomingKind.COMPLAINT: MailTrouble.COMPLAINED}


def take_report(mail: IncomingMail, _digest: str, now: datetime) -> Verdict:
    """Note what became of a mail of ours, inside the caller's transaction; mark an address that fails."""
    about = [name for name in mail.about if name.isascii() and name.isprintable()]
    failed = mail.failed_recipient
    if failed and not is_usable_address(failed):
        return Verdict(IncomingOutcome.REFUSED, "no_address")
    message = incoming.find_own_mail(about, failed)
    if message is None:
        return Verdict(IncomingOutcome.REFUSED, "no_mail_of_ours")
    if mail.status.startswith("2"):
        return Verdict(IncomingOutcome.NOTED, "delivered")
    _note(message, mail, now)
    if mail.kind is IncomingKind.DELAY:
        return Verdict(IncomingOutcome.NOTED, "delayed")
    if mail.kind is IncomingKind.BOUNCE and not blames_address(mail.status):
        return Verdict(IncomingOutcome.HANDLED, f"returned {mail.status}".strip())
    if _mark(message, mail):
        _tell_organisers(message, now)
    return Verdict(IncomingOutcome.HANDLED, f"{_TROUBLE[mail.kind].value} {mail.status}".strip())


def _note(message: Message, mail: IncomingMail, now: datetime) -> None:
    """Write at the mail what came of it; that it is held up says nothing once it came back."""
    if mail.kind is IncomingKind.DELAY and message.returned_as is not None:
        return
    message.returned_as, message.returned_at = mail.kind, now
    message.last_error = mail.reason


def _mark(message: Message, mail: IncomingMail) -> bool:
    """Mark the address; return whether organisers should know: something is worse, or nobody has it."""
    statement = select(User).where(User.email == message.recipient.lower())
    user = db.session.scalars(statement).one_or_none()
    if user is None:
        return True
    before = user.mail_trouble
    mark_address(user.email, _TROUBLE[mail.kind], mail.reason or mail.status)
    return user.mail_trouble != before


def _tell_organisers(message: Message, now: datetime) -> None:
    """Write to the organisers which addresses of their region failed today; none reads mail of no region."""
    if message.region_id is None:
        return
    db.session.flush()
    midnight = clock.from_local(datetime.combine(clock.local(now).date(), time()))
    with scope.within(message.region_id):
        regions.lock_region(message.region_id)
        region = db.session.get_one(Region, message.region_id)
        found = incoming.list_returned(region.id, midnight)
        cause = f"returned:{region.id}:{clock.local(now).date().isoformat()}"
        returned = ReturnedList(
            cause=cause,
            number=incoming.find_next_number(cause),
            path=f"/organisator/{region.slug}/adressen",
            lines=tuple(_describe(row) for row in found),
        )
        for user in people.list_people_of_region(region.id, frozenset({Role.ORGANISER})):
            if is_usable_address(user.email) and user.email != message.recipient:
                row = compose_returned(returned, contact_of(user), letterhead_of(region))
                due = incoming.find_waiting_since(cause, user.email) or now + GATHER
                db.session.add(hold_back(row, due))


def _describe(message: Message) -> ReturnedFacts:
    return ReturnedFacts(
        email=message.recipient,
        organisation=message.organisation.name if message.organisation else "",
        complaint=message.returned_as is IncomingKind.COMPLAINT,
        reason=message.last_error,
    )
