"""The official circular (通报) of a year: its wording filled in, its tables and annexes in place.

Owns which fields, tables, annexes and names a wording may use (docs/circular.md lists them for the
office). What is handed to a wording is text, whole numbers, yes or no, or lists of these.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from generator.engine.book import Clause
from generator.engine.year import City, Correction, Standing, YearResult
from generator.pages.year import RankGroup, YearView
from generator.papers import tables
from generator.papers.parts import (
    CHINESE,
    Annex,
    Imprint,
    Language,
    Paper,
    Paragraph,
    ScoreSheet,
    Table,
    TablePlace,
    date,
    filled,
    in_unit,
    listed,
    name,
    one_line,
    points,
    rank,
)
from generator.papers.tables import sheets
from generator.words.messages import DECISIONS

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
    return {
        **_about(city, year),
        **_dates(year, given),
        **_counts(year),
        "各组": [_group(group, year) for group in year.rank_groups if group.standings],
        "问题": list(_problems(year)),
        "名单": list(_lists(year)),
        "等次": list(_grades(year)),
        "决定": list(_decisions(year)),
        "更正": [_correction(one, year) for one in year.result.inputs.corrections],
        "变动数": len(year.moved),
    }


def _about(city: City, year: YearView) -> Values:
    book = year.book
    totals = {s.scorecard.total for s in year.result.standings if s.scorecard}
    totals = totals or {book.total.value}
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
    }


def _dates(year: YearView, given: Given) -> Values:
    dates, period = year.assessment.dates, year.assessment.period
    return {
        "起": date(period.start.isoformat()),
        "止": date(period.end.isoformat()),
        "文号": one_line(given.number) or f"×××〔{given.day[:4] or '××××'}〕×号",
        "成文日期": date(given.day),
        "初评": year.assessment.status != "final",
        "申报截止": _written_day(dates.get("submit_by")),
        "公示日期": _written_day(dates.get("published")),
        "异议截止": _written_day(dates.get("objections_until")),
        "审定日期": _written_day(dates.get("final")),
    }


def _counts(year: YearView) -> Values:
    cards = [s.scorecard for s in year.result.standings if s.scorecard]
    return {
        "应考核数": len(year.result.standings),
        "已报数": len(cards),
        "未报": _names(year.unsubmitted),
        "改动数": sum(len(card.submission.changes) for card in cards),
        "发现数": sum(len(card.submission.findings) for card in cards),
        "不计入数": sum(len(card.excluded) for card in cards),
    }


def _written_day(day: str | None) -> str:
    return date(day) if day else ""


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
        clauses = [found for clause in section.clauses if (found := _lost(year, clause))]
        if clauses:
            yield {"名称": name(section.title), "条款": clauses}


def _lost(year: YearView, clause: Clause) -> Values | None:
    """Whom a clause cost points, those who lost most first; awards are no problem."""
    lost: dict[str, Fraction] = {}
    for standing, charges, _part in year.charges(clause).rows:
        taken = sum((c.points for c in charges if not c.deduction.award), Fraction())
        if taken:
            unit = standing.township.id
            lost[unit] = lost.get(unit, Fraction()) + taken
    if not lost:
        return None
    account = year.book.wording.unit
    ordered = sorted(lost, key=lambda unit: -lost[unit])
    told = [
        f"{name(year.by_id[unit].township.name)}（{points(lost[unit], account)}）"
        for unit in ordered
    ]
    return {
        "编号": clause.id,
        "名称": name(clause.title),
        "单位数": len(told),
        "扣分": points(sum(lost.values(), Fraction()), account),
        "列名数": min(len(told), NAMED),
        "单位": listed(told[:NAMED]),
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
    for one in year.assessment.decisions:
        yield {
            "事项": lines.get(one.line, one.line),
            "单位": listed(names.get(unit, unit) for unit in one.listed),
            "日期": date(one.date),
            "文号": one_line(one.document),
            "理由": _sentence(one.reason),
        }


def _correction(one: Correction, year: YearView) -> Values:
    standing = year.by_id.get(one.township)
    return {
        "单位": name(standing.township.name) if standing else one.township,
        "条款": one.clause,
        "提出日期": date(one.asked_on),
        "决定": CHINESE.render(DECISIONS[one.decision]),
        "决定日期": date(one.decided_on),
        "文号": one_line(one.document),
        "理由": _sentence(one.reason),
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

PLACES: Mapping[str, Callable[[YearView], tuple[Table, ...]]] = {
    "排名表": tables.ranking,
    "更正表": tables.moved,
}
"""Tables of the body, by the name that the wording gives them."""

ANNEXES: Mapping[str, Callable[[YearView], tuple[Table | ScoreSheet, ...]]] = {
    "得分汇总表": tables.summary,
    "得分表": sheets,
}
"""Annexes likewise."""


def circular(city: City, year: YearView, wording: str, path: str, given: Given) -> Paper:
    """The paper; `wording` is the text of the template at `path`. Raises Stop if that is wrong."""
    given = replace(given, day=given.day or _day(year))
    found = filled(
        wording, path, facts(city, year, given), Language(FIELDS, tuple(PLACES), tuple(ANNEXES))
    )
    body: list[Paragraph | Table] = []
    for one in found.body:
        body += PLACES[one.name](year) if isinstance(one, TablePlace) else [one]
    said = {name: found.fields.get(name, "") for name in FIELDS}
    return Paper(
        said["发文机关标志"],
        said["发文字号"],
        said["标题"],
        said["主送机关"],
        tuple(body),
        tuple(Annex(title, ANNEXES[name](year)) for name, title in found.annexes),
        said["署名"],
        said["日期"],
        said["附注"],
        Imprint(said["抄送"], said["印发机关"], said["印发日期"]),
        tuple(_marks(city, year)),
        given.day,
    )


def _day(year: YearView) -> str:
    """The day of the paper if nobody names one: no clock has a say in it."""
    dates = year.assessment.dates
    return dates.get("final" if year.assessment.status == "final" else "published", "")


def _marks(city: City, year: YearView) -> list[str]:
    marks = []
    if year.assessment.status != "final":
        marks.append(CHINESE._("First assessment, not an official document"))
    if city.demonstration:
        marks.append(CHINESE._("Demonstration data"))
    return marks


def first(result: YearResult) -> YearResult:
    """A year as it was when it was published, before any correction."""
    return replace(result, standings=result.first, inputs=replace(result.inputs, corrections=()))
