"""Whether a file is well formed: read from a tree, held to its schema, its faults placed.

Owns where schemas stand and what a file of any kind may have. Must not know what files mean
together.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from json import loads
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator, ReferencingError, ValidationError

from generator.engine.problem import Location, Message, Problem
from generator.engine.year import InputFile
from generator.reading.files import SCHEMA, Blob, DataFile, Kind, Tree, blobs, listing
from generator.reading.screen import REGISTER, screen
from generator.reading.source import (
    Document,
    Fault,
    Placed,
    decimals,
    placed,
    screened,
    telephone_in,
)
from generator.shape.form import framed

_HERE = Path(__file__).parent.parent


def resource(*parts: str) -> Path:
    """A file or folder that comes with the program, by its parts from the top of a checkout."""
    packaged = _HERE / "_share"
    return (packaged if packaged.is_dir() else _HERE.parent).joinpath(*parts)


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

    def faults(self, value: object) -> list[Fault]:
        """Everything that is wrong with the shape of a value; nothing in a valid one."""
        if self._judge.is_valid(value):
            return []
        from generator.shape.explain import faults  # noqa: PLC0415 - slow to import, seldom needed

        return faults(self.schema, value)

    def problems(self, document: Placed) -> list[Problem]:
        """The faults of a document's shape, each at its place."""
        return placed(document, self.faults(document.value))


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
        return Shape(framed(document.value)), []
    except (ValidationError, ReferencingError, ValueError) as error:
        message = Message(
            "This is no JSON Schema that can be used: {error}", {"error": str(error).split("\n")[0]}
        )
        return None, [Problem(document.start, "form-unsupported", message)]


def validate(schema: str | Mapping[str, Any], document: Placed) -> list[Problem]:
    """Every fault of a document against a schema, by the kind's name or as plain data."""
    return (shape(schema) if isinstance(schema, str) else Shape(schema)).problems(document)


Value = Mapping[str, Any]
"""What a file, or an entry of one, holds."""


@dataclass(frozen=True, slots=True)
class Files:
    """A tree with what each of its files is, and what does not belong there."""

    tree: Mapping[str, Blob]
    listed: tuple[DataFile, ...]
    problems: tuple[Problem, ...]

    def of(self, *kinds: Kind, year: int | None = None) -> list[DataFile]:
        """The files of some kinds, of one year if given, in the order of their paths."""
        return [f for f in self.listed if f.kind in kinds and year in (None, f.year)]

    def years(self) -> list[int]:
        """Every year of an assessment that has a file; holidays are known for others as well."""
        return sorted({f.year for f in self.listed if f.kind is not Kind.HOLIDAYS} - {0})


def files_of(tree: Tree) -> Files:
    """The files of a tree, by what each of them is."""
    listed, problems = listing(tree)
    return Files(blobs(tree), tuple(listed), (*problems, *_named([file.path for file in listed])))


def _named(paths: Sequence[str]) -> Iterator[Problem]:
    """Personal numbers in the names of files, which are shown wherever a file is."""
    for problem in screen("", "\n".join(paths)):
        yield replace(problem, location=Location(paths[problem.location.line - 1], 1, 1))


def document_of(
    files: Files, path: str, wanted: Shape | None, problems: list[Problem]
) -> Document | None:
    """The file if it can be read and has the shape; what is wrong goes to `problems`.

    Where no shape is asked for, it may have lines that were read as they were probably meant.
    """
    document, unreadable = screened(path, files.tree[path].read())
    problems += unreadable
    if document is None or wanted is None:
        return document
    shapeless = beyond_slips(document, wanted.faults(document.value))
    problems += shapeless
    return None if shapeless or document.slipped else document


def beyond_slips(document: Document, faults: Iterable[Fault]) -> list[Problem]:
    """The problems of a document but for its slipped lines: these have been told of already."""
    problems = placed(document, faults)
    return [problem for problem in problems if problem.location.line not in document.slipped]


def documents_of(
    files: Files, wanted: Iterable[DataFile], problems: list[Problem], facts: Shape | None = None
) -> dict[DataFile, Document]:
    """The files that can be read and have their shape; what is wrong goes to `problems`.

    `facts` is the shape of what townships report, which the rulebook says; None asks for none.
    """
    documents = {}
    for file in wanted:
        asked = facts if file.kind in (Kind.REPORT, Kind.FACTS) else shape(file.kind)
        document = document_of(files, file.path, asked, problems)
        if document is not None:
            documents[file] = document
    return documents


def office_telephone(files: Files) -> str | None:
    """The office's own telephone, where the register says one."""
    blob = files.tree.get(REGISTER)
    return None if blob is None else telephone_in(REGISTER, blob.read())


def missing(path: str, message: Message) -> Problem:
    return Problem(Location(path, 1, 1), "missing-file", message)


def used(document: Document) -> InputFile:
    return InputFile(document.path, document.sha256)
