"""The profile: who one is here, and on which devices one is signed in."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker.config import Settings
from matchmaker.queries.people import get_user, has_password
from matchmaker.services.devices import sign_out_device, sign_out_everywhere
from matchmaker.services.profile import change_own_details
from matchmaker.web.access import SignedIn, access
from matchmaker.web.account.forms import DetailsForm
from matchmaker.web.account.pages import list_linkable_providers, list_own_devices, list_own_identities
from matchmaker.web.account.views import account, forget_visitor
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _


@account.get("/mijn/profiel")
@access(SignedIn())
def show_profile() -> str:
    """Show the person's own details and devices."""
    user = get_user(get_visitor().id)
    return _profile_page(DetailsForm(name=user.name, phone=user.phone))


@account.post("/mijn/profiel")
@access(SignedIn())
def change_details() -> str | Response:
    """Change one's own name and telephone number."""
    form = DetailsForm()
    if not form.validate_on_submit():
        return _profile_page(form)
    change_own_details(get_visitor().id, form.name.data, form.phone.data)
    flash(_("Uw gegevens zijn bewaard."), "ok")
    return redirect(url_for("account.show_profile"))


@account.get("/mijn/bevestigen")
@access(SignedIn())
def confirm() -> str:
    """Ask somebody who signed in a while ago to prove again who they are."""
    visitor = get_visitor()
    return render_template("account/confirm.html", visitor=visitor, has_password=has_password(visitor.id))


@account.post("/mijn/apparaten/<int:device_id>/uitloggen")
@access(SignedIn())
def end_device(device_id: int) -> Response:
    """Sign out another device, such as one that was left behind somewhere."""
    visitor = get_visitor()
    sign_out_device(visitor.id, device_id)
    if device_id == visitor.device.id:
        forget_visitor()
        return redirect(url_for("account.show_sign_in"))
    flash(_("Dat apparaat is uitgelogd."), "ok")
    return redirect(url_for("account.show_profile"))


@account.post("/mijn/apparaten/uitloggen")
@access(SignedIn())
def end_all_devices() -> Response:
    """Sign out everywhere, here too."""
    visitor = get_visitor()
    sign_out_everywhere(visitor.id, visitor.id)
    forget_visitor()
    flash(_("U bent overal uitgelogd."), "ok")
    return redirect(url_for("account.show_sign_in"))


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _profile_page(form: DetailsForm) -> str:
    visitor, settings = get_visitor(), _settings()
    identities = list_own_identities(visitor.id, settings.providers)
    return render_template(
        "account/profile.html",
        visitor=visitor,
        form=form,
        identities=identities,
        providers=list_linkable_providers(identities, settings.providers),
        devices=list_own_devices(visitor),
        has_password=has_password(visitor.id),
    )
