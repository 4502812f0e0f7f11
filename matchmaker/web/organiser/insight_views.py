"""Pages of organisers: why a school got what it got, and which extra slots would help."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.domain.analyses import AnalysisKind
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.runs import Verdict
from matchmaker.models import AllocationRun
from matchmaker.queries import analyses, organisations, rounds, runs
from matchmaker.services.analyses import (
    cancel_analysis,
    request_blind_spots,
    request_placement_price,
    request_school_changes,
)
from matchmaker.web.access import Organiser, RegionReader, access, current_region
from matchmaker.web.errors import refusal_as_message
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.organiser import insight
from matchmaker.web.organiser.views import organiser


@organiser.get("/organisator/<string:slug>/run/<int:run_id>/uitleg")
@access(RegionReader("slug"))
def explain_run(slug: str, run_id: int) -> str:  # noqa: ARG001 - the access rule has loaded the region
    """Choose a school of a run, and see what became of each wish."""
    region = current_region()
    run = _get_run(run_id)
    page = insight.build_explanation_page(region, run, request.args)
    return render_template("organiser/run_explain.html", region=region, page=page, run=run)


@organiser.post("/organisator/<string:slug>/run/<int:run_id>/uitleg/school")
@access(Organiser("slug"))
def ask_school_changes(slug: str, run_id: int) -> Response:
    """Ask what a school could have done to get more."""
    _get_run(run_id)
    school = _get_school(request.form.get("school", 0, type=int))
    with refusal_as_message():
        request_school_changes(run_id, school, get_visitor().id)
        jobs.kick_analyses()
    return redirect(url_for("organiser.explain_run", slug=slug, run_id=run_id, school=school, _anchor="hulp"))


@organiser.post("/organisator/<string:slug>/run/<int:run_id>/uitleg/prijs")
@access(Organiser("slug"))
def ask_price(slug: str, run_id: int) -> Response:
    """Ask what it would cost others if a group had got an activity."""
    run = _get_run(run_id)
    school = _get_school(request.form.get("school", 0, type=int))
    group, _colon, activity = request.form.get("vraag", "").partition(":")
    if not insight.is_known_question(run, school, group, activity):
        raise NotFoundError
    with refusal_as_message():
        request_placement_price(run_id, int(group), int(activity), get_visitor().id)
        jobs.kick_analyses()
    return redirect(
        url_for("organiser.explain_run", slug=slug, run_id=run_id, school=school, _anchor=f"groep-{group}")
    )


@organiser.get("/organisator/<string:slug>/ronde/<int:round_id>/witte-vlekken")
@access(RegionReader("slug"))
def show_blind_spots(slug: str, round_id: int) -> str:  # noqa: ARG001
    """Show which extra slots would help most."""
    region = current_region()
    round_ = rounds.get_round_of(region.id, round_id)
    return render_template(
        "organiser/blind_spots.html", region=region, page=insight.build_blind_spots_page(region, round_)
    )


@organiser.post("/organisator/<string:slug>/ronde/<int:round_id>/witte-vlekken")
@access(Organiser("slug"))
def ask_blind_spots(slug: str, round_id: int) -> Response:
    """Ask which extra slots would help most."""
    rounds.get_round_of(current_region().id, round_id)
    with refusal_as_message():
        request_blind_spots(round_id, get_visitor().id)
        jobs.kick_analyses()
        flash(_("Het zoeken is begonnen. Dit duurt een paar minuten; u kunt intussen verder."), "info")
    return redirect(url_for("organiser.show_blind_spots", slug=slug, round_id=round_id))


@organiser.post("/organisator/<string:slug>/ronde/<int:round_id>/witte-vlekken/stoppen")
@access(Organiser("slug"))
def stop_blind_spots(slug: str, round_id: int) -> Response:
    """Stop looking for extra slots."""
    rounds.get_round_of(current_region().id, round_id)
    analysis = analyses.find_analysis(round_id, AnalysisKind.BLIND_SPOTS)
    if analysis is None:
        raise NotFoundError
    with refusal_as_message():
        cancel_analysis(analysis.id, get_visitor().id)
    return redirect(url_for("organiser.show_blind_spots", slug=slug, round_id=round_id))


def _get_run(run_id: int) -> AllocationRun:
    """Return a run of this region that the checker passed."""
    run = runs.get_run(run_id, with_documents=True)
    if run.region_id != current_region().id or run.verdict != Verdict.PASSED:
        raise NotFoundError
    return run


def _get_school(school_id: int) -> int:
    school = organisations.find_school(school_id)
    if school is None or school.region_id != current_region().id:
        raise NotFoundError
    return school.id
