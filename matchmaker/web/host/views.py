"""A host's home and its calendar file."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from matchmaker.services.calendars import build_host_calendar
from matchmaker.web.access import HostMember, access, current_host
from matchmaker.web.downloads import calendar_file
from matchmaker.web.host.day_pages import build_day_page
from matchmaker.web.host.pages import build_host_page
from matchmaker.web.language import current_language
from matchmaker.web.organisation_log import list_recent_on_behalf

host = Blueprint("host", __name__)


@host.get("/aanbieder/<int:host_id>")
@access(HostMember("host_id"))
def show_home(host_id: int) -> str:  # noqa: ARG001 - the access rule has loaded the host
    """Show who comes when, and which slots stay empty."""
    own = current_host()
    page = build_host_page(own)
    return render_template(
        "host/home.html", page=page, region=page.region, on_behalf=list_recent_on_behalf(own)
    )


@host.get("/aanbieder/<int:host_id>/agenda.ics")
@access(HostMember("host_id"))
def download_calendar(host_id: int) -> Response:  # noqa: ARG001 - the access rule has loaded the host
    """Give all occasions to which somebody comes as a calendar file."""
    own = current_host()
    return calendar_file(build_host_calendar(own, current_language()), own.name)


@host.get("/aanbieder/<int:host_id>/dag/<string:day>")
@access(HostMember("host_id"))
def show_day(host_id: int, day: str) -> str:  # noqa: ARG001 - the access rule has loaded the host
    """Show who comes on one day, to print and hang at the door."""
    page = build_day_page(current_host(), day)
    return render_template("host/day.html", page=page, region=page.host.region)
