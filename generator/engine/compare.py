"""Two results of one year side by side: whose score, rank, grade or consequences differ.

Owns what counts as a difference, as values. Must not say why, or print.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from generator.engine.model import Township
from generator.engine.result import Scorecard, Standing

Points: TypeAlias = Mapping[tuple[str | None, str], Fraction]
"""What a card has under each clause, by the period inside the year (or None) and its id."""


@dataclass(frozen=True, slots=True)
class ClauseMoved:
    """Points of one clause before and after; None where there is no such clause."""

    part: str | None
    clause: str
    old: Fraction | None
    new: Fraction | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A township that one result treats otherwise than another."""

    township: Township
    old: Standing
    new: Standing
    clauses: tuple[ClauseMoved, ...]

    @property
    def ranks(self) -> int:
        """How many places it moves, whichever way."""
        return abs((self.old.rank or 0) - (self.new.rank or 0))

    @property
    def points(self) -> Fraction:
        """How much the score moves, above 0 where it rises."""
        return _score(self.new) - _score(self.old)


def moved(old: Iterable[Standing], new: Iterable[Standing]) -> tuple[Moved, ...]:
    """Those in both results for whom something differs: by places moved, then by points."""
    before = {standing.township.id: standing for standing in old}
    pairs = ((before[one.township.id], one) for one in new if one.township.id in before)
    found = [
        Moved(one.township, was, one, tuple(_clauses(was, one)))
        for was, one in pairs
        if _seen(was) != _seen(one) or _points(was.scorecard) != _points(one.scorecard)
    ]
    return tuple(sorted(found, key=lambda m: (-m.ranks, -abs(m.points), m.township.id)))


def _seen(standing: Standing) -> tuple[object, ...]:
    """What of a standing people go by."""
    band = standing.band.id if standing.band else None
    paid = tuple((one.payment.id, one.amount) for one in standing.payments)
    score = standing.scorecard.score if standing.scorecard else None
    return score, standing.rank, standing.tied, standing.outcomes, band, paid


def _clauses(old: Standing, new: Standing) -> Iterator[ClauseMoved]:
    before, after = _points(old.scorecard), _points(new.scorecard)
    for key in {**before, **after}:
        if before.get(key) != after.get(key):
            yield ClauseMoved(*key, before.get(key), after.get(key))


def _points(card: Scorecard | None) -> Points:
    sections = card.sections if card else ()
    return {(s.part, c.clause.id): c.points for s in sections for c in s.clauses}


def _score(standing: Standing) -> Fraction:
    return standing.scorecard.score if standing.scorecard else Fraction()
