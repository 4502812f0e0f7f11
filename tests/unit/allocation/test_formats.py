"""Reading lists every problem by its path and never fails otherwise; writing is stable."""

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.allocation.formats import (
    ProblemFormatError,
    read_problem,
    read_result,
    write_problem,
    write_result,
)
from matchmaker.allocation.problem import Problem, problem_sha256
from matchmaker.allocation.solve import solve
from tests.unit.allocation.strategies import problems

DOCUMENT: dict[str, Any] = {
    "format": "matchmaker-problem/1",
    "schools": [
        {"id": "S1", "lat": 51.96, "lon": 6.29, "already": 0, "guarantee": 2, "history": 0.0, "lottery": 17},
        {"id": "S2"},
    ],
    "groups": [
        {
            "id": "G1",
            "school": "S1",
            "levels": ["po7", "po8"],
            "pupils": 24,
            "max_km": 15.0,
            "wishes": [{"activity": "A1"}, {"kind": "company_visit"}],
            "unavailable": [{"start": "2026-10-17T00:00", "end": "2026-10-26T00:00"}],
        }
    ],
    "hosts": [{"id": "H1", "max_slots_per_day": 2}],
    "activities": [{"id": "A1", "host": "H1", "kind": "company_visit", "levels": ["po7", "po8"]}],
    "slots": [
        {
            "id": "T1",
            "activity": "A1",
            "start": "2026-10-06T09:00",
            "end": "2026-10-06T11:00",
            "groups": 1,
            "reserved": {"groups": 1, "schools": ["S1"]},
        }
    ],
    "locked": [{"group": "G1", "slot": "T1"}],
}

WRONG: list[tuple[list[str | int], Any, str]] = [
    (["format"], "matchmaker-problem/2", "$.format"),
    (["guarantee"], -1, "$.guarantee"),
    (["guarantee"], True, "$.guarantee"),
    (["guarantee"], 10**400, "$.guarantee"),
    (["detour_factor"], float("nan"), "$.detour_factor"),
    (["detour_factor"], 0, "$.detour_factor"),
    (["fairness_band"], 0.06, "$.fairness_band"),
    (["min_gap_minutes"], 1.5, "$.min_gap_minutes"),
    (["colour"], "red", "$.colour"),
    (["two words"], 1, '$["two words"]'),
    (["schools"], {}, "$.schools"),
    (["schools", 0], 7, "$.schools[0]"),
    (["schools", 0, "lat"], None, "$.schools[0].lat"),
    (["schools", 0, "lon"], 181, "$.schools[0].lon"),
    (["schools", 0, "already"], None, "$.schools[0].already"),
    (["schools", 0, "already"], -1, "$.schools[0].already"),
    (["schools", 0, "history"], 1.01, "$.schools[0].history"),
    (["schools", 0, "lottery"], 1, "$.schools[1].lottery"),
    (["schools", 1, "id"], "S1", "$.schools[1].id"),
    (["schools", 1, "id"], "", "$.schools[1].id"),
    (["schools", 1, "id"], "\ud800", "$.schools[1].id"),
    (["groups", 0, "school"], "S9", "$.groups[0].school"),
    (["groups", 0, "levels"], [], "$.groups[0].levels"),
    (["groups", 0, "levels", 1], 8, "$.groups[0].levels[1]"),
    (["groups", 0, "pupils"], 0, "$.groups[0].pupils"),
    (["groups", 0, "pupils"], "24", "$.groups[0].pupils"),
    (["groups", 0, "wanted"], 0, "$.groups[0].wanted"),
    (["groups", 0, "open_to_other"], 1, "$.groups[0].open_to_other"),
    (["groups", 0, "wishes", 0, "activity"], "A9", "$.groups[0].wishes[0].activity"),
    (["groups", 0, "wishes", 0, "kind"], "both", "$.groups[0].wishes[0]"),
    (["groups", 0, "wishes", 0], {}, "$.groups[0].wishes[0]"),
    (["groups", 0, "unavailable", 0, "end"], "2026-10-17T00:00", "$.groups[0].unavailable[0].end"),
    (["hosts", 0, "max_slots_per_day"], -1, "$.hosts[0].max_slots_per_day"),
    (["activities", 0, "host"], "H9", "$.activities[0].host"),
    (["activities", 0, "lat"], 52.0, "$.activities[0].lon"),
    (["activities", 0, "range_km"], float("inf"), "$.activities[0].range_km"),
    (["activities", 0, "mobile"], "no", "$.activities[0].mobile"),
    (["slots", 0, "activity"], "A9", "$.slots[0].activity"),
    (["slots", 0, "end"], "2026-10-06T08:00", "$.slots[0].end"),
    (["slots", 0, "start"], "2026-13-06T09:00", "$.slots[0].start"),
    (["slots", 0, "start"], "2026-10-06T09:00+02:00", "$.slots[0].start"),
    (["slots", 0, "start"], "２０２６-10-06T09:00", "$.slots[0].start"),
    (["slots", 0, "start"], "0001-01-01T00:00", "$.slots[0].start"),
    (["slots", 0, "end"], "9999-12-31T23:59", "$.slots[0].end"),
    (["groups", 0, "unavailable", 0, "end"], "0001-01-01T00:00", "$.groups[0].unavailable[0].end"),
    (["slots", 0, "groups"], -1, "$.slots[0].groups"),
    (["slots", 0, "pupils"], -1, "$.slots[0].pupils"),
    (["slots", 0, "reserved", "groups"], 2, "$.slots[0].reserved"),
    (["slots", 0, "reserved", "schools", 0], "S9", "$.slots[0].reserved.schools[0]"),
    (["locked", 0, "slot"], "T9", "$.locked[0].slot"),
    (["locked"], [{"group": "G1", "slot": "T1"}] * 2, "$.locked[1]"),
    (["published"], [{"group": "G1"}], "$.published[0].slot"),
]


def changed(path: list[str | int], value: Any) -> dict[str, Any]:
    document = deepcopy(DOCUMENT)
    target: Any = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return document


def paths_of(error: pytest.ExceptionInfo[ProblemFormatError]) -> list[str]:
    return [problem.path for problem in error.value.problems]


@pytest.mark.parametrize(
    ("path", "value", "reported"), WRONG, ids=[f"{w[2]}-{n}" for n, w in enumerate(WRONG)]
)
def test_a_wrong_field_is_reported_by_its_path(path: list[str | int], value: Any, reported: str) -> None:
    with pytest.raises(ProblemFormatError) as error:
        read_problem(changed(path, value))
    assert reported in paths_of(error)


def test_every_problem_is_listed_at_once() -> None:
    document = deepcopy(DOCUMENT)
    for path, value in [
        (["guarantee"], "x"),
        (["schools", 0, "lat"], 91),
        (["groups", 0, "school"], "S9"),
        (["slots", 0, "groups"], None),
    ]:
        target: Any = document
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value
    with pytest.raises(ProblemFormatError) as error:
        read_problem(document)
    assert paths_of(error) == ["$.guarantee", "$.schools[0].lat", "$.slots[0].groups", "$.groups[0].school"]


@pytest.mark.parametrize("name", ["schools", "groups", "hosts", "activities", "slots", "format"])
def test_a_missing_field_is_reported(name: str) -> None:
    document = {key: value for key, value in DOCUMENT.items() if key != name}
    with pytest.raises(ProblemFormatError) as error:
        read_problem(document)
    assert f"$.{name}" in paths_of(error)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe\x00",
        b"\x00\x01\x02",
        "[" * 200_000,
        '{"a":' * 100_000,
        b"null",
        b"[]",
        b'"text"',
        b"NaN",
        b"1" * 10_000,
        b'{"format": "matchmaker-problem/1", "guarantee": ' + b"9" * 5_000 + b"}",
        b"{",
        b"\xef\xbb\xbf{}",
        json.dumps(DOCUMENT).encode("utf-16"),
    ],
)
def test_what_is_not_a_problem_at_all_is_refused_with_a_sentence(text: bytes | str) -> None:
    with pytest.raises(ProblemFormatError) as error:
        read_problem(text)
    assert str(error.value).startswith("$")


def test_a_field_that_is_written_twice_is_refused() -> None:
    with pytest.raises(ProblemFormatError, match="more than once"):
        read_problem(json.dumps(DOCUMENT).replace('"already": 0', '"already": 0, "already": 1'))


def test_a_block_may_last_as_long_as_the_calendar() -> None:
    document = deepcopy(DOCUMENT)
    document["groups"][0]["unavailable"] = [{"start": "0001-01-01T00:00", "end": "9999-12-31T23:59"}]
    assert read_problem(document).groups[0].unavailable[0].start.year == 1


def test_an_interval_without_length_is_refused_on_the_first_day_of_the_calendar_too() -> None:
    document = deepcopy(DOCUMENT)
    document["groups"][0]["unavailable"] = [{"start": "0001-01-01T00:00", "end": "0001-01-01T00:00"}]
    with pytest.raises(ProblemFormatError, match="must be after start"):
        read_problem(document)


def test_a_document_in_which_everything_is_wrong_is_not_listed_without_end() -> None:
    with pytest.raises(ProblemFormatError) as error:
        read_problem({**DOCUMENT, "slots": [{}] * 100_000})
    assert len(error.value.problems) == 10_001
    assert "more problems" in str(error.value.problems[-1])


def test_a_field_with_a_very_long_name_is_named_in_short() -> None:
    with pytest.raises(ProblemFormatError) as error:
        read_problem({**DOCUMENT, "a" * 10_000: 1})
    assert len(str(error.value)) < 200


def test_a_number_too_large_for_floating_point_is_refused() -> None:
    with pytest.raises(ProblemFormatError, match="finite"):
        read_problem(json.dumps(DOCUMENT).replace("15.0", "1e999"))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def damaged_documents(draw: st.DrawFn) -> dict[str, Any]:
    """The document with any value anywhere replaced, or any field dropped or added."""
    document = deepcopy(DOCUMENT)
    target: Any = document
    while True:
        steps = list(target) if isinstance(target, dict) else list(range(len(target)))
        step = draw(st.sampled_from(steps))
        if not isinstance(target[step], dict | list) or not target[step] or draw(st.booleans()):
            break
        target = target[step]
    if draw(st.booleans()):
        target[step] = draw(_JSON)
    else:
        del target[step]
    return document


@settings(max_examples=300, deadline=None)
@given(document=damaged_documents())
def test_damage_anywhere_is_either_harmless_or_refused_with_sentences(document: dict[str, Any]) -> None:
    refused = refusal_of(document)
    if refused is None:
        problem = read_problem(document)
        assert write_problem(read_problem(write_problem(problem))) == write_problem(problem)
    else:
        assert refused.problems
        assert all(item.path.startswith("$") and item.message for item in refused.problems)
        str(refused).encode()


def refusal_of(document: dict[str, Any]) -> ProblemFormatError | None:
    try:
        read_problem(document)
    except ProblemFormatError as error:
        return error
    return None


@settings(max_examples=50, deadline=None)
@given(value=_JSON)
def test_any_json_value_is_refused_with_sentences(value: Any) -> None:
    with pytest.raises(ProblemFormatError):
        read_problem(json.dumps(value))


@settings(max_examples=100, deadline=None)
@given(problem=problems())
def test_a_problem_survives_writing_and_reading(problem: Problem) -> None:
    text = write_problem(problem)
    again = read_problem(text)
    assert write_problem(again) == text
    assert problem_sha256(again) == problem_sha256(problem)


@settings(max_examples=30, deadline=None)
@given(problem=problems())
def test_a_result_survives_writing_and_reading(problem: Problem) -> None:
    result = solve(problem)
    assert read_result(write_result(result)) == result


def test_the_hash_does_not_depend_on_order_of_fields_white_space_or_defaults() -> None:
    spelled_out = json.loads(write_problem(read_problem(DOCUMENT)))
    turned = {key: spelled_out[key] for key in reversed(spelled_out)}
    same = [read_problem(text) for text in (json.dumps(DOCUMENT), json.dumps(turned, indent=7), spelled_out)]
    assert len({problem_sha256(problem) for problem in same}) == 1


def test_the_hash_depends_on_every_value() -> None:
    problem = read_problem(DOCUMENT)
    others = [
        replace(problem, guarantee=3),
        replace(problem, published=()),
        replace(problem, locked=()),
        replace(problem, fairness_band=0.0),
        replace(problem, slots=(replace(problem.slots[0], groups=2),)),
    ]
    assert len({problem_sha256(item) for item in (problem, *others)}) == 6


def test_defaults_are_those_of_the_format() -> None:
    problem = read_problem(DOCUMENT)
    assert (problem.guarantee, problem.detour_factor, problem.min_gap_minutes) == (2, 1.0, 0)
    assert (problem.fairness_band, problem.published) == (0.001, None)
    assert (problem.groups[0].wanted, problem.groups[0].open_to_other) == (1, False)
    assert (problem.slots[0].min_groups, problem.slots[0].pupils) == (0, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "great"),
        ("seed", 1.5),
        ("seconds", -1),
        ("placements", None),
        ("solver", None),
        ("more", 1),
    ],
)
def test_a_wrong_result_is_refused_by_path(name: str, value: Any) -> None:
    document = json.loads(write_result(solve(read_problem(DOCUMENT))))
    document[name] = value
    with pytest.raises(ProblemFormatError) as error:
        read_result(document)
    assert f"$.{name}" in paths_of(error)
