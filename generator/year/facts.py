"""What a schema cannot say about facts, and replacing them: the one way for all who may.

Days of the calendar, their order, ids, exclusions, for any regulation. Values, whole lists of
values and whole records are replaced, never merged deeper; both values and both places are kept.
Checks run on a report and again on the changed facts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import zip_longest
from operator import gt, lt
from typing import Any

from generator.engine.book import Ground, Part, Rulebook
from generator.engine.facts import PARTS
from generator.engine.measures import Bounds, Condition
from generator.engine.problem import Location, Message, Path, Severity, Text
from generator.engine.records import lookup, meets
from generator.engine.year import Change, Correction, Period, Record
from generator.reading.source import (
    Document,
    Fault,
    Keys,
    Placed,
    address,
    keys_of,
    names,
    replaced,
    value_at,
)
from generator.shape.form import FieldType, Form, Found
from generator.year.office import doubled, inside, is_date, no_day

Facts = Mapping[str, Any]
"""What a report says, reported or judged."""


def fact_faults(facts: Facts, form: Form, rulebook: Rulebook, period: Period) -> Iterator[Fault]:
    """Everything that is wrong with well-shaped facts."""
    yield from _calendar(facts, form, rulebook.above.parts, period)
    yield from _compared(facts, form)
    for found in form.record_lists(facts):
        yield from doubled(found.value, found.keys)
    yield from _exclusions(facts, form, rulebook)


# --- dates ----------------------------------------------------------------------------

_FARTHEST = 100
"""Years between a date and the year assessed; beyond them lies a slip of the pen."""


@dataclass(frozen=True, slots=True)
class _Time:
    """A time in which facts must lie: the year, or a period inside it with its name.

    `bounds` are the first and the last text of each calendar form; they sort as time does.
    """

    start: str
    end: str
    name: Text | None
    bounds: Mapping[FieldType | None, tuple[str, str]]


def _calendar(facts: Facts, form: Form, parts: Iterable[Part], period: Period) -> Iterator[Fault]:
    whole = _time(period)
    times = {part.id: _time(within_year(part, period.end.year), part.label) for part in parts}
    for found in form.dates(facts):
        kind, text = found.field.dated, found.value
        if kind in (FieldType.DATE, FieldType.DATE_MINUTE) and not is_date(text):
            yield from no_day(found.keys, text)
            continue
        time = (found.keys[0] == PARTS and times.get(str(found.keys[1]))) or whole
        first, last = time.bounds[kind]
        if not first <= text[: len(last)] <= last:
            yield from _outside(found, time, early=text < first)


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


def _outside(found: Found, time: _Time, *, early: bool) -> Iterator[Fault]:
    """The fault of a date outside the time, unless it may lie on that side of it."""
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
    yield Fault(found.keys, "date-outside-period", message)


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


def _compared(facts: Facts, form: Form) -> Iterator[Fault]:
    for found in form.compared(facts):
        field = found.field
        for name, wrong, code, message in (
            (field.not_before, lt, "date-order", _EARLIER),
            (field.at_most, gt, "over-limit", _MORE),
        ):
            other = found.beside.get(name) if name else None
            if name and other is not None and wrong(found.value, other):
                beside = form.at((*field.path[:-1], name))
                args = {"label": field.label, "value": found.value, "other": other}
                args["other_label"] = beside.label if beside else name
                yield Fault(found.keys, code, message.about(args))


_EARLIER = Message("{label} {value} lies before {other_label} {other}; put the two dates in order.")
_MORE = Message("{label} {value} is more than {other_label} {other}; it is a part of it.")


# --- exclusions -----------------------------------------------------------------------


def _exclusions(facts: Facts, form: Form, rulebook: Rulebook) -> Iterator[Fault]:
    """The records left out of the year's own list, or of those of periods inside it."""
    rule = rulebook.exclusions
    if rule is None:
        return
    for around in ((), *((PARTS, part.id) for part in rulebook.above.parts)):
        path = (*around, *rule.records)
        for number, record in enumerate(_entries(facts, path)):
            if rule.field not in record:
                continue
            ground = rule.grounds[record[rule.field]["ground"]]
            claim = _Claim(facts, form, around, path, record, rule.field, ground)
            for reason in claim.refusals():
                message = Message(
                    "«{ground}» (clause {clause}) does not apply: {reason}",
                    {"ground": ground.label, "clause": ground.clause, "reason": reason},
                )
                keys: Keys = (*path, number, rule.field)
                yield Fault(keys, "exemption-refused", message, at_key=True)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A record that claims a ground for being left out, in the facts of a report.

    `around` is the period inside the year that it belongs to, `path` its list.
    """

    facts: Facts
    form: Form
    around: Path
    path: Path
    record: Mapping[str, Any]
    field: str
    ground: Ground

    def refusals(self) -> Iterator[Message]:
        """Why the ground does not hold for this record."""
        yield from self._wrong_keys()
        for condition in self.ground.where:
            if not meets(Record("", "", self.record), (condition,)):
                yield self._expectation(condition)
        for late, early in self.ground.not_before:
            after, before = lookup(self.record, late), lookup(self.record, early)
            if isinstance(after, str) and isinstance(before, str) and after < before:
                args = {"late": self._label(late), "after": after, "before": before}
                yield Message("{late} {after} lies before {before}", args)
        yield from self._wrong_lists()

    def _wrong_keys(self) -> Iterator[Message]:
        """Keys that the ground needs, and keys that do not belong to it."""
        given, needed = self.record[self.field], self.ground.requires
        for name in needed:
            if name not in given:
                yield Message("it needs «{name}»", {"name": self._label((self.field, name))})
        for name in given:
            if name not in (*needed, "ground"):
                label = self._label((self.field, name))
                yield Message("«{name}» does not belong to it", {"name": label})

    def _wrong_lists(self) -> Iterator[Message]:
        """Names of records that are not there, and values that a list lacks."""
        for path, records in self.ground.refers.items():
            # First what stands in the same period.
            there = lookup(self.facts, (*self.around, *records))
            there = there if isinstance(there, list) else _entries(self.facts, records)
            named, known = lookup(self.record, path), [entry["id"] for entry in there]
            if named is not None and named not in known:
                args = {"name": named, "list": ".".join(records), "known": tuple(known) or ("-",)}
                yield Message("{name} is not in «{list}», which has: {known}", args)
        for path, wanted in self.ground.covers.items():
            shown = [entry.get(path[-1]) for entry in _entries(self.record, path[:-1])]
            missing = tuple(self._words(path, value) for value in wanted if value not in shown)
            if missing:
                args = {"name": self._label(path), "missing": missing}
                yield Message("«{name}» lacks: {missing}", args)

    def _expectation(self, condition: Condition) -> Message:
        """What the record must say, and what it says."""
        path = condition.field
        name = {"name": self._label(path)}
        if condition.present is not None:
            if condition.present:
                return Message("«{name}» must be given", name)
            return Message("«{name}» must be left out", name)
        values = tuple(self._words(path, value) for value in condition.values)
        wanted: tuple[object, ...] = tuple(_limits(condition.bounds)) or values
        found = self._words(path, lookup(self.record, path))
        message = Message("«{name}» must be {wanted}, found {found}")
        return message.about({**name, "wanted": wanted, "found": found})

    def _label(self, path: Path) -> object:
        """What the form calls a field of such a record."""
        field = self.form.at((*self.path, *path))
        return field.label if field else ".".join(path)

    def _words(self, path: Path, value: object) -> object:
        """What the form calls a value of a field."""
        field = self.form.at((*self.path, *path))
        if isinstance(value, bool):
            return "true" if value else "false"
        return field.values.get(str(value), str(value)) if field else str(value)


def _entries(values: Any, path: Path) -> list[Mapping[str, Any]]:
    entries = lookup(values, path)
    return entries if isinstance(entries, list) else []


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
                yield words.about({"limit": figure.value})


# --- facts after changes --------------------------------------------------------------


class ChangedFacts:
    """Facts after changes, by fact: what was not replaced stands where it was reported.

    `made` holds, for each fact replaced, the file that did so and the keys of the change in it.
    """

    def __init__(
        self, value: Facts, report: Placed, made: Mapping[str, tuple[Placed, Keys]]
    ) -> None:
        self.value, self.report, self.made = value, report, made

    @property
    def path(self) -> str:
        return self.report.path

    def address(self, keys: Sequence[str | int]) -> str:
        """As a document's."""
        return address(self.value, keys)

    def location(self, keys: Sequence[str | int], *, key: bool = False) -> Location:
        """In the changing file for what was replaced, else where it was reported."""
        parts = names(self.value, keys)
        here = ".".join(parts)
        for end in range(len(parts), 0, -1):
            made = self.made.get(".".join(parts[:end]))
            if made is not None:
                by, change = made
                return replace(by.location((*change, "value", *keys[end:]), key=key), address=here)
        # The report may count its records otherwise.
        before = self._reported.get(here) or keys_of(self.report.value, here) or keys
        return replace(self.report.location(before, key=key), address=here)

    @cached_property
    def _reported(self) -> dict[str, Keys]:
        return dict(_index(self.report.value))


@dataclass(frozen=True, slots=True)
class Blamed:
    """Changed facts in which everything stands where the file that changed them last says it."""

    changed: ChangedFacts
    by: Document

    @property
    def path(self) -> str:
        return self.by.path

    @property
    def value(self) -> Facts:
        return self.changed.value

    def address(self, keys: Sequence[str | int]) -> str:
        """As a document's."""
        return self.changed.address(keys)

    def location(self, keys: Sequence[str | int], *, key: bool = False) -> Location:
        """In that file, at the change which comes nearest where it changed something else."""
        place = self.changed.location(keys, key=key)
        if place.path == self.by.path:
            return place
        parts = place.address.split(".")
        alike = [
            next((n for n, (a, b) in enumerate(zip_longest(parts, fact)) if a != b), len(parts))
            for fact in (change["fact"].split(".") for change in self.by.value["changes"])
        ]
        nearest = self.by.location(("changes", alike.index(max(alike)), "fact"))
        return replace(nearest, address=place.address)


def apply(
    report: Placed, by: Placed, changes: Sequence[Mapping[str, Any]], form: Form
) -> tuple[Placed, list[Fault]]:
    """The facts with the changes that one file lists applied; the wrong ones are left out."""
    faults, value = list(_duplicates(changes)), report.value
    twice = {fault.keys[:2] for fault in faults}
    made = dict(report.made) if isinstance(report, ChangedFacts) else {}
    for number, change in enumerate(changes):
        keys: Keys = ("changes", number)
        if keys in twice:
            continue
        fault = next(_refusals(value, change, form), None)
        if fault is not None:
            faults += inside(keys, (fault,))
            if fault.severity is Severity.ERROR:
                continue
        fact = change["fact"]
        value = replaced(value, fact.split("."), change["value"])
        # A later file's word about a whole record replaces earlier words about its parts.
        made = {other: at for other, at in made.items() if not other.startswith(f"{fact}.")}
        made[fact] = (by, keys)
    reported = report.report if isinstance(report, ChangedFacts) else report
    return ChangedFacts(value, reported, made) if made else report, faults


def recorded(
    report: Placed, by: Document, correction: Correction | None = None
) -> tuple[Change, ...]:
    """Each change of a file with the value reported and the value judged.

    Where it is silent, the correction that makes it speaks for it.
    """
    return tuple(
        Change(
            fact=change["fact"],
            reported=value_at(report.value, change["fact"]),
            value=change["value"],
            occasion=change.get("occasion"),
            date=change.get("date", correction.decided_on if correction else ""),
            reason=change.get("reason", correction.reason if correction else ""),
            document=change.get("document", correction.document if correction else ""),
            location=by.location(("changes", number)),
            correction=correction.id if correction else None,
        )
        for number, change in enumerate(by.value.get("changes", []))
    )


def _duplicates(changes: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Changes of a fact replaced before, as a whole or in part."""
    whole, around = set[str](), dict[str, str]()
    for number, change in enumerate(changes):
        fact = change["fact"]
        parts = fact.split(".")
        groups = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
        others = (around.get(fact), *(group for group in groups if group in whole))
        other = next((other for other in others if other is not None), None)
        if other is not None:
            message = Message(
                "«{fact}» is changed twice, also as «{other}»; keep one of the two changes.",
                {"fact": fact, "other": other},
            )
            yield Fault(("changes", number, "fact"), "duplicate-change", message)
        whole.add(fact)
        around |= dict.fromkeys(groups, fact)


def _refusals(value: Facts, change: Mapping[str, Any], form: Form) -> Iterator[Fault]:
    """Why this change cannot be made, the first reason first, or that it has no effect."""
    fact, new = change["fact"], change["value"]
    if (message := _no_fact(value, fact, form)) is not None:
        yield Fault(("fact",), "unknown-fact", message)
    (around, _, name), field = fact.rpartition("."), form.at(form.path_of(fact))
    records = field is not None and field.type is FieldType.RECORDS
    if new is None and field is not None and not records and field.required:
        message = Message(
            "«{fact}» must be in every report and cannot be struck out; "
            "give the value it should have.",
            {"fact": fact},
        )
        yield Fault(("fact",), "not-removable", message)
    if new is not None and records and around and form.path_of(around) == form.path_of(fact):
        # A whole record is a group of keys, and its id is the one in the address.
        if not isinstance(new, Mapping):
            message = Message(
                "«{fact}» is a whole record: its keys and values are expected, "
                "or null to strike it.",
                {"fact": fact},
            )
            yield Fault(("value",), "wrong-type", message)
        elif new.get("id", name) != name:
            message = Message(
                "The record changed is «{id}», but another id stands in its value; delete that.",
                {"id": name},
            )
            yield Fault(("value", "id"), "id-mismatch", message)
    if replaced(value, fact.split("."), new) == value:
        message = Message("«{fact}» already is so; the change has no effect.", {"fact": fact})
        yield Fault(("fact",), "change-without-effect", message, severity=Severity.WARNING)


def _no_fact(value: Facts, fact: str, form: Form) -> Message | None:
    """Why this is nothing that can be changed."""
    around, path = fact.rpartition(".")[0], form.path_of(fact)
    field, is_entry = form.at(path), around != "" and form.path_of(around) == path
    if fact in ("township", "year") or (field is not None and path[-1] == "id"):
        return Message(
            "«{fact}» says what this is about and cannot be changed; "
            "strike the wrong record and add the right one, or mend the report.",
            {"fact": fact},
        )
    if field is not None:
        # A value, a whole list of values, a whole record or an optional group can be.
        named = form.at((*path, "id")) is not None
        records = field.type is FieldType.RECORDS
        if is_entry != named if records else is_entry or not field.replaceable:
            return Message(
                "«{fact}» cannot be replaced as such: change a value, a whole list of values, "
                "or a whole record by its id.",
                {"fact": fact},
            )
    return unaddressed(value, fact, form)


def unaddressed(value: Facts, fact: str, form: Form) -> Message | None:
    """Why nothing can be put at an address of these facts."""
    around = fact.rpartition(".")[0]
    if form.at(form.path_of(fact)) is None:
        return Message(
            "«{fact}» is no fact of the report that can be changed; {hint}",
            {"fact": fact, "hint": form.nearest(fact)},
        )
    if around and not isinstance(value_at(value, around), Mapping | list):
        return Message(
            "There is no «{around}» in the report, so «{fact}» cannot be changed; "
            "add it as a whole.",
            {"around": around, "fact": fact},
        )
    return None


# --- where things stand ---------------------------------------------------------------


class Places(Mapping[str, tuple[Location, ...]]):
    """Where every group, list, record and single fact stands; what was changed, in all its places.

    Worked out address by address when asked: a check of ten thousand files asks for none.
    """

    def __init__(self, judged: Placed, changes: Sequence[Change]) -> None:
        self._judged, self._changes = judged, changes

    def __getitem__(self, address: str) -> tuple[Location, ...]:
        return self._changed[address] if address in self._changed else self._standing(address)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._keys, *self._changed)))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _standing(self, address: str) -> tuple[Location, ...]:
        keys = self._keys.get(address) or keys_of(self._judged.value, address)
        if keys is None:
            raise KeyError(address)
        return (self._judged.location(keys),)

    @cached_property
    def _keys(self) -> dict[str, Keys]:
        """Of what stands somewhere of its own; looking for each of many records is slow."""
        return dict(_index(self._judged.value))

    @cached_property
    def _changed(self) -> dict[str, tuple[Location, ...]]:
        """What was changed, and the records around it."""
        report = self._judged.report if isinstance(self._judged, ChangedFacts) else self._judged
        found: dict[str, tuple[Location, ...]] = {}
        for change in self._changes:
            keys = keys_of(report.value, change.fact)
            found[change.fact] = () if keys is None else (report.location(keys),)
        for change in self._changes:
            found[change.fact] = (change.location, *found[change.fact])
            for around in _records_around(self._judged.value, change.fact):
                found[around] = (*(found.get(around) or self._standing(around)), change.location)
        return found


def _index(value: Any, keys: Keys = (), around: str = "") -> Iterator[tuple[str, Keys]]:
    """Address and keys of everything but the single values inside records and plain lists."""
    is_group = isinstance(value, dict)
    singles = is_group and not any(isinstance(key, int) for key in keys)
    for key, inner in value.items() if is_group else enumerate(value):
        deeper = isinstance(inner, (dict, list))
        if deeper or singles:
            here = f"{around}{key if is_group else names(value, (key,))[0]}"
            yield here, (*keys, key)
            if deeper:
                yield from _index(inner, (*keys, key), f"{here}.")


def _records_around(value: Any, fact: str) -> Iterator[str]:
    """The addresses of the record, and the groups in it, that the fact is part of."""
    parts = fact.split(".")
    for end in range(1, len(parts)):
        around = ".".join(parts[:end])
        if any(isinstance(key, int) for key in keys_of(value, around) or ()):
            yield around
