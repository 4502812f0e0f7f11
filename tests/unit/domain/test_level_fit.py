"""Whether an activity serves a class."""

import pytest

from matchmaker.domain.levels import find_unserved_levels, format_level, levels_fit


@pytest.mark.parametrize(
    ("group", "activity", "unserved"),
    [
        (("po7",), ("po7", "po8"), ()),
        (("po6", "po7"), ("po7", "po8"), ("po6",)),
        (("so", "po7"), ("so",), ("po7",)),
        (("po7",), (), ("po7",)),
    ],
)
def test_a_class_is_served_when_all_its_levels_are(
    group: tuple[str, ...], activity: tuple[str, ...], unserved: tuple[str, ...]
) -> None:
    assert find_unserved_levels(group, activity) == unserved
    assert levels_fit(group, activity) is (not unserved)


@pytest.mark.parametrize(
    ("level", "words"), [("po7", "groep 7"), ("vo2", "klas 2"), ("internationaal", "internationaal")]
)
def test_a_level_is_said_as_people_say_it(level: str, words: str) -> None:
    assert format_level(level) == words
