"""What another rulebook would have made of past years.

Owns reading a year under a rulebook that it was not assessed by. Must not print.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator.data.load import Loaded, load
from generator.data.tree import Files
from generator.engine.compare import Moved, moved
from generator.engine.problem import Problem, errors
from generator.engine.rank import judged
from generator.engine.result import YearResult

BookKey = tuple[str, int]
"""A rulebook's id and version."""


@dataclass(frozen=True, slots=True)
class Impact:
    """One year as it was judged and as it would have been.

    `new` is None where the year's facts do not fit the rulebook: `problems` say why.
    """

    old: YearResult
    new: YearResult | None
    moved: tuple[Moved, ...]
    problems: tuple[Problem, ...]


def impacts(files: Files, loaded: Loaded, book: BookKey, years: Iterable[int]) -> Iterator[Impact]:
    """Every one of those years, oldest first, judged by its own rulebook and by `book`."""
    wanted = set(years)
    for inputs in loaded.years:
        number = inputs.assessment.year
        if number not in wanted:
            continue
        old = judged(inputs)
        then, problems = load(files, under={number: book})
        if then is None:
            yield Impact(old, None, (), tuple(errors(problems)))
            continue
        new = judged(next(one for one in then.years if one.assessment.year == number))
        yield Impact(old, new, moved(old.standings, new.standings), ())
