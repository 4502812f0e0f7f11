"""Where a round is, in five steps that everybody understands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matchmaker.domain.phases import Phase
from matchmaker.models import Round
from matchmaker.web.formats import format_day_short
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext

OFFER, WISHES, ALLOCATION, RESULT, VISITS = range(5)
STEP_OF_PHASE = {
    Phase.PREPARING: -1,
    Phase.OFFERING: OFFER,
    Phase.WISHING: WISHES,
    Phase.ALLOCATING: ALLOCATION,
    Phase.REVIEWING: ALLOCATION,
    Phase.PUBLISHED: RESULT,
    Phase.CLOSED: VISITS + 1,
}


@dataclass(frozen=True)
class PhaseStep:
    """One step of the bar; `state` is done, now or next."""

    name: str
    note: str
    state: str


def build_phase_bar(round_: Round, today: date) -> list[PhaseStep]:
    """Return the five steps of a round as seen on a day."""
    now = STEP_OF_PHASE[round_.phase]
    if now == RESULT and today >= round_.visits_from:
        now = VISITS
    names = (_("Aanbod"), _("Wensen"), _("Toewijzing"), _("Uitslag"), _("Bezoeken"))
    return [
        PhaseStep(name, _note(round_, step, now, today), _state(step, now)) for step, name in enumerate(names)
    ]


def _state(step: int, now: int) -> str:
    if step == now:
        return "now"
    return "done" if step < now else "next"


def _note(round_: Round, step: int, now: int, today: date) -> str:
    if step < now:
        return _("gereed")
    if step == now:
        return _note_now(round_, step, today)
    planned = (
        round_.offering_on,
        round_.wishing_on,
        round_.wishing_until,
        round_.result_on,
        round_.visits_from,
    )
    if planned[step] < today:
        return _("later dan gepland")
    return {
        OFFER: _("vanaf %(day)s", day=format_day_short(round_.offering_on)),
        WISHES: _("vanaf %(day)s", day=format_day_short(round_.wishing_on)),
        ALLOCATION: _("na %(day)s", day=format_day_short(round_.wishing_until)),
        RESULT: format_day_short(round_.result_on),
        VISITS: _("vanaf %(day)s", day=format_day_short(round_.visits_from)),
    }[step]


def _note_now(round_: Round, step: int, today: date) -> str:
    until = {OFFER: round_.wishing_on, WISHES: round_.wishing_until, ALLOCATION: round_.result_on}.get(step)
    if step == VISITS:
        return _("t/m %(day)s", day=format_day_short(round_.visits_until))
    if step == RESULT:
        return _("bekend")
    days = (until - today).days if until else 0
    return ngettext("nog %(num)d dag", "nog %(num)d dagen", days) if days > 0 else _("nu")
