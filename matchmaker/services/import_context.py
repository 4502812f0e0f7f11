"""What the steps of one import share: session, region, report and the problems found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from matchmaker.exchange.problems import InputError, InputProblem
from matchmaker.models import Region, Round, SchoolYear
from matchmaker.services.import_report import ImportReport, SheetCounts


class _Numbered(Protocol):
    @property
    def row(self) -> int: ...


@dataclass(slots=True)
class ImportContext:
    """One import under way inside its transaction."""

    session: scoped_session[Session]
    region: Region
    report: ImportReport
    problems: list[InputProblem] = field(default_factory=list)
    # Sheet and code of rows that were refused: what refers to them is not wrong on that account.
    refused: set[tuple[str, str]] = field(default_factory=set)
    # School years by name that rows have named so far; None when there is no such year.
    years: dict[str, SchoolYear | None] = field(default_factory=dict)
    # Rounds that this import makes: whatever phase they start in, nobody was told anything yet.
    made_rounds: list[Round] = field(default_factory=list)

    def refuse(self, sheet: str, row: _Numbered, column: str, message: str) -> None:
        """Note a problem; the import goes on, to find the others."""
        self.problems.append(InputProblem(sheet, row.row, column, message))

    def refuse_reference(
        self, sheet: str, row: _Numbered, column: str, reference: tuple[str, str, str]
    ) -> None:
        """Note that a row refers to a code (sheet, noun, code) that is neither known nor refused itself."""
        target, noun, code = reference
        if (target, code) not in self.refused:
            self.refuse(sheet, row, column, f"Er is geen {noun} met de code {code}.")

    def require_no_problems(self) -> None:
        """Stop the import when anything is wrong.

        Raises
        ------
        matchmaker.exchange.problems.InputError
            With every problem noted so far.
        """
        if self.problems:
            raise InputError(sorted(self.problems))


def change(target: object, values: Mapping[str, Any]) -> bool:
    """Set the attributes on which the file says something else; return whether any was.

    None means that the file is silent.
    """
    differing = {
        name: value for name, value in values.items() if value is not None and getattr(target, name) != value
    }
    for name, value in differing.items():
        setattr(target, name, value)
    return bool(differing)


def count_change(counts: SheetCounts, changed: bool) -> None:
    """Count a row that was there already."""
    if changed:
        counts.changed += 1
    else:
        counts.unchanged += 1


def said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return only what the file says, for making a new row with the models' defaults."""
    return {name: value for name, value in values.items() if value is not None}
