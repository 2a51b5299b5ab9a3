"""What a schema cannot say about facts, and replacing them: the one way for all who may.

Days of the calendar, their order, ids, exclusions, for any regulation. Values, whole lists of
values and whole records are replaced, never merged deeper; both values and both places are kept.
Checks run on a report and again on the changed facts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import accumulate
from operator import gt, lt
from typing import Any

from generator.engine.book import Ground, Part, Rulebook
from generator.engine.facts import PARTS
from generator.engine.measures import Bounds, Condition
from generator.engine.problem import Location, Message, Path, Severity
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
from generator.shape.form import DAYS_LATE, SUBMITTED, FieldType, Form
from generator.year.office import doubled, fields_in, inside, is_date, no_day

Facts = Mapping[str, Any]
"""What a report says, reported or judged."""


def fact_faults(facts: Facts, form: Form, rulebook: Rulebook, period: Period) -> Iterator[Fault]:
    """Everything that is wrong with well-shaped facts."""
    yield from _calendar(facts, form, rulebook.above.parts, period)
    yield from _compared(facts, form)
    for records in form.record_lists(facts):
        yield from doubled(records.value, records.keys)
    yield from _exclusions(facts, form, rulebook)


def faults_beside(
    value: Any, shapeless: Sequence[Fault], form: Form, ask: Callable[[Facts], Iterable[Fault]]
) -> Iterator[Fault]:
    """What else is wrong with facts of which some have not the right shape.

    These are left out, and nothing is said about the record that one of them stands in. `ask` is
    what all facts are asked.
    """
    spoiled = {_record(fault.keys) for fault in shapeless}
    sound = value
    for fault in sorted(shapeless, key=lambda fault: len(fault.keys), reverse=True):
        sound = _without(sound, fault.keys, form, ())
    for fault in ask(sound if isinstance(sound, Mapping) else {}):
        around = (fault.keys[:end] for end in range(len(fault.keys) + 1))
        if spoiled.isdisjoint(around):
            yield fault


def _record(keys: Keys) -> Keys:
    """The keys of the outermost entry of a list that a value stands in, else its own."""
    entry = next((end for end, key in enumerate(keys, 1) if isinstance(key, int)), len(keys))
    return keys[:entry]


def _without(value: Any, keys: Keys, form: Form, path: Path) -> Any:
    """The value without what stands under keys; of an entry of a list its place stays.

    A record that is left out stays as an empty one, any other entry as None.
    """
    if not keys:
        return None
    key, rest = keys[0], keys[1:]
    below = path if isinstance(key, int) else (*path, key)
    try:
        inner = _without(value[key], rest, form, below)
    except (KeyError, IndexError, TypeError):  # a key that is missing
        return value
    if isinstance(key, int):
        field = form.at(path)
        records = field is not None and field.type is FieldType.RECORDS
        return [*value[:key], {} if inner is None and records else inner, *value[key + 1 :]]
    left = {name: each for name, each in value.items() if name != key}
    return left if inner is None else {**left, key: inner}


# --- dates ----------------------------------------------------------------------------

_FARTHEST = 100
"""Years between a date and the year assessed; beyond them lies a slip of the pen."""


def _calendar(facts: Facts, form: Form, parts: Iterable[Part], year: Period) -> Iterator[Fault]:
    """Dates that are none, and those outside the year, or outside the period in it they are of."""
    periods = [(part, _within_year(part, year.end.year)) for part in parts]
    times = {part.id: (period, part.label, _bounds(period)) for part, period in periods}
    whole = (year, None, _bounds(year))
    for fact in form.dates(facts):
        kind, text = fact.field.dated, fact.value
        if kind in (FieldType.DATE, FieldType.DATE_MINUTE) and not is_date(text):
            yield from no_day(fact.keys, text)
            continue
        part = str(fact.keys[1]) if fact.keys[0] == PARTS else ""
        time, name, bounds = times.get(part, whole)
        first, last = bounds[kind]
        if first <= text[: len(last)] <= last:
            continue
        allowed = fact.field.period or "within"
        args: dict[str, object] = {"date": text, "label": fact.field.label}
        args |= {"start": time.start.isoformat(), "end": time.end.isoformat()}
        if abs(int(text[:4]) - time.end.year) > _FARTHEST:
            message = Message("{label}: {date} is far away; put the year right.", args)
        elif allowed == ("until" if text < first else "from"):
            continue
        elif name is not None:
            message = _OUTSIDE_PART[allowed].about({**args, "period": name})
        else:
            message = _OUTSIDE[allowed].about(args)
        yield Fault(fact.keys, "date-outside-period", message)


def _within_year(part: Part, year: int) -> Period:
    days = (f"{year}-{day}" for day in (part.start, part.end))
    # 29 February is the last day of any.
    return Period(*(date.fromisoformat(d if is_date(d) else f"{year}-02-28") for d in days))


def _bounds(period: Period) -> Mapping[FieldType | None, tuple[str, str]]:
    """The first and the last text of each calendar form in a period; they sort as time does."""
    start, end = period.start.isoformat(), period.end.isoformat()
    first, last = (f"{day.year}-Q{(day.month + 2) // 3}" for day in (period.start, period.end))
    return {
        **dict.fromkeys((FieldType.DATE, FieldType.DATE_MINUTE), (start, end)),
        FieldType.MONTH: (start[:7], end[:7]),
        FieldType.QUARTER: (first, last),
    }


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
    for fact in form.compared(facts):
        field = fact.field
        for name, is_wrong, code, message in (
            (field.not_before, lt, "date-order", _EARLIER),
            (field.at_most, gt, "over-limit", _MORE),
        ):
            bound = fact.beside.get(name) if name else None
            if name and bound is not None and is_wrong(fact.value, bound):
                beside = form.at((*field.path[:-1], name))
                args = {"label": field.label, "value": fact.value, "other": bound}
                args["other_label"] = beside.label if beside else name
                yield Fault(fact.keys, code, message.about(args))


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
            ground = rule.grounds.get(record.get(rule.field, {}).get("ground"))
            if ground is None:
                continue
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
        given, needed = self.record[self.field], self.ground.requires
        for name in needed:
            if name not in given:
                yield Message("it needs «{name}»", {"name": self._label((self.field, name))})
        for name in given:
            if name not in (*needed, "ground"):
                label = self._label((self.field, name))
                yield Message("«{name}» does not belong to it", {"name": label})
        for condition in self.ground.where:
            if not meets(Record("", "", self.record), (condition,)):
                yield self._expectation(condition)
        for late, early in self.ground.not_before:
            after, before = lookup(self.record, late), lookup(self.record, early)
            if isinstance(after, str) and isinstance(before, str) and after < before:
                args = {"late": self._label(late), "after": after, "before": before}
                yield Message("{late} {after} lies before {before}", args)
        yield from self._wrong_lists()

    def _wrong_lists(self) -> Iterator[Message]:
        """Names of records that are not there, and values that a list lacks."""
        for path, records in self.ground.refers.items():
            # First what stands in the same period.
            entries = lookup(self.facts, (*self.around, *records))
            entries = entries if isinstance(entries, list) else _entries(self.facts, records)
            named, known = lookup(self.record, path), [entry.get("id") for entry in entries]
            if named is not None and named not in known:
                args = {"name": named, "list": ".".join(records), "known": tuple(known) or ("-",)}
                yield Message("{name} is not in «{list}», which has: {known}", args)
        for path, wanted in self.ground.covers.items():
            values = [entry.get(path[-1]) for entry in _entries(self.record, path[:-1])]
            missing = tuple(self._words(path, value) for value in wanted if value not in values)
            if missing:
                args = {"name": self._label(path), "missing": missing}
                yield Message("«{name}» lacks: {missing}", args)

    def _expectation(self, condition: Condition) -> Message:
        """What the record must say, and what it says."""
        path, args = condition.field, {"name": self._label(condition.field)}
        if condition.present is not None:
            if condition.present:
                return Message("«{name}» must be given", args)
            return Message("«{name}» must be left out", args)
        bounds = condition.bounds or Bounds()
        limits = ((getattr(bounds, key), words) for key, words in _LIMITS.items())
        wanted = [words.about({"limit": limit.value}) for limit, words in limits if limit]
        values = [self._words(path, value) for value in condition.values]
        args |= {"wanted": tuple(wanted or values)}
        args |= {"found": self._words(path, lookup(self.record, path))}
        return Message("«{name}» must be {wanted}, found {found}", args)

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


_LIMITS = {
    "at_least": Message("at least {limit}"),
    "above": Message("more than {limit}"),
    "at_most": Message("at most {limit}"),
    "below": Message("less than {limit}"),
}


# --- facts after changes --------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class ChangedFacts:
    """Facts after changes, by fact: what was not replaced stands where it was reported.

    `made` holds, for each fact replaced, the file that did so and the keys of the change in it.
    """

    value: Facts
    report: Placed
    made: Mapping[str, tuple[Placed, Keys]]

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
            replacement = self.made.get(".".join(parts[:end]))
            if replacement is not None:
                by, change = replacement
                return replace(by.location((*change, "value", *keys[end:]), key=key), address=here)
        # The report may count its records otherwise.
        before = self._reported.get(here) or keys_of(self.report.value, here) or keys
        return replace(self.report.location(before, key=key), address=here)

    @cached_property
    def _reported(self) -> dict[str, Keys]:
        return dict(_index(self.report.value))


class Blamed(ChangedFacts):
    """Changed facts in which everything stands where the file that changed them last says it."""

    def __init__(self, changed: ChangedFacts, by: Document) -> None:
        super().__init__(changed.value, changed.report, changed.made)
        self.by = by

    @property
    def path(self) -> str:
        return self.by.path

    def location(self, keys: Sequence[str | int], *, key: bool = False) -> Location:
        """In that file, at the change which comes nearest where it changed something else."""
        place = super().location(keys, key=key)
        if place.path == self.by.path:
            return place
        changes, around = self.by.value["changes"], {*_prefixes(place.address)}
        shared = [len(around & {*_prefixes(change["fact"])}) for change in changes]
        nearest = self.by.location(("changes", shared.index(max(shared)), "fact"))
        return replace(nearest, address=place.address)


def apply(
    report: Placed, by: Placed, changes: Sequence[Mapping[str, Any]], form: Form
) -> tuple[Placed, list[Fault]]:
    """The facts with the changes that one file lists applied; the wrong ones are left out."""
    faults, value = list(_duplicates(changes)), report.value
    doubled_changes = {fault.keys[:2] for fault in faults}
    made = dict(report.made) if isinstance(report, ChangedFacts) else {}
    for number, change in enumerate(changes):
        keys: Keys = ("changes", number)
        if keys in doubled_changes:
            continue
        fault = next(_refusals(value, change, form), None)
        if fault is not None:
            faults += inside(keys, (fault,))
            if fault.severity is Severity.ERROR:
                continue
        fact = change["fact"]
        value = replaced(value, fact.split("."), change["value"])
        # A later file's word about a whole record replaces earlier words about its parts.
        made = {name: at for name, at in made.items() if not name.startswith(f"{fact}.")}
        made[fact] = (by, keys)
    reported = report.report if isinstance(report, ChangedFacts) else report
    return ChangedFacts(value, reported, made) if made else report, faults


def recorded(
    report: Placed, by: Document, correction: Correction | None = None
) -> tuple[Change, ...]:
    """Each change of a file with the value reported and the value judged.

    Where it is silent, the correction that makes it speaks for it.
    """
    said: dict[str, Any] = {"occasion": None, "date": "", "reason": "", "document": ""}
    if correction is not None:
        said |= {"date": correction.decided_on, "reason": correction.reason}
        said |= {"document": correction.document, "correction": correction.id}
        said["objection"] = correction.objection
    return tuple(
        Change(
            **{**said, **fields_in(Change, change)},
            reported=value_at(report.value, change["fact"]),
            location=by.location(("changes", number)),
        )
        for number, change in enumerate(by.value.get("changes", []))
    )


def _duplicates(changes: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Changes of a fact replaced before, as a whole or in part."""
    whole, around = set[str](), dict[str, str]()
    for number, change in enumerate(changes):
        fact = change["fact"]
        prefixes = _prefixes(fact)
        double = around.get(fact) or next((prefix for prefix in prefixes if prefix in whole), None)
        if double is not None:
            message = Message(
                "«{fact}» is changed twice, also as «{other}»; keep one of the two changes.",
                {"fact": fact, "other": double},
            )
            yield Fault(("changes", number, "fact"), "duplicate-change", message)
        whole.add(fact)
        around |= dict.fromkeys(prefixes, fact)


def _prefixes(address: str) -> list[str]:
    """An address and those of all that is around what stands there, the outermost first."""
    return [*accumulate(address.split("."), "{}.{}".format)]


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
    if fact in ("township", "year", SUBMITTED, DAYS_LATE) or (
        field is not None and path[-1] == "id"
    ):
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
        address = SUBMITTED if address == DAYS_LATE else address
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
        """What was changed, and the records and the groups in them that it is part of."""
        report = self._judged.report if isinstance(self._judged, ChangedFacts) else self._judged
        facts, places = self._judged.value, dict[str, tuple[Location, ...]]()
        for change in self._changes:
            keys = keys_of(report.value, change.fact)
            places[change.fact] = () if keys is None else (report.location(keys),)
        for change in self._changes:
            places[change.fact] = (change.location, *places[change.fact])
            for around in _prefixes(change.fact)[:-1]:
                if any(isinstance(key, int) for key in keys_of(facts, around) or ()):
                    before = places.get(around) or self._standing(around)
                    places[around] = (*before, change.location)
        return places


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
