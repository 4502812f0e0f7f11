"""The reason codes of the engine in words."""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker.allocation.reasons import CODES
from matchmaker.web.language import gettext as _

WORTH_ORDER = CODES
"""Codes from nearest to a place to hopeless: the order in which reasons are told."""


def sentence_for_code(code: str, facts: Mapping[str, str]) -> str:
    """Return why a group is not in a slot."""
    return {
        "worth_less": _("Er is plaats, maar deze plaatsing zou anderen samen meer kosten dan zij oplevert."),
        "group_places": _("Vol: alle plaatsen voor groepen zijn bezet."),
        "pupil_places": _("Er zijn niet genoeg plaatsen voor leerlingen over."),
        "reserved": _("De plaatsen die over zijn, worden voor andere scholen vrijgehouden."),
        "minimum": _("Dit tijdvak gaat niet door: er zijn te weinig groepen."),
        "host_day": _("De aanbieder ontvangt op die dag al het hoogste aantal groepen."),
        "one_place_at_a_time": _("De groep is dan al ergens anders."),
        "one_activity_a_day": _("De groep heeft op die dag al een activiteit."),
        "activity_once": _("De groep doet deze activiteit al."),
        "served_better": _("De groep kreeg een wens die hoger op de lijst staat."),
        "wanted": _("De groep heeft al zoveel plaatsen als zij wil."),
        "free": _("De groep kan dan niet: vakantie, een vrije dag of zelf opgegeven."),
        "distance": _("Verder weg dan de groep wil reizen."),
        "range": _("De aanbieder komt niet zo ver."),
        "min_pupils": _("De groep is te klein voor deze activiteit."),
        "max_pupils": _("De groep is te groot voor deze activiteit."),
        "levels": _("Deze activiteit is voor andere leerjaren."),
        "wished": _("De groep heeft deze activiteit niet gewenst."),
        "no_slots": _("Er zijn geen tijdvakken aangeboden."),
    }.get(code, facts.get("rule", code))


def name_ahead(code: str) -> str:
    """Return why another group went first."""
    return {
        "locked": _("lag al vast"),
        "published": _("was al gepubliceerd"),
        "fewer_participations": _("de school had minder activiteiten"),
        "higher_rank": _("had deze wens hoger op de lijst"),
        "lottery": _("beter lotnummer"),
        "overall": _("samen het beste voor alle scholen"),
    }.get(code, code)


def name_ahead_of_many(code: str) -> str:
    """Return why groups that are not named went first."""
    return {
        "locked": _("hun plaats lag al vast"),
        "published": _("hun plaats was al gepubliceerd"),
        "fewer_participations": _("hun school had minder activiteiten"),
        "higher_rank": _("deze wens stond bij hen hoger op de lijst"),
        "lottery": _("een beter lotnummer"),
        "overall": _("zo is het samen het beste voor alle scholen"),
    }.get(code, code)


def sentence_for_cause(cause: str, facts: Mapping[str, str]) -> str:
    """Return why a school stays below its guarantee."""
    return {
        "no_list": _("Er zijn geen wensen ingediend."),
        "asks_too_few": _("De groepen vragen samen te weinig plaatsen voor de garantie."),
        "no_slot": _("Geen enkel tijdvak past bij een groep van deze school."),
        "few_slots": _("Er passen te weinig tijdvakken, ook als geen andere school meedeed."),
        "minimum": _("Een deel van de passende tijdvakken gaat alleen door met meer groepen."),
        "scarce": _(
            "Er passen tijdvakken, maar er is niet genoeg plaats voor alle scholen die daar ook passen."
        ),
    }.get(cause, facts.get("rule", cause))
