"""A year on its way from one tree to the other, one input after the other.

Owns what is judged half swapped, and what is swapped together because it cannot be. Must not
look into results.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from generator.engine.result import Standing
from generator.review.causes import Cause, present, swapped
from generator.review.judge import Judge, Judged
from generator.review.listed import Listed

Causes = tuple[Cause, ...]
"""Usually one; several where nothing can be judged with only some of them."""

Standings = Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class Step:
    """The year as it is once some inputs have been swapped: the newest of them are `causes`."""

    causes: Causes
    judged: Judged

    def standings(self) -> Standings:
        """Where everybody stands, by township; nobody where it cannot be judged."""
        result = self.judged.result
        return {s.township.id: s for s in result.standings} if result else {}


def steps_between(
    judge: Judge, old: Listed, new: Listed, year: int, full: Collection[str]
) -> list[Step]:
    """From the one side to the other, one input after the other; both sides at least.

    What cannot be judged half swapped is swapped together with the next input.
    """
    steps, waiting = [Step((), judge.year(old, year, full))], list[Cause]()
    causes = present(old, new, year)
    for number, cause in enumerate(causes, start=1):
        waiting.append(cause)
        if number == len(causes):
            break
        judged = judge.year(swapped(old.tree, new.tree, causes[:number]), year, full)
        if not judged.problems:
            steps.append(Step(tuple(waiting), judged))
            waiting.clear()
    return [*steps, Step(tuple(waiting), judge.year(new, year, full))]


def resting_otherwise(judge: Judge, old: Listed, new: Listed, year: int) -> set[str]:
    """Those whose score rests on something else than before."""
    before, after = judge.names(old, year), judge.names(new, year)
    return {t for t in before.keys() | after.keys() if before.get(t) != after.get(t)}


def each_alone(
    judge: Judge, old: Listed, new: Listed, year: int
) -> tuple[Standings, Standings] | None:
    """The standings if only the rules, and if only the data, had changed; None unless both did."""
    causes = set(present(old, new, year))
    rules = causes & _rules(judge, old, new, year)
    if not rules or rules == causes:
        return None
    trees = (swapped(old.tree, new.tree, some) for some in (rules, causes - rules))
    rules_only, data_only = (Step((), judge.year(tree, year)).standings() for tree in trees)
    return rules_only, data_only


def _rules(judge: Judge, old: Listed, new: Listed, year: int) -> set[Cause]:
    """Which inputs hold rules: the year's own file as well where it names another rulebook.

    None of a year that begins or ends.
    """
    frames = [judge.framed(tree).frame for tree in (old, new)]
    books = [frame.years[year].year.rulebook for frame in frames if frame and year in frame.years]
    if len(books) != len(frames):
        return set()
    one, other = books
    same = (one.id, one.version) == (other.id, other.version)
    return {Cause.RULEBOOK} if same else {Cause.RULEBOOK, Cause.ASSESSMENT}
