"""What the organiser's pages show beyond one query."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from matchmaker import clock
from matchmaker.domain.analyses import AnalysisKind
from matchmaker.domain.permissions import Permission
from matchmaker.domain.phases import RESULT_PHASES, RUN_PHASES, Phase
from matchmaker.domain.run_settings import read_settings
from matchmaker.domain.runs import ACTIVE_RUN_STATES, MessageState, RunState, Verdict
from matchmaker.models import AllocationRun, Group, Placement, Region, Round, School
from matchmaker.notifications.refusals import explain_nothing
from matchmaker.queries import (
    analyses,
    calendar_answers,
    demand,
    join_requests,
    questions,
    round_figures,
    rounds,
    runs,
)
from matchmaker.queries.round_figures import RoundFigures
from matchmaker.queries.slices import Slice
from matchmaker.web.access import MANAGING_ROLES
from matchmaker.web.banners import Banner
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext
from matchmaker.web.organiser.analysis_words import (
    SpotLine,
    YardstickLine,
    document_of,
    has_failed,
    is_active,
    list_spots,
    list_yardsticks,
)
from matchmaker.web.organiser.mail_overview import MailOverview, build_mail_overview
from matchmaker.web.organiser.objectives import (
    ObjectiveLine,
    build_objective_lines,
    name_objective,
    rank_result,
)
from matchmaker.web.organiser.phase_choices import PhaseChoice, list_phase_choices
from matchmaker.web.organiser.run_words import list_broken_rules, tell_failure, tell_refusal
from matchmaker.web.organiser.scenario_words import describe_settings, name_hosts, name_run
from matchmaker.web.phase_bar import PhaseStep, build_phase_bar
from matchmaker.web.prospect_words import RoundProspects, find_round_prospects
from matchmaker.web.reason_words import sentence_for_cause
from matchmaker.web.rounds import choose_current_round


@dataclass(frozen=True)
class TodoLine:
    """Something that asks for attention."""

    number: int
    text: str
    url: str
    action: str


@dataclass(frozen=True)
class RunLine:
    """A run in the table of a round: its name, and in words what is different in it."""

    run: AllocationRun
    name: str
    settings: list[str]


@dataclass(frozen=True)
class RoundView:
    """A round with its figures and runs."""

    round: Round
    phases: list[PhaseStep]
    figures: RoundFigures
    runs: list[AllocationRun]
    without_wishes: list[School]
    may_manage: bool
    run_lines: list[RunLine]
    prospects: RoundProspects | None
    choices: list[PhaseChoice]

    @property
    def comparable(self) -> int:
        """How many runs can be held side by side."""
        return sum(run.verdict == Verdict.PASSED for run in self.runs)

    @property
    def active_run(self) -> AllocationRun | None:
        """The run that is waiting or being solved."""
        return next((run for run in self.runs if run.state in ACTIVE_RUN_STATES), None)

    @property
    def best_run(self) -> AllocationRun | None:
        """The published run, else the newest one that the checker passed."""
        passed = [run for run in self.runs if run.verdict == Verdict.PASSED]
        published = next((run for run in passed if run.published_at), None)
        plain = [run for run in passed if not run.settings]
        if published is not None or not plain:
            return published
        # Only runs of the same input compare; of those the best by the order of the objectives. What was
        # tried with other settings is found in the table, and speaks for the round only when published.
        same = [run for run in plain if run.problem_sha256 == plain[0].problem_sha256]
        return max(same, key=rank_result)

    @property
    def first_compared(self) -> list[AllocationRun]:
        """The runs that are ticked for a comparison: the best one and the newest other."""
        best = self.best_run
        others = [run for run in self.runs if run.verdict == Verdict.PASSED and run is not best]
        return [best, *others[:1]] if best else others[:2]

    @property
    def next_phase(self) -> PhaseChoice | None:
        """The step forward that an organiser may take now."""
        return next((choice for choice in self.choices if choice.forward), None)

    @property
    def previous_phase(self) -> PhaseChoice | None:
        """The step back that an organiser may take now."""
        return next((choice for choice in self.choices if not choice.forward), None)

    @property
    def can_start_run(self) -> bool:
        """Tell whether a run may be started now."""
        return self.may_manage and self.round.phase in RUN_PHASES and self.active_run is None


@dataclass(frozen=True)
class OrganiserPage:
    """The organiser's home."""

    region: Region
    view: RoundView | None
    rounds: list[Round]
    todo: list[TodoLine]
    mail: MailOverview


@dataclass(frozen=True)
class Report:
    """What was calculated after a run: other ways to allocate, and why the guarantee is not reached."""

    active: bool
    failed: bool
    yardsticks: list[YardstickLine]
    causes: dict[int, str]
    bottlenecks: list[SpotLine]
    certificate: str


@dataclass(frozen=True)
class RunPage:
    """A run: its progress, or its result with what is proven about it."""

    run: AllocationRun
    round: Round
    objectives: list[ObjectiveLine]
    below: list[tuple[School, int]]
    without_place: list[tuple[str, list[Group]]]
    placements: Slice[Placement]
    region: Region
    may_manage: bool
    name: str
    settings: list[str]
    report: Report

    def url(self, page: int) -> str:
        """Return the address of another page of placements."""
        return url_for(
            "organiser.show_run",
            slug=self.region.slug,
            run_id=self.run.id,
            pagina=page,
            _anchor="plaatsingen",
        )

    @property
    def kilometres(self) -> float:
        """Kilometres as the result states them, so that two places on the page round alike."""
        stated = [o["value"] for o in self.run.objectives if o["name"] == "kilometres"]
        return float(stated[0] if stated else self.run.figures["kilometres"])

    @property
    def fairness_band(self) -> float:
        """How much of the fairness later levels could use in this run, as a share."""
        own = read_settings(self.run.settings).fairness_band
        return self.round.fairness_band if own is None else own

    @property
    def certificate(self) -> str:
        """Why schools fall short, with above it what this is about, in Dutch as it will be forwarded."""
        day = clock.local(self.run.created_at)
        origin = f"{self.region.name}, {self.round.name}, run {self.run.number} van {day:%d-%m-%Y}"
        return f"{origin}\n\n{self.report.certificate}"

    @property
    def is_active(self) -> bool:
        """Tell whether the run waits or is being solved."""
        return self.run.state in ACTIVE_RUN_STATES

    @property
    def is_publishing(self) -> bool:
        """Tell whether the worker is to publish the run."""
        asked = self.run.publish_requested_at is not None and not self.run.publish_error
        return asked and self.run.published_at is None

    @property
    def can_publish(self) -> bool:
        """Tell whether the run may be published now."""
        usable = self.run.state == RunState.FINISHED and self.run.verdict == Verdict.PASSED
        ready = self.round.phase == Phase.REVIEWING and not self.is_publishing
        return self.may_manage and usable and ready and not self.is_imagined

    @property
    def imagined(self) -> int:
        """How many placements are with a host that does not exist."""
        return len(self.run.figures.get("imagined", []))

    @property
    def is_cut(self) -> bool:
        """Tell whether the time limit cut something off, so that a second run could end elsewhere."""
        return bool(self.run.progress.get("cut_by_time")) and self.run.cancel_requested_at is None

    @property
    def is_unproven(self) -> bool:
        """Tell whether the work that was allowed ended before every level was proven."""
        return self.run.status == "feasible" and self.run.cancel_requested_at is None and not self.is_cut

    @property
    def refusal(self) -> Banner:
        """Why the result is not used."""
        return tell_refusal(self.run)

    @property
    def failure(self) -> Banner:
        """Why there is no result."""
        return tell_failure(self.run)

    @property
    def broken_rules(self) -> list[str]:
        """What the checker found wrong, a sentence for each rule."""
        return list_broken_rules(self.run.violations)

    @property
    def is_imagined(self) -> bool:
        """Tell whether the run counts on what is not there."""
        return read_settings(self.run.settings).is_imagined


@dataclass(frozen=True)
class Progress:
    """How far a run is, for people."""

    percentage: int
    level: str
    seconds: int


def build_home_page(region: Region) -> OrganiserPage:
    """Build the organiser's home: the round that is being worked on and what asks for attention."""
    all_rounds = rounds.list_rounds(region.id)
    current = choose_current_round(all_rounds)
    view = build_round_view(region, current) if current else None
    mail = build_mail_overview(region)
    todo = _list_todo(region, view, mail)
    return OrganiserPage(region, view, [r for r in all_rounds if r is not current], todo, mail)


def build_round_view(region: Region, round_: Round) -> RoundView:
    """Build a round with its figures and runs."""
    own = runs.list_runs(round_.id)
    names = name_hosts(region.id, own)
    may_manage = get_visitor().has_region_role(region.id, MANAGING_ROLES)
    may_move = may_manage and not any(run.state in ACTIVE_RUN_STATES for run in own)
    return RoundView(
        round=round_,
        phases=build_phase_bar(round_, clock.today()),
        figures=round_figures.count_round(round_),
        runs=own,
        run_lines=[
            RunLine(run, name_run(run), describe_settings(read_settings(run.settings), names)) for run in own
        ],
        without_wishes=round_figures.list_schools_without_wishes(round_),
        may_manage=may_manage,
        prospects=find_round_prospects(round_),
        choices=list_phase_choices(round_) if may_move else [],
    )


def _list_todo(region: Region, view: RoundView | None, mail: MailOverview) -> list[TodoLine]:
    lines = _list_join_todo(region)
    if view is not None:
        lines += _list_worries_todo(region, view)
        lines += _list_round_todo(region, view)
    return lines + _list_mail_todo(region, mail)


def _list_mail_todo(region: Region, mail: MailOverview) -> list[TodoLine]:
    """Who only reads sees no mails, and is not sent there."""
    if not get_visitor().may(Permission.READ_MAILS, region.id):
        return []
    failed, people = mail.open_mail.failed, mail.open_mail.people_in_trouble
    lines = []
    if failed:
        text = ngettext("bericht is niet aangekomen", "berichten zijn niet aangekomen", failed)
        url = url_for("organiser.list_messages", slug=region.slug, stand=MessageState.FAILED.value)
        lines.append(TodoLine(failed, text, url, _("Bekijk berichten")))
    if people:
        text = ngettext("persoon krijgt onze mails niet", "mensen krijgen onze mails niet", people)
        url = url_for("organiser.list_addresses", slug=region.slug)
        lines.append(TodoLine(people, text, url, _("Bekijk adressen")))
    return lines


def _list_join_todo(region: Region) -> list[TodoLine]:
    waiting = join_requests.count_waiting(region.id)
    if not waiting or not get_visitor().may(Permission.ADMIT_PEOPLE, region.id):
        return []
    text = ngettext("verzoek om mee te doen wacht", "verzoeken om mee te doen wachten", waiting)
    url = url_for("organiser.list_join_requests", slug=region.slug)
    return [TodoLine(waiting, text, url, _("Bekijk verzoeken"))]


def _list_worries_todo(region: Region, view: RoundView) -> list[TodoLine]:
    """Who only reads cannot call anybody, so only those who manage are told."""
    if not view.may_manage:
        return []
    teachers = questions.count_worries(region.id, clock.now())
    calendars = calendar_answers.count_worries(region.id, clock.now())
    told = (
        (
            teachers,
            ngettext(
                "leerkracht meldt dat een bezoek niet doorgaat",
                "leerkrachten melden dat een bezoek niet doorgaat",
                teachers,
            ),
        ),
        (
            calendars,
            ngettext(
                "bezoek is in een agenda afgeslagen", "bezoeken zijn in een agenda afgeslagen", calendars
            ),
        ),
    )
    url = url_for("organiser.list_answers", slug=region.slug)
    return [TodoLine(number, text, url, _("Bekijk en bel")) for number, text in told if number]


def _list_round_todo(region: Region, view: RoundView) -> list[TodoLine]:
    lines = []
    round_url = url_for("organiser.show_round", slug=region.slug, round_id=view.round.id)
    without = 0 if view.round.phase in RESULT_PHASES else len(view.without_wishes)
    if without:
        text = ngettext("school heeft geen wensen ingediend", "scholen hebben geen wensen ingediend", without)
        lines.append(TodoLine(without, text, f"{round_url}#zonder-wensen", _("Bekijk scholen")))
    run = view.best_run
    below = len(run.figures.get("below", {})) if run else 0
    if run is not None and below:
        text = ngettext("school haalt de garantie niet", "scholen halen de garantie niet", below)
        url = url_for("organiser.show_run", slug=region.slug, run_id=run.id)
        lines.append(TodoLine(below, text, f"{url}#onder-de-garantie", _("Bekijk per school")))
    return lines


def build_run_page(region: Region, run: AllocationRun, page: int) -> RunPage:
    """Build the page of a run."""
    participations = {int(key): value for key, value in run.figures.get("below", {}).items()}
    schools = round_figures.list_schools(region.id, participations) if participations else []
    below = [(school, participations[school.id]) for school in schools]
    return RunPage(
        run=run,
        round=run.round,
        objectives=build_objective_lines(run.objectives),
        below=sorted(below, key=lambda line: (line[1], line[0].name)),
        without_place=_list_without_place(region, run),
        placements=round_figures.list_placements(run.id, page),
        region=region,
        may_manage=get_visitor().has_region_role(region.id, MANAGING_ROLES),
        name=name_run(run),
        settings=describe_settings(read_settings(run.settings), name_hosts(region.id, [run])),
        report=_build_report(region, run),
    )


def _build_report(region: Region, run: AllocationRun) -> Report:
    analysis = analyses.find_analysis(run.round_id, AnalysisKind.REPORT, str(run.id))
    document = document_of(analysis)
    certificate = document.get("certificate", {})
    return Report(
        active=is_active(analysis),
        failed=has_failed(analysis),
        yardsticks=list_yardsticks(document),
        causes={
            int(item["school"][1:]): sentence_for_cause(item["cause"], item["facts"])
            for item in certificate.get("shortfalls", [])
        },
        bottlenecks=list_spots(region.id, certificate.get("bottlenecks", [])),
        certificate=document.get("certificate_text", "") if certificate.get("shortfalls") else "",
    )


def _list_without_place(region: Region, run: AllocationRun) -> list[tuple[str, list[Group]]]:
    """Return the groups without a place by the sentence that says why, most groups first."""
    codes = {int(key): code for key, code in run.figures.get("without_place", {}).items()}
    alike: dict[str, list[Group]] = {}
    for group in demand.list_groups_by_id(region.id, codes) if codes else []:
        alike.setdefault(_(explain_nothing(codes[group.id])), []).append(group)
    return sorted(alike.items(), key=lambda item: -len(item[1]))


def build_progress(run: AllocationRun) -> Progress:
    """Return how far a run is; the worker writes it about once a second."""
    event = run.progress
    level = name_objective(event["level"]) if event.get("level") else ""
    return Progress(
        round(100 * float(event.get("fraction", 0))), level, round(float(event.get("seconds", 0)))
    )
