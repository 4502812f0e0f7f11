"""A password for who wants one: sign in with it, set it, change it, remove it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import PasswordRefusedError, WeakPasswordError
from matchmaker.queries.people import has_password
from matchmaker.services import passwords
from matchmaker.services.throttling import counted_guess
from matchmaker.web.access import Public, SignedIn, access
from matchmaker.web.account.forms import NewPasswordForm, PasswordForm
from matchmaker.web.account.limits import find_caller
from matchmaker.web.account.views import account, enter
from matchmaker.web.errors import sentence_for
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _


@account.get("/inloggen/wachtwoord")
@access(Public())
def show_password_sign_in() -> str:
    """Ask for address and password."""
    return render_template("account/sign_in_password.html", form=PasswordForm())


@account.post("/inloggen/wachtwoord")
@access(Public())
def use_password() -> str | Response:
    """Sign in with the password."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template("account/sign_in_password.html", form=form)
    try:
        with counted_guess(find_caller(form.email.data)):
            user_id = passwords.use_password(form.email.data, form.password.data)
    except PasswordRefusedError as error:
        form.password.errors = [sentence_for(error)]
        return render_template("account/sign_in_password.html", form=form)
    return enter(user_id)


@account.get("/mijn/wachtwoord")
@access(SignedIn(recent=True))
def show_password() -> str:
    """Show the form for a new password."""
    return _password_page(NewPasswordForm())


@account.post("/mijn/wachtwoord")
@access(SignedIn(recent=True))
def set_password() -> str | Response:
    """Set or change the password."""
    form, visitor = NewPasswordForm(), get_visitor()
    if not form.validate_on_submit():
        return _password_page(form)
    try:
        passwords.set_password(visitor.id, form.password.data, keep_device_id=visitor.device.id)
    except WeakPasswordError as error:
        form.password.errors = [sentence_for(error)]
        return _password_page(form)
    flash(_("Uw wachtwoord is bewaard. Op andere apparaten bent u uitgelogd."), "ok")
    return redirect(url_for("account.show_profile"))


@account.post("/mijn/wachtwoord/verwijderen")
@access(SignedIn(recent=True))
def remove_password() -> Response:
    """Remove the password; the mail with link and code stays."""
    visitor = get_visitor()
    passwords.remove_password(visitor.id, keep_device_id=visitor.device.id)
    flash(_("Uw wachtwoord is weg. U logt voortaan in met een mail."), "ok")
    return redirect(url_for("account.show_profile"))


def _password_page(form: NewPasswordForm) -> str:
    return render_template("account/password.html", form=form, has_password=has_password(get_visitor().id))
