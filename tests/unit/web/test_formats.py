"""Dates, numbers and levels as people write them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from matchmaker.web import formats

MORNING = datetime(2027, 1, 12, 8, 0, tzinfo=UTC)
SUMMER = datetime(2027, 7, 1, 22, 30, tzinfo=UTC)


@dataclass
class Period:
    starts_at: datetime
    ends_at: datetime


@dataclass
class Named:
    name: str
    levels: list[str] = field(default_factory=list)


@pytest.mark.usefixtures("dutch")
def test_days_and_times_in_dutch() -> None:
    assert formats.format_day_short(MORNING) == "di 12 jan"
    assert formats.format_day(MORNING) == "dinsdag 12 januari"
    assert formats.format_day_full(date(2027, 5, 5)) == "woensdag 5 mei 2027"
    assert formats.format_times(Period(MORNING, MORNING.replace(hour=10))) == "9.00–11.00"
    assert formats.format_moment(MORNING) == "di 12 jan, 9.00"


@pytest.mark.usefixtures("dutch")
def test_an_evening_in_summer_falls_on_the_day_of_the_region() -> None:
    assert formats.format_moment(SUMMER) == "vr 2 jul, 0.30"


@pytest.mark.usefixtures("english")
def test_days_and_times_in_english() -> None:
    assert formats.format_day_short(MORNING) == "Tue 12 Jan"
    assert formats.format_times(Period(MORNING, MORNING.replace(hour=10))) == "9:00–11:00"
    assert formats.format_number(7518) == "7,518"


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("km", "text"),
    [(None, ""), (0, "0 km"), (0.44, "0,4 km"), (8.14, "8,1 km"), (9.96, "10 km"), (1782, "1.782 km")],
)
def test_distances(km: float | None, text: str) -> None:
    assert formats.format_km(km).replace("&nbsp;", " ") == text


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("levels", "text"),
    [
        (["po7"], "groep 7"),
        (["po7", "po8"], "groep 7 en 8"),
        (["po5", "po6", "po7", "po8"], "groep 5–8"),
        (["po1", "po3", "po8"], "groep 1, 3 en 8"),
        (["vo1", "vo2"], "klas 1 en 2"),
        (["po8", "vo1"], "groep 8, klas 1"),
        (["praktijkonderwijs"], "praktijkonderwijs"),
        ([], ""),
    ],
)
def test_levels(levels: list[str], text: str) -> None:
    assert formats.format_levels(levels) == text


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("group", "text"),
    [
        (Named("7/8", ["po7", "po8"]), "groep 7/8"),
        (Named("Groep 7", ["po7"]), "Groep 7"),
        (Named("1HV2", ["vo1"]), "klas 1HV2"),
    ],
)
def test_groups_carry_the_word_that_belongs_to_them(group: Named, text: str) -> None:
    assert formats.format_group(group) == text
