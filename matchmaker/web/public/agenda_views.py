"""The agenda of a region, for everybody: as a page, and as a calendar to subscribe to."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker import clock
from matchmaker.queries.public_agenda import list_agenda_page
from matchmaker.services.public_agenda import build_public_agenda
from matchmaker.web.access import PublicRegion, access, current_region
from matchmaker.web.calendar_links import describe_calendar_link
from matchmaker.web.downloads import public_feed_file
from matchmaker.web.public.pages import parse_page
from matchmaker.web.public.views import public


@public.get("/regio/<string:slug>/agenda")
@access(PublicRegion())
def show_agenda(slug: str) -> str:
    """Show what hosts do when, and how one follows that in a calendar of one's own."""
    region = current_region()
    return render_template(
        "public/agenda.html",
        region=region,
        card={"region": region},
        slice=list_agenda_page(region.id, clock.now(), parse_page(request.args)),
        page_url=lambda page: url_for("public.show_agenda", slug=slug, pagina=page if page > 1 else None),
        link=describe_calendar_link(region.name, url_for("public.read_agenda", slug=slug)),
    )


@public.get("/regio/<string:slug>/agenda.ics")
@access(PublicRegion())
def read_agenda(slug: str) -> Response:  # noqa: ARG001 - the access rule has loaded the region
    """Give the calendar, or tell that it has not changed."""
    region = current_region()
    return public_feed_file(build_public_agenda(region), region.name).make_conditional(request)
