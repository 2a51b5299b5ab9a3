"""Inline SVG: where points were kept and where they went, ranks over years, losses by clause.

Text keeps its size while bars stretch with the page: bars lie in an inner drawing that is
stretched, labels are placed by per cent, so no font is ever measured. Colours are classes of the
style sheet, which knows light, dark and print. Equal input gives equal bytes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise, product, starmap
from math import ceil, floor
from typing import TypeAlias

from generator.engine.book import Clause, RecordKind
from generator.engine.facts import within
from generator.engine.measures import exact, is_shown_exactly, shown
from generator.engine.problem import Path, Text
from generator.engine.records import listed, lookup, moment, spans
from generator.engine.year import ClauseScore, Scorecard, SectionScore, Standing, Township
from generator.pages.wording import Words
from generator.pages.year import RankGroup, YearView, clauses_of, scores_of
from generator.words.messages import Safe, escape

_ROW, _TEXT, _BAR_TOP, _BAR = 34, 13, 19, 9
_WIDTH, _GAP = 10_000, 50
_SPAN, _THICK, _LOW, _THIN = 240, 14, 4, 6
_SHOWN_FIRST, _SHOWN_LAST = 20, 10
_BUMP_ROW, _BUMP_TOP = 28, 24
_BUMP_START, _BUMP_END, _BUMP_GAP = 5, 75, 18
_TALL, _FOOT, _MARGIN = 120, 140, 600
_AXIS = 22


@dataclass(frozen=True, slots=True)
class Lane:
    """What was reached of the full points of a section or a clause."""

    points: Fraction
    full: Fraction

    @property
    def kept(self) -> Fraction:
        """What is drawn of it: points outside of the lane are drawn at its end."""
        return min(max(self.points, Fraction()), self.full)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a chart; `hint` is shown where it is pointed at."""

    label: str
    value: str
    lanes: tuple[Lane, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """One unit's ranks over the years: the row it stands in each year and what is written there.

    `ways` says of each step to the next year whether it is a "rise", a "fall" or the "same"; None
    where there is no step, since it was not ranked in one of the two.
    """

    label: str
    hint: str
    rows: tuple[int | None, ...]
    marks: tuple[str, ...]
    ways: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """So many of each series in one month, from the bottom up."""

    label: str
    hint: str
    counts: tuple[int, ...]


_Bar: TypeAlias = tuple[str, int, int]
"""The class of a bar, where it starts and where it ends."""

_Tick: TypeAlias = tuple[int, str]
"""Where on an axis something is written, and what."""


def lanes(rows: Sequence[Row], *, title: str, description: str) -> Safe:
    """A bar a row, a lane a section: each starts at its own line, what is lost stays visible.

    Of very many rows the first and the last are drawn, with a gap between.
    """
    drawn: list[Row | None] = list(rows)
    if len(rows) > _SHOWN_FIRST + _SHOWN_LAST:
        drawn = [*rows[:_SHOWN_FIRST], None, *rows[-_SHOWN_LAST:]]
    bars = [(row, _lane_bars(row.lanes) if row else ()) for row in drawn]
    return _rows(bars, _lane_ticks(rows), title, description)


def _lane_ticks(rows: Sequence[Row]) -> Sequence[_Tick]:
    """The full points at the end of each lane, where those of all rows are the same."""
    fulls = {tuple(lane.full for lane in row.lanes) for row in rows if row.lanes}
    if len(fulls) != 1:
        return ()
    lost = [Lane(Fraction(), full) for full in fulls.pop()]
    ends = (end for name, _, end in _lane_bars(lost) if name == "k-lost")
    return [(0, "0"), *((end, exact(lane.full)) for end, lane in zip(ends, lost, strict=True))]


def _lane_bars(parts: Sequence[Lane]) -> Iterator[_Bar]:
    """Each lane as two bars, from its start to what was kept, and on to its end."""
    room = _WIDTH - _GAP * (len(parts) - 1)
    full = sum((lane.full for lane in parts), Fraction())
    start, before = 0, Fraction()
    for number, lane in enumerate(parts):
        before += lane.full
        end = _part(room, before, full) + _GAP * number
        kept = start + _part(end - start, lane.kept, lane.full)
        yield "k-kept", start, kept
        yield "k-lost", kept, end
        start = end + _GAP


def waterfall(full: Fraction, rows: Sequence[Row], *, title: str, description: str) -> Safe:
    """From full marks down to the score, a step for each row, the scale starting below the score.

    Differences are drawn to scale; nothing is drawn from zero, so nothing is cut short.
    """
    steps = [sum((lane.full - lane.points for lane in row.lanes), Fraction()) for row in rows]
    start = scale_start(full - sum(steps), full)
    drawn, left, end = list[tuple[Row, tuple[_Bar, ...]]](), full, _WIDTH
    for row, step in zip(rows, steps, strict=True):
        left -= step
        place = _part(_WIDTH, left - start, full - start)
        drawn.append((row, (("k-rail", 0, place), ("k-lost", place, end))))
        end = place
    return _rows(drawn, [(0, exact(start)), (_WIDTH, exact(full))], title, description)


def bars(rows: Sequence[Row], *, title: str, description: str) -> Safe:
    """A bar a row, its only lane; all are on one scale, which begins at nothing."""
    longest, drawn = max(row.lanes[0].full for row in rows), []
    for row in rows:
        kept, end = (_part(_WIDTH, p, longest) for p in (row.lanes[0].kept, row.lanes[0].full))
        drawn.append((row, (("k-kept", 0, kept), ("k-lost", kept, end))))
    return _rows(drawn, [(0, "0"), (_WIDTH, exact(longest))], title, description)


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


def _part(length: int, part: Fraction, whole: Fraction) -> int:
    """As much of a length as a part is of the whole; a rulebook may have wholes of nothing."""
    return round(length * part / whole) if whole else 0


def _rows(
    rows: Sequence[tuple[Row | None, Iterable[_Bar]]],
    ticks: Sequence[_Tick],
    title: str,
    description: str,
) -> Safe:
    """A line for each row with its bars, which begin and end at whole numbers; None is a gap.

    The axis stands below them.
    """
    labels, shapes = list[str](), {"k-rail": "", "k-kept": "", "k-lost": ""}
    for number, (row, bars) in enumerate(rows):
        top = number * _ROW
        y = top + _TEXT
        if row is None:
            labels.append(f'<text x="50%" y="{y + 6}" class="k-gap">⋮</text>')
            continue
        label = (
            f'<text y="{y}">{escape(row.label)}</text>'
            f'<text x="100%" y="{y}" class="k-end">{escape(row.value)}</text>'
        )
        if row.hint:
            area = f'<rect class="k-hit" y="{top}" width="100%" height="{_ROW}"/>'
            label = f"<g><title>{escape(row.hint)}</title>{area}{label}</g>"
        labels.append(label)
        for name, start, end in bars:
            if width := max(end - start, 0):
                shapes[name] += f"M{start} {top + _BAR_TOP}h{width}v{_BAR}h-{width}z"
    height = len(rows) * _ROW
    labels.extend(_axis(height, ticks))
    return _drawing(height + _AXIS, shapes, labels, title, description)


def _axis(y: int, ticks: Sequence[_Tick]) -> Iterator[str]:
    """A line from end to end, with what its ticks say below it; at its ends nothing is cut off."""
    yield f'<line class="k-axis" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
    for place, text in ticks:
        x = _percent(place)
        yield f'<line class="k-axis" x1="{x}" x2="{x}" y1="{y}" y2="{y + 4}"/>'
        yield f'<text class="k-tick{" k-end" if place else ""}" x="{x}" y="{y + 17}">{text}</text>'


def _percent(place: int) -> str:
    return f"{place * 100 / _WIDTH:g}%"


def _drawing(
    height: int, shapes: Mapping[str, str], labels: Iterable[str], title: str, description: str
) -> Safe:
    """Shapes, by their classes, that are stretched with the page, and labels that are not."""
    paths = "".join(f'<path class="{n}" d="{shape}"/>' for n, shape in shapes.items() if shape)
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
    height = _BUMP_TOP + (most + 1) * _BUMP_ROW
    heads = (
        f'<text class="k-mid" x="{x}%" y="{_TEXT}">{escape(name)}</text>'
        f'<line class="k-axis" x1="{x}%" x2="{x}%" y1="{_BUMP_TOP - 6}" y2="{height}"/>'
        for x, name in zip(places, columns, strict=True)
    )
    drawn = (_course(course, places) for course in courses)
    return _named(height, "".join((*heads, *drawn)), title, description)


def _course(course: Course, places: Sequence[int]) -> str:
    """A step to each next year, none where the unit was not ranked, a mark a year, the name."""
    points = [
        (x, _middle(row), mark)
        for x, row, mark in zip(places, course.rows, course.marks, strict=True)
        if row is not None
    ]
    lines = (
        f'<line class="k-{way}" x1="{places[n]}%" y1="{_middle(row)}"'
        f' x2="{places[n + 1]}%" y2="{_middle(after)}"/>'
        for n, ((row, after), way) in enumerate(
            zip(pairwise(course.rows), course.ways, strict=True)
        )
        if way is not None and row is not None and after is not None
    )
    marks = (
        f'<circle cx="{x}%" cy="{y}" r="10"/><text class="k-mid" x="{x}%" y="{y + 4}">{mark}</text>'
        for x, y, mark in points
    )
    x, y, _mark = points[-1]
    name = (
        f'<text class="k-name" x="{x}%" dx="{_BUMP_GAP}" y="{y + 4}">{escape(course.label)}</text>'
    )
    hint = f"<title>{escape(course.hint)}</title>"
    return f'<g class="k-bump">{hint}{"".join((*lines, *marks))}{name}</g>'


def _middle(row: int) -> int:
    return _BUMP_TOP + row * _BUMP_ROW + _BUMP_ROW // 2


# --- counts by month ------------------------------------------------------------------


def months(columns: Sequence[Month], *, title: str, description: str) -> Safe:
    """A column a month, its parts one above the other, the sum on top."""
    most = max(1, *(sum(month.counts) for month in columns))
    shapes = {f"k-s{series}": "" for series in range(len(columns[0].counts))}
    width = (_WIDTH - _MARGIN) // len(columns)
    labels = [
        f'<line class="k-axis" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
        f'<text class="k-tick" y="{y - 3}">{count}</text>'
        for y, count in ((_FOOT - _TALL, most), (_FOOT, 0))
    ]
    for number, month in enumerate(columns):
        start = _MARGIN + number * width
        left, wide, base, total = start + width // 5, width * 3 // 5, 0, 0
        for name, count in zip(shapes, month.counts, strict=True):
            total += count
            bottom, base = base, _TALL * total // most
            if count:
                shapes[name] += f"M{left} {_FOOT - base}h{wide}v{base - bottom}h-{wide}z"
        x, middle, across = map(_percent, (start, start + width // 2, width))
        area = f'<rect class="k-hit" x="{x}" width="{across}" height="{_FOOT + 20}"/>'
        over = f'<text class="k-mid" x="{middle}" y="{_FOOT - base - 4}">{total}</text>'
        under = f'<text class="k-mid" x="{middle}" y="{_FOOT + 15}">{escape(month.label)}</text>'
        hint = f"<title>{escape(month.hint)}</title>"
        labels.append(f"<g>{hint}{area}{over if total else ''}{under}</g>")
    return _drawing(_FOOT + 20, shapes, labels, title, description)


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
        if not cards:
            continue
        first = cards[0][1]
        names = lane_names(w, year, first)
        drawing = lanes(
            [lane_row(f"{s.rank} {w.text(s.township.name)}", card, names) for s, card in cards],
            title=w.term("by_section", year=year.number),
            description=w._(
                "One bar for each {assessed} in the order of rank, one lane per section"
                " ({sections}); the numbers are in the table.",
                assessed=w.assessed,
                sections=tuple(names),
            ),
        )
        reached = zip(names, _lanes(first), strict=True)
        heads = [f"{name} {w.points(lane.full)}" for name, (_, lane) in reached]
        beside = any(card.adjustments for _, card in cards)
        yield LaneChart(w.label(group.group), drawing, heads, beside)


def lane_names(w: Words, year: YearView, card: Scorecard) -> list[str]:
    """What the lanes of a card are called: sections, or periods inside the year."""
    return [w.label(year.part(s.part)) or w.text(s.section.title) for s, _ in _lanes(card)]


def lane_row(label: str, card: Scorecard, names: Sequence[str]) -> Row:
    """A unit's sections as lanes."""
    reached = tuple(lane for _, lane in _lanes(card))
    hints = (
        f"{name} {shown(lane.points)}/{exact(lane.full)}"
        for name, lane in zip(names, reached, strict=False)
    )
    return Row(label, shown(card.score), reached, " · ".join((label, *hints)))


def _lanes(card: Scorecard) -> Iterator[tuple[SectionScore, Lane]]:
    """A lane for each section of the year and each period inside it, with its first section."""
    periods = groupby(card.sections, key=lambda s: s.section.id if s.part is None else (s.part,))
    for _, group in periods:
        sections = list(group)
        points, full = (s.points for s in sections), (s.maximum for s in sections)
        yield sections[0], Lane(sum(points, Fraction()), sum(full, Fraction()))


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
            yield _ranks(w, years, group)


def _way(old: Standing | None, new: Standing | None) -> str | None:
    """From one year to the next; none where there is no rank in one of the two."""
    before, after = (standing.rank if standing else None for standing in (old, new))
    if before is None or after is None:
        return None
    return "same" if before == after else "rise" if after < before else "fall"


def _ranks(w: Words, years: Sequence[YearView], group: RankGroup) -> Ranks:
    # Between two years that there are, one that nobody was assessed in has a column as well.
    numbers = range(years[0].number, years[-1].number + 1)[-LAST_YEARS:]
    by_year = {year.number: year for year in years if year.number in numbers}
    units = _drawn_units(list(by_year.values()), group)
    standings = [
        {s.township.id: s for s in (*year.ranked, *year.unsubmitted) if _together(s, group)}
        if (year := by_year.get(number))
        else {}
        for number in numbers
    ]
    # In each year a row for each of them, from the first to the last.
    orders = [[name for name in by_id if name in units] for by_id in standings]
    names = {unit.id: unit.name for year in years for unit in year.result.inputs.townships}
    courses, rows = [], []
    for name, township in units.items():
        past = [by_id.get(name) for by_id in standings]
        pairs = zip(numbers, past, strict=True)
        lines = [w._("{year}: {rank}", year=number, rank=w.rank(s)) for number, s in pairs if s]
        heirs = () if name in standings[-1] else township.successors
        label = w.listed(w.text(names[heir]) for heir in heirs if heir in names)
        courses.append(
            Course(
                f"{w.text(township.name)} → {label}" if label else w.text(township.name),
                w._("{township}: {told}", township=township.name, told=w._("; ").join(lines)),
                tuple(order.index(name) if name in order else None for order in orders),
                tuple(str(s.rank or "–") if s else "" for s in past),
                tuple(starmap(_way, pairwise(past))),
            )
        )
        rows.append((township, [w.rank(s) if s else "–" for s in past]))
    drawing = bumps(
        list(map(str, numbers)),
        courses,
        title=w._("Ranks from {first} to {last}", first=numbers[0], last=numbers[-1]),
        description=w._(
            "One column per year, one line for each {assessed}, the first rank at the top; the"
            " numbers are in the table.",
            assessed=w.assessed,
        ),
    )
    left_out = max(len(group.standings) - len(units), 0)
    return Ranks(w.label(group.group), drawing, list(numbers), rows, left_out)


def _drawn_units(years: Sequence[YearView], group: RankGroup) -> dict[str, Township]:
    """The first of the newest year; where there is room, also who has no rank any more."""
    standings = group.standings[:FIRST_PLACES]
    if len(group.standings) <= FIRST_PLACES:
        earlier = (s for year in years[::-1] for s in year.ranked if _together(s, group))
        standings = [*standings, *group.unsubmitted, *earlier]
    units: dict[str, Township] = {}
    for standing in standings:  # the newest first, whose name is the one shown
        units.setdefault(standing.township.id, standing.township)
    return units


def _together(standing: Standing, group: RankGroup) -> bool:
    return group.group is None or standing.group == group.group.id


# --- where the points go --------------------------------------------------------------

HEAT_ROWS = 40
"""More ranked units than these are put together, a tenth of the ranking in a row."""

BANDS = 10
SHADES = 5


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One unit, or several next to each other in the ranking, with their losses on average.

    A cell is what is written, and how dark it is, from 0 (nothing) to all of it.
    """

    name: str
    standing: Standing | None
    cells: list[tuple[str, int]]


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
        standings, columns, rows = group.standings, clauses_of(group.book), []
        bands = len(standings) > HEAT_ROWS
        size = ceil(len(standings) / BANDS) if bands else 1
        for start in range(0, len(standings), size):
            units = standings[start : start + size]
            scores = [scores_of(s.scorecard) for s in units if s.scorecard]
            cells = [_cell([of.get((c.id, part)) for of in scores]) for c, part in columns]
            name = w.text(units[0].township.name)
            if bands:
                name = w._("Places {first} to {last}", first=start + 1, last=start + len(units))
            rows.append(HeatRow(name, None if bands else units[0], cells))
        if rows:
            yield Heat(w.label(group.group), columns, rows, bands)


def _cell(scores: Sequence[ClauseScore | None]) -> tuple[str, int]:
    counted = [score for score in scores if score is not None and score.instead is None]
    if not counted:
        return "–", 0
    full = sum((score.clause.points.value for score in counted), Fraction())
    lost = full - sum((score.points for score in counted), Fraction())
    mean = lost / len(counted)
    shade = min(max(ceil(lost * SHADES / full), 0), SHADES) if full else 0
    return exact(mean) if is_shown_exactly(mean) else shown(mean), shade


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
    parts = (None, *(part.id for part in year.book.above.parts))
    for path, kind in year.book.records.items():
        if kind.date is None:
            continue
        field = next((field for field in kind.labels if len(field) == 1), None)
        labels = _labels(w, kind, field)
        counts: Counter[tuple[str, str]] = Counter()
        for submission, part in product(year.result.inputs.submissions.values(), parts):
            # Also those that no rule counts.
            for record in listed(submission, (*within(part), *path)):
                value = str(lookup(record.fields, field)) if field else _OTHER
                month = moment(record, kind.date)[:7]
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


def _events(
    w: Words, kind: RecordKind, by_month: Sequence[str], series: Mapping[str, list[int]]
) -> Events:
    numbers = [int(month.rpartition("-")[2]) for month in by_month]
    names = [f"{number}月" if w.catalogue.lang == "zh" else str(number) for number in numbers]
    counts = list(zip(*series.values(), strict=True))
    columns = []
    for name, column in zip(names, counts, strict=True):
        parts = (f"{label} {count}" for label, count in zip(series, column, strict=True) if count)
        hint = w._("{month}: {told}", month=name, told=w.listed(parts) or w._("none"))
        columns.append(Month(name, hint, column))
    drawing = months(
        columns,
        title=w._("{records} by month", records=kind.name),
        description=w._("One column per month; the numbers are in the table."),
    )
    return Events(kind.name, drawing, list(series), names, [list(row) for row in counts])
