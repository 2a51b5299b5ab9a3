"""Records by their path, time limits and their states, weeks and months of a period.

Owns when a limit ends, in calendar days, working days or hours, and how late something is; weeks
are ISO 8601's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache

from generator.engine.book import Deadline, DeadlineState
from generator.engine.measures import Condition, DelayUnit, Figure, Span
from generator.engine.problem import Location, Path
from generator.engine.year import Calendar, Period, Record, Submission


def lookup(values: object, path: Path) -> object:
    """The value at the keys of `path`, None where there is none."""
    for key in path:
        # A dict nearly always, and asked about so often that the general question is slow.
        if type(values) is not dict and not isinstance(values, Mapping):
            return None
        values = values.get(key)
    return values


def listed(submission: Submission, path: Path) -> tuple[Record, ...]:
    """The records of the list at `path`, in the order of the file."""
    entries = lookup(submission.facts, path)
    if not isinstance(entries, Sequence):
        return ()
    named = ((str(entry.get("id", number)), entry) for number, entry in enumerate(entries, start=1))
    prefix = ".".join(path)
    return tuple(Record(name, f"{prefix}.{name}", entry) for name, entry in named)


def meets(record: Record, conditions: Iterable[Condition]) -> bool:
    """Whether the record meets every condition."""
    for condition in conditions:
        value = lookup(record.fields, condition.field)
        if condition.present is not None:
            met = (value is not None) == condition.present
        elif condition.bounds is not None:
            reported = number(value)
            met = reported is not None and condition.bounds.hold(reported)
        else:
            met = value in condition.values
        if not met:
            return False
    return True


def number(value: object) -> Fraction | None:
    """A reported number, exactly; None where there is none."""
    return Fraction(value) if isinstance(value, int | Decimal) else None


def moment(record: Record, path: Path | None) -> str:
    """The record's date or time as text, which sorts as time does; empty without one."""
    value = lookup(record.fields, path) if path else None
    return value if isinstance(value, str) else ""


def in_order(records: Iterable[Record], path: Path | None) -> tuple[Record, ...]:
    """The records by the date or time at `path`, then id, in whatever order they were written."""
    return tuple(sorted(records, key=lambda record: (moment(record, path), record.id)))


def sources(submission: Submission, address: str) -> tuple[Location, ...]:
    """Where the fact at `address` stands, or the nearest group around it that stands somewhere."""
    places = submission.places.get(address)
    while places is None and address:
        address = address.rpartition(".")[0]
        places = submission.places.get(address)
    return places or ()


def without_record(submission: Submission, path: Path, record: str) -> Submission:
    """The same submission as if one record had never been written down."""
    kept = tuple(r.fields for r in listed(submission, path) if r.id != record)
    return replace(submission, facts=_replaced(submission.facts, path, kept))


def _replaced(values: Mapping[str, object], path: Path, value: object) -> Mapping[str, object]:
    head, *rest = path
    inner = values.get(head)
    below = _replaced(inner, tuple(rest), value) if isinstance(inner, Mapping) else value
    return {**values, head: below}


@cache
def spans(period: Period, every: Span) -> tuple[str, ...]:
    """The weeks lying wholly inside the period, or its calendar months, quarters or halves."""
    start, end = period.start, period.end
    if every == "week":
        monday = start + timedelta(days=-start.weekday() % 7)
        count = ((end - monday).days + 1) // 7
        return tuple(_week((monday + timedelta(weeks=n)).isoformat()) for n in range(count))
    months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    return tuple(dict.fromkeys(_SPAN_OF[every](f"{m // 12:04}-{m % 12 + 1:02}") for m in months))


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


_SPAN_OF: Mapping[Span, Callable[[str], str]] = {
    "week": _week,
    "month": _month,
    "quarter": _quarter,
    "half": _half,
}


_NONE = Calendar()


def due(record: Record, deadline: Deadline, calendar: Calendar = _NONE) -> date | datetime | None:
    """The last day, or the last minute, of the limit; None where nothing started it."""
    start = moment(record, deadline.start)
    if not start:
        return None
    length = int(limit(record, deadline).value)
    if deadline.unit == "hours":
        return datetime.fromisoformat(start) + timedelta(hours=length)
    if deadline.unit == "working_days":
        return _working_day(start, length, calendar)
    return date.fromisoformat(start) + timedelta(days=length)


@lru_cache(maxsize=4096)
def _working_day(start: str, length: int, calendar: Calendar) -> date:
    """The working day that ends so many of them, counted from the day after `start`."""
    day = date.fromisoformat(start)
    while length > 0:
        day += timedelta(days=1)
        length -= calendar.works(day)
    return day


def limit(record: Record, deadline: Deadline) -> Figure:
    """How many days or hours the record has."""
    return deadline.limits[moment(record, deadline.by)]


def with_state(
    record: Record, deadline: Deadline, period: Period, calendar: Calendar = _NONE
) -> Record:
    """The record with the deadline's state as one more field; as it was where nothing began."""
    state = deadline_state(record, deadline, period, calendar)
    if state is None:
        return record
    return Record(record.id, record.address, {**record.fields, deadline.id: state})


def deadline_state(
    record: Record, deadline: Deadline, period: Period, calendar: Calendar = _NONE
) -> DeadlineState | None:
    """Where the record stands at the period's end (see `DeadlineState`)."""
    last = due(record, deadline, calendar)
    if last is None:
        return None
    if deadline.excused and lookup(record.fields, deadline.excused) is not None:
        return DeadlineState.EXCUSED
    ended = moment(record, deadline.end)
    if deadline.unit != "hours":
        if ended > period.end.isoformat():
            ended = ""  # at the period's end it is still open
        judged_on = min(ended, written(last)) if ended else written(last)
        if judged_on > period.end.isoformat():
            return DeadlineState.PENDING
        if judged_on < period.start.isoformat():
            return DeadlineState.SETTLED_EARLIER if ended else DeadlineState.OVERDUE_EARLIER
    if not ended:
        return DeadlineState.OVERDUE
    return DeadlineState.ON_TIME if ended <= written(last) else DeadlineState.LATE


def delay(
    record: Record, deadline: Deadline, every: DelayUnit, period: Period, calendar: Calendar = _NONE
) -> int:
    """How many days, weeks or months have begun between its limit's last day and its end.

    One that has not ended is late until the end of the period.
    """
    last = due(record, deadline, calendar)
    if last is None:
        return 0
    closing = period.end.isoformat()
    ended = min(moment(record, deadline.end)[:10] or closing, closing)
    return begun(every, date.fromisoformat(written(last)[:10]), date.fromisoformat(ended))


def written(moment: date | datetime) -> str:
    """As reports write it: 2025-05-02, or 2025-05-02T09:00."""
    return (
        moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()
    )
