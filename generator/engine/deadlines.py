"""Where records stand towards time limits, in calendar days, working days or hours.

Owns when a limit ends, its state at the end of a period, and how late something came. Must not
deduct anything.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache

from generator.engine.book import Deadline, DeadlineState
from generator.engine.kinds import DelayUnit
from generator.engine.measures import Figure
from generator.engine.model import Calendar, Period, Record
from generator.engine.records import lookup, moment
from generator.engine.spans import begun

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
