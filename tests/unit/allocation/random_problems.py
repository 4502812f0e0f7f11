"""Small random problems in which every rule and every field of the format is in play."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

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

LEVELS = ("po6", "po7", "po8")
KINDS = ("company_visit", "lab")
FIRST_DAY = datetime.fromisoformat("2026-10-05")


@dataclass(frozen=True)
class Size:
    """How large a problem may be, over how many days, and which part of that it is at least."""

    schools: int = 5
    groups: int = 6
    activities: int = 4
    slots: int = 6
    days: int = 3
    fullness: float = 0.0

    def draw(self, random: Random, most: int) -> int:
        return random.randint(max(1, round(self.fullness * most)), most)


MEDIUM = Size(schools=15, groups=30, activities=12, slots=35, days=5, fullness=0.55)


def random_problem(random: Random, size: Size = Size(), *, band: bool = False) -> Problem:
    """Return a problem; locked pairs may break rules or exclude each other."""
    schools = tuple(_school(random, index) for index in range(size.draw(random, size.schools)))
    hosts = tuple(
        Host(f"h{index}", random.choice([None, None, 1, 2])) for index in range(random.randint(1, 2))
    )
    activities = tuple(_activity(random, index, hosts) for index in range(size.draw(random, size.activities)))
    slots = tuple(
        _slot(random, index, activities, schools, size.days) for index in range(size.draw(random, size.slots))
    )
    groups = tuple(
        _group(random, index, schools, activities) for index in range(size.draw(random, size.groups))
    )
    numbers = random.sample(range(100), len(schools))
    return Problem(
        schools=tuple(
            School(s.id, s.lat, s.lon, s.already, s.guarantee, s.history, number)
            for s, number in zip(schools, numbers, strict=True)
        ),
        groups=groups,
        hosts=hosts,
        activities=activities,
        slots=slots,
        locked=_pairs(random, groups, slots, random.choice([0, 0, 0, 0, 1, 2])),
        published=random.choice([None, None, _pairs(random, groups, slots, random.randint(0, 4))]),
        guarantee=random.choice([0, 1, 2, 2, 3]),
        detour_factor=random.choice([1.0, 1.3]),
        min_gap_minutes=random.choice([0, 0, 30]),
        fairness_band=random.choice([0.001, 0.02, 0.05]) if band else 0.0,
    )


def _maybe(random: Random, chance: float) -> bool:
    return random.random() < chance


def _place(random: Random) -> tuple[float | None, float | None]:
    if _maybe(random, 0.15):
        return None, None
    return round(51.9 + random.random() * 0.2, 4), round(6.2 + random.random() * 0.4, 4)


def _school(random: Random, index: int) -> School:
    lat, lon = _place(random)
    return School(
        f"s{index}",
        lat,
        lon,
        already=random.choice([0, 0, 0, 1, 2]),
        guarantee=random.choice([None, None, None, 0, 1, 3]),
        history=random.choice([0.0, 0.0, 0.0, 0.1, 0.25, 0.5, 1.0]),
    )


def _activity(random: Random, index: int, hosts: tuple[Host, ...]) -> Activity:
    lat, lon = _place(random)
    mobile = _maybe(random, 0.25)
    return Activity(
        f"a{index}",
        random.choice(hosts).id,
        random.choice(KINDS),
        tuple(random.sample(LEVELS, random.choice([1, 2, 3, 3]))),
        min_pupils=random.choice([None, None, None, 10]),
        max_pupils=random.choice([None, None, 25, 30]),
        lat=lat,
        lon=lon,
        mobile=mobile,
        range_km=random.choice([None, 12.0]) if mobile else None,
    )


def _slot(
    random: Random,
    index: int,
    activities: tuple[Activity, ...],
    schools: tuple[School, ...],
    days: int,
) -> Slot:
    start = FIRST_DAY + timedelta(
        days=random.randint(0, days - 1),
        hours=random.choice([9, 9, 10, 11, 13, 22]),
        minutes=random.choice([0, 0, 15]),
    )
    groups = random.choice([0, 1, 1, 2, 2, 3])
    kept = random.sample(schools, random.randint(1, len(schools)))
    return Slot(
        f"t{index}",
        random.choice(activities).id,
        start,
        start + timedelta(minutes=random.choice([60, 60, 90, 120, 240])),
        groups,
        pupils=random.choice([None, None, 30, 45]),
        min_groups=random.choice([0, 0, 0, 1, 2, 2]),
        multi_stop_day=random.choice([None, None, "carousel", "carousel", "fair"]),
        reserved=Reserved(random.randint(0, groups), tuple(s.id for s in kept))
        if _maybe(random, 0.2)
        else None,
    )


def _group(
    random: Random, index: int, schools: tuple[School, ...], activities: tuple[Activity, ...]
) -> Group:
    wishes = [Wish(activity=random.choice(activities).id), Wish(kind=random.choice(KINDS)), Wish(kind="none")]
    wishes += [Wish(activity=activity.id) for activity in activities]
    return Group(
        f"g{index}",
        random.choice(schools).id,
        tuple(random.sample(LEVELS, random.choice([1, 1, 1, 2]))),
        pupils=random.choice([8, 15, 20, 24, 28]),
        wanted=random.choice([1, 1, 2, 2, 3]),
        max_km=random.choice([None, None, 8.0, 15.0]),
        open_to_other=_maybe(random, 0.4),
        wishes=(*_vain_wishes(random), *random.sample(wishes, random.randint(0, min(4, len(wishes))))),
        unavailable=tuple(_blocked(random) for _ in range(random.choice([0, 0, 1]))),
    )


def _vain_wishes(random: Random) -> list[Wish]:
    """Now and then wishes that nothing covers come first, so that the others have late ranks."""
    count = random.choice([3, 5, 8, 9]) if _maybe(random, 0.15) else 0
    return [Wish(kind=f"none {place}") for place in range(count)]


def _blocked(random: Random) -> Interval:
    start = FIRST_DAY + timedelta(days=random.randint(0, 2), hours=random.choice([0, 9, 11]))
    return Interval(start, start + timedelta(hours=random.choice([1, 2, 24])))


def _pairs(
    random: Random, groups: tuple[Group, ...], slots: tuple[Slot, ...], count: int
) -> tuple[Pair, ...]:
    pairs = [Pair(random.choice(groups).id, random.choice(slots).id) for _ in range(count)]
    return tuple(dict.fromkeys(pairs))
