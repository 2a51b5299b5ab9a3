"""The rulebook's own pages: every clause with its text, its numbers, their grounds, its cost.

Owns how a rule's numbers are put into words. Must not compute a deduction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.engine.above import Line
from generator.engine.book import Clause, Deadline, Reading, Rulebook
from generator.engine.kinds import (
    AmountTable,
    Ceiling,
    CheckList,
    Coverage,
    PerRecord,
    Recurrence,
    Requirement,
    Rule,
    Target,
)
from generator.engine.measures import (
    Basis,
    Condition,
    Figure,
    FigureQuantity,
    PercentQuantity,
    Quantity,
)
from generator.pages.annual import Year
from generator.pages.layout import Site, book_folder
from generator.pages.wording import Words
from generator.pages.yearpages import ClauseDeductions


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of the rulebook: what it is for, how it is written, what it stands on."""

    what: str
    written: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Cost:
    """What a clause cost in one year."""

    townships: int
    count: int
    points: Fraction


class Book:
    """A rulebook with the years judged by it."""

    def __init__(self, site: Site, book: Rulebook, years: Sequence[Year]) -> None:
        self._w, self.book = site.words, book
        self.years = [y for y in years if (y.book.id, y.book.version) == (book.id, book.version)]
        self._costs = {
            clause.id: [_cost(year, clause) for year in self.years] for clause in book.clauses()
        }

    def entries(self, rule: Rule) -> list[Entry]:
        """The numbers of a rule, in words."""
        return list(_entries(rule, self.book, self._w))

    def limits(self, deadline: Deadline) -> list[Entry]:
        """The limits of a deadline, by what they depend on."""
        labels = self._labels(deadline.records, deadline.by)
        return [
            Entry(labels.get(key, key), self._duration(deadline, figure), figure)
            for key, figure in deadline.limits.items()
        ]

    def _duration(self, deadline: Deadline, figure: Figure) -> str:
        if deadline.unit == "days":
            return self._w._("{count} days", count=figure.value)
        return self._w._("{count} hours", count=figure.value)

    def line(self, line: Line) -> list[Entry]:
        """The numbers of a line in the ranking."""
        w = self._w
        ends = {"first": w._("first places"), "last": w._("last places")}
        entries = [Entry(ends[line.end], w.number(line.places.value), line.places)]
        if line.bounds.at_least:
            entries.append(_points(w._("at least"), line.bounds.at_least, w))
        if line.yields_below:
            what = w._("gives way to the other line with fewer ranked than")
            entries.append(Entry(what, w.number(line.yields_below.value), line.yields_below))
        return entries

    @property
    def outside(self) -> list[Entry]:
        """The number of a consequence that somebody else's ranking brings."""
        rule = self.book.outside_ranking
        if rule is None:
            return []
        what = self._w._("last places of the prefecture's ranking")
        return [Entry(what, self._w.number(rule.last.value), rule.last)]

    def costs(self, clause: Clause) -> list[Cost]:
        """What the clause cost, year by year as in `years`."""
        return self._costs[clause.id]

    def readings(self, clause: Clause) -> list[Reading]:
        """How the clause's ambiguous phrases are read."""
        return [reading for reading in self.book.readings if clause.id in reading.clauses]

    def deadlines(self, clause: Clause) -> list[Deadline]:
        """The time limits that the clause's rules ask about."""
        asked = {condition.field for rule in clause.rules for condition in _conditions(rule)}
        return [deadline for deadline in self.book.deadlines if (deadline.id,) in asked]

    def _labels(self, records: tuple[str, ...], by: tuple[str, ...] | None) -> Mapping[str, str]:
        kind = self.book.records.get(records)
        labels = kind.labels.get(by, {}) if kind and by else {}
        return {value: self._w.text(label) for value, label in labels.items()}


def rulebook(site: Site, book: Rulebook, years: Sequence[Year]) -> str:
    """A rulebook clause by clause."""
    w = site.words
    return site.page(
        "rulebook.md.j2",
        f"{book_folder(book)}index.md",
        w.text(book.title),
        crumbs=(("rulebooks/", w._("Rulebooks")),),
        book=book,
        basis=Basis,
        view=Book(site, book, years),
    )


def rulebooks(site: Site, years: Sequence[Year]) -> str:
    """All rulebooks that a year was judged by, the newest first."""
    books = {(year.book.id, year.book.version): year.book for year in years}
    return site.page(
        "rulebooks.md.j2",
        "rulebooks/index.md",
        site.words._("Rulebooks"),
        books=[Book(site, book, years) for book in reversed(books.values())],
        book=None,
    )


def _cost(year: Year, clause: Clause) -> Cost:
    found = ClauseDeductions(year, clause)
    return Cost(len(found.rows), found.count, found.points)


def _conditions(rule: Rule) -> Iterator[Condition]:
    """Every condition that a rule puts on a record."""
    if isinstance(rule, PerRecord | Ceiling | Recurrence):
        yield from rule.selection.where
    if isinstance(rule, Recurrence):
        yield from rule.first_where


# --- numbers in words -----------------------------------------------------------------


def _entries(rule: Rule, book: Rulebook, w: Words) -> Iterator[Entry]:
    if isinstance(rule, Target):
        yield from _quantity(w._("needed"), rule.bound, w)
        yield _points(w._("for each one short"), rule.amount, w)
    elif isinstance(rule, Ceiling):
        yield from _quantity(w._("allowed"), rule.limit, w)
        yield _points(w._("for each one beyond"), rule.amount, w)
    elif isinstance(rule, Recurrence):
        yield _points(w._("for the first one, if not in time"), rule.first, w)
        yield _points(w._("for every later one"), rule.later, w)
    elif isinstance(rule, PerRecord):
        yield from _per_record(rule, book, w)
    else:
        yield _points(_missing(rule, w), rule.amount, w)


def _missing(rule: Requirement | Coverage | CheckList, w: Words) -> str:
    if isinstance(rule, Requirement):
        return w._("if not fulfilled")
    if isinstance(rule, CheckList):
        items = tuple(rule.items.values())
        return w._("for each one missing of: {items}", items=items)
    return {
        "week": w._("for each week missing"),
        "month": w._("for each month missing"),
        "quarter": w._("for each quarter missing"),
    }[rule.every]


def _per_record(rule: PerRecord, book: Rulebook, w: Words) -> Iterator[Entry]:
    if isinstance(rule.amount, Figure):
        yield _points(w._("for each one"), rule.amount, w)
        return
    table: AmountTable = rule.amount
    kind = book.records.get(rule.selection.records)
    labels = kind.labels.get(table.by[0], {}) if kind else {}
    for (value, *_), figure in table.figures.items():
        name = w.text(labels[value]) if value in labels else value
        yield _points(w._("for each one: {value}", value=name), figure, w)


def _quantity(what: str, quantity: Quantity, w: Words) -> Iterator[Entry]:
    if isinstance(quantity, FigureQuantity):
        yield Entry(what, w.number(quantity.figure.value), quantity.figure)
    elif isinstance(quantity, PercentQuantity):
        percent = quantity.percent.value
        written = (
            w._("{percent}%, rounded up", percent=percent)
            if quantity.rounding and quantity.rounding.mode == "up"
            else w._("{percent}%, rounded down", percent=percent)
        )
        yield Entry(what, written, quantity.percent)


def _points(what: str, figure: Figure, w: Words) -> Entry:
    return Entry(what, w._("{amount} points", amount=figure.value), figure)
