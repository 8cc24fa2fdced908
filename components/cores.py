"""Work on all cores. Python's lock lets threads think in turn only, so it is done in processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

# Fewer texts are read or learnt before other processes have started.
LEAST_TEXTS = 2_000

_Result = TypeVar("_Result")
# What a process was given to work on.
_given: Any = None


def helpers_for(amount: int, least: int = LEAST_TEXTS) -> int:
    """Returns the number of processes that work on an amount of something; 0 for this one alone.

    Args:
        amount: how much there is.
        least: one process is as fast with less; of the same unit.
    """
    cores = os.cpu_count() or 1
    return cores if cores > 1 and amount >= least else 0


class Helpers:
    """Processes that all have the same to work on; in use as a context.

    On Linux they begin as copies of the first process: nothing is packed and sent, however much is
    given, and nothing is imported anew. No thread may be computing when the first task is handed
    out, as the copy would find its locks closed for ever.
    """

    def __init__(self, given: Any, number: int) -> None:
        """Takes what each task gets first, and the number of processes.

        With none, a task is done at once, in the process that hands it out.
        """
        self._given = given
        self._pool: Executor | None = None
        if number:
            self._pool = ProcessPoolExecutor(number, initializer=_take, initargs=(given,))

    def __enter__(self) -> Helpers:
        """Starts nothing yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Ends the processes."""
        if self._pool:
            self._pool.shutdown(cancel_futures=error is not None)

    def submit(self, task: Callable[..., _Result], *arguments: Any) -> Future[_Result]:
        """Hands out a task; it gets what all have, and the arguments."""
        if self._pool:
            return self._pool.submit(_call, task, *arguments)
        future: Future[_Result] = Future()
        try:
            future.set_result(task(self._given, *arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def map(self, task: Callable[..., _Result], arguments: Iterable[Any]) -> list[_Result]:
        """Hands out a task with each argument; returns the results in their order."""
        return [one.result() for one in [self.submit(task, argument) for argument in arguments]]


def _take(given: Any) -> None:
    global _given
    _given = given


def _call(task: Callable[..., _Result], *arguments: Any) -> _Result:
    return task(_given, *arguments)
