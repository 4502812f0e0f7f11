"""Which of a region's rounds a page is about."""

from __future__ import annotations

from collections.abc import Sequence

from matchmaker import clock
from matchmaker.domain.phases import Phase
from matchmaker.models import Round
from matchmaker.web.formats import format_day
from matchmaker.web.language import gettext as _

# What is being worked on comes before what has a result, and that before what has yet to begin.
_ORDER = (
    {Phase.OFFERING, Phase.WISHING, Phase.ALLOCATING, Phase.REVIEWING},
    {Phase.PUBLISHED},
    {Phase.PREPARING},
    {Phase.CLOSED},
)


def choose_current_round(rounds: Sequence[Round]) -> Round | None:
    """Return the round that people are busy with; `rounds` come latest first."""
    for phases in _ORDER:
        for round_ in rounds:
            if round_.phase in phases:
                return round_
    return None


def tell_wishing(round_: Round) -> str:
    """Say when a round whose wishes are still to come takes them; a plan that has slipped is called so."""
    if round_.wishing_on < clock.today():
        return _("Het duurt langer dan gepland voor u wensen kunt indienen.")
    return _("Wensen indienen kan vanaf %(day)s.", day=format_day(round_.wishing_on))


def tell_last_day(round_: Round) -> str:
    """Say until when wishes can be passed on; after the planned day that is as long as nobody closes."""
    if round_.wishing_until < clock.today():
        return _(
            "De laatste dag was %(day)s. Geef uw wensen zo snel mogelijk door aan het regiobureau.",
            day=format_day(round_.wishing_until),
        )
    return _(
        "Geef uw wensen door aan het regiobureau, tot en met %(day)s.", day=format_day(round_.wishing_until)
    )


def is_result_late(round_: Round) -> bool:
    """Tell whether the day of a result that is still to come has passed."""
    return round_.result_on < clock.today()


def tell_late_result() -> str:
    """Say that a result is late."""
    return _("De uitslag komt later dan gepland.")
