"""What pictures of a year and of several years show: ranks, losses by clause, events by month.

Owns which units, years, clauses and records a picture has. Geometry is `charts`'s; must not judge.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from generator.engine.amount import exact, is_shown_exactly, shown
from generator.engine.book import Clause, RecordKind
from generator.engine.facts import within
from generator.engine.model import Submission
from generator.engine.problem import Path, Text
from generator.engine.records import listed, lookup, moment
from generator.engine.result import ClauseScore, Scorecard, Standing
from generator.engine.spans import spans
from generator.pages import charts
from generator.pages.annual import Table, Year
from generator.pages.layout import Site
from generator.pages.wording import Words
from generator.words.escape import Safe

FIRST_PLACES = 24
"""Of more ranked units than these, the chart of ranks has so many, the first of the newest year."""

LAST_YEARS = 8
"""So many years fit on a phone."""

HEAT_ROWS = 40
"""More ranked units than these are put together, a tenth of the ranking in a row."""

BANDS = 10
SHADES = 5
SERIES = 6
"""So many values of a field have a shade of their own; the rest are one."""


# --- ranks over the years -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ranks:
    """The chart of those ranked together, and the same as rows: a unit and its rank each year."""

    name: str
    drawing: Safe
    years: list[int]
    rows: list[tuple[Standing, list[str]]]
    left_out: int


def ranks(site: Site, years: Sequence[Year]) -> Iterator[Ranks]:
    """One for each table of the newest year; none of a single year."""
    newest = years[-1]
    for table in newest.tables if len(years) > 1 else ():
        if len(table.standings) > 1:
            yield _ranks(site.words, years[-LAST_YEARS:], table)


def _ranks(w: Words, years: Sequence[Year], table: Table) -> Ranks:
    chosen = _chosen(years, table)
    names = [standing.township.id for standing in chosen]
    stood = [_stood(year, table, set(names)) for year in years]
    rows = [{name: row for row, name in enumerate(those)} for those in stood]
    courses = []
    for one in chosen:
        mine = [those.get(one.township.id) for those in stood]
        pairs = zip(years, mine, strict=True)
        told = [w._("{year}: {rank}", year=y.number, rank=w.rank(s)) for y, s in pairs if s]
        courses.append(
            charts.Course(
                w.text(one.township.name),
                w._("{township}: {told}", township=one.township.name, told=w._("; ").join(told)),
                tuple(those.get(one.township.id) for those in rows),
                tuple(str(s.rank or "–") if s else "" for s in mine),
                _way(*mine[-2:]),
            )
        )
    drawing = charts.bumps(
        [str(year.number) for year in years],
        courses,
        title=w._("Ranks from {first} to {last}", first=years[0].number, last=years[-1].number),
        description=w._(
            "One column per year, one line for each {assessed}, the first rank at the top; the"
            " numbers are in the table.",
            assessed=w.assessed,
        ),
    )
    written = [(one, [_rank(w, those.get(one.township.id)) for those in stood]) for one in chosen]
    name = w.text(table.group.label) if table.group else ""
    left_out = max(len(table.standings) - len(chosen), 0)
    return Ranks(name, drawing, [year.number for year in years], written, left_out)


def _chosen(years: Sequence[Year], table: Table) -> list[Standing]:
    """The first of the newest year; where there is room, also who has no rank any more."""
    found = {s.township.id: s for s in table.standings[:FIRST_PLACES]}
    if len(table.standings) <= FIRST_PLACES:
        earlier = (s for year in years[::-1] for s in year.ranked if _together(s, table))
        for standing in (*table.unsubmitted, *earlier):
            found.setdefault(standing.township.id, standing)
    return list(found.values())


def _together(standing: Standing, table: Table) -> bool:
    return table.group is None or standing.group == table.group.id


def _stood(year: Year, table: Table, names: Collection[str]) -> dict[str, Standing]:
    """Where they stood in a year, from the first to the last, then who had not submitted."""
    those = (s for s in (*year.ranked, *year.unsubmitted) if _together(s, table))
    return {s.township.id: s for s in those if s.township.id in names}


def _way(before: Standing | None, now: Standing | None) -> str:
    old, new = (one.rank if one else None for one in (before, now))
    if old is None or new is None or old == new:
        return "same"
    return "rise" if new < old else "fall"


def _rank(w: Words, standing: Standing | None) -> str:
    return w.rank(standing) if standing else "–"


# --- where the points go --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """What was lost: written, and how dark it is, from 0 (nothing) to all of it."""

    written: str
    shade: int


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One unit, or several next to each other in the ranking, with their losses on average."""

    name: str
    standing: Standing | None
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Heat:
    """Units × clauses of those ranked together; `bands` where rows stand for several."""

    name: str
    columns: list[tuple[Clause, str | None]]
    rows: list[HeatRow]
    bands: bool


def heat(site: Site, year: Year) -> Iterator[Heat]:
    """One for each table that has somebody in it."""
    for table in year.tables:
        if table.standings:
            yield _heat(site.words, table)


def _heat(w: Words, table: Table) -> Heat:
    book, those = table.book, table.standings
    columns = [
        (clause, part)
        for section in book.sections
        for part in ([one.id for one in book.above.parts] if section.each == "period" else [None])
        for clause in section.clauses
    ]
    bands = len(those) > HEAT_ROWS
    size = ceil(len(those) / BANDS) if bands else 1
    rows = []
    for start in range(0, len(those), size):
        some = those[start : start + size]
        scores = [_scores(s.scorecard) for s in some if s.scorecard]
        cells = [_cell([found.get((c.id, part)) for found in scores]) for c, part in columns]
        name = w.text(some[0].township.name)
        if bands:
            name = w._("Places {first} to {last}", first=start + 1, last=start + len(some))
        rows.append(HeatRow(name, None if bands else some[0], cells))
    return Heat(w.text(table.group.label) if table.group else "", columns, rows, bands)


def _scores(card: Scorecard) -> Mapping[tuple[str, str | None], ClauseScore]:
    return {(c.clause.id, section.part): c for section in card.sections for c in section.clauses}


def _cell(scores: Sequence[ClauseScore | None]) -> Cell:
    counted = [score for score in scores if score is not None and score.instead is None]
    if not counted:
        return Cell("–", 0)
    full = sum((score.clause.points.value for score in counted), Fraction())
    lost = full - sum((score.points for score in counted), Fraction())
    mean = lost / len(counted)
    shade = min(max(ceil(lost * SHADES / full), 0), SHADES) if full else 0
    return Cell(exact(mean) if is_shown_exactly(mean) else shown(mean), shade)


# --- events by month ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Events:
    """The records of one list by month: what they are, the series, and the numbers as rows."""

    name: Text
    drawing: Safe
    series: list[str]
    months: list[str]
    rows: list[list[int]]


def events(site: Site, year: Year) -> Iterator[Events]:
    """One for each list of records with a date of which there is any in the year."""
    w, months = site.words, spans(year.assessment.period, "month")
    for path, kind in year.book.records.items():
        if kind.date is None:
            continue
        field = next((one for one in kind.labels if len(one) == 1), None)
        labels = _labels(w, kind, field)
        counts: Counter[tuple[str, str]] = Counter()
        for submission in year.result.inputs.submissions.values():
            for month, value in _dated(submission, year, path, kind, field):
                counts[month, value if value in labels else _OTHER] += 1
        found = {key: [counts[month, key] for month in months] for key in labels}
        series = {labels[key]: row for key, row in found.items() if any(row)}
        if series:
            yield _events(w, kind, months, series)


_OTHER = ""
"""The series of those whose value has none of its own."""


def _labels(w: Words, kind: RecordKind, field: Path | None) -> Mapping[str, str]:
    """What the values are called that tell records apart, by the form's labels."""
    named = list(kind.labels[field].items()) if field else []
    kept = named[: SERIES - 1] if len(named) > SERIES else named
    labels = {value: w.text(label) for value, label in kept}
    return {**labels, _OTHER: w._("others") if field else w.text(kind.name)}


def _dated(
    submission: Submission, year: Year, path: Path, kind: RecordKind, field: Path | None
) -> Iterator[tuple[str, str]]:
    """Month and value of each record, also of those that no rule counts."""
    for part in (None, *(part.id for part in year.book.above.parts)):
        for record in listed(submission, (*within(part), *path)):
            value = lookup(record.fields, field) if field else None
            yield moment(record, kind.date)[:7], str(value)


def _events(
    w: Words, kind: RecordKind, months: Sequence[str], series: Mapping[str, list[int]]
) -> Events:
    names = [_month(w, month) for month in months]
    columns = list(zip(*series.values(), strict=True))
    drawn = [
        charts.Month(
            name,
            w._("{month}: {told}", month=name, told=_told(w, series, column)),
            column,
        )
        for name, column in zip(names, columns, strict=True)
    ]
    drawing = charts.months(
        drawn,
        title=w._("{records} by month", records=kind.name),
        description=w._("One column per month; the numbers are in the table."),
    )
    return Events(kind.name, drawing, list(series), names, [list(row) for row in columns])


def _month(w: Words, month: str) -> str:
    """2025-05 without its year."""
    number = int(month.rpartition("-")[2])
    return f"{number}月" if w.catalogue.lang == "zh" else str(number)


def _told(w: Words, series: Mapping[str, list[int]], column: Sequence[int]) -> str:
    some = (f"{name} {count}" for name, count in zip(series, column, strict=True) if count)
    return w.listed(some) or w._("none")
