"""The example region: its workbook, taken in with dates around today, its first round published."""

from __future__ import annotations

import time
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from matchmaker import clock
from matchmaker.config import ROOT
from matchmaker.domain.kinds import ActivityKind
from matchmaker.domain.phases import RESULT_PHASES, RUN_PHASES, Phase
from matchmaker.exchange.problems import refuse_file
from matchmaker.exchange.rows import (
    BlockedWall,
    ClosedDayRow,
    RegionWorkbook,
    RoundRow,
    SettingsRow,
    SlotRow,
    WishRow,
)
from matchmaker.exchange.workbook_reader import read_workbook
from matchmaker.extensions import db
from matchmaker.models import AllocationRun, Region, Round
from matchmaker.queries.regions import find_region
from matchmaker.queries.runs import find_active_run
from matchmaker.scope import within
from matchmaker.services import audit
from matchmaker.services.example_calendar import ExampleCalendar
from matchmaker.services.imports import apply_workbook
from matchmaker.services.publishing import publish_run
from matchmaker.services.run_execution import execute_waiting_runs
from matchmaker.services.runs import start_run
from matchmaker.services.transaction import write_transaction

WORKBOOK = ROOT / "examples" / "achterhoek-liemers.xlsx"
# What the schools of all holiday regions come to on one day.
_GATHERINGS = frozenset({ActivityKind.TECHNIEKDAG, ActivityKind.COMPETITION})
# The first round is a small problem; what matters is that the demonstration starts soon.
_SOLVE_SECONDS = 10
_SECONDS_BETWEEN_LOOKS = 2


def load_example() -> None:
    """Load the example region, unless it is there, and publish the rounds that its workbook calls so.

    A load that was interrupted is finished by the next one.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        When the workbook cannot be used.
    """
    workbook = read_workbook(WORKBOOK.name, WORKBOOK.read_bytes())
    settings = workbook.settings
    if settings is None or settings.slug is None or settings.example_anchor is None:
        raise refuse_file(WORKBOOK.name, "Dit is geen voorbeeldregio: webnaam of ijkdatum ontbreekt.")
    published = [row.name for row in workbook.rounds if row.phase in RESULT_PHASES]
    if find_region(settings.slug) is None:
        apply_workbook(_place_in_time(workbook, settings), file_name=WORKBOOK.name)
    region = find_region(settings.slug)
    if region is not None:
        _mark_as_example(region)
        _publish(region, published)


def _mark_as_example(region: Region) -> None:
    if region.is_example:
        return
    with within(region.id), write_transaction():
        region.is_example = True
        audit.record("mark_example", "region", region.id, region_id=region.id, after={"is_example": True})


def _publish(region: Region, names: Sequence[str]) -> None:
    """Solve, check and publish the rounds of these names that are not published yet."""
    statement = (
        select(Round.id)
        .where(Round.region_id == region.id, Round.name.in_(names), Round.phase.in_(RUN_PHASES))
        .order_by(Round.visits_from)
    )
    with within(region.id):
        round_ids = db.session.scalars(statement).all()
    for round_id in round_ids:
        _solve(region, round_id)
        with within(region.id):
            publish_run(_latest_run(round_id))


def _solve(region: Region, round_id: int) -> None:
    """Have the round solved by whoever works here: that takes runs of any region."""
    with within(region.id):
        if find_active_run(round_id) is None:
            start_run(round_id, None, seconds=_SOLVE_SECONDS)
    execute_waiting_runs()
    while _is_active(region, round_id):
        # Left by a load that was killed: it is taken over when its lease ends, within a minute.
        db.session.rollback()
        time.sleep(_SECONDS_BETWEEN_LOOKS)
        execute_waiting_runs()


def _is_active(region: Region, round_id: int) -> bool:
    with within(region.id):
        return find_active_run(round_id) is not None


def _latest_run(round_id: int) -> int:
    statement = select(AllocationRun.id).where(AllocationRun.round_id == round_id)
    return db.session.scalars(statement.order_by(AllocationRun.number.desc()).limit(1)).one()


def _place_in_time(workbook: RegionWorkbook, settings: SettingsRow) -> RegionWorkbook:
    """Move every date from the days around the workbook's anchor to the days around today."""
    calendar = ExampleCalendar(settings.example_anchor or clock.today(), clock.today())
    name, starts_on, ends_on = calendar.school_year
    gatherings = {row.code for row in workbook.activities if row.kind in _GATHERINGS}
    return replace(
        workbook,
        settings=replace(
            settings, school_year=name, school_year_starts_on=starts_on, school_year_ends_on=ends_on
        ),
        rounds=tuple(_move_round(row, calendar) for row in workbook.rounds),
        closed_days=tuple(_move_closed_day(row, calendar) for row in workbook.closed_days),
        slots=tuple(_move_slot(row, calendar, gatherings) for row in workbook.slots),
        wishes=tuple(_move_wishes(row, calendar) for row in workbook.wishes),
        groups=tuple(replace(row, school_year=None) for row in workbook.groups),
    )


def _move_round(row: RoundRow, calendar: ExampleCalendar) -> RoundRow:
    """Move a round's dates; a published one starts as allocating, to be published by a real run."""
    return replace(
        row,
        school_year=None,
        phase=Phase.ALLOCATING if row.phase in RESULT_PHASES else row.phase,
        offering_on=calendar.move(row.offering_on),
        wishing_on=calendar.move(row.wishing_on),
        wishing_until=calendar.move(row.wishing_until),
        result_on=calendar.move(row.result_on),
        visits_from=calendar.move_bound(row.visits_from),
        visits_until=calendar.move_bound(row.visits_until),
        reserved_until=calendar.move(row.reserved_until) if row.reserved_until else None,
    )


def _move_closed_day(row: ClosedDayRow, calendar: ExampleCalendar) -> ClosedDayRow:
    day = calendar.move_bound(row.first_day)
    return replace(row, first_day=day, last_day=day)


def _move_slot(row: SlotRow, calendar: ExampleCalendar, gatherings: AbstractSet[str]) -> SlotRow:
    move = calendar.move_gathering if row.activity in gatherings else calendar.move_visit
    return replace(row, date=move(row.date))


def _move_wishes(row: WishRow, calendar: ExampleCalendar) -> WishRow:
    if row.blocked is None:
        return row
    return replace(row, blocked=tuple(_move_blocked(blocked, calendar) for blocked in row.blocked))


def _move_blocked(blocked: BlockedWall, calendar: ExampleCalendar) -> BlockedWall:
    length: timedelta = blocked.end - blocked.start
    day = calendar.move_bound(blocked.start.date())
    start = datetime.combine(day, blocked.start.time())
    return BlockedWall(start, start + length, blocked.reason)
