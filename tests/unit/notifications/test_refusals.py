"""Why a group got nothing, told to its school."""

from __future__ import annotations

from matchmaker.allocation.reasons import CODES, PLACED
from matchmaker.notifications.refusals import SENTENCES, explain_nothing

# These follow from a placement, so a group that got nothing never has them.
ONLY_BESIDE_A_PLACEMENT = {
    PLACED,
    "one_place_at_a_time",
    "one_activity_a_day",
    "activity_once",
    "served_better",
    "wanted",
    "wished",
}


def test_every_reason_for_getting_nothing_has_a_sentence() -> None:
    assert set(SENTENCES) == set(CODES) - ONLY_BESIDE_A_PLACEMENT


def test_without_a_reason_nothing_is_told() -> None:
    assert explain_nothing(None) == explain_nothing("placed") == ""
