"""The sections, clauses and pools of a rulebook in words: how they count, all their numbers.

Owns the shape of such a block, and what clauses and pools have in common. Must not compute
anything.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from generator.engine.above import ByGroup, Pool
from generator.engine.book import Clause, Deadline, Rulebook, Section
from generator.engine.measures import Test
from generator.engine.problem import Message
from generator.pages.figures import Entry, Figures, Matrix
from generator.pages.phrases import Phrases
from generator.words.register import deadlines_of

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
class Row:
    """A number beside the rule or part that it belongs to; `about` says what that looks at."""

    name: str
    entry: Entry
    about: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the rulebook: what it says in words, its numbers, its tables of amounts."""

    id: str
    title: str
    said: tuple[str, ...] = ()
    text: str = ""
    rows: tuple[Row, ...] = ()
    matrices: tuple[tuple[str, Matrix], ...] = ()
    clause: str | None = None

    @property
    def groups(self) -> list[tuple[str, str, list[Row]]]:
        """The rows by what they belong to: its name, what it looks at, its numbers."""
        found = groupby(self.rows, key=lambda row: (row.name, row.about))
        return [(name, about, list(rows)) for (name, about), rows in found]

    @property
    def numbers(self) -> Iterator[Row]:
        """Every number, those of the tables too, each under its own name."""
        yield from self.rows
        for name, matrix in self.matrices:
            for down, entries in matrix.rows:
                for across, entry in zip(matrix.columns, entries, strict=True):
                    yield Row(name, replace(entry, what=f"{down} × {across}"))


class Blocks:
    """The blocks of one rulebook's sections and clauses."""

    def __init__(self, book: Rulebook, phrases: Phrases, figures: Figures) -> None:
        self._book, self._p, self._f, self._w = book, phrases, figures, phrases.w
        grouping = book.above.grouping
        self._groups = {g.id: g.label for g in grouping.groups} if grouping else {}

    # --- sections and clauses ---------------------------------------------------------

    def group_names(self, groups: Iterable[str]) -> str:
        """The groups that something is meant for."""
        return self._w.listed(self._w.text(self._groups[g]) for g in groups if g in self._groups)

    def of_section(self, section: Section) -> Block:
        """The numbers of a section itself, and how it is judged."""
        _, said = self._w._, []
        if section.each == "period":
            said.append(_("Judged in every period inside the year."))
        if section.groups:
            said.append(_("Only for: {groups}", groups=self.group_names(section.groups)))
        name = f"{section.id} {self._w.text(section.title)}"
        entries = [self._f.points(self._w.term("full"), section.points)]
        entries += self._by_group(self._w.term("full"), section.points_by_group)
        if section.weight:
            entries.append(self._f.percent(_("weight in the total"), section.weight))
        for group, weight in section.weight_by_group.items():
            what = _("weight in the total: {group}", group=self._group(group))
            entries.append(self._f.percent(what, weight))
        return Block(section.id, name, tuple(said), rows=tuple(Row(name, e) for e in entries))

    def of_clause(self, clause: Clause) -> Block:
        """The numbers of a clause and of its rules, and how it counts."""
        name = self._w._("this clause")
        entries = [self._f.points(self._w.term("full"), clause.points)]
        entries += self._by_group(self._w.term("full"), clause.points_by_group)
        if clause.applies:
            if clause.applies.points:
                what = self._w._("counts where it does not apply")
                entries.append(self._f.points(what, clause.applies.points))
            entries += self._tests(clause.applies.where)
        rows = [Row(name, entry) for entry in entries]
        return self._with_rules(
            Block(
                clause.id, self._w.text(clause.title), tuple(self._counting(clause)), clause.text
            ),
            rows,
            clause,
        )

    def _counting(self, clause: Clause) -> Iterator[str]:
        """How the clause counts, where that is not from full points down to 0."""
        _ = self._w._
        if clause.starts == "zero":
            yield _("Counts up from 0.")
        if not clause.floor:
            yield _("May go below 0.")
        if not clause.cap:
            yield _("May go above its full points.")
        if clause.groups:
            yield _("Only for: {groups}", groups=self.group_names(clause.groups))
        if clause.applies:
            where = self._p.tests(clause.applies.where)
            counts = self._w.render(_NOT_APPLICABLE[clause.applies.counts])
            yield _("Applies where: {tests}; otherwise {counts}", tests=where, counts=counts)

    def _with_rules(self, block: Block, rows: list[Row], part: Clause | Pool) -> Block:
        matrices = []
        for rule in part.rules:
            name, about = self._w.text(rule.label), self._p.rule(rule)
            matrix = self._f.matrix(rule)
            if matrix:
                matrices.append((name, matrix))
            rows += [Row(name, entry, about) for entry in self._f.of(rule)]
        for deadline in deadlines_of(self._book, part):
            rows += self._limits(deadline)
        return replace(block, rows=tuple(rows), matrices=tuple(matrices))

    def _limits(self, deadline: Deadline) -> Iterator[Row]:
        name = self._w._("Time limit")
        start = self._p.field(deadline.records, deadline.start)
        end = self._p.field(deadline.records, deadline.end)
        about = self._w._("from {start} to {end}", start=start, end=end)
        for key, figure in deadline.limits.items():
            what = self._p.value(deadline.records, deadline.by, key) if deadline.by else about
            unit = replace(_DURATIONS[deadline.unit], args={"count": figure.value})
            yield Row(name, Entry(what, self._w.render(unit), figure), about if deadline.by else "")

    def _by_group(self, what: str, figures: ByGroup) -> Iterator[Entry]:
        for group, figure in figures.items():
            said = self._w._("{what}: {group}", what=what, group=self._group(group))
            yield self._f.points(said, figure)

    def _group(self, group: str) -> str:
        return self._w.text(self._groups[group]) if group in self._groups else group

    def _tests(self, tests: Iterable[Test]) -> Iterator[Entry]:
        for test in tests:
            if test.quantity is not None and test.bounds is not None:
                sign = "%" if self._p.percent(test.quantity) else ""
                what = self._p.quantity(test.quantity)
                yield from self._f.bounds(what, test.bounds, sign)
