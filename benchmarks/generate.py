"""Seeded allocation problems of the size of a region, a province or the country, with real proportions.

Towns of very different size hold most schools, the rest lies in the country; hosts are more concentrated
than schools. Four fifths of the schools are primary. Every kind of rule that makes real problems hard is in
them: host-day limits, pupil places, minima, carousel days, mobile hosts, holidays, study days, reserved
places, schools of unknown place.

A larger problem is an area with the towns of several regions. In it nobody travels without limit, and wishes
by name and reserved places stay near the school.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress
from random import Random

import numpy as np

from matchmaker.allocation.problem import (
    Activity,
    Group,
    Host,
    Interval,
    Problem,
    Reserved,
    School,
    Slot,
    Wish,
)

FIRST_DAY = datetime.fromisoformat("2026-09-07")
WEEKS = 20
PRIMARY = tuple(f"po{year}" for year in range(1, 9))
SECONDARY = tuple(f"vo{year}" for year in range(1, 7))
KINDS = ("company_visit", "technieklokaal", "science_centre", "techniekdag", "mobile_lab", "workshop")
SHARES = (0.42, 0.16, 0.05, 0.07, 0.12, 0.18)


SOUTH, WEST = 51.84, 6.02
KM_PER_DEGREE = 111.2
KM_PER_DEGREE_EAST = 68.6


@dataclass(frozen=True)
class Size:
    """How large a problem is.

    ``supply`` scales the number of slots. ``regions`` says of how many regions the area has the towns,
    ``height`` and ``width`` are its degrees, ``farthest_km`` is the most that anybody travels; None means
    that some have no limit.
    """

    schools: int = 225
    groups: int = 730
    slots: int = 900
    towns: int = 24
    supply: float = 1.0
    regions: int = 1
    height: float = 0.34
    width: float = 0.75
    farthest_km: float | None = None


REGION = Size()
HALF_PROVINCE = Size(675, 2_190, 2_700, 72, regions=3, height=0.55, width=1.4, farthest_km=22.0)
PROVINCE = Size(1_350, 4_380, 5_400, 144, regions=6, height=0.85, width=1.95, farthest_km=22.0)
QUARTER_NATION = Size(2_175, 6_250, 8_750, 234, regions=10, height=1.65, width=1.75, farthest_km=22.0)
NATION = Size(8_700, 25_000, 35_000, 936, regions=39, height=3.3, width=3.5, farthest_km=22.0)
SIZES = {
    "region": REGION,
    "half-province": HALF_PROVINCE,
    "province": PROVINCE,
    "quarter-nation": QUARTER_NATION,
    "nation": NATION,
}


def generate_problem(size: Size = Size(), seed: int = 1) -> Problem:
    """Return a problem; the same size and seed give the same problem."""
    random = Random(seed)
    towns = [
        (
            SOUTH + random.random() * size.height,
            WEST + random.random() * size.width,
            1 / (rank // size.regions + 1),
        )
        for rank in range(size.towns)
    ]
    schools = [_school(random, index, towns, 0.01 / size.regions) for index in range(size.schools)]
    activities, hosts = _activities(random, round(size.slots * 0.28), towns, size.farthest_km or 40.0)
    nearby = _Nearby(schools, activities, size.farthest_km)
    slots = _slots(random, round(size.slots * size.supply), activities, nearby)
    closed = [_closed_days(random, index) for index in range(size.schools)]
    # Every school has a group before any has a second one.
    of_school = [
        index if index < size.schools else random.randrange(size.schools) for index in range(size.groups)
    ]
    groups = [
        _group(random, index, schools[school], closed[school], nearby)
        for index, school in enumerate(of_school)
    ]
    return Problem(
        schools=tuple(schools),
        groups=tuple(groups),
        hosts=tuple(hosts),
        activities=tuple(activities),
        slots=tuple(slots),
        guarantee=2,
        detour_factor=1.3,
        min_gap_minutes=15,
    )


def _near(random: Random, towns: list[tuple[float, float, float]], spread: float) -> tuple[float, float]:
    lat, lon, _ = random.choices(towns, weights=[town[2] for town in towns])[0]
    return round(random.gauss(lat, spread), 5), round(random.gauss(lon, spread * 1.6), 5)


class _Nearby:
    """Which schools and activities are near each other; everything is, where some travel without limit."""

    def __init__(self, schools: list[School], activities: list[Activity], farthest_km: float | None) -> None:
        self.farthest_km = farthest_km
        self.limits = [*(min(limit, farthest_km or limit) for limit in (10.0, 15.0, 20.0, 30.0)), farthest_km]
        self._schools = schools
        self._activities = activities
        self._school_places = _kilometres([(school.lat, school.lon) for school in schools])
        self._activity_places = _kilometres([(activity.lat, activity.lon) for activity in activities])
        self._served: dict[tuple[str, ...], np.ndarray[tuple[int], np.dtype[np.bool_]]] = {}

    def schools_of(self, activity: Activity) -> list[School]:
        """Return the schools that could come; all of them when fewer than five are near."""
        if self.farthest_km is None:
            return self._schools
        place = self._activity_places[int(activity.id[1:])]
        near = np.hypot(*(self._school_places - place).T) <= 0.5 * self.farthest_km
        return list(compress(self._schools, near)) if near.sum() >= 5 else self._schools

    def activities_of(self, school: School, levels: tuple[str, ...]) -> list[Activity]:
        """Return the activities for these levels that the school could visit; all when there are none."""
        if levels not in self._served:
            self._served[levels] = np.array([set(levels) <= set(item.levels) for item in self._activities])
        suits = self._served[levels]
        if self.farthest_km is not None and school.lat is not None:
            place = self._school_places[int(school.id[1:])]
            suits = suits & (np.hypot(*(self._activity_places - place).T) <= 0.5 * self.farthest_km)
        return list(compress(self._activities, suits)) or self._activities


def _kilometres(
    places: list[tuple[float | None, float | None]],
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    degrees = np.array([[np.nan if part is None else part for part in place] for place in places])
    return degrees.reshape(-1, 2) * (KM_PER_DEGREE, KM_PER_DEGREE_EAST)


def _school(
    random: Random, index: int, towns: list[tuple[float, float, float]], unknown_share: float
) -> School:
    lat, lon = _near(random, towns, 0.05 if random.random() < 0.35 else 0.012)
    unknown = random.random() < unknown_share
    return School(
        f"S{index:05}",
        None if unknown else lat,
        None if unknown else lon,
        already=random.choices([0, 1, 2], weights=[85, 12, 3])[0],
        history=random.choice([0.0, 0.0, 0.05, 0.1, 0.2]),
        lottery=(index * 7919) % 1_000_003,
    )


def _is_secondary(school: int) -> bool:
    return school % 5 == 4


def _activities(
    random: Random, count: int, towns: list[tuple[float, float, float]], farthest_km: float
) -> tuple[list[Activity], list[Host]]:
    hosts: list[Host] = []
    activities: list[Activity] = []
    for index in range(count):
        kind = random.choices(KINDS, weights=SHARES)[0]
        if not hosts or random.random() < 0.7:
            limit = 1 if kind == "company_visit" and random.random() < 0.85 else random.choice([None, 2, 4])
            hosts.append(Host(f"H{len(hosts):05}", limit))
        lat, lon = _near(random, towns[: max(3, len(towns) // 2)], 0.01)
        mobile = kind == "mobile_lab"
        activities.append(
            Activity(
                f"A{index:05}",
                hosts[-1].id,
                kind,
                _activity_levels(random),
                min_pupils=random.choice([None, None, None, 10]),
                max_pupils=random.choice([None, 30, 30, 32, 26]),
                lat=lat,
                lon=lon,
                mobile=mobile,
                range_km=min(farthest_km, random.choice([15.0, 25.0, 40.0])) if mobile else None,
            )
        )
    return activities, hosts


def _activity_levels(random: Random) -> tuple[str, ...]:
    return random.choices(
        [
            PRIMARY[4:],
            PRIMARY[5:],
            PRIMARY[6:],
            PRIMARY[2:6],
            SECONDARY[:3],
            SECONDARY,
            PRIMARY[6:] + SECONDARY[:2],
        ],
        weights=[28, 18, 20, 8, 12, 6, 8],
    )[0]


def _slots(random: Random, count: int, activities: list[Activity], nearby: _Nearby) -> list[Slot]:
    slots: list[Slot] = []
    while len(slots) < count:
        activity = random.choice(activities)
        day = FIRST_DAY + timedelta(days=7 * random.randrange(WEEKS) + random.randrange(5))
        if activity.kind == "techniekdag":
            slots += _carousel(random, len(slots), activity, day)
            continue
        start = day + timedelta(hours=random.choice([9, 9, 10, 13]))
        slots.append(_slot(random, len(slots), activity, start, nearby))
    return slots[:count]


def _slot(random: Random, number: int, activity: Activity, start: datetime, nearby: _Nearby) -> Slot:
    several = activity.kind != "company_visit" or random.random() < 0.15
    groups = random.choice([2, 2, 3]) if several and random.random() < 0.5 else 1
    keeps = groups > 1 and random.random() < 0.1
    return Slot(
        f"T{number:06}",
        activity.id,
        start,
        start + timedelta(minutes=random.choice([90, 120, 150])),
        groups,
        pupils=random.choice([None, 30 * groups, 26 * groups]),
        min_groups=2 if groups > 1 and random.random() < 0.2 else 0,
        reserved=Reserved(1, tuple(school.id for school in random.sample(nearby.schools_of(activity), 5)))
        if keeps
        else None,
    )


def _carousel(random: Random, first: int, activity: Activity, day: datetime) -> list[Slot]:
    """Return the rounds of one Techniekdag morning."""
    groups = random.randint(4, 6)
    return [
        Slot(
            f"T{first + turn:06}",
            activity.id,
            day + timedelta(hours=9 + turn),
            day + timedelta(hours=9 + turn, minutes=45),
            groups,
            pupils=groups * 28,
            min_groups=random.choice([2, 3]),
            multi_stop_day="techniekdag",
        )
        for turn in range(random.randint(2, 3))
    ]


def _closed_days(random: Random, school: int) -> tuple[Interval, ...]:
    """Return holidays of the school's region, study days and half-days."""
    autumn = FIRST_DAY + timedelta(weeks=6 if school % 3 == 0 else 5)
    christmas = FIRST_DAY + timedelta(weeks=15)
    closed = [
        Interval(autumn, autumn + timedelta(days=7)),
        Interval(christmas, christmas + timedelta(days=14)),
    ]
    for _ in range(3):
        day = FIRST_DAY + timedelta(days=7 * random.randrange(WEEKS) + random.randrange(5))
        closed.append(Interval(day, day + timedelta(days=1)))
    if random.random() < 0.5:
        closed += [
            Interval(day + timedelta(hours=12), day + timedelta(hours=18))
            for day in (FIRST_DAY + timedelta(days=7 * week + 2) for week in range(WEEKS))
        ]
    return tuple(closed)


def _group(
    random: Random, index: int, school: School, closed: tuple[Interval, ...], nearby: _Nearby
) -> Group:
    levels = _group_levels(random, int(school.id[1:]))
    blocked = list(closed)
    if random.random() < 0.25:
        weekday = random.randrange(5)
        blocked += [
            Interval(day, day + timedelta(days=1))
            for day in (FIRST_DAY + timedelta(days=7 * week + weekday) for week in range(WEEKS))
        ]
    return Group(
        f"G{index:06}",
        school.id,
        levels,
        pupils=min(34, max(8, round(random.gauss(23, 4)))),
        wanted=random.choices([1, 2, 3], weights=[70, 25, 5])[0],
        max_km=random.choice(nearby.limits),
        open_to_other=random.random() < 0.25,
        wishes=_wishes(random, nearby.activities_of(school, levels)),
        unavailable=tuple(blocked),
    )


def _group_levels(random: Random, school: int) -> tuple[str, ...]:
    if _is_secondary(school):
        return (random.choices(SECONDARY, weights=[30, 30, 20, 10, 5, 5])[0],)
    year = random.choices(range(8), weights=[1, 1, 3, 5, 12, 18, 30, 30])[0]
    combined = year < 7 and random.random() < 0.25
    return PRIMARY[year : year + 2] if combined else (PRIMARY[year],)


def _wishes(random: Random, suiting: list[Activity]) -> tuple[Wish, ...]:
    wishes: list[Wish] = []
    for _ in range(random.randint(2, 5)):
        if random.random() < 0.5:
            wishes.append(Wish(kind=random.choices(KINDS, weights=SHARES)[0]))
        else:
            wishes.append(Wish(activity=random.choice(suiting).id))
    return tuple(dict.fromkeys(wishes))
