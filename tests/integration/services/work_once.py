"""A worker's round of work in a process of its own, for tests that kill it: solve, publish, deliver.

Started as ``python -m tests.integration.services.work_once``; settings come from the environment.
"""

from __future__ import annotations

from matchmaker.app import create_app
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.publishing import publish_waiting_runs
from matchmaker.services.run_execution import execute_waiting_runs


def main() -> None:
    """Do what is waiting, once."""
    with create_app().app_context():
        execute_waiting_runs()
        publish_waiting_runs()
        deliver_due_messages()


if __name__ == "__main__":
    main()
