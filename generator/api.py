"""A city for programs of one's own: `from generator import load`.

Gives the types of `engine`, which hold exact amounts and know no language. Must not print.
"""

from os import PathLike
from pathlib import Path

from generator.engine.problem import Problem, errors
from generator.engine.rank import judged
from generator.engine.year import Scorecard, Standing, YearResult
from generator.reading.files import tree_below
from generator.shape.schema import files_of
from generator.words.messages import catalogue
from generator.words.report import problems
from generator.year.examples import unproven
from generator.year.load import Loaded
from generator.year.load import load as load_files

__all__ = ["JudgedYear", "JudgedYears", "Unsound", "load"]


class Unsound(Exception):  # noqa: N818 - the data are, not the program
    """A city's folder holds errors: `problems` are all of them, warnings included."""

    def __init__(self, faults: list[Problem]) -> None:
        super().__init__(problems(faults, catalogue("en"), "text"))
        self.problems = tuple(faults)


class JudgedYear:
    """One year's result."""

    def __init__(self, result: YearResult) -> None:
        self.result = result

    def standing(self, township: str) -> Standing:
        """Where a township stands, by its id or its name; raises KeyError for any other."""
        for standing in self.result.standings:
            if township in standing.township.names:
                return standing
        raise KeyError(township)

    def card(self, township: str) -> Scorecard | None:
        """What a township's score consists of; None where it has not submitted."""
        return self.standing(township).scorecard


class JudgedYears:
    """The years of a sound city, each judged when it is asked for."""

    def __init__(self, loaded: Loaded) -> None:
        self.city = loaded.city
        self._inputs = {inputs.assessment.year: inputs for inputs in loaded.years}
        self._judged: dict[int, JudgedYear] = {}

    @property
    def years(self) -> tuple[int, ...]:
        """Which years there are, the oldest first."""
        return tuple(self._inputs)

    def year(self, number: int) -> JudgedYear:
        """The year's result; raises KeyError where there is no such year."""
        if number not in self._judged:
            self._judged[number] = JudgedYear(judged(self._inputs[number]))
        return self._judged[number]


def load(path: str | PathLike[str]) -> JudgedYears:
    """The years of a city's folder; raises `Unsound` if there is any error in its data."""
    files = files_of(tree_below(Path(path)))
    loaded, faults = load_files(files)
    faults += unproven(files, loaded.books, loaded.holidays) if loaded else ()
    if loaded is None or errors(faults):
        raise Unsound(faults)
    return JudgedYears(loaded)
