"""Pages of organisers: send mails again, hold them back and let them go."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.domain.mail_problems import MailProblem
from matchmaker.domain.permissions import Permission
from matchmaker.domain.runs import MessageState
from matchmaker.queries import mail_log
from matchmaker.queries.mail_log import MessageFilters
from matchmaker.services.resending import resend_failed
from matchmaker.services.sending import pause_sending, resend_message, resume_sending
from matchmaker.web.access import Organiser, access, current_region
from matchmaker.web.errors import refusal_as_message
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext
from matchmaker.web.organiser import message_pages
from matchmaker.web.organiser.message_pages import LogPlace
from matchmaker.web.organiser.views import organiser


@organiser.post("/organisator/<string:slug>/berichten/<int:message_id>/opnieuw")
@access(Organiser("slug", Permission.MANAGE_MAILS))
def send_message_again(slug: str, message_id: int) -> Response:  # noqa: ARG001 - the access rule has loaded the region
    """Let one message leave once more."""
    region = current_region()
    mail_log.get_message(region.id, message_id)
    with refusal_as_message():
        resend_message(message_id)
        jobs.kick_delivery()
        flash(_("De mail staat klaar om opnieuw weg te gaan."), "ok")
    return redirect(message_pages.parse_place(region, request.args).message_url(message_id))


@organiser.post("/organisator/<string:slug>/berichten/opnieuw")
@access(Organiser("slug", Permission.MANAGE_MAILS))
def send_failed_again(slug: str) -> Response:  # noqa: ARG001
    """Let all failed messages of one problem leave once more."""
    region, wanted = current_region(), request.form.get("probleem", "")
    problem = MailProblem(wanted) if wanted in set(MailProblem) else MailProblem.OTHER
    number = resend_failed(region.id, problem)
    jobs.kick_delivery()
    words = ngettext(
        "%(num)d mail staat klaar om opnieuw weg te gaan.",
        "%(num)d mails staan klaar om opnieuw weg te gaan.",
        number,
    )
    flash(words if number else _("Er is niets meer om opnieuw te sturen."), "ok" if number else "info")
    return redirect(LogPlace(region, MessageFilters(state=MessageState.QUEUED), 1).list_url())


@organiser.get("/organisator/<string:slug>/berichten/pauze")
@access(Organiser("slug", Permission.MANAGE_MAILS))
def confirm_pause(slug: str) -> str:  # noqa: ARG001
    """Say what holding mail back means, before it is done or ended."""
    region = current_region()
    waiting = mail_log.count_waiting(region.id)
    return render_template(
        "organiser/sending_pause.html", region=region, waiting=message_pages.format_count(waiting)
    )


@organiser.post("/organisator/<string:slug>/berichten/pauze")
@access(Organiser("slug", Permission.MANAGE_MAILS))
def pause_mail(slug: str) -> Response:  # noqa: ARG001
    """Hold the region's mail back."""
    region = current_region()
    pause_sending(region.id)
    flash(_("De mails van de regio wachten tot u ze weer laat gaan."), "ok")
    return redirect(LogPlace(region, MessageFilters(), 1).list_url())


@organiser.post("/organisator/<string:slug>/berichten/hervatten")
@access(Organiser("slug", Permission.MANAGE_MAILS))
def resume_mail(slug: str) -> Response:  # noqa: ARG001
    """Let the region's mail go again."""
    region = current_region()
    resume_sending(region.id)
    jobs.kick_delivery()
    flash(_("De mails van de regio gaan weer weg."), "ok")
    return redirect(LogPlace(region, MessageFilters(), 1).list_url())
