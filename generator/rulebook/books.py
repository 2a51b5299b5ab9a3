"""The rulebooks of a tree, each with the form it names and its text in English."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.engine.book import Rulebook
from generator.engine.problem import Message, Problem, errors
from generator.reading.files import Kind
from generator.reading.source import Document
from generator.rulebook.check import rulebook_problems
from generator.rulebook.paths import places, unknown
from generator.rulebook.read import rulebook
from generator.shape.documents import Files, document_of, screened
from generator.shape.form import Form, form
from generator.shape.schema import Shape, shape, submission_schema, submission_shape

Rendering = Mapping[str, str]
"""A Chinese text of a rulebook, word for word → its English rendering."""

_BY_ID = {
    "requirements": ("unknown-section", ("sections.*",), "requirement"),
    "texts": ("unknown-clause", ("sections.*.clauses.*", "pools.*", "provisions.*"), "text"),
    "phrases": ("unknown-reading", ("readings.*", "undecidable.*"), "phrase"),
}
"""Key → the code of a name that is not there, where names are found, which text is meant."""


def rendering(document: Document, book: Document) -> tuple[Rendering, list[Problem]]:
    """The rendering of a sound rulebook, and what in it the rulebook does not have."""
    problems: list[Problem] = []
    found = dict(_texts(document, book.value, problems))
    return found, problems


def _texts(
    document: Document, book: Mapping[str, Any], problems: list[Problem]
) -> Iterator[tuple[str, str]]:
    value = document.value
    if "preamble" in value and "preamble" in book:
        yield book["preamble"], value["preamble"]
    elif "preamble" in value:
        problems.append(unknown(document, ("preamble",), "unknown-text", "preamble", (), key=True))
    for key, (code, patterns, named) in _BY_ID.items():
        there = {
            entry["id"]: entry[named]
            for pattern in patterns
            for _, entry in places(book, pattern)
            if named in entry
        }
        for name, english in value.get(key, {}).items():
            if name in there:
                yield there[name], english
            else:
                problems.append(unknown(document, (key, name), code, name, there, key=True))
    written = set(_written(book))
    for chinese, english in value.get("notes", {}).items():
        if chinese in written:
            yield chinese, english
        else:
            problems.append(_no_such_text(document, chinese))


def _written(value: object) -> Iterator[str]:
    """Every text of a rulebook."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _written(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _written(inner)


def _no_such_text(document: Document, chinese: str) -> Problem:
    message = Message(
        "The rulebook has no text «{text}»; copy it as it stands there, word for word.",
        {"text": chinese},
    )
    return Problem(document.location(("notes", chinese), key=True), "unknown-text", message)


@dataclass(frozen=True, slots=True)
class Book:
    """A rulebook with the form it names and the shape of a report.

    `schema` is the form's path in schema/, `english` its text for readers without Chinese.
    """

    rulebook: Rulebook
    form: Form
    shape: Shape
    schema: str
    english: Rendering = field(default_factory=dict)


Books = Mapping[tuple[str, int], Book]
"""Rulebooks by id and version."""


def books(files: Files, problems: list[Problem]) -> dict[tuple[str, int], Book]:
    """Every sound rulebook; what is wrong with the others goes to `problems`."""
    found = dict(_books(files, problems))
    for kind in (Kind.EXAMPLE, Kind.FACTS, Kind.RENDERING):
        for entry in files.of(kind):
            if (entry.id, entry.version) in found:
                continue  # it is read with its rulebook
            wanted = None if kind is Kind.FACTS else shape(kind)
            document_of(files, entry.path, wanted, problems)
    return found


def _books(files: Files, problems: list[Problem]) -> Iterator[tuple[tuple[str, int], Book]]:
    for entry in files.of(Kind.RULEBOOK):
        document = document_of(files, entry.path, shape("rulebook"), problems)
        if document is None:
            continue
        asked = _form(files, document, problems)
        if asked is not None:
            found = rulebook_problems(document, asked[0], (entry.id, entry.version))
            problems += found
            if not errors(found):
                book = rulebook(document, asked[0])
                schema = document.value["submission_schema"]
                english = _english(files, document, (book.id, book.version), problems)
                yield (book.id, book.version), Book(book, *asked, schema, english)


def _english(
    files: Files, book: Document, name: tuple[str, int], problems: list[Problem]
) -> Rendering:
    """The rulebook's text in English, as far as somebody has written it."""
    for entry in files.of(Kind.RENDERING):
        if (entry.id, entry.version) == name:
            document = document_of(files, entry.path, shape("rendering"), problems)
            if document is not None:
                found, wrong = rendering(document, book)
                problems += wrong
                return found
    return {}


def _form(files: Files, document: Document, problems: list[Problem]) -> tuple[Form, Shape] | None:
    """What a report under this rulebook is: the schema it names, as a form and as a shape."""
    name = document.value["submission_schema"]
    data = submission_schema(files.tree, name)
    if data is None:
        message = Message("There is no file schema/{name}; put the schema there.", {"name": name})
        place = document.location(("submission_schema",))
        problems.append(Problem(place, "missing-file", message))
        return None
    schema, found = screened(f"schema/{name}", data)
    problems += found
    if schema is None:
        return None
    asked, found = submission_shape(schema)
    built, more = form(schema)
    problems += found + more
    return (built, asked) if built is not None and asked is not None else None
