"""The tables of a ranking: who is ranked together, and what stands in the columns.

Owns which columns a rulebook's ranking has. Must not judge: every cell is the engine's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from generator.engine.book import Section
from generator.engine.result import Scorecard, Standing
from generator.pages.annual import Table, Year
from generator.pages.wording import Words
from generator.words.escape import Safe, escape

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
