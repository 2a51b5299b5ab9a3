"""A second process that takes its share where there is much to do, for a second core.

What comes out is what doing the parts one after the other gives.
"""

import os
import signal
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context, parent_process
from threading import Thread, active_count
from typing import Any, TypeVar

T = TypeVar("T")
Part = Callable[[], Iterable[T]]

MANY = 200
"""Fewer parts are done before a second process has begun."""

_parts: Sequence[Part[Any]] = ()
"""What the second process was forked with: parts are not sent, only what they give."""


def done(parts: Sequence[Part[T]], *, alone: bool = False, many: int | None = None) -> list[T]:
    """What the parts give, one after the other; `alone`: without a second process.

    `many`: from so many parts on a second process pays, where it is not `MANY`.
    """
    enough = len(parts) >= (MANY if many is None else many)
    made = _by_two(parts) if enough and not alone and _may_fork() else {}
    # What the other process owes, because something ended it, is made up for here.
    return [x for n, part in enumerate(parts) for x in (made[n] if n in made else part())]


def _may_fork() -> bool:
    """Linux, a second core, and no thread that a fork would cut short."""
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    return len(cores) > 1 and active_count() == 1


def _by_two(parts: Sequence[Part[T]]) -> dict[int, list[T]]:
    """What both have made, by the number of the part: one from the front, one from the end.

    Where they meet they may both do a part: Python 3.11 forbids to cancel one in a pool that may
    break.
    """
    made: dict[int, list[T]] = {}
    promised: list[Future[list[T]]] = []
    pool = ProcessPoolExecutor(1, get_context("fork"), _begin, (parts,))
    try:
        with suppress(BrokenExecutor):
            promised.extend(pool.submit(_do, number) for number in range(len(parts)))
        # Else the rest of an answer would be waited for if its sender is killed in the middle.
        pool._result_queue._writer.close()  # type: ignore[attr-defined] # noqa: SLF001 - see above
        while promised and not promised[-1].done():
            promised.pop()
            made[len(promised)] = list(parts[len(promised)]())
        for number, future in enumerate(promised):
            with suppress(Exception):  # it goes wrong again in the first process, which says so
                made[number] = future.result()
    finally:
        pool.shutdown(cancel_futures=True)
    return made


def _begin(parts: Sequence[Part[Any]]) -> None:
    """In the second process: it ends with the first one, and leaves being interrupted to that."""
    global _parts  # noqa: PLW0603 - what a worker is to do is handed over once, by the fork
    _parts = parts
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_first, daemon=True).start()


def _end_with_the_first() -> None:
    first = parent_process()
    if first is not None:
        first.join()
        os._exit(1)


def _do(number: int) -> list[Any]:
    return list(_parts[number]())
