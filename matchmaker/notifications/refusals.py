"""Why a group got nothing, in one sentence for its school."""

from __future__ import annotations

from collections.abc import Iterable

_FULL = (
    "De plaatsen bij de gewenste activiteiten gingen naar groepen die voorgingen: van scholen met minder "
    "activiteiten, of met deze activiteit hoger op hun lijst."
)

SENTENCES = {
    "worth_less": "Een plaats voor deze groep zou andere scholen samen meer hebben gekost.",
    "group_places": _FULL,
    "pupil_places": _FULL,
    "reserved": "De plaatsen die daar over zijn, worden voor andere scholen vrijgehouden.",
    "minimum": "De gewenste tijdvakken gaan niet door: er waren te weinig groepen voor.",
    "host_day": "De aanbieders ontvangen op de gewenste dagen al het hoogste aantal groepen.",
    "free": "Op de dagen van de gewenste activiteiten kan deze groep niet.",
    "distance": "De gewenste activiteiten zijn verder weg dan de afstand die u opgaf.",
    "range": "De aanbieders van de gewenste activiteiten komen niet zo ver.",
    "min_pupils": "De groep is te klein voor de gewenste activiteiten.",
    "max_pupils": "De groep is te groot voor de gewenste activiteiten.",
    "levels": "De gewenste activiteiten zijn voor andere leerjaren.",
    "no_slots": "Voor de gewenste activiteiten zijn geen data aangeboden.",
}
"""Reason code of the engine → sentence; in the order of how near the group was to a place."""


def explain_nothing(codes: Iterable[str]) -> str:
    """Return the sentence for the wish that came nearest to a place; empty when there is none to tell.

    Parameters
    ----------
    codes
        The reason codes of the group's wishes, in any order.
    """
    found = set(codes)
    return next((sentence for code, sentence in SENTENCES.items() if code in found), "")
