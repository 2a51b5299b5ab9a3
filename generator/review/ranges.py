"""The ranks that each township could have, over combinations of readings.

Owns how many combinations are judged, and what comes of them. Must not print.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from generator.data.again import Years
from generator.data.switches import Option, Switchboard, Switchboards
from generator.engine.model import Township, YearInputs
from generator.engine.rank import standings
from generator.engine.result import YearResult
from generator.review.cells import cells
from generator.review.combined import Chosen, Picked, picked
from generator.review.otherwise import Otherwise, Reader, otherwise
from generator.review.sums import Ranks, Sums

EXACT = 100_000
"""So many combinations times townships are all judged."""

SAMPLED = 12_000
"""So many are, of more."""


@dataclass(frozen=True, slots=True)
class Range:
    """The best and the worst rank of a township, and the one it has."""

    township: Township
    rank: int
    best: int
    worst: int


@dataclass(frozen=True, slots=True)
class Ranges:
    """Everybody's ranks over `judged` of `total` combinations, by the rank they have.

    `left_out` are alternatives by which the year cannot be judged.
    """

    total: int
    judged: int
    ranges: tuple[Range, ...]
    left_out: tuple[Option, ...]

    @property
    def complete(self) -> bool:
        """Whether every combination was judged."""
        return self.judged == self.total


def ranges(reader: Reader, sums: Sums | None = None, *, slow: int = EXACT) -> Ranges:
    """Everybody's ranks over all combinations, or a sample of them.

    Without `sums` every combination is judged as a whole, no more than `slow` times townships.
    """
    inputs = reader.result.inputs
    options = reader.board.executable
    fit = reader.fitting
    many = max(len(inputs.submissions), 1)
    exact, sampled = (slow, min(slow, SAMPLED)) if sums is None else (EXACT, SAMPLED)
    book = inputs.rulebook
    seed = f"{book.id}/{book.version} {inputs.assessment.year}"
    chosen = picked(fit, reader.board.clash, exact // many, sampled // many, seed)
    left_out = tuple(one for one in options if one not in fit)
    return _gathered(reader, sums or _Whole(reader), chosen, left_out)


def sums_of(reader: Reader) -> Sums | None:
    """The year as sums of clauses; None where its rulebook does more than add up."""
    found = cells(reader.board, reader.fitting)
    return Sums(reader, found) if found else None


class _Judge(Protocol):
    def ranks(self, chosen: Chosen) -> Ranks | None: ...


def _gathered(
    reader: Reader, judge: _Judge, chosen: Picked, left_out: tuple[Option, ...]
) -> Ranges:
    own = {s.township.id: s for s in reader.result.standings if s.rank is not None}
    best = {name: standing.rank or 0 for name, standing in own.items()}
    worst = dict(best)
    judged = 0
    for one in chosen.chosen:
        ranks = judge.ranks(one)
        judged += ranks is not None
        for name, rank in (ranks or {}).items():
            best[name] = min(best[name], rank)
            worst[name] = max(worst[name], rank)
    found = [Range(s.township, s.rank or 0, best[name], worst[name]) for name, s in own.items()]
    found.sort(key=lambda one: (one.rank, one.township.id))
    return Ranges(chosen.total, judged, tuple(found), left_out)


class _Whole:
    """Judges every combination as a whole; for rulebooks that do more than add up clauses."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def ranks(self, chosen: Chosen) -> Ranks | None:
        inputs = self._reader.inputs(chosen)
        if not isinstance(inputs, YearInputs):
            return None
        found = standings(inputs, inputs.submissions)
        return {s.township.id: s.rank for s in found if s.rank is not None}


# --- a year under all of them ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class YearReadings:
    """A year under every alternative one by one, and everybody's ranks over all of them."""

    board: Switchboard
    result: YearResult
    found: tuple[Otherwise, ...]
    ranges: Ranges | None

    def of(self, reading: str) -> tuple[Otherwise, ...]:
        """What the alternatives of one reading move."""
        return tuple(one for one in self.found if one.option.reading == reading)


def readings_of(
    years: Years, boards: Switchboards, results: Sequence[YearResult], *, most: int
) -> dict[int, YearReadings]:
    """The years under every alternative, as many of the newest as cost no more than `most`.

    The cost is that of judging one township once.
    """
    found, spent = dict[int, YearReadings](), 0
    for result in reversed(results):
        book = result.inputs.rulebook
        board = boards.get((book.id, book.version))
        if board is None:
            continue
        spent += (len(board.executable) + 1) * len(result.inputs.submissions)
        if spent > most:
            break
        reader = Reader(years, board, result)
        found[result.inputs.assessment.year] = year_readings(reader, slow=most // _SLOW)
    return found


_SLOW = 5
"""So much less of the cost is left for combinations that are judged as a whole."""


def year_readings(reader: Reader, *, ranged: bool = True, slow: int = EXACT) -> YearReadings:
    """A year under every alternative, and if `ranged` over combinations; `slow` as in `ranges`."""
    sums = sums_of(reader)
    singly = otherwise(reader) if sums is None else otherwise(reader, sums.cards)
    found = ranges(reader, sums, slow=slow) if ranged else None
    return YearReadings(reader.board, reader.result, singly, found)
