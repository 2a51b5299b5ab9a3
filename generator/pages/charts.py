"""Inline SVG: where points were kept and where they went, ranks over years, losses by clause.

Text keeps its size while bars stretch with the page: bars lie in an inner drawing that is
stretched, labels are placed by per cent, so no font is ever measured. Colours are classes of the
style sheet, which knows light, dark and print. Equal input gives equal bytes.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from generator.engine.amount import exact, is_shown_exactly, shown
from generator.engine.book import Clause, RecordKind
from generator.engine.facts import within
from generator.engine.problem import Path, Text
from generator.engine.records import listed, lookup, moment, spans
from generator.engine.year import ClauseScore, Scorecard, Standing, Submission
from generator.pages.layout import Site
from generator.pages.wording import Words
from generator.pages.year import Table, Year
from generator.words.messages import Safe, escape

_ROW = 34
_TEXT = 13
_BAR_TOP = 19
_BAR = 9
_WIDTH = 10_000
_GAP = 50
_SPAN, _THICK, _LOW, _THIN = 240, 14, 4, 6
_SHOWN_FIRST, _SHOWN_LAST = 20, 10
_BUMP_ROW, _BUMP_TOP = 28, 24
_BUMP_START, _BUMP_END, _BUMP_GAP = 5, 75, 18
_TALL, _FOOT = 120, 140


@dataclass(frozen=True, slots=True)
class Lane:
    """What was reached of a section's full points."""

    points: Fraction
    full: Fraction


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a chart of lanes."""

    label: str
    value: str
    lanes: tuple[Lane, ...]
    told: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One loss on the way down."""

    label: str
    value: str
    points: Fraction
    told: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a score: what was kept or given, and what was not reached or taken."""

    label: str
    value: str
    kept: Fraction
    lost: Fraction


@dataclass(frozen=True, slots=True)
class Course:
    """One unit's ranks over the years: the row it stands in each year and what is written there.

    `way` is "rise", "fall" or "same"; None where it was not ranked.
    """

    label: str
    told: str
    rows: tuple[int | None, ...]
    marks: tuple[str, ...]
    way: str


@dataclass(frozen=True, slots=True)
class Month:
    """So many of each series in one month, from the bottom up."""

    label: str
    told: str
    counts: tuple[int, ...]


def lanes(rows: Sequence[Row], *, title: str, description: str) -> Safe:
    """A bar a row, a lane a section: each starts at its own line, what is lost stays visible.

    Of very many rows the first and the last are drawn, with a gap between.
    """
    drawn: list[Row | None] = list(rows)
    if len(rows) > _SHOWN_FIRST + _SHOWN_LAST:
        drawn = [*rows[:_SHOWN_FIRST], None, *rows[-_SHOWN_LAST:]]
    kept, lost, labels = [], [], []
    for number, row in enumerate(drawn):
        top = number * _ROW
        if row is None:
            labels.append(f'<text x="50%" y="{top + _TEXT + 6}" class="k-gap">⋮</text>')
            continue
        labels.append(_label(row.label, row.value, top, row.told))
        for start, end, full in _lanes(row.lanes):
            kept.append(_bar(start, end, top))
            lost.append(_bar(end, full, top))
    paths = _path("k-kept", kept) + _path("k-lost", lost)
    return _drawing(len(drawn) * _ROW, paths, labels, title, description)


def waterfall(full: Fraction, steps: Sequence[Step], *, title: str, description: str) -> Safe:
    """From full marks down to the score, a step for each loss, the scale starting below the score.

    Differences are drawn to scale; nothing is drawn from zero, so nothing is cut short.
    """
    left = full - sum((step.points for step in steps), Fraction())
    start = scale_start(left, full)
    bars, rails, labels = [], [], []
    place = _WIDTH
    left = full
    for number, step in enumerate(steps):
        top = number * _ROW
        left -= step.points
        end, place = place, _part(_WIDTH, left - start, full - start)
        labels.append(_label(step.label, step.value, top, step.told))
        rails.append(_bar(0, place, top))
        bars.append(_bar(place, end, top))
    paths = _path("k-rail", rails) + _path("k-lost", bars)
    return _drawing(len(steps) * _ROW, paths, labels, title, description)


def bars(rows: Sequence[Bar], *, title: str, description: str) -> Safe:
    """A bar a row, all on one scale, which begins at nothing."""
    longest = max(row.kept + row.lost for row in rows)
    kept, lost, labels = [], [], []
    for number, row in enumerate(rows):
        top = number * _ROW
        labels.append(_label(row.label, row.value, top))
        end = _part(_WIDTH, row.kept, longest)
        kept.append(_bar(0, end, top))
        lost.append(_bar(end, _part(_WIDTH, row.kept + row.lost, longest), top))
    paths = _path("k-kept", kept) + _path("k-lost", lost)
    return _drawing(len(rows) * _ROW, paths, labels, title, description)


def span(best: int, worst: int, own: int, many: int) -> Safe:
    """From the best to the worst of `many` places, and where the own one lies; beside the words."""
    width = _SPAN / many
    start, end = round((best - 1) * width), round(worst * width)
    middle = round((own - Fraction(1, 2)) * _SPAN / many)
    tick = f"M{middle - 1} 0h3v{_THICK}h-3z"
    return Safe(
        f'<svg class="k-chart" viewBox="0 0 {_SPAN} {_THICK}" width="100%" height="{_THICK}"'
        ' preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="k-rail" d="M0 {_LOW}h{_SPAN}v{_THIN}h-{_SPAN}z"/>'
        f'<path class="k-kept" d="M{start} {_LOW}h{end - start}v{_THIN}h-{end - start}z"/>'
        f'<path class="k-own" d="{tick}"/></svg>'
    )


def scale_start(score: Fraction, full: Fraction) -> Fraction:
    """Where the scale begins: a round number below the score, that leaves a tenth of it to see."""
    step = full / 10 or Fraction(1)
    return max(Fraction(), (floor(score / step) - 1) * step)


def _lanes(parts: Sequence[Lane]) -> Iterator[tuple[int, int, int]]:
    """Start of each lane, where what was kept ends, and the lane's end."""
    room = _WIDTH - _GAP * (len(parts) - 1)
    full = sum((part.full for part in parts), Fraction())
    start, before = 0, Fraction()
    for number, part in enumerate(parts):
        before += part.full
        end = _part(room, before, full) + _GAP * number
        kept = _part(end - start, part.points, part.full)
        yield start, start + kept, end
        start = end + _GAP


def _part(length: int, part: Fraction, whole: Fraction) -> int:
    """As much of a length as a part is of the whole; a rulebook may have wholes of nothing."""
    return round(length * part / whole) if whole else 0


def _bar(start: int, end: int, top: int) -> str:
    """A rectangle between two places; they are whole, so the same bytes come out everywhere."""
    width = end - start
    return f"M{start} {top + _BAR_TOP}h{width}v{_BAR}h-{width}z" if width > 0 else ""


def _path(name: str, bars: Iterable[str]) -> str:
    shape = "".join(bars)
    return f'<path class="{name}" d="{shape}"/>' if shape else ""


def _label(label: str, value: str, top: int, told: str = "") -> str:
    """The words of a row; `told` is what is shown where it is pointed at."""
    y = top + _TEXT
    words = (
        f'<text y="{y}">{escape(label)}</text>'
        f'<text x="100%" y="{y}" class="k-end">{escape(value)}</text>'
    )
    if not told:
        return words
    area = f'<rect class="k-hit" y="{top}" width="100%" height="{_ROW}"/>'
    return f"<g><title>{escape(told)}</title>{area}{words}</g>"


def _drawing(height: int, paths: str, labels: Iterable[str], title: str, description: str) -> Safe:
    return _named(
        height,
        f'<svg viewBox="0 0 {_WIDTH} {height}" width="100%" height="{height}"'
        f' preserveAspectRatio="none">{paths}</svg>{"".join(labels)}',
        title,
        description,
    )


def _named(height: int, inner: str, title: str, description: str) -> Safe:
    return Safe(
        f'<svg class="k-chart" width="100%" height="{height}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{inner}</svg>"
    )


# --- ranks over the years -------------------------------------------------------------


def bumps(
    columns: Sequence[str], courses: Sequence[Course], *, title: str, description: str
) -> Safe:
    """A column a year, a row a place, a line a unit; its name stands at the end of its line."""
    most = max(row for course in courses for row in course.rows if row is not None)
    places = [
        _BUMP_START + (_BUMP_END - _BUMP_START) * n // (len(columns) - 1)
        for n in range(len(columns))
    ]
    heads = (
        f'<text class="k-mid" x="{x}%" y="{_TEXT}">{escape(name)}</text>'
        for x, name in zip(places, columns, strict=True)
    )
    drawn = (_course(course, places) for course in courses)
    height = _BUMP_TOP + (most + 1) * _BUMP_ROW
    return _named(height, "".join((*heads, *drawn)), title, description)


def _course(course: Course, places: Sequence[int]) -> str:
    """The line, broken where the unit was not ranked, a mark a year, the name at the end."""
    points = [
        (x, _middle(row), mark)
        for x, row, mark in zip(places, course.rows, course.marks, strict=True)
        if row is not None
    ]
    lines = (
        f'<line x1="{places[n]}%" y1="{_middle(one)}" x2="{places[n + 1]}%" y2="{_middle(other)}"/>'
        for n, (one, other) in enumerate(pairwise(course.rows))
        if one is not None and other is not None
    )
    marks = (
        f'<circle cx="{x}%" cy="{y}" r="10"/><text class="k-mid" x="{x}%" y="{y + 4}">{mark}</text>'
        for x, y, mark in points
    )
    x, y, _mark = points[-1]
    name = (
        f'<text class="k-name" x="{x}%" dx="{_BUMP_GAP}" y="{y + 4}">{escape(course.label)}</text>'
    )
    told = f"<title>{escape(course.told)}</title>"
    return f'<g class="k-bump k-{course.way}">{told}{"".join((*lines, *marks))}{name}</g>'


def _middle(row: int) -> int:
    return _BUMP_TOP + row * _BUMP_ROW + _BUMP_ROW // 2


# --- counts by month ------------------------------------------------------------------


def months(those: Sequence[Month], *, title: str, description: str) -> Safe:
    """A column a month, its parts one above the other, the sum on top."""
    most = max(1, *(sum(month.counts) for month in those))
    bars: dict[int, list[str]] = {}
    labels = []
    width = _WIDTH // len(those)
    for number, month in enumerate(those):
        left, wide, base, so_far = number * width + width // 5, width * 3 // 5, 0, 0
        for series, count in enumerate(month.counts):
            so_far += count
            bottom, base = base, _TALL * so_far // most
            if count:
                top = _FOOT - base
                bars.setdefault(series, []).append(f"M{left} {top}h{wide}v{base - bottom}h-{wide}z")
        labels.append(_month(month, number, len(those), _FOOT - base))
    paths = "".join(_path(f"k-s{series}", bars[series]) for series in sorted(bars))
    return _drawing(_FOOT + 20, paths, labels, title, description)


def _month(month: Month, number: int, many: int, top: int) -> str:
    """What stands over and under a column, and is shown where it is pointed at."""
    start, middle = (f"{round(100 * place / many, 2):g}" for place in (number, number + 0.5))
    total = sum(month.counts)
    area = f'<rect class="k-hit" x="{start}%" width="{100 // many}%" height="{_FOOT + 20}"/>'
    count = f'<text class="k-mid" x="{middle}%" y="{top - 4}">{total}</text>' if total else ""
    name = f'<text class="k-mid" x="{middle}%" y="{_FOOT + 15}">{escape(month.label)}</text>'
    return f"<g><title>{escape(month.told)}</title>{area}{count}{name}</g>"


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
            Course(
                w.text(one.township.name),
                w._("{township}: {told}", township=one.township.name, told=w._("; ").join(told)),
                tuple(those.get(one.township.id) for those in rows),
                tuple(str(s.rank or "–") if s else "" for s in mine),
                _way(*mine[-2:]),
            )
        )
    drawing = bumps(
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
    w: Words, kind: RecordKind, by_month: Sequence[str], series: Mapping[str, list[int]]
) -> Events:
    names = [_month_name(w, month) for month in by_month]
    columns = list(zip(*series.values(), strict=True))
    drawn = [
        Month(
            name,
            w._("{month}: {told}", month=name, told=_told(w, series, column)),
            column,
        )
        for name, column in zip(names, columns, strict=True)
    ]
    drawing = months(
        drawn,
        title=w._("{records} by month", records=kind.name),
        description=w._("One column per month; the numbers are in the table."),
    )
    return Events(kind.name, drawing, list(series), names, [list(row) for row in columns])


def _month_name(w: Words, month: str) -> str:
    """2025-05 without its year."""
    number = int(month.rpartition("-")[2])
    return f"{number}月" if w.catalogue.lang == "zh" else str(number)


def _told(w: Words, series: Mapping[str, list[int]], column: Sequence[int]) -> str:
    some = (f"{name} {count}" for name, count in zip(series, column, strict=True) if count)
    return w.listed(some) or w._("none")
