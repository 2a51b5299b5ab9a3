"""One year as it would be under other readings of its rulebook, one alternative at a time.

Owns which alternatives can be judged for a year, and what each of them moves. Must not print.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from generator.data.again import Years, refit
from generator.data.switches import Option, Switchboard
from generator.engine.book import Rulebook
from generator.engine.compare import Moved, moved
from generator.engine.model import YearInputs
from generator.engine.problem import Problem
from generator.engine.rank import placed, standings
from generator.engine.result import Scorecard, Standing, YearResult


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The year under one alternative; where its facts cannot be read so, `problems` say why."""

    option: Option
    standings: tuple[Standing, ...] | None
    moved: tuple[Moved, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def ranks(self) -> tuple[Moved, ...]:
        """Those whose place is another, tied or not."""
        return tuple(one for one in self.moved if _place(one.old) != _place(one.new))

    @property
    def listed(self) -> tuple[Moved, ...]:
        """Those who come onto a list or leave one."""
        return tuple(one for one in self.moved if one.old.outcomes != one.new.outcomes)


def _place(standing: Standing) -> tuple[object, ...]:
    return standing.rank, standing.tied


class Reader:
    """Reads one year under alternatives of its rulebook; what has been read is kept."""

    def __init__(self, years: Years, board: Switchboard, result: YearResult) -> None:
        self.years, self.board, self.result = years, board, result
        self._read: dict[tuple[Option, ...], YearInputs | tuple[Problem, ...]] = {}
        own = board.book.rulebook
        self._reread = {one for one in board.executable if refit(own, board.under((one,)))}

    def inputs(
        self, chosen: Sequence[Option], rulebook: Rulebook | None = None
    ) -> YearInputs | tuple[Problem, ...]:
        """The year's inputs under alternatives, or why there are none.

        Facts are read again only where an alternative bears on reading them.
        """
        found = self._facts(chosen)
        if not isinstance(found, YearInputs):
            return found
        return under(found, rulebook or self.board.under(chosen))

    @cached_property
    def fitting(self) -> tuple[Option, ...]:
        """The alternatives by which the year can be judged."""
        executable = self.board.executable
        return tuple(one for one in executable if isinstance(self._facts((one,)), YearInputs))

    def _facts(self, chosen: Sequence[Option]) -> YearInputs | tuple[Problem, ...]:
        """The year's inputs, under whichever rulebook."""
        about = tuple(one for one in chosen if one in self._reread)
        if about and about not in self._read:
            number = self.result.inputs.assessment.year
            again = self.years.again(number, self.board.book, self.board.under(about))
            self._read[about] = again.problems if again.inputs is None else again.inputs
        return self._read[about] if about else self.result.inputs


def under(inputs: YearInputs, rulebook: Rulebook) -> YearInputs:
    """The same facts to be judged by another rulebook."""
    return replace(inputs, rulebook=rulebook)


Cards = Mapping[str, Scorecard]
"""Everybody's scorecard, by township."""


def otherwise(
    reader: Reader, known: Callable[[Option], Cards | None] = lambda _: None
) -> tuple[Otherwise, ...]:
    """What every alternative that can be computed moves, in the rulebook's order.

    `known` has the cards under an alternative, where they need not be judged anew.
    """
    return tuple(_one(reader, option, known) for option in reader.board.executable)


def _one(reader: Reader, option: Option, known: Callable[[Option], Cards | None]) -> Otherwise:
    inputs = reader.inputs((option,))
    if not isinstance(inputs, YearInputs):
        return Otherwise(option, None, (), inputs)
    cards = known(option)
    found = standings(inputs, inputs.submissions) if cards is None else placed(inputs, cards)
    return Otherwise(option, found, moved(reader.result.standings, found))
