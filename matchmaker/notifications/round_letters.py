"""The mails that ask people to do their part of a round: hosts to offer dates, schools to hand in wishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from matchmaker import clock
from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import CleanFacts, Contact, RoundFacts

# A letter that opens a step and one that reminds of it are conversations of their own.
_CAUSES = MappingProxyType(
    {
        MessageKind.OFFERING_OPENS: "round:{id}:offering",
        MessageKind.WISHING_OPENS: "round:{id}:wishing",
        MessageKind.OFFERING_REMINDER: "reminder:round:{id}:offering",
        MessageKind.WISHING_REMINDER: "reminder:round:{id}:wishing",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCall(CleanFacts):
    """What a round asks, and what comes of it.

    Parameters
    ----------
    path
        Path of the page with what is offered.
    last_day
        Last day to answer.
    wishing_on
        First day on which schools choose from what is offered.
    result_on
        Day on which everybody hears the result. Of these three days each is None when it has passed.
    visits_from, visits_until
        First and last day of the visits.
    """

    round: RoundFacts
    path: str
    last_day: date | None
    wishing_on: date | None
    result_on: date | None
    visits_from: date
    visits_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPlace(CleanFacts):
    """A school or host that is asked, with the path of its own page."""

    id: int
    name: str
    path: str


def call_cause(kind: MessageKind, round_id: int) -> str:
    """Return the cause of such mails about a round: each person gets one of them."""
    return _CAUSES[kind].format(id=round_id)


def compose_call(
    kind: MessageKind,
    call: RoundCall,
    places: tuple[AskedPlace, ...],
    recipient: Contact,
    letterhead: Letterhead,
) -> Message:
    """Return the mail that asks one person for what the round needs from their schools or hosts.

    Parameters
    ----------
    places
        At least one, in the order in which they are named.
    """
    draft = Draft(
        kind=kind,
        recipient=recipient,
        cause=call_cause(kind, call.round.id),
        organisation_id=places[0].id if len(places) == 1 else None,
        useful_until=_end_of(call.last_day) if call.last_day else None,
        facts={"call": call, "places": places, "names": [place.name for place in places]},
    )
    return compose_message(draft, letterhead)


def _end_of(day: date) -> datetime:
    return clock.from_local(datetime.combine(day + timedelta(days=1), time()))
