"""Tell who must talk about it what a calendar answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select, update

from matchmaker.domain.calendar_answers import SAYING, WORRYING, CalendarAnswer
from matchmaker.domain.kinds import HOST_ROLES, Role
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Booking, CalendarReply, Host, Message, School, Slot, User
from matchmaker.notifications.calendar_answers import (
    AnsweredFacts,
    AnsweredVisit,
    Reader,
    Told,
    answer_cause,
    compose_calendar_answer,
)
from matchmaker.notifications.mime import is_usable_address
from matchmaker.notifications.speech import speaking
from matchmaker.notifications.wording import format_group
from matchmaker.queries import people, visits
from matchmaker.services.letterheads import contact_of, letterhead_of


def tell_of_answer(answer: CalendarReply, before: Sequence[CalendarReply]) -> None:
    """Write the mails about an answer, inside the caller's transaction.

    The school's coordinators, or the host's contacts, are asked whether the visit goes on; without
    anybody there the organisers of the region are. Who was told of a refusal that is taken back hears
    that too. What says nothing new is told to nobody.

    Parameters
    ----------
    answer
        Just added, with its booking or slot.
    before
        The person's earlier answers about the same appointment, oldest first.
    """
    last = _find_last_worry(answer, before)
    if answer.answer in WORRYING and not _is_same(answer, last):
        _tell(answer, None)
    elif answer.answer is CalendarAnswer.ACCEPTED and last is not None:
        _tell(answer, _take_back(answer))


def _find_last_worry(answer: CalendarReply, before: Sequence[CalendarReply]) -> CalendarReply | None:
    """Return the refusal that stood until now, or None."""
    last = next((reply for reply in reversed(before) if reply.answer in SAYING), None)
    stood = (
        last is not None
        and last.answer in WORRYING
        and last.settled_at is None
        and last.about_starts_at == answer.about_starts_at
    )
    return last if stood else None


def _is_same(answer: CalendarReply, last: CalendarReply | None) -> bool:
    return last is not None and _content(answer) == _content(last)


def _content(reply: CalendarReply) -> tuple[CalendarAnswer, datetime | None, datetime | None]:
    """Return what makes an answer another one; programs differ in the words that they add."""
    return reply.answer, reply.proposed_starts_at, reply.proposed_ends_at


def _tell(answer: CalendarReply, only: set[str] | None) -> None:
    """Write to everybody concerned, or only to those with one of these addresses."""
    letterhead = letterhead_of(_place_of(answer).region)
    facts = AnsweredFacts(
        reply_id=answer.id,
        name=answer.user.name if answer.user and answer.user.name else answer.email,
        email=answer.email,
        answer=answer.answer,
        comment=answer.comment,
        proposed_starts_at=answer.proposed_starts_at,
        proposed_ends_at=answer.proposed_ends_at,
    )
    for user, reader in _list_concerned(answer):
        if only is None or (user.email in only and user.email != answer.email):
            with speaking(user.language):
                visit = _describe(answer)
            told = Told(contact=contact_of(user), reader=reader, path=_path_for(answer, reader))
            db.session.add(compose_calendar_answer(facts, visit, told, letterhead))


def _take_back(answer: CalendarReply) -> set[str]:
    """Keep mails about the refusal that have not left yet; return to whom others went."""
    about = Message.cause == answer_cause(_uid_of(answer), answer.email)
    db.session.execute(
        update(Message)
        .where(about, Message.state == MessageState.QUEUED)
        .values(state=MessageState.SUPERSEDED)
    )
    told = select(Message.recipient).where(about, Message.state.in_({MessageState.LEASED, MessageState.SENT}))
    return set(db.session.scalars(told))


def _list_concerned(answer: CalendarReply) -> Iterator[tuple[User, Reader]]:
    place = _place_of(answer)
    roles = frozenset({Role.COORDINATOR}) if answer.booking is not None else HOST_ROLES
    found = people.list_contacts([place.id], roles).get(place.id, [])
    contacts = list({user.id: user for user in found if is_usable_address(user.email)}.values())
    for user in contacts:
        yield user, Reader.SELF if user.email == answer.email else Reader.COLLEAGUE
    if not contacts:
        for user in people.list_people_of_region(answer.region_id, frozenset({Role.ORGANISER})):
            if is_usable_address(user.email):
                yield user, Reader.OFFICE


def _path_for(answer: CalendarReply, reader: Reader) -> str:
    region = _place_of(answer).region
    return f"/organisator/{region.slug}/antwoorden" if reader is Reader.OFFICE else ""


def _describe(answer: CalendarReply) -> AnsweredVisit:
    """Return the visit in words of the language that is spoken now."""
    slot = answer.booking.slot if answer.booking is not None else _require(answer.slot)
    return _describe_visit(answer.booking) if answer.booking is not None else _describe_slot(slot)


def _describe_visit(booking: Booking) -> AnsweredVisit:
    school, activity = booking.group.school, booking.slot.activity
    return AnsweredVisit(
        uid=booking.calendar_uid,
        organisation_id=school.id,
        organisation=school.name,
        activity=activity.title,
        host=activity.host.name,
        location=_locate(school, "") if activity.mobile else _locate(activity.host, booking.slot.venue),
        starts_at=booking.slot.starts_at,
        ends_at=booking.slot.ends_at,
        path=f"/school/{school.id}",
        group=format_group(booking.group.name, booking.group.levels),
        pupils=booking.group.pupils,
    )


def _describe_slot(slot: Slot) -> AnsweredVisit:
    host, groups = slot.activity.host, [b.group for b in visits.list_slot_bookings([slot.id])[slot.id]]
    mobile = slot.activity.mobile
    return AnsweredVisit(
        uid=slot.calendar_uid,
        organisation_id=host.id,
        organisation=host.name,
        activity=slot.activity.title,
        host=host.name,
        location=_locate(groups[0].school, "") if mobile else _locate(host, slot.venue),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        path=f"/aanbieder/{host.id}",
        groups=len(groups),
        pupils=sum(group.pupils for group in groups),
    )


def _locate(place: School | Host, address: str) -> str:
    own = ", ".join(part for part in (place.street, f"{place.postcode} {place.place}".strip()) if part)
    return ", ".join(part for part in (place.name, address or own) if part)


def _place_of(answer: CalendarReply) -> School | Host:
    if answer.booking is not None:
        return answer.booking.group.school
    return _require(answer.slot).activity.host


def _uid_of(answer: CalendarReply) -> str:
    return (answer.booking or _require(answer.slot)).calendar_uid


def _require(slot: Slot | None) -> Slot:
    """The database keeps that an answer is about a booking or about a slot."""
    if slot is None:
        raise ValueError("an answer about nothing")
    return slot
