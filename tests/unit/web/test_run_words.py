"""Every rule that the checker can find broken has a Dutch sentence of its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from matchmaker.allocation import checker
from matchmaker.web.organiser.run_words import list_broken_rules

MAKERS = {"Violation", "_violation", "_refuse"}


def list_rules() -> list[str]:
    """Return the rules that the checker's own code names."""
    found = set()
    for path in sorted(Path(checker.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            first = node.args[0]
            if name in MAKERS and isinstance(first, ast.Constant):
                found.add(str(first.value))
    return sorted(found)


def test_the_rules_of_the_checker_are_found() -> None:
    assert {"levels", "places", "one_place_at_a_time", "known", "km", "problem"} <= set(list_rules())


@pytest.mark.parametrize("rule", list_rules())
def test_each_rule_has_a_sentence(dutch: None, rule: str) -> None:
    (sentence,) = list_broken_rules([f"{rule}: group g1 and slot s1"])
    assert sentence != "De uitslag klopt niet met de gegevens."
    assert rule not in sentence


def test_a_rule_that_nobody_knows_is_still_a_sentence(dutch: None) -> None:
    assert list_broken_rules(["new: x", "other: y"]) == ["De uitslag klopt niet met de gegevens. (2 keer)"]


def test_what_is_broken_most_often_comes_first(dutch: None) -> None:
    found = list_broken_rules(["km: a", "levels: b", "levels: c", "rank: d", "bound: e"])
    assert found == [
        "Een getal bij de uitslag klopt niet als het wordt nagerekend. (3 keer)",
        "Een groep is geplaatst bij een activiteit voor andere leerjaren. (2 keer)",
    ]
