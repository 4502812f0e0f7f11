"""Publish a run: bookings, mails and the audit entry in one transaction, or nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from matchmaker import clock
from matchmaker.allocation.checker import check
from matchmaker.allocation.formats import read_problem, read_result
from matchmaker.allocation.problem import problem_sha256
from matchmaker.domain.bookings import BookingSource, BookingState
from matchmaker.domain.errors import (
    RunImaginedError,
    RunNotUsableError,
    RunOutdatedError,
    UnknownScenarioHostError,
    WrongPhaseError,
)
from matchmaker.domain.phases import PHASE_TRANSITIONS, Phase
from matchmaker.domain.run_settings import read_settings
from matchmaker.domain.runs import RunState, Verdict
from matchmaker.domain.transitions import require_transition
from matchmaker.extensions import db
from matchmaker.failpoints import reach
from matchmaker.models import AllocationRun, Booking, Message, Round, Slot
from matchmaker.notifications.publication import compose_publication
from matchmaker.queries.regions import lock_region
from matchmaker.queries.rounds import get_round, lock_round
from matchmaker.queries.runs import get_run
from matchmaker.scope import unscoped, within
from matchmaker.services import audit
from matchmaker.services.problems import build_problem_with
from matchmaker.services.publication_facts import (
    PlannedBooking,
    has_same_contacts,
    load_publication_facts,
    plan_bookings,
)
from matchmaker.services.transaction import write_transaction

log = logging.getLogger(__name__)

_REFUSALS: dict[type[Exception], str] = {
    RunNotUsableError: "not_usable",
    RunImaginedError: "imagined",
    RunOutdatedError: "outdated",
    WrongPhaseError: "wrong_phase",
    # The database refused a booking: a place or a group was taken by something outside the run.
    IntegrityError: "conflict",
}


def request_publication(run_id: int, actor_id: int | None) -> None:
    """Ask the worker to publish the run; what can be refused at once is refused here.

    Raises
    ------
    RunNotUsableError
        When the checker has not passed the run.
    RunImaginedError
        When the run counts on places or distances that do not exist.
    RunOutdatedError
        When the input has changed since the run started.
    WrongPhaseError
        When the round is not being reviewed.
    """
    _require_current(run_id)
    with write_transaction():
        run, _ = _lock(run_id)
        run.publish_requested_at, run.publish_requested_by_id = clock.now(), actor_id
        run.publish_error = ""
        audit.record(
            "request_publication", "allocation_run", run_id, region_id=run.region_id, actor_id=actor_id
        )


def publish_waiting_runs() -> int:
    """Publish every run whose publication was asked for; return how many were.

    A refusal is stored with the run, for the organiser to read; any other failure leaves the request
    as it is, so that the next sweep tries again. Neither keeps the others waiting.
    """
    published = 0
    for run_id, region_id in _list_requested():
        with within(region_id):
            published += _try_to_publish(run_id)
    return published


def _try_to_publish(run_id: int) -> bool:
    try:
        publish_run(run_id)
    except tuple(_REFUSALS) as refusal:
        log.warning("run %s was not published: %s", run_id, refusal)
        _store_refusal(run_id, _REFUSALS[type(refusal)])
        return False
    except Exception:
        db.session.rollback()
        log.exception("run %s was not published and will be tried again", run_id)
        return False
    return True


def publish_run(run_id: int) -> None:
    """Publish the run: bookings, messages, audit entry and phase in one transaction.

    The mails are composed before the transaction, which then makes sure that nothing has changed
    since. Composing twice is harmless: nothing leaves before the commit.

    Raises
    ------
    RunNotUsableError, RunImaginedError, RunOutdatedError, WrongPhaseError
        As for `request_publication`.
    """
    _require_current(run_id)
    run = get_run(run_id)
    planned = plan_bookings(run)
    facts = load_publication_facts(run, planned)
    messages = compose_publication(facts, current_app.config["SETTINGS"])
    reach("publish.composed")
    with write_transaction() as session:
        # Whoever changes the region's input holds this lock too, so nothing moves under the hash.
        lock_region(run.region_id)
        run, round_ = _lock(run_id)
        if _hash_of_today(run) != run.problem_sha256:
            raise RunOutdatedError
        if not has_same_contacts(facts):
            # Somebody came or left in between; until the bookings are there nothing else tells them.
            facts = load_publication_facts(run, planned)
            messages = compose_publication(facts, current_app.config["SETTINGS"])
        _flip(run, round_)
        session.flush()
        reach("publish.after_flip")
        session.add_all(_make_bookings(run, planned))
        _take_places(planned)
        session.flush()
        reach("publish.after_bookings")
        session.add_all(messages)
        session.flush()
        reach("publish.after_messages")
        _record(run, planned, messages)
    reach("publish.committed")


def _require_current(run_id: int) -> None:
    """Refuse a run whose result does not hold for the round's input as it is now."""
    run = get_run(run_id, with_documents=True)
    _require_usable(run, get_round(run.round_id))
    if _hash_of_today(run) != run.problem_sha256:
        raise RunOutdatedError
    if (
        run.result_json is None
        or not check(read_problem(run.problem_json), read_result(run.result_json)).holds
    ):
        raise RunNotUsableError


def _hash_of_today(run: AllocationRun) -> str:
    """Return the hash of the round's input as it is now, under the settings of the run."""
    try:
        return problem_sha256(build_problem_with(run.round_id, read_settings(run.settings)))
    except UnknownScenarioHostError:
        # A host that the run left out has withdrawn since.
        raise RunOutdatedError from None


def _require_usable(run: AllocationRun, round_: Round) -> None:
    if run.state != RunState.FINISHED or run.verdict != Verdict.PASSED:
        raise RunNotUsableError
    if read_settings(run.settings).is_imagined:
        raise RunImaginedError
    if round_.phase != Phase.REVIEWING:
        raise WrongPhaseError(round_.phase.value)


def _lock(run_id: int) -> tuple[AllocationRun, Round]:
    round_ = lock_round(get_run(run_id).round_id)
    run = get_run(run_id)
    _require_usable(run, round_)
    return run, round_


def _flip(run: AllocationRun, round_: Round) -> None:
    round_.phase = require_transition("round", PHASE_TRANSITIONS, round_.phase, Phase.PUBLISHED)
    round_.published_at = run.published_at = clock.now()


def _make_bookings(run: AllocationRun, planned: Iterable[PlannedBooking]) -> list[Booking]:
    return [
        Booking(
            region_id=run.region_id,
            run_id=run.id,
            group_id=booking.group_id,
            slot_id=booking.slot_id,
            state=BookingState.CONFIRMED,
            source=BookingSource.ALLOCATION,
            rank=booking.rank,
            km=booking.km,
            starts_at=booking.starts_at,
            calendar_uid=booking.calendar_uid,
            cancel_reason="",
        )
        for booking in planned
    ]


def _take_places(planned: Iterable[PlannedBooking]) -> None:
    """Count the places taken in each slot; the database refuses more than there are."""
    groups: dict[int, int] = {}
    pupils: dict[int, int] = {}
    for booking in planned:
        groups[booking.slot_id] = groups.get(booking.slot_id, 0) + 1
        pupils[booking.slot_id] = pupils.get(booking.slot_id, 0) + booking.pupils
    for slot_id in sorted(groups):
        db.session.execute(
            update(Slot)
            .where(Slot.id == slot_id)
            .values(
                taken_groups=Slot.taken_groups + groups[slot_id],
                taken_pupils=Slot.taken_pupils + pupils[slot_id],
                version=Slot.version + 1,
            )
        )


def _record(run: AllocationRun, planned: Sequence[PlannedBooking], messages: Sequence[Message]) -> None:
    audit.record(
        "publish_run",
        "allocation_run",
        run.id,
        region_id=run.region_id,
        actor_id=run.publish_requested_by_id,
        before={"phase": Phase.REVIEWING.value},
        after={"phase": Phase.PUBLISHED.value, "bookings": len(planned), "messages": len(messages)},
    )


@unscoped("runs that are to be published")
def _list_requested() -> list[tuple[int, int]]:
    """Return the ids of the runs and of their regions."""
    statement = select(AllocationRun.id, AllocationRun.region_id).where(
        AllocationRun.publish_requested_at.is_not(None),
        AllocationRun.published_at.is_(None),
        AllocationRun.publish_error == "",
    )
    rows = db.session.execute(statement.order_by(AllocationRun.id))
    return [(run_id, region_id) for run_id, region_id in rows]


def _store_refusal(run_id: int, code: str) -> None:
    with write_transaction():
        run = get_run(run_id)
        if run.published_at is not None:
            # Another worker was first; there is nothing to refuse any more.
            return
        run.publish_error = code
        audit.record(
            "refuse_publication",
            "allocation_run",
            run_id,
            region_id=run.region_id,
            actor_id=run.publish_requested_by_id,
            after={"reason": code},
        )
