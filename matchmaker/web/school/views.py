"""A school's home and its calendar files."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from matchmaker.queries import rounds, visits
from matchmaker.services.calendars import build_school_calendar
from matchmaker.web.access import SchoolMember, access, current_school
from matchmaker.web.downloads import calendar_file
from matchmaker.web.language import current_language
from matchmaker.web.organisation_log import list_recent_on_behalf
from matchmaker.web.rounds import choose_current_round
from matchmaker.web.school.pages import build_explanation_page, build_school_page

school = Blueprint("school", __name__)


@school.get("/school/<int:school_id>")
@access(SchoolMember("school_id"))
def show_home(school_id: int) -> str:  # noqa: ARG001 - the access rule has loaded the school
    """Show what this school has, gets and should do now."""
    own = current_school()
    page = build_school_page(own)
    return render_template(
        "school/home.html", page=page, region=page.region, on_behalf=list_recent_on_behalf(own)
    )


@school.get("/school/<int:school_id>/uitleg")
@access(SchoolMember("school_id"))
def explain_result(school_id: int) -> str:  # noqa: ARG001
    """Show why this school's groups got what they got in the published round."""
    page = build_explanation_page(current_school())
    return render_template("school/explanation.html", page=page, region=page.school.region)


@school.get("/school/<int:school_id>/agenda.ics")
@access(SchoolMember("school_id"))
def download_calendar(school_id: int) -> Response:
    """Give all visits of the school year as a calendar file."""
    own = current_school()
    current = choose_current_round(rounds.list_rounds(own.region_id))
    bookings = visits.list_school_bookings(school_id, current.school_year_id) if current else []
    return calendar_file(build_school_calendar(own, bookings, current_language()), own.name)


@school.get("/school/<int:school_id>/bezoek/<int:booking_id>.ics")
@access(SchoolMember("school_id"))
def download_visit(school_id: int, booking_id: int) -> Response:
    """Give one visit as a calendar file."""
    booking = visits.get_school_booking(school_id, booking_id)
    content = build_school_calendar(current_school(), [booking], current_language())
    return calendar_file(content, booking.slot.activity.title)
