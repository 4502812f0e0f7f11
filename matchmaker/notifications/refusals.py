"""Why a group got nothing, in one sentence for its school."""

from __future__ import annotations

from matchmaker.notifications.speech import N_

_FULL = N_(
    "De plaatsen bij de gewenste activiteiten gingen naar groepen die voorgingen: van scholen met minder "
    "activiteiten, of met deze activiteit hoger op hun lijst."
)

SENTENCES = {
    "worth_less": N_("Een plaats voor deze groep zou andere scholen samen meer hebben gekost."),
    "group_places": _FULL,
    "pupil_places": _FULL,
    "reserved": N_("De plaatsen die daar over zijn, worden voor andere scholen vrijgehouden."),
    "minimum": N_("De gewenste tijdvakken gaan niet door: er waren te weinig groepen voor."),
    "host_day": N_("De aanbieders ontvangen op de gewenste dagen al het hoogste aantal groepen."),
    "free": N_("Op de dagen van de gewenste activiteiten kan deze groep niet."),
    "distance": N_("De gewenste activiteiten zijn verder weg dan de afstand die u opgaf."),
    "range": N_("De aanbieders van de gewenste activiteiten komen niet zo ver."),
    "min_pupils": N_("De groep is te klein voor de gewenste activiteiten."),
    "max_pupils": N_("De groep is te groot voor de gewenste activiteiten."),
    "levels": N_("De gewenste activiteiten zijn voor andere leerjaren."),
    "no_slots": N_("Voor de gewenste activiteiten zijn geen data aangeboden."),
}
"""Reason code of the engine → sentence."""


def explain_nothing(code: str | None) -> str:
    """Return the Dutch sentence of a reason code; empty when there is none to tell."""
    return SENTENCES.get(code or "", "")
