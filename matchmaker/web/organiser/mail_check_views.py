"""Pages of organisers: will mail arrive, and a trial mail to find out."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.domain.permissions import Permission
from matchmaker.services.trials import send_trial
from matchmaker.web.access import Organiser, access, current_region
from matchmaker.web.errors import refusal_as_message
from matchmaker.web.identity import get_visitor
from matchmaker.web.organiser.mail_check_pages import build_mail_check
from matchmaker.web.organiser.views import organiser


@organiser.get("/organisator/<string:slug>/mail-controle")
@access(Organiser("slug", Permission.MANAGE_MAILS))
def show_mail_check(slug: str) -> str:  # noqa: ARG001 - the access rule has loaded the region
    """Say line by line what the settings mean for mail, and what became of the last trial."""
    region = current_region()
    return render_template("organiser/mail_check.html", region=region, page=build_mail_check(region))


@organiser.post("/organisator/<string:slug>/mail-controle")
@access(Organiser("slug", Permission.MANAGE_MAILS))
def send_trial_mail(slug: str) -> Response:
    """Send a trial mail to who asks for it."""
    with refusal_as_message():
        send_trial(current_region().id, get_visitor().id)
        jobs.kick_delivery()
    return redirect(url_for("organiser.show_mail_check", slug=slug, _anchor="proefmail"))
