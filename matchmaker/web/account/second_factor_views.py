"""The second step of signing in, and the page on which it is set up."""

from __future__ import annotations

import segno
from flask import flash, redirect, render_template, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from matchmaker.domain.errors import SecondFactorError
from matchmaker.domain.second_factor import build_address, make_secret
from matchmaker.services import second_factor
from matchmaker.services.throttling import counted_guess
from matchmaker.web.access import SignedIn, access
from matchmaker.web.account.forms import AppCodeForm, SecondStepForm
from matchmaker.web.account.limits import find_caller
from matchmaker.web.account.views import account, enter
from matchmaker.web.errors import sentence_for
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _

# Where the secret waits until the app has shown that it took it over.
PENDING = "pending_second_factor"
ISSUER = "Matchmaker"


@account.get("/inloggen/tweede-stap")
@access(SignedIn(after_first_step=True))
def show_second_step() -> str | Response:
    """Ask for the code of the app."""
    if not get_visitor().lacks_second_step():
        return redirect(url_for("account.list_homes"))
    if not get_visitor().has_second_factor:
        return redirect(url_for("account.show_second_factor"))
    return render_template("account/second_step.html", form=SecondStepForm())


@account.post("/inloggen/tweede-stap")
@access(SignedIn(after_first_step=True))
def use_second_step() -> str | Response:
    """Finish signing in with the code of the app or a recovery code."""
    form, visitor = SecondStepForm(), get_visitor()
    if not form.validate_on_submit():
        return render_template("account/second_step.html", form=form)
    try:
        with counted_guess(find_caller(visitor.email)):
            second_factor.use_second_factor(visitor.id, form.code.data)
    except SecondFactorError as error:
        form.code.errors = [sentence_for(error)]
        return render_template("account/second_step.html", form=form)
    return enter(visitor.id, second_step=True)


@account.get("/mijn/tweede-stap")
@access(SignedIn(after_first_step=True, recent=True))
def show_second_factor() -> str | Response:
    """Show how to set the app up, or that it is."""
    visitor = get_visitor()
    if visitor.has_second_factor and visitor.lacks_second_step():
        return redirect(url_for("account.show_second_step"))
    if visitor.has_second_factor:
        return render_template("account/second_factor.html", required=visitor.requires_second_factor())
    session.setdefault(PENDING, make_secret())
    return _set_up_page(AppCodeForm())


@account.post("/mijn/tweede-stap")
@access(SignedIn(after_first_step=True, recent=True))
def add_second_factor() -> str | Response:
    """Add the app once it shows the right code; then show the recovery codes, this once."""
    form, visitor = AppCodeForm(), get_visitor()
    if PENDING not in session:
        return redirect(url_for("account.show_second_factor"))
    if not form.validate_on_submit():
        return _set_up_page(form)
    try:
        with counted_guess(find_caller(visitor.email)):
            codes = second_factor.add_second_factor(
                visitor.id, session[PENDING], form.code.data, keep_device_id=visitor.device.id
            )
    except SecondFactorError as error:
        form.code.errors = [sentence_for(error)]
        return _set_up_page(form)
    onward = enter(visitor.id, second_step=True)
    page = Response(
        render_template("account/recovery_codes.html", codes=codes, onward=onward.location),
        content_type="text/html; charset=utf-8",
    )
    for cookie in onward.headers.getlist("Set-Cookie"):
        page.headers.add("Set-Cookie", cookie)
    return page


@account.post("/mijn/tweede-stap/verwijderen")
@access(SignedIn(recent=True))
def remove_second_factor() -> Response:
    """Remove the app; who must have one sets up another."""
    visitor = get_visitor()
    second_factor.remove_second_factor(visitor.id, visitor.id, keep_device_id=visitor.device.id)
    flash(_("De app is losgemaakt van uw account."), "ok")
    onward = "show_second_factor" if visitor.requires_second_factor() else "show_profile"
    return redirect(url_for(f"account.{onward}"))


def _set_up_page(form: AppCodeForm) -> str:
    visitor, secret = get_visitor(), session[PENDING]
    code = segno.make(build_address(secret, visitor.email, ISSUER), error="m")
    return render_template(
        "account/second_factor_set_up.html",
        form=form,
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        # Made here from our own text: no part of it comes from a visitor unescaped.
        qr=Markup(code.svg_inline(scale=5, border=2, omitsize=False)),  # noqa: S704
        required=visitor.requires_second_factor(),
    )
