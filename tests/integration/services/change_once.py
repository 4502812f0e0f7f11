"""One change of a visit in a process of its own, for tests that kill it halfway.

Started as ``python -m tests.integration.services.change_once WHAT REGION ORGANISATION ROW ACTOR``; settings
come from the environment.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from matchmaker.app import create_app
from matchmaker.services.cancelling import cancel_booking

CHANGES: dict[str, Callable[[int, int, int, int], None]] = {"cancel": cancel_booking}


def main() -> None:
    """Change what the arguments say."""
    what, *ids = sys.argv[1:]
    with create_app().app_context():
        CHANGES[what](*(int(number) for number in ids))


if __name__ == "__main__":
    main()
