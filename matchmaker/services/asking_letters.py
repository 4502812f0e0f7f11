"""Letters to schools that ask something about each of several visits, before and after them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from matchmaker.domain.kinds import Role
from matchmaker.domain.questions import Answer, QuestionPurpose
from matchmaker.models import Message, Region, User
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.visit_letters import AskedAbout, Envelope
from matchmaker.notifications.visits import Visit
from matchmaker.queries import people
from matchmaker.queries.visit_letters import VisitRow
from matchmaker.services.letter_questions import LetterQuestions
from matchmaker.services.letterheads import letterhead_of
from matchmaker.services.visit_facts import load_occasions
from matchmaker.services.visit_letters import Addressed, group_by_person

Compose = Callable[[tuple[AskedAbout, ...], Envelope, Contact, Letterhead], Message]
# Who answers for a school gets its letters.
_CONTACTS = frozenset({Role.COORDINATOR})


def list_by_contact(rows: Sequence[VisitRow]) -> dict[User, list[VisitRow]]:
    """Return the visits for which each person of a school answers, in their order."""
    contacts = people.list_contacts(sorted({row.school_id for row in rows}), _CONTACTS)
    return group_by_person(rows, lambda row: contacts.get(row.school_id, []))


def compose_asking(
    letters: Sequence[Addressed], region: Region, now: datetime, purpose: QuestionPurpose, compose: Compose
) -> list[Message]:
    """Write letters with a question for each of their visits, in their order, in the caller's transaction.

    Parameters
    ----------
    compose
        Puts the visits of one letter into words.
    """
    rows = [visit for letter in letters for visit in letter.planned.visits]
    visits = _load_visits(rows)
    questions, letterhead = LetterQuestions(purpose, rows, now), letterhead_of(region, now)
    messages = []
    for letter in letters:
        user = letter.planned.user
        asked = tuple(
            _ask(questions, row, visits[row.booking_id], user, region.id) for row in letter.planned.visits
        )
        messages.append(compose(asked, letter.envelope, letter.contact, letterhead))
    return messages


def _ask(questions: LetterQuestions, row: VisitRow, visit: Visit, user: User, region_id: int) -> AskedAbout:
    link = questions.open(row, user, region_id)
    return AskedAbout(
        visit=visit,
        path=link.path,
        yes=link.answer in {Answer.COMING, Answer.TOOK_PLACE},
        no=link.answer in {Answer.CANNOT_COME, Answer.NOT_HELD},
        by_colleague=link.by_colleague,
    )


def _load_visits(rows: Sequence[VisitRow]) -> dict[int, Visit]:
    """Return these visits with everything around them, by booking id."""
    occasions = load_occasions(sorted({row.slot_id for row in rows}))
    found = {
        (slot_id, visit.group.id): visit
        for slot_id, occasion in occasions.items()
        for visit in occasion.visits
    }
    return {row.booking_id: found[row.slot_id, row.group_id] for row in rows}
