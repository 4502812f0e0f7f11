"""The published draw."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.lottery import draw_numbers

CODES = st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=30)


@given(st.text(), CODES)
def test_everybody_has_a_number_of_their_own(seed: str, codes: list[str]) -> None:
    assert sorted(draw_numbers(seed, codes).values()) == list(range(1, len(codes) + 1))


@given(CODES)
def test_the_order_of_the_list_does_not_matter(codes: list[str]) -> None:
    assert draw_numbers("spring", codes) == draw_numbers("spring", reversed(codes))


@given(CODES, st.text(min_size=7, max_size=8))
def test_a_school_that_joins_later_does_not_change_the_order_of_the_others(
    codes: list[str], late: str
) -> None:
    before = draw_numbers("spring", codes)
    after = draw_numbers("spring", [*codes, late])
    assert sorted(codes, key=before.__getitem__) == sorted(codes, key=after.__getitem__)


def test_anybody_can_repeat_the_draw() -> None:
    assert draw_numbers("voorjaar-2027", ["00AA00", "00AB00", "00AC00"]) == {
        "00AA00": 3,
        "00AB00": 2,
        "00AC00": 1,
    }
