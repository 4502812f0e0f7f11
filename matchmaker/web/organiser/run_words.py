"""A run that was refused or failed, in words for organisers; the technical text stays beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from matchmaker.models import AllocationRun
from matchmaker.web.banners import Banner
from matchmaker.web.language import gettext as _


def tell_refusal(run: AllocationRun) -> Banner:
    """Say why a result that is there is not used."""
    if run.status == "infeasible":
        return Banner(
            _("Deze toewijzing heeft geen uitslag."),
            _("De plaatsingen die vastliggen, kunnen niet samen doorgaan. Maak er een los en begin opnieuw."),
            "stop",
        )
    if run.status == "invalid":
        return Banner(
            _("Deze toewijzing heeft geen uitslag."),
            _("Een plaatsing die vastligt, breekt zelf een regel. Maak haar los en begin opnieuw."),
            "stop",
        )
    broken = _("Hieronder staat welke regels zijn gebroken.") if run.violations else ""
    return Banner(
        _("De controle laat deze uitslag niet door."),
        f"{_('Hij wordt niet gebruikt.')} {broken}".strip(),
        "stop",
    )


def tell_failure(run: AllocationRun) -> Banner:
    """Say what went wrong, as far as its traces tell, and what to do."""
    advice = _(
        "Er is niets verloren. Start een nieuwe toewijzing; lukt het weer niet, geef dan de technische"
        " melding door aan uw beheerder."
    )
    return Banner(_("Deze toewijzing is mislukt."), f"{_find_cause(run.error)} {advice}", "stop")


def _find_cause(error: str) -> str:
    if any(mark in error for mark in ("MemoryError", "bad_alloc", "out of memory", "Cannot allocate memory")):
        return _("Er was te weinig geheugen om te rekenen.")
    if "ended unexpectedly" in error:
        return _("Het rekenen stopte een paar keer onverwacht. Vaak is er dan te weinig geheugen.")
    if "without a result" in error:
        return _("Het rekenprogramma gaf geen uitslag.")
    return _("Er ging iets mis in het rekenprogramma.")


def list_broken_rules(violations: Iterable[str]) -> list[str]:
    """Return a sentence for each rule that the checker found broken, with how often, most often first."""
    rules = Counter(violation.partition(":")[0] for violation in violations)
    words = _words_of_rules()
    sentences: Counter[str] = Counter()
    for rule, count in rules.items():
        sentences[words.get(rule, _("De uitslag klopt niet met de gegevens."))] += count
    return [
        _("%(rule)s (%(times)s keer)", rule=sentence, times=count) if count > 1 else sentence
        for sentence, count in sentences.most_common()
    ]


def _words_of_rules() -> dict[str, str]:
    """Return what a broken rule of the checker means to an organiser."""
    too_many = _("Er zijn meer groepen of leerlingen geplaatst dan er plaatsen zijn.")
    miscounted = _("Een getal bij de uitslag klopt niet als het wordt nagerekend.")
    return {
        "levels": _("Een groep is geplaatst bij een activiteit voor andere leerjaren."),
        "pupils": _("Een groep is te klein of te groot voor de activiteit waar zij is geplaatst."),
        "free": _("Een groep is geplaatst op een moment waarop zij niet kan."),
        "distance": _("Een groep is verder weg geplaatst dan zij wil reizen, of dan de aanbieder komt."),
        "wished": _("Een groep is geplaatst bij iets wat zij niet wenste."),
        "wanted": _("Een groep heeft meer plaatsen gekregen dan zij wil."),
        "once": _("Een groep is twee keer in hetzelfde tijdvak geplaatst."),
        "activity_once": _("Een groep doet een activiteit twee keer."),
        "one_place_at_a_time": _("Een groep is op twee plaatsen tegelijk, of heeft te weinig tijd ertussen."),
        "one_activity_a_day": _("Een groep heeft twee activiteiten op een dag."),
        "group_places": too_many,
        "pupil_places": too_many,
        "places": too_many,
        "reserved": _("Een plaats die voor andere scholen wordt vrijgehouden, is weggegeven."),
        "minimum": _("Een tijdvak gaat door met te weinig groepen."),
        "host_day": _("Een aanbieder krijgt op een dag meer tijdvakken dan hij aankan."),
        "locked": _("Een plaatsing die vastligt, ontbreekt."),
        "known": _("Er is een groep of tijdvak gebruikt dat niet bestaat."),
        "problem": _("De uitslag hoort bij andere gegevens."),
        "rank": miscounted,
        "km": miscounted,
        "objectives": miscounted,
        "bound": miscounted,
        "best": miscounted,
        "status": _("De uitslag belooft meer dan hij bewijst."),
        "order": _("De plaatsingen staan niet in de afgesproken volgorde."),
    }
