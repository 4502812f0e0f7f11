"""The steps that an organiser may take with a round, in words."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.domain.phases import PHASE_CHOICES, Phase
from matchmaker.models import Round
from matchmaker.services.round_letters import OpeningForecast, forecast_opening
from matchmaker.web.labels import label
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext

_ORDER = list(Phase)


@dataclass(frozen=True)
class PhaseChoice:
    """A phase that may be chosen, the button that does it, and whom it would tell."""

    phase: Phase
    text: str
    forward: bool
    forecast: OpeningForecast

    @property
    def telling(self) -> str:
        """What ticking the box beside the button does; empty when nobody would be told."""
        if not self.forecast.untold:
            return ""
        if self.forecast.told:
            return ngettext(
                "Mail dit aan %(num)d persoon die het nog niet weet",
                "Mail dit aan %(num)d personen die het nog niet weten",
                self.forecast.untold,
            )
        if self.phase is Phase.OFFERING:
            return ngettext(
                "Mail dit aan %(num)d contactpersoon van een aanbieder",
                "Mail dit aan %(num)d contactpersonen van aanbieders",
                self.forecast.untold,
            )
        return ngettext(
            "Mail dit aan %(num)d coördinator van een school",
            "Mail dit aan %(num)d coördinatoren van scholen",
            self.forecast.untold,
        )


def list_phase_choices(round_: Round) -> list[PhaseChoice]:
    """Return the phases that an organiser may choose after the present one."""
    return [
        PhaseChoice(phase, _words(phase, forward=forward), forward, forecast_opening(round_, phase))
        for phase in sorted(PHASE_CHOICES[round_.phase], key=_ORDER.index)
        for forward in [_ORDER.index(phase) > _ORDER.index(round_.phase)]
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


def tell_phase(phase: Phase, told: int) -> str:
    """Say in which phase the round is now, and how many people hear of it."""
    done = _("De ronde is nu in de fase: %(phase)s.", phase=label(phase))
    if not told:
        return done
    mails = ngettext("%(num)d persoon krijgt een mail.", "%(num)d personen krijgen een mail.", told)
    return f"{done} {mails}"
