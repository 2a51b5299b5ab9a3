"""A submission schema seen as a form: the facts that a rulebook may speak of.

Owns what each fact is (type, label, values, unit, when it may lie), finding dates, ids and
compared facts in a report quickly, and which part of JSON Schema a regulation's form may use. What
it cannot read is a problem, never a guess.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from generator.engine.book import RecordKind
from generator.engine.problem import Message, Path, Problem, Text
from generator.reading.source import Document

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
        return self.fields.get(path) or (_DAYS_LATE if path == _DAYS_LATE.path else None)

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


_UNSUPPORTED = (
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "prefixItems",
    "patternProperties",
    "dependentSchemas",
    "$dynamicRef",
)
_SINGLE = {
    "boolean": FieldType.BOOLEAN,
    "integer": FieldType.INTEGER,
    "number": FieldType.NUMBER,
    "string": FieldType.TEXT,
}
_FORMATS = {
    kind.value: kind
    for kind in (FieldType.DATE, FieldType.DATE_MINUTE, FieldType.MONTH, FieldType.QUARTER)
}
_PERIODS: dict[str, Period] = {"within": "within", "until": "until", "from": "from"}
_KEYWORDS: tuple[tuple[str, type, Message], ...] = (
    ("required", list, Message("a list")),
    ("properties", dict, Message("an object")),
    ("x-not-before", str, Message("text")),
    ("x-at-most", str, Message("text")),
    ("x-en", str, Message("text")),
)
_IDENTITY = (("township", FieldType.TEXT), ("year", FieldType.INTEGER))

_DEEPEST = 8

_Node = Mapping[str, Any]


SUBMITTED = "submitted"
"""The key with which a township hands its report in: the day it does so."""

DAYS_LATE = "days_late"
"""A fact that nobody reports: how many days after the last day for it a report was handed in."""

_SUBMITTED = {
    "title": "报送日期",
    "x-en": "Submitted on",
    "description": "填完报送时，写上这一天；还没有写的，算在填的表。",
    "type": "string",
    "format": "date",
    "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    "patternErrorMessage": "日期写作 2026-01-08：年四位，月、日各两位，中间用半角连字符。",
    "x-period": "from",
    "examples": ["2026-01-08"],
}


def framed(schema: Any) -> Any:
    """A submission schema with the key that every report has, whatever its rulebook."""
    known = schema.get("properties") if isinstance(schema, Mapping) else None
    if not isinstance(known, Mapping) or SUBMITTED in known:
        return schema
    first = {name: known[name] for name in ("township", "year") if name in known}
    return {**schema, "properties": {**first, SUBMITTED: _SUBMITTED, **known}}


_DAYS_LATE = Field(
    path=(DAYS_LATE,),
    type=FieldType.INTEGER,
    label=Text("迟报天数", "Days late"),
    required=True,
    minimum=0,
)


def form(document: Document) -> tuple[Form | None, list[Problem]]:
    """The form in a submission schema, or every reason why it is none."""
    builder = _Builder(document)
    built = builder.build()
    return (None if builder.problems else built), builder.problems


class _Builder:
    """Walks a schema once and collects fields and problems."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.fields: dict[Path, Field] = {}
        self.problems: list[Problem] = []

    def build(self) -> Form | None:
        top = framed(self.document.value)
        if not isinstance(top, dict) or top.get("type") != "object":
            self.refuse((), Message("a form is an object: «type: object» is missing"))
            return None
        if not self.problems_of(top, ()):
            self.group(top, (), (), None)
            self.check_identity()
            self.check_siblings()
        return Form(_label(top, "form"), self.fields)

    # --- the walk -----------------------------------------------------------------

    def group(self, node: _Node, path: Path, keys: Keys, records: Path | None) -> None:
        if len(path) > _DEEPEST:
            self.refuse(keys, Message("groups are nested too deeply, perhaps without end"))
            return
        if node.get("additionalProperties") is not False:
            self.refuse(keys, Message("objects must be closed: «additionalProperties: false»"))
        required = node.get("required", [])
        for name, inner in node.get("properties", {}).items():
            self.field(inner, (*path, name), (*keys, "properties", name), records, name in required)

    def field(
        self, written: object, path: Path, keys: Keys, records: Path | None, required: bool
    ) -> None:
        node = self.resolved(written, keys)
        if node is None or self.problems_of(node, keys):
            return
        one = Field(
            path=path,
            type=FieldType.GROUP,
            label=_label(node, path[-1]),
            required=required,
            records=records,
        )
        kind = node.get("type")
        if kind == "object":
            self.add(one)
            self.group(node, path, keys, records)
        elif kind == "array":
            self.list(node, one, keys)
        elif isinstance(kind, str) and kind in _SINGLE:
            self.add(self.single(node, replace(one, type=_SINGLE[kind])))
        else:
            types = (*_SINGLE, "object", "array")
            self.refuse(keys, Message("«type» must be one of: {types}", {"types": types}))

    def list(self, node: _Node, one: Field, keys: Keys) -> None:
        below = (*keys, "items")
        items = self.resolved(node.get("items"), below)
        if items is None or self.problems_of(items, below):
            return
        if items.get("type") != "object":
            self.values(items, one, below)
            return
        date = node.get("x-date")
        unit = node.get("x-unit")
        records = replace(
            one,
            type=FieldType.RECORDS,
            unit=_text(unit) if unit else None,
            date=(date,) if isinstance(date, str) else None,
        )
        self.add(records)
        self.group(items, one.path, below, one.path)
        if date is not None and not (isinstance(date, str) and self.is_dated((*one.path, date))):
            self.refuse((*keys, "x-date"), Message("«x-date» must name a date of the records"))

    def values(self, items: _Node, one: Field, keys: Keys) -> None:
        kind = items.get("type")
        if not isinstance(kind, str) or kind not in _SINGLE:
            self.refuse(keys, Message("«items» must be objects or single values"))
            return
        entry = self.single(items, replace(one, type=_SINGLE[kind]))
        self.add(replace(entry, type=FieldType.VALUES, entry=entry.type))

    def single(self, node: _Node, one: Field) -> Field:
        kind = one.type
        if kind is FieldType.TEXT:
            kind = _FORMATS.get(str(node.get("format")), kind)
        dated = kind in _FORMATS.values()
        return replace(
            one,
            type=kind,
            values=_values(node),
            minimum=node.get("minimum", node.get("exclusiveMinimum")),
            maximum=node.get("maximum", node.get("exclusiveMaximum")),
            period=_PERIODS[node.get("x-period", "within")] if dated else None,
            not_before=node.get("x-not-before"),
            at_most=node.get("x-at-most"),
        )

    def add(self, one: Field) -> None:
        self.fields[one.path] = one

    # --- what cannot be read ------------------------------------------------------

    def resolved(self, written: object, keys: Keys) -> _Node | None:
        """The node with its references inside the file followed; what stands beside one wins."""
        node, followed = written, list[str]()
        while isinstance(node, dict) and "$ref" in node:
            reference = str(node["$ref"])
            target = self.target(reference)
            if not isinstance(target, dict) or reference in followed:
                message = Message("«{ref}» points to nothing in this file", {"ref": reference})
                self.refuse((*keys, "$ref"), message)
                return None
            followed.append(reference)
            node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        if not isinstance(node, dict):
            self.refuse(
                keys, Message("a description of this fact, with title and type, is missing")
            )
            return None
        return node

    def target(self, reference: str) -> object:
        if not reference.startswith("#/"):
            return None
        node: Any = self.document.value
        for part in reference[2:].split("/"):
            node = node.get(part) if isinstance(node, dict) else None
        return node

    def problems_of(self, node: _Node, keys: Keys) -> bool:
        """Whether a node says what a form cannot: each such thing becomes a problem."""
        found = list(_faults(node))
        for key, message in found:
            self.refuse((*keys, key) if key in node else keys, message)
        return bool(found)

    def check_identity(self) -> None:
        for name, kind in _IDENTITY:
            one = self.fields.get((name,))
            if one is None or one.type is not kind or not one.required:
                message = Message(
                    "every report says whose and of which year it is: "
                    "«{name}» must be required and of type {type}",
                    {"name": name, "type": "string" if kind is FieldType.TEXT else kind.value},
                )
                self.refuse(("properties", name), message)

    def check_siblings(self) -> None:
        for one in self.fields.values():
            for keyword, name in (("x-not-before", one.not_before), ("x-at-most", one.at_most)):
                other = self.fields.get((*one.path[:-1], name)) if name else None
                if name and (other is None or other.type is not one.type):
                    message = Message(
                        "«{keyword}» of «{path}» must name a key beside it, of the same type",
                        {"keyword": keyword, "path": ".".join(one.path)},
                    )
                    self.refuse((), message)

    def is_dated(self, path: Path) -> bool:
        one = self.fields.get(path)
        return one is not None and one.type in _FORMATS.values()

    def refuse(self, keys: Keys, why: Message) -> None:
        message = Message("The form cannot be read: {why}.", {"why": why})
        self.problems.append(Problem(self.document.location(keys), "form-unsupported", message))


def _faults(node: _Node) -> Iterator[tuple[str, Message]]:
    for key in _UNSUPPORTED:
        if key in node:
            yield key, Message("«{key}» is not supported for facts", {"key": key})
    if not isinstance(node.get("title"), str):
        yield "title", Message("a title is missing")
    for key, kind, shape in _KEYWORDS:
        if not isinstance(node.get(key, kind()), kind):
            yield key, Message("«{key}» must be {shape}", {"key": key, "shape": shape})
    if node.get("x-period", "within") not in tuple(_PERIODS):
        yield "x-period", Message("«x-period» must be one of: {types}", {"types": tuple(_PERIODS)})
    if not _is_unit(node.get("x-unit")):
        yield "x-unit", Message("«x-unit» must have «zh» and «en»")
    yield from _enum_faults(node)


def _enum_faults(node: _Node) -> Iterator[tuple[str, Message]]:
    values = node.get("enum", [])
    if not _are_texts(values):
        yield "enum", Message("«enum» must be a list of texts")
        return
    for key in ("markdownEnumDescriptions", "x-enum-en"):
        names = node.get(key, values)
        if not _are_texts(names) or len(names) != len(values):
            yield key, Message("«{key}» must name every value of «enum»", {"key": key})


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _is_unit(unit: object) -> bool:
    if unit is None:
        return True
    return isinstance(unit, dict) and all(isinstance(unit.get(key), str) for key in ("zh", "en"))


def _values(node: _Node) -> Mapping[str, Text]:
    """The values of an enumeration with their names, which are themselves where none is given."""
    values = node.get("enum", [])
    names = node.get("markdownEnumDescriptions", values)
    english = node.get("x-enum-en", values)
    return {value: Text(zh, en) for value, zh, en in zip(values, names, english, strict=True)}


def _label(node: _Node, key: str) -> Text:
    return Text(str(node.get("title", key)), str(node.get("x-en", key)))


def _text(value: Mapping[str, str]) -> Text:
    return Text(value["zh"], value["en"])
