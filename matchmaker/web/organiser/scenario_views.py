"""Pages of organisers: runs with other settings, and runs side by side."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.queries import organisations, rounds
from matchmaker.services.runs import start_run
from matchmaker.web.access import Organiser, RegionReader, access, current_region
from matchmaker.web.errors import refusal_as_message
from matchmaker.web.identity import get_visitor
from matchmaker.web.organiser.comparison import build_comparison_page
from matchmaker.web.organiser.scenario_forms import ScenarioForm
from matchmaker.web.organiser.views import organiser


@organiser.get("/organisator/<string:slug>/ronde/<int:round_id>/verkennen")
@access(Organiser("slug"))
def choose_scenario(slug: str, round_id: int) -> str:  # noqa: ARG001 - the access rule has loaded the region
    """Ask with which settings to try the round."""
    return _show_scenario(round_id, _make_form(round_id))


@organiser.post("/organisator/<string:slug>/ronde/<int:round_id>/verkennen")
@access(Organiser("slug"))
def begin_scenario(slug: str, round_id: int) -> Response | str:
    """Queue a run with the chosen settings."""
    form = _make_form(round_id)
    if not form.validate():
        return _show_scenario(round_id, form)
    with refusal_as_message():
        run_id = start_run(
            round_id,
            get_visitor().id,
            seconds=int(form.seconds.data),
            name=form.name.data or "",
            run_settings=form.settings(),
        )
        jobs.kick_runs()
        return redirect(url_for("organiser.show_run", slug=slug, run_id=run_id))
    return redirect(url_for("organiser.show_round", slug=slug, round_id=round_id))


@organiser.get("/organisator/<string:slug>/ronde/<int:round_id>/vergelijken")
@access(RegionReader("slug"))
def compare_runs(slug: str, round_id: int) -> str:  # noqa: ARG001
    """Show two or more runs of a round side by side; which ones and the filters stand in the address."""
    region = current_region()
    round_ = rounds.get_round_of(region.id, round_id)
    page = build_comparison_page(region, round_, request.args)
    return render_template("organiser/run_compare.html", region=region, page=page)


def _make_form(round_id: int) -> ScenarioForm:
    rounds.get_round_of(current_region().id, round_id)
    form = ScenarioForm()
    return form.offer(organisations.list_round_hosts(round_id), current_app.config["SETTINGS"].solve_seconds)


def _show_scenario(round_id: int, form: ScenarioForm) -> str:
    region = current_region()
    round_ = rounds.get_round_of(region.id, round_id)
    return render_template("organiser/scenario.html", region=region, round=round_, form=form)
