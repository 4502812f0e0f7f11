"""One change of a visit in a process of its own, for tests that kill it halfway.

Started as ``python -m tests.integration.services.change_once WHAT REGION ORGANISATION ROW ACTOR``; settings
come from the environment.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta

from matchmaker.app import create_app
from matchmaker.extensions import db
from matchmaker.models import Slot
from matchmaker.scope import unscoped
from matchmaker.services.cancelling import cancel_booking
from matchmaker.services.moving import move_slot, withdraw_slot
from matchmaker.services.slot_clashes import SlotTarget


def move_a_day(region_id: int, host_id: int, slot_id: int, actor_id: int) -> None:
    """Move a slot to the next day."""
    with unscoped("what a test changes"):
        slot = db.session.get_one(Slot, slot_id)
    day = timedelta(days=1)
    target, version = SlotTarget(slot.starts_at + day, slot.ends_at + day), slot.version
    move_slot(region_id, host_id, slot_id, target, actor_id, version=version, despite_clashes=True)


CHANGES: dict[str, Callable[[int, int, int, int], None]] = {
    "cancel": cancel_booking,
    "move": move_a_day,
    "withdraw": withdraw_slot,
}


def main() -> None:
    """Change what the arguments say."""
    what, *ids = sys.argv[1:]
    with create_app().app_context():
        CHANGES[what](*(int(number) for number in ids))


if __name__ == "__main__":
    main()
