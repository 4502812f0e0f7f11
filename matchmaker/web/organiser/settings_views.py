"""The settings of a region, and what happens when two people change them at one moment."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import EditConflictError
from matchmaker.domain.permissions import Permission
from matchmaker.services.region_settings import change_region_settings
from matchmaker.web.access import Organiser, access, current_region
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.organiser.settings_forms import RegionSettingsForm, read_settings_of
from matchmaker.web.organiser.settings_pages import build_settings_page
from matchmaker.web.organiser.views import organiser


@organiser.get("/organisator/<string:slug>/instellingen")
@access(Organiser("slug", Permission.MANAGE_REGION, recent=True))
def show_settings(slug: str) -> str:  # noqa: ARG001 - the access rule has loaded the region
    """Show the settings of the region."""
    form = RegionSettingsForm(formdata=None, obj=read_settings_of(current_region()))
    return _settings_page(form)


@organiser.post("/organisator/<string:slug>/instellingen")
@access(Organiser("slug", Permission.MANAGE_REGION, recent=True))
def save_settings(slug: str) -> str | Response | tuple[str, int]:
    """Save the settings; somebody else's change is shown before it would be overwritten."""
    form, region = RegionSettingsForm(), current_region()
    if not form.validate_on_submit():
        return _settings_page(form)
    version = request.form.get("version", 0, type=int)
    try:
        changed = change_region_settings(region.id, version, form.settings(), get_visitor().id)
    except EditConflictError:
        return _settings_page(form, is_conflict=True), 409
    flash(_("De instellingen zijn bewaard.") if changed else _("Er was niets veranderd."), "ok")
    return redirect(url_for("organiser.show_settings", slug=slug))


def _settings_page(form: RegionSettingsForm, *, is_conflict: bool = False) -> str:
    page = build_settings_page(current_region(), form, is_conflict=is_conflict)
    return render_template("organiser/settings.html", region=current_region(), page=page, form=form)
