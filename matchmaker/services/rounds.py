"""Move a round from phase to phase."""

from __future__ import annotations

from matchmaker.domain.errors import RunActiveError
from matchmaker.domain.phases import PHASE_CHOICES, Phase
from matchmaker.domain.transitions import require_transition
from matchmaker.queries.rounds import lock_round
from matchmaker.queries.runs import find_active_run
from matchmaker.services import audit
from matchmaker.services.transaction import write_transaction


def change_phase(round_id: int, phase: Phase, actor_id: int | None) -> None:
    """Bring the round to another phase, as an organiser decides.

    Raises
    ------
    TransitionError
        When that phase does not follow the present one, or does not come by hand.
    RunActiveError
        When a run of the round is waiting or running.
    """
    with write_transaction():
        round_ = lock_round(round_id)
        before = round_.phase
        wanted = require_transition("round", PHASE_CHOICES, before, phase)
        if find_active_run(round_id) is not None:
            raise RunActiveError
        round_.phase = wanted
        audit.record(
            "change_phase",
            "round",
            round_id,
            region_id=round_.region_id,
            actor_id=actor_id,
            before={"phase": before.value},
            after={"phase": wanted.value},
        )
