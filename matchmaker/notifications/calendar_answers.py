"""Mails that tell people of a school, a host or the region what a calendar answered to an invitation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from matchmaker.domain.calendar_answers import CalendarAnswer
from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import URGENT_LANE, Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import CleanFacts, Contact, lines


class Reader(StrEnum):
    """Who is told: the person whose calendar answered, a colleague, or an organiser of the region."""

    SELF = "self"
    COLLEAGUE = "colleague"
    OFFICE = "office"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredVisit(CleanFacts):
    """The visit that an invitation was about: of one group, or for a host of all groups of a slot.

    Parameters
    ----------
    uid
        Of the appointment.
    organisation_id, organisation
        The school or host whose calendar answered.
    group
        The group as people say it; empty where the calendar of a host answered.
    groups, pupils
        How many come.
    path
        Page of the organisation where one says that the visit goes on, or calls it off.
    """

    uid: str
    organisation_id: int
    organisation: str
    activity: str
    host: str
    location: str
    starts_at: datetime
    ends_at: datetime
    path: str
    group: str = ""
    groups: int = 1
    pupils: int = 0

    @property
    def of_host(self) -> bool:
        """Tell whether the calendar of a host answered."""
        return not self.group


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredFacts(CleanFacts):
    """An answer that others must know of.

    Parameters
    ----------
    reply_id
        Row of the answer; a newer one overtakes the mail about an older one.
    name, email
        Who answered.
    answer
        Accepted means that an earlier refusal is taken back.
    comment
        Words that came with it; line ends are kept.
    proposed_starts_at, proposed_ends_at
        Another time that the person proposed, aware; only in a counter.
    """

    reply_id: int
    name: str
    email: str
    answer: CalendarAnswer
    comment: str = lines()
    proposed_starts_at: datetime | None = None
    proposed_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(CleanFacts):
    """Somebody who is told.

    Parameters
    ----------
    path
        Where this person sees the visit; empty: the page of the organisation.
    """

    contact: Contact
    reader: Reader
    path: str = ""


def answer_cause(uid: str, email: str) -> str:
    """Return the cause of the mails about one person's answers to one appointment; it names nobody."""
    return f"calendar_answer:{uid}:{hashlib.sha256(f'{uid} {email}'.encode()).hexdigest()[:16]}"


def compose_calendar_answer(
    answer: AnsweredFacts, visit: AnsweredVisit, told: Told, letterhead: Letterhead
) -> Message:
    """Return the mail that tells one person what a calendar answered; it overtakes bulk mail.

    Raises
    ------
    ValueError
        When the person's address cannot be used.
    """
    draft = Draft(
        kind=MessageKind.CALENDAR_ANSWER,
        recipient=told.contact,
        cause=answer_cause(visit.uid, answer.email),
        sequence=answer.reply_id,
        organisation_id=visit.organisation_id,
        lane=URGENT_LANE,
        facts={
            "answer": answer,
            "visit": visit,
            "reader": str(told.reader),
            "saying": str(answer.answer),
            "path": told.path or visit.path,
        },
    )
    return compose_message(draft, letterhead)
