"""Periods in a row in the same grades, those of the year before included.

Owns when a row is long enough. Must not score or print.
"""

from generator.engine.above import Streak
from generator.engine.model import YearInputs
from generator.engine.result import PartScore, Scorecard
from generator.engine.score import past_parts


def streak_outcomes(inputs: YearInputs, card: Scorecard) -> tuple[str, ...]:
    """What follows from so many periods in a row, the last of which lies in this year."""
    before = past_parts(inputs, card.submission.township)
    found: list[str] = []
    for streak in inputs.rulebook.above.streaks:
        if reached(streak, before, card.parts):
            found += streak.outcomes
    return tuple(found)


def reached(streak: Streak, before: tuple[PartScore, ...], parts: tuple[PartScore, ...]) -> bool:
    """Whether a row that long ends in one of this year's `parts`."""
    row = 0
    for number, part in enumerate((*before, *parts)):
        row = row + 1 if part.band and part.band.id in streak.bands else 0
        if row >= streak.periods.value and number >= len(before):
            return True
    return False
