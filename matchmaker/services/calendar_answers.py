"""What calendars answer to invitations: it marks a visit and lets people ask; it cancels nothing."""

from __future__ import annotations

import re
from datetime import datetime

from flask import current_app

from matchmaker import clock, scope
from matchmaker.config import Settings
from matchmaker.domain.bookings import STANDING_STATES
from matchmaker.domain.calendar_answers import (
    WORRYING,
    AnswerRefusal,
    Standing,
    find_refusal,
)
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.incoming import IncomingOutcome
from matchmaker.domain.kinds import SlotState
from matchmaker.domain.reply_addresses import is_reply_token
from matchmaker.extensions import db
from matchmaker.models import Booking, CalendarReply, Slot
from matchmaker.notifications.calendar_replies import CalendarReply as ReadReply
from matchmaker.notifications.incoming import IncomingMail
from matchmaker.notifications.wording import shorten
from matchmaker.queries import calendar_answers, people, regions, visits
from matchmaker.services import audit
from matchmaker.services.answer_letters import tell_of_answer
from matchmaker.services.transaction import write_transaction
from matchmaker.services.verdicts import Verdict

MOST_COMMENT_CHARACTERS = 500
_UID = re.compile(r"[\w.@+-]{1,200}", re.ASCII)
_LARGEST = 2**31 - 1


def take_answer(mail: IncomingMail, digest: str, now: datetime) -> Verdict:
    """Write down what a calendar answered, inside the caller's transaction; tell who must talk about it.

    Parameters
    ----------
    mail
        With a reply.
    digest
        By which the mail is known.
    """
    reply = mail.reply
    row = _find_appointment(reply.uid) if reply else None
    if reply is None or row is None:
        return _refused(AnswerRefusal.UNKNOWN)
    if not mail.token:
        return _refused(AnswerRefusal.PLAIN_ADDRESS)
    email = _find_invited(mail, reply)
    if email is None:
        return _refused(AnswerRefusal.WRONG_ADDRESS)
    with scope.within(row.region_id):
        regions.lock_region(row.region_id)
        db.session.expire_all()
        before = calendar_answers.list_answers_of(row, email)
        refusal = find_refusal(reply.sequence, reply.stamp, _standing(row, email, before), now)
        if refusal is not None:
            return _refused(refusal)
        answer = _add(row, email, reply, _words(mail, reply), digest)
        tell_of_answer(answer, before)
    return Verdict(IncomingOutcome.HANDLED, reply.answer.value)


def keep_visit(school_id: int, booking_id: int, actor_id: int) -> None:
    """Write down that a visit goes on although calendars declined it; the marks are gone.

    Raises
    ------
    NotFoundError
        When the school has no such booking, or nobody declined it.
    """
    with write_transaction():
        booking = visits.get_school_booking(school_id, booking_id)
        regions.lock_region(booking.region_id)
        _settle(calendar_answers.list_booking_worries([booking.id]).get(booking.id, []), school_id, actor_id)


def keep_occasion(host_id: int, slot_id: int, actor_id: int) -> None:
    """Write down that a host's slot goes on although calendars declined it; the marks are gone.

    Raises
    ------
    NotFoundError
        When the host has no such slot, or nobody declined it.
    """
    with write_transaction():
        slot = db.session.get(Slot, slot_id)
        if slot is None or slot.activity.host_id != host_id:
            raise NotFoundError
        regions.lock_region(slot.region_id)
        _settle(calendar_answers.list_slot_worries([slot.id]).get(slot.id, []), host_id, actor_id)


def settle_answer(region_id: int, reply_id: int, actor_id: int) -> None:
    """Write down that an organiser dealt with a calendar's answer; the mark is gone.

    Raises
    ------
    NotFoundError
        When no such answer of the region asks for attention.
    """
    with write_transaction():
        regions.lock_region(region_id)
        found = [r for r in calendar_answers.list_worries(region_id, clock.now()) if r.id == reply_id]
        organisation_id = _organisation_of(found[0]) if found else 0
        _settle(found, organisation_id, actor_id)


def _settle(worries: list[CalendarReply], organisation_id: int, actor_id: int) -> None:
    if not worries:
        raise NotFoundError
    for reply in worries:
        reply.settled_at = clock.now()
        audit.record(
            "keep_visit",
            "calendar_reply",
            reply.id,
            region_id=reply.region_id,
            organisation_id=organisation_id,
            actor_id=actor_id,
            after={"booking_id": reply.booking_id, "slot_id": reply.slot_id},
        )


def _find_appointment(uid: str) -> Booking | Slot | None:
    if not _UID.fullmatch(uid):
        return None
    return calendar_answers.find_booking_by_uid(uid) or calendar_answers.find_slot_by_uid(uid)


def _find_invited(mail: IncomingMail, reply: ReadReply) -> str | None:
    """Return whose token the mail was sent to: that of who answers, or of who sent it on their behalf."""
    settings: Settings = current_app.config["SETTINGS"]
    for email in (reply.attendee, mail.sender):
        if email and is_reply_token(mail.token, settings.secret_key, reply.uid, email):
            return email.strip().lower()
    return None


def _standing(row: Booking | Slot, email: str, before: list[CalendarReply]) -> Standing:
    noun = "booking" if isinstance(row, Booking) else "slot"
    cause = f"{noun}:{row.calendar_uid}"
    return Standing(
        stands=row.state in STANDING_STATES if isinstance(row, Booking) else _is_visited(row),
        starts_at=_slot_of(row).starts_at,
        sent_sequence=calendar_answers.find_sent_sequence(cause, email),
        last_stamp=max((reply.stamp for reply in before), default=None),
        answers=len(before),
    )


def _is_visited(slot: Slot) -> bool:
    return slot.state is SlotState.OPEN and bool(visits.list_slot_bookings([slot.id]))


def _slot_of(row: Booking | Slot) -> Slot:
    return row.slot if isinstance(row, Booking) else row


def _words(mail: IncomingMail, reply: ReadReply) -> str:
    """Return what goes with an answer; some programs write it in the mail and not in the calendar."""
    return reply.comment or (mail.words if reply.answer in WORRYING else "")


def _add(row: Booking | Slot, email: str, reply: ReadReply, words: str, digest: str) -> CalendarReply:
    is_booking = isinstance(row, Booking)
    answer = CalendarReply(
        region_id=row.region_id,
        booking=row if is_booking else None,
        slot=None if is_booking else row,
        user_id=people.find_user_id(email),
        email=email,
        answer=reply.answer,
        sequence=min(reply.sequence, _LARGEST),
        stamp=reply.stamp,
        comment=shorten(words, MOST_COMMENT_CHARACTERS),
        proposed_starts_at=reply.proposed[0] if reply.proposed else None,
        proposed_ends_at=reply.proposed[1] if reply.proposed else None,
        about_starts_at=_slot_of(row).starts_at,
        mail_digest=digest,
    )
    db.session.add(answer)
    db.session.flush()
    audit.record(
        "answer_invitation",
        "calendar_reply",
        answer.id,
        region_id=answer.region_id,
        organisation_id=_organisation_of(answer),
        after={
            "answer": answer.answer.value,
            "booking_id": answer.booking_id,
            "slot_id": answer.slot_id,
        },
    )
    return answer


def _organisation_of(reply: CalendarReply) -> int:
    """Return the school or host whose calendar answered."""
    if reply.booking is not None:
        return reply.booking.group.school_id
    if reply.slot is None:
        raise NotFoundError
    return reply.slot.activity.host_id


def _refused(refusal: AnswerRefusal) -> Verdict:
    return Verdict(IncomingOutcome.REFUSED, refusal.value)
