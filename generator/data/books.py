"""The rulebooks of a tree, each with the form it names.

Owns which files belong to a rulebook; its examples are read by `worked`. Must not judge a report.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.data.rendering import Rendering, rendering
from generator.data.rulebook import rulebook
from generator.data.rulebook_check import rulebook_problems
from generator.data.tree import Files, document_of, screened
from generator.engine.book import Rulebook
from generator.engine.problem import Message, Problem, errors
from generator.reading.files import Kind
from generator.reading.source import Document
from generator.shape.form import Form
from generator.shape.form_schema import form
from generator.shape.schema import Shape, shape, submission_schema, submission_shape


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
