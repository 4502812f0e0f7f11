"""Which mails people get, and in which language."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.muting import MailFamily
from matchmaker.queries.people import get_user
from matchmaker.services import preferences
from matchmaker.web.access import SignedIn, access
from matchmaker.web.account.forms import PreferencesForm
from matchmaker.web.account.mail_pages import build_mail_page
from matchmaker.web.account.views import account
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import choose_language
from matchmaker.web.language import gettext as _


@account.get("/mijn/mails")
@access(SignedIn())
def show_mails() -> str:
    """Show which mails one gets, and which one can do without."""
    visitor = get_visitor()
    user = get_user(visitor.id)
    return render_template(
        "account/mails.html",
        page=build_mail_page(visitor, user),
        email=visitor.email,
        form=PreferencesForm(language=user.language),
    )


@account.post("/mijn/mails")
@access(SignedIn())
def set_preferences() -> Response:
    """Keep the language and which mails are wanted."""
    form, visitor = PreferencesForm(), get_visitor()
    if form.validate_on_submit():
        user = get_user(visitor.id)
        shown = {line.family for line in build_mail_page(visitor, user).optional}
        # What the person cannot get with the roles of today stays as it was chosen before.
        others = {family for family in MailFamily if family.value in user.mutes} - shown
        muted = shown - {MailFamily(value) for value in form.wanted.data}
        preferences.set_preferences(visitor.id, form.language.data, muted | others)
        choose_language(form.language.data)
        flash(_("Uw voorkeuren zijn bewaard."), "ok")
    return redirect(url_for("account.show_mails"))
