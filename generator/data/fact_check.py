"""What a schema cannot say about facts: days of the calendar, their order, ids, exclusions.

Owns these checks for any regulation: what is asked comes from the form and the rulebook.
Facts of a period inside the year are held to that period. Runs on a report and again on the
changed facts. Must not score.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from generator.engine.above import Part
from generator.engine.book import Exclusions, Ground, Rulebook
from generator.engine.facts import PARTS
from generator.engine.measures import Bounds, Condition
from generator.engine.model import Period, Record
from generator.engine.problem import Message, Path, Problem, Text
from generator.engine.records import lookup, meets
from generator.reading.source import Placed
from generator.shape.form import FieldType, Form, Found


def fact_problems(facts: Placed, form: Form, rulebook: Rulebook, period: Period) -> list[Problem]:
    """Everything that is wrong with well-shaped facts."""
    return [
        *_calendar(facts, form, rulebook.above.parts, period),
        *_compared(facts, form),
        *_ids(facts, form),
        *_exclusions(facts, form, rulebook),
    ]


@lru_cache(maxsize=4096)
def is_date(text: str) -> bool:
    """Whether a text of the right shape (a time may follow) is a day of the calendar."""
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


_FARTHEST = 100
"""Years between a date and the year assessed; beyond them lies a slip of the pen."""

# --- dates ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Time:
    """A time in which facts must lie: the year, or a period inside it with its name.

    `bounds` are the first and the last text of each calendar form; they sort as time does.
    """

    start: str
    end: str
    name: Text | None
    bounds: Mapping[FieldType | None, tuple[str, str]]


def _calendar(
    facts: Placed, form: Form, parts: Iterable[Part], period: Period
) -> Iterator[Problem]:
    whole = _time(period)
    times = {part.id: _time(within_year(part, period.end.year), part.label) for part in parts}
    for found in form.dates(facts.value):
        kind, text = found.field.dated, found.value
        if kind in (FieldType.DATE, FieldType.DATE_MINUTE) and not is_date(text):
            message = Message("{date} is no day of the calendar.", {"date": text})
            yield Problem(facts.location(found.keys), "bad-date", message)
            continue
        inner = found.keys[0] == PARTS and times.get(str(found.keys[1]))
        time = inner or whole
        first, last = time.bounds[kind]
        if not first <= text[: len(last)] <= last:
            yield from _outside(facts, found, time, early=text < first)


def within_year(part: Part, year: int) -> Period:
    """A period inside the year as it lies in one year; 29 February is the last day of any."""
    return Period(*(_day(year, text) for text in (part.start, part.end)))


def _day(year: int, month_and_day: str) -> date:
    text = f"{year}-{month_and_day}"
    return date.fromisoformat(text if is_date(text) else f"{year}-02-28")


def _time(period: Period, name: Text | None = None) -> _Time:
    start, end = period.start.isoformat(), period.end.isoformat()
    bounds: Mapping[FieldType | None, tuple[str, str]] = {
        FieldType.DATE: (start, end),
        FieldType.DATE_MINUTE: (start, end),
        FieldType.MONTH: (start[:7], end[:7]),
        FieldType.QUARTER: (_quarter(period.start), _quarter(period.end)),
    }
    return _Time(start, end, name, bounds)


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _outside(facts: Placed, found: Found, time: _Time, *, early: bool) -> Iterator[Problem]:
    """The problem of a date outside the time, unless it may lie on that side of it."""
    args: dict[str, object] = {
        "date": found.value,
        "start": time.start,
        "end": time.end,
        "label": found.field.label,
    }
    allowed = found.field.period or "within"
    if abs(int(found.value[:4]) - int(time.end[:4])) > _FARTHEST:
        message = Message("{label}: {date} is far away; put the year right.", args)
    elif allowed == ("until" if early else "from"):
        return
    elif time.name is not None:
        message = replace(_OUTSIDE_PART[allowed], args={**args, "period": time.name})
    else:
        message = replace(_OUTSIDE[allowed], args=args)
    yield Problem(facts.location(found.keys), "date-outside-period", message)


_OUTSIDE = {
    "within": Message(
        "{label}: {date} is outside the year assessed; a date from {start} to {end} is expected."
    ),
    "until": Message("{label}: {date} is after the year assessed; a date up to {end} is expected."),
    "from": Message(
        "{label}: {date} is before the year assessed; a date from {start} on is expected."
    ),
}
_OUTSIDE_PART = {
    "within": Message(
        "{label}: {date} is outside {period}; a date from {start} to {end} is expected."
    ),
    "until": Message("{label}: {date} is after {period}; a date up to {end} is expected."),
    "from": Message("{label}: {date} is before {period}; a date from {start} on is expected."),
}


# --- facts that bound each other ------------------------------------------------------


def _compared(facts: Placed, form: Form) -> Iterator[Problem]:
    for found in form.compared(facts.value):
        field = found.field
        early = found.beside.get(field.not_before) if field.not_before else None
        if field.not_before and early is not None and found.value < early:
            message = Message(
                "{label} {value} lies before {other_label} {other}; put the two dates in order.",
                _pair(found, form, field.not_before, early),
            )
            yield Problem(facts.location(found.keys), "date-order", message)
        most = found.beside.get(field.at_most) if field.at_most else None
        if field.at_most and most is not None and found.value > most:
            message = Message(
                "{label} {value} is more than {other_label} {other}; it is a part of it.",
                _pair(found, form, field.at_most, most),
            )
            yield Problem(facts.location(found.keys), "over-limit", message)


def _pair(found: Found, form: Form, name: str, other: object) -> Mapping[str, object]:
    beside = form.at((*found.field.path[:-1], name))
    return {
        "label": found.field.label,
        "value": found.value,
        "other_label": beside.label if beside else name,
        "other": other,
    }


def _ids(facts: Placed, form: Form) -> Iterator[Problem]:
    for found in form.record_lists(facts.value):
        seen: set[str] = set()
        for number, entry in enumerate(found.value):
            name = entry.get("id")
            if name in seen:
                message = Message("«{id}» stands twice; give each its own id.", {"id": name})
                place = facts.location((*found.keys, number, "id"))
                yield Problem(place, "duplicate-id", message)
            elif name is not None:
                seen.add(name)


# --- exclusions -----------------------------------------------------------------------


def _exclusions(facts: Placed, form: Form, rulebook: Rulebook) -> Iterator[Problem]:
    rule = rulebook.exclusions
    if rule is not None:
        for around in ((), *((PARTS, part.id) for part in rulebook.above.parts)):
            yield from _excluded(facts, form, rule, around)


def _excluded(facts: Placed, form: Form, rule: Exclusions, around: Path) -> Iterator[Problem]:
    """The records left out of the year's own list, or of that of a period inside it."""
    records = lookup(facts.value, (*around, *rule.records))
    for number, fields in enumerate(records if isinstance(records, list) else ()):
        if rule.field in fields:
            ground = rule.grounds[fields[rule.field]["ground"]]
            keys: tuple[str | int, ...] = (*around, *rule.records, number, rule.field)
            labels = _Labels(form, (*around, *rule.records))
            for message in _refusals(_Seen(facts.value, around), fields, rule, ground, labels):
                yield Problem(
                    facts.location(keys, key=True),
                    "exemption-refused",
                    Message(
                        "«{ground}» (clause {clause}) does not apply: {reason}",
                        {"ground": ground.label, "clause": ground.clause, "reason": message},
                    ),
                )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A report as seen from one of its records: first what stands in the same period."""

    facts: Any
    around: Path

    def entries(self, path: Path) -> list[Mapping[str, Any]]:
        inner = lookup(self.facts, (*self.around, *path))
        return inner if isinstance(inner, list) else _entries(self.facts, path)


def _refusals(
    seen: _Seen, fields: Mapping[str, Any], rule: Exclusions, ground: Ground, labels: "_Labels"
) -> Iterator[Message]:
    """Why the ground does not hold for this record."""
    yield from _wrong_keys(fields[rule.field], rule.field, ground, labels)
    for condition in ground.where:
        if not meets(Record("", "", fields), (condition,)):
            yield labels.expectation(condition, lookup(fields, condition.field))
    for late, early in ground.not_before:
        after, before = lookup(fields, late), lookup(fields, early)
        if isinstance(after, str) and isinstance(before, str) and after < before:
            args = {"late": labels.of(late), "after": after, "before": before}
            yield Message("{late} {after} lies before {before}", args)
    yield from _wrong_lists(seen, fields, ground, labels)


def _wrong_keys(
    given: Mapping[str, Any], field: str, ground: Ground, labels: "_Labels"
) -> Iterator[Message]:
    """Keys that the ground needs, and keys that do not belong to it."""
    for name in ground.requires:
        if name not in given:
            yield Message("it needs «{name}»", {"name": labels.of((field, name))})
    for name in given:
        if name not in (*ground.requires, "ground"):
            yield Message("«{name}» does not belong to it", {"name": labels.of((field, name))})


def _wrong_lists(
    seen: _Seen, fields: Mapping[str, Any], ground: Ground, labels: "_Labels"
) -> Iterator[Message]:
    """Names of records that are not there, and values that a list lacks."""
    for path, records in ground.refers.items():
        named, known = lookup(fields, path), [entry["id"] for entry in seen.entries(records)]
        if named is not None and named not in known:
            args = {"name": named, "list": ".".join(records), "known": tuple(known) or ("-",)}
            yield Message("{name} is not in «{list}», which has: {known}", args)
    for path, wanted in ground.covers.items():
        shown = [entry.get(path[-1]) for entry in _entries(fields, path[:-1])]
        missing = tuple(labels.value(path, value) for value in wanted if value not in shown)
        if missing:
            args = {"name": labels.of(path), "missing": missing}
            yield Message("«{name}» lacks: {missing}", args)


def _entries(values: Any, path: Path) -> list[Mapping[str, Any]]:
    entries = lookup(values, path)
    return entries if isinstance(entries, list) else []


class _Labels:
    """What the form calls the fields of one list of records, and their values."""

    def __init__(self, form: Form, records: Path) -> None:
        self.form, self.records = form, records

    def of(self, path: Path) -> object:
        field = self.form.at((*self.records, *path))
        return field.label if field else ".".join(path)

    def value(self, path: Path, value: object) -> object:
        field = self.form.at((*self.records, *path))
        if isinstance(value, bool):
            return "true" if value else "false"
        return field.values.get(str(value), str(value)) if field else str(value)

    def expectation(self, condition: Condition, found: object) -> Message:
        """What the record must say, and what it says."""
        name = self.of(condition.field)
        if condition.present is not None:
            there = Message("«{name}» must be given", {"name": name})
            return there if condition.present else Message("«{name}» must be left out", there.args)
        values = tuple(self.value(condition.field, v) for v in condition.values)
        wanted: tuple[object, ...] = tuple(_limits(condition.bounds)) or values
        shown = self.value(condition.field, found)
        args = {"name": name, "wanted": wanted, "found": shown}
        return Message("«{name}» must be {wanted}, found {found}", args)


def _limits(bounds: Bounds | None) -> Iterator[Message]:
    """Each bound in words."""
    if bounds is not None:
        for figure, words in (
            (bounds.at_least, Message("at least {limit}")),
            (bounds.above, Message("more than {limit}")),
            (bounds.at_most, Message("at most {limit}")),
            (bounds.below, Message("less than {limit}")),
        ):
            if figure is not None:
                yield replace(words, args={"limit": figure.value})
