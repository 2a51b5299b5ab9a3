"""A year as its pages look at it: who stands where, before and after; a ranking's columns."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from generator.engine.book import Group, Part, Rulebook, Section
from generator.engine.difference import Moved, moved
from generator.engine.effects import Border, Effects, borders
from generator.engine.facts import of_group
from generator.engine.rank import Field, fields_of
from generator.engine.year import Assessment, Charge, Scorecard, Standing, YearResult
from generator.pages.wording import Words
from generator.shape.form import Form
from generator.words.messages import Safe, escape
from generator.words.results import only_deducts
from generator.year.receipt import Receipt


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


_NONE = Safe("–")


@dataclass(frozen=True, slots=True)
class Column:
    """A column beside rank, name and score; `cells` by township, empty where it has none."""

    name: str
    small: str
    number: bool
    cells: Mapping[str, Safe]

    def of(self, standing: Standing) -> Safe:
        """What stands there for a unit."""
        return self.cells.get(standing.township.id, _NONE)


@dataclass(frozen=True, slots=True)
class Ranking:
    """One table; of very many rows the middle is left out, `left_out` of them after `cut`."""

    table: Table
    caption: str
    rows: list[Standing]
    parts: list[Column]
    results: list[Column]
    left_out: int = 0
    cut: int = 0


def rankings(year: Year, w: Words, *, sections: bool, most: int | None = None) -> list[Ranking]:
    """A table for all who are ranked together; `most`: so many rows at most."""
    return [_ranking(year, table, w, sections=sections, most=most) for table in year.tables]


def _ranking(year: Year, table: Table, w: Words, *, sections: bool, most: int | None) -> Ranking:
    rows, left_out, cut = table.standings, 0, 0
    if most is not None and len(rows) > most:
        cut = most // 2
        rows = rows[:cut] + rows[-most // 4 :]
        left_out = len(table.standings) - len(rows)
    cards = {s.township.id: s.scorecard for s in rows if s.scorecard}
    parts = [*_sections(year, table, w, cards)] if sections else []
    return Ranking(
        table, _caption(year, table, w), rows, parts, list(_results(year, w, rows)), left_out, cut
    )


def _caption(year: Year, table: Table, w: Words) -> str:
    # A conversion changes what can be had, which each scorecard says.
    totals = (s.scorecard.total for s in table.standings if s.scorecard)
    full = w.points(next(totals, table.book.total.value))
    args: dict[str, object] = {"ranked": len(table.standings), "full": full}
    if table.group:
        name = w.text(table.group.label)
        return w._("{group}: {ranked} ranked, of {full}", group=name, **args)
    args["year"] = year.number
    if w.term("full") == w._("Full"):
        return w._("{year}: ranking of {ranked}, full marks {full}", **args)
    return w._("{year}: ranking of {ranked}, whole amount {full}", **args)


def _sections(
    year: Year, table: Table, w: Words, cards: Mapping[str, Scorecard]
) -> Iterator[Column]:
    """The year's sections, the periods inside the year, and all that is added or taken beside."""
    for section in table.book.sections:
        if section.each == "year":
            yield Column(
                w.text(section.title),
                w.points(_maximum(section)),
                True,  # noqa: FBT003
                {name: w.score(_of(card, section.id)) for name, card in cards.items()},
            )
    for part in year.book.above.parts:
        cells = {
            name: _part(w, card, part.id)
            for name, card in cards.items()
            if any(one.part == part.id for one in card.parts)
        }
        small = w._("weight {percent}%", percent=part.weight.value) if part.weight else ""
        yield Column(w.text(part.label), small, True, cells)  # noqa: FBT003
    if any(c.adjustments and not c.adjustments[0].converts for c in cards.values()):
        cells = {name: w.signed(card.beside) for name, card in cards.items()}
        yield Column(w._("Added or taken"), "", True, cells)  # noqa: FBT003
    if year.book.above.conversions:
        before = ((name, card.unconverted) for name, card in cards.items())
        cells = {name: w.score(points) for name, points in before if points is not None}
        yield Column(w._("Before conversion"), "", True, cells)  # noqa: FBT003


def _maximum(section: Section) -> Fraction:
    weight = section.weight.value / 100 if section.weight else Fraction(1)
    return section.points.value * weight


def _of(card: Scorecard, section: str) -> Fraction:
    return sum((s.points for s in card.sections if s.section.id == section), Fraction())


def _part(w: Words, card: Scorecard, part: str) -> Safe:
    """A period's own score and grade."""
    one = next(one for one in card.parts if one.part == part)
    grade = Safe(" <small>{}</small>").format(w.text(one.band.label)) if one.band else Safe("")
    return Safe("{}{}").format(w.score(one.score), grade)


def _results(year: Year, w: Words, rows: list[Standing]) -> Iterator[Column]:
    """Grades and payments."""
    above = year.book.above
    if above.grouping and not above.grouping.apart:
        labels = {group.id: escape(w.text(group.label)) for group in above.grouping.groups}
        groups = {s.township.id: labels[s.group] for s in rows if s.group}
        yield Column(w._("Group"), "", False, groups)  # noqa: FBT003
    if above.bands and above.bands.of == "year":
        grades = {s.township.id: escape(w.text(s.band.label)) for s in rows if s.band}
        yield Column(w._("Grade"), "", False, grades)  # noqa: FBT003
    for payment in above.payments:
        cells = {
            s.township.id: w.paid(paid)
            for s in rows
            for paid in s.payments
            if paid.payment.id == payment.id
        }
        yield Column(w.text(payment.label), "", True, cells)  # noqa: FBT003
