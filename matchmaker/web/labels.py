"""Names of states and kinds as people read them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.domain.bookings import BookingState
from matchmaker.domain.calendar_answers import CalendarAnswer
from matchmaker.domain.join_requests import JoinState
from matchmaker.domain.kinds import (
    ActivityKind,
    ApprovalState,
    HostKind,
    MessageKind,
    Role,
    Sector,
    SlotState,
)
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.muting import MailFamily
from matchmaker.domain.phases import Phase
from matchmaker.domain.questions import QuestionPurpose
from matchmaker.domain.runs import MessageState, RunState, Verdict
from matchmaker.web.question_words import ANSWER_WORDS

LABELS: tuple[tuple[StrEnum, Any], ...] = (
    (Sector.PRIMARY, _l("basisonderwijs")),
    (Sector.SECONDARY, _l("voortgezet onderwijs")),
    (Sector.SPECIAL, _l("speciaal onderwijs")),
    (HostKind.COMPANY, _l("bedrijf")),
    (HostKind.TECHNIEKLOKAAL, _l("technieklokaal")),
    (HostKind.SCIENCE_CENTRE, _l("wetenschapscentrum")),
    (HostKind.TECHNIEKDAG, _l("Techniekdag")),
    (HostKind.MOBILE_LAB, _l("mobiel lab")),
    (HostKind.TRAINING_COMPANY, _l("opleidingsbedrijf")),
    (HostKind.COMPETITION, _l("wedstrijd")),
    (ActivityKind.COMPANY_VISIT, _l("bedrijfsbezoek")),
    (ActivityKind.TECHNIEKLOKAAL, _l("technieklokaal")),
    (ActivityKind.SCIENCE_CENTRE, _l("wetenschapscentrum")),
    (ActivityKind.TECHNIEKDAG, _l("Techniekdag")),
    (ActivityKind.MOBILE_LESSON, _l("les op school")),
    (ActivityKind.WORKSHOP, _l("workshop")),
    (ActivityKind.COMPETITION, _l("wedstrijd")),
    (Role.COORDINATOR, _l("coördinator")),
    (Role.TEACHER, _l("leerkracht")),
    (Role.HOST_CONTACT, _l("contactpersoon van een aanbieder")),
    (Role.ORGANISER, _l("organisator")),
    (Role.VIEWER, _l("meelezer")),
    (Role.ADMINISTRATOR, _l("beheerder")),
    (Role.BOARD, _l("schoolbestuur")),
    (ApprovalState.DRAFT, _l("concept")),
    (ApprovalState.SUBMITTED, _l("ingediend")),
    (ApprovalState.APPROVED, _l("goedgekeurd")),
    (ApprovalState.REFUSED, _l("afgewezen")),
    (Phase.PREPARING, _l("voorbereiding")),
    (Phase.OFFERING, _l("aanbod")),
    (Phase.WISHING, _l("wensen")),
    (Phase.ALLOCATING, _l("toewijzing")),
    (Phase.REVIEWING, _l("controle van de uitslag")),
    (Phase.PUBLISHED, _l("gepubliceerd")),
    (Phase.CLOSED, _l("afgesloten")),
    (BookingState.WAITING, _l("op de wachtlijst")),
    (BookingState.OFFERED, _l("aangeboden")),
    (BookingState.CONFIRMED, _l("bevestigd")),
    (BookingState.DECLINED, _l("afgeslagen")),
    (BookingState.CANCELLED, _l("afgezegd")),
    (BookingState.ATTENDED, _l("geweest")),
    (BookingState.NO_SHOW, _l("niet geweest")),
    (SlotState.OPEN, _l("open")),
    (SlotState.WITHDRAWN, _l("ingetrokken")),
    (RunState.WAITING, _l("wacht")),
    (RunState.RUNNING, _l("loopt")),
    (RunState.FINISHED, _l("klaar")),
    (RunState.CANCELLED, _l("gestopt")),
    (RunState.FAILED, _l("mislukt")),
    (Verdict.PENDING, _l("nog niet gecontroleerd")),
    (Verdict.PASSED, _l("klopt")),
    (Verdict.REFUSED, _l("klopt niet")),
    (MessageState.QUEUED, _l("wacht op verzenden")),
    (MessageState.LEASED, _l("wordt verzonden")),
    (MessageState.SENT, _l("verzonden")),
    (MessageState.FAILED, _l("niet aangekomen")),
    (MessageState.SUPERSEDED, _l("niet meer nodig")),
    (MessageState.UNWANTED, _l("niet verzonden: de ontvanger wil deze mails niet")),
    (MailTrouble.REFUSED, _l("de mailserver weigert mails")),
    (MailTrouble.BOUNCED, _l("mails komen terug")),
    (MailTrouble.COMPLAINED, _l("wil onze mails niet")),
    (MailFamily.ACCOUNT, _l("inloggen en uw account")),
    (MailFamily.VISITS, _l("elk bezoek: wat, waar, wanneer")),
    (MailFamily.QUESTIONS, _l("vragen en antwoorden over een bezoek")),
    (MailFamily.PEOPLE, _l("wie erbij wil of weggaat")),
    (MailFamily.OVERVIEWS, _l("overzicht van een uitslag")),
    (MailFamily.ROUNDS, _l("nieuws over een ronde")),
    (MailFamily.REMINDERS, _l("herinneringen")),
    (MailFamily.THANKS, _l("bedankjes")),
    (MailFamily.DIGEST, _l("weekoverzicht")),
    (MessageKind.SIGN_IN, _l("inloggen")),
    (MessageKind.RESULT_SCHOOL, _l("uitslag voor een school")),
    (MessageKind.RESULT_HOST, _l("uitslag voor een aanbieder")),
    (MessageKind.RESULT_SCHOOLS, _l("uitslag voor veel scholen")),
    (MessageKind.VISIT_SCHOOL, _l("bezoek, aan de school")),
    (MessageKind.VISIT_HOST, _l("bezoek, aan de aanbieder")),
    (MessageKind.VISIT_CHANGED_SCHOOL, _l("wijziging van een bezoek, aan de school")),
    (MessageKind.VISIT_CHANGED_HOST, _l("wijziging van een bezoek, aan de aanbieder")),
    (MessageKind.VISIT_CHANGED_OFFICE, _l("wijziging van een bezoek, aan organisatoren")),
    (MessageKind.VISIT_CANCELLED_SCHOOL, _l("afzegging, aan de school")),
    (MessageKind.VISIT_CANCELLED_HOST, _l("afzegging, aan de aanbieder")),
    (MessageKind.INVITATION, _l("uitnodiging om mee te doen")),
    (MessageKind.CONTACT_LEFT, _l("contactpersoon vertrokken")),
    (MessageKind.TRIAL, _l("proefmail")),
    (MessageKind.INACTIVE_NOTICE, _l("account lang niet gebruikt")),
    (MessageKind.JOIN_RECEIVED, _l("ontvangst van een verzoek")),
    (MessageKind.JOIN_REFUSED, _l("afwijzing van een verzoek")),
    (MessageKind.JOIN_ASKED, _l("verzoek wacht, aan organisatoren")),
    (JoinState.WAITING, _l("wacht")),
    (JoinState.APPROVED, _l("goedgekeurd")),
    (JoinState.REFUSED, _l("afgewezen")),
    (QuestionPurpose.VISIT, _l("gaat het bezoek door?")),
    (QuestionPurpose.FEEDBACK, _l("hoe was het bezoek?")),
    *ANSWER_WORDS.items(),
    (MessageKind.QUESTION, _l("vraag aan een leerkracht")),
    (MessageKind.QUESTION_ANSWERED, _l("antwoord van een leerkracht")),
    (MessageKind.OFFERING_OPENS, _l("ronde open, aan aanbieders")),
    (MessageKind.WISHING_OPENS, _l("wensen open, aan scholen")),
    (MessageKind.DIGEST, _l("overzicht voor organisatoren")),
    (MessageKind.PLACE_OFFERED, _l("plek van de wachtlijst aangeboden")),
    (MessageKind.OFFER_ANSWERED, _l("antwoord op een aangeboden plek")),
    (MessageKind.SECURITY_NOTICE, _l("veiligheid van een account")),
    (MessageKind.CALENDAR_ANSWER, _l("antwoord uit een agenda")),
    (MessageKind.MAIL_RETURNED, _l("mails die terugkwamen")),
    (MessageKind.PASSED_ON, _l("doorgestuurd bericht")),
    (CalendarAnswer.ACCEPTED, _l("aangenomen")),
    (CalendarAnswer.TENTATIVE, _l("misschien")),
    (CalendarAnswer.DECLINED, _l("afgeslagen")),
    (CalendarAnswer.COUNTER, _l("andere tijd voorgesteld")),
    (MessageKind.OFFERING_REMINDER, _l("herinnering aan aanbieders")),
    (MessageKind.WISHING_REMINDER, _l("herinnering aan scholen")),
    (MessageKind.VISIT_REMINDER, _l("herinnering voor een bezoek")),
    (MessageKind.DAY_SHEET, _l("daglijst voor een aanbieder")),
    (MessageKind.VISIT_THANKS, _l("dank en vraag na een bezoek")),
    (MessageKind.FEEDBACK_REMINDER, _l("vraag na een bezoek, nog een keer")),
    (MessageKind.HOST_THANKS, _l("dank aan een aanbieder")),
    (MessageKind.WISHES_RECEIVED, _l("ontvangst van wensen")),
)
# A str enum equals its value, so "cancelled" of a booking would answer for "cancelled" of a run.
_BY_CLASS = {(type(member), member.value): text for member, text in LABELS}


def label(member: StrEnum) -> str:
    """Return the name of a state or kind in the language of the page."""
    return str(_BY_CLASS[type(member), member.value])


def find_label(member: StrEnum) -> str | None:
    """Return the name of a state or kind, or None where people have no word for it."""
    text = _BY_CLASS.get((type(member), member.value))
    return None if text is None else str(text)
