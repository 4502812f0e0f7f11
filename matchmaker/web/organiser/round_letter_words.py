"""The letters of a round in words: to whom they go, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matchmaker.domain.kinds import MessageKind
from matchmaker.models import Round
from matchmaker.services.round_schedule import RoundLetter, list_round_letters
from matchmaker.web.formats import capitalise, format_day_short
from matchmaker.web.labels import label
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext


@dataclass(frozen=True)
class LetterLine:
    """A letter of the round: what it is, when it goes, and how many were written."""

    kind: MessageKind
    title: str
    when: str
    written: int


def list_letter_lines(round_: Round) -> list[LetterLine]:
    """Return the letters of a round in order."""
    return [
        LetterLine(letter.kind, capitalise(label(letter.kind)), _tell_when(letter), letter.written)
        for letter in list_round_letters(round_)
    ]


def _tell_when(letter: RoundLetter) -> str:
    if letter.kind is MessageKind.WISHES_RECEIVED:
        return _("Een half uur na de laatste wijziging van een school.")
    if letter.written:
        return ""
    if letter.is_ahead:
        return _("Als u deze stap zet en het vakje aan laat.")
    return _("Niet verstuurd.") if letter.day is None else _tell_plan(letter.day, letter.waiting)


def _tell_plan(day: date, waiting: int | None) -> str:
    planned = _(
        "%(day)s om 9 uur, aan wie dan nog niets heeft laten horen. Bij een vakantie eerder.",
        day=capitalise(format_day_short(day)),
    )
    if waiting is None:
        return planned
    now = ngettext("Nu is dat %(num)d persoon.", "Nu zijn dat %(num)d personen.", waiting)
    everybody = _("Nu heeft iedereen geantwoord.")
    return f"{planned} {now if waiting else everybody}"
