"""What the engine can say beside a run, calculated in a process of its own.

    python -m matchmaker.services.analysis_process --kind report --problem P.json --result R.json --out A.json

The answer is written after every part, so that what is known stays when a later part fails. Ids are those
of the problem; only texts to forward hold the names that `--names` gives.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from matchmaker.allocation.blind_spots import find_blind_spots
from matchmaker.allocation.certificate import certify, format_certificate
from matchmaker.allocation.counterfactual import force, format_counterfactual
from matchmaker.allocation.files import read_problem_file, read_result_file
from matchmaker.allocation.helping import format_change, what_would_help
from matchmaker.allocation.measures import measure
from matchmaker.allocation.naming import IDS, Names
from matchmaker.allocation.problem import Problem, Result, Slot
from matchmaker.allocation.prospects import find_prospects
from matchmaker.allocation.shortfalls import list_structural
from matchmaker.allocation.smallest_set import smallest_set
from matchmaker.allocation.yardsticks import YARDSTICKS, run_yardstick
from matchmaker.domain.analyses import AnalysisKind

_MOST_SPOTS = 10
_CERTIFICATE_SECONDS = 20.0
_Parts = Iterator[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class _Task:
    """What is calculated about what, and how things are called in texts that people forward."""

    problem: Problem
    result: Result | None
    subject: str
    seconds: float
    names: Names

    def require_result(self) -> Result:
        """Return the result that this is about."""
        if self.result is None:
            raise ValueError("this needs a result")
        return self.result


def prospects(task: _Task) -> _Parts:
    """Yield what can be promised and expected while wishes come in; chances as a list of steps by group."""
    found = find_prospects(task.problem)
    wishes: dict[str, list[int]] = {}
    for wish in sorted(found.wishes, key=lambda wish: (wish.group, wish.rank)):
        wishes.setdefault(wish.group, []).append(wish.step)
    yield "guarantee_promised", found.guarantee_promised
    yield "least_below", found.least_below
    yield "bottlenecks", [asdict(item) for item in found.bottlenecks]
    yield "schools", {item.school: asdict(item) for item in found.schools}
    yield "wishes", wishes


def blind_spots(task: _Task) -> _Parts:
    """Yield schools that no slot can help, extra slots that help most, and the smallest set of them."""
    yield "structural", [asdict(item) for item in list_structural(task.problem)]
    spots = find_blind_spots(task.problem, limit=_MOST_SPOTS, seconds=task.seconds / 2, with_wish_gains=True)
    yield "spots", [asdict(item) for item in spots]
    yield "smallest_set", asdict(smallest_set(task.problem, seconds=task.seconds / 2))


def report(task: _Task) -> _Parts:
    """Yield a result in figures beside those of the yardsticks, and its certificate."""
    problem, own = task.problem, task.require_result()
    yield "engine", asdict(measure(problem, own.placements))
    others = {name: run_yardstick(problem, name, seed=own.seed) for name in YARDSTICKS}
    yield "yardsticks", {name: asdict(measure(problem, placements)) for name, placements in others.items()}
    certificate = certify(problem, own, seconds=min(task.seconds, _CERTIFICATE_SECONDS))
    yield "certificate", asdict(certificate)
    yield "certificate_text", format_certificate(certificate, problem, task.names)


def school_changes(task: _Task) -> _Parts:
    """Yield what a school could have done to get more."""
    changes = what_would_help(task.problem, task.require_result(), task.subject, seconds=task.seconds)
    yield "changes", [asdict(change) for change in changes]
    yield "sentences", [format_change(change, task.names) for change in changes]


def placement_price(task: _Task) -> _Parts:
    """Yield what it would cost others if a group had got an activity."""
    group, activity = task.subject.split(":")
    price = force(task.problem, task.require_result(), group, activity=activity, seconds=task.seconds)
    yield "price", asdict(price)
    yield "text", format_counterfactual(price, task.problem, task.names)


_PARTS: dict[AnalysisKind, Callable[[_Task], _Parts]] = {
    AnalysisKind.PROSPECTS: prospects,
    AnalysisKind.BLIND_SPOTS: blind_spots,
    AnalysisKind.REPORT: report,
    AnalysisKind.SCHOOL_CHANGES: school_changes,
    AnalysisKind.PLACEMENT_PRICE: placement_price,
}


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
    task = _Task(
        problem=read_problem_file(options.problem),
        result=read_result_file(options.result) if options.result else None,
        subject=options.subject,
        seconds=options.seconds,
        names=_read_names(options.names),
    )
    document: dict[str, Any] = {}
    for name, value in _PARTS[AnalysisKind(options.kind)](task):
        document[name] = value
        _write(options.out, document)
        print(json.dumps({"part": name}), flush=True)  # noqa: T201 - this is a program


def _read_names(path: Path | None) -> Names:
    """Return the names of things by id; what has none is called by its id."""
    if path is None:
        return IDS
    table = json.loads(path.read_text(encoding="utf-8"))

    def name(identifier: str) -> str:
        return str(table.get(identifier, identifier))

    return Names(school=name, group=name, activity=name, kind=name, slot=lambda slot: _name_slot(slot, name))


def _name_slot(slot: Slot, name: Callable[[str], str]) -> str:
    return f"{name(slot.activity)} op {slot.start:%d-%m-%Y} om {slot.start:%H.%M} uur"


def _follow_parent() -> None:
    """End once standard input ends: the parent is gone, whatever ended it."""
    sys.stdin.buffer.read()
    os._exit(143)


def _write(out: Path, document: dict[str, Any]) -> None:
    """Put the file there whole or not at all."""
    draft = out.with_suffix(".draft")
    draft.write_text(json.dumps(document, ensure_ascii=False, default=str), encoding="utf-8")
    draft.replace(out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=[kind.value for kind in AnalysisKind], required=True)
    parser.add_argument("--problem", type=Path, required=True)
    parser.add_argument("--result", type=Path)
    parser.add_argument("--names", type=Path)
    parser.add_argument("--subject", default="")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--out", type=Path, required=True)
    return parser


if __name__ == "__main__":
    code = main()
    # The thread that follows the parent still reads, and must not hold up the end.
    os._exit(code)
