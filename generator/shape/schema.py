"""Whether a document has the shape that its schema asks for.

Owns the schemas that come with the program, compiled once, and the verdict. A fast validator
decides; only what it refuses is looked at again by one that can explain (`faults`).
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from json import loads
from typing import Any

from jsonschema_rs import Draft202012Validator, ReferencingError, ValidationError

from generator.engine.problem import Message, Problem
from generator.reading.files import SCHEMA, Tree
from generator.reading.source import Document, Placed
from generator.shape.explain import decimals
from generator.shape.resources import resource


class Shape:
    """One schema, compiled. `schema` is plain JSON data with decimals, never floats."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Raises what jsonschema-rs raises where this is no schema; ours are tested to be."""
        self.schema = schema
        self._judge = Draft202012Validator(
            _strict(schema), keywords=_KEYWORDS, validate_formats=False, offline=True
        )

    def is_valid(self, value: object) -> bool:
        """The verdict on plain values as `source.read` gives them."""
        return self._judge.is_valid(value)

    def problems(self, document: Placed) -> list[Problem]:
        """Every fault of a document's shape, placed and explained; none for a valid one."""
        if self._judge.is_valid(document.value):
            return []
        from generator.shape.explain import faults  # noqa: PLC0415 - slow to import, seldom needed

        return faults(self.schema, document)


class _Decimals:
    """The keyword `x-decimals`: how many decimals a number may have."""

    def __init__(self, parent: object, places: int, path: object) -> None:  # noqa: ARG002 - jsonschema-rs's signature
        self.places = places

    def validate(self, value: object) -> None:
        if decimals(value) > self.places:
            raise ValueError


class _Whole:
    """The keyword `x-whole`: 120.0 is no whole number, though JSON Schema takes it for one."""

    def __init__(self, parent: object, value: object, path: object) -> None:
        pass

    def validate(self, value: object) -> None:
        if isinstance(value, Decimal):
            raise ValueError  # noqa: TRY004 - what jsonschema-rs expects of a keyword


_KEYWORDS: dict[str, Any] = {"x-decimals": _Decimals, "x-whole": _Whole}


def _strict(node: Any) -> Any:
    """The schema with `x-whole` wherever it asks for an integer."""
    if isinstance(node, list):
        return [_strict(inner) for inner in node]
    if not isinstance(node, Mapping):
        return node
    strict = {key: _strict(inner) for key, inner in node.items()}
    kinds = node.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return strict | {"x-whole": True} if "integer" in kinds and "number" not in kinds else strict


@cache
def shape(kind: str) -> Shape:
    """The shape of one kind of file: townships, owners, assessment, rulebook, results …"""
    text = resource("schema", f"{kind}.schema.json").read_text(encoding="utf-8")
    return Shape(loads(text, parse_float=Decimal))


def submission_schema(tree: Tree, name: str) -> bytes | None:
    """A submission schema: the tree's own, else the one that comes with the program."""
    own = tree.get(f"{SCHEMA}/{name}")
    if own is not None and not isinstance(own, Problem):
        return own.read()
    ours = resource("schema", *name.split("/"))
    return ours.read_bytes() if ours.is_file() else None


def submission_shape(document: Document) -> tuple[Shape | None, list[Problem]]:
    """The shape that a submission schema, read as a document, asks of reports."""
    try:
        return Shape(document.value), []
    except (ValidationError, ReferencingError, ValueError) as error:
        message = Message(
            "This is no JSON Schema that can be used: {error}", {"error": str(error).split("\n")[0]}
        )
        return None, [Problem(document.location(()), "form-unsupported", message)]


def validate(schema: str | Mapping[str, Any], document: Placed) -> list[Problem]:
    """Every fault of a document against a schema, by the kind's name or as plain data."""
    return (shape(schema) if isinstance(schema, str) else Shape(schema)).problems(document)
