"""A submission schema seen as a form: the facts that a rulebook may speak of.

Owns what each fact is (type, label, values, unit, when it may lie), finding dates, ids and
compared facts in a report quickly, and which part of JSON Schema a regulation's form may use. What
it cannot read is a problem, never a guess.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal, NamedTuple, get_args

from generator.engine.book import RecordKind
from generator.engine.problem import Message, Path, Problem, Text
from generator.reading.slips import meant, nearest
from generator.reading.source import Document, Keys

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


def no_such_day(text: str) -> Message | None:
    """Why a text of the shape of a date (a time may follow) is no day; None where it is one."""
    if not _DATE.match(text):
        return None
    year, month, day = map(int, text[:10].split("-"))
    if not year or not 1 <= month <= 12:
        message = Message("There is no day {date}: months go from 01 to 12.")
        return message.about({"date": text[:10]})
    days = monthrange(year, month)[1]
    if 1 <= day <= days:
        return None
    args = {"date": text[:10], "month": text[:7], "days": days}
    return Message("There is no day {date}: {month} has {days} days.", args)


_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


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
    """Where to look in a report for some of its facts: fields, and groups and lists with plans."""

    fields: tuple[Field, ...]
    below: tuple[tuple[str, "Plan"], ...]

    def find(self, facts: Mapping[str, Any], keys: Keys = ()) -> Iterator[Found]:
        """The facts looked for that the report holds, entries of lists of values one by one."""
        for fact in self.fields:
            name = fact.path[-1]
            value = facts.get(name)
            if fact.type is FieldType.VALUES:
                for number, entry in enumerate(value or ()):
                    if entry is not None:
                        yield Found(fact, (*keys, name, number), entry, facts)
            elif value is not None:
                yield Found(fact, (*keys, name), value, facts)
        for name, plan in self.below:
            value = facts.get(name)
            if isinstance(value, list):
                for number, entry in enumerate(value):
                    yield from plan.find(entry, (*keys, name, number))
            elif value is not None:
                yield from plan.find(value, (*keys, name))


_Find = Callable[[Mapping[str, Any]], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Form:
    """All fields by path, in the order of the schema; groups and lists before what they hold.

    Of a well-shaped report, `dates` finds every dated text, `compared` every fact that must be
    not before, or at most, another one beside it, `record_lists` every list of records.
    """

    title: Text
    fields: Mapping[Path, Field]
    dates: _Find = field(init=False, repr=False, compare=False)
    compared: _Find = field(init=False, repr=False, compare=False)
    record_lists: _Find = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, wanted in (
            ("dates", lambda field: field.dated is not None),
            ("compared", lambda field: bool(field.not_before or field.at_most)),
            ("record_lists", lambda field: field.type is FieldType.RECORDS),
        ):
            object.__setattr__(self, name, self._plan(wanted).find)

    def at(self, path: Path) -> Field | None:
        """The field at a path, None where the form has none."""
        return self.fields.get(path) or (_DAYS_LATE if path == _DAYS_LATE.path else None)

    def below(self, path: Path) -> Iterator[Field]:
        """The fields directly inside a group or list of records (of the form itself: `()`)."""
        return (field for field in self.fields.values() if field.path[:-1] == path)

    def below_group(self, group: Path) -> "Form":
        """What stands below a group, seen as a form of its own: the same without leading keys."""
        size = len(group)
        return Form(
            self.title,
            {
                path[size:]: replace(
                    field, path=path[size:], records=field.records and field.records[size:]
                )
                for path, field in self.fields.items()
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
        if wanted in self.fields:
            return wanted
        for size in range(len(wanted)):
            if wanted[: size + 1] not in self.fields:
                beside = {field.path[-1]: field.label.zh for field in self.below(wanted[:size])}
                if near := nearest(wanted[size], beside, beside):
                    fixed = (*wanted[:size], near, *wanted[size + 1 :])
                    # Below a list the next name may be that of an entry.
                    return self.closest(fixed) or self.closest(self.path_of(".".join(fixed)))
        if len(wanted) > 1 and wanted[:1] in self.fields:
            return None  # what stands elsewhere under a like name is something else
        names = {path[-1]: path for path in self.fields}
        labels = {path[-1]: field.label.zh for path, field in self.fields.items()}
        near = nearest(wanted[-1], names, labels)
        return names[near] if near else None

    def nearest(self, address: str) -> Message:
        """What to say to somebody who has written an address that the form does not know."""
        return self.hint(self.path_of(address))

    def hint(self, path: Path) -> Message:
        """The same about a path, which names no entry of a list."""
        if (close := self.closest(path)) is not None:
            return Message("did you mean «{path}»?", {"path": ".".join(close)})
        around = path
        while around and around not in self.fields:
            around = around[:-1]
        names = tuple(field.path[-1] for field in self.below(around))
        if not around:
            return Message("it may begin with: {names}", {"names": names})
        return Message(
            "below «{path}» there are: {names}",
            {"path": ".".join(around), "names": names or ("-",)},
        )

    def record_kinds(self) -> dict[Path, RecordKind]:
        """The lists of records that stand in no other, as rules and pages speak of them."""
        kinds = {}
        for path, records in self.fields.items():
            if records.type is FieldType.RECORDS and records.records is None:
                inside = self.below_group(path).fields
                kinds[path] = RecordKind(
                    records.label,
                    records.unit or Text("", ""),
                    records.date,
                    {below: field.values for below, field in inside.items() if field.values},
                    {below: field.label for below, field in inside.items()},
                )
        return kinds

    def _plan(self, wanted: Callable[[Field], bool], path: Path = ()) -> Plan:
        inside = list(self.below(path))
        chosen = sorted(filter(wanted, inside), key=lambda field: field.type is FieldType.VALUES)
        holders = [
            field
            for kind in (FieldType.GROUP, FieldType.RECORDS)
            for field in inside
            if field.type is kind
        ]
        plans = [(holder.path[-1], self._plan(wanted, holder.path)) for holder in holders]
        return Plan(tuple(chosen), tuple((name, plan) for name, plan in plans if plan != _NOWHERE))


_NOWHERE = Plan((), ())


_UNSUPPORTED = (
    *("allOf", "anyOf", "oneOf", "not", "if", "prefixItems"),
    *("patternProperties", "dependentSchemas", "$dynamicRef"),
)
_SINGLE = {
    "boolean": FieldType.BOOLEAN,
    "integer": FieldType.INTEGER,
    "number": FieldType.NUMBER,
    "string": FieldType.TEXT,
}
_FORMATS = {kind.value: kind for kind in DATED}
_PERIODS: tuple[Period, ...] = get_args(Period)
_KEYWORDS: tuple[tuple[str, type, Message], ...] = (
    ("required", list, Message("a list")),
    ("properties", dict, Message("an object")),
    ("x-not-before", str, Message("text")),
    ("x-at-most", str, Message("text")),
    ("x-en", str, Message("text")),
)
_ANYWHERE = frozenset(
    (
        *("$schema", "$id", "$ref", "$defs", "$comment", "type", "title", "description"),
        *("examples", "default", "deprecated", "enum", "const"),
        *("errorMessage", "patternErrorMessage", "defaultSnippets"),
        *("markdownDescription", "markdownEnumDescriptions"),
        *("x-en", "x-enum-en", "x-form-en", "x-why"),
    )
)
"""What may be said of any fact."""

_BOUNDS = frozenset(
    (
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("x-at-most", "x-decimals"),
    )
)
_OF_TYPE: Mapping[str, frozenset[str]] = {
    "boolean": frozenset(),
    "integer": _BOUNDS,
    "number": _BOUNDS,
    "string": frozenset(
        ("minLength", "maxLength", "pattern", "format", "x-period", "x-not-before", "x-at-most")
    ),
    "array": frozenset(("items", "minItems", "maxItems", "uniqueItems", "x-unit", "x-date")),
    "object": frozenset(
        (
            *("properties", "required", "additionalProperties", "dependentRequired"),
            *("minProperties", "maxProperties", "propertyNames"),
        )
    ),
}
"""What may be said of a fact of one type; JSON Schema passes over anything else in silence."""

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
    builder, top = _Builder(document), framed(document.value)
    if not isinstance(top, dict) or top.get("type") != "object":
        builder.refuse((), Message("a form is an object: «type: object» is missing"))
    elif not builder.problems_of(top, ()):
        builder.told(_unread(top), top, ())
        builder.group(top, (), (), None)
        builder.check_identity()
        builder.check_siblings()
    if builder.problems:
        return None, builder.problems
    return Form(_label(top, "form"), builder.fields), []


class _Builder:
    """Walks a schema once and collects fields and problems."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.fields: dict[Path, Field] = {}
        self.problems: list[Problem] = []

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
        node = self.readable(written, keys)
        if node is None:
            return
        field = Field(
            path=path,
            type=FieldType.GROUP,
            label=_label(node, path[-1]),
            required=required,
            records=records,
        )
        kind = str(node.get("type"))
        self.told(_unread(node), node, keys)
        if kind == "object":
            self.fields[path] = field
            self.group(node, path, keys, records)
        elif kind == "array":
            self.list(node, field, keys)
        elif kind in _SINGLE:
            self.fields[path] = _single(node, field, kind)
        else:
            types = (*_SINGLE, "object", "array")
            self.refuse(keys, Message("«type» must be one of: {types}", {"types": types}))

    def list(self, node: _Node, field: Field, keys: Keys) -> None:
        below = (*keys, "items")
        items = self.readable(node.get("items"), below)
        if items is None:
            return
        kind = str(items.get("type"))
        if kind in _SINGLE:
            self.told(_unread(items), items, below)
            entry = _single(items, field, kind)
            self.fields[field.path] = replace(entry, type=FieldType.VALUES, entry=entry.type)
            return
        if kind != "object":
            self.refuse(below, Message("«items» must be objects or single values"))
            return
        self.told(_unread(items), items, below)
        date, unit = node.get("x-date"), node.get("x-unit")
        self.fields[field.path] = replace(
            field,
            type=FieldType.RECORDS,
            unit=Text(unit["zh"], unit["en"]) if unit else None,
            date=(date,) if isinstance(date, str) else None,
        )
        self.group(items, field.path, below, field.path)
        dated = self.fields.get((*field.path, date)) if isinstance(date, str) else None
        if date is not None and (dated is None or dated.type not in DATED):
            self.refuse((*keys, "x-date"), Message("«x-date» must name a date of the records"))

    def readable(self, written: object, keys: Keys) -> _Node | None:
        """The node with its references followed, beside which all else wins; None: a problem."""
        node, followed = written, list[str]()
        while isinstance(node, dict) and "$ref" in node:
            reference = str(node["$ref"])
            target: Any = self.document.value if reference.startswith("#/") else None
            for part in reference[2:].split("/"):
                target = target.get(part) if isinstance(target, dict) else None
            if not isinstance(target, dict) or reference in followed:
                message = Message("«{ref}» points to nothing in this file", {"ref": reference})
                self.refuse((*keys, "$ref"), message)
                return None
            followed.append(reference)
            node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        if not isinstance(node, dict):
            message = Message("a description of this fact, with title and type, is missing")
            self.refuse(keys, message)
            return None
        return None if self.problems_of(node, keys) else node

    def problems_of(self, node: _Node, keys: Keys) -> bool:
        """Whether a node says what a form cannot: each such thing becomes a problem."""
        return self.told(_faults(node), node, keys)

    def told(self, faults: Iterable[tuple[str, Message]], node: _Node, keys: Keys) -> bool:
        """Whether there are faults at keys of a node."""
        every = list(faults)
        for key, message in every:
            self.refuse((*keys, key) if key in node else keys, message)
        return bool(every)

    def check_identity(self) -> None:
        for name, kind in _IDENTITY:
            field = self.fields.get((name,))
            if field is None or field.type is not kind or not field.required:
                message = Message(
                    "every report says whose and of which year it is: "
                    "«{name}» must be required and of type {type}",
                    {"name": name, "type": "string" if kind is FieldType.TEXT else kind.value},
                )
                self.refuse(("properties", name), message)

    def check_siblings(self) -> None:
        for fact in self.fields.values():
            for keyword, name in (("x-not-before", fact.not_before), ("x-at-most", fact.at_most)):
                beside = self.fields.get((*fact.path[:-1], name)) if name else None
                if name and (beside is None or beside.type is not fact.type):
                    message = Message(
                        "«{keyword}» of «{path}» must name a key beside it, of the same type",
                        {"keyword": keyword, "path": ".".join(fact.path)},
                    )
                    self.refuse((), message)

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
    if node.get("x-period", "within") not in _PERIODS:
        yield "x-period", Message("«x-period» must be one of: {types}", {"types": _PERIODS})
    unit = node.get("x-unit")
    named = isinstance(unit, dict) and all(isinstance(unit.get(key), str) for key in ("zh", "en"))
    if unit is not None and not named:
        yield "x-unit", Message("«x-unit» must have «zh» and «en»")
    yield from _enum_faults(node)


def _unread(node: _Node) -> Iterator[tuple[str, Message]]:
    """Keywords that nothing reads, because they are mistyped or of another type of fact."""
    kind = str(node.get("type"))
    known = {*_ANYWHERE, *_OF_TYPE.get(kind, ())}
    for key in node.keys() - known - {*_UNSUPPORTED} if kind in _OF_TYPE else ():
        message = Message("nothing reads «{key}» of a fact of the type {type}; delete it")
        message = message.about({"key": key, "type": kind})
        yield key, meant(message, nearest(key, known - node.keys()))
    dated = str(node.get("format")) in _FORMATS
    for key in ("x-period", "x-not-before") if kind == "string" and not dated else ():
        if key in node:
            yield key, Message("nothing reads «{key}» of what is no date; delete it", {"key": key})
    identity = [name for name, _ in _IDENTITY]
    properties = node.get("properties", {})
    for name in node.get("required", ()) if kind == "object" else ():
        if name not in (*properties, *identity):
            message = Message("«required» names «{name}», which is not there", {"name": name})
            yield "required", meant(message, nearest(str(name), properties))


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


def _single(node: _Node, field: Field, type_: str) -> Field:
    """The field of a single value, or of the entries of a list, of this type of JSON."""
    kind = _SINGLE[type_]
    if kind is FieldType.TEXT:
        kind = _FORMATS.get(str(node.get("format")), kind)
    values = node.get("enum", [])  # which are their own names where none are given
    names = node.get("markdownEnumDescriptions", values), node.get("x-enum-en", values)
    return replace(
        field,
        type=kind,
        values={value: Text(zh, en) for value, zh, en in zip(values, *names, strict=True)},
        minimum=node.get("minimum", node.get("exclusiveMinimum")),
        maximum=node.get("maximum", node.get("exclusiveMaximum")),
        period=node.get("x-period", "within") if kind in DATED else None,
        not_before=node.get("x-not-before"),
        at_most=node.get("x-at-most"),
    )


def _label(node: _Node, key: str) -> Text:
    return Text(str(node.get("title", key)), str(node.get("x-en", key)))
