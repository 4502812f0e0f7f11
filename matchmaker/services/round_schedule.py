"""Which letters a round brings: what was written, and what is written when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matchmaker import clock
from matchmaker.domain.deadlines import find_reminder_day
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.phases import Phase
from matchmaker.models import Round
from matchmaker.notifications.receipts import receipt_cause
from matchmaker.notifications.round_letters import call_cause
from matchmaker.queries.letters import count_by_kind, list_school_ids
from matchmaker.services.deadline_reminders import REMINDERS, list_days_off, list_unanswered
from matchmaker.services.round_letters import OPENINGS, last_day_of

_ORDER = list(Phase)


@dataclass(frozen=True, slots=True)
class RoundLetter:
    """A sort of letter of a round.

    Parameters
    ----------
    written
        How many there are in the mail log.
    day
        Day on which it is written, holidays of single schools aside; None: none is planned, or it has passed.
    waiting
        How many people would get it if nothing changed; None where that is not known yet.
    is_ahead
        Whether the step that brings it is still to be taken.
    """

    kind: MessageKind
    written: int
    day: date | None = None
    waiting: int | None = None
    is_ahead: bool = False


def list_round_letters(round_: Round) -> list[RoundLetter]:
    """Return the letters of a round in the order in which they are written."""
    calls = [kind for phase in OPENINGS for kind in (OPENINGS[phase], REMINDERS[phase])]
    causes = [call_cause(kind, round_.id) for kind in calls]
    causes += [receipt_cause(round_.id, school_id) for school_id in list_school_ids(round_.region_id)]
    written = count_by_kind(causes)
    letters = []
    for phase in OPENINGS:
        is_ahead = _ORDER.index(phase) > _ORDER.index(round_.phase)
        letters.append(RoundLetter(OPENINGS[phase], written.get(OPENINGS[phase], 0), is_ahead=is_ahead))
        letters.append(_plan_reminder(round_, phase, written.get(REMINDERS[phase], 0)))
    return [*letters, RoundLetter(MessageKind.WISHES_RECEIVED, written.get(MessageKind.WISHES_RECEIVED, 0))]


def _plan_reminder(round_: Round, phase: Phase, written: int) -> RoundLetter:
    last_day = last_day_of(round_, phase)
    is_past = _ORDER.index(round_.phase) > _ORDER.index(phase)
    if written or is_past or last_day < clock.today():
        return RoundLetter(REMINDERS[phase], written)
    day = max(find_reminder_day(last_day, list_days_off(round_, last_day)[None]), clock.today())
    waiting = len(list_unanswered(round_)) if round_.phase is phase else None
    return RoundLetter(REMINDERS[phase], written, day, waiting)
