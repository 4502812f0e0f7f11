"""How far a solve is, told at least once a second."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from matchmaker.allocation.objectives import Level

_TELL_AGAIN_SECONDS = 0.8


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve is.

    Attributes
    ----------
    level
        Name of the objective level that is being solved.
    incumbent, bound
        Value and proven bound of that level at this moment, as the result states them.
    seconds
        Wall time since the start.
    fraction
        Part of the work that is done, 0 … 1, an estimate that never falls.
    cut_by_time
        Whether the clock, or a request to stop, has cut off a level before its proof or its work was done.
        The same problem and seed can then give other placements next time; without it they cannot.
    """

    level: str
    incumbent: float
    bound: float
    seconds: float
    fraction: float
    cut_by_time: bool = False


class Reporter:
    """Tells a listener how far a solve is; what it said last is repeated while nothing changes.

    Parameters
    ----------
    began
        Moment of the start, as :func:`time.monotonic` gives it.
    listener
        Is told; always in the thread that solves.
    """

    def __init__(self, began: float, listener: Callable[[Progress], None] | None) -> None:
        self._began = began
        self._listener = listener
        self._last: Progress | None = None
        self.cut_by_time = False

    def tell(self, level: Level, value: float, bound: float, fraction: float) -> None:
        """Tell the value and bound, both as they are minimised, that a level has now."""
        least = 0.0 if self._last is None else self._last.fraction
        self._send(
            Progress(
                level=level.name,
                incumbent=level.stated(value),
                bound=level.stated(bound),
                seconds=time.monotonic() - self._began,
                fraction=max(least, min(1.0, fraction)),
                cut_by_time=self.cut_by_time,
            )
        )

    def repeat(self) -> None:
        """Tell the last state once more when it was told long ago."""
        seconds = time.monotonic() - self._began
        if self._last is not None and seconds - self._last.seconds >= _TELL_AGAIN_SECONDS:
            self._send(replace(self._last, seconds=seconds))

    def _send(self, progress: Progress) -> None:
        self._last = progress
        if self._listener is not None:
            self._listener(progress)
