"""Cells that hold more than one value."""

from __future__ import annotations

import contextlib
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.exchange.cells import (
    parse_blocked,
    parse_level_cell,
    parse_level_text,
    parse_list,
    parse_school_codes,
    write_blocked,
)
from matchmaker.exchange.rows import BlockedWall


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("cell", "start", "end", "reason"),
    [
        ("12-3-2027", "2027-03-12", "2027-03-13", ""),
        ("12-3-2027 9.00-12.00", "2027-03-12T09:00", "2027-03-12T12:00", ""),
        ("12-3-2027 9–12 uur (gym)", "2027-03-12T09:00", "2027-03-12T12:00", "gym"),
        ("20-3-2027 t/m 24-3-2027 (studiedagen)", "2027-03-20", "2027-03-25", "studiedagen"),
        ("vr 12 maart 2027", "2027-03-12", "2027-03-13", ""),
        (date(2027, 3, 12), "2027-03-12", "2027-03-13", ""),
    ],
)
def test_a_blocked_time_is_a_day_days_or_hours(cell: str, start: str, end: str, reason: str) -> None:
    assert parse_blocked(cell) == (BlockedWall(_at(start), _at(end), reason),)


def test_blocked_times_come_in_order() -> None:
    found = parse_blocked("15-3-2027 9.00-12.00; 12-3-2027\n13-3-2027")
    assert [blocked.start.day for blocked in found] == [12, 13, 15]


@pytest.mark.parametrize(
    "cell", ["morgen", "24-3-2027 t/m 20-3-2027", "12-3-2027 12.00-9.00", "12-3-2027 9-12-13"]
)
def test_what_is_no_blocked_time_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"geen|laatste dag|eindtijd"):
        parse_blocked(cell)


DAYS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001 - wall-clock times
    lambda moment: moment.replace(second=0, microsecond=0)
)


@settings(deadline=None)
@given(start=DAYS, hours=st.integers(1, 9), reason=st.sampled_from(["", "gym", "toetsweek"]))
def test_written_blocked_times_are_read_back(start: datetime, hours: int, reason: str) -> None:
    blocked = BlockedWall(
        start.replace(hour=start.hour % 12), start.replace(hour=start.hour % 12 + hours), reason
    )
    assert parse_blocked(write_blocked([blocked])) == (blocked,)


@settings(deadline=None)
@given(text=st.one_of(st.text(max_size=40), st.text(alphabet="0123456789-/.:; t/m()", max_size=40)))
def test_any_text_gives_blocked_times_or_a_sentence(text: str) -> None:
    with contextlib.suppress(ValueError):
        parse_blocked(text)


def test_a_combined_class_that_became_a_date_is_understood() -> None:
    assert parse_level_cell(datetime(2026, 8, 7)) == ("po7", "po8")  # noqa: DTZ001
    assert parse_level_text(7.0) == "7"


def test_levels_that_became_a_date_with_two_meanings_are_refused() -> None:
    with pytest.raises(ValueError, match="datum geworden"):
        parse_level_cell(date(2026, 8, 5))


def test_lists_are_divided_by_semicolon_comma_or_line() -> None:
    assert parse_list("metaal; bouw, energie\nIT;metaal") == ("metaal", "bouw", "energie", "IT")
    assert parse_school_codes("99AA00; 99ab") == ("99AA00", "99AB00")
