"""How a record is told in a working: by id and date, its values, how it stands to a time limit.

Must not work anything out.
"""

from generator.engine.book import Deadline
from generator.engine.deadlines import due, limit, written
from generator.engine.facts import Facts
from generator.engine.model import Record
from generator.engine.problem import Message, Path
from generator.engine.records import lookup, moment


def value_label(record: Record, records: Path, by: Path, facts: Facts) -> object:
    """The value that an amount goes by, as the form calls it."""
    value = lookup(record.fields, by)
    kind = facts.rulebook.records[records]
    if isinstance(value, bool):
        name = kind.names.get(by, by[-1])
        return Message("{name}: {value}", {"name": name, "value": _YES_NO[value]})
    return kind.labels.get(by, {}).get(str(value), str(value))


_YES_NO = {True: Message("yes"), False: Message("no")}


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
