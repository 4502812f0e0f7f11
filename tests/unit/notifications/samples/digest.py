"""The overview that organisers get."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.digest import (
    ComingDate,
    DigestFacts,
    Milestone,
    RoundState,
    Waiting,
    WaitingLine,
    compose_digest,
)
from matchmaker.notifications.facts import Contact
from tests.unit.notifications.publication_facts import MOMENT, REGION, SETTINGS
from tests.unit.notifications.sampling import Sample, sample

ORGANISER = Contact(name="Regiobureau", email="bureau@techniekpact.example")
HOME = "/organisator/achterhoek"
WISHING = RoundState(
    name="Voorjaar 2027",
    wishing=True,
    asked=225,
    answered=180,
    fresh=23,
    last_day=date(2026, 12, 18),
    path=f"{HOME}/ronde/3#zonder-wensen",
)
OFFERING = RoundState(
    name="Najaar 2027",
    wishing=False,
    asked=1,
    answered=1,
    fresh=1,
    last_day=None,
    path=f"{HOME}/ronde/4",
)
FULL = DigestFacts(
    region_id=1,
    day=date(2026, 12, 14),
    since=date(2026, 12, 7),
    rounds=(WISHING, OFFERING),
    waiting=(
        WaitingLine(what=Waiting.WORRIES, number=1, path=f"{HOME}/antwoorden"),
        WaitingLine(what=Waiting.JOIN_REQUESTS, number=3, path=f"{HOME}/verzoeken"),
        WaitingLine(what=Waiting.FAILED_MAILS, number=2, path=f"{HOME}/berichten?stand=failed"),
        WaitingLine(what=Waiting.ADDRESSES, number=1, path=f"{HOME}/adressen"),
    ),
    dates=(
        ComingDate(milestone=Milestone.WISHING_ENDS, day=date(2026, 12, 18), round="Voorjaar 2027"),
        ComingDate(milestone=Milestone.RESULT, day=date(2026, 12, 23), round="Voorjaar 2027"),
    ),
    path=HOME,
)


def samples() -> dict[str, Sample]:
    """Return an overview of a busy morning, and one in which there is little to tell."""
    letterhead = Letterhead(SETTINGS, REGION, MOMENT)
    quiet = replace(
        FULL,
        rounds=(replace(OFFERING, last_day=date(2026, 12, 20), asked=40, answered=12, fresh=0),),
        waiting=(),
        dates=(),
    )
    return {
        "digest": sample(compose_digest, FULL, ORGANISER, letterhead),
        "digest-quiet": sample(compose_digest, quiet, ORGANISER, letterhead),
    }
