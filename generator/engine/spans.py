"""Weeks, months, quarters and halves of a period, by the names that reports give them.

Owns which of them a period has, which one a date lies in, and how many have begun between two
days. Weeks are ISO 8601's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache

from generator.engine.kinds import DelayUnit
from generator.engine.measures import Span
from generator.engine.model import Period


@cache
def spans(period: Period, every: Span) -> tuple[str, ...]:
    """The weeks lying wholly inside the period, or its calendar months, quarters or halves."""
    return tuple(_SPANS[every](period))


def covering(every: Span, entries: Iterable[str]) -> set[str]:
    """The weeks, months, quarters or halves in which the dates (or shorter spans) lie."""
    return set(map(_SPAN_OF[every], entries))


def begun(every: DelayUnit, after: date, until: date) -> int:
    """How many days, weeks or months have begun after a day, up to another one."""
    days = (until - after).days
    if days <= 0:
        return 0
    if every == "month":
        months = (until.year - after.year) * 12 + until.month - after.month
        return months + (until.day > after.day)
    return days if every == "day" else -(-days // 7)


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


def _halves(period: Period) -> Iterator[str]:
    return iter(dict.fromkeys(_half(month) for month in _months(period)))


@lru_cache(maxsize=4096)
def _week(entry: str) -> str:
    year, week, _ = date.fromisoformat(entry).isocalendar()
    return f"{year}-W{week:02}"


def _month(entry: str) -> str:
    return entry[:7]


def _quarter(entry: str) -> str:
    return entry if "Q" in entry else f"{entry[:4]}-Q{(int(entry[5:7]) + 2) // 3}"


def _half(entry: str) -> str:
    return f"{entry[:4]}-H{(int(_quarter(entry)[6]) + 1) // 2}"


_SPANS: Mapping[Span, Callable[[Period], Iterator[str]]] = {
    "week": _weeks,
    "month": _months,
    "quarter": _quarters,
    "half": _halves,
}
_SPAN_OF: Mapping[Span, Callable[[str], str]] = {
    "week": _week,
    "month": _month,
    "quarter": _quarter,
    "half": _half,
}
