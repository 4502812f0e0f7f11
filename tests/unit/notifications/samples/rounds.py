"""The mails that a round brings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from matchmaker.domain.kinds import MessageKind
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.round_letters import AskedPlace, RoundCall, compose_call
from tests.unit.notifications.publication_facts import EIKEN, LINDE, METAAL, MOMENT, REGION, ROUND, SETTINGS
from tests.unit.notifications.sampling import Sample, sample

LETTERHEAD = Letterhead(SETTINGS, REGION, MOMENT)
UNANSWERED = Letterhead(SETTINGS, replace(REGION, contact_email=""), MOMENT)
CALL = RoundCall(
    round=ROUND,
    path="/regio/achterhoek/aanbod",
    last_day=date(2026, 12, 18),
    wishing_on=date(2026, 11, 9),
    result_on=date(2026, 12, 23),
    visits_from=date(2027, 1, 11),
    visits_until=date(2027, 5, 28),
)
DATES = replace(CALL, last_day=date(2026, 11, 8))
LATE = replace(CALL, last_day=None, wishing_on=None, result_on=None)
HOST = (AskedPlace(id=METAAL.id, name=METAAL.name, path=f"/aanbieder/{METAAL.id}"),)
SCHOOLS = tuple(AskedPlace(id=s.id, name=s.name, path=f"/school/{s.id}") for s in (EIKEN, LINDE))


def samples() -> dict[str, Sample]:
    """Return the mails that ask for dates and wishes: in time, and when the plan has slipped."""
    host, school = METAAL.contacts[0], EIKEN.contacts[0]
    late = {
        MessageKind.OFFERING_OPENS: (LATE, HOST, host, UNANSWERED),
        MessageKind.WISHING_OPENS: (LATE, SCHOOLS[:1], school, UNANSWERED),
        MessageKind.OFFERING_REMINDER: (LATE, HOST, host, UNANSWERED),
        MessageKind.WISHING_REMINDER: (LATE, SCHOOLS, school, UNANSWERED),
    }
    return {
        "offering_opens": sample(compose_call, MessageKind.OFFERING_OPENS, DATES, HOST, host, LETTERHEAD),
        "wishing_opens": sample(compose_call, MessageKind.WISHING_OPENS, CALL, SCHOOLS, school, LETTERHEAD),
        "offering_reminder": sample(
            compose_call, MessageKind.OFFERING_REMINDER, DATES, HOST, host, LETTERHEAD
        ),
        "wishing_reminder": sample(
            compose_call, MessageKind.WISHING_REMINDER, CALL, SCHOOLS[:1], school, LETTERHEAD
        ),
        **{f"{kind.value}-late": sample(compose_call, kind, *facts) for kind, facts in late.items()},
    }
