"""Write the mails that ask hosts and schools to do their part of a round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from matchmaker import clock
from matchmaker.domain.kinds import HOST_ROLES, MessageKind, Role
from matchmaker.domain.phases import Phase
from matchmaker.models import Message, Organisation, Round, School, User
from matchmaker.notifications.facts import RoundFacts
from matchmaker.notifications.round_letters import AskedPlace, RoundCall, call_cause, compose_call
from matchmaker.queries import people
from matchmaker.queries.letters import list_recipients
from matchmaker.services.letterheads import contact_of, gets_mail, letterhead_of

# Whose turn it is in a phase, and the mail that says so.
ASKED_ROLES: Mapping[Phase, frozenset[Role]] = MappingProxyType(
    {Phase.OFFERING: HOST_ROLES, Phase.WISHING: frozenset({Role.COORDINATOR})}
)
OPENINGS = MappingProxyType(
    {Phase.OFFERING: MessageKind.OFFERING_OPENS, Phase.WISHING: MessageKind.WISHING_OPENS}
)


@dataclass(frozen=True, slots=True)
class OpeningForecast:
    """Whom the opening of a phase would reach: `untold` would get a mail, `told` had it before."""

    untold: int
    told: int


def forecast_opening(round_: Round, phase: Phase) -> OpeningForecast:
    """Count whom `write_opening` would write to; nobody in a phase in which nobody has to do anything."""
    if phase not in OPENINGS:
        return OpeningForecast(0, 0)
    kind = OPENINGS[phase]
    told = list_recipients(call_cause(kind, round_.id), kind)
    asked = list(people.list_contacts_of_region(round_.region_id, ASKED_ROLES[phase]))
    untold = sum(1 for user in asked if user.email not in told and gets_mail(user, kind))
    return OpeningForecast(untold, sum(1 for user in asked if user.email in told))


def write_opening(round_: Round, phase: Phase) -> list[Message]:
    """Return a mail to everybody whose turn it is in a phase, those left out who had one before."""
    if phase not in OPENINGS:
        return []
    asked = people.list_contacts_of_region(round_.region_id, ASKED_ROLES[phase])
    return write_calls(round_, OPENINGS[phase], asked)


def write_calls(
    round_: Round, kind: MessageKind, asked: Mapping[User, Sequence[Organisation]]
) -> list[Message]:
    """Return a mail of this kind to everybody who is asked, has none yet and can have one."""
    told = list_recipients(call_cause(kind, round_.id), kind)
    call, letterhead = describe_call(round_, kind), letterhead_of(round_.region)
    return [
        compose_call(kind, call, tuple(map(_describe_place, places)), contact_of(user), letterhead)
        for user, places in asked.items()
        if user.email not in told and gets_mail(user, kind)
    ]


def leave_out_told(letters: Sequence[Message]) -> list[Message]:
    """Return the mails whose recipients still have none; the caller holds the region's lock."""
    told = {(m.cause, m.kind): list_recipients(m.cause, m.kind) for m in letters[:1]}
    return [m for m in letters if m.recipient not in told[m.cause, m.kind]]


def last_day_of(round_: Round, phase: Phase) -> date:
    """Return the planned last day to offer dates, or to hand in wishes."""
    return round_.wishing_on - timedelta(days=1) if phase is Phase.OFFERING else round_.wishing_until


def describe_call(round_: Round, kind: MessageKind) -> RoundCall:
    """Return what the round asks, as the mail tells it today."""
    is_offering = kind in {MessageKind.OFFERING_OPENS, MessageKind.OFFERING_REMINDER}
    last_day = last_day_of(round_, Phase.OFFERING if is_offering else Phase.WISHING)
    return RoundCall(
        round=RoundFacts(id=round_.id, name=round_.name, school_year=round_.school_year.name),
        path=f"/regio/{round_.region.slug}/aanbod",
        last_day=_if_to_come(last_day),
        wishing_on=_if_to_come(round_.wishing_on),
        result_on=_if_to_come(round_.result_on),
        visits_from=round_.visits_from,
        visits_until=round_.visits_until,
    )


def _if_to_come(day: date) -> date | None:
    """A plan that has slipped is not told as if it held."""
    return day if day >= clock.today() else None


def _describe_place(place: Organisation) -> AskedPlace:
    folder = "school" if isinstance(place, School) else "aanbieder"
    return AskedPlace(id=place.id, name=place.name, path=f"/{folder}/{place.id}")
