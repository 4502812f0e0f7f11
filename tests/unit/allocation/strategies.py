"""Hypothesis strategies for whole problems, put together from strategies for their parts.

Every part is drawn by itself and refers to parts that were drawn before it, so that a failing problem shrinks
to few schools, groups and slots with plain values: the simplest value of every choice comes first.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from matchmaker.allocation.problem import (
    Activity,
    Group,
    Host,
    Interval,
    Pair,
    Problem,
    Reserved,
    School,
    Slot,
    Wish,
)
from tests.unit.allocation.random_problems import KINDS, LEVELS, Size

SMALL = Size()
FIRST_DAY = datetime.fromisoformat("2026-10-05")
NO_PLACE = (None, None)

Place = tuple[float | None, float | None]
Part = TypeVar("Part", School, Host, Activity, Slot, Group)


def places() -> SearchStrategy[Place]:
    """A place in a region some thirty kilometres wide, now and then an unknown one."""
    known: SearchStrategy[Place] = st.tuples(
        st.integers(0, 20).map(lambda step: 51.9 + step / 100),
        st.integers(0, 40).map(lambda step: 6.2 + step / 100),
    )
    return known | known | known | st.just(NO_PLACE)


def moments(days: int = 3) -> SearchStrategy[datetime]:
    """A time of day on one of a few days; late ones run into the next day."""
    return st.builds(
        lambda day, hour, minute: FIRST_DAY + timedelta(days=day, hours=hour, minutes=minute),
        st.integers(0, days - 1),
        st.sampled_from([9, 10, 11, 13, 22]),
        st.sampled_from([0, 15]),
    )


def levels() -> SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(LEVELS), min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def schools(draw: st.DrawFn) -> School:
    lat, lon = draw(places())
    return School(
        "",
        lat,
        lon,
        already=draw(st.sampled_from([0, 0, 1, 2])),
        guarantee=draw(st.sampled_from([None, None, 0, 1, 3])),
        history=draw(st.sampled_from([0.0, 0.0, 0.1, 0.25, 0.5, 1.0])),
    )


def hosts() -> SearchStrategy[Host]:
    return st.builds(Host, st.just(""), st.sampled_from([None, None, 1, 2, 0]))


@st.composite
def activities(draw: st.DrawFn, known: list[Host]) -> Activity:
    lat, lon = draw(places())
    mobile = draw(st.booleans()) and draw(st.booleans())
    return Activity(
        "",
        draw(st.sampled_from(known)).id,
        draw(st.sampled_from(KINDS)),
        draw(st.just(LEVELS) | levels()),
        min_pupils=draw(st.sampled_from([None, None, 10])),
        max_pupils=draw(st.sampled_from([None, None, 25, 30])),
        lat=lat,
        lon=lon,
        mobile=mobile,
        range_km=draw(st.sampled_from([None, 12.0])) if mobile else None,
    )


@st.composite
def slots(draw: st.DrawFn, known: list[Activity], those: list[School], days: int = 3) -> Slot:
    start = draw(moments(days))
    room = draw(st.integers(0, 3))
    return Slot(
        "",
        draw(st.sampled_from(known)).id,
        start,
        start + timedelta(minutes=draw(st.sampled_from([60, 90, 120, 240]))),
        room,
        pupils=draw(st.sampled_from([None, None, 30, 45])),
        min_groups=draw(st.sampled_from([0, 0, 1, 2])),
        multi_stop_day=draw(st.sampled_from([None, "carousel", "fair"])),
        reserved=draw(st.none() | reservations(room, those)),
    )


def reservations(room: int, those: list[School]) -> SearchStrategy[Reserved]:
    some = st.lists(st.sampled_from([school.id for school in those]), unique=True, max_size=2).map(tuple)
    return st.builds(Reserved, st.integers(0, room), some)


def blocked_times(days: int = 3) -> SearchStrategy[Interval]:
    return st.builds(
        lambda start, hours: Interval(start, start + timedelta(hours=hours)),
        moments(days),
        st.sampled_from([1, 2, 24]),
    )


def wishes(known: list[Activity]) -> SearchStrategy[tuple[Wish, ...]]:
    named = st.sampled_from([Wish(activity=activity.id) for activity in known])
    kinds = st.sampled_from([Wish(kind=kind) for kind in (*KINDS, "none")])
    return st.lists(named | kinds, max_size=4, unique=True).map(tuple)


@st.composite
def groups(draw: st.DrawFn, those: list[School], known: list[Activity], days: int = 3) -> Group:
    return Group(
        "",
        draw(st.sampled_from(those)).id,
        draw(levels()),
        pupils=draw(st.sampled_from([20, 8, 15, 24, 28])),
        wanted=draw(st.integers(1, 3)),
        max_km=draw(st.sampled_from([None, None, 8.0, 15.0])),
        open_to_other=draw(st.booleans()),
        wishes=draw(wishes(known)),
        unavailable=tuple(draw(st.lists(blocked_times(days), max_size=1))),
    )


def pairs(those: list[Group], known: list[Slot], most: int) -> SearchStrategy[tuple[Pair, ...]]:
    one = st.builds(
        Pair,
        st.sampled_from([group.id for group in those]),
        st.sampled_from([slot.id for slot in known]),
    )
    return st.lists(one, max_size=most, unique=True).map(tuple)


@st.composite
def problems(draw: st.DrawFn, size: Size = SMALL, *, band: bool = False, locked: bool = True) -> Problem:
    """A problem in which every field of the format is in play; locked pairs may break rules."""
    own_schools = _numbered(draw(_some(schools(), size.schools)), draw)
    own_hosts = _named("h", draw(_some(hosts(), 2)))
    own_activities = _named("a", draw(_some(activities(own_hosts), size.activities)))
    own_slots = _named("t", draw(_some(slots(own_activities, own_schools, size.days), size.slots)))
    own_groups = _named("g", draw(_some(groups(own_schools, own_activities, size.days), size.groups)))
    return Problem(
        schools=tuple(own_schools),
        groups=tuple(own_groups),
        hosts=tuple(own_hosts),
        activities=tuple(own_activities),
        slots=tuple(own_slots),
        locked=draw(st.just(()) | st.just(()) | pairs(own_groups, own_slots, 2)) if locked else (),
        published=draw(st.none() | pairs(own_groups, own_slots, 4)),
        guarantee=draw(st.integers(0, 3)),
        detour_factor=draw(st.sampled_from([1.0, 1.3])),
        min_gap_minutes=draw(st.sampled_from([0, 30])),
        fairness_band=draw(st.sampled_from([0.001, 0.02, 0.05])) if band else 0.0,
    )


def _some(part: SearchStrategy[Part], most: int) -> SearchStrategy[list[Part]]:
    return st.lists(part, min_size=1, max_size=most)


def _named(letter: str, parts: list[Part]) -> list[Part]:
    """Ids are given afterwards, so that any part can be taken out of a failing problem."""
    return [replace(part, id=f"{letter}{index}") for index, part in enumerate(parts)]


def _numbered(those: list[School], draw: st.DrawFn) -> list[School]:
    """Lottery numbers that differ, in an order of their own."""
    weights = [(draw(st.integers(0, 3)), index) for index in range(len(those))]
    return [
        replace(school, lottery=10 * sorted(weights).index(weight) + 3)
        for school, weight in zip(_named("s", those), weights, strict=True)
    ]
