"""Whose rows may be read now: those of one region, of one organisation in it, or of all in a named exception.

The session of the database asks here (`models.scoping`): where nobody said whose rows are meant, a query
for rows that belong to a region raises instead of finding those of everybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from sqlalchemy.exc import DontWrapMixin


class ScopeError(Exception, DontWrapMixin):
    """A query did not say whose rows it is about, or is about others than the scope around it allows."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What queries may find.

    Parameters
    ----------
    region_id
        The region; None only in an exception that names its `reason`.
    school_id, host_id
        The one school or host of the region whose own rows may be found; None: no such bound.
    reason
        Why the rows of all regions are meant; empty in a scope.
    """

    region_id: int | None
    school_id: int | None = None
    host_id: int | None = None
    reason: str = ""

    @property
    def is_exception(self) -> bool:
        """Tell whether the rows of all regions may be found."""
        return self.region_id is None


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)
# How often each named exception was made use of in this process.
exceptions: Counter[str] = Counter()


def find_scope() -> Scope | None:
    """Return the scope of now, or None where nobody gave one."""
    return _current.get()


@contextmanager
def within(region_id: int, *, school_id: int | None = None, host_id: int | None = None) -> Iterator[None]:
    """Let queries find the rows of this region, or of this organisation in it.

    Raises
    ------
    ScopeError
        Inside the scope of another region.
    """
    around = _current.get()
    if around is not None and around.region_id not in {None, region_id}:
        raise ScopeError(f"inside region {around.region_id} nothing is done in region {region_id}")
    token = _current.set(Scope(region_id, school_id, host_id))
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def unscoped(reason: str) -> Iterator[None]:
    """Let queries find rows of all regions, for a reason that is counted and listed.

    Parameters
    ----------
    reason
        A fixed phrase that says why no region bounds this, such as ``who signs in``.
    """
    exceptions[reason] += 1
    token = _current.set(Scope(None, reason=reason))
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def outside() -> Iterator[None]:
    """Begin without a scope, whatever this thread did before, and forget it at the end."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def settle(region_id: int, *, school_id: int | None = None, host_id: int | None = None) -> None:
    """Give all that follows the scope of a region, or of an organisation in it, until `outside` ends."""
    _current.set(Scope(region_id, school_id, host_id))
