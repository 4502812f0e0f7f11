"""Pages for everybody: what this is, a region, and what it offers."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import NotFoundError
from matchmaker.models import Region
from matchmaker.queries import catalogue, regions
from matchmaker.web.access import Public, access
from matchmaker.web.account.pages import safe_path
from matchmaker.web.language import LANGUAGES
from matchmaker.web.public import pages

public = Blueprint("public", __name__)


@public.get("/")
@access(Public())
def show_start() -> str:
    """Say what this is for and lead on."""
    cards = [pages.build_region_card(region, dates=3) for region in regions.list_regions()]
    return render_template("public/start.html", cards=cards)


@public.get("/regio/<string:slug>")
@access(Public())
def show_region(slug: str) -> str:
    """Show a region: its phase, figures and first dates."""
    region = get_region(slug)
    return render_template("public/region.html", region=region, page=pages.build_region_page(region))


@public.get("/regio/<string:slug>/aanbod")
@access(Public())
def list_activities(slug: str) -> str:
    """Show the catalogue; filters and page stand in the address."""
    region = get_region(slug)
    page = pages.build_catalogue_page(
        region, pages.parse_filters(request.args), pages.parse_page(request.args)
    )
    return render_template("public/activity_list.html", region=region, page=page)


@public.get("/regio/<string:slug>/aanbod/<int:activity_id>")
@access(Public())
def show_activity(slug: str, activity_id: int) -> str:
    """Show one activity with its free dates; the address keeps what was asked for in the catalogue."""
    region = get_region(slug)
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


def get_region(slug: str) -> Region:
    """Return the region of a public page."""
    region = regions.find_region(slug)
    if region is None:
        raise NotFoundError
    return region
