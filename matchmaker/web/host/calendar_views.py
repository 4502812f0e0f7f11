"""A host says that a slot goes on although a calendar declined it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from matchmaker.services import calendar_answers
from matchmaker.web.access import access
from matchmaker.web.host.cancel_views import MAY_CANCEL
from matchmaker.web.host.views import host
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _


@host.post("/aanbieder/<int:host_id>/tijdvak/<int:slot_id>/gaat-door")
@access(MAY_CANCEL)
def keep_slot(host_id: int, slot_id: int) -> Response:
    """Take the marks of calendars off a slot."""
    calendar_answers.keep_occasion(host_id, slot_id, get_visitor().id)
    flash(_("Duidelijk: dit bezoek gaat door. Is het uit uw agenda? Zet het er dan opnieuw in."), "ok")
    return redirect(url_for("host.show_home", host_id=host_id))
