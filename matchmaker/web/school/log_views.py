"""The page on which a school reads what was done for it."""

from __future__ import annotations

from flask import render_template, request

from matchmaker.domain.permissions import Permission
from matchmaker.web.access import SchoolMember, access, current_school
from matchmaker.web.organisation_log import build_organisation_log
from matchmaker.web.school.views import school


@school.get("/school/<int:school_id>/logboek")
@access(SchoolMember("school_id", Permission.READ_SCHOOL_AUDIT))
def show_log(school_id: int) -> str:  # noqa: ARG001 - the access rule has loaded the school
    """Show what anybody did for this school."""
    own, number = current_school(), request.args.get("pagina", 1, type=int)
    page = build_organisation_log(own, min(max(number, 1), 10_000))
    return render_template("school/log.html", page=page, region=own.region)
