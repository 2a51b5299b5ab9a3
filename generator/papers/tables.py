"""The tables of a circular and of a unit's score sheet; every cell is the engine's."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from generator.engine.amount import exact
from generator.engine.book import Rulebook, Wording
from generator.engine.year import Charge, ClauseScore, Scorecard, SectionScore, Standing
from generator.pages.card import Card, InPeriod
from generator.pages.wording import Words
from generator.pages.year import Table as Ranked
from generator.pages.year import Year
from generator.papers.parts import (
    CHINESE,
    Column,
    Row,
    Sheet,
    Table,
    in_cell,
    in_unit,
    listed,
    name,
    one_line,
    rank,
    score,
)

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


def sheets(year: Year) -> tuple[Sheet, ...]:
    """Everybody's, the first of the ranking first, those without a report last."""
    return tuple(_sheet(year, standing) for standing in (*year.ranked, *year.unsubmitted))


def _sheet(year: Year, standing: Standing) -> Sheet:
    title = name(standing.township.name)
    if standing.scorecard is None:
        return Sheet(title, _("Not submitted"), None)
    card = Card(year, standing, standing.scorecard, Words(CHINESE))
    table = Table("", _columns(year), (*_rows(card), *_sums(card)), "small")
    return Sheet(title, _result(card), table, tuple(map(one_line, _remarks(card))))


def _result(card: Card) -> str:
    """What it comes to: score, rank, grade, payments, consequences."""
    book, standing = card.year.book, card.standing
    total = in_unit(card.scorecard.score, book.wording.unit)
    usual = book.wording.unit == Wording().unit
    told = [_("score {score}", score=total) if usual else total]
    group = name(card.group.label) if card.group else ""
    told.append(group + rank(standing))
    if standing.band:
        told.append(_("Grade: {grade}", grade=name(standing.band.label)))
    for paid in standing.payments:
        money = in_unit(paid.amount, paid.payment.unit)
        told.append(_("{payment}: {amount}", payment=name(paid.payment.label), amount=money))
    outcomes = [name(book.outcomes[outcome]) for outcome in standing.outcomes]
    told += [listed(outcomes)] if outcomes else []
    return "　".join(told)


def _columns(year: Year) -> tuple[Column, ...]:
    usual = year.book.wording.unit == Wording().unit
    what = _("Deductions, and how they come about")
    if not year.plain:
        what = _("Deductions and awards, and how they come about")
    return (
        Column(_("Clause"), 11),
        Column(_("What is assessed"), 32, "left"),
        Column(_("Full") if usual else _("Whole amount"), 11),
        Column(_("Points") if usual else _("Amount"), 16),
        Column(what, 86, "left"),
    )


# --- the rows -------------------------------------------------------------------------


def _rows(card: Card) -> Iterator[Row]:
    for period in card.periods:
        if period.part is not None:
            yield _period(period)
        for section in period.sections:
            yield _section(card, section)
            yield from (_clause(found) for found in section.clauses)


def _period(period: InPeriod) -> Row:
    label = name(period.part.label) if period.part else ""
    own, grade = "", ""
    if period.score:
        own = in_cell(period.score.score)
        grade = name(period.score.band.label) if period.score.band else ""
    return Row(("", label, "", own, grade), strong=True)


def _section(card: Card, section: SectionScore) -> Row:
    told = ""
    if section.weight != 1:
        weight, counted = exact(section.weight * 100), score(section.points)
        told = _("counts by {weight}%: {points}", weight=weight, points=counted)
    points = (exact(section.section.points.value), in_cell(card.own(section)))
    return Row((section.section.id, name(section.section.title), *points, told), strong=True)


def _clause(found: ClauseScore) -> Row:
    told = [_charge(charge) for charge in found.charges]
    if found.instead is not None:
        told.append(one_line(CHINESE.render(found.instead)))
    points = (exact(found.clause.points.value), in_cell(found.points))
    return Row((found.clause.id, name(found.clause.title), *points, "\n".join(told)))


def _charge(charge: Charge) -> str:
    """The working; and what was taken or given, where that is not all that was asked."""
    reason = one_line(CHINESE.render(charge.deduction.reason))
    if charge.points == charge.deduction.points:
        return reason
    amount = exact(charge.points)
    if charge.deduction.award:
        return _("{reason} (given: {amount})", reason=reason, amount=amount)
    return _("{reason} (taken: {amount}, as there was no more)", reason=reason, amount=amount)


def _sums(card: Card) -> Iterator[Row]:
    """What is added to the sections or taken, one step after the other, and the score."""
    usual = card.year.book.wording.unit == Wording().unit
    if card.scorecard.adjustments:
        yield Row(
            ("", _("All sections together"), "", in_cell(card.scorecard.in_sections), ""),
            strong=True,
        )
    for one in card.scorecard.adjustments:
        reason = one_line(CHINESE.render(one.reason))
        yield Row(("", _("Added or taken"), "", signed(one.points), reason))
    head = _("Score") if usual else _("Amount")
    points = (exact(card.full), in_cell(card.scorecard.score))
    yield Row(("", head, *points, ""), strong=True)


# --- remarks --------------------------------------------------------------------------


def _remarks(card: Card) -> Iterator[str]:
    """What the office changed, what was not counted, what was asked after publication."""
    words, form = Words(CHINESE), card.year.form
    for change in card.scorecard.submission.changes:
        yield _(
            "Changed: {fact}, reported {reported}, judged {value}; {reason} ({document}).",
            fact=_fact(change.fact, words, card.year),
            reported=words.changed(change.reported, change.fact, form),
            value=words.changed(change.value, change.fact, form),
            reason=change.reason.rstrip("。"),
            document=change.document,
        )
    yield from _not_counted(card.scorecard)
    for one in card.corrections:
        yield _(
            "Asked on {asked}, clause {clause}: {decision} on {decided} ({document}); {reason}.",
            asked=words.date(one.asked_on),
            clause=one.clause,
            decision=words.decision(one.decision),
            decided=words.date(one.decided_on),
            document=one.document,
            reason=one.reason.rstrip("。"),
        )
    if card.moved:
        old = card.first.scorecard
        unit = card.year.book.wording.unit
        first = in_unit(old.score, unit) if old else _("Not submitted")
        yield _("First result: {score}, {rank}.", score=first, rank=rank(card.first))


def _not_counted(card: Scorecard) -> Iterator[str]:
    for one in card.excluded:
        yield _(
            "Not counted: {record}, {ground} (clause {clause}).",
            record=one.record.id,
            ground=name(one.ground.label),
            clause=one.ground.clause,
        )


def _fact(address: str, words: Words, year: Year) -> str:
    """What a fact is called, with the record that it belongs to; its address without a form."""
    form, names = year.form, list[str]()
    if form is None or form.at(form.path_of(address)) is None:
        return address
    path: tuple[str, ...] = ()
    for key in address.split("."):
        known = form.at((*path, key))
        names.append(words.text(known.label) if known else key)
        path = (*path, key) if known else path
    return "".join(names)
