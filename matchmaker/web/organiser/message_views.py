"""Pages of organisers: the mail log."""

from __future__ import annotations

from flask import Response, render_template, request

from matchmaker.domain.permissions import Permission
from matchmaker.queries import mail_log
from matchmaker.web.access import Organiser, access, current_region
from matchmaker.web.downloads import mail_file
from matchmaker.web.headers import MAIL_SECURITY_POLICY
from matchmaker.web.organiser import message_pages
from matchmaker.web.organiser.mail_reading import read_mail
from matchmaker.web.organiser.views import organiser


@organiser.get("/organisator/<string:slug>/berichten")
@access(Organiser("slug", Permission.READ_MAILS))
def list_messages(slug: str) -> str:  # noqa: ARG001 - the access rule has loaded the region
    """Show the mail log; filters and page stand in the address."""
    region = current_region()
    page = message_pages.build_message_list(message_pages.parse_place(region, request.args))
    return render_template("organiser/message_list.html", region=region, page=page)


@organiser.get("/organisator/<string:slug>/berichten/<int:message_id>")
@access(Organiser("slug", Permission.READ_MAILS))
def show_message(slug: str, message_id: int) -> str:  # noqa: ARG001
    """Show one message as it was, or will be, sent; the address keeps the way back to the list."""
    region = current_region()
    page = message_pages.build_message_page(message_pages.parse_place(region, request.args), message_id)
    return render_template("organiser/message.html", region=region, page=page)


@organiser.get("/organisator/<string:slug>/berichten/<int:message_id>/opmaak")
@access(Organiser("slug", Permission.READ_MAILS))
def show_message_html(slug: str, message_id: int) -> Response:  # noqa: ARG001
    """Give the designed part of a message for the frame on its page."""
    message = mail_log.get_message(current_region().id, message_id)
    response = Response(read_mail(message.body).html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = MAIL_SECURITY_POLICY
    return response


@organiser.get("/organisator/<string:slug>/berichten/<int:message_id>/bericht.eml")
@access(Organiser("slug", Permission.READ_MAILS))
def download_message(slug: str, message_id: int) -> Response:
    """Give the exact bytes of a message."""
    message = mail_log.get_message(current_region().id, message_id)
    return mail_file(message.body, f"bericht {slug} {message_id}")
