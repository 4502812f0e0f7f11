"""The mails around a place that is held for a group."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.offers import (
    OfferAnswerFacts,
    OfferFacts,
    compose_offer,
    compose_offer_answer,
)
from tests.unit.notifications.publication_facts import EIKEN, METAAL, MOMENT, REGION, SETTINGS
from tests.unit.notifications.samples.questions import VISIT
from tests.unit.notifications.sampling import Sample, sample

OFFER = OfferFacts(number=0, offered_until=datetime(2026, 12, 28, 11, 0, tzinfo=UTC), path="/plek/Ab3dEf6hIj")
YES = OfferAnswerFacts(
    number=0,
    accepted=True,
    after_allocation=False,
    answered_by="W&T-coördinator De Eiken",
    remark="Wij komen met de fiets.",
)
NO = replace(YES, accepted=False, remark="")


def samples() -> dict[str, Sample]:
    """Return the offer, and each answer as both sides read it."""
    letterhead = Letterhead(SETTINGS, REGION, MOMENT)
    silent = Letterhead(SETTINGS, replace(REGION, contact_email=""), MOMENT)
    school, host = EIKEN.contacts[0], METAAL.contacts[0]
    away = replace(NO, after_allocation=True)
    return {
        "place_offered": sample(compose_offer, OFFER, VISIT, school, letterhead),
        "place_offered-mobile": sample(compose_offer, OFFER, replace(VISIT, mobile=True), school, letterhead),
        "offer_answered-yes_school": sample(compose_offer_answer, YES, VISIT, school, letterhead),
        "offer_answered-yes_host": sample(compose_offer_answer, YES, VISIT, host, letterhead, METAAL.id),
        "offer_answered-no_school": sample(compose_offer_answer, NO, VISIT, school, letterhead),
        "offer_answered-no_host": sample(compose_offer_answer, NO, VISIT, host, letterhead, METAAL.id),
        "offer_answered-placement_school": sample(compose_offer_answer, away, VISIT, school, silent),
        "offer_answered-placement_host": sample(
            compose_offer_answer, away, VISIT, host, letterhead, METAAL.id
        ),
    }
