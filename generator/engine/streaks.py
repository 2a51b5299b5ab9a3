"""Periods in a row in the same grades, those of the year before included.

Owns when a row is long enough. Must not score or print.
"""

from collections.abc import Iterable

from generator.engine.above import Streak
from generator.engine.result import PartScore


def streak_outcomes(
    streaks: Iterable[Streak], before: tuple[PartScore, ...], parts: tuple[PartScore, ...]
) -> tuple[str, ...]:
    """What follows from so many periods in a row, the last of which is one of this year's."""
    return tuple(
        outcome
        for streak in streaks
        if reached(streak, before, parts)
        for outcome in streak.outcomes
    )


def reached(streak: Streak, before: tuple[PartScore, ...], parts: tuple[PartScore, ...]) -> bool:
    """Whether a row that long ends in one of this year's `parts`."""
    row = 0
    for number, part in enumerate((*before, *parts)):
        row = row + 1 if part.band and part.band.id in streak.bands else 0
        if row >= streak.periods.value and number >= len(before):
            return True
    return False
