"""What is proven about the guarantee, which schools stay below it, why, and what would really help.

A certificate is data; :func:`format_certificate` makes a Dutch text of it that can be forwarded as it is.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from matchmaker.allocation.blind_spots import BlindSpot, Survey, list_liftable
from matchmaker.allocation.guarantee import (
    Standing,
    find_standing,
    list_short,
    stated_bounds,
    stated_values,
)
from matchmaker.allocation.imagined import (
    LEAST_PRICE,
    Imagined,
    Price,
    imagine,
    list_promising,
    list_week_days,
)
from matchmaker.allocation.imagined import price as price_slots
from matchmaker.allocation.measures import participations_by_school
from matchmaker.allocation.naming import IDS, Names, capital, count_of, list_words
from matchmaker.allocation.problem import Problem, Result, school_guarantee
from matchmaker.allocation.shortfalls import (
    ASKS_TOO_FEW,
    CAUSES,
    FEW_SLOTS,
    MINIMUM,
    NO_LIST,
    NO_SLOT,
    SCARCE,
    Shortfall,
    list_shortfalls,
)

_SHARE_FOR_PROOF = 0.4
_MOST_BOTTLENECKS = 12
_NEARLY = 0.9
_MOST_NAMED = 6
_MOST_STRETCHES = 6

SENTENCES = {
    NO_LIST: "Er zijn geen wensen ingediend.",
    ASKS_TOO_FEW: "De groepen vragen samen {asked} × om een plaats; dat is te weinig voor de garantie.",
    NO_SLOT: "Geen enkel tijdvak past bij een groep van deze school.",
    FEW_SLOTS: (
        "Passende tijdvakken: {slots}. Toch komt de school ook zonder andere scholen niet verder dan "
        "{reachable}."
    ),
    MINIMUM: (
        "Passende tijdvakken: {slots}. Een deel gaat alleen door met meer groepen; "
        "de school komt niet verder dan {reachable}."
    ),
    SCARCE: (
        "Passende tijdvakken: {slots}. Andere scholen die daar ook passen: {rivals}. Er is niet genoeg "
        "plaats voor alle."
    ),
}
"""Cause of a shortfall → Dutch sentence with the names of its facts."""

TOGETHER = {
    NO_LIST: "Deze scholen hebben geen wensen ingediend.",
    ASKS_TOO_FEW: "De groepen van deze scholen vragen te weinig plaatsen voor de garantie.",
}
"""Cause → Dutch sentence for many schools at once."""

RULES = {
    "levels": "De meeste tijdvakken zijn voor andere groepen of klassen.",
    "min_pupils": "De groepen zijn voor de meeste tijdvakken te klein.",
    "max_pupils": "De groepen zijn voor de meeste tijdvakken te groot.",
    "free": "De meeste tijdvakken vallen op momenten waarop de groepen niet kunnen.",
    "distance": "De meeste tijdvakken zijn verder weg dan de groepen willen reizen.",
    "range": "De aanbieders die naar scholen toe komen, komen niet zo ver.",
    "wished": "De tijdvakken die wel zouden passen, zijn van activiteiten die niet gewenst zijn.",
    "several": "Geen enkele regel doet dat alleen: steeds sluiten er meer samen het tijdvak uit.",
}
"""Rule that keeps most slots away by itself → Dutch sentence."""


@dataclass(frozen=True, slots=True)
class GuaranteeLevel:
    """Schools below ``k`` participations: how many there are, and how few there can be at all."""

    k: int
    value: int
    bound: int

    @property
    def is_proven(self) -> bool:
        """Return whether no allocation leaves fewer schools below."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Capacity that binds: schools that have too few places together, and one extra slot that helps them.

    Attributes
    ----------
    schools
        Ids of the schools that compete for these places, those below their guarantee first.
    levels, kinds
        What the missing slot would be for: levels of classes, kinds of activity that are wished.
    activity
        Id of an activity that exists and would only have to be offered once more; None for a new one.
    near
        Id of the school at the place of a new slot; None when ``activity`` is given.
    weeks
        ISO weeks such as ``2026-W41`` in which the relaxation values the slot most, in order of time.
    groups
        Group places of the extra slot.
    groups_short
        Participations that the schools of this bottleneck lack together in the result.
    dual
        What the relaxation expects of the slot, in participations.
    confirmed
        By how many schools each level k = 1, 2, … really falls, found by solving with the extra slot.
    exact
        Whether that is proven to be all; False when the time only allowed to solve the surroundings.
    """

    schools: tuple[str, ...]
    levels: tuple[str, ...]
    kinds: tuple[str, ...]
    activity: str | None
    near: str | None
    weeks: tuple[str, ...]
    groups: int
    groups_short: int
    dual: float
    confirmed: tuple[int, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Certificate:
    """What can be said about the guarantee of a result.

    Attributes
    ----------
    levels
        Value and proven bound for every k.
    promised
        Whether every school reaches its guarantee.
    shortfalls
        The schools that do not, with the cause, by id.
    bottlenecks
        Binding capacity, each confirmed by a solve; what was not confirmed is left out.
    complete
        Whether every suspected bottleneck was tried before the time was over.
    """

    levels: tuple[GuaranteeLevel, ...]
    promised: bool
    shortfalls: tuple[Shortfall, ...]
    bottlenecks: tuple[Bottleneck, ...]
    complete: bool = True


def certify(problem: Problem, result: Result, *, seconds: float = 20.0, seed: int = 1) -> Certificate:
    """Return what is proven about the guarantee, and why it is not reached where it is not.

    Parameters
    ----------
    problem, result
        A problem and an allocation for it that the checker has passed.
    seconds
        Wall time for looking for bottlenecks and confirming them.
    seed
        Seed of the solver.
    """
    deadline = time.monotonic() + seconds
    levels = _levels(problem, result, time.monotonic() + seconds * _SHARE_FOR_PROOF, seed)
    shortfalls = list_shortfalls(problem, result.placements)
    if not shortfalls:
        return Certificate(levels, True, (), ())
    bottlenecks, complete = _find_bottlenecks(problem, result, levels, deadline, seed)
    return Certificate(levels, False, shortfalls, bottlenecks, complete)


def _levels(problem: Problem, result: Result, deadline: float, seed: int) -> tuple[GuaranteeLevel, ...]:
    """Return values and bounds as the result states them, with better bounds where a proof was missing."""
    values, bounds = stated_values(result), stated_bounds(result)
    if values != bounds:
        proven = find_standing(problem, deadline=deadline, seed=seed, start=result.placements)
        if proven is not None:
            bounds = _better_bounds(values, bounds, proven)
    return tuple(
        GuaranteeLevel(k, value, bound)
        for k, (value, bound) in enumerate(zip(values, bounds, strict=True), start=1)
    )


def _better_bounds(values: tuple[int, ...], bounds: tuple[int, ...], proven: Standing) -> tuple[int, ...]:
    """Return the better bounds; one holds only as long as the levels before it have the same values."""
    better = list(bounds)
    for index in range(len(values)):
        if proven.values[:index] == values[:index]:
            better[index] = max(bounds[index], proven.bounds[index])
    return tuple(better)


def _find_bottlenecks(
    problem: Problem, result: Result, levels: tuple[GuaranteeLevel, ...], deadline: float, seed: int
) -> tuple[tuple[Bottleneck, ...], bool]:
    """Return confirmed bottlenecks, and whether all that were suspected have been tried."""
    placements = tuple(result.placements)
    values, bounds = tuple(level.value for level in levels), tuple(level.bound for level in levels)
    standing = Standing(values, bounds, placements, list_short(problem, placements))
    liftable = list_liftable(problem, standing)
    survey = Survey(problem, standing, liftable, imagine(problem, liftable), deadline, seed)
    waiting = {school.id for school in liftable}
    promising = list_promising(problem, survey.imagined, seed)
    found, rest = _confirm_each(survey.confirm_near, standing, promising, waiting, deadline)
    more, left = _confirm_each(survey.confirm, standing, rest, waiting, deadline)
    sharp = [
        (item, price, survey.sharpened(item, price, spot, standing) or spot) for item, price, spot in found
    ]
    untried = any(not waiting.isdisjoint(price.valued) for _, price in left)
    complete = not untried or time.monotonic() <= deadline
    return _describe(survey, standing, sharp + more), complete


_Found = tuple[Imagined, Price, BlindSpot]


def _confirm_each(
    confirm: Callable[[Imagined, Price, Standing], BlindSpot | None],
    standing: Standing,
    promising: list[tuple[Imagined, Price]],
    waiting: set[str],
    deadline: float,
) -> tuple[list[_Found], list[tuple[Imagined, Price]]]:
    """Return slots that lift a waiting school, which then waits no longer, and those that did not."""
    found: list[_Found] = []
    left: list[tuple[Imagined, Price]] = []
    for item, price in promising:
        wanted = len(found) < _MOST_BOTTLENECKS and not waiting.isdisjoint(price.valued)
        spot = confirm(item, price, standing) if wanted and time.monotonic() <= deadline else None
        if spot is not None and not waiting.isdisjoint(spot.lifted_schools):
            found.append((item, price, spot))
            waiting -= set(spot.lifted_schools)
        else:
            left.append((item, price))
    return found, left


def _describe(survey: Survey, standing: Standing, found: list[_Found]) -> tuple[Bottleneck, ...]:
    problem = survey.problem
    counts = participations_by_school(problem, standing.placements)
    lacks = {school.id: school_guarantee(problem, school) - counts[school.id] for school in standing.short}
    weeks = _list_weeks(survey, [item for item, _, _ in found], [price for _, price, _ in found])
    bottlenecks = []
    for (item, price, spot), best_weeks in zip(found, weeks, strict=True):
        competing = [*spot.lifted_schools, *sorted(price.valued, key=lambda school: school not in lacks)]
        schools = tuple(dict.fromkeys(competing))
        bottlenecks.append(
            Bottleneck(
                schools=schools,
                levels=item.activity.levels,
                kinds=(item.activity.kind,),
                activity=spot.activity,
                near=spot.near,
                weeks=best_weeks,
                groups=spot.groups,
                groups_short=sum(lacks.get(school, 0) for school in schools),
                dual=round(price.total, 6),
                confirmed=spot.gain,
                exact=spot.exact,
            )
        )
    return tuple(bottlenecks)


def _list_weeks(survey: Survey, items: list[Imagined], prices: list[Price]) -> list[tuple[str, ...]]:
    """Return for every slot the weeks in which the relaxation values it most."""
    dated = [
        (number, item.on(day))
        for number, (item, price) in enumerate(zip(items, prices, strict=True))
        for day in list_week_days(survey.problem, price.valued)
    ]
    worth = price_slots(survey.problem, [item for _, item in dated], survey.seed) if dated else []
    by_item: list[list[tuple[str, float]]] = [[] for _ in items]
    for (number, item), price in zip(dated, worth, strict=True):
        year, week, _ = item.slot.start.isocalendar()
        by_item[number].append((f"{year}-W{week:02}", price.total))
    return [_most_valued(weeks) for weeks in by_item]


def _most_valued(weeks: list[tuple[str, float]]) -> tuple[str, ...]:
    most = max((worth for _, worth in weeks), default=0.0)
    return tuple(week for week, worth in weeks if worth > LEAST_PRICE and worth >= _NEARLY * most)


def format_certificate(certificate: Certificate, problem: Problem, names: Names = IDS) -> str:
    """Return the certificate as a Dutch text, paragraphs separated by blank lines."""
    paragraphs = [_summary(certificate, problem)]
    if certificate.shortfalls:
        paragraphs.append(_shortfall_lines(certificate, names))
    if certificate.bottlenecks:
        paragraphs.append(_bottleneck_lines(certificate, names))
    if not certificate.complete:
        paragraphs.append(["De tijd was om voordat alles was nagerekend; er kan meer zijn dat helpt."])
    return "\n\n".join("\n".join(lines) for lines in paragraphs) + "\n"


def _summary(certificate: Certificate, problem: Problem) -> list[str]:
    count = len(problem.schools)
    reached = count - len(certificate.shortfalls)
    lines = [f"De garantie is {count_of(problem.guarantee, 'deelname', 'deelnames')} per school."]
    if certificate.promised:
        return [*lines, f"Alle {count} scholen halen de garantie."]
    lines.append(f"{reached} van de {count} scholen halen de garantie, {count - reached} niet.")
    return lines + [_level_line(level) for level in certificate.levels if level.value]


def _level_line(level: GuaranteeLevel) -> str:
    schools = count_of(level.value, "school", "scholen")
    line = f"Minder dan {count_of(level.k, 'deelname', 'deelnames')}: {schools}."
    if level.is_proven:
        return f"{line} Bewezen: met deze wensen en tijdvakken kunnen het er niet minder zijn."
    return f"{line} Niet bewezen: misschien kunnen het er {level.value - level.bound} minder zijn."


def _shortfall_lines(certificate: Certificate, names: Names) -> list[str]:
    lines = ["Scholen onder de garantie, en waarom:"]
    for cause in CAUSES:
        items = [item for item in certificate.shortfalls if item.cause == cause]
        if len(items) > 1 and cause in TOGETHER:
            schools = ", ".join(f"{names.school(item.school)} ({item.participations})" for item in items)
            lines.append(f"- {TOGETHER[cause]} Tussen haakjes staan de deelnames: {schools}.")
        else:
            lines += [f"- {format_shortfall(item, names)}" for item in items]
    return lines


def format_shortfall(shortfall: Shortfall, names: Names = IDS) -> str:
    """Return one school's shortfall as a Dutch line."""
    facts = _Facts(shortfall.facts)
    has = f"{shortfall.participations} van {count_of(shortfall.guarantee, 'deelname', 'deelnames')}"
    sentences = [
        f"{capital(names.school(shortfall.school))}: {has}.",
        SENTENCES[shortfall.cause].format_map(facts),
    ]
    without = shortfall.facts.get("without", "0")
    if without != "0":
        sentences.append(f"Voor {without} van de {facts['groups']} groepen past geen enkel tijdvak.")
    if shortfall.cause == ASKS_TOO_FEW and shortfall.facts.get("slots") == "0":
        sentences.append(SENTENCES[NO_SLOT])
    if shortfall.cause in (NO_SLOT, FEW_SLOTS):
        sentences.append(RULES.get(shortfall.facts.get("rule", ""), RULES["several"]))
    return " ".join(sentences)


class _Facts(dict[str, str]):
    """Facts of a sentence; one that is missing shows as a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def _bottleneck_lines(certificate: Certificate, names: Names) -> list[str]:
    return [
        "Wat zou helpen (elk tijdvak is nagerekend door opnieuw te verdelen):",
        *(f"- {format_bottleneck(item, names)}" for item in certificate.bottlenecks),
        "Tel deze winsten niet op: twee tijdvakken helpen soms dezelfde school.",
    ]


def format_bottleneck(bottleneck: Bottleneck, names: Names = IDS) -> str:
    """Return a bottleneck as Dutch sentences: what is missing, for whom, and what it would bring."""
    if bottleneck.activity is not None:
        what = f"Nog een tijdvak van {names.activity(bottleneck.activity)}"
    else:
        kinds = list_words([names.kind(kind) for kind in bottleneck.kinds])
        what = f"Een extra tijdvak ({kinds}) in de buurt van {names.school(bottleneck.near or '')}"
    levels = names.levels(bottleneck.levels)
    places = count_of(bottleneck.groups, "groep", "groepen")
    gain = list_words(
        [
            f"{count_of(gain, 'school', 'scholen')} minder onder {count_of(k, 'deelname', 'deelnames')}"
            for k, gain in enumerate(bottleneck.confirmed, start=1)
            if gain > 0
        ]
    )
    least = "" if bottleneck.exact else "minstens "
    schools = [names.school(school) for school in bottleneck.schools[:_MOST_NAMED]]
    more = len(bottleneck.schools) - len(schools)
    others = f" en nog {more}" if more else ""
    return (
        f"{what}, voor {levels}, met plaats voor {places}{_weeks(bottleneck)}: {least}{gain}. "
        f"Hier is te weinig plaats voor: {', '.join(schools)}{others}."
    )


def _weeks(bottleneck: Bottleneck) -> str:
    """Return the weeks as stretches; nothing when there are too many stretches to be of use."""
    stretches: list[tuple[str, str]] = []
    before: date | None = None
    for week in bottleneck.weeks:
        monday = date.fromisocalendar(int(week[:4]), int(week[-2:]), 1)
        if before is not None and monday - before == timedelta(days=7):
            stretches[-1] = (stretches[-1][0], week[-2:])
        else:
            stretches.append((week[-2:], week[-2:]))
        before = monday
    words = [
        f"{int(first)}" if first == last else f"{int(first)} t/m {int(last)}" for first, last in stretches
    ]
    return f", bijvoorbeeld in week {list_words(words, 'of')}" if 0 < len(words) <= _MOST_STRETCHES else ""
