"""The rulebook's own pages: every clause with its text, its numbers, their grounds, its cost.

Owns what these pages gather, and the register of interpretation beside them. Must not compute a
deduction.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from generator.engine.book import Clause, Rulebook
from generator.engine.measures import Basis
from generator.pages.aboveparts import Above
from generator.pages.annual import Year
from generator.pages.clauseparts import Block, Row
from generator.pages.figures import Figures
from generator.pages.layout import Site, book_folder
from generator.pages.phrases import Phrases
from generator.pages.yearpages import ClauseDeductions
from generator.words.register import Matters, matters
from generator.words.results import only_deducts


@dataclass(frozen=True, slots=True)
class Cost:
    """What a clause cost in one year, and what it gave."""

    townships: int
    count: int
    points: Fraction


@dataclass(frozen=True, slots=True)
class Assumed:
    """A number set by us: the part it stands in, its name and place on the page."""

    part: str
    anchor: str
    row: Row


class Book:
    """A rulebook with the years judged by it."""

    def __init__(self, site: Site, book: Rulebook, years: Sequence[Year]) -> None:
        self._w, self.book = site.words, book
        self.years = [y for y in years if (y.book.id, y.book.version) == (book.id, book.version)]
        self.plain = only_deducts(book)
        phrases = Phrases(site.words, book, self.years[0].form if self.years else None)
        self._blocks = Above(book, phrases, Figures(phrases))

    @cached_property
    def sections(self) -> dict[str, Block]:
        """Each section's own block, by id."""
        return {section.id: self._blocks.of_section(section) for section in self.book.sections}

    @cached_property
    def clauses(self) -> dict[str, Block]:
        """Each clause's block, by id."""
        return {clause.id: self._blocks.of_clause(clause) for clause in self.book.clauses()}

    @cached_property
    def above(self) -> list[Block]:
        """What stands above the clauses."""
        return self._blocks.blocks()

    @cached_property
    def lines(self) -> Block:
        """The lines in the ranking."""
        return Block("lines", self._w._("Lines in the ranking"), rows=tuple(self._blocks.lines()))

    @cached_property
    def assumed(self) -> list[Assumed]:
        """Every number that is set by us, in the order of the page, with where it stands."""
        return list(self._assumed())

    def _assumed(self) -> Iterator[Assumed]:
        w = self._w
        found: list[tuple[str, str, Block]]
        found = [(one.title, w.anchor(one.id), one) for one in self.sections.values()]
        found += [(f"{i} {one.title}", w.anchor(i), one) for i, one in self.clauses.items()]
        found += [(one.title, w.anchor(f"above-{one.id}"), one) for one in self.above]
        found.append((self.lines.title, "lines", self.lines))
        for part, anchor, block in found:
            for row in block.numbers:
                if row.entry.figure.basis is Basis.ASSUMED:
                    yield Assumed(part, anchor, row)

    def costs(self, clause: Clause) -> list[Cost]:
        """What the clause cost, year by year as in `years`."""
        return self._costs[clause.id]

    @cached_property
    def _costs(self) -> dict[str, list[Cost]]:
        clauses = self.book.clauses()
        return {clause.id: [_cost(year, clause) for year in self.years] for clause in clauses}

    def matters(self, clause: Clause) -> Matters:
        """What is open about the clause."""
        return matters(self.book, clause)


def rulebook(site: Site, book: Rulebook, years: Sequence[Year]) -> str:
    """A rulebook clause by clause."""
    mine = site.under(book)
    w = mine.words
    return mine.page(
        "rulebook.md.j2",
        f"{book_folder(book)}index.md",
        w.text(book.title),
        crumbs=(("rulebooks/", w._("Rulebooks")),),
        book=book,
        basis=Basis,
        view=Book(mine, book, years),
    )


def register(site: Site, book: Rulebook, years: Sequence[Year]) -> str:
    """What was done where a rulebook's text leaves something open."""
    mine = site.under(book)
    w = mine.words
    return mine.page(
        "register.md.j2",
        f"{book_folder(book)}register.md",
        w._("Register of interpretation: {rulebook}", rulebook=w.text(book.title)),
        crumbs=(("rulebooks/", w._("Rulebooks")), (book_folder(book), w.text(book.title))),
        book=book,
        view=Book(mine, book, years),
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
    return Cost(found.touched, found.count, found.points)
