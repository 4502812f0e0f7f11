"""What one run brings and costs compared with another, in one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from matchmaker.models import AllocationRun
from matchmaker.web.organiser.comparison import SchoolChange
from matchmaker.web.organiser.comparison_words import compare_in_words

FIGURES = {"schools_at_guarantee": 50, "groups_with_place": 80, "first_wishes": 30, "kilometres": 2000.4}


def run_with(number: int, without: int = 0, **figures: float) -> AllocationRun:
    objectives = [{"name": "schools_below_1", "value": float(without)}]
    return AllocationRun(number=number, name="", figures={**FIGURES, **figures}, objectives=objectives)


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        (
            {"schools_at_guarantee": 53, "first_wishes": 18},
            "Run 2 brengt 3 scholen meer op de garantie en kost 12 eerste wensen.",
        ),
        (
            {"schools_at_guarantee": 49, "groups_with_place": 79, "kilometres": 888.4},
            (
                "Run 2 brengt 1 school minder op de garantie, geeft 1 groep minder een plek, "
                "geeft evenveel eerste wensen en vraagt 1.112 kilometer minder."
            ),
        ),
        (
            {"without": 2, "first_wishes": 31, "groups_with_place": 82, "kilometres": 2001.0},
            (
                "Run 2 brengt evenveel scholen op de garantie, laat 2 scholen meer zonder activiteit, "
                "geeft 2 groepen meer een plek, geeft 1 eerste wens meer en vraagt 1 kilometer meer."
            ),
        ),
        ({}, "Run 2 brengt evenveel scholen op de garantie en geeft evenveel eerste wensen."),
    ],
)
@pytest.mark.usefixtures("dutch")
def test_a_comparison_begins_with_what_is_gained_and_what_it_costs(
    figures: dict[str, Any], sentence: str
) -> None:
    assert compare_in_words(run_with(1), run_with(2, **figures)) == sentence


def test_activities_beyond_the_guarantee_are_no_loss_while_wishes_are_as_well_met() -> None:
    change = SchoolChange(None, (7, 6), (1.0, 1.0), 2)  # type: ignore[arg-type]
    assert (change.step, change.points) == (0, 0)


def test_the_guarantee_comes_before_wishes() -> None:
    change = SchoolChange(None, (1, 2), (0.9, 0.5), 2)  # type: ignore[arg-type]
    assert change.gains
