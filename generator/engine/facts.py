"""Looking facts up, counting records, deriving where they stand towards time limits.

Owns the view of one submission that rules look at: excluded records taken out, deadline
states added. Must not deduct anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from generator.engine.book import Deadline, DeadlineState, Exclusions, Rulebook
from generator.engine.kinds import Condition, Figure, Selection
from generator.engine.model import Exclusion, Period, Record, Submission
from generator.engine.problem import Location, Path


@dataclass(frozen=True, slots=True)
class Facts:
    """One submission as rules see it; `records` holds only those that count."""

    submission: Submission
    rulebook: Rulebook
    period: Period
    records: Mapping[Path, tuple[Record, ...]]
    excluded: tuple[Exclusion, ...]

    def value(self, path: Path) -> object:
        """The fact at `path`, None where there is none."""
        return lookup(self.submission.facts, path)

    def select(self, selection: Selection) -> tuple[Record, ...]:
        """The selected records that count, by date, then id."""
        chosen = (r for r in self.records.get(selection.records, ()) if meets(r, selection.where))
        return in_order(chosen, self.rulebook.records[selection.records].date)

    def deadline(self, conditions: Iterable[Condition]) -> Deadline | None:
        """The deadline that the conditions ask about, if they do."""
        asked = {condition.field for condition in conditions}
        return next((d for d in self.rulebook.deadlines if (d.id,) in asked), None)

    def sources(self, address: str) -> tuple[Location, ...]:
        """Where the fact at `address` stands, as `sources` finds it."""
        return sources(self.submission, address)


def facts(submission: Submission, rulebook: Rulebook, period: Period) -> Facts:
    """The view of a submission under a rulebook."""
    excluded: tuple[Exclusion, ...] = ()
    records = {path: listed(submission, path) for path in rulebook.records}
    if rule := rulebook.exclusions:
        reported = records[rule.records]
        left_out = (r for r in reported if r.fields.get(rule.field) is not None)
        order = rulebook.records[rule.records].date
        excluded = tuple(_exclusion(submission, rule, r) for r in in_order(left_out, order))
        records[rule.records] = tuple(r for r in reported if r.fields.get(rule.field) is None)
    for deadline in rulebook.deadlines:
        records[deadline.records] = tuple(
            with_state(record, deadline, period) for record in records[deadline.records]
        )
    return Facts(submission, rulebook, period, records, excluded)


def lookup(values: object, path: Path) -> object:
    """The value at the keys of `path`, None where there is none."""
    for key in path:
        if not isinstance(values, Mapping):
            return None
        values = values.get(key)
    return values


def listed(submission: Submission, path: Path) -> tuple[Record, ...]:
    """The records of the list at `path`, in the order of the file."""
    entries = lookup(submission.facts, path)
    if not isinstance(entries, Sequence):
        return ()
    names = [str(entry.get("id", number)) for number, entry in enumerate(entries, start=1)]
    prefix = ".".join(path)
    return tuple(
        Record(name, f"{prefix}.{name}", entry) for name, entry in zip(names, entries, strict=True)
    )


def meets(record: Record, conditions: Iterable[Condition]) -> bool:
    """Whether the record meets every condition."""
    return all(_meets(lookup(record.fields, c.field), c) for c in conditions)


def _meets(value: object, condition: Condition) -> bool:
    if condition.present is not None:
        return (value is not None) == condition.present
    return value in condition.values


def moment(record: Record, path: Path | None) -> str:
    """The record's date or time as text, which sorts as time does; empty without one."""
    value = lookup(record.fields, path) if path else None
    return value if isinstance(value, str) else ""


def in_order(records: Iterable[Record], path: Path | None) -> tuple[Record, ...]:
    """The records by the date or time at `path`, then id, in whatever order they were written."""
    return tuple(sorted(records, key=lambda record: (moment(record, path), record.id)))


def sources(submission: Submission, address: str) -> tuple[Location, ...]:
    """Where the fact at `address` stands, or the nearest group around it that stands somewhere."""
    found = submission.places.get(address)
    while found is None and address:
        address = address.rpartition(".")[0]
        found = submission.places.get(address)
    return found or ()


def without_record(submission: Submission, path: Path, record: str) -> Submission:
    """The same submission as if one record had never been written down."""
    kept = tuple(r.fields for r in listed(submission, path) if r.id != record)
    return replace(submission, facts=_replaced(submission.facts, path, kept))


def _replaced(values: Mapping[str, object], path: Path, value: object) -> Mapping[str, object]:
    head, *rest = path
    inner = values.get(head)
    below = _replaced(inner, tuple(rest), value) if rest and isinstance(inner, Mapping) else value
    return {**values, head: below}


def _exclusion(submission: Submission, rule: Exclusions, record: Record) -> Exclusion:
    ground = rule.grounds[str(lookup(record.fields, (rule.field, "ground")))]
    return Exclusion(record, ground, sources(submission, f"{record.address}.{rule.field}"))


# --- deadlines ------------------------------------------------------------------------


def due(record: Record, deadline: Deadline) -> date | datetime | None:
    """The last day, or the last minute, of the limit; None where nothing started it."""
    start = moment(record, deadline.start)
    if not start:
        return None
    length = int(limit(record, deadline).value)
    if deadline.unit == "hours":
        return datetime.fromisoformat(start) + timedelta(hours=length)
    return date.fromisoformat(start) + timedelta(days=length)


def limit(record: Record, deadline: Deadline) -> Figure:
    """How many days or hours the record has."""
    return deadline.limits[moment(record, deadline.by)]


def with_state(record: Record, deadline: Deadline, period: Period) -> Record:
    """The record with the deadline's state as one more field; as it was where nothing began."""
    state = deadline_state(record, deadline, period)
    return (
        record if state is None else replace(record, fields={**record.fields, deadline.id: state})
    )


def deadline_state(record: Record, deadline: Deadline, period: Period) -> DeadlineState | None:
    """Where the record stands at the period's end (see `DeadlineState`)."""
    last = due(record, deadline)
    if last is None:
        return None
    if deadline.excused and lookup(record.fields, deadline.excused) is not None:
        return DeadlineState.EXCUSED
    ended = moment(record, deadline.end)
    if deadline.unit == "days":
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


def written(moment: date | datetime) -> str:
    """As reports write it: 2025-05-02, or 2025-05-02T09:00."""
    return (
        moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()
    )
