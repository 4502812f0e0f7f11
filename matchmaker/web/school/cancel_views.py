"""A school calls one of its visits off."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from matchmaker.domain.permissions import Permission
from matchmaker.web.access import SchoolMember, access, current_school
from matchmaker.web.school.views import school
from matchmaker.web.visit_cancelling import cancel, show_cancelling
from matchmaker.web.visit_forms import CancelForm

MAY_CANCEL = SchoolMember("school_id", Permission.CANCEL_VISITS)


@school.get("/school/<int:school_id>/bezoek/<int:booking_id>/afzeggen")
@access(MAY_CANCEL)
def show_cancelling_visit(school_id: int, booking_id: int) -> str | Response:
    """Ask whether the visit is to be called off, and tell what follows."""
    home = url_for("school.show_home", school_id=school_id)
    return show_cancelling(current_school(), booking_id, home, CancelForm())


@school.post("/school/<int:school_id>/bezoek/<int:booking_id>/afzeggen")
@access(MAY_CANCEL)
def cancel_visit(school_id: int, booking_id: int) -> str | Response:
    """Call the visit off."""
    return cancel(current_school(), booking_id, url_for("school.show_home", school_id=school_id))
