"""How days, times, groups and names are written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from matchmaker.notifications.wording import (
    format_day,
    format_group,
    format_levels,
    format_pupils,
    format_short_day,
    format_times,
    format_words,
    many_lines,
    one_line,
    shorten,
)

LATE = datetime(2027, 1, 11, 23, 30, tzinfo=UTC)


def test_days_are_those_of_the_region() -> None:
    assert format_day(LATE) == "dinsdag 12 januari 2027"
    assert format_short_day(LATE) == "di 12 jan"


def test_times_are_those_of_the_clock_on_the_wall() -> None:
    assert format_times(*_from_to(1, 8, 0, 10, 5)) == "9.00–11.05 uur"
    assert format_times(*_from_to(7, 8, 0, 10, 5)) == "10.00–12.05 uur"


def _from_to(month: int, *clock: int) -> tuple[datetime, datetime]:
    return tuple(  # type: ignore[return-value]
        datetime(2027, month, 12, *clock[index : index + 2], tzinfo=UTC) for index in (0, 2)
    )


def test_a_slot_over_midnight_names_its_last_day() -> None:
    text = format_times(LATE.replace(hour=20), LATE)
    assert text == "21.30 uur tot dinsdag 12 januari 2027 0.30 uur"


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (["po7", "po8"], "groep 7/8"),
        (["po3"], "groep 3"),
        (["vo1"], "klas 1"),
        (["po8", "vo1"], "groep 8 en klas 1"),
        ([], ""),
    ],
)
def test_levels_in_words(levels: list[str], words: str) -> None:
    assert format_levels(levels) == words


@pytest.mark.parametrize(
    ("name", "levels", "words"),
    [
        ("7/8", ["po7", "po8"], "groep 7/8"),
        ("1HV2", ["vo1"], "klas 1HV2"),
        ("Groep 7A", ["po7"], "Groep 7A"),
        ("bovenbouw B", ["po7"], "bovenbouw B"),
        ("Oranje", ["po7"], "groep Oranje"),
        ("x", [], "groep x"),
    ],
)
def test_a_group_has_the_word_that_belongs_to_it(name: str, levels: list[str], words: str) -> None:
    assert format_group(name, levels) == words


def test_numbers_and_lists_read_as_a_sentence() -> None:
    assert [format_pupils(n) for n in (0, 1, 2)] == [
        "0 leerlingen",
        "1 leerling",
        "2 leerlingen",
    ]
    assert [format_words(list(words)) for words in ("", "a", "ab", "abc")] == [
        "",
        "a",
        "a en b",
        "a, b en c",
    ]


def test_names_become_one_line_and_texts_keep_their_lines() -> None:
    assert one_line(" De\r\nEiken\u2028\x00 2 ") == "De Eiken 2"
    assert many_lines("a\r\nb\rc\u2028d\n\n\x00e\n\n") == "a\nb\nc\nd\n\ne"


def test_long_texts_are_cut_at_a_word_when_one_is_near() -> None:
    assert shorten("kort", 10) == "kort"
    assert shorten("een lange naam van een school", 16) == "een lange naam…"
    assert shorten("x" * 100, 10) == "xxxxxxxxx…"
