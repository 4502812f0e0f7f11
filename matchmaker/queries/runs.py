"""Reads of allocation runs."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.runs import ACTIVE_RUN_STATES, Verdict
from matchmaker.extensions import db
from matchmaker.models import AllocationRun, Placement


def get_run(run_id: int, *, with_documents: bool = False) -> AllocationRun:
    """Return the run; with its problem and result documents when asked, which are large.

    Raises
    ------
    NotFoundError
        When there is none with this id.
    """
    statement = select(AllocationRun).where(AllocationRun.id == run_id)
    if with_documents:
        statement = statement.options(undefer(AllocationRun.problem_json), undefer(AllocationRun.result_json))
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def find_active_run(round_id: int) -> AllocationRun | None:
    """Return the round's run that is waiting or running, or None."""
    statement = select(AllocationRun).where(
        AllocationRun.round_id == round_id, AllocationRun.state.in_(ACTIVE_RUN_STATES)
    )
    return db.session.scalars(statement).one_or_none()


def find_published_run(round_id: int) -> AllocationRun | None:
    """Return the round's published run, or None."""
    statement = select(AllocationRun).where(
        AllocationRun.round_id == round_id, AllocationRun.published_at.is_not(None)
    )
    return db.session.scalars(statement).one_or_none()


def list_runs(round_id: int) -> list[AllocationRun]:
    """Return the round's runs, newest first."""
    statement = (
        select(AllocationRun).where(AllocationRun.round_id == round_id).order_by(AllocationRun.number.desc())
    )
    return list(db.session.scalars(statement))


def list_comparable_runs(round_id: int) -> list[AllocationRun]:
    """Return the round's runs that the checker passed, by number, with what each school got."""
    statement = (
        select(AllocationRun)
        .where(AllocationRun.round_id == round_id, AllocationRun.verdict == Verdict.PASSED)
        .options(undefer(AllocationRun.satisfaction), undefer(AllocationRun.participations))
        .order_by(AllocationRun.number)
    )
    return list(db.session.scalars(statement))


def list_placed_pairs(run_id: int) -> set[tuple[int, int]]:
    """Return group and slot id of every placement of a run."""
    statement = select(Placement.group_id, Placement.slot_id).where(Placement.run_id == run_id)
    return {(row.group_id, row.slot_id) for row in db.session.execute(statement)}


def count_runs(round_id: int) -> int:
    """Return how many runs the round has had."""
    statement = select(func.count()).where(AllocationRun.round_id == round_id)
    return db.session.scalars(statement).one()
