"""What another run of a round brings and costs, in one sentence."""

from __future__ import annotations

from matchmaker.models import AllocationRun
from matchmaker.web.formats import format_number
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext
from matchmaker.web.organiser.objectives import BELOW
from matchmaker.web.organiser.scenario_words import name_run


def compare_in_words(first: AllocationRun, second: AllocationRun) -> str:
    """Say what the second run brings and costs, held against the first."""
    phrases = [
        _tell_guarantee(_difference(first, second, "schools_at_guarantee")),
        _tell_without(_count_without(second) - _count_without(first)),
        _tell_groups(_difference(first, second, "groups_with_place")),
        _tell_first_wishes(_difference(first, second, "first_wishes")),
        _tell_kilometres(_difference(first, second, "kilometres")),
    ]
    *most, last = [phrase for phrase in phrases if phrase]
    told = _("%(phrases)s en %(last)s", phrases=", ".join(most), last=last) if most else last
    return f"{name_run(second)} {told}."


def _difference(first: AllocationRun, second: AllocationRun, figure: str) -> int:
    return int(round(second.figures.get(figure, 0)) - round(first.figures.get(figure, 0)))


def _count_without(run: AllocationRun) -> int:
    return next((round(goal["value"]) for goal in run.objectives if goal["name"] == f"{BELOW}1"), 0)


def _tell_guarantee(more: int) -> str:
    if more > 0:
        return ngettext(
            "brengt %(num)d school meer op de garantie", "brengt %(num)d scholen meer op de garantie", more
        )
    if more < 0:
        return ngettext(
            "brengt %(num)d school minder op de garantie",
            "brengt %(num)d scholen minder op de garantie",
            -more,
        )
    return _("brengt evenveel scholen op de garantie")


def _tell_without(more: int) -> str:
    if more > 0:
        return ngettext(
            "laat %(num)d school meer zonder activiteit", "laat %(num)d scholen meer zonder activiteit", more
        )
    if more < 0:
        return ngettext(
            "laat %(num)d school minder zonder activiteit",
            "laat %(num)d scholen minder zonder activiteit",
            -more,
        )
    return ""


def _tell_first_wishes(more: int) -> str:
    if more > 0:
        return ngettext("geeft %(num)d eerste wens meer", "geeft %(num)d eerste wensen meer", more)
    if more < 0:
        return ngettext("kost %(num)d eerste wens", "kost %(num)d eerste wensen", -more)
    return _("geeft evenveel eerste wensen")


def _tell_groups(more: int) -> str:
    if more > 0:
        return ngettext("geeft %(num)d groep meer een plek", "geeft %(num)d groepen meer een plek", more)
    if more < 0:
        return ngettext("geeft %(num)d groep minder een plek", "geeft %(num)d groepen minder een plek", -more)
    return ""


def _tell_kilometres(more: int) -> str:
    if more > 0:
        return _("vraagt %(km)s kilometer meer", km=format_number(more))
    if more < 0:
        return _("vraagt %(km)s kilometer minder", km=format_number(-more))
    return ""
