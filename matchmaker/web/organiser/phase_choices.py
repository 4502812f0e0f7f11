"""The steps that an organiser may take with a round, in words."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.domain.phases import PHASE_CHOICES, Phase
from matchmaker.web.language import gettext as _

_ORDER = list(Phase)


@dataclass(frozen=True)
class PhaseChoice:
    """A phase that may be chosen, and the button that does it."""

    phase: Phase
    text: str
    forward: bool


def list_phase_choices(current: Phase) -> list[PhaseChoice]:
    """Return the phases that an organiser may choose after the present one."""
    return [
        PhaseChoice(phase, _words(phase, forward=forward), forward)
        for phase in sorted(PHASE_CHOICES[current], key=_ORDER.index)
        for forward in [_ORDER.index(phase) > _ORDER.index(current)]
    ]


def _words(phase: Phase, *, forward: bool) -> str:
    onward = {
        Phase.OFFERING: _("Aanbod openen"),
        Phase.WISHING: _("Wensen openen"),
        Phase.ALLOCATING: _("Wensen sluiten"),
    }
    back = {
        Phase.PREPARING: _("Terug naar voorbereiding"),
        Phase.OFFERING: _("Terug naar aanbod"),
        Phase.WISHING: _("Wensen weer openen"),
    }
    return (onward if forward else back)[phase]
