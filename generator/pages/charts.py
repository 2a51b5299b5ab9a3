"""Inline SVG: where points were kept and where they went. Owns geometry, no words.

Text keeps its size while bars stretch with the page: bars lie in an inner drawing that is
stretched, labels are placed by per cent, so no font is ever measured. Colours are
classes of the style sheet, which knows light, dark and print. Equal input gives equal bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor

from generator.words.escape import Safe, escape

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
