"""Inline SVG: where points were kept and where they went. Owns geometry, no words.

Text keeps its size while bars stretch with the page: bars lie in an inner drawing 100 wide
that is stretched, labels are placed by per cent, so no font is ever measured. Colours are
classes of the style sheet, which knows light, dark and print. Equal input gives equal bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from generator.escape import Safe, escape

_ROW = 34
_TEXT = 13
_BAR_TOP = 19
_BAR = 9
_GAP = Fraction(1, 2)
_SHOWN_FIRST, _SHOWN_LAST = 20, 10


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


@dataclass(frozen=True, slots=True)
class Step:
    """One loss on the way down."""

    label: str
    value: str
    points: Fraction


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
        labels.append(_label(row.label, row.value, top))
        for x, kept_width, lost_width in _lanes(row.lanes):
            kept.append(_bar(x, top + _BAR_TOP, kept_width))
            lost.append(_bar(x + kept_width, top + _BAR_TOP, lost_width))
    paths = _path("k-kept", kept) + _path("k-lost", lost)
    return _drawing(len(drawn) * _ROW, paths, labels, title, description)


def waterfall(full: Fraction, steps: Sequence[Step], *, title: str, description: str) -> Safe:
    """From full marks down to the score, a step for each loss, the scale starting below the score.

    Differences are drawn to scale; nothing is drawn from zero, so nothing is cut short.
    """
    score = full - sum((step.points for step in steps), Fraction())
    start = scale_start(score, full)
    width = Fraction(100) / (full - start)
    bars, rails, labels, left = [], [], [], full
    for number, step in enumerate(steps):
        top = number * _ROW
        left -= step.points
        labels.append(_label(step.label, step.value, top))
        rails.append(_bar(Fraction(), top + _BAR_TOP, (left - start) * width))
        bars.append(_bar((left - start) * width, top + _BAR_TOP, step.points * width))
    paths = _path("k-rail", rails) + _path("k-lost", bars)
    return _drawing(len(steps) * _ROW, paths, labels, title, description)


def scale_start(score: Fraction, full: Fraction) -> Fraction:
    """Where the scale begins: a round number below the score, that leaves a tenth of it to see."""
    step = full / 10
    return max(Fraction(), (floor(score / step) - 1) * step)


def _lanes(parts: Iterable[Lane]) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
    """Start, width kept and width lost of each lane, in hundredths of the drawing."""
    parts = tuple(parts)
    room = Fraction(100) - _GAP * (len(parts) - 1)
    full = sum((part.full for part in parts), Fraction())
    x = Fraction()
    for part in parts:
        width = room * part.full / full
        kept = width * part.points / part.full if part.full else Fraction()
        yield x, kept, width - kept
        x += width + _GAP


def _bar(x: Fraction, y: int, width: Fraction) -> str:
    return f"M{_short(x)} {y}h{_short(width)}v{_BAR}h-{_short(width)}z" if width else ""


def _short(length: Fraction) -> str:
    """At most two decimals, whole numbers without any; exact until here, so the same everywhere."""
    hundredths = int(length * 100 + Fraction(1, 2))
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")


def _path(name: str, bars: Iterable[str]) -> str:
    shape = "".join(bars)
    return f'<path class="{name}" d="{shape}"/>' if shape else ""


def _label(label: str, value: str, top: int) -> str:
    y = top + _TEXT
    return (
        f'<text y="{y}">{escape(label)}</text>'
        f'<text x="100%" y="{y}" class="k-end">{escape(value)}</text>'
    )


def _drawing(height: int, paths: str, labels: Iterable[str], title: str, description: str) -> Safe:
    return Safe(
        f'<svg class="k-chart" width="100%" height="{height}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f'<svg viewBox="0 0 100 {height}" width="100%" height="{height}"'
        f' preserveAspectRatio="none">{paths}</svg>{"".join(labels)}</svg>'
    )
