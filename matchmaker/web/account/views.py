"""Signing in and out, and the list of one's homes."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.config import Settings
from matchmaker.domain.errors import SignInCodeError
from matchmaker.domain.kinds import REGION_ROLES
from matchmaker.queries import regions
from matchmaker.queries.people import is_example_person
from matchmaker.services import sign_in
from matchmaker.services.devices import sign_out_token
from matchmaker.services.throttling import count_mail_request, counted_guess
from matchmaker.web.access import Public, SignedIn, access
from matchmaker.web.account.forms import CodeForm, EmailForm
from matchmaker.web.account.home_list import build_home_list
from matchmaker.web.account.limits import count_own_request, find_caller, has_asked_too_often, remember_device
from matchmaker.web.account.pages import list_example_people, safe_path
from matchmaker.web.errors import sentence_for
from matchmaker.web.homes import find_last_home, read_recent
from matchmaker.web.identity import TOKEN_KEY, enter_as, find_visitor, get_visitor
from matchmaker.web.language import gettext as _

account = Blueprint("account", __name__)


@account.get("/inloggen")
@access(Public())
def show_sign_in() -> str | Response:
    """Ask for the address."""
    if find_visitor():
        return redirect(url_for("account.list_homes"))
    return _sign_in_page(EmailForm())


@account.post("/inloggen")
@access(Public())
def request_sign_in() -> str | Response:
    """Send link and code; the answer is the same for every address."""
    form = EmailForm()
    if not form.validate_on_submit():
        return _sign_in_page(form)
    count_mail_request(find_caller(form.email.data))
    made = sign_in.request_sign_in(form.email.data)
    jobs.kick_delivery()
    session["sign_in_email"] = form.email.data.strip().lower()
    count_own_request(session["sign_in_email"])
    session.pop("demo_code", None)
    if _settings().demo and is_example_person(form.email.data):
        session["demo_code"] = made.code
    return redirect(url_for("account.show_code"))


@account.get("/inloggen/code")
@access(Public())
def show_code() -> str | Response:
    """Ask for the code of the mail."""
    if "sign_in_email" not in session:
        return redirect(url_for("account.show_sign_in"))
    return _code_page(CodeForm())


@account.post("/inloggen/code")
@access(Public())
def use_code() -> str | Response:
    """Sign in with the code."""
    form = CodeForm()
    email = session.get("sign_in_email")
    if email is None:
        return redirect(url_for("account.show_sign_in"))
    if not form.validate_on_submit():
        return _code_page(form)
    try:
        with counted_guess(find_caller(email)):
            user_id = sign_in.use_code(email, form.code.data)
    except SignInCodeError as error:
        form.code.errors = [sentence_for(error)]
        return _code_page(form)
    return enter(user_id)


@account.get("/inloggen/link/<string:token>")
@access(Public())
def show_link(token: str) -> str:
    """Show the button that uses the link: mail scanners open links, so opening uses nothing."""
    return render_template("account/sign_in_link.html", token=token)


@account.post("/inloggen/link/<string:token>")
@access(Public())
def use_link(token: str) -> Response:
    """Sign in with the link."""
    try:
        with counted_guess(find_caller()):
            user_id = sign_in.use_link(token)
    except SignInCodeError:
        flash(_("Deze link is gebruikt, vervangen of ouder dan 15 minuten. Vraag een nieuwe aan."), "stop")
        return redirect(url_for("account.show_sign_in"))
    return enter(user_id)


@account.post("/uitloggen")
@access(Public())
def sign_out() -> Response:
    """End the session on this device."""
    if TOKEN_KEY in session:
        sign_out_token(session[TOKEN_KEY])
    forget_visitor()
    flash(_("U bent uitgelogd."), "ok")
    return redirect(url_for("public.show_start"))


@account.get("/mijn")
@access(SignedIn())
def list_homes() -> str | Response:
    """Go to the one home, or choose between several."""
    visitor = get_visitor()
    homes = visitor.homes()
    if len(homes) == 1:
        return redirect(homes[0].url)
    if not homes:
        return render_template("account/no_home.html", visitor=visitor, regions=regions.list_regions())
    page = build_home_list(homes, read_recent(), request.args.get("q", ""), request.args.get("nu", ""))
    return render_template("account/home_list.html", page=page)


def forget_visitor() -> None:
    """Empty the session of this browser; only the language stays."""
    language = session.get("language")
    logout_user()
    session.clear()
    session["language"] = language


def enter(user_id: int, *, second_step: bool = False) -> Response:
    """Begin a session as this person and lead them to the page they wanted."""
    target = safe_path(session.get("after_sign_in"))
    language = session.get("language")
    visitor = enter_as(user_id, second_step=second_step)
    if visitor is None:
        return redirect(url_for("account.show_sign_in"))
    session["language"] = language or visitor.language
    # Who works for a region sees everybody's data: their session ends with the browser.
    session.permanent = not any(m.role in REGION_ROLES for m in visitor.memberships)
    if visitor.lacks_second_step():
        session["after_sign_in"] = target
        target = url_for("account.show_second_step")
    response = redirect(target or find_last_home(visitor) or url_for("account.list_homes"))
    remember_device(response, visitor.email)
    return response


def _sign_in_page(form: EmailForm) -> str:
    people = list_example_people() if _settings().demo else []
    return render_template("account/sign_in.html", form=form, people=people, providers=_settings().providers)


def _code_page(form: CodeForm) -> str:
    return render_template(
        "account/sign_in_code.html",
        form=form,
        email=session["sign_in_email"],
        asked_too_often=has_asked_too_often(session["sign_in_email"]),
        demo_code=session.get("demo_code") if _settings().demo else None,
    )


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
