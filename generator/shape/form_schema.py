"""From a submission schema to a `Form`, and every problem that keeps it from being one.

Owns which part of JSON Schema a regulation's form may use: closed objects, lists, single
values with a title, references inside the file. Must not validate a report.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.engine.problem import Message, Path, Problem, Text
from generator.reading.source import Document
from generator.shape.form import Field, FieldType, Form, Keys, Period

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
        top = self.document.value
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
