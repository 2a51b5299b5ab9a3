"""An act that is ended, or refused by the system, at each moment that it touches the disk."""

import os
import sys
import warnings
from collections.abc import Callable, Collection, Iterator
from itertools import count

ON_DISK = (
    *("open", "os.mkdir", "os.rename", "os.link"),
    *("os.remove", "os.rmdir", "os.listdir", "os.scandir"),
)
DONE, DONE_ALL_THE_SAME, REFUSED, WRONG = range(4)


def killed(act: Callable[[], object], only: Collection[str] = ON_DISK) -> Iterator[int]:
    """Kill a process that does `act`, one moment later each time, until it comes to its end.

    `only`: at moments of these kinds alone.
    """

    def kill() -> None:
        os.kill(os.getpid(), 9)

    for moment in count():
        if _in_a_process(act, moment, kill, only) == DONE:
            return
        yield moment


def refused(act: Callable[[], object], errno: int) -> Iterator[bool]:
    """Let the system refuse one call; the error must name a file. Whether that ended the act."""

    def refuse() -> None:
        raise OSError(errno, os.strerror(errno))

    for moment in count():
        code = _in_a_process(act, moment, refuse, ON_DISK)
        assert code != WRONG, f"at moment {moment}"
        if code == DONE:
            return
        yield code == REFUSED


def _in_a_process(
    act: Callable[[], object], moment: int, then: Callable[[], None], kinds: Collection[str]
) -> int:
    """The exit code; negative where it was killed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other tests may have left threads, which do not matter
        process = os.fork()
    if not process:
        code = WRONG
        try:
            left = iter(range(moment, -1, -1))

            def heard(event: str, _: object) -> None:
                if event in kinds and next(left, None) == 0:
                    then()

            sys.addaudithook(heard)
            act()
            code = DONE if next(left, None) is not None else DONE_ALL_THE_SAME
        except OSError as error:
            code = REFUSED if error.filename else WRONG
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
