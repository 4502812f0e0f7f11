"""What the page of settings shows beside the form."""

from __future__ import annotations

from dataclasses import dataclass, fields

from flask import request

from matchmaker.domain.region_settings import RegionSettings
from matchmaker.extensions import db
from matchmaker.models import Region
from matchmaker.web.language import gettext as _
from matchmaker.web.organiser.settings_forms import RegionSettingsForm, read_settings_of


@dataclass(frozen=True)
class Difference:
    """A setting that is saved otherwise than it stands in the form."""

    field: str
    label: str
    saved: str


@dataclass(frozen=True)
class SettingsPage:
    """The version that the form is about, and what somebody else saved meanwhile."""

    version: int
    conflicts: list[Difference]


def build_settings_page(region: Region, form: RegionSettingsForm, *, is_conflict: bool) -> SettingsPage:
    """Build the page; after a conflict the form is about the version that was just shown beside it."""
    if not is_conflict:
        asked = request.form.get("version", type=int) if request.method == "POST" else None
        return SettingsPage(asked or region.version, [])
    db.session.refresh(region)
    saved, typed = read_settings_of(region), form.settings()
    conflicts = [
        Difference(form[name].id, form[name].label.text, _write(getattr(saved, name)))
        for name in (field.name for field in fields(RegionSettings))
        if getattr(saved, name) != getattr(typed, name)
    ]
    return SettingsPage(region.version, conflicts)


def _write(value: object) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return str(value) or _("leeg")
