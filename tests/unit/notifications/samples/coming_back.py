"""The mails about what comes back: answers of calendars, words of people, mail that bounced."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from matchmaker.domain.calendar_answers import CalendarAnswer
from matchmaker.notifications.calendar_answers import (
    AnsweredFacts,
    AnsweredVisit,
    Reader,
    Told,
    compose_calendar_answer,
)
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.passing_on import (
    ReturnedFacts,
    ReturnedList,
    WordsFacts,
    compose_passed_on,
    compose_returned,
)
from tests.unit.notifications.publication_facts import EIKEN, LASSEN, METAAL, MOMENT, REGION, SETTINGS
from tests.unit.notifications.sampling import Sample, sample

LETTERHEAD = Letterhead(SETTINGS, REGION, MOMENT)
OFFICE = Contact(name="Regiobureau", email="bureau@techniekpact.example")
COLLEAGUE = Contact(name="Leerkracht groep 7", email="groep7@de-eiken.example")
VISIT = AnsweredVisit(
    uid="boeking-0f3c@techniek.example",
    organisation_id=EIKEN.id,
    organisation=EIKEN.name,
    activity=LASSEN.activity,
    host=METAAL.name,
    location=f"{METAAL.name}, {METAAL.address}",
    starts_at=LASSEN.starts_at,
    ends_at=LASSEN.ends_at,
    path=f"/school/{EIKEN.id}",
    group="groep 7/8",
    pupils=24,
)
OCCASION = replace(
    VISIT,
    uid="tijdvak-11aa@techniek.example",
    organisation_id=METAAL.id,
    organisation=METAAL.name,
    path=f"/aanbieder/{METAAL.id}",
    group="",
    groups=2,
    pupils=48,
)
REFUSAL = AnsweredFacts(
    reply_id=7,
    email="wt@de-eiken.example",
    name="W&T-coördinator De Eiken",
    answer=CalendarAnswer.DECLINED,
    comment="Wij hebben die dag schoolfotograaf.",
)
HOST_REFUSAL = replace(REFUSAL, name="Contactpersoon scholen", comment="")
PROPOSAL = replace(
    REFUSAL,
    answer=CalendarAnswer.COUNTER,
    comment="Kan het een uur later?",
    proposed_starts_at=LASSEN.starts_at + timedelta(hours=1),
    proposed_ends_at=LASSEN.ends_at + timedelta(hours=1),
)
ACCEPTED = replace(REFUSAL, reply_id=8, answer=CalendarAnswer.ACCEPTED, comment="")
WORDS = WordsFacts(
    sender="W&T-coördinator De Eiken",
    email="wt@de-eiken.example",
    subject="Ruilen?",
    words="Beste mensen,\n\nKunnen wij met een andere school ruilen?\n\nGroet van De Eiken",
)
UNTRACED = replace(WORDS, sender="", subject="Afgeslagen: Lassen", words="", answer=CalendarAnswer.DECLINED)
BOUNCED = ReturnedFacts(
    email="wt@de-eiken.example", organisation=EIKEN.name, reason="smtp; 550 5.1.1 user unknown"
)
UNWANTED = ReturnedFacts(email="oud@adres.example", complaint=True)

RETURNED = ReturnedList(
    cause="returned:1:2026-12-23",
    number=3,
    path="/organisator/achterhoek/adressen",
    lines=(BOUNCED, UNWANTED),
)
OWN = Told(contact=EIKEN.contacts[0], reader=Reader.SELF)
OTHER = Told(contact=COLLEAGUE, reader=Reader.COLLEAGUE)
AT_HOST = Told(contact=METAAL.contacts[0], reader=Reader.SELF)
BUREAU = Told(contact=OFFICE, reader=Reader.OFFICE, path="/organisator/achterhoek/antwoorden")


def samples() -> dict[str, Sample]:
    """Return every mail about what comes back."""
    return {
        "calendar_answer-own": sample(compose_calendar_answer, REFUSAL, VISIT, OWN, LETTERHEAD),
        "calendar_answer-colleague": sample(compose_calendar_answer, REFUSAL, VISIT, OTHER, LETTERHEAD),
        "calendar_answer-host": sample(compose_calendar_answer, HOST_REFUSAL, OCCASION, AT_HOST, LETTERHEAD),
        "calendar_answer-host_other_time": sample(
            compose_calendar_answer,
            replace(PROPOSAL, name="Contactpersoon scholen"),
            OCCASION,
            AT_HOST,
            LETTERHEAD,
        ),
        "calendar_answer-office": sample(compose_calendar_answer, REFUSAL, VISIT, BUREAU, LETTERHEAD),
        "calendar_answer-other_time": sample(compose_calendar_answer, PROPOSAL, VISIT, OWN, LETTERHEAD),
        "calendar_answer-taken_back": sample(compose_calendar_answer, ACCEPTED, VISIT, OTHER, LETTERHEAD),
        "passed_on-words": sample(compose_passed_on, WORDS, OFFICE, "words:ab:cd", LETTERHEAD),
        "passed_on-untraced": sample(compose_passed_on, UNTRACED, OFFICE, "words:ab:ef", LETTERHEAD),
        "mail_returned": sample(compose_returned, RETURNED, OFFICE, LETTERHEAD),
    }
