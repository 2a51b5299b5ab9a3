"""A submission schema seen as a form: the facts that a rulebook may speak of.

Owns what each fact is (type, label, values, unit, when it may lie) and finding dates, ids and
compared facts in a report quickly. Works for any regulation's schema and must not know a
word of one; what it cannot read is a problem, never a guess.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from generator.engine.book import RecordKind
from generator.engine.problem import Message, Path, Text

Keys = tuple[str | int, ...]
Period = Literal["within", "until", "from"]


class FieldType(StrEnum):
    """What a fact is; the dated ones are text in a calendar form."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    DATE_MINUTE = "date-minute"
    MONTH = "month"
    QUARTER = "quarter"
    GROUP = "group"
    VALUES = "values"
    RECORDS = "records"


DATED = frozenset({FieldType.DATE, FieldType.DATE_MINUTE, FieldType.MONTH, FieldType.QUARTER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One fact, or a group or list of facts; `path` runs through lists of records without ids.

    `entry` is the type of what a list of values holds, and `values` and `period` then speak of
    its entries. `records` is the innermost list of records around it. `not_before` and
    `at_most` name a key beside it. `unit` and `date` belong to lists of records.
    """

    path: Path
    type: FieldType
    label: Text
    required: bool
    entry: FieldType | None = None
    values: Mapping[str, Text] = field(default_factory=dict)
    minimum: object = None
    maximum: object = None
    records: Path | None = None
    period: Period | None = None
    not_before: str | None = None
    at_most: str | None = None
    unit: Text | None = None
    date: Path | None = None

    @property
    def dated(self) -> FieldType | None:
        """The calendar form of its text, or of its entries."""
        kind = self.entry or self.type
        return kind if kind in DATED else None

    @property
    def replaceable(self) -> bool:
        """Whether a change may give it another value as a whole."""
        if self.type is FieldType.GROUP:
            return not self.required
        return self.type is not FieldType.RECORDS or self.records is not None


class Found(NamedTuple):
    """A fact in a report: its field, the keys that lead to it, and the group it stands in.

    A tuple, because a report has a hundred of them and a dataclass takes twice as long to make.
    """

    field: Field
    keys: Keys
    value: Any
    beside: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where to look in a report for some of its facts, group by group."""

    singles: tuple[Field, ...]
    lists: tuple[Field, ...]
    groups: tuple[tuple[str, "Plan"], ...]
    records: tuple[tuple[str, "Plan"], ...]

    def find(self, facts: Mapping[str, Any], keys: Keys = ()) -> Iterator[Found]:
        """The facts looked for that the report holds, entries of lists of values one by one."""
        for one in self.singles:
            name = one.path[-1]
            if (value := facts.get(name)) is not None:
                yield Found(one, (*keys, name), value, facts)
        for one in self.lists:
            name = one.path[-1]
            for number, value in enumerate(facts.get(name, ())):
                yield Found(one, (*keys, name, number), value, facts)
        for name, inner in self.groups:
            if (below := facts.get(name)) is not None:
                yield from inner.find(below, (*keys, name))
        for name, inner in self.records:
            for number, entry in enumerate(facts.get(name, ())):
                yield from inner.find(entry, (*keys, name, number))


@dataclass(frozen=True, slots=True)
class Form:
    """All fields by path, in the order of the schema; groups and lists before what they hold."""

    title: Text
    fields: Mapping[Path, Field]
    _dates: Plan = field(init=False, repr=False)
    _compared: Plan = field(init=False, repr=False)
    _lists: Plan = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name, wanted in (
            ("_dates", lambda one: one.dated is not None),
            ("_compared", lambda one: bool(one.not_before or one.at_most)),
            ("_lists", lambda one: one.type is FieldType.RECORDS),
        ):
            object.__setattr__(self, name, self._plan(wanted))

    def at(self, path: Path) -> Field | None:
        """The field at a path, None where the form has none."""
        return self.fields.get(path)

    def below(self, path: Path) -> Iterator[Field]:
        """The fields directly inside a group or list of records (of the form itself: `()`)."""
        return (one for one in self.fields.values() if one.path[:-1] == path)

    def below_group(self, group: Path) -> "Form":
        """What stands below a group, seen as a form of its own: the same without leading keys."""
        size = len(group)
        return Form(
            self.title,
            {
                path[size:]: replace(
                    one, path=path[size:], records=one.records and one.records[size:]
                )
                for path, one in self.fields.items()
                if path[:size] == group and len(path) > size
            },
        )

    def path_of(self, address: str) -> Path:
        """The path that an address in a report speaks of: the names of list entries left out."""
        path: Path = ()
        skip = False
        for part in address.split("."):
            if skip:
                skip = False
                continue
            path = (*path, part)
            known = self.fields.get(path)
            skip = known is not None and known.type in (FieldType.RECORDS, FieldType.VALUES)
        return path

    def closest(self, wanted: Path) -> Path | None:
        """The known path that a mistyped one most likely means."""
        for size in range(len(wanted)):
            if wanted[: size + 1] not in self.fields:
                beside = [one.path[-1] for one in self.below(wanted[:size])]
                near = get_close_matches(wanted[size], beside, 1, 0.6)
                if near:
                    fixed = (*wanted[:size], near[0], *wanted[size + 1 :])
                    return fixed if fixed in self.fields else self.closest(fixed)
        names = {path[-1]: path for path in self.fields}
        found = get_close_matches(wanted[-1], names, 1, 0.6)
        return names[found[0]] if found else None

    def nearest(self, address: str) -> Message:
        """What to say to somebody who has written an address that the form does not know."""
        path = self.path_of(address)
        if (close := self.closest(path)) is not None:
            return Message("did you mean «{path}»?", {"path": ".".join(close)})
        around = path
        while around and around not in self.fields:
            around = around[:-1]
        names = tuple(one.path[-1] for one in self.below(around))
        if not around:
            return Message("it may begin with: {names}", {"names": names})
        return Message(
            "below «{path}» there are: {names}",
            {"path": ".".join(around), "names": names or ("-",)},
        )

    def record_kinds(self) -> dict[Path, RecordKind]:
        """The lists of records that stand in no other, as rules and pages speak of them."""
        return {
            path: RecordKind(
                one.label,
                one.unit or Text("", ""),
                one.date,
                self._labels(path),
                {inner.path[len(path) :]: inner.label for inner in self._inside(path)},
            )
            for path, one in self.fields.items()
            if one.type is FieldType.RECORDS and one.records is None
        }

    def dates(self, facts: Mapping[str, Any]) -> Iterator[Found]:
        """Every dated text of a well-shaped report."""
        return self._dates.find(facts)

    def compared(self, facts: Mapping[str, Any]) -> Iterator[Found]:
        """Every fact that must be not before, or at most, another one beside it."""
        return self._compared.find(facts)

    def record_lists(self, facts: Mapping[str, Any]) -> Iterator[Found]:
        """Every list of records, those inside records too."""
        return self._lists.find(facts)

    def _labels(self, records: Path) -> dict[Path, Mapping[str, Text]]:
        inside = self._inside(records)
        return {one.path[len(records) :]: one.values for one in inside if one.values}

    def _inside(self, records: Path) -> Iterator[Field]:
        """The fields anywhere inside a list of records."""
        return (
            one
            for path, one in self.fields.items()
            if path[: len(records)] == records and path != records
        )

    def _plan(self, wanted: Callable[[Field], bool], path: Path = ()) -> Plan:
        inside = list(self.below(path))
        chosen = [one for one in inside if wanted(one)]
        deeper = {FieldType.GROUP: list[tuple[str, Plan]](), FieldType.RECORDS: []}
        for one in inside:
            if one.type in deeper:
                plan = self._plan(wanted, one.path)
                if plan != _NOWHERE:
                    deeper[one.type].append((one.path[-1], plan))
        return Plan(
            tuple(one for one in chosen if one.type is not FieldType.VALUES),
            tuple(one for one in chosen if one.type is FieldType.VALUES),
            tuple(deeper[FieldType.GROUP]),
            tuple(deeper[FieldType.RECORDS]),
        )


_NOWHERE = Plan((), (), (), ())
