"""What is proven about the guarantee, and which missing capacity really would help."""

from dataclasses import replace

from matchmaker.allocation.certificate import Bottleneck, certify, format_certificate
from matchmaker.allocation.guarantee import stated_values
from matchmaker.allocation.naming import Names
from matchmaker.allocation.problem import School
from matchmaker.allocation.solve import solve
from tests.unit.allocation.small import activity, group, problem, slot
from tests.unit.allocation.town import town

CROWDED = problem(
    [group(f"g{n}", f"s{n}", "visit") for n in (1, 2, 3)],
    [slot("t1"), slot("t2", day=6)],
    [activity("a1", lat=52.0, lon=6.2)],
    schools=[School(f"s{n}", 52.0, 6.2 + n / 100) for n in (1, 2, 3)],
    guarantee=1,
)


def test_a_guarantee_that_every_school_reaches_is_promised() -> None:
    given = problem([group("g1")], [slot("t1")], guarantee=1)
    certificate = certify(given, solve(given))
    assert certificate.promised
    assert certificate.shortfalls == certificate.bottlenecks == ()
    assert format_certificate(certificate, given) == (
        "De garantie is 1 deelname per school.\nAlle 1 scholen halen de garantie.\n"
    )


def test_too_few_places_are_a_bottleneck_with_its_confirmed_gain() -> None:
    certificate = certify(CROWDED, solve(CROWDED))
    (short,) = certificate.shortfalls
    assert (short.cause, certificate.promised, certificate.complete) == ("scarce", False, True)
    (bottleneck,) = certificate.bottlenecks
    assert bottleneck.confirmed == (1,)
    assert set(bottleneck.schools) == {"s1", "s2", "s3"}
    assert bottleneck.kinds == ("visit",)
    assert bottleneck.weeks == ("2026-W41",)
    assert bottleneck.groups_short == 1


def test_a_school_that_asks_for_too_little_is_told_but_no_slot_is_claimed_to_help() -> None:
    given = replace(CROWDED, slots=(*CROWDED.slots, slot("t3", day=7)), guarantee=2)
    certificate = certify(given, solve(given))
    assert {item.cause for item in certificate.shortfalls} == {"asks_too_few"}
    assert certificate.bottlenecks == ()


def test_a_level_that_the_result_does_not_prove_is_proven_by_the_certificate() -> None:
    result = solve(CROWDED)
    weaker = replace(
        result,
        objectives=tuple(
            replace(item, bound=0) if item.name == "schools_below_1" else item for item in result.objectives
        ),
    )
    (level,) = certify(CROWDED, weaker).levels
    assert (level.value, level.bound, level.is_proven) == (1, 1, True)


def test_the_text_uses_the_names_that_it_is_given() -> None:
    names = Names(school={"s1": "De Eiken", "s2": "De Linde", "s3": "De Beuk"}.__getitem__)
    text = format_certificate(certify(CROWDED, solve(CROWDED)), CROWDED, names)
    assert "2 van de 3 scholen halen de garantie, 1 niet." in text
    assert "Bewezen: met deze wensen en tijdvakken kunnen het er niet minder zijn." in text
    assert "De Eiken" in text
    assert "school s" not in text


def test_in_a_town_every_short_school_has_a_cause_and_every_bottleneck_a_gain() -> None:
    given, result = town()
    certificate = certify(given, result)
    assert certificate.complete
    assert tuple(level.value for level in certificate.levels) == stated_values(result)
    assert len(certificate.shortfalls) == certificate.levels[-1].value
    assert certificate.bottlenecks
    short = {item.school for item in certificate.shortfalls}
    for bottleneck in certificate.bottlenecks:
        assert _helps(bottleneck)
        assert bottleneck.schools[0] in short
    assert certify(given, result) == certificate


def _helps(bottleneck: Bottleneck) -> bool:
    return next(gain for gain in bottleneck.confirmed if gain) > 0
