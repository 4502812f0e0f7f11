"""A host's home and its calendar file."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from matchmaker.services.calendars import build_host_calendar
from matchmaker.web.access import HostMember, access, current_host
from matchmaker.web.downloads import calendar_file
from matchmaker.web.host.pages import build_host_page

host = Blueprint("host", __name__)


@host.get("/aanbieder/<int:host_id>")
@access(HostMember("host_id"))
def show_home(host_id: int) -> str:  # noqa: ARG001 - the access rule has loaded the host
    """Show who comes when, and which slots stay empty."""
    page = build_host_page(current_host())
    return render_template("host/home.html", page=page, region=page.region)


@host.get("/aanbieder/<int:host_id>/agenda.ics")
@access(HostMember("host_id"))
def download_calendar(host_id: int) -> Response:  # noqa: ARG001 - the access rule has loaded the host
    """Give all occasions to which somebody comes as a calendar file."""
    own = current_host()
    return calendar_file(build_host_calendar(own), own.name)
