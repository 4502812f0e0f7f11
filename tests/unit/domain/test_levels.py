"""Levels are read and written as schools do."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.kinds import Sector
from matchmaker.domain.levels import ALL_LEVELS, format_levels, parse_levels, sort_levels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7/8", ("po7", "po8")),
        ("groep 7", ("po7",)),
        ("Groep 7/8", ("po7", "po8")),
        ("klas 2", ("vo2",)),
        ("klas 1 t/m 3", ("vo1", "vo2", "vo3")),
        ("5 t/m 8", ("po5", "po6", "po7", "po8")),
        ("5-8", ("po5", "po6", "po7", "po8")),
        ("7 en 8", ("po7", "po8")),
        ("po7, po8", ("po7", "po8")),
        ("8/7", ("po7", "po8")),
        ("7/8, klas 1/2", ("po7", "po8", "vo1", "vo2")),
        ("gr. 6", ("po6",)),
        ("leerjaar 3", ("vo3",)),
    ],
)
def test_levels_are_read(text: str, expected: tuple[str, ...]) -> None:
    assert parse_levels(text) == expected


def test_a_bare_number_is_a_klas_in_secondary_education() -> None:
    assert parse_levels("1/2", Sector.SECONDARY) == ("vo1", "vo2")
    assert parse_levels("groep 8", Sector.SECONDARY) == ("po8",)


@pytest.mark.parametrize("text", ["9", "klas 7", "8 t/m 5", "bovenbouw", "", "groep"])
def test_levels_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"niveau|bestaat niet|minstens"):
        parse_levels(text)


@settings(deadline=None)
@given(text=st.one_of(st.text(max_size=20), st.text(alphabet="gropklas 0123456789/-,en", max_size=20)))
def test_any_text_gives_levels_or_a_sentence(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert set(parse_levels(text)) <= set(ALL_LEVELS)


@settings(deadline=None)
@given(levels=st.sets(st.sampled_from(ALL_LEVELS), min_size=1))
def test_written_levels_are_read_back(levels: set[str]) -> None:
    assert parse_levels(format_levels(levels)) == sort_levels(levels)
