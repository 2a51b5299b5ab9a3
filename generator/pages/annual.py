"""A year as its pages look at it: who stands where, before and after, and against last year.

Owns these views of a result. Must not judge or write.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from generator.data.receipt import Receipt
from generator.engine.above import Group, Part
from generator.engine.book import Rulebook
from generator.engine.borders import Border, borders
from generator.engine.compare import Moved, moved
from generator.engine.effects import Effects
from generator.engine.groups import of_group
from generator.engine.lines import Field
from generator.engine.model import Assessment
from generator.engine.rank import fields_of
from generator.engine.result import Charge, Standing, YearResult
from generator.shape.form import Form
from generator.words.results import only_deducts


class Charged(NamedTuple):
    """What one clause took from a unit or gave it, in a period inside the year or in the year."""

    standing: Standing
    charges: tuple[Charge, ...]
    part: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """Those who are ranked together, by rank; `group` where every group ranks by itself."""

    group: Group | None
    field: Field
    standings: list[Standing]
    book: Rulebook
    unsubmitted: list[Standing]


@dataclass(frozen=True)
class Year:
    """A result with what its pages look up again and again; `receipt` if it is published."""

    result: YearResult
    previous: YearResult | None
    form: Form | None = None
    receipt: Receipt | None = None

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
    def plain(self) -> bool:
        """Whether the rulebook only deducts, in points, with nothing above its clauses."""
        return only_deducts(self.book)

    @cached_property
    def tables(self) -> list[Table]:
        """Those who are ranked together, as the engine does it."""
        inputs = self.result.inputs
        cards = {s.township.id: s.scorecard for s in self.result.standings if s.scorecard}
        grouping = self.book.above.grouping
        apart = {g.id: g for g in grouping.groups} if grouping and grouping.apart else {}
        named = {standing.township.id: standing for standing in self.result.standings}
        found = []
        for field in fields_of(inputs, cards):
            those = [named[name] for name in field.scores]
            group = apart.get(those[0].group or "")
            those.sort(key=lambda standing: (standing.rank or 0, standing.township.id))
            own = self._own(group)
            waiting = [s for s in self.unsubmitted if not apart or s.group == those[0].group]
            found.append(Table(group, field, those, own, waiting))
        shown = {s.township.id for table in found for s in table.unsubmitted}
        rest = [s for s in self.unsubmitted if s.township.id not in shown]
        return (
            found
            if not rest and found
            else [*found, Table(None, Field({}, {}), [], self.book, rest)]
        )

    def _own(self, group: Group | None) -> Rulebook:
        return self.book if group is None else of_group(self.book, group.id)

    def table_of(self, standing: Standing) -> Table:
        """Those with whom a unit is ranked."""
        return next(t for t in self.tables if standing.township.id in t.field.scores)

    def group_of(self, standing: Standing) -> Group | None:
        """The group among which a unit ranks, where groups rank apart."""
        grouping = self.book.above.grouping
        groups = grouping.groups if grouping and grouping.apart else ()
        return next((group for group in groups if group.id == standing.group), None)

    def ranked_with(self, standing: Standing) -> list[Standing]:
        """Those with whom a unit is ranked, or would be had it submitted."""
        for table in self.tables:
            if standing in (*table.standings, *table.unsubmitted):
                return table.standings
        return self.ranked

    def part(self, part: str | None) -> Part | None:
        """A period inside the year by its id."""
        return next((one for one in self.book.above.parts if one.id == part), None)

    @cached_property
    def ranked(self) -> list[Standing]:
        """Those with a rank, the first one first, ties by id; group by group if they rank apart."""
        return [standing for table in self.tables for standing in table.standings]

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
    def first_is_another(self) -> bool:
        """Whether corrections have changed anything, were it a fact that costs nothing."""
        return self.result.first != self.result.standings

    @cached_property
    def moved(self) -> list[Moved]:
        """Those for whom corrections changed anything, in the order of rank; whatever clause."""
        order = {standing.township.id: number for number, standing in enumerate(self.ranked)}
        found = moved(self.result.first, self.result.standings)
        return sorted(found, key=lambda one: order.get(one.township.id, len(order)))

    @cached_property
    def effects(self) -> Effects:
        """What each deduction did to score and rank."""
        return Effects(self.result)

    @cached_property
    def borders(self) -> list[Border]:
        """Every line with those nearest to it."""
        return list(borders(self.effects))

    @cached_property
    def scores(self) -> Mapping[str, Fraction]:
        return {s.township.id: s.scorecard.score for s in self.ranked if s.scorecard}

    @cached_property
    def _ascending(self) -> list[Fraction]:
        return sorted(self.scores.values())

    @cached_property
    def charged(self) -> Mapping[str, list[Charged]]:
        """By clause: whom it cost or gave points, and how, in the order of rank."""
        found: dict[str, list[Charged]] = {}
        for standing in self.ranked:
            for section in standing.scorecard.sections if standing.scorecard else ():
                for score in section.clauses:
                    if score.charges:
                        one = Charged(standing, score.charges, section.part)
                        found.setdefault(score.clause.id, []).append(one)
        return found

    def rank_of(self, score: Fraction) -> int:
        """The rank of a township had it this score, no lower than its own, the others theirs."""
        return 1 + len(self._ascending) - bisect_right(self._ascending, score)

    def places_moved(self, standing: Standing) -> str:
        """How many places it rose since last year, below 0 where it fell; empty if unknown."""
        old = self.before.get(standing.township.id)
        if old is None or not old.rank or not standing.rank:
            return ""
        return str(old.rank - standing.rank)

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
    results: Sequence[YearResult],
    forms: Mapping[tuple[str, int], Form],
    receipts: Mapping[int, Receipt],
) -> tuple[Year, ...]:
    """Every result beside the one before it; `forms` by id and version of the rulebook."""
    pairs = zip(results, [None, *results], strict=False)
    return tuple(
        Year(
            result,
            previous,
            forms.get((book.id, book.version)),
            receipts.get(result.inputs.assessment.year),
        )
        for result, previous in pairs
        for book in (result.inputs.rulebook,)
    )
