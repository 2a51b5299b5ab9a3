"""A report before anything is filled in: every key of a form, what it means, and no value.

Owns how a form looks as YAML to be filled in by hand, and how comments are set in a column.
Knows no regulation: labels, values and examples are the form's own. Must not judge or write.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width

from generator.engine.problem import Path
from generator.shape.form import Field, FieldType, Form

NOTE = "  ## "
"""Stands between a line and its comment until `aligned` has set all comments in one column."""

_WIDEST = 100
_MARKS = re.compile(r"(?: *#)*")
_CLAUSES = re.compile(r"[^：，；、]*(?:[：，；、]|$)")
_EXAMPLES = {
    FieldType.DATE: ("{year}-05-02", "{year}-06-05"),
    FieldType.DATE_MINUTE: ("{year}-05-02T09:00", "{year}-06-05T14:30"),
    FieldType.MONTH: ("{year}-05", "{year}-06"),
    FieldType.QUARTER: ("{year}-Q1", "{year}-Q2"),
}
_KINDS = {
    FieldType.BOOLEAN: "：true 是，false 否",
    FieldType.INTEGER: "，整数",
    FieldType.NUMBER: "，数字",
}
_MANY = frozenset((FieldType.GROUP, FieldType.RECORDS))


def blank(form: Form, schema: Mapping[str, Any], given: Mapping[str, object], year: int) -> str:
    """Every key of the form with its comment and no value but those `given` at the top.

    A list of records shows one record, commented out; in it, and everywhere, what may be left
    out is commented out once more. `schema` is the form's file, asked for its examples.
    """
    return "\n".join(_Blank(form, schema, year).top(given))


class _Blank:
    """One form written down; every method gives lines without the indentation around them."""

    def __init__(self, form: Form, schema: Mapping[str, Any], year: int) -> None:
        self.form = form
        self.schema = schema
        self.year = year

    def top(self, given: Mapping[str, object]) -> Iterator[str]:
        """All lines, with an empty one around each group and list of records."""
        above: Field | None = None
        for one in self.form.below(()):
            if above is not None and (above.type in _MANY or one.type in _MANY):
                yield ""
            above = one
            if (value := given.get(one.path[-1])) is not None:
                yield f"{one.path[-1]}: {value}{NOTE}{one_line(one.label.zh)}"
            else:
                yield from self.field(one, hidden=False)

    def field(self, one: Field, *, hidden: bool) -> Iterator[str]:
        """A key and what stands below it; `hidden`: inside something that may be left out."""
        mark = "" if one.required or hidden else "# "
        below = hidden or not one.required
        yield f"{mark}{one.path[-1]}:{NOTE}{self.note(one)}"
        if one.type is FieldType.RECORDS:
            shown = "" if below or one.records is not None else "# "
            for number, line in enumerate(self.fields(one.path, hidden=below)):
                yield f"{mark}  {shown}{'  ' if number else '- '}{line}"
        elif one.type is FieldType.GROUP:
            for line in self.fields(one.path, hidden=below):
                yield f"{mark}  {line}"

    def fields(self, path: Path, *, hidden: bool) -> Iterator[str]:
        for one in self.form.below(path):
            yield from self.field(one, hidden=hidden)

    # --- comments -----------------------------------------------------------------

    def note(self, one: Field) -> str:
        """What the value is, what it looks like, and when there is none."""
        parts = [one.label.zh, self.shape(one)]
        for name, how in ((one.at_most, "不多于"), (one.not_before, "不早于")):
            if name and (other := self.form.at((*one.path[:-1], name))):
                parts.append(f"，{how}{other.label.zh}")
        if one.type in (FieldType.VALUES, FieldType.RECORDS) and one.required:
            parts.append("；没有写 []")
        if not one.required:
            parts.append("；没有就不写")
        return one_line("".join(parts))

    def shape(self, one: Field) -> str:
        if one.type is FieldType.RECORDS:
            return f"，每{one.unit.zh if one.unit and one.unit.zh else '项'}一条"
        if one.values:
            named = "，".join(f"{value} {text.zh}" for value, text in one.values.items())
            some = ", ".join(list(one.values)[:2])
            return f"，例如 [{some}]：{named}" if one.entry else f"：{named}"
        return self.example(one) or _KINDS.get(one.type, "")

    def example(self, one: Field) -> str:
        """What a dated text or a text looks like; numbers and truth values need no example."""
        if (dated := one.dated) is not None:
            shown = [example.format(year=self.year) for example in _EXAMPLES[dated]]
        elif one.type is FieldType.TEXT:
            shown = [str(example) for example in _examples(self.schema, one.path)[:1]]
        else:
            shown = []
        if not shown:
            return ""
        return f"，例如 [{', '.join(shown)}]" if one.entry else f"，例如 {shown[0]}"


def _examples(schema: Mapping[str, Any], path: Path) -> Sequence[object]:
    """What the schema of a form, known to be one, gives as examples of the fact at a path."""
    node = schema
    for name in path:
        node = _resolved(schema, node.get("items", node))["properties"][name]
        node = _resolved(schema, node)
    found: Sequence[object] = node.get("examples", ())
    return found


def _resolved(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        target: Any = schema
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


# --- comments in a column -------------------------------------------------------------


def one_line(text: str) -> str:
    """A text fit for a comment, whatever a schema calls its facts."""
    return " ".join(text.split())


def aligned(text: str) -> str:
    """The text with what follows each `NOTE` as comments in one column, long ones wrapped."""
    rows = [line.partition(NOTE) for line in text.split("\n")]
    column = max((_width(left) for left, note, _ in rows if note), default=0) + 2
    return "\n".join(
        line for left, _, note in rows for line in (_beside(left, note, column) if note else [left])
    )


def _beside(left: str, note: str, column: int) -> Iterator[str]:
    """One line with its comment, and lines below it for what does not fit."""
    for row in _wrapped(note, _WIDEST - column - 2):
        yield f"{left}{' ' * (column - _width(left))}# {row}"
        left = _MARKS.findall(left)[0]


def _wrapped(note: str, room: int) -> Iterator[str]:
    row = ""
    for clause in _CLAUSES.findall(note):
        if row and _width(row + clause) > room:
            yield row
            row = ""
        row += clause
    yield row


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
