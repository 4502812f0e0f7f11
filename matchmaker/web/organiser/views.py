"""Pages of organisers: the round and its runs."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.permissions import Permission
from matchmaker.domain.phases import Phase
from matchmaker.exchange.workbook_writer import write_template
from matchmaker.models import AllocationRun
from matchmaker.queries import rounds, runs
from matchmaker.services.exports import export_workbook
from matchmaker.services.publishing import request_publication
from matchmaker.services.rounds import change_phase
from matchmaker.services.runs import cancel_run, start_run
from matchmaker.web.access import Organiser, RegionReader, access, current_region
from matchmaker.web.downloads import workbook_file
from matchmaker.web.errors import refusal_as_message
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.organiser import pages
from matchmaker.web.organiser.phase_choices import tell_phase
from matchmaker.web.organiser.publication import forecast_publication
from matchmaker.web.organiser.round_letter_words import list_letter_lines

organiser = Blueprint("organiser", __name__)


@organiser.get("/organisator/<string:slug>")
@access(RegionReader("slug"))
def show_home(slug: str) -> str:  # noqa: ARG001 - the access rule has loaded the region
    """Show the round of now, its figures and what asks for attention."""
    region = current_region()
    return render_template("organiser/home.html", region=region, page=pages.build_home_page(region))


@organiser.get("/organisator/<string:slug>/ronde/<int:round_id>")
@access(RegionReader("slug"))
def show_round(slug: str, round_id: int) -> str:  # noqa: ARG001
    """Show one round with all its runs."""
    region = current_region()
    view = pages.build_round_view(region, rounds.get_round_of(region.id, round_id))
    letters = list_letter_lines(view.round)
    return render_template("organiser/round.html", region=region, view=view, letters=letters)


@organiser.get("/organisator/<string:slug>/werkmap.xlsx")
@access(Organiser("slug", Permission.EXPORT_PERSONS, recent=True))
def download_workbook(slug: str) -> Response:
    """Give the whole region as a workbook that can be taken in again."""
    return workbook_file(export_workbook(current_region()), slug)


@organiser.get("/organisator/<string:slug>/sjabloon.xlsx")
@access(Organiser("slug"))
def download_template(slug: str) -> Response:  # noqa: ARG001
    """Give the empty region workbook, with explanations and drop-downs."""
    return workbook_file(write_template(), _("sjabloon regiowerkmap"))


@organiser.post("/organisator/<string:slug>/ronde/<int:round_id>/fase")
@access(Organiser("slug"))
def move_round(slug: str, round_id: int) -> Response:
    """Bring the round to the phase that was chosen."""
    rounds.get_round_of(current_region().id, round_id)
    wanted = request.form.get("fase", "")
    with refusal_as_message():
        if wanted not in set(Phase):
            raise NotFoundError
        told = change_phase(round_id, Phase(wanted), get_visitor().id, tell="mailen" in request.form)
        jobs.kick_delivery()
        flash(tell_phase(Phase(wanted), told), "ok")
    return redirect(url_for("organiser.show_round", slug=slug, round_id=round_id))


@organiser.post("/organisator/<string:slug>/ronde/<int:round_id>/run")
@access(Organiser("slug"))
def begin_run(slug: str, round_id: int) -> Response:
    """Queue a run of the round."""
    rounds.get_round_of(current_region().id, round_id)
    with refusal_as_message():
        run_id = start_run(round_id, get_visitor().id)
        jobs.kick_runs()
        return redirect(url_for("organiser.show_run", slug=slug, run_id=run_id))
    return redirect(url_for("organiser.show_round", slug=slug, round_id=round_id))


@organiser.get("/organisator/<string:slug>/run/<int:run_id>")
@access(RegionReader("slug"))
def show_run(slug: str, run_id: int) -> str:  # noqa: ARG001
    """Show a run: its progress while it is solved, then its result."""
    region = current_region()
    run = _get_run(run_id)
    number = request.args.get("pagina", 1, type=int)
    page = pages.build_run_page(region, run, min(max(number, 1), 10_000))
    return render_template(
        "organiser/run.html", region=region, page=page, run=run, progress=pages.build_progress(run)
    )


@organiser.get("/organisator/<string:slug>/run/<int:run_id>/voortgang")
@access(RegionReader("slug"))
def show_progress(slug: str, run_id: int) -> Response | str:
    """Give the part of the page that tells how far the run is; when it has ended, ask for the whole page."""
    page = pages.build_run_page(current_region(), _get_run(run_id), 1)
    if page.is_active or page.is_publishing:
        return render_template(
            "organiser/run_progress.html",
            region=page.region,
            page=page,
            run=page.run,
            progress=pages.build_progress(page.run),
        )
    answer = Response("")
    answer.headers["HX-Redirect"] = url_for("organiser.show_run", slug=slug, run_id=run_id)
    return answer


@organiser.post("/organisator/<string:slug>/run/<int:run_id>/stoppen")
@access(Organiser("slug"))
def stop_run(slug: str, run_id: int) -> Response:
    """Ask the worker to stop."""
    _get_run(run_id)
    with refusal_as_message():
        cancel_run(run_id, get_visitor().id)
        flash(_("De toewijzing stopt. Wat al gevonden was, blijft bewaard als het klopt."), "info")
    return redirect(url_for("organiser.show_run", slug=slug, run_id=run_id))


@organiser.get("/organisator/<string:slug>/run/<int:run_id>/publiceren")
@access(Organiser("slug", Permission.PUBLISH_RUNS, recent=True))
def confirm_publication(slug: str, run_id: int) -> str | Response:
    """Say what publishing will do before it is done."""
    run = _get_run(run_id)
    page = pages.build_run_page(current_region(), run, 1)
    if not page.can_publish:
        return redirect(url_for("organiser.show_run", slug=slug, run_id=run_id))
    forecast = forecast_publication(run)
    return render_template(
        "organiser/run_publish.html", region=page.region, page=page, run=run, forecast=forecast
    )


@organiser.post("/organisator/<string:slug>/run/<int:run_id>/publiceren")
@access(Organiser("slug", Permission.PUBLISH_RUNS, recent=True))
def publish(slug: str, run_id: int) -> Response:
    """Ask the worker to publish the run."""
    _get_run(run_id)
    with refusal_as_message():
        request_publication(run_id, get_visitor().id)
        jobs.kick_publications()
    return redirect(url_for("organiser.show_run", slug=slug, run_id=run_id))


def _get_run(run_id: int) -> AllocationRun:
    run = runs.get_run(run_id)
    if run.region_id != current_region().id:
        raise NotFoundError
    return run
