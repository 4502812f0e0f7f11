"""Mails around a question to a teacher: the question itself, and that others must talk about an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import URGENT_LANE, Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import CleanFacts, Contact, lines
from matchmaker.notifications.wording import format_group


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedGroup(CleanFacts):
    """What a group is called, and its years."""

    name: str
    levels: tuple[str, ...]

    @property
    def title(self) -> str:
        """The group as people say it, in the language of the mail: ``groep 7/8``."""
        return format_group(self.name, self.levels)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedVisit(CleanFacts):
    """What somebody without an account may know of a visit: nobody's contact data, nothing else's.

    Parameters
    ----------
    school_id
        For the causing organisation of the mails; never shown.
    pupils
        How many come.
    mobile
        True when the host comes to the school.
    location
        Where it is, in one line.
    """

    booking_id: int
    school_id: int
    school: str
    group: AskedGroup
    pupils: int
    activity: str
    host: str
    mobile: bool
    location: str
    starts_at: datetime
    ends_at: datetime


class Asker(StrEnum):
    """Who asks, by role and never by name."""

    COORDINATOR = "coordinator"
    COLLEAGUE = "colleague"
    OFFICE = "office"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFacts(CleanFacts):
    """A question on its way to one person.

    Parameters
    ----------
    question_id
        Row of the question; a newer one of the same cause overtakes an older mail.
    feedback
        True when it asks how it was, False when it asks whether the visit goes on.
    asker
        Who asks, for the school of the visit.
    path
        Path of the link, such as ``/vraag/…``; the site's address is put before it.
    expires_at
        Until when the question can be answered; aware.
    """

    question_id: int
    feedback: bool
    asker: Asker
    path: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts(CleanFacts):
    """An answer that others must know of.

    Parameters
    ----------
    number
        How often the question was answered, this time included; numbers the mails.
    name
        Who answered, as the school named them.
    cannot_come
        True for "we cannot come", False when that is taken back.
    school_told
        True when the school has a coordinator who gets this mail as well.
    by_contact
        True when a contact of the school answered a letter, False when somebody was asked by name.
    remark
        The reason they gave; line ends are kept.
    """

    question_id: int
    number: int
    name: str
    cannot_come: bool
    school_told: bool
    by_contact: bool = False
    remark: str = lines()


def question_cause(feedback: bool, booking_id: int) -> str:
    """Return the cause of the mails with one question about one booking."""
    return f"question:{'feedback' if feedback else 'visit'}:booking:{booking_id}"


def compose_question(
    question: QuestionFacts, visit: AskedVisit, recipient: Contact, letterhead: Letterhead
) -> Message:
    """Return the mail that asks one person one question; people wait for it, so it overtakes bulk mail.

    Raises
    ------
    ValueError
        When the person's address cannot be used.
    """
    draft = Draft(
        kind=MessageKind.QUESTION,
        recipient=recipient,
        cause=question_cause(question.feedback, visit.booking_id),
        sequence=question.question_id,
        organisation_id=visit.school_id,
        lane=URGENT_LANE,
        facts={"question": question, "visit": visit},
    )
    return compose_message(draft, letterhead)


def compose_answer(
    answer: AnswerFacts, visit: AskedVisit, recipient: Contact, letterhead: Letterhead, path: str
) -> Message:
    """Return the mail that tells one person of the school or the region what a teacher answered.

    Parameters
    ----------
    path
        Where this person sees the visit: the school's home, or the organiser's list of answers.
    """
    draft = Draft(
        kind=MessageKind.QUESTION_ANSWERED,
        recipient=recipient,
        cause=f"signed_question:{answer.question_id}",
        sequence=answer.number,
        organisation_id=visit.school_id,
        lane=URGENT_LANE,
        facts={
            "answer": answer,
            "visit": visit,
            "path": path,
            "for_school": path.startswith("/school/"),
        },
    )
    return compose_message(draft, letterhead)
