"""What the steps of one import share: session, region, report and the problems found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from matchmaker.exchange.problems import InputError, InputProblem
from matchmaker.exchange.rows import SheetRow
from matchmaker.models import Region, Round, SchoolYear
from matchmaker.services.import_report import ImportReport, SheetCounts


@dataclass(slots=True)
class ImportContext:
    """One import under way inside its transaction.

    When something is wrong the import goes on, to find everything else that is wrong, and is undone at its
    end. Rows that are broken or refused are noted, because what refers to them is not wrong on that account.
    """

    session: scoped_session[Session]
    region: Region
    report: ImportReport
    problems: list[InputProblem] = field(default_factory=list)
    # Our name of a sheet → its title in the file, in the order of the file.
    titles: Mapping[str, str] = field(default_factory=dict)
    # Sheets of which it is unknown which rows they hold.
    unreadable: frozenset[str] = frozenset()
    # The region is a stand-in, because the file does not say well which is meant. What the file leaves out
    # may then be known already.
    is_guessing: bool = False
    # The file's own school year is unknown, and that has been told.
    is_year_doubtful: bool = False
    # Rows that were not taken in, by sheet and folded code or name.
    refused: dict[tuple[str, str], SheetRow] = field(default_factory=dict)
    # School years by name that rows have named so far, or the sentence that says why there is no such year.
    years: dict[str, SchoolYear | str] = field(default_factory=dict)
    # Rounds that this import makes: whatever phase they start in, nobody was told anything yet.
    made_rounds: list[Round] = field(default_factory=list)

    def refuse(self, sheet: str, row: SheetRow, column: str, message: str) -> None:
        """Note a problem, unless one was told of this very cell; the import goes on, to find the others."""
        if column not in row.broken:
            self.problems.append(InputProblem(self.titles.get(sheet, sheet), row.row, column, message))

    def refuse_when_new(self, sheet: str, row: SheetRow, column: str, message: str) -> None:
        """Note a problem that is one only because the region does not know more than the file says."""
        if not self.is_guessing:
            self.refuse(sheet, row, column, message)

    def refuse_reference(
        self, sheet: str, row: SheetRow, column: str, reference: tuple[str, str, str]
    ) -> None:
        """Note that a row refers to a code (sheet, noun, code) that is neither known nor refused itself."""
        target, noun, code = reference
        if not self.is_refused(target, code):
            self.refuse_when_new(sheet, row, column, f"Er is geen {noun} met de code {code}.")

    def leave_out(self, sheet: str, code: str | None, row: SheetRow) -> None:
        """Note that a row was not taken in, under the code by which others refer to it, if it has any."""
        if code:
            self.refused.setdefault((sheet, code.casefold()), row)

    def is_refused(self, sheet: str, code: str | None) -> bool:
        """Return whether a code may belong to a row of this sheet that was not taken in."""
        return sheet in self.unreadable or (sheet, (code or "").casefold()) in self.refused

    def require_no_problems(self) -> None:
        """Stop the import when anything is wrong.

        Raises
        ------
        matchmaker.exchange.problems.InputError
            With every problem: of the file as a whole, then by sheet in the order of the file and by row.
        """
        if self.problems:
            order = {title: number for number, title in enumerate(self.titles.values())}
            raise InputError(sorted(self.problems, key=lambda p: (order.get(p.sheet, -1), p.sheet, p.row)))


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
