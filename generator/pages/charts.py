"""Inline SVG: where points were kept and where they went, ranks over years, losses by clause.

Text keeps its size while bars stretch with the page: bars lie in an inner drawing that is
stretched, labels are placed by per cent, so no font is ever measured. Colours are classes of the
style sheet, which knows light, dark and print. Equal input gives equal bytes.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from math import ceil, floor

from generator.engine.book import Clause, RecordKind
from generator.engine.facts import within
from generator.engine.measures import exact, is_shown_exactly, shown
from generator.engine.problem import Path, Text
from generator.engine.records import listed, lookup, moment, spans
from generator.engine.year import (
    ClauseScore,
    Scorecard,
    SectionScore,
    Standing,
    Submission,
    Township,
)
from generator.pages.wording import Words
from generator.pages.year import RankGroup, YearView, clauses_of, scores_of
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
class LaneRow:
    """One line of a chart of lanes."""

    label: str
    value: str
    lanes: tuple[Lane, ...]
    told: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """One step on the way down."""

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


def lanes(rows: Sequence[LaneRow], *, title: str, description: str) -> Safe:
    """A bar a row, a lane a section: each starts at its own line, what is lost stays visible.

    Of very many rows the first and the last are drawn, with a gap between.
    """
    drawn: list[LaneRow | None] = list(rows)
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


def waterfall(full: Fraction, steps: Sequence[Loss], *, title: str, description: str) -> Safe:
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


# --- points of each section -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LaneChart:
    """A chart of those ranked together; `beside`: scores hold more than the bars show."""

    name: str
    drawing: Safe
    lanes: list[str]
    beside: bool


def lane_charts(w: Words, year: YearView) -> Iterator[LaneChart]:
    """A bar for each unit, for all who are ranked together."""
    for group in year.rank_groups:
        cards = [(s, s.scorecard) for s in group.standings if s.scorecard]
        if cards:
            yield _lane_chart(w, year, group, cards)


def _lane_chart(
    w: Words, year: YearView, group: RankGroup, cards: Sequence[tuple[Standing, Scorecard]]
) -> LaneChart:
    first = cards[0][1]
    names = lane_names(w, year, first)
    rows = [lane_row(f"{s.rank} {w.text(s.township.name)}", card, names) for s, card in cards]
    drawing = lanes(
        rows,
        title=w.term("by_section", year=year.number),
        description=w._(
            "One bar for each {assessed} in the order of rank, one lane per section ({sections});"
            " the numbers are in the table.",
            assessed=w.assessed,
            sections=tuple(names),
        ),
    )
    told = [f"{n} {w.points(one.full)}" for n, one in zip(names, _reached(first), strict=True)]
    return LaneChart(_name(w, group), drawing, told, any(card.adjustments for _, card in cards))


def lane_names(w: Words, year: YearView, card: Scorecard) -> list[str]:
    """What the lanes of a card are called: sections, or periods inside the year."""
    firsts = (sections[0] for sections in _in_lanes(card))
    parts = ((section, year.part(section.part)) for section in firsts)
    return [w.text(part.label if part else section.section.title) for section, part in parts]


def lane_row(label: str, card: Scorecard, names: Sequence[str]) -> LaneRow:
    """A unit's sections as lanes; what lies outside of one is drawn at its end."""
    reached = _reached(card)
    drawn = tuple(Lane(min(max(lane.points, Fraction()), lane.full), lane.full) for lane in reached)
    told = (
        f"{name} {shown(lane.points)}/{exact(lane.full)}"
        for name, lane in zip(names, reached, strict=False)
    )
    return LaneRow(label, shown(card.score), drawn, " · ".join((label, *told)))


def _reached(card: Scorecard) -> list[Lane]:
    return [
        Lane(
            sum((section.points for section in sections), Fraction()),
            sum((section.maximum for section in sections), Fraction()),
        )
        for sections in _in_lanes(card)
    ]


def _in_lanes(card: Scorecard) -> list[list[SectionScore]]:
    """The sections of the year one by one, those of a period inside it together."""
    periods = groupby(card.sections, key=lambda s: s.section.id if s.part is None else (s.part,))
    return [list(sections) for _, sections in periods]


def _name(w: Words, group: RankGroup) -> str:
    return w.text(group.group.label) if group.group else ""


# --- ranks over the years -------------------------------------------------------------

FIRST_PLACES = 24
"""Of more ranked units than these, the chart of ranks has so many, the first of the newest year."""

LAST_YEARS = 8
"""So many years fit on a phone."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """The chart of those ranked together, and the same as rows: a unit and its rank each year."""

    name: str
    drawing: Safe
    years: list[int]
    rows: list[tuple[Township, list[str]]]
    left_out: int


def ranks(w: Words, years: Sequence[YearView]) -> Iterator[Ranks]:
    """One for each ranking of the newest year; none of a single year."""
    for group in years[-1].rank_groups if len(years) > 1 else ():
        if len(group.standings) > 1:
            yield _ranks(w, years[-LAST_YEARS:], group)


def _ranks(w: Words, years: Sequence[YearView], group: RankGroup) -> Ranks:
    chosen = _chosen(years, group)
    stood = [_stood(year, group, {standing.township.id for standing in chosen}) for year in years]
    places = [{name: place for place, name in enumerate(standings)} for standings in stood]
    courses, rows = [], []
    for township in (standing.township for standing in chosen):
        past = [standings.get(township.id) for standings in stood]
        pairs = zip(years, past, strict=True)
        told = [w._("{year}: {rank}", year=y.number, rank=w.rank(s)) for y, s in pairs if s]
        courses.append(
            Course(
                w.text(township.name),
                w._("{township}: {told}", township=township.name, told=w._("; ").join(told)),
                tuple(order.get(township.id) for order in places),
                tuple(str(s.rank or "–") if s else "" for s in past),
                _way(*(s.rank if s else None for s in past[-2:])),
            )
        )
        rows.append((township, [w.rank(s) if s else "–" for s in past]))
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
    left_out = max(len(group.standings) - len(chosen), 0)
    return Ranks(_name(w, group), drawing, [year.number for year in years], rows, left_out)


def _chosen(years: Sequence[YearView], group: RankGroup) -> list[Standing]:
    """The first of the newest year; where there is room, also who has no rank any more."""
    chosen = {s.township.id: s for s in group.standings[:FIRST_PLACES]}
    if len(group.standings) <= FIRST_PLACES:
        earlier = (s for year in years[::-1] for s in year.ranked if _together(s, group))
        for standing in (*group.unsubmitted, *earlier):
            chosen.setdefault(standing.township.id, standing)
    return list(chosen.values())


def _together(standing: Standing, group: RankGroup) -> bool:
    return group.group is None or standing.group == group.group.id


def _stood(year: YearView, group: RankGroup, names: Collection[str]) -> dict[str, Standing]:
    """Where they stood in a year, from the first to the last, then who had not submitted."""
    standings = (s for s in (*year.ranked, *year.unsubmitted) if _together(s, group))
    return {s.township.id: s for s in standings if s.township.id in names}


def _way(old: int | None, new: int | None) -> str:
    if old is None or new is None or old == new:
        return "same"
    return "rise" if new < old else "fall"


# --- where the points go --------------------------------------------------------------

HEAT_ROWS = 40
"""More ranked units than these are put together, a tenth of the ranking in a row."""

BANDS = 10
SHADES = 5


@dataclass(frozen=True, slots=True)
class HeatCell:
    """What was lost: written, and how dark it is, from 0 (nothing) to all of it."""

    written: str
    shade: int


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One unit, or several next to each other in the ranking, with their losses on average."""

    name: str
    standing: Standing | None
    cells: list[HeatCell]


@dataclass(frozen=True, slots=True)
class Heat:
    """Units × clauses of those ranked together; `bands` where rows stand for several."""

    name: str
    columns: list[tuple[Clause, str | None]]
    rows: list[HeatRow]
    bands: bool


def heat(w: Words, year: YearView) -> Iterator[Heat]:
    """One for each ranking that has somebody in it."""
    for group in year.rank_groups:
        if group.standings:
            yield _heat(w, group)


def _heat(w: Words, group: RankGroup) -> Heat:
    standings = group.standings
    columns = clauses_of(group.book)
    bands = len(standings) > HEAT_ROWS
    size = ceil(len(standings) / BANDS) if bands else 1
    rows = []
    for start in range(0, len(standings), size):
        some = standings[start : start + size]
        scores = [scores_of(s.scorecard) for s in some if s.scorecard]
        cells = [_cell([of.get((c.id, part)) for of in scores]) for c, part in columns]
        name = w.text(some[0].township.name)
        if bands:
            name = w._("Places {first} to {last}", first=start + 1, last=start + len(some))
        rows.append(HeatRow(name, None if bands else some[0], cells))
    return Heat(_name(w, group), columns, rows, bands)


def _cell(scores: Sequence[ClauseScore | None]) -> HeatCell:
    counted = [score for score in scores if score is not None and score.instead is None]
    if not counted:
        return HeatCell("–", 0)
    full = sum((score.clause.points.value for score in counted), Fraction())
    lost = full - sum((score.points for score in counted), Fraction())
    mean = lost / len(counted)
    shade = min(max(ceil(lost * SHADES / full), 0), SHADES) if full else 0
    return HeatCell(exact(mean) if is_shown_exactly(mean) else shown(mean), shade)


# --- events by month ------------------------------------------------------------------


SERIES = 6
"""So many values of a field have a shade of their own; the rest are one."""

_OTHER = ""
"""The series of those whose value has none of its own."""


@dataclass(frozen=True, slots=True)
class Events:
    """The records of one list by month: what they are, the series, and the numbers as rows."""

    name: Text
    drawing: Safe
    series: list[str]
    months: list[str]
    rows: list[list[int]]


def events(w: Words, year: YearView) -> Iterator[Events]:
    """One for each list of records with a date of which there is any in the year."""
    months = spans(year.assessment.period, "month")
    for path, kind in year.book.records.items():
        if kind.date is None:
            continue
        field = next((field for field in kind.labels if len(field) == 1), None)
        labels = _labels(w, kind, field)
        counts: Counter[tuple[str, str]] = Counter()
        for submission in year.result.inputs.submissions.values():
            for month, value in _dated(submission, year, path, kind, field):
                counts[month, value if value in labels else _OTHER] += 1
        rows = {key: [counts[month, key] for month in months] for key in labels}
        series = {labels[key]: row for key, row in rows.items() if any(row)}
        if series:
            yield _events(w, kind, months, series)


def _labels(w: Words, kind: RecordKind, field: Path | None) -> Mapping[str, str]:
    """What the values are called that tell records apart, by the form's labels."""
    named = list(kind.labels[field].items()) if field else []
    kept = named[: SERIES - 1] if len(named) > SERIES else named
    labels = {value: w.text(label) for value, label in kept}
    return {**labels, _OTHER: w._("others") if field else w.text(kind.name)}


def _dated(
    submission: Submission, year: YearView, path: Path, kind: RecordKind, field: Path | None
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
    counts = list(zip(*series.values(), strict=True))
    columns = []
    for name, column in zip(names, counts, strict=True):
        some = (f"{one} {count}" for one, count in zip(series, column, strict=True) if count)
        told = w._("{month}: {told}", month=name, told=w.listed(some) or w._("none"))
        columns.append(Month(name, told, column))
    drawing = months(
        columns,
        title=w._("{records} by month", records=kind.name),
        description=w._("One column per month; the numbers are in the table."),
    )
    return Events(kind.name, drawing, list(series), names, [list(row) for row in counts])


def _month_name(w: Words, month: str) -> str:
    """2025-05 without its year."""
    number = int(month.rpartition("-")[2])
    return f"{number}月" if w.catalogue.lang == "zh" else str(number)
