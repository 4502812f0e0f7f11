"""What the page of the audit log shows beyond one query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for

from matchmaker import clock
from matchmaker.exchange.plain_table import write_table
from matchmaker.models import AuditEntry, Region
from matchmaker.queries import audit_log
from matchmaker.queries.audit_log import LogFilters
from matchmaker.queries.slices import Slice
from matchmaker.web.audit_lines import LogLine, build_region_lines
from matchmaker.web.audit_words import name_act
from matchmaker.web.language import gettext as _

# The filters by their names in the address.
_NAMES = {
    "since": "van",
    "until": "tot",
    "actor_id": "wie",
    "organisation_id": "organisatie",
    "action": "wat",
    "on_behalf": "namens",
    "request": "kenmerk",
}
_YEARS = range(2020, 2200)


@dataclass(frozen=True)
class LogPage:
    """One page of the audit log, as filtered."""

    region: Region
    filters: LogFilters
    slice: Slice[AuditEntry]
    lines: list[LogLine]
    people: list[tuple[int, str]]
    organisations: list[tuple[int, str]]
    actions: list[tuple[str, str]]

    def url(self, page: int) -> str:
        """Return the address of another page with the same filters."""
        return url_for(
            "organiser.show_log", slug=self.region.slug, pagina=page, **write_filters(self.filters)
        )

    def export_url(self) -> str:
        """Return the address of the file with what the filters leave."""
        return url_for("organiser.download_log", slug=self.region.slug, **write_filters(self.filters))

    @property
    def is_filtered(self) -> bool:
        """Tell whether anything was asked for."""
        return self.filters != LogFilters()

    @property
    def is_cut(self) -> bool:
        """Tell whether there are more entries than a file holds."""
        return self.slice.total > audit_log.MOST_EXPORTED


def build_log_page(region: Region, filters: LogFilters, page: int) -> LogPage:
    """Build one page of the audit log, with the choices that lead to something."""
    found = audit_log.list_region_entries(region.id, filters, page)
    actions = [(action, name_act(action)) for action in audit_log.list_actions(region.id)]
    return LogPage(
        region=region,
        filters=filters,
        slice=found,
        lines=build_region_lines(region.slug, found.rows),
        people=[(user.id, user.name) for user in audit_log.list_actors(region.id)],
        organisations=[(o.id, o.name) for o in audit_log.list_concerned(region.id)],
        actions=sorted(actions, key=lambda choice: choice[1]),
    )


def read_filters(arguments: Mapping[str, str]) -> LogFilters:
    """Read the filters from an address; what is not known counts as not asked."""
    asked = {name: arguments.get(word, "").replace("\x00", "").strip()[:80] for name, word in _NAMES.items()}
    return LogFilters(
        since=_read_day(asked["since"]),
        until=_read_day(asked["until"]),
        actor_id=_read_id(asked["actor_id"]),
        organisation_id=_read_id(asked["organisation_id"]),
        action=asked["action"],
        on_behalf=asked["on_behalf"] == "ja",
        request=asked["request"].lower(),
    )


def write_filters(filters: LogFilters) -> dict[str, Any]:
    """Return the filters as they stand in an address."""
    asked = {**asdict(filters), "on_behalf": "ja" if filters.on_behalf else ""}
    return {_NAMES[name]: str(value) for name, value in asked.items() if value}


def build_log_file(region: Region, filters: LogFilters) -> bytes:
    """Return the filtered log as a workbook, newest first."""
    entries = audit_log.list_exported_entries(region.id, filters)
    header = [
        _("Wanneer"),
        _("Wie"),
        _("Rol"),
        _("Organisatie"),
        _("Namens"),
        _("Wat"),
        _("Was"),
        _("Werd"),
        _("Kenmerk"),
    ]
    rows = [_list_cells(line) for line in build_region_lines(region.slug, entries)]
    return write_table(_("Logboek"), header, rows)


def _list_cells(line: LogLine) -> list[str | datetime]:
    return [
        clock.local(line.moment).replace(tzinfo=None),
        line.who,
        line.role,
        line.organisation,
        _("ja") if line.on_behalf else _("nee"),
        line.sentence,
        "; ".join(f"{change.name}: {change.before}" for change in line.changes),
        "; ".join(f"{change.name}: {change.after}" for change in line.changes),
        line.request_id,
    ]


def _read_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _read_id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
