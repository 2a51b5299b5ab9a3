"""The tables of a circular: ranking, all sections, what corrections moved.

Owns their columns. Every cell is the engine's; must not judge.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from generator.engine.book import Rulebook, Wording
from generator.engine.result import Scorecard, Standing
from generator.pages.annual import Table as Ranked
from generator.pages.annual import Year
from generator.papers.amounts import CHINESE, in_cell, listed, name, rank
from generator.papers.parts import Column, Row, Table

Cell = Callable[[Standing], str]

_ = CHINESE._


def ranking(year: Year) -> tuple[Table, ...]:
    """Rank, unit, score and what follows from it; a table for all who are ranked together."""
    return tuple(
        _table(ranked, [*_placed(ranked), *_following(ranked)], [], "large")
        for ranked in year.tables
        if ranked.standings
    )


def summary(year: Year) -> tuple[Table, ...]:
    """The same with the points of every section; those without a report at the end."""
    return tuple(
        _table(
            ranked,
            [*_placed(ranked), *_sections(ranked.book), *_beside(ranked), *_following(ranked)],
            ranked.unsubmitted,
        )
        for ranked in year.tables
        if ranked.standings or ranked.unsubmitted
    )


def moved(year: Year) -> tuple[Table, ...]:
    """Whom corrections moved, from where to where."""
    rows = []
    for one in year.moved:
        old, new = one.old.scorecard, one.new.scorecard
        scores = [in_cell(card.score) if card else "–" for card in (old, new)]
        names = [name(one.township.name), scores[0], rank(one.old), scores[1], rank(one.new)]
        rows.append(Row(tuple(names)))
    columns = (
        Column(name(year.book.wording.assessed), 26),
        Column(_("First score"), 22),
        Column(_("First rank"), 22),
        Column(_("Score after corrections"), 22),
        Column(_("Rank after corrections"), 22),
    )
    return (Table("", columns, tuple(rows), "large"),) if rows else ()


def _table(
    ranked: Ranked,
    columns: Sequence[tuple[Column, Cell]],
    waiting: Sequence[Standing],
    size: str = "",
) -> Table:
    rows = [Row(tuple(of(one) for _column, of in columns)) for one in ranked.standings]
    rows += [Row(tuple(of(one) for _column, of in columns)) for one in waiting]
    caption = name(ranked.group.label) if ranked.group else ""
    return Table(caption, tuple(column for column, _of in columns), tuple(rows), size)


def _placed(ranked: Ranked) -> Iterator[tuple[Column, Cell]]:
    book = ranked.book
    usual = book.wording.unit == Wording().unit
    tied = any(one.tied for one in ranked.standings)
    yield Column(_("Rank"), 26 if tied else 12), _place
    yield Column(name(book.wording.assessed), 28), lambda one: name(one.township.name)
    yield Column(_("Score") if usual else _("Amount"), 20), _total


def _place(one: Standing) -> str:
    if one.rank is None:
        return "–"
    return f"{one.rank}{_(' (tied)')}" if one.tied else str(one.rank)


def _total(one: Standing) -> str:
    return in_cell(one.scorecard.score) if one.scorecard else _("Not submitted")


def _sections(book: Rulebook) -> Iterator[tuple[Column, Cell]]:
    """Sections of the year, then periods inside it by their own scores."""
    for section in book.sections:
        if section.each == "year":
            yield Column(name(section.title), 20), _of_section(section.id)
    for part in book.above.parts:
        yield Column(name(part.label), 20), _of_part(part.id)


def _of_section(section: str) -> Cell:
    def cell(one: Standing) -> str:
        sections = one.scorecard.sections if one.scorecard else ()
        mine = [found.points for found in sections if found.section.id == section]
        return in_cell(sum(mine, Fraction())) if mine else "–"

    return cell


def _of_part(part: str) -> Cell:
    def cell(one: Standing) -> str:
        parts = one.scorecard.parts if one.scorecard else ()
        mine = next((found for found in parts if found.part == part), None)
        if mine is None:
            return "–"
        return in_cell(mine.score) + (f"\n{name(mine.band.label)}" if mine.band else "")

    return cell


def _beside(ranked: Ranked) -> Iterator[tuple[Column, Cell]]:
    if any(one.scorecard and one.scorecard.adjustments for one in ranked.standings):
        yield Column(_("Added or taken"), 18), lambda one: _aside(one.scorecard)


def _aside(card: Scorecard | None) -> str:
    if card is None:
        return "–"
    return signed(sum((one.points for one in card.adjustments), Fraction()))


def signed(value: Fraction) -> str:
    """What is added or taken, with its sign."""
    written = in_cell(value).replace("-", "−")
    sign = "−" if value < 0 and not written.startswith("−") else "+" if value > 0 else ""
    return sign + written


def _following(ranked: Ranked) -> Iterator[tuple[Column, Cell]]:
    """Grade, payments, outcomes if anybody has one."""
    book = ranked.book
    if book.above.bands and book.above.bands.of == "year":
        yield Column(_("Grade"), 16), lambda one: name(one.band.label) if one.band else "–"
    for payment in book.above.payments:
        head = f"{name(payment.label)}（{name(payment.unit)}）"
        yield Column(head, 20), _of_payment(payment.id)
    if any(one.outcomes for one in ranked.standings):
        yield Column(_("Outcome"), 42, "left"), lambda one: _outcomes(one, book)


def _of_payment(payment: str) -> Cell:
    def cell(one: Standing) -> str:
        return next((in_cell(p.amount) for p in one.payments if p.payment.id == payment), "–")

    return cell


def _outcomes(one: Standing, book: Rulebook) -> str:
    return listed(name(book.outcomes[outcome]) for outcome in one.outcomes)
