"""The mails around a question to a teacher, about a visit of the small publication."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.questions import (
    AnswerFacts,
    AskedGroup,
    AskedVisit,
    Asker,
    QuestionFacts,
    compose_answer,
    compose_question,
)
from tests.unit.notifications.publication_facts import EIKEN, LASSEN, METAAL, MOMENT, REGION, SETTINGS
from tests.unit.notifications.sampling import Sample, sample

VISIT = AskedVisit(
    booking_id=51,
    school_id=EIKEN.id,
    school=EIKEN.name,
    group=AskedGroup(name="7/8", levels=("po7", "po8")),
    pupils=24,
    activity=LASSEN.activity,
    host=METAAL.name,
    mobile=False,
    location=f"{METAAL.name}, {METAAL.address}",
    starts_at=LASSEN.starts_at,
    ends_at=LASSEN.ends_at,
)
QUESTION = QuestionFacts(
    question_id=7,
    feedback=False,
    asker=Asker.COORDINATOR,
    path="/vraag/Ab3dEf6hIj",
    expires_at=LASSEN.starts_at,
)
FEEDBACK = replace(QUESTION, feedback=True, expires_at=datetime(2027, 2, 11, 10, 0, tzinfo=UTC))
REFUSAL = AnswerFacts(
    question_id=7,
    number=1,
    name="Leerkracht groep 7/8",
    cannot_come=True,
    school_told=True,
    remark="Wij hebben die dag schoolfotograaf.",
)
TEACHER = Contact(name="Leerkracht groep 7/8", email="groep78@de-eiken.example")
OFFICE = Contact(name="Regiobureau", email="bureau@techniekpact.example")
LETTERHEAD = Letterhead(SETTINGS, REGION, MOMENT)


def samples() -> dict[str, Sample]:
    """Return every mail around a question."""
    school, office = f"/school/{EIKEN.id}", "/organisator/achterhoek/antwoorden"
    taken_back = replace(REFUSAL, number=2, cannot_come=False, remark="")
    return {
        "question-before": sample(compose_question, QUESTION, VISIT, TEACHER, LETTERHEAD),
        "question-after": sample(compose_question, FEEDBACK, VISIT, TEACHER, LETTERHEAD),
        "question_answered-school": sample(
            compose_answer, REFUSAL, VISIT, EIKEN.contacts[0], LETTERHEAD, school
        ),
        "question_answered-contact": sample(
            compose_answer, replace(REFUSAL, by_contact=True), VISIT, EIKEN.contacts[0], LETTERHEAD, school
        ),
        "question_answered-contact_office": sample(
            compose_answer, replace(REFUSAL, by_contact=True), VISIT, OFFICE, LETTERHEAD, office
        ),
        "question_answered-office": sample(compose_answer, REFUSAL, VISIT, OFFICE, LETTERHEAD, office),
        "question_answered-taken_back": sample(
            compose_answer, taken_back, VISIT, EIKEN.contacts[0], LETTERHEAD, school
        ),
    }
