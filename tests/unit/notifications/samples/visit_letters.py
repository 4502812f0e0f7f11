"""The letters around the days on which visits are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from matchmaker.models import Message
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.host_days import DaySheet, Expected, SheetDay, SheetSlot
from matchmaker.notifications.visit_letters import (
    AskedAbout,
    Envelope,
    compose_day_sheet,
    compose_feedback_reminder,
    compose_host_thanks,
    compose_reminder,
    compose_thanks,
)
from matchmaker.notifications.visits import Occasion, Visit
from tests.unit.notifications.publication_facts import (
    EIKEN,
    LASSEN,
    METAAL,
    MOMENT,
    REGION,
    SETTINGS,
    TRAILER,
)
from tests.unit.notifications.samples.publication import AWAY, MOBILE, NAMED
from tests.unit.notifications.sampling import Sample, sample

LETTERHEAD = Letterhead(SETTINGS, REGION, MOMENT)
ENVELOPE = Envelope(
    cause="visit_reminder:region:1:2027-01-05", sequence=0, useful_until=MOMENT + timedelta(days=90)
)
TRAILER_SLOT = replace(
    MOBILE.slot, starts_at=LASSEN.starts_at - timedelta(days=1), ends_at=LASSEN.ends_at - timedelta(days=1)
)
COMES_BY = replace(MOBILE, slot=TRAILER_SLOT)
ASKED = AskedAbout(visit=AWAY, path="/vraag/Ab3dEf6hIj")
OTHER = AskedAbout(visit=COMES_BY, path="/vraag/Kl3mNo6pQr")
COORDINATOR, HOST_CONTACT = EIKEN.contacts[0], METAAL.contacts[0]

# No school has more to be reminded of at once.
MOST_VISITS = 24


def samples() -> dict[str, Sample]:
    """Return the reminders, the lists for hosts, and the thanks."""
    known = replace(ASKED, yes=True, by_colleague=True)
    return {
        "visit_reminder": _remind(ASKED),
        "visit_reminder-mobile": _remind(OTHER),
        "visit_reminder-week": _remind(replace(OTHER, no=True), known),
        "visit_reminder-answered": _remind(known),
        "day_sheet": _list(_slot(AWAY, NAMED)),
        "day_sheet-heard": _list(_slot(AWAY, NAMED, confirmed=AWAY, declined=NAMED)),
        "day_sheet-doubted": _list(_slot(AWAY, NAMED, confirmed=AWAY, doubted=NAMED)),
        "day_sheet-mobile": _list(_slot(COMES_BY, confirmed=COMES_BY)),
        "day_sheet-weekend": sample(
            compose_day_sheet,
            DaySheet(days=(SheetDay(slots=(_slot(COMES_BY),)), SheetDay(slots=(_slot(AWAY),)))),
            ENVELOPE,
            HOST_CONTACT,
            LETTERHEAD,
            rows="expected",
        ),
        "visit_thanks": _ask_after(compose_thanks, (ASKED,)),
        "visit_thanks-day": _ask_after(compose_thanks, (replace(OTHER, yes=True), ASKED)),
        "visit_thanks-answered": _ask_after(compose_thanks, (known,)),
        "feedback_reminder": _ask_after(compose_feedback_reminder, (ASKED,)),
        "host_thanks": sample(
            compose_host_thanks,
            DaySheet(days=(SheetDay(slots=(_slot(AWAY, NAMED),)),)),
            ENVELOPE,
            HOST_CONTACT,
            LETTERHEAD,
        ),
    }


def _remind(*asked: AskedAbout) -> Sample:
    return sample(compose_reminder, asked, ENVELOPE, COORDINATOR, LETTERHEAD, most=MOST_VISITS)


def _ask_after(compose: Callable[..., Message], asked: tuple[AskedAbout, ...]) -> Sample:
    return sample(compose, asked, ENVELOPE, COORDINATOR, LETTERHEAD, most=MOST_VISITS)


def _list(*slots: SheetSlot) -> Sample:
    sheet = DaySheet(days=(SheetDay(slots=slots),))
    return sample(compose_day_sheet, sheet, ENVELOPE, HOST_CONTACT, LETTERHEAD, rows="expected")


def _slot(
    *visits: Visit,
    confirmed: Visit | None = None,
    declined: Visit | None = None,
    doubted: Visit | None = None,
) -> SheetSlot:
    host = METAAL if visits[0].slot is LASSEN else TRAILER
    expected = tuple(
        Expected(visit=v, confirmed=v is confirmed, declined=v is declined, doubted=v is doubted)
        for v in visits
    )
    return SheetSlot(occasion=Occasion(host=host, slot=visits[0].slot, visits=visits), expected=expected)
