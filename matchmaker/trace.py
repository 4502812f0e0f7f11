"""Who acts now, as what, for whom and in which request: what every entry of the audit log tells.

The pages say it for each request, tasks and commands for each time they run; services read it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, replace

# Acting without a role: before signing in, and for one's own account.
VISITOR = "visitor"
SELF = "self"


@dataclass(frozen=True, slots=True)
class Trace:
    """One request, or one time that a task or command runs.

    Parameters
    ----------
    request_id
        128 random bits in hexadecimal, made here; empty where nothing began a trace.
    acting_as
        A role, `VISITOR`, `SELF`, or what runs without a person: ``job:…`` or ``command:…``.
    actor_id
        The person; None when nobody signed in, and in tasks and commands.
    region_id, organisation_id
        Whose page it is.
    on_behalf
        Whether an organiser acts in the place of that organisation.
    """

    request_id: str = ""
    acting_as: str = "system"
    actor_id: int | None = None
    region_id: int | None = None
    organisation_id: int | None = None
    on_behalf: bool = False


_NOBODY = Trace()
_current: ContextVar[Trace] = ContextVar("trace", default=_NOBODY)


def current() -> Trace:
    """Return the trace of now."""
    return _current.get()


def begin(acting_as: str) -> Token[Trace]:
    """Begin a trace with an id of its own; the token ends it."""
    return _current.set(Trace(secrets.token_hex(16), acting_as))


def end(token: Token[Trace]) -> None:
    """Return to the trace of before."""
    _current.reset(token)


def refine(
    acting_as: str,
    actor_id: int,
    *,
    region_id: int | None = None,
    organisation_id: int | None = None,
    on_behalf: bool = False,
) -> None:
    """Say who acts, once that is known; the request stays the same."""
    _current.set(
        replace(
            current(),
            acting_as=acting_as,
            actor_id=actor_id,
            region_id=region_id,
            organisation_id=organisation_id,
            on_behalf=on_behalf,
        )
    )


@contextmanager
def running(name: str) -> Iterator[None]:
    """Let a task or command act: ``job:deliver_messages``, ``command:data import-schools``."""
    token = begin(name)
    try:
        yield
    finally:
        end(token)
