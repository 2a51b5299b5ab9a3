"""A rulebook's pages: each clause with its text, numbers and grounds, and what stands above.

Owns what these pages gather, and the register of interpretation beside them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from generator.engine.book import (
    ByGroup,
    Clause,
    Conversion,
    Deadline,
    Line,
    Payment,
    Pool,
    Rulebook,
    Section,
    Streak,
    Veto,
)
from generator.engine.measures import Basis, Bounds, Figure, QuantityTest, Test
from generator.engine.problem import Amount, Message
from generator.pages.layout import Site, book_folder
from generator.pages.phrases import Figures, Matrix, NamedFigure, Phrases
from generator.pages.year import AnyYear, Collected, YearView
from generator.words.results import Matters, deadlines_of, matters, only_deducts

_DURATIONS = {
    "days": Message("{count} days"),
    "working_days": Message("{count} working days"),
    "hours": Message("{count} hours"),
}
_NOT_APPLICABLE = {
    "full": Message("it counts in full"),
    "zero": Message("it counts 0"),
    "points": Message("it counts a fixed number of points"),
    "mean": Message("it counts what the others have on average"),
    "section": Message("the other clauses of its section are scaled up"),
    "total": Message("the total is scaled up from what applies"),
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A number beside the rule or part that it belongs to; `about` says what that looks at."""

    name: str
    entry: NamedFigure
    about: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the rulebook: what it says in words, its numbers, its tables of amounts."""

    id: str
    title: str
    notes: tuple[str, ...] = ()
    text: str = ""
    rows: tuple[FigureRow, ...] = ()
    matrices: tuple[tuple[str, Matrix], ...] = ()
    clause: str | None = None

    @property
    def groups(self) -> list[tuple[str, str, list[FigureRow]]]:
        """The rows by what they belong to: its name, what it looks at, its numbers."""
        groups = groupby(self.rows, key=lambda row: (row.name, row.about))
        return [(name, about, list(rows)) for (name, about), rows in groups]

    @property
    def numbers(self) -> Iterator[FigureRow]:
        """Every number, those of the tables too, each under its own name."""
        yield from self.rows
        for name, matrix in self.matrices:
            for down, entries in matrix.rows:
                for across, entry in zip(matrix.columns, entries, strict=True):
                    yield FigureRow(name, replace(entry, what=f"{down} × {across}"))


class BookView:
    """A rulebook in blocks, with the years judged by it."""

    def __init__(
        self,
        site: Site,
        book: Rulebook,
        years: Sequence[YearView],
        opened: Sequence[Collected] = (),
    ) -> None:
        self.book, self.plain, self._w = book, only_deducts(book), site.words
        key = (book.id, book.version)
        self.years = [y for y in years if (y.book.id, y.book.version) == key]
        self.opened = [y for y in opened if (y.book.id, y.book.version) == key]
        any_year: list[AnyYear] = [*self.years, *self.opened]
        form = any_year[0].form if any_year else None
        self._p = Phrases(site.words, book, form)
        self._f = Figures(self._p)
        grouping = book.above.grouping
        self._groups = {g.id: self._w.text(g.label) for g in grouping.groups} if grouping else {}

    @cached_property
    def sections(self) -> dict[str, Block]:
        """Each section's own block, by id."""
        return {section.id: self._section(section) for section in self.book.sections}

    @cached_property
    def clauses(self) -> dict[str, Block]:
        """Each clause's block, by id."""
        return {clause.id: self._clause(clause) for clause in self.book.clauses()}

    @cached_property
    def above(self) -> list[Block]:
        """Everything above the clauses that the rulebook has, in the order of the reckoning."""
        above = self.book.above
        return [
            *(self._total(), *self._grouping(), *self._parts(), *self._counted_once()),
            *(*map(self._pool, above.pools), *map(self._conversion, above.conversions)),
            *(*self._rounding(), *map(self._veto, above.vetoes), *self._bands()),
            *(*map(self._streak, above.streaks), *self._tie_breakers()),
            *map(self._payment, above.payments),
        ]

    @cached_property
    def lines(self) -> Block:
        """The numbers of the lines in the ranking, and of somebody else's ranking."""
        rows = [row for line in self.book.lines for row in self._line(line)]
        if rule := self.book.outside_ranking:
            what = self._w._("last places of the prefecture's ranking")
            name = self._w.text(self.book.outcomes[rule.outcome])
            rows.append(FigureRow(name, self._f.number(what, rule.last)))
        return Block("lines", self._w._("Lines in the ranking"), rows=tuple(rows))

    @cached_property
    def assumed(self) -> list[tuple[str, str, FigureRow]]:
        """Every number that is set by us, with the title and the anchor of where it stands."""
        anchor = self._w.anchor
        places: list[tuple[str, str, Block]]
        places = [(block.title, anchor(block.id), block) for block in self.sections.values()]
        places += [(f"{i} {b.title}", anchor(i), b) for i, b in self.clauses.items()]
        places += [(block.title, anchor(f"above-{block.id}"), block) for block in self.above]
        places.append((self.lines.title, "lines", self.lines))
        return [
            (title, anchor, row)
            for title, anchor, block in places
            for row in block.numbers
            if row.entry.figure.basis is Basis.ASSUMED
        ]

    def matters(self, clause: Clause) -> Matters:
        """What is open about the clause."""
        return matters(self.book, clause)

    # --- sections and clauses ---------------------------------------------------------

    def _section(self, section: Section) -> Block:
        """The numbers of a section itself, and how it is judged."""
        _ = self._w._
        notes = [_("Judged in every period inside the year.")] if section.each == "period" else []
        notes += self._only_for(section.groups)
        name = f"{section.id} {self._w.text(section.title)}"
        entries = self._full(section.points, section.points_by_group)
        if section.weight:
            entries.append(self._f.percent(_("weight in the total"), section.weight))
        for group, weight in section.weight_by_group.items():
            what = _("weight in the total: {group}", group=self._groups.get(group, group))
            entries.append(self._f.percent(what, weight))
        return Block(section.id, name, tuple(notes), rows=_rows(name, entries))

    def _clause(self, clause: Clause) -> Block:
        """The numbers of a clause and of its rules, and how it counts."""
        entries = self._full(clause.points, clause.points_by_group)
        if clause.applies:
            if clause.applies.points:
                what = self._w._("counts where it does not apply")
                entries.append(self._f.points(what, clause.applies.points))
            entries += self._tests(clause.applies.where)
        title, notes = self._w.text(clause.title), tuple(self._counting(clause))
        rows = _rows(self._w._("this clause"), entries)
        return self._with_rules(Block(clause.id, title, notes, clause.text, rows), clause)

    def _counting(self, clause: Clause) -> Iterator[str]:
        """How the clause counts, where that is not from full points down to 0."""
        _ = self._w._
        if clause.starts == "zero":
            yield _("Counts up from 0.")
        if clause.below_zero:
            yield _("May go below 0.")
        if clause.above_points:
            yield _("May go above its full points.")
        yield from self._only_for(clause.groups)
        if clause.applies:
            where = self._p.tests(clause.applies.where)
            counts = self._w.render(_NOT_APPLICABLE[clause.applies.counts])
            yield _("Applies where: {tests}; otherwise {counts}", tests=where, counts=counts)

    def _with_rules(self, block: Block, part: Clause | Pool) -> Block:
        rows, matrices = list(block.rows), []
        for rule in part.rules:
            name = self._w.text(rule.label)
            if matrix := self._f.matrix(rule):
                matrices.append((name, matrix))
            rows += _rows(name, self._f.of(rule), self._p.rule(rule))
        for deadline in deadlines_of(self.book, part):
            rows += self._limits(deadline)
        return replace(block, rows=tuple(rows), matrices=tuple(matrices))

    def _limits(self, deadline: Deadline) -> Iterator[FigureRow]:
        name = self._w._("Time limit")
        start = self._p.field(deadline.records, deadline.start)
        end = self._p.field(deadline.records, deadline.end)
        about = self._w._("from {start} to {end}", start=start, end=end)
        for key, figure in deadline.limits.items():
            what = self._p.value(deadline.records, deadline.by, key) if deadline.by else about
            written = self._w.render(_DURATIONS[deadline.unit].about({"count": figure.value}))
            entry = NamedFigure(what, written, figure)
            yield FigureRow(name, entry, about if deadline.by else "")

    def _full(self, points: Figure, by_group: ByGroup) -> list[NamedFigure]:
        """Full points, then those of groups that have others."""
        what, _ = self._w.term("full"), self._w._
        names = (_("{what}: {group}", what=what, group=self._groups.get(g, g)) for g in by_group)
        figures = zip((what, *names), (points, *by_group.values()), strict=True)
        return [self._f.points(name, figure) for name, figure in figures]

    def _only_for(self, groups: Iterable[str]) -> list[str]:
        """The groups that something is meant for, where it is not for all."""
        names = tuple(self._groups[group] for group in groups if group in self._groups)
        return [self._w._("Only for: {groups}", groups=names)] if groups else []

    def _tests(self, tests: Iterable[Test]) -> Iterator[NamedFigure]:
        for test in tests:
            if isinstance(test, QuantityTest):
                sign = "%" if test.quantity.counts_percent() else ""
                what = self._p.quantity(test.quantity)
                yield from self._f.bounds(what, test.bounds, sign)

    # --- above the clauses ------------------------------------------------------------

    def _total(self) -> Block:
        title, notes = self._w._("Total"), self._w._("All sections together.")
        entries = self._full(self.book.total, self.book.total_by_group)
        return Block("total", title, (notes,), rows=_rows(title, entries))

    def _grouping(self) -> Iterator[Block]:
        if grouping := self.book.above.grouping:
            _, names = self._w._, tuple(group.label for group in grouping.groups)
            apart, together = _("The groups rank apart."), _("All groups rank together.")
            notes = _("Assessed in groups: {groups}", groups=names)
            yield Block("groups", _("Groups"), (notes, apart if grouping.apart else together))

    def _parts(self) -> Iterator[Block]:
        _, rows, notes = self._w._, list[FigureRow](), list[str]()
        for part in self.book.above.parts:
            ends = {"start": self._w.day(part.start), "end": self._w.day(part.end)}
            if part.weight:
                what = _("{start} to {end}, weight", **ends)
                entry = self._f.percent(what, part.weight)
                rows.append(FigureRow(self._w.text(part.label), entry))
            else:
                notes.append(_("{period}: {start} to {end}.", period=part.label, **ends))
        if notes:
            notes.append(_("The points of the periods add up."))
        if rows or notes:
            yield Block("periods", _("Periods inside the year"), tuple(notes), rows=tuple(rows))

    def _counted_once(self) -> Iterator[Block]:
        _ = self._w._
        notes = {
            "heaviest": _(
                "A record that several clauses deduct for counts only under the one that "
                "asks most for it."
            ),
            "first": _(
                "A record that several clauses deduct for counts only under the first of them."
            ),
        }
        if once := self.book.counted_once:
            yield Block("counted-once", _("One event, one deduction"), (notes[once],))

    def _pool(self, pool: Pool) -> Block:
        _, notes = self._w._, self._only_for(pool.groups)
        if pool.where:
            notes.append(_("Given only where: {tests}", tests=self._p.tests(pool.where)))
        name, entries = self._w.text(pool.title), list(self._tests(pool.where))
        if pool.cap:
            entries.append(self._f.points(_("given at most, all together"), pool.cap))
        if pool.minimum:
            entries.append(self._f.points(self._w.term("given_from"), pool.minimum))
        title = _("{pool} (beside the sections)", pool=name)
        rows = _rows(name, entries)
        return self._with_rules(Block(pool.id, title, tuple(notes), pool.text, rows), pool)

    def _conversion(self, conversion: Conversion) -> Block:
        name, _, rounding = self._w.text(conversion.label), self._w._, conversion.rounding
        entries = (
            self._f.number(_("a score out of"), conversion.of),
            self._f.number(_("becomes one out of"), conversion.to),
        )
        notes = (self._p.rounding(rounding),) if rounding else ()
        title = _("Conversion: {label}", label=name)
        return Block(conversion.id, title, notes, rows=_rows(name, entries))

    def _rounding(self) -> Iterator[Block]:
        above, _ = self.book.above, self._w._
        what, amount = _("decimal places, half up"), _("each amount")
        places = ((amount, above.round_points), (self._w.term("rounded"), above.round_score))
        if rows := tuple(FigureRow(n, self._f.number(what, p)) for n, p in places if p):
            yield Block("rounding", _("Rounding"), rows=rows)

    def _veto(self, veto: Veto) -> Block:
        w, name = self._w, self._w.text(veto.label)
        notes = [w._("Where: {tests}", tests=self._p.tests(veto.where))]
        if veto.last:
            notes.append(w._("Ranked after all others."))
        notes += self._outcomes(veto.outcomes)
        if veto.bars:
            lines = tuple(line.label for line in self.book.lines if line.id in veto.bars)
            notes.append(w._("Not eligible for: {lines}", lines=lines))
        entries = list(self._tests(veto.where))
        if veto.score:
            entries.append(self._f.points(w.term("becomes"), veto.score))
        if veto.at_most:
            entries.append(self._f.points(w.term("at_most"), veto.at_most))
        title = w._("Veto: {label}", label=name)
        return Block(veto.id, title, tuple(notes), rows=_rows(name, entries), clause=veto.clause)

    def _bands(self) -> Iterator[Block]:
        bands, w, rows = self.book.above.bands, self._w, list[FigureRow]()
        if bands is None:
            return
        for band in bands.bands:
            bounds = Bounds(at_least=band.at_least, below=band.below)
            about = w.listed(self.book.outcomes[outcome] for outcome in band.outcomes)
            entries = self._f.bounds(w.term("score"), bounds)
            rows += _rows(w.text(band.label), entries, about)
        yield Block("grades", w.term(f"{bands.of}_grades"), rows=tuple(rows))

    def _streak(self, streak: Streak) -> Block:
        w, name = self._w, self._w.text(streak.label)
        bands = self.book.above.bands.bands if self.book.above.bands else ()
        names = tuple(band.label for band in bands if band.id in streak.bands)
        what = w._("periods in a row graded {grades}", grades=names)
        rows = (FigureRow(name, self._f.number(what, streak.periods)),)
        notes = tuple(self._outcomes(streak.outcomes))
        return Block(streak.id, name, notes, rows=rows, clause=streak.clause)

    def _tie_breakers(self) -> Iterator[Block]:
        w = self._w
        if labels := tuple(breaker.label for breaker in self.book.above.tie_breakers):
            notes = w._("Equal scores are ranked by, one after the other: {labels}", labels=labels)
            yield Block("ties", w._("Equal scores"), (notes,))

    def _payment(self, payment: Payment) -> Block:
        w, name, groups = self._w, self._w.text(payment.label), payment.per_point_by_group
        figures = {w._("for every point"): payment.per_point} | {
            w._("for every point: {group}", group=self._groups.get(group, group)): figure
            for group, figure in groups.items()
        }
        entries = [
            NamedFigure(what, w.catalogue.amount(Amount(figure.value, payment.unit)), figure)
            for what, figure in figures.items()
        ]
        if payment.minimum:
            entries.append(self._f.points(w.term("paid_from"), payment.minimum))
        title, rows = w._("Payment: {label}", label=name), _rows(name, entries)
        return Block(payment.id, title, rows=rows, clause=payment.clause)

    def _outcomes(self, outcomes: Iterable[str]) -> list[str]:
        names = tuple(self.book.outcomes[outcome] for outcome in outcomes)
        return [self._w._("What follows: {outcomes}", outcomes=names)] if names else []

    def _line(self, line: Line) -> tuple[FigureRow, ...]:
        w, entries = self._w, list[NamedFigure]()
        last, about = line.end == "last", "".join(self._only_for(line.groups))
        if line.places:
            what = w._("last places") if last else w._("first places")
            entries.append(self._f.number(what, line.places))
        if line.percent:
            share = f"{w.number(line.percent.value)}%"
            first = w._("first places, of those ranked")
            what = w._("last places, of those ranked") if last else first
            written = self._p.said(self._p.rounded(share, line.rounding))
            entries.append(NamedFigure(what, written, line.percent))
        entries += self._f.bounds(w.term("score"), line.bounds)
        if line.yields_below:
            what = w._("gives way to the other line with fewer ranked than")
            entries.append(self._f.number(what, line.yields_below))
        return _rows(w.text(line.label), entries, about)


def _rows(name: str, entries: Iterable[NamedFigure], about: str = "") -> tuple[FigureRow, ...]:
    return tuple(FigureRow(name, entry, about) for entry in entries)


def rulebook(
    site: Site, book: Rulebook, years: Sequence[YearView], opened: Sequence[Collected] = ()
) -> str:
    """A rulebook clause by clause."""
    return site.page(
        "rulebook.md.j2",
        f"{book_folder(book)}index.md",
        site.words.text(book.title),
        crumbs=(("rulebooks/", site.words._("Rulebooks")),),
        book=book,
        basis=Basis,
        view=BookView(site, book, years, opened),
    )


def register(
    site: Site, book: Rulebook, years: Sequence[YearView], opened: Sequence[Collected] = ()
) -> str:
    """What was done where a rulebook's text leaves something open."""
    _, title = site.words._, site.words.text(book.title)
    return site.page(
        "register.md.j2",
        f"{book_folder(book)}register.md",
        _("Register of readings: {rulebook}", rulebook=title),
        crumbs=(("rulebooks/", _("Rulebooks")), (book_folder(book), title)),
        book=book,
        view=BookView(site, book, years, opened),
    )


def rulebooks(site: Site, years: Sequence[YearView], opened: Sequence[Collected] = ()) -> str:
    """All rulebooks that a year is judged by, the newest first."""
    any_year: list[AnyYear] = [*years, *opened]
    books = {(year.book.id, year.book.version): year.book for year in any_year}
    return site.page(
        "rulebooks.md.j2",
        "rulebooks/index.md",
        site.words._("Rulebooks"),
        books=[BookView(site, book, years, opened) for book in reversed(books.values())],
    )
