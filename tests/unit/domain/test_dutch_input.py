"""What people type in Dutch sheets means what they think it means, or is refused with a sentence."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain import dutch_input as dutch


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("12-3-2026", date(2026, 3, 12)),
        ("12-03-26", date(2026, 3, 12)),
        ("12/3/2026", date(2026, 3, 12)),
        ("12.3.2026", date(2026, 3, 12)),
        ("2026-03-12", date(2026, 3, 12)),
        ("12 maart 2026", date(2026, 3, 12)),
        ("do 12 mrt 2026", date(2026, 3, 12)),
        ("Donderdag 12 maart 2026", date(2026, 3, 12)),
        ("1 mei 2027", date(2027, 5, 1)),
        ("3 okt. 2027", date(2027, 10, 3)),
        (" 12-3-2026 ", date(2026, 3, 12)),
        (46093, date(2026, 3, 12)),
        (46093.0, date(2026, 3, 12)),
        (date(2026, 3, 12), date(2026, 3, 12)),
        (datetime(2026, 3, 12, 9, 30), date(2026, 3, 12)),  # noqa: DTZ001 - a spreadsheet knows no zones
    ],
)
def test_a_date_is_read_with_the_day_first(cell: dutch.Cell, expected: date) -> None:
    assert dutch.parse_date(cell) == expected


@pytest.mark.parametrize(
    "cell", ["31-2-2026", "3-13-2026", "morgen", "12-3", "12-3-1926", 12, True, "12-3-20267"]
)
def test_what_is_no_date_is_refused(cell: dutch.Cell) -> None:
    with pytest.raises(ValueError, match=r"geen datum|Het jaar"):
        dutch.parse_date(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("13.30 uur", time(13, 30)),
        ("13:30", time(13, 30)),
        ("13:30:00", time(13, 30)),
        ("9.05", time(9, 5)),
        ("9u15", time(9, 15)),
        ("9 uur", time(9)),
        ("9", time(9)),
        ("1330", time(13, 30)),
        (13.3, time(13, 30)),
        (9.0, time(9)),
        (0.5625, time(13, 30)),
        (time(13, 30, 12), time(13, 30)),
        (timedelta(hours=13, minutes=30), time(13, 30)),
        (datetime(1899, 12, 30, 13, 30), time(13, 30)),  # noqa: DTZ001
    ],
)
def test_a_time_is_read_as_people_write_it(cell: dutch.Cell, expected: time) -> None:
    assert dutch.parse_time(cell) == expected


@pytest.mark.parametrize("cell", ["24:00", "9.60", "half tien", "25", 9.75, -1, 24.0, "9.00-10.00", True])
def test_what_is_no_time_is_refused(cell: dutch.Cell) -> None:
    with pytest.raises(ValueError, match="geen tijd"):
        dutch.parse_time(cell)


@pytest.mark.parametrize(
    "text",
    ["9.00–11.00", "9.00 - 11.00 uur", "9:00-11:00", "van 9 tot 11 uur", "9 t/m 11", "9.00 uur – 11.00 uur"],
)
def test_a_stretch_of_time_has_a_begin_and_an_end(text: str) -> None:
    assert dutch.parse_time_range(text) == (time(9), time(11))


@pytest.mark.parametrize("text", ["9.00", "11.00-9.00", "9.00-9.00", "9.00-10.00-11.00"])
def test_a_stretch_of_time_that_does_not_last_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="tijd"):
        dutch.parse_time_range(text)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1,5", 1.5),
        ("1.5", 1.5),
        ("1.234,5", 1234.5),
        ("15 km", 15.0),
        ("-3", -3.0),
        (7, 7.0),
        ("52.066957", 52.066957),
    ],
)
def test_a_number_may_have_a_decimal_comma(cell: dutch.Cell, expected: float) -> None:
    assert dutch.parse_number(cell) == expected


@pytest.mark.parametrize(
    "cell", ["", "x", "1,2,3", "1e5", "nan", float("nan"), float("inf"), "٣", True, "1 2"]
)
def test_what_is_no_number_is_refused(cell: dutch.Cell) -> None:
    with pytest.raises(ValueError, match="geen getal"):
        dutch.parse_number(cell)


@pytest.mark.parametrize(
    ("cell", "expected"), [("24", 24), (24.0, 24), ("1.200", 1200), ("24,0", 24), (-2, -2)]
)
def test_a_whole_number_may_have_thousands_points(cell: dutch.Cell, expected: int) -> None:
    assert dutch.parse_whole(cell) == expected


@pytest.mark.parametrize("cell", ["1,5", 1.5, "veel", None, 1e300])
def test_what_is_no_whole_number_is_refused(cell: dutch.Cell) -> None:
    with pytest.raises(ValueError, match="geen heel getal"):
        dutch.parse_whole(cell)


def test_a_masked_pupil_count_is_four() -> None:
    assert dutch.parse_pupil_count("<5") == 4


@pytest.mark.parametrize("cell", ["ja", "J", "x", "WAAR", True, 1, 1.0, "yes"])
def test_yes_has_many_spellings(cell: dutch.Cell) -> None:
    assert dutch.parse_boolean(cell) is True


@pytest.mark.parametrize("cell", ["nee", "N", "onwaar", False, 0, "no"])
def test_no_has_many_spellings(cell: dutch.Cell) -> None:
    assert dutch.parse_boolean(cell) is False


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(ValueError, match="Schrijf ja of nee"):
        dutch.parse_boolean("misschien")


@pytest.mark.parametrize("text", ["7121 KZ", "7121KZ", "7121kz", " 7121  kz "])
def test_a_postcode_is_written_with_a_space(text: str) -> None:
    assert dutch.parse_postcode(text) == "7121 KZ"


def test_a_german_postcode_is_kept() -> None:
    assert dutch.parse_postcode("46395") == "46395"


@pytest.mark.parametrize("text", ["7121", "0121 KZ", "71211 KZ", "KZ 7121"])
def test_what_is_no_postcode_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="geen postcode"):
        dutch.parse_postcode(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("00ab01", "00AB01"), ("00AB", "00AB00"), ("00 AB 01", "00AB01"), ("DE-BOCHOLT-1", "DE-BOCHOLT-1")],
)
def test_a_school_code_is_a_brin_with_location(text: str, expected: str) -> None:
    assert dutch.parse_school_code(text) == expected


@pytest.mark.parametrize("cell", [120000.0, date(2026, 5, 1), "1.2E+06", "123456", "AB", "school één"])
def test_a_school_code_that_a_spreadsheet_spoiled_is_refused(cell: dutch.Cell) -> None:
    with pytest.raises(ValueError, match="code"):
        dutch.parse_school_code(cell)


def test_an_address_is_kept_in_lower_case() -> None:
    assert dutch.parse_email(" Techniek@De-Eiken.Example ") == "techniek@de-eiken.example"


@pytest.mark.parametrize(
    "text",
    ["de-eiken.example", "a@b", "a b@c.example", "a@b..example", "a@c.example, d@e.example", "a@-b.example"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="geen e-mailadres"):
        dutch.parse_email(text)


def test_a_failed_formula_is_named() -> None:
    with pytest.raises(ValueError, match="formule"):
        dutch.parse_line("#N/A")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ValueError, match="geen tekst"):
        dutch.parse_line("De\x00Eiken")


def test_a_line_has_no_line_breaks_or_double_spaces() -> None:
    assert dutch.parse_line("De\n Eiken\xa0 ") == "De Eiken"


CELLS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.text(alphabet="0123456789-/.,: uurtm<5", max_size=16),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
PARSERS = [
    dutch.parse_line,
    dutch.parse_paragraphs,
    dutch.parse_number,
    dutch.parse_whole,
    dutch.parse_pupil_count,
    dutch.parse_boolean,
    dutch.parse_date,
    dutch.parse_time,
    dutch.parse_time_range,
    dutch.parse_postcode,
    dutch.parse_school_code,
    dutch.parse_code,
    dutch.parse_email,
]


@pytest.mark.parametrize("parse", PARSERS)
@settings(deadline=None)
@given(cell=CELLS)
def test_any_cell_gives_a_value_or_a_sentence(parse: Callable[[dutch.Cell], Any], cell: dutch.Cell) -> None:
    with contextlib.suppress(ValueError):
        parse(cell)


@settings(deadline=None)
@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_written_date_comes_back(day: date) -> None:
    assert dutch.parse_date(f"{day.day}-{day.month}-{day.year}") == day
    assert dutch.parse_date(day.isoformat()) == day


@settings(deadline=None)
@given(moment=st.times().map(lambda t: t.replace(second=0, microsecond=0)))
def test_a_written_time_comes_back(moment: time) -> None:
    assert dutch.parse_time(f"{moment:%H.%M} uur") == moment
    assert dutch.parse_time((moment.hour * 60 + moment.minute) / 1440) == moment
