"""Which slots suit a group, rule by rule, with the sentence that people read."""

import math
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from matchmaker.domain.distance import great_circle_km
from matchmaker.domain.eligibility import (
    ELIGIBILITY_RULES,
    SENTENCES,
    Candidate,
    find_rank,
    find_refusal,
    list_refusals,
)


@dataclass(frozen=True)
class Place:
    lat: float | None = 52.0
    lon: float | None = 6.2


@dataclass(frozen=True)
class Stretch:
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Wish:
    activity: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Group:
    levels: tuple[str, ...] = ("po7",)
    pupils: int = 24
    max_km: float | None = 15.0
    open_to_other: bool = False
    wishes: tuple[Wish, ...] = (Wish(activity="a1"),)
    unavailable: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Activity:
    id: str = "a1"
    kind: str = "visit"
    levels: tuple[str, ...] = ("po7", "po8")
    min_pupils: int | None = None
    max_pupils: int | None = 30
    lat: float | None = 52.05
    lon: float | None = 6.2
    mobile: bool = False
    range_km: float | None = None


def stretch(start: str, end: str) -> Stretch:
    return Stretch(*(datetime.fromisoformat(f"2026-10-06T{time}") for time in (start, end)))


SUITS = Candidate(Group(), Place(), Activity(), stretch("09:00", "11:00"))
JUST_BELOW = math.nextafter(great_circle_km(52.0, 6.2, 52.05, 6.2), 0.0)
"""The distance of `SUITS` as another way of computing may round it."""


def test_a_slot_that_breaks_no_rule_suits() -> None:
    assert find_refusal(SUITS) is None


@pytest.mark.parametrize(
    ("candidate", "rule", "sentence"),
    [
        (
            replace(SUITS, group=Group(levels=("po6", "po7"))),
            "levels",
            "De activiteit is niet voor groep 6.",
        ),
        (
            replace(SUITS, group=Group(pupils=31)),
            "max_pupils",
            "De groep heeft 31 leerlingen; de activiteit heeft plaats voor 30 per groep.",
        ),
        (
            replace(SUITS, activity=Activity(min_pupils=25)),
            "min_pupils",
            "De groep heeft 24 leerlingen; de activiteit vraagt er minstens 25.",
        ),
        (
            replace(SUITS, group=Group(unavailable=(stretch("10:59", "12:00"),))),
            "free",
            "De groep kan niet op 06-10-2026 09.00 uur: dan is zij bezet of vrij.",
        ),
        (
            replace(SUITS, group=Group(max_km=5.0)),
            "distance",
            "Het is 5,6 km; de groep wil ten hoogste 5,0 km reizen.",
        ),
        (
            replace(SUITS, activity=Activity(mobile=True, range_km=5.5)),
            "range",
            "De school ligt op 5,6 km; de aanbieder komt tot 5,5 km.",
        ),
        (
            replace(SUITS, group=Group(wishes=(Wish(kind="lab"),))),
            "wished",
            "De groep heeft deze activiteit niet gewenst en staat niet open voor iets anders.",
        ),
    ],
)
def test_a_broken_rule_is_named_and_worded(candidate: Candidate, rule: str, sentence: str) -> None:
    refusals = list(list_refusals(candidate))
    assert [refusal.rule for refusal in refusals] == [rule]
    assert refusals[0].sentence() == sentence


@pytest.mark.parametrize(
    "candidate",
    [
        replace(SUITS, group=Group(unavailable=(stretch("08:00", "09:00"), stretch("11:00", "12:00")))),
        replace(SUITS, group=Group(max_km=1.0), school=Place(None, None)),
        replace(SUITS, group=Group(max_km=1.0), activity=Activity(mobile=True)),
        replace(SUITS, group=Group(max_km=None)),
        replace(SUITS, group=Group(max_km=JUST_BELOW)),
        replace(SUITS, activity=Activity(mobile=True, range_km=JUST_BELOW)),
        replace(SUITS, group=Group(wishes=(), open_to_other=True)),
        replace(SUITS, group=Group(pupils=30)),
    ],
    ids=[
        "touching times",
        "unknown place",
        "comes anywhere",
        "any distance",
        "rounded distance",
        "rounded range",
        "open to other",
        "just fits",
    ],
)
def test_what_is_just_within_the_rules_suits(candidate: Candidate) -> None:
    assert find_refusal(candidate) is None


def test_every_broken_rule_is_told_in_a_fixed_order() -> None:
    hopeless = Candidate(
        Group(("vo1",), 99, 0.0, wishes=(), unavailable=(stretch("00:00", "23:00"),)),
        Place(),
        Activity(),
        stretch("09:00", "11:00"),
    )
    rules = [refusal.rule for refusal in list_refusals(hopeless)]
    assert rules == ["levels", "max_pupils", "free", "distance", "wished"]
    assert len(rules) == len(ELIGIBILITY_RULES)
    assert set(rules) <= set(SENTENCES)


def test_the_best_rank_that_covers_an_activity_counts() -> None:
    group = Group(wishes=(Wish(activity="a2"), Wish(kind="visit"), Wish(activity="a1")))
    assert find_rank(group, Activity()) == 2
    assert find_rank(group, Activity(id="a3", kind="lab")) is None
