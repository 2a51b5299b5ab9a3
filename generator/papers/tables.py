"""The tables of a circular and of a unit's score sheet; every cell is the engine's."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from generator.engine.amount import exact
from generator.engine.book import Wording
from generator.engine.problem import Text
from generator.engine.year import (
    Charge,
    ClauseScore,
    Paid,
    PartScore,
    Scorecard,
    SectionScore,
    Standing,
)
from generator.pages.wording import Words
from generator.pages.year import Card, InPeriod, RankGroup, YearView
from generator.papers.parts import (
    CHINESE,
    ScoreSheet,
    Table,
    TableColumn,
    TableRow,
    in_cell,
    in_unit,
    listed,
    name,
    one_line,
    rank,
    score,
)
from generator.words.columns import Key, Rank, RankingColumn, columns

_ = CHINESE._

_RANKING = frozenset({Key.RANK, Key.UNIT, Key.SCORE, Key.GRADE, Key.PAYMENT, Key.OUTCOME})
_SUMMARY = _RANKING | {Key.SECTION, Key.PERIOD, Key.ADJUSTED}
_WIDTHS = {Key.RANK: 12, Key.UNIT: 28, Key.ADJUSTED: 18, Key.GRADE: 16, Key.OUTCOME: 42}
_TIED, _OTHER = 26, 20


def ranking(year: YearView) -> tuple[Table, ...]:
    """Rank, unit, score and what follows from it; a table for all who are ranked together."""
    groups = (group for group in year.rank_groups if group.standings)
    return tuple(_table(group, _RANKING, [], "large") for group in groups)


def summary(year: YearView) -> tuple[Table, ...]:
    """The same with the points of every section; those without a report at the end."""
    groups = (group for group in year.rank_groups if group.standings or group.unsubmitted)
    return tuple(_table(group, _SUMMARY, group.unsubmitted) for group in groups)


def moved(year: YearView) -> tuple[Table, ...]:
    """Whom corrections moved, from where to where."""
    rows = []
    for change in year.moved:
        old, new = change.old.scorecard, change.new.scorecard
        first, now = (in_cell(card.score) if card else "–" for card in (old, new))
        ranks = rank(change.old), rank(change.new)
        rows.append(TableRow((name(change.township.name), first, ranks[0], now, ranks[1])))
    columns = (
        TableColumn(name(year.book.wording.assessed), 26),
        TableColumn(_("First score"), 22),
        TableColumn(_("First rank"), 22),
        TableColumn(_("Score after corrections"), 22),
        TableColumn(_("Rank after corrections"), 22),
    )
    return (Table("", columns, tuple(rows), "large"),) if rows else ()


def _table(
    group: RankGroup, keys: frozenset[Key], waiting: Sequence[Standing], size: str = ""
) -> Table:
    left_out = set()
    if not any(s.scorecard and s.scorecard.adjustments for s in group.standings):
        left_out.add(Key.ADJUSTED)
    if not any(s.outcomes for s in group.standings):
        left_out.add(Key.OUTCOME)
    shown = columns(group.book, group.standings, keys - left_out)
    rows = [TableRow(tuple(_cell(c, s) for c in shown)) for s in (*group.standings, *waiting)]
    tied = any(s.tied for s in group.standings)
    heads = tuple(_column(column, tied=tied) for column in shown)
    return Table(name(group.group.label) if group.group else "", heads, tuple(rows), size)


def _column(column: RankingColumn, *, tied: bool) -> TableColumn:
    head = one_line(CHINESE.render(column.head))
    if column.unit is not None:
        head = f"{head}（{name(column.unit)}）"
    width = _TIED if tied and column.key is Key.RANK else _WIDTHS.get(column.key, _OTHER)
    return TableColumn(head, width, "left" if column.key is Key.OUTCOME else "center")


def _cell(column: RankingColumn, standing: Standing) -> str:
    match column.of(standing):
        case Rank(number=number, tied=tied):
            return f"{number}{_(' (tied)') if tied else ''}"
        case Text() as text:
            return name(text)
        case Fraction() as value:
            return signed(value) if column.key is Key.ADJUSTED else in_cell(value)
        case PartScore(score=value, band=band):
            return in_cell(value) + (f"\n{name(band.label)}" if band else "")
        case Paid(amount=value):
            return in_cell(value)
        case tuple() as outcomes:
            return listed(map(name, outcomes))
    return _("Not submitted") if column.key is Key.SCORE else "–"


def signed(value: Fraction) -> str:
    """What is added or taken, with its sign."""
    written = in_cell(value).replace("-", "−")
    sign = "−" if value < 0 and not written.startswith("−") else "+" if value > 0 else ""
    return sign + written


def sheets(year: YearView) -> tuple[ScoreSheet, ...]:
    """Everybody's, the first of the ranking first, those without a report last."""
    return tuple(_sheet(year, standing) for standing in (*year.ranked, *year.unsubmitted))


def _sheet(year: YearView, standing: Standing) -> ScoreSheet:
    title = name(standing.township.name)
    if standing.scorecard is None:
        return ScoreSheet(title, _("Not submitted"), None)
    card = Card(year, standing, standing.scorecard)
    table = Table("", _columns(year), (*_rows(card), *_sums(card)), "small")
    return ScoreSheet(title, _result(card), table, tuple(map(one_line, _remarks(card))))


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


def _columns(year: YearView) -> tuple[TableColumn, ...]:
    usual = year.book.wording.unit == Wording().unit
    what = _("Deductions, and how they come about")
    if not year.plain:
        what = _("Deductions and awards, and how they come about")
    return (
        TableColumn(_("Clause"), 11),
        TableColumn(_("What is assessed"), 32, "left"),
        TableColumn(_("Full") if usual else _("Whole amount"), 11),
        TableColumn(_("Points") if usual else _("Amount"), 16),
        TableColumn(what, 86, "left"),
    )


# --- the rows -------------------------------------------------------------------------


def _rows(card: Card) -> Iterator[TableRow]:
    for period in card.periods:
        if period.part is not None:
            yield _period(period)
        for section in period.sections:
            yield _section(card, section)
            yield from (_clause(found) for found in section.clauses)


def _period(period: InPeriod) -> TableRow:
    label = name(period.part.label) if period.part else ""
    own, grade = "", ""
    if period.score:
        own = in_cell(period.score.score)
        grade = name(period.score.band.label) if period.score.band else ""
    return TableRow(("", label, "", own, grade), strong=True)


def _section(card: Card, section: SectionScore) -> TableRow:
    told = ""
    if section.weight != 1:
        weight, counted = exact(section.weight * 100), score(section.points)
        told = _("counts by {weight}%: {points}", weight=weight, points=counted)
    points = (exact(section.section.points.value), in_cell(card.own(section)))
    return TableRow((section.section.id, name(section.section.title), *points, told), strong=True)


def _clause(found: ClauseScore) -> TableRow:
    told = [_charge(charge) for charge in found.charges]
    if found.instead is not None:
        told.append(one_line(CHINESE.render(found.instead)))
    points = (exact(found.clause.points.value), in_cell(found.points))
    return TableRow((found.clause.id, name(found.clause.title), *points, "\n".join(told)))


def _charge(charge: Charge) -> str:
    """The working; and what was taken or given, where that is not all that was asked."""
    reason = one_line(CHINESE.render(charge.deduction.reason))
    if charge.points == charge.deduction.points:
        return reason
    amount = exact(charge.points)
    if charge.deduction.award:
        return _("{reason} (given: {amount})", reason=reason, amount=amount)
    return _("{reason} (taken: {amount}, as there was no more)", reason=reason, amount=amount)


def _sums(card: Card) -> Iterator[TableRow]:
    """What is added to the sections or taken, one step after the other, and the score."""
    usual = card.year.book.wording.unit == Wording().unit
    if card.scorecard.adjustments:
        yield TableRow(
            ("", _("All sections together"), "", in_cell(card.scorecard.in_sections), ""),
            strong=True,
        )
    for one in card.scorecard.adjustments:
        reason = one_line(CHINESE.render(one.reason))
        yield TableRow(("", _("Added or taken"), "", signed(one.points), reason))
    head = _("Score") if usual else _("Amount")
    points = (exact(card.full), in_cell(card.scorecard.score))
    yield TableRow(("", head, *points, ""), strong=True)


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


def _fact(address: str, words: Words, year: YearView) -> str:
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
