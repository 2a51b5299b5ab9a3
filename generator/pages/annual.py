"""A year as its pages look at it: who stands where, before and after, and against last year.

Owns these views of a result. Must not judge or write.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from generator.engine.book import Rulebook
from generator.engine.model import Assessment, Charge, Standing, YearResult
from generator.shape.form import Form


@dataclass(frozen=True)
class Year:
    """A result with what its pages look up again and again."""

    result: YearResult
    previous: YearResult | None
    form: Form | None = None

    @property
    def assessment(self) -> Assessment:
        return self.result.inputs.assessment

    @property
    def number(self) -> int:
        return self.assessment.year

    @property
    def book(self) -> Rulebook:
        return self.result.inputs.rulebook

    @cached_property
    def ranked(self) -> list[Standing]:
        """Those with a rank, the first one first, ties by id."""
        ranked = (standing for standing in self.result.standings if standing.rank is not None)
        return sorted(ranked, key=lambda standing: (standing.rank, standing.township.id))

    @cached_property
    def by_id(self) -> Mapping[str, Standing]:
        return {standing.township.id: standing for standing in self.result.standings}

    @cached_property
    def unsubmitted(self) -> list[Standing]:
        return [standing for standing in self.result.standings if standing.scorecard is None]

    @cached_property
    def before(self) -> Mapping[str, Standing]:
        """Last year's standings, by township."""
        past = self.previous.standings if self.previous else ()
        return {standing.township.id: standing for standing in past}

    @cached_property
    def firsts(self) -> Mapping[str, Standing]:
        """The standings before any correction, by township."""
        return {standing.township.id: standing for standing in self.result.first}

    @cached_property
    def scores(self) -> Mapping[str, Fraction]:
        return {s.township.id: s.scorecard.score for s in self.ranked if s.scorecard}

    @cached_property
    def _ascending(self) -> list[Fraction]:
        return sorted(self.scores.values())

    @cached_property
    def charged(self) -> Mapping[str, list[tuple[Standing, tuple[Charge, ...]]]]:
        """By clause: whom it cost points, and how, in the order of rank."""
        found: dict[str, list[tuple[Standing, tuple[Charge, ...]]]] = {}
        for standing in self.ranked:
            for score in standing.scorecard.clauses() if standing.scorecard else ():
                if score.charges:
                    found.setdefault(score.clause.id, []).append((standing, score.charges))
        return found

    def rank_of(self, score: Fraction) -> int:
        """The rank of a township had it this score, no lower than its own, the others theirs."""
        return 1 + len(self._ascending) - bisect_right(self._ascending, score)

    def score_moved(self, standing: Standing) -> Fraction | None:
        """Points more than last year; None where the two cannot be compared."""
        old = self.before.get(standing.township.id)
        if not (old and old.scorecard and standing.scorecard and self.previous):
            return None
        past = self.previous.inputs.rulebook
        if (past.id, past.total.value) != (self.book.id, self.book.total.value):
            return None
        return standing.scorecard.score - old.scorecard.score


def by_year(
    results: Sequence[YearResult], forms: Mapping[tuple[str, int], Form]
) -> tuple[Year, ...]:
    """Every result beside the one before it; `forms` by id and version of the rulebook."""
    pairs = zip(results, [None, *results], strict=False)
    return tuple(
        Year(result, previous, forms.get((book.id, book.version)))
        for result, previous in pairs
        for book in (result.inputs.rulebook,)
    )
