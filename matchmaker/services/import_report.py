"""What an import did, counted per sheet, with sentences for the person who did it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class SheetCounts:
    """Rows of one sheet: made, changed, already so, and in the region but not in the file."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    absent: int = 0


@dataclass(slots=True)
class ImportReport:
    """Counts by sheet in the order of the work, and notes in Dutch."""

    region: str = ""
    counts: dict[str, SheetCounts] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def of(self, sheet: str) -> SheetCounts:
        """Return the counts of a sheet, to add to."""
        return self.counts.setdefault(sheet, SheetCounts())

    @property
    def changed_anything(self) -> bool:
        """Whether any row was made or changed."""
        return any(counts.new or counts.changed for counts in self.counts.values())

    def facts(self) -> dict[str, Any]:
        """Return the counts for the audit log."""
        return {
            sheet: {"new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged}
            for sheet, counts in self.counts.items()
        }
