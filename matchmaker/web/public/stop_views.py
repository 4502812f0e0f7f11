"""Do without a sort of mails by the link under one of them: for people, and for mail programs (RFC 8058)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.services import stopping
from matchmaker.services.stopping import Choice
from matchmaker.services.throttling import limited_link
from matchmaker.web.access import Public, access
from matchmaker.web.account.limits import find_caller
from matchmaker.web.hosts import open_to_programs
from matchmaker.web.language import gettext as _
from matchmaker.web.language import language_of_mail
from matchmaker.web.mail_families import FAMILY_NOTES
from matchmaker.web.public.views import public

# What a mail program sends when somebody presses its own button, and our page as well.
ONE_CLICK = ("List-Unsubscribe", "One-Click")


@public.get("/afmelden/<string:mute_token>")
@access(Public())
def show_stopping(mute_token: str) -> str:
    """Say which mails this is about: scanners open links, so opening stops nothing."""
    with limited_link(find_caller()):
        choice = stopping.read_choice(mute_token)
    return _page(mute_token, choice)


@public.post("/afmelden/<string:mute_token>")
@access(Public())
@open_to_programs
def stop_mails(mute_token: str) -> str:
    """Stop the mails at once and answer with a page: programs do not follow to another."""
    name, value = ONE_CLICK
    is_meant = request.form.get(name) == value
    with limited_link(find_caller()):
        choice = stopping.stop_mails(mute_token) if is_meant else stopping.read_choice(mute_token)
    return _page(mute_token, choice)


@public.post("/afmelden/<string:mute_token>/toch-wel")
@access(Public())
def resume_mails(mute_token: str) -> Response:
    """Let the mails come again."""
    with limited_link(find_caller()):
        choice = stopping.resume_mails(mute_token)
    with language_of_mail(choice.language):
        flash(_("U krijgt deze mails weer."), "ok")
    return redirect(url_for("public.show_stopping", mute_token=mute_token))


def _page(token: str, choice: Choice) -> str:
    facts = {"choice": choice, "note": FAMILY_NOTES[choice.family], "token": token, "one_click": ONE_CLICK}
    with language_of_mail(choice.language):
        return render_template("public/stopping.html", **facts)
