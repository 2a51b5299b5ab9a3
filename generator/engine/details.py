"""How a record is told in a working: by id and date, its values, how it stands to a time limit;
and how a week is.

Must not work anything out.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from generator.engine.book import Deadline
from generator.engine.facts import Facts
from generator.engine.measures import Span
from generator.engine.problem import Message, Path, Text
from generator.engine.records import due, limit, lookup, moment, written
from generator.engine.year import Record


def value_label(record: Record, records: Path, by: Path, facts: Facts) -> object:
    """The value that an amount goes by, as the form calls it."""
    value = lookup(record.fields, by)
    kind = facts.rulebook.records[records]
    if isinstance(value, bool):
        name = kind.names.get(by, by[-1])
        return Message("{name}: {value}", {"name": name, "value": _YES_NO[value]})
    return kind.labels.get(by, {}).get(str(value), str(value))


_YES_NO = {True: Message("yes"), False: Message("no")}


def spans_told(every: Span, names: Sequence[str]) -> tuple[object, ...]:
    """Spans by the names that reports give them; weeks, which nobody knows by number, by Monday."""
    return tuple(map(_monday, names)) if every == "week" else tuple(names)


@lru_cache(maxsize=4096)
def _monday(week: str) -> Text:
    """2025-W21 is the week of 19 May."""
    day = date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
    return Text(f"{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]}")


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def detail(record: Record, records: Path, facts: Facts, deadline: Deadline | None) -> Message:
    """The record by id, with its date, or with how it stands to the limit that is asked about."""
    last = due(record, deadline, facts.calendar) if deadline else None
    if deadline is None or last is None:
        day = moment(record, facts.rulebook.records[records].date)
        if not day:
            return Message("{record}", {"record": record.id})
        return Message("{record} ({date})", {"record": record.id, "date": day})
    args = {
        "record": record.id,
        "start": moment(record, deadline.start).replace("T", " "),
        "limit": limit(record, deadline).value,
        "due": written(last).replace("T", " "),
        "end": moment(record, deadline.end).replace("T", " "),
    }
    return _LIMITS[deadline.unit, bool(args["end"])].about(args)


_LIMITS = {
    ("days", True): Message("{record} (from {start}, {limit} days until {due}, ended {end})"),
    ("days", False): Message("{record} (from {start}, {limit} days until {due}, not ended)"),
    ("working_days", True): Message(
        "{record} (from {start}, {limit} working days until {due}, ended {end})"
    ),
    ("working_days", False): Message(
        "{record} (from {start}, {limit} working days until {due}, not ended)"
    ),
    ("hours", True): Message("{record} (from {start}, {limit} hours until {due}, ended {end})"),
    ("hours", False): Message("{record} (from {start}, {limit} hours until {due}, not ended)"),
}
