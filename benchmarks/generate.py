"""Seeded allocation problems of the size of a region: synthetic places, real proportions.

Towns of very different size hold most schools, the rest lies in the country; hosts are more concentrated
than schools. Four fifths of the schools are primary. Every kind of rule that makes real problems hard is in
them: host-day limits, pupil places, minima, carousel days, mobile hosts, holidays, study days, reserved
places, schools of unknown place.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

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


@dataclass(frozen=True)
class Size:
    """How large a problem is; ``supply`` scales the number of slots."""

    schools: int = 225
    groups: int = 730
    slots: int = 900
    towns: int = 24
    supply: float = 1.0


def generate_problem(size: Size = Size(), seed: int = 1) -> Problem:
    """Return a problem; the same size and seed give the same problem."""
    random = Random(seed)
    towns = [
        (51.84 + random.random() * 0.34, 6.02 + random.random() * 0.75, 1 / (rank + 1))
        for rank in range(size.towns)
    ]
    schools = [_school(random, index, towns) for index in range(size.schools)]
    activities, hosts = _activities(random, round(size.slots * 0.28), towns)
    slots = _slots(random, round(size.slots * size.supply), activities, schools)
    closed = [_closed_days(random, index) for index in range(size.schools)]
    # Every school has a group before any has a second one.
    of_school = [
        index if index < size.schools else random.randrange(size.schools) for index in range(size.groups)
    ]
    groups = [
        _group(random, index, schools[school], closed[school], activities)
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


def _school(random: Random, index: int, towns: list[tuple[float, float, float]]) -> School:
    lat, lon = _near(random, towns, 0.05 if random.random() < 0.35 else 0.012)
    unknown = random.random() < 0.01
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
    random: Random, count: int, towns: list[tuple[float, float, float]]
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
                range_km=random.choice([15.0, 25.0, 40.0]) if mobile else None,
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


def _slots(random: Random, count: int, activities: list[Activity], schools: list[School]) -> list[Slot]:
    slots: list[Slot] = []
    while len(slots) < count:
        activity = random.choice(activities)
        day = FIRST_DAY + timedelta(days=7 * random.randrange(WEEKS) + random.randrange(5))
        if activity.kind == "techniekdag":
            slots += _carousel(random, len(slots), activity, day)
            continue
        start = day + timedelta(hours=random.choice([9, 9, 10, 13]))
        slots.append(_slot(random, len(slots), activity, start, schools))
    return slots[:count]


def _slot(random: Random, number: int, activity: Activity, start: datetime, schools: list[School]) -> Slot:
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
        reserved=Reserved(1, tuple(school.id for school in random.sample(schools, 5))) if keeps else None,
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
    random: Random, index: int, school: School, closed: tuple[Interval, ...], activities: list[Activity]
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
        max_km=random.choice([10.0, 15.0, 20.0, 30.0, None]),
        open_to_other=random.random() < 0.25,
        wishes=_wishes(random, levels, activities),
        unavailable=tuple(blocked),
    )


def _group_levels(random: Random, school: int) -> tuple[str, ...]:
    if _is_secondary(school):
        return (random.choices(SECONDARY, weights=[30, 30, 20, 10, 5, 5])[0],)
    year = random.choices(range(8), weights=[1, 1, 3, 5, 12, 18, 30, 30])[0]
    combined = year < 7 and random.random() < 0.25
    return PRIMARY[year : year + 2] if combined else (PRIMARY[year],)


def _wishes(random: Random, levels: tuple[str, ...], activities: list[Activity]) -> tuple[Wish, ...]:
    suiting = [activity for activity in activities if set(levels) <= set(activity.levels)] or activities
    wishes: list[Wish] = []
    for _ in range(random.randint(2, 5)):
        if random.random() < 0.5:
            wishes.append(Wish(kind=random.choices(KINDS, weights=SHARES)[0]))
        else:
            wishes.append(Wish(activity=random.choice(suiting).id))
    return tuple(dict.fromkeys(wishes))
