"""Weeks, months and quarters of a period, by the names that reports give them.

Owns which of them a period has, and which one a date lies in. Weeks are ISO 8601's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache

from generator.engine.kinds import Span
from generator.engine.model import Period


@cache
def spans(period: Period, every: Span) -> tuple[str, ...]:
    """The weeks lying wholly inside the period, or its calendar months or quarters."""
    return tuple(_SPANS[every](period))


def covering(every: Span, entries: Iterable[str]) -> set[str]:
    """The weeks, months or quarters in which the dates (or months, or quarters) lie."""
    return set(map(_SPAN_OF[every], entries))


def _weeks(period: Period) -> Iterator[str]:
    day = period.start + timedelta(days=-period.start.weekday() % 7)
    while day + timedelta(days=6) <= period.end:
        yield _week(day.isoformat())
        day += timedelta(days=7)


def _months(period: Period) -> Iterator[str]:
    day = period.start.replace(day=1)
    while day <= period.end:
        yield _month(day.isoformat())
        day = (day + timedelta(days=31)).replace(day=1)


def _quarters(period: Period) -> Iterator[str]:
    return iter(dict.fromkeys(_quarter(month) for month in _months(period)))


@lru_cache(maxsize=4096)
def _week(entry: str) -> str:
    year, week, _ = date.fromisoformat(entry).isocalendar()
    return f"{year}-W{week:02}"


def _month(entry: str) -> str:
    return entry[:7]


def _quarter(entry: str) -> str:
    return entry if "Q" in entry else f"{entry[:4]}-Q{(int(entry[5:7]) + 2) // 3}"


_SPANS: Mapping[Span, Callable[[Period], Iterator[str]]] = {
    "week": _weeks,
    "month": _months,
    "quarter": _quarters,
}
_SPAN_OF: Mapping[Span, Callable[[str], str]] = {
    "week": _week,
    "month": _month,
    "quarter": _quarter,
}
