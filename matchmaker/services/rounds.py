"""Move a round from phase to phase."""

from __future__ import annotations

from matchmaker.domain.errors import RunActiveError
from matchmaker.domain.phases import PHASE_CHOICES, Phase
from matchmaker.domain.transitions import require_transition
from matchmaker.queries.regions import lock_region
from matchmaker.queries.rounds import get_round, lock_round
from matchmaker.queries.runs import find_active_run
from matchmaker.services import audit
from matchmaker.services.round_letters import leave_out_told, write_opening
from matchmaker.services.transaction import write_transaction


def change_phase(round_id: int, phase: Phase, actor_id: int | None, *, tell: bool = False) -> int:
    """Bring the round to another phase, as an organiser decides; return how many mails tell of it.

    The mails are composed before the transaction, so that the round is locked for a moment only.

    Parameters
    ----------
    tell
        Mail everybody whose turn it is in that phase and who did not hear of it before.

    Raises
    ------
    TransitionError
        When that phase does not follow the present one, or does not come by hand.
    RunActiveError
        When a run of the round is waiting or running.
    """
    letters = write_opening(get_round(round_id), phase) if tell else []
    with write_transaction() as session:
        # Whoever writes to people of the region holds this lock too, so nobody is told twice.
        lock_region(get_round(round_id).region_id)
        round_ = lock_round(round_id)
        before = round_.phase
        wanted = require_transition("round", PHASE_CHOICES, before, phase)
        if find_active_run(round_id) is not None:
            raise RunActiveError
        round_.phase = wanted
        letters = leave_out_told(letters)
        session.add_all(letters)
        audit.record(
            "change_phase",
            "round",
            round_id,
            region_id=round_.region_id,
            actor_id=actor_id,
            before={"phase": before.value},
            after={"phase": wanted.value, "messages": len(letters)} if tell else {"phase": wanted.value},
        )
    return len(letters)
