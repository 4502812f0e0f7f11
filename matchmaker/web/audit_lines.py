"""Lines of the audit log: for organisers with names, for schools and hosts without those of organisers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from matchmaker import trace
from matchmaker.domain.kinds import REGION_ROLES, Role
from matchmaker.models import AuditEntry
from matchmaker.queries.audit_objects import Named, name_objects
from matchmaker.web.audit_words import name_fact, tell, tell_value
from matchmaker.web.labels import label
from matchmaker.web.language import gettext as _

_MEMBERS = (set(Role) - REGION_ROLES) | {trace.SELF}


@dataclass(frozen=True)
class Change:
    """One fact before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class LogLine:
    """One entry as people read it; `url` is empty when the object has no page."""

    moment: datetime
    sentence: str
    who: str
    role: str
    organisation: str
    on_behalf: bool
    url: str
    changes: tuple[Change, ...]
    request_id: str


def build_region_lines(slug: str, entries: Sequence[AuditEntry]) -> list[LogLine]:
    """Return the lines for organisers, who read who it was."""
    return _build_lines(entries, _name_person, lambda entry: _find_page(slug, entry))


def build_organisation_lines(entries: Sequence[AuditEntry]) -> list[LogLine]:
    """Return the lines for a school or host: whoever works for the region is the regional bureau to them."""
    return _build_lines(entries, _name_for_members, lambda _entry: "")


def _build_lines(
    entries: Sequence[AuditEntry], name: Callable[[AuditEntry], str], find_page: Callable[[AuditEntry], str]
) -> list[LogLine]:
    names = name_objects(entries)
    return [_build_line(entry, name(entry), names, find_page) for entry in entries]


def _build_line(
    entry: AuditEntry,
    who: str,
    names: Mapping[tuple[str, int], Named],
    find_page: Callable[[AuditEntry], str],
) -> LogLine:
    named = names.get((entry.object_type, entry.object_id or 0))
    sentence = tell(entry.action, who, _name_object(entry, named), entry.after)
    return LogLine(
        moment=entry.created_at,
        sentence=sentence[:1].upper() + sentence[1:],
        who=who,
        role=_name_role(entry.acting_as),
        organisation=entry.organisation.name if entry.organisation else "",
        on_behalf=entry.on_behalf,
        url=find_page(entry) if named else "",
        changes=_list_changes(entry.before or {}, entry.after or {}),
        request_id=entry.request_id,
    )


def _list_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    names = list(dict.fromkeys([*before, *after]))
    return tuple(
        Change(name_fact(name), tell_value(name, before.get(name)), tell_value(name, after.get(name)))
        for name in names
    )


def _name_person(entry: AuditEntry) -> str:
    if entry.actor is not None:
        return entry.actor.name
    if entry.acting_as == trace.VISITOR:
        return _("een bezoeker")
    return _("de beheerder van de site") if entry.acting_as.startswith("command:") else _("het systeem")


def _name_for_members(entry: AuditEntry) -> str:
    """Return the name of who acted as a member; a task may do what somebody of the region asked for."""
    is_member = entry.acting_as in _MEMBERS
    return _name_person(entry) if entry.actor is None or is_member else _("het regiobureau")


def _name_role(acting_as: str) -> str:
    return label(Role(acting_as)) if acting_as in set(Role) else ""


def _name_object(entry: AuditEntry, named: Named | None) -> str:
    if named is None:
        return _("nummer %(number)s", number=entry.object_id) if entry.object_id else ""
    if entry.object_type == "allocation_run":
        return _("toewijzing %(number)s van de ronde %(round)s", number=named.number, round=named.name)
    if entry.object_type == "round":
        return _("de ronde %(name)s", name=named.name)
    return named.name


def _find_page(slug: str, entry: AuditEntry) -> str:
    """Return the address of the page of what an entry is about, empty when it has none."""
    row_id = entry.object_id
    match entry.object_type:
        case "round":
            return url_for("organiser.show_round", slug=slug, round_id=row_id)
        case "allocation_run":
            return url_for("organiser.show_run", slug=slug, run_id=row_id)
        case "message":
            return url_for("organiser.show_message", slug=slug, message_id=row_id)
        case "school":
            return url_for("school.show_home", school_id=row_id)
        case "host":
            return url_for("host.show_home", host_id=row_id)
        case _:
            return ""
