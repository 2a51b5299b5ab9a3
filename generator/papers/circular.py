"""The circular of a year: its tables, score sheets and wording; every cell is the engine's.

Owns what the paper says; how it lies on the page is for `word`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from generator.engine.book import Clause, Section, Wording
from generator.engine.measures import exact
from generator.engine.problem import Message, Stop, Text
from generator.engine.year import (
    Charge,
    City,
    Correction,
    Paid,
    PartScore,
    Standing,
    YearResult,
)
from generator.pages.wording import Words
from generator.pages.year import Card, RankGroup, YearView
from generator.papers.parts import (
    CHINESE,
    Annex,
    Imprint,
    Language,
    Paper,
    Paragraph,
    ScoreSheet,
    Table,
    TableColumn,
    TablePlace,
    TableRow,
    date,
    filled,
    in_cell,
    in_unit,
    listed,
    name,
    one_line,
    points,
    rank,
    score,
)
from generator.words.messages import DECISIONS
from generator.words.report import Key, RankCell, RankingColumn, columns

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
        cells = [name(change.township.name)]
        for standing in (change.old, change.new):
            card = standing.scorecard
            cells += (in_cell(card.score) if card else "–", rank(standing))
        rows.append(TableRow(tuple(cells)))
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
    if not any(s.scorecard and s.scorecard.adjustments for s in group.standings):
        keys -= {Key.ADJUSTED}
    if not any(s.outcomes for s in group.standings):
        keys -= {Key.OUTCOME}
    shown = columns(group.book, group.standings, keys)
    rows = [TableRow(tuple(_cell(c, s) for c in shown)) for s in (*group.standings, *waiting)]
    tied = any(s.tied for s in group.standings)
    heads = tuple(_column(column, tied=tied) for column in shown)
    return Table(name(group.group.label) if group.group else "", heads, tuple(rows), size)


def _column(column: RankingColumn, *, tied: bool) -> TableColumn:
    unit = f"（{name(column.unit)}）" if column.unit is not None else ""
    width = _TIED if tied and column.key is Key.RANK else _WIDTHS.get(column.key, _OTHER)
    align = "left" if column.key is Key.OUTCOME else "center"
    return TableColumn(one_line(CHINESE.render(column.head)) + unit, width, align)


def _cell(column: RankingColumn, standing: Standing) -> str:
    match column.of(standing):
        case RankCell(number=number, tied=tied):
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
    group = name(card.group.label) if card.group else ""
    parts = [_("score {score}", score=total) if usual else total, group + rank(standing)]
    if standing.band:
        parts.append(_("Grade: {grade}", grade=name(standing.band.label)))
    for paid in standing.payments:
        money = in_unit(paid.amount, paid.payment.unit)
        parts.append(_("{payment}: {amount}", payment=name(paid.payment.label), amount=money))
    if standing.outcomes:
        parts.append(listed(name(book.outcomes[outcome]) for outcome in standing.outcomes))
    return "　".join(parts)


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
            own, grade = "", ""
            if period.score:
                own = in_cell(period.score.score)
                grade = name(period.score.band.label) if period.score.band else ""
            yield TableRow(("", name(period.part.label), "", own, grade), strong=True)
        for section in period.sections:
            remark = ""
            if section.weight != 1:
                weight, counted = exact(section.weight * 100), score(section.points)
                remark = _("counts by {weight}%: {points}", weight=weight, points=counted)
            yield _row(section.section, in_cell(card.own(section)), remark, strong=True)
            for clause in section.clauses:
                lines = [_charge(charge) for charge in clause.charges]
                if clause.instead is not None:
                    lines.append(one_line(CHINESE.render(clause.instead)))
                yield _row(clause.clause, in_cell(clause.points), "\n".join(lines))


def _row(part: Section | Clause, own: str, remark: str, *, strong: bool = False) -> TableRow:
    return TableRow((part.id, name(part.title), exact(part.points.value), own, remark), strong)


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
        in_sections = in_cell(card.scorecard.in_sections)
        yield TableRow(("", _("All sections together"), "", in_sections, ""), strong=True)
    for adjustment in card.scorecard.adjustments:
        reason = one_line(CHINESE.render(adjustment.reason))
        yield TableRow(("", _("Added or taken"), "", signed(adjustment.points), reason))
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
    for exclusion in card.scorecard.excluded:
        yield _(
            "Not counted: {record}, {ground} (clause {clause}).",
            record=exclusion.record.id,
            ground=name(exclusion.ground.label),
            clause=exclusion.ground.clause,
        )
    for correction in card.corrections:
        yield _(
            "Asked on {asked}, clause {clause}: {decision} on {decided} ({document}); {reason}.",
            asked=words.date(correction.asked_on),
            clause=correction.clause,
            decision=words.decision(correction.decision),
            decided=words.date(correction.decided_on),
            document=correction.document,
            reason=correction.reason.rstrip("。"),
        )
    if card.moved:
        old = card.first.scorecard
        unit = card.year.book.wording.unit
        first = in_unit(old.score, unit) if old else _("Not submitted")
        yield _("First result: {score}, {rank}.", score=first, rank=rank(card.first))


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


Values: TypeAlias = Mapping[str, object]

NAMED = 6
"""So many units are named under a clause; of more, those that lost most."""


@dataclass(frozen=True, slots=True)
class Given:
    """What no data say: the paper's number and its day (as 2025-02-25, or empty)."""

    number: str = ""
    day: str = ""


def facts(city: City, year: YearView, given: Given) -> Values:
    """Everything a template may ask for."""
    book, result, assessment = year.book, year.result, year.assessment
    period = assessment.period
    days = {key: date(day) for key, day in assessment.dates.items() if day}
    cards = [standing.scorecard for standing in result.standings if standing.scorecard]
    totals = {card.total for card in cards} or {book.total.value}
    whole = points(totals.pop(), book.wording.unit) if len(totals) == 1 else ""
    return {
        "年度": str(year.number),
        "城市": name(city.name),
        "机关": name(city.office),
        "电话": one_line(city.telephone or ""),
        "办法": name(book.title),
        "版次": str(book.version),
        "被考核单位": name(book.wording.assessed),
        "满分": whole,
        "校验码": year.receipt.code if year.receipt else "",
        "起": date(period.start.isoformat()),
        "止": date(period.end.isoformat()),
        "文号": one_line(given.number) or f"×××〔{given.day[:4] or '××××'}〕×号",
        "成文日期": date(given.day),
        "初评": assessment.status != "final",
        "报送截止": days.get("submit_by", ""),
        "公示日期": days.get("published", ""),
        "异议截止": days.get("objections_until", ""),
        "审定日期": days.get("final", ""),
        "应考核数": len(result.standings),
        "已报数": len(cards),
        "未报": _names(year.unsubmitted),
        "改动数": sum(len(card.submission.changes) for card in cards),
        "发现数": sum(len(card.submission.findings) for card in cards),
        "不计入数": sum(len(card.excluded) for card in cards),
        "各组": [_group(group, year) for group in year.rank_groups if group.standings],
        "问题": list(_problems(year)),
        "名单": list(_lists(year)),
        "等次": list(_grades(year)),
        "决定": list(_decisions(year)),
        "更正": [_correction(correction, year) for correction in result.inputs.corrections],
        "变动数": len(year.moved),
    }


def _group(group: RankGroup, year: YearView) -> Values:
    """Those who are ranked together, with the two ends."""
    first, last = group.standings[0], group.standings[-1]
    return {
        "名称": name(group.group.label) if group.group else "",
        "单位数": len(group.standings),
        "最高": _score(first, year),
        "最低": _score(last, year),
    }


def _score(standing: Standing, year: YearView) -> str:
    card = standing.scorecard
    return in_unit(card.score if card else Fraction(), year.book.wording.unit)


# --- problems -------------------------------------------------------------------------


def _problems(year: YearView) -> Iterator[Values]:
    """Every section in which somebody lost points, with its clauses and whom they cost what."""
    for section in year.book.sections:
        clauses = [lost for clause in section.clauses if (lost := _lost(year, clause))]
        if clauses:
            yield {"名称": name(section.title), "条款": clauses}


def _lost(year: YearView, clause: Clause) -> Values | None:
    """Whom a clause cost points, those who lost most first; awards are no problem."""
    lost: dict[str, Fraction] = {}
    for standing, charges, _part in year.charges(clause).rows:
        taken = sum((c.points for c in charges if not c.deduction.award), Fraction())
        if taken:
            lost[standing.township.id] = lost.get(standing.township.id, Fraction()) + taken
    if not lost:
        return None
    account = year.book.wording.unit
    units = [
        f"{name(year.by_id[unit].township.name)}（{points(lost[unit], account)}）"
        for unit in sorted(lost, key=lambda unit: -lost[unit])
    ]
    return {
        "编号": clause.id,
        "名称": name(clause.title),
        "单位数": len(units),
        "扣分": points(sum(lost.values(), Fraction()), account),
        "列名数": min(len(units), NAMED),
        "单位": listed(units[:NAMED]),
    }


# --- what follows ---------------------------------------------------------------------


def _lists(year: YearView) -> Iterator[Values]:
    """Every list with who is on it; those who have not submitted are told elsewhere."""
    for outcomes in year.lists():
        if outcomes.kind != "unsubmitted":
            yield {"名称": listed(map(name, outcomes.names)), "单位": _names(outcomes.standings)}


def _names(standings: Iterable[Standing]) -> str:
    return listed(name(standing.township.name) for standing in standings)


def _grades(year: YearView) -> Iterator[Values]:
    bands = year.book.above.bands
    for band in bands.bands if bands and bands.of == "year" else ():
        having = [s for s in year.ranked if s.band and s.band.id == band.id]
        if having:
            yield {"名称": name(band.label), "单位": _names(having)}


def _decisions(year: YearView) -> Iterator[Values]:
    names = {s.township.id: name(s.township.name) for s in year.result.standings}
    lines = {line.id: name(line.label) for line in year.book.lines}
    for decision in year.result.inputs.decisions:
        yield {
            "事项": lines.get(decision.line, decision.line),
            "单位": listed(names.get(unit, unit) for unit in decision.listed),
            "日期": date(decision.date),
            "文号": one_line(decision.document),
            "理由": _sentence(decision.reason),
        }


def _correction(correction: Correction, year: YearView) -> Values:
    standing = year.by_id.get(correction.township)
    return {
        "单位": name(standing.township.name) if standing else correction.township,
        "条款": correction.clause,
        "提出日期": date(correction.asked_on),
        "决定": CHINESE.render(DECISIONS[correction.decision]),
        "决定日期": date(correction.decided_on),
        "文号": one_line(correction.document),
        "理由": _sentence(correction.reason),
        "名次": rank(standing) if standing else "",
    }


def _sentence(text: str) -> str:
    """A reason to go on after: without the full stop that somebody may have written."""
    return one_line(text).rstrip("。.；; ")


WORDING = "circular.txt.j2"
OWN = f"templates/{WORDING}"
"""Where a city's own wording stands, from its folder; it takes the place of the shipped one."""

FIELDS = (
    *("发文机关标志", "发文字号", "标题", "主送机关"),
    *("署名", "日期", "附注", "抄送", "印发机关", "印发日期"),
)

PLACES: Mapping[str, Callable[[YearView], tuple[Table, ...]]] = {"排名表": ranking, "更正表": moved}
"""Tables of the body, by the name that the wording gives them."""

ANNEXES: Mapping[str, Callable[[YearView], tuple[Table | ScoreSheet, ...]]] = {
    "得分汇总表": summary,
    "得分表": sheets,
}
"""Annexes likewise."""


def circular(city: City, year: YearView, wording: str, path: str, given: Given) -> Paper:
    """The paper; `wording` is the text of the template at `path`. Raises Stop if that is wrong."""
    final, newest = year.assessment.status == "final", _newest(year)
    # The day of the paper if nobody names one: no clock has a say in it.
    day = given.day or newest
    if day < newest:
        message = Message(
            "A circular of {day} cannot tell of {newest}, the newest day in it; give that day or a "
            "later one (--date), or --first for the result before corrections.",
            {"day": day, "newest": newest},
        )
        raise Stop(message)
    language = Language(FIELDS, tuple(PLACES), tuple(ANNEXES))
    text = filled(wording, path, facts(city, year, replace(given, day=day)), language)
    body: list[Paragraph | Table] = []
    for part in text.body:
        body += PLACES[part.name](year) if isinstance(part, TablePlace) else [part]
    marks = [] if final else [_("First assessment, not an official document")]
    marks += [_("Demonstration data")] if city.demonstration else []
    fields = {name: text.fields.get(name, "") for name in FIELDS}
    return Paper(
        fields["发文机关标志"],
        fields["发文字号"],
        fields["标题"],
        fields["主送机关"],
        tuple(body),
        tuple(Annex(title, ANNEXES[name](year)) for name, title in text.annexes),
        fields["署名"],
        fields["日期"],
        fields["附注"],
        Imprint(fields["抄送"], fields["印发机关"], fields["印发日期"]),
        tuple(marks),
        day,
    )


def _newest(year: YearView) -> str:
    """The newest day that the paper tells of, empty where the data name none."""
    inputs, dates = year.result.inputs, year.assessment.dates
    shown = dates.get("final" if year.assessment.status == "final" else "published", "")
    cards = [standing.scorecard for standing in year.result.standings if standing.scorecard]
    days = [shown, *(decision.date for decision in inputs.decisions)]
    days += [correction.decided_on for correction in inputs.corrections]
    days += [finding.date for card in cards for finding in card.submission.findings]
    days += [change.date for card in cards for change in card.submission.changes]
    return max(days)


def first(result: YearResult) -> YearResult:
    """A year as it was when it was published, before any correction."""
    return replace(result, standings=result.first, inputs=replace(result.inputs, corrections=()))
