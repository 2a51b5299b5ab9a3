"""Facts and records of a submission by their paths: looked up, chosen, ordered, located.

Must not know what a rule asks of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from generator.engine.measures import Condition
from generator.engine.model import Record, Submission
from generator.engine.problem import Location, Path


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
        if not _meets(lookup(record.fields, condition.field), condition):
            return False
    return True


def _meets(value: object, condition: Condition) -> bool:
    if condition.present is not None:
        return (value is not None) == condition.present
    if condition.bounds is not None:
        found = number(value)
        return found is not None and condition.bounds.hold(found)
    return value in condition.values


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
    below = _replaced(inner, tuple(rest), value) if isinstance(inner, Mapping) else value
    return {**values, head: below}
