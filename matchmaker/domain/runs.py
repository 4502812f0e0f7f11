"""States of an allocation run and of background jobs."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class RunState(StrEnum):
    """Life of a run: waiting for the worker, being solved, ended in one of three ways."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


RUN_TRANSITIONS = MappingProxyType(
    {
        RunState.WAITING: frozenset({RunState.RUNNING, RunState.CANCELLED, RunState.FAILED}),
        # Back to waiting: the worker died and another takes the run over.
        RunState.RUNNING: frozenset(
            {RunState.FINISHED, RunState.CANCELLED, RunState.FAILED, RunState.WAITING}
        ),
        RunState.FINISHED: frozenset(),
        RunState.CANCELLED: frozenset(),
        RunState.FAILED: frozenset(),
    }
)
ACTIVE_RUN_STATES = frozenset({RunState.WAITING, RunState.RUNNING})


class Verdict(StrEnum):
    """What the checker said of a run's result."""

    PENDING = "pending"
    PASSED = "passed"
    REFUSED = "refused"


class MessageState(StrEnum):
    """Life of a message in the outbox."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    # The recipient does without mails of this sort; kept so that it is not written again.
    UNWANTED = "unwanted"


MESSAGE_TRANSITIONS = MappingProxyType(
    {
        MessageState.QUEUED: frozenset({MessageState.LEASED, MessageState.SUPERSEDED, MessageState.UNWANTED}),
        MessageState.LEASED: frozenset(
            {
                MessageState.SENT,
                MessageState.QUEUED,
                MessageState.FAILED,
                MessageState.LEASED,
                MessageState.SUPERSEDED,
            }
        ),
        # Back to queued: somebody lets it be sent again.
        MessageState.SENT: frozenset({MessageState.QUEUED}),
        MessageState.FAILED: frozenset({MessageState.QUEUED}),
        MessageState.SUPERSEDED: frozenset(),
        MessageState.UNWANTED: frozenset(),
    }
)
# What a person may do about a message; the rest comes by itself.
MESSAGE_CHOICES = MappingProxyType(
    {
        state: frozenset({MessageState.QUEUED}) & MESSAGE_TRANSITIONS[state]
        if state in {MessageState.FAILED, MessageState.SENT}
        else frozenset[MessageState]()
        for state in MessageState
    }
)
