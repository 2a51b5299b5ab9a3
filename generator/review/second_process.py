"""A second process that takes its share where there is much to do, for a second core.

What comes out is what doing the parts one after the other gives.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import active_count
from typing import IO, TypeVar

T = TypeVar("T")
Part = Callable[[], Iterable[T]]

MANY = 200
"""Fewer parts are done before a second process has begun."""

_TICKETS = bytes(range(256))
"""Whoever draws a number does that part and every 256th after it."""


def done(parts: Sequence[Part[T]], *, alone: bool = False, many: int | None = None) -> list[T]:
    """What the parts give, one after the other; `alone`: without a second process.

    `many`: from so many parts on a second process pays, where it is not `MANY`.
    """
    enough = len(parts) >= (MANY if many is None else many)
    found = _by_two(parts) if enough and not alone and _may_fork() else {}
    # What the other process owes, because something ended it, is made up for here.
    made = (found[n] if n in found else part() for n, part in enumerate(parts))
    return [one for those in made for one in those]


def _may_fork() -> bool:
    """Linux, a second core, and no thread that a fork would cut short."""
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    return len(cores) > 1 and active_count() == 1


def _by_two(parts: Sequence[Part[T]]) -> dict[int, list[T]]:
    """What both have done, by the number of the part; neither waits while there are tickets."""
    fork = get_context("fork")
    answer, question = fork.Pipe(duplex=False)
    with answer, question, _tickets() as tickets:
        other = fork.Process(target=_help, args=(parts, tickets, answer, question), daemon=True)
        other.start()
        question.close()
        found = _drawn(parts, tickets)
        with suppress(EOFError):
            found |= answer.recv()
        other.join()
    return found


def _tickets() -> IO[bytes]:
    """A pipe full of them: each can be read only once, whoever reads it."""
    out, into = os.pipe()
    with os.fdopen(into, "wb") as office:
        office.write(_TICKETS)
    return os.fdopen(out, "rb", buffering=0)


def _drawn(parts: Sequence[Part[T]], tickets: IO[bytes]) -> dict[int, list[T]]:
    """What the parts give whose tickets were drawn here."""
    found = {}
    while ticket := tickets.read(1):
        for number in range(ticket[0], len(parts), len(_TICKETS)):
            found[number] = list(parts[number]())
    return found


def _help(
    parts: Sequence[Part[T]], tickets: IO[bytes], answer: Connection, question: Connection
) -> None:
    """The second process; what goes wrong here goes wrong again in the first, which says so."""
    answer.close()  # else it would wait for ever to be heard by a first one that has ended
    with suppress(BaseException):
        question.send(_drawn(parts, tickets))
