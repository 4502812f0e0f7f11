"""Lets parts of a large problem be worked on at the same time, with the outcome of one after the other."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from matchmaker.allocation.search import Clock, Work

THREADS = 2
_POLL_SECONDS = 0.05

_Answer = TypeVar("_Answer")


def work_apart(jobs: Sequence[Callable[[Clock], _Answer]], clock: Clock, work: float) -> list[_Answer]:
    """Do independent jobs on a few threads and return their answers in the order of the jobs.

    Parameters
    ----------
    jobs
        Each is given a clock of its own and changes nothing that another one sees.
    clock
        Whose time counts for all; the work of all jobs is taken off it when they have ended.
    work
        What each job may spend at most.
    """
    clocks = [Clock(clock.deadline, clock.seed, Work(work), clock.should_stop) for _ in jobs]
    with ThreadPoolExecutor(THREADS) as pool:
        pending = [pool.submit(job, own) for job, own in zip(jobs, clocks, strict=True)]
        _wait(pending, clock)
    for own in clocks:
        clock.work.spend(work - own.work.left)
        clock.work.cut_by_time |= own.work.cut_by_time
    return [job.result() for job in pending]


def _wait(pending: Sequence[Future[_Answer]], clock: Clock) -> None:
    """Wait, and let whoever wants to hear of it know that work goes on."""
    waiting = set(pending)
    while waiting:
        _, waiting = wait(waiting, timeout=_POLL_SECONDS)
        if clock.on_wait is not None:
            clock.on_wait()
