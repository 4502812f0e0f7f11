"""Pages for everybody: what this is, a region, and what it offers."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from matchmaker.queries import catalogue
from matchmaker.web.access import Public, PublicRegion, access, current_region
from matchmaker.web.account.pages import safe_path
from matchmaker.web.language import LANGUAGES
from matchmaker.web.public import pages

public = Blueprint("public", __name__)


@public.get("/")
@access(Public())
def show_start() -> str:
    """Say what this is for and lead on."""
    cards = pages.build_region_cards()
    return render_template("public/start.html", cards=cards)


@public.get("/regio/<string:slug>")
@access(PublicRegion())
def show_region(slug: str) -> str:  # noqa: ARG001 - the access rule has loaded the region
    """Show a region: its phase, figures and first dates."""
    region = current_region()
    return render_template("public/region.html", region=region, page=pages.build_region_page(region))


@public.get("/regio/<string:slug>/aanbod")
@access(PublicRegion())
def list_activities(slug: str) -> str:  # noqa: ARG001
    """Show the catalogue; filters and page stand in the address."""
    region = current_region()
    page = pages.build_catalogue_page(
        region, pages.parse_filters(request.args), pages.parse_page(request.args)
    )
    return render_template("public/activity_list.html", region=region, page=page)


@public.get("/regio/<string:slug>/aanbod/<int:activity_id>")
@access(PublicRegion())
def show_activity(slug: str, activity_id: int) -> str:  # noqa: ARG001
    """Show one activity with its free dates; the address keeps what was asked for in the catalogue."""
    region = current_region()
    activity = catalogue.get_activity(region.id, activity_id)
    slots = catalogue.list_free_slots([activity.id]).get(activity.id, [])
    back = pages.catalogue_url(region, pages.parse_filters(request.args), pages.parse_page(request.args))
    return render_template(
        "public/activity.html", region=region, activity=activity, slots=slots, back_url=back
    )


@public.post("/taal")
@access(Public())
def choose_language() -> Response:
    """Remember the language and go back."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(safe_path(request.form.get("next")) or url_for("public.show_start"))
