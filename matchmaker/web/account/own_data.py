"""One's own data as a page: what the inventory finds, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from matchmaker.domain.inventory import Eraser
from matchmaker.extensions import Base
from matchmaker.models.labelling import must_be_named, points_to_account
from matchmaker.queries.organisations import name_organisations
from matchmaker.queries.people import get_user
from matchmaker.queries.personal_data import Portion, label_of, list_portions, traces_of
from matchmaker.queries.regions import name_regions
from matchmaker.scope import unscoped
from matchmaker.web.account.device_names import name_browser, name_system
from matchmaker.web.audit_words import name_act
from matchmaker.web.formats import format_clock, format_day_full
from matchmaker.web.labels import find_label
from matchmaker.web.language import gettext as _
from matchmaker.web.public.register_words import CLASSES, COLUMNS, TABLES

MOST_ROWS = 50


@dataclass(frozen=True)
class OwnValue:
    """A value and what it is; `as_kept` when there are no words for it but those of the database."""

    word: str
    text: str
    as_kept: bool


@dataclass(frozen=True)
class OwnTable:
    """Rows of one table, newest first."""

    title: str
    relation: str
    rows: list[list[OwnValue]]
    count: int


def build_own_data(user_id: int) -> list[OwnTable]:
    """Return all that is kept about a person; of long tables the newest rows."""
    portions = list_portions(traces_of(get_user(user_id)))
    with unscoped("all that is kept about one person"):
        names = _Names.of(portions)
    return [_build_table(portion, names) for portion in portions]


@dataclass(frozen=True)
class _Names:
    """Names of what rows point to."""

    organisation_id: Mapping[int, str]
    region_id: Mapping[int, str]

    @classmethod
    def of(cls, portions: list[Portion]) -> _Names:
        rows = [row for portion in portions for row in portion.rows]
        return cls(
            name_organisations({row["organisation_id"] for row in rows if row.get("organisation_id")}),
            name_regions({row["region_id"] for row in rows if row.get("region_id")}),
        )


def _build_table(portion: Portion, names: _Names) -> OwnTable:
    title, _whose = TABLES[portion.table]
    newest = list(reversed(portion.rows))[:MOST_ROWS]
    relations = {"about": "", "done": _("door u gedaan"), "mentioned": _("hierin wordt u genoemd")}
    return OwnTable(
        title=str(title),
        relation=relations[portion.relation],
        rows=[_describe(portion.table, row, names) for row in newest],
        count=len(portion.rows),
    )


# What the labels of states do not cover.
_IN_WORDS: Mapping[str, Callable[[Any], str | None]] = {
    "audit_entry.action": name_act,
    "signed_in_device.browser": name_browser,
    "signed_in_device.system": name_system,
}


def _describe(table: str, row: Mapping[str, Any], names: _Names) -> list[OwnValue]:
    columns = Base.metadata.tables[table].c
    values = []
    for name, value in row.items():
        word = COLUMNS.get(f"{table}.{name}") or COLUMNS.get(name)
        if word is None and must_be_named(columns[name]) and not points_to_account(columns[name]):
            word = CLASSES[label_of(columns[name]).kind]
        if word is not None and value not in (None, "", [], {}):
            text = _say(f"{table}.{name}", value, getattr(names, name, {}))
            is_written = label_of(columns[name]).eraser in {Eraser.BLANKED, Eraser.REPLACED, Eraser.STRUCK}
            values.append(OwnValue(str(word), text or str(value), text is None and not is_written))
    return values


def _say(column: str, value: Any, names: Mapping[int, str]) -> str | None:
    """Return the value in words, or None when it stands for itself."""
    if column in _IN_WORDS:
        return _IN_WORDS[column](value)
    if value in names:
        return names[value]
    if isinstance(value, StrEnum):
        return find_label(value)
    if isinstance(value, datetime):
        return f"{format_day_full(value)}, {format_clock(value)}"
    return format_day_full(value) if isinstance(value, date) else None
