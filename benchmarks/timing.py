"""Whole commands, timed from outside by the operating system's own account.

Owns runs, medians and ratios. Commands take turns, so that a machine's mood meets both.
"""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

NOTHING: Mapping[str, Callable[[], None]] = {}


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run: seconds on the clock, seconds of processor time, peak memory in MiB."""

    wall: float
    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What to quote of several runs: medians, and the largest memory."""

    wall: float
    cpu: float
    memory: float


def timed(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], ends: Sequence[int] = (0,)
) -> Run:
    """One run, which must end with one of these codes."""
    begin = perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=os.environ | environment, stdout=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ends:
        raise RuntimeError(f"exit {process.returncode}: {' '.join(command[:6])}")
    wall = perf_counter() - begin
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def side_by_side(
    commands: Mapping[str, Sequence[str]],
    folder: Path,
    runs: int,
    environment: Mapping[str, str],
    *,
    before: Mapping[str, Callable[[], None]] = NOTHING,
    ends: Sequence[int] = (0,),
) -> dict[str, Figures]:
    """The commands in turn, `runs` times each; `before` is done before a command, untimed."""
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            if name in before:
                before[name]()
            found[name].append(timed(command, folder, environment, ends))
    return {name: _figures(those) for name, those in found.items()}


def _figures(runs: Sequence[Run]) -> Figures:
    return Figures(
        median(run.wall for run in runs),
        median(run.cpu for run in runs),
        max(run.memory for run in runs),
    )
