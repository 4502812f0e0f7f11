"""An organiser moves a round from phase to phase."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.domain.errors import RunActiveError, TransitionError
from matchmaker.domain.phases import Phase
from matchmaker.domain.runs import RunState
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Round
from matchmaker.services.rounds import change_phase
from tests.factories import AllocationRunFactory, RoundFactory


def make_round(phase: Phase) -> int:
    round_: Round = RoundFactory(phase=phase)
    db.session.commit()
    return round_.id


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Phase.PREPARING, Phase.OFFERING),
        (Phase.OFFERING, Phase.WISHING),
        (Phase.WISHING, Phase.ALLOCATING),
        (Phase.ALLOCATING, Phase.WISHING),
        (Phase.REVIEWING, Phase.WISHING),
    ],
)
def test_a_round_goes_forward_and_back_until_it_is_published(app: Flask, before: Phase, after: Phase) -> None:
    round_id = make_round(before)
    change_phase(round_id, after, None)
    assert db.session.get_one(Round, round_id).phase == after
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.before, entry.after) == ({"phase": before.value}, {"phase": after.value})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Phase.PREPARING, Phase.WISHING),
        (Phase.ALLOCATING, Phase.REVIEWING),
        (Phase.REVIEWING, Phase.PUBLISHED),
        (Phase.PUBLISHED, Phase.ALLOCATING),
    ],
    ids=["skipping a phase", "only a run brings to reviewing", "publishing has its own way", "no way back"],
)
def test_a_phase_that_does_not_come_by_hand_is_refused(app: Flask, before: Phase, after: Phase) -> None:
    round_id = make_round(before)
    with pytest.raises(TransitionError):
        change_phase(round_id, after, None)
    assert db.session.get_one(Round, round_id).phase == before


def test_a_round_stays_where_it_is_while_a_run_is_solved(app: Flask) -> None:
    round_id = make_round(Phase.ALLOCATING)
    AllocationRunFactory(round=db.session.get_one(Round, round_id), state=RunState.RUNNING)
    db.session.commit()
    with pytest.raises(RunActiveError):
        change_phase(round_id, Phase.WISHING, None)
