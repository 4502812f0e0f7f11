"""What the engine can say beside a run, calculated in a process of its own.

    python -m matchmaker.services.analysis_process --kind report --problem P.json --result R.json --out A.json

The answer is written after every part, so that what is known stays when a later part fails. Ids are those
of the problem; whoever shows the answer knows the names.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from matchmaker.allocation.blind_spots import find_blind_spots
from matchmaker.allocation.certificate import certify
from matchmaker.allocation.counterfactual import force
from matchmaker.allocation.files import read_problem_file, read_result_file
from matchmaker.allocation.helping import what_would_help
from matchmaker.allocation.measures import measure
from matchmaker.allocation.moves import list_moves
from matchmaker.allocation.problem import Problem, Result
from matchmaker.allocation.prospects import find_prospects
from matchmaker.allocation.shortfalls import list_structural
from matchmaker.allocation.smallest_set import smallest_set
from matchmaker.allocation.yardsticks import YARDSTICKS, run_yardstick
from matchmaker.domain.analyses import AnalysisKind

_MOST_SPOTS = 10
_CERTIFICATE_SECONDS = 20.0
_Document = dict[str, Any]
_Parts = Iterator[tuple[str, Any]]


def prospects(problem: Problem, _result: Result | None, _subject: str, _seconds: float) -> _Parts:
    """Yield what can be promised and expected while wishes come in; chances as a list of steps by group."""
    found = find_prospects(problem)
    wishes: dict[str, list[int]] = {}
    for wish in sorted(found.wishes, key=lambda wish: (wish.group, wish.rank)):
        wishes.setdefault(wish.group, []).append(wish.step)
    yield "guarantee_promised", found.guarantee_promised
    yield "least_below", found.least_below
    yield "bottlenecks", [asdict(item) for item in found.bottlenecks]
    yield "schools", {item.school: asdict(item) for item in found.schools}
    yield "wishes", wishes


def blind_spots(problem: Problem, _result: Result | None, _subject: str, seconds: float) -> _Parts:
    """Yield schools that no slot can help, extra slots that help most, and the smallest set of them."""
    yield "structural", [asdict(item) for item in list_structural(problem)]
    spots = find_blind_spots(problem, limit=_MOST_SPOTS, seconds=seconds / 2, with_wish_gains=True)
    yield "spots", [asdict(item) for item in spots]
    yield "smallest_set", asdict(smallest_set(problem, seconds=seconds / 2))


def report(problem: Problem, result: Result | None, _subject: str, seconds: float) -> _Parts:
    """Yield a result in figures beside those of the yardsticks, its moves, and its certificate."""
    own = _require(result)
    yield "engine", asdict(measure(problem, own.placements))
    yield (
        "yardsticks",
        {name: asdict(measure(problem, run_yardstick(problem, name, seed=own.seed))) for name in YARDSTICKS},
    )
    if problem.published is not None:
        yield "moves", [asdict(move) for move in list_moves(problem, own)]
    yield "certificate", asdict(certify(problem, own, seconds=min(seconds, _CERTIFICATE_SECONDS)))


def school_changes(problem: Problem, result: Result | None, subject: str, seconds: float) -> _Parts:
    """Yield what a school could have done to get more."""
    changes = what_would_help(problem, _require(result), subject, seconds=seconds)
    yield "changes", [asdict(change) for change in changes]


def placement_price(problem: Problem, result: Result | None, subject: str, seconds: float) -> _Parts:
    """Yield what it would cost others if a group had got an activity."""
    group, activity = subject.split(":")
    yield from asdict(force(problem, _require(result), group, activity=activity, seconds=seconds)).items()


_PARTS: dict[AnalysisKind, Callable[[Problem, Result | None, str, float], _Parts]] = {
    AnalysisKind.PROSPECTS: prospects,
    AnalysisKind.BLIND_SPOTS: blind_spots,
    AnalysisKind.REPORT: report,
    AnalysisKind.SCHOOL_CHANGES: school_changes,
    AnalysisKind.PLACEMENT_PRICE: placement_price,
}


def _require(result: Result | None) -> Result:
    if result is None:
        raise ValueError("this needs a result")
    return result


def main(arguments: list[str] | None = None) -> int:
    """Read, calculate and write; return the exit code."""
    options = _parser().parse_args(arguments)
    threading.Thread(target=_follow_parent, daemon=True).start()
    try:
        _calculate(options)
    except Exception:  # noqa: BLE001 - a process reports whatever ended it
        traceback.print_exc()
        return 1
    return 0


def _calculate(options: argparse.Namespace) -> None:
    problem = read_problem_file(options.problem)
    result = read_result_file(options.result) if options.result else None
    document: _Document = {}
    for name, value in _PARTS[AnalysisKind(options.kind)](problem, result, options.subject, options.seconds):
        document[name] = value
        _write(options.out, document)
        print(json.dumps({"part": name}), flush=True)  # noqa: T201 - this is a program


def _follow_parent() -> None:
    """End once standard input ends: the parent is gone, whatever ended it."""
    sys.stdin.buffer.read()
    os._exit(143)


def _write(out: Path, document: _Document) -> None:
    """Put the file there whole or not at all."""
    draft = out.with_suffix(".draft")
    draft.write_text(json.dumps(document, ensure_ascii=False, default=str), encoding="utf-8")
    draft.replace(out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=[kind.value for kind in AnalysisKind], required=True)
    parser.add_argument("--problem", type=Path, required=True)
    parser.add_argument("--result", type=Path)
    parser.add_argument("--subject", default="")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--out", type=Path, required=True)
    return parser


if __name__ == "__main__":
    code = main()
    # The thread that follows the parent still reads, and must not hold up the end.
    os._exit(code)
