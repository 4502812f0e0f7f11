"""A school says that a visit goes on although a calendar declined it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from matchmaker.services import calendar_answers
from matchmaker.web.access import access
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.school.cancel_views import MAY_CANCEL
from matchmaker.web.school.views import school


@school.post("/school/<int:school_id>/bezoek/<int:booking_id>/gaat-door")
@access(MAY_CANCEL)
def keep_visit(school_id: int, booking_id: int) -> Response:
    """Take the marks of calendars off a visit."""
    calendar_answers.keep_visit(school_id, booking_id, get_visitor().id)
    flash(_("Duidelijk: dit bezoek gaat door. Is het uit uw agenda? Zet het er dan opnieuw in."), "ok")
    return redirect(url_for("school.show_home", school_id=school_id))
