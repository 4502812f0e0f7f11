"""The only door to the solver: HiGHS, as OR-Tools brings it along.

OR-Tools ships HiGHS as a shared library. Its C interface is used directly instead of the Python layers of
OR-Tools, because those can neither keep a simplex basis while columns are added, nor report an incumbent,
nor stop a running solve. Everything runs on one thread with a fixed seed, so that the same model gives the
same answer; a limit in simplex iterations, unlike one in seconds, keeps that true when a solve is cut off.

HiGHS can be silent for seconds while it presolves or cuts. Every run therefore has a thread of its own, and
whoever waits for it gives up soon after the time is over or a stop was asked: the run is then left behind,
ends itself at the next question it asks and frees what it holds. All listeners are called by the one who
waits.

All models are minimised. Signs of dual values: a row's dual is the change of the objective per unit of its
right-hand side.
"""

import ctypes
import threading
import time
from collections.abc import Callable, Sequence
from ctypes import POINTER, byref, c_char_p, c_double, c_int, c_int64, c_void_p
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import ortools
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Mask = NDArray[np.bool_]

_MODEL_STATUS_OPTIMAL = 7
_MODEL_STATUS_INFEASIBLE = 8
_MODEL_STATUS_UNBOUNDED_OR_INFEASIBLE = 9
_SOLUTION_FEASIBLE = 2
_MODEL_STATUS_TIME_LIMIT = 13
_CALLBACK_SIMPLEX_INTERRUPT = 1
_CALLBACK_IMPROVING_SOLUTION = 4
_CALLBACK_MIP_INTERRUPT = 6
_STATUS_ERROR = -1
_COLUMN_WISE = 1
_MINIMISE = 1
_PRIMAL_SIMPLEX = 4
_POLL_SECONDS = 0.05
_PATIENCE_SECONDS = 0.5
"""How long a run may go on after it should have ended, before it is left behind."""

_Callback = ctypes.CFUNCTYPE(None, c_int, c_char_p, c_void_p, POINTER(c_int), c_void_p)


class SolverUnavailableError(RuntimeError):
    """The solver library that OR-Tools should bring along is not there."""


class SolverError(RuntimeError):
    """The solver refused a model or failed on it."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Minimise ``cost · x + offset`` over ``row_lower ≤ matrix · x ≤ row_upper``, ``lower ≤ x ≤ upper``.

    ``integer`` marks the columns that take whole values only.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    integer: Mask
    matrix: sparse.csc_array
    row_lower: Floats
    row_upper: Floats
    offset: float = 0.0

    def only(self, columns: Ints) -> "LinearModel":
        """Return the model of some columns; the others are left out, which means fixed at zero."""
        return LinearModel(
            self.cost[columns],
            self.lower[columns],
            self.upper[columns],
            self.integer[columns],
            self.matrix[:, columns],
            self.row_lower,
            self.row_upper,
            self.offset,
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """When a solve may end before its proof.

    ``seconds`` is wall time, ``iterations`` is deterministic work (simplex iterations of a MIP, 0 for no
    limit), ``gap`` the absolute difference of value and bound that counts as proven. While the solver runs
    ``should_stop`` and ``on_wait`` are called some twenty times a second and ``on_incumbent``, with value and
    bound, after a better solution; they are called by the thread that waits for the solver.
    """

    seconds: float
    gap: float = 1e-6
    iterations: int = 0
    seed: int = 1
    should_stop: Callable[[], bool] | None = None
    on_incumbent: Callable[[float, float], None] | None = None
    on_wait: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a solve ended; ``values`` None when no solution was found.

    ``bound`` is a proven lower bound on the objective (minus infinity when nothing is proven), ``duals``
    are there for a linear program only, ``iterations`` is the work done; ``cut_by_time`` says that the clock
    or a request to stop ended it.
    """

    optimal: bool
    infeasible: bool
    values: Floats | None
    bound: float
    duals: Floats = field(default_factory=lambda: np.zeros(0))
    iterations: int = 0
    cut_by_time: bool = False


@cache
def _library() -> Any:
    root = Path(str(ortools.__file__)).parent
    found = sorted(path for folder in (".libs", ".dylibs") for path in (root / folder).glob("libhighs*"))
    if not found:
        raise SolverUnavailableError(f"OR-Tools in {root} does not bring the HiGHS library along")
    library = ctypes.CDLL(str(found[0]))
    _declare(library)
    return library


def _declare(library: Any) -> None:
    """Tell ctypes the argument types; pointers to arrays are passed as addresses."""
    library.Highs_version.restype = c_char_p
    library.Highs_create.restype = c_void_p
    library.Highs_getInfinity.restype = c_double
    library.Highs_getInfinity.argtypes = [c_void_p]
    library.Highs_destroy.argtypes = [c_void_p]
    library.Highs_run.argtypes = [c_void_p]
    library.Highs_zeroAllClocks.argtypes = [c_void_p]
    library.Highs_getModelStatus.argtypes = [c_void_p]
    library.Highs_setBoolOptionValue.argtypes = [c_void_p, c_char_p, c_int]
    library.Highs_setIntOptionValue.argtypes = [c_void_p, c_char_p, c_int]
    library.Highs_setDoubleOptionValue.argtypes = [c_void_p, c_char_p, c_double]
    library.Highs_setStringOptionValue.argtypes = [c_void_p, c_char_p, c_char_p]
    library.Highs_getIntInfoValue.argtypes = [c_void_p, c_char_p, POINTER(c_int)]
    library.Highs_getDoubleInfoValue.argtypes = [c_void_p, c_char_p, POINTER(c_double)]
    library.Highs_passModel.argtypes = (
        [c_void_p] + [c_int] * 7 + [c_double] + [c_void_p] * 5 + [c_void_p] * 3 + [c_void_p] * 3 + [c_void_p]
    )
    library.Highs_addCols.argtypes = [c_void_p, c_int] + [c_void_p] * 3 + [c_int] + [c_void_p] * 3
    library.Highs_setSolution.argtypes = [c_void_p] + [c_void_p] * 4
    library.Highs_getSolution.argtypes = [c_void_p] + [c_void_p] * 4
    library.Highs_setCallback.argtypes = [c_void_p, _Callback, c_void_p]
    library.Highs_startCallback.argtypes = [c_void_p, c_int]
    library.Highs_getCallbackDataOutItem.argtypes = [c_void_p, c_char_p]
    library.Highs_getCallbackDataOutItem.restype = c_void_p


def solver_version() -> str:
    """Return the version of HiGHS.

    Raises
    ------
    SolverUnavailableError
        When the library cannot be found.
    """
    return str(_library().Highs_version().decode())


class _Session:
    """One HiGHS instance, freed at the end of the ``with`` block or, when it still runs, at its own end."""

    def __init__(self, limits: Limits) -> None:
        self.library = _library()
        self.limits = limits
        self.seconds = limits.seconds
        self.failure: BaseException | None = None
        self.column_count = 0
        self.incumbent: Floats | None = None
        self.bound = -np.inf
        self._told: Floats | None = None
        self._value = np.inf
        self._stop_at: float | None = None
        self._lock = threading.Lock()
        self._is_running = False
        self._is_left_behind = False
        self.handle = c_void_p(self.library.Highs_create())
        self._options(limits)
        self._callback = _Callback(self._called)
        self.library.Highs_setCallback(self.handle, self._callback, None)
        for kind in (_CALLBACK_MIP_INTERRUPT, _CALLBACK_IMPROVING_SOLUTION, _CALLBACK_SIMPLEX_INTERRUPT):
            self.library.Highs_startCallback(self.handle, kind)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._is_left_behind = self._is_running
            if not self._is_running:
                self.library.Highs_destroy(self.handle)

    def _options(self, limits: Limits) -> None:
        set_flag, set_whole = self.library.Highs_setBoolOptionValue, self.library.Highs_setIntOptionValue
        set_number = self.library.Highs_setDoubleOptionValue
        set_flag(self.handle, b"output_flag", 0)
        set_whole(self.handle, b"threads", 1)
        set_whole(self.handle, b"random_seed", abs(limits.seed) % (2**31))
        set_number(self.handle, b"mip_rel_gap", 0.0)
        set_number(self.handle, b"mip_abs_gap", limits.gap)
        set_number(self.handle, b"time_limit", max(0.0, limits.seconds))
        self.library.Highs_setStringOptionValue(self.handle, b"parallel", b"off")

    def set_whole(self, name: bytes, value: int) -> None:
        self.library.Highs_setIntOptionValue(self.handle, name, value)

    def set_seconds(self, seconds: float) -> None:
        self.seconds = seconds
        self.library.Highs_setDoubleOptionValue(self.handle, b"time_limit", max(0.0, seconds))

    def load(self, model: LinearModel, *, whole: bool) -> None:
        """Pass a model, with its integer columns when ``whole``."""
        matrix = model.matrix
        columns, rows = len(model.cost), len(model.row_lower)
        self.column_count = columns
        starts, indices = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
        numbers = _floats(model.cost, model.lower, model.upper, model.row_lower, model.row_upper, matrix.data)
        integrality = model.integer.astype(np.int32)
        status = self.library.Highs_passModel(
            self.handle,
            columns,
            rows,
            matrix.nnz,
            0,
            _COLUMN_WISE,
            _COLUMN_WISE,
            _MINIMISE,
            model.offset,
            *_addresses(*numbers[:5]),
            *_addresses(starts, indices, numbers[5]),
            *[None] * 3,
            *(_addresses(integrality) if whole else [None]),
        )
        if status == _STATUS_ERROR:
            raise SolverError("the solver refuses the model")

    def add_columns(self, model: LinearModel) -> None:
        """Add the columns of a model to the loaded one; its rows are those of the loaded one."""
        matrix = model.matrix
        starts, indices = matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32)
        numbers = _floats(model.cost, model.lower, model.upper, matrix.data)
        self.library.Highs_addCols(
            self.handle,
            len(model.cost),
            *_addresses(*numbers[:3]),
            matrix.nnz,
            *_addresses(starts, indices, numbers[3]),
        )

    def start_from(self, values: Floats) -> None:
        """Give a complete solution to start from."""
        (numbers,) = _floats(values)
        self.library.Highs_setSolution(self.handle, *_addresses(numbers), None, None, None)

    def run(self) -> int | None:
        """Solve and return the model status of HiGHS; None when it did not end in time.

        After None the session must not be used any more.
        """
        self.library.Highs_zeroAllClocks(self.handle)
        ended = threading.Event()
        answer: list[int] = []
        self._is_running = True
        overdue = time.monotonic() + max(0.0, self.seconds) + _PATIENCE_SECONDS
        threading.Thread(target=self._run, args=(answer, ended), name="HiGHS").start()
        while not ended.wait(_POLL_SECONDS):
            self._watch()
            if time.monotonic() > min(overdue, self._stop_at or overdue):
                break
        if self.failure is None and ended.is_set():
            self._watch()
        if self.failure is not None:
            raise self.failure
        if not ended.is_set():
            return None
        if answer[0] == _STATUS_ERROR:
            raise SolverError("the solver failed on the model")
        return int(self.library.Highs_getModelStatus(self.handle))

    @property
    def is_asked_to_stop(self) -> bool:
        """Whether somebody asked to end the run early."""
        return self._stop_at is not None

    def _run(self, answer: list[int], ended: threading.Event) -> None:
        """Let HiGHS work in this thread; free it when nobody waits any more."""
        answer.append(self.library.Highs_run(self.handle))
        with self._lock:
            self._is_running = False
            if self._is_left_behind:
                self.library.Highs_destroy(self.handle)
        ended.set()

    def _watch(self) -> None:
        """Tell and ask the listeners; an error of theirs is raised when the run has returned."""
        try:
            if self.limits.on_wait is not None:
                self.limits.on_wait()
            if self.limits.on_incumbent is not None and self.incumbent is not self._told:
                self._told = self.incumbent
                self.limits.on_incumbent(self._value, self.bound)
            if self.limits.should_stop is not None and self.limits.should_stop():
                self._ask_to_stop()
        except BaseException as error:  # noqa: BLE001 - kept and raised when the run has returned
            self.failure = error
            self._ask_to_stop()

    def _ask_to_stop(self) -> None:
        if self._stop_at is None:
            self._stop_at = time.monotonic() + _PATIENCE_SECONDS

    def solution(self, columns: int, rows: int) -> tuple[Floats, Floats]:
        """Return the values of the columns and the dual values of the rows."""
        values, column_duals = np.zeros(columns), np.zeros(columns)
        activities, duals = np.zeros(rows), np.zeros(rows)
        self.library.Highs_getSolution(self.handle, *_addresses(values, column_duals, activities, duals))
        return values, duals

    def has_solution(self) -> bool:
        """Return whether the values are those of a feasible solution."""
        return self.whole_number(b"primal_solution_status") == _SOLUTION_FEASIBLE

    def whole_number(self, name: bytes) -> int:
        """Return a whole figure of the last run."""
        value = c_int()
        self.library.Highs_getIntInfoValue(self.handle, name, byref(value))
        return value.value

    def iterations(self) -> int:
        """Return the simplex iterations of the last run."""
        return max(0, self.whole_number(b"simplex_iteration_count"))

    def number(self, name: bytes) -> float:
        """Return a figure of the last run."""
        value = c_double()
        self.library.Highs_getDoubleInfoValue(self.handle, name, byref(value))
        return value.value

    def _called(self, kind: int, _: bytes, data: int, interrupt: Any, __: int) -> None:
        """Answer a callback; an error must not cross the border to C, it is raised after the run."""
        try:
            if kind == _CALLBACK_IMPROVING_SOLUTION:
                self._note(data)
            elif self._must_stop(kind, data):
                interrupt[0] = 1
        except BaseException as error:  # noqa: BLE001 - kept and raised when the run has returned
            self.failure = error
            interrupt[0] = 1

    def _note(self, data: int) -> None:
        """Keep a better solution, so that it is not lost when the run is left behind."""
        self._value = self._figure(data, b"objective_function_value", c_double)
        self.bound = self._figure(data, b"mip_dual_bound", c_double)
        address = self.library.Highs_getCallbackDataOutItem(data, b"mip_solution")
        numbers = ctypes.cast(address, POINTER(c_double))
        self.incumbent = np.ctypeslib.as_array(numbers, (self.column_count,)).copy()

    def _must_stop(self, kind: int, data: int) -> bool:
        if self._is_left_behind or self._stop_at is not None or self.failure is not None:
            return True
        if kind != _CALLBACK_MIP_INTERRUPT:
            return False
        self.bound = self._figure(data, b"mip_dual_bound", c_double)
        done = self._figure(data, b"mip_total_lp_iterations", c_int64)
        return 0 < self.limits.iterations <= done

    def _figure(self, data: int, name: bytes, kind: type[c_double] | type[c_int64]) -> float:
        address = self.library.Highs_getCallbackDataOutItem(data, name)
        return float(ctypes.cast(address, POINTER(kind)).contents.value)


def _floats(*arrays: NDArray[Any]) -> list[Floats]:
    """Return arrays as C wants them: contiguous and in double precision."""
    return [np.ascontiguousarray(array, dtype=np.float64) for array in arrays]


def _addresses(*arrays: NDArray[Any]) -> Sequence[int]:
    """Return where the numbers of contiguous arrays are; the caller keeps the arrays alive."""
    return [array.ctypes.data for array in arrays]


def solve_mip(model: LinearModel, limits: Limits, start: Floats | None = None) -> Outcome:
    """Solve a mixed-integer program.

    Parameters
    ----------
    model
        The program.
    limits
        When to end without a proof.
    start
        A complete feasible solution to start from; a value for every column.

    Returns
    -------
    Outcome
        The best solution found and the proven bound.

    Raises
    ------
    SolverError
        When HiGHS fails, which means a mistake in the model.
    """
    outcome = _run_mip(model, limits, start)
    if start is None or not outcome.optimal or outcome.iterations:
        return outcome
    return _worse_proof(model, outcome, _run_mip(model, limits, None))


def _run_mip(model: LinearModel, limits: Limits, start: Floats | None) -> Outcome:
    with _Session(limits) as session:
        session.load(model, whole=True)
        if start is not None:
            session.start_from(start)
        status = session.run()
        if status is None:
            return Outcome(False, False, session.incumbent, session.bound, cut_by_time=True)
        return _mip_outcome(session, status, model)


def _worse_proof(model: LinearModel, outcome: Outcome, again: Outcome) -> Outcome:
    """Return the better solution of two runs with the weaker of their bounds.

    HiGHS 1.12 can lose what is better than the start when presolve leaves next to nothing of a program, and
    then calls the start optimal without solving any relaxation. Without a start it does not.
    """
    if again.values is None:
        return replace(outcome, optimal=False, bound=min(outcome.bound, again.bound))
    better = min((outcome, again), key=lambda item: _cost(model, item))
    return replace(better, optimal=outcome.optimal and again.optimal, bound=min(outcome.bound, again.bound))


def _cost(model: LinearModel, outcome: Outcome) -> float:
    return np.inf if outcome.values is None else float(model.cost @ outcome.values)


def _mip_outcome(session: _Session, status: int, model: LinearModel) -> Outcome:
    """Return how a run that has ended did end."""
    values, bound = None, -np.inf
    if session.has_solution():
        values, _ = session.solution(len(model.cost), len(model.row_lower))
        bound = session.number(b"mip_dual_bound")
    return Outcome(
        optimal=status == _MODEL_STATUS_OPTIMAL and values is not None,
        infeasible=values is None
        and status in (_MODEL_STATUS_INFEASIBLE, _MODEL_STATUS_UNBOUNDED_OR_INFEASIBLE),
        values=values,
        bound=bound,
        iterations=session.iterations(),
        cut_by_time=session.is_asked_to_stop or status == _MODEL_STATUS_TIME_LIMIT,
    )


class ColumnProgram:
    """A linear program that grows by columns and keeps its basis.

    Parameters
    ----------
    model
        The whole program; its integrality is ignored.
    columns
        The columns to begin with; a feasible solution must exist among them.
    limits
        The limits of all runs together.
    """

    def __init__(self, model: LinearModel, columns: Ints, limits: Limits) -> None:
        self._model = model
        self.columns = columns
        self._session = _Session(limits)
        self._session.load(model.only(columns), whole=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.__exit__(kind, error, trace)

    def add(self, columns: Ints) -> None:
        """Add columns; they must not be in the program yet."""
        self._session.add_columns(self._model.only(columns))
        self._session.set_whole(b"simplex_strategy", _PRIMAL_SIMPLEX)
        self.columns = np.concatenate([self.columns, columns])

    def run(self, seconds: float) -> Outcome:
        """Solve to optimality or until the time is over; values are those of the present columns."""
        session, rows = self._session, len(self._model.row_lower)
        session.set_seconds(seconds)
        status = session.run()
        if status is None:
            return Outcome(False, False, None, -np.inf, np.zeros(rows), cut_by_time=True)
        optimal = status == _MODEL_STATUS_OPTIMAL
        infeasible = status == _MODEL_STATUS_INFEASIBLE
        cut = session.is_asked_to_stop or status == _MODEL_STATUS_TIME_LIMIT
        values, duals = session.solution(len(self.columns), rows)
        return Outcome(optimal, infeasible, values, -np.inf, duals, session.iterations(), cut)


def valid_prices(model: LinearModel, duals: Floats) -> Floats:
    """Return dual values as prices of the rows: those of a side that a row does not have are zero."""
    price = np.where(np.isfinite(model.row_lower) | (duals < 0), duals, 0.0)
    return np.asarray(np.where(np.isfinite(model.row_upper) | (price > 0), price, 0.0))


def dual_bound(model: LinearModel, duals: Floats) -> tuple[float, Floats]:
    """Return a lower bound on the model and the reduced costs, from any dual values of its rows.

    The bound holds whatever the dual values are (weak duality with the rows priced into the objective and
    every column at its cheaper bound), so that an inexact or unfinished linear program cannot make it wrong.
    """
    price = valid_prices(model, duals)
    reduced = model.cost - model.matrix.T @ price
    row_share = np.where(price > 0, model.row_lower, model.row_upper)
    column_share = np.where(reduced > 0, model.lower, model.upper)
    bound = float(price[price != 0] @ row_share[price != 0] + reduced @ column_share + model.offset)
    return bound, reduced
