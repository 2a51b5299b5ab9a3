"""The rulebooks of a tree, each with the form it names, and their worked examples.

Owns which files belong to a rulebook. Must not judge a report.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.data.changes import at
from generator.data.examples import Example, examples
from generator.data.fact_check import fact_problems
from generator.data.rulebook import rulebook
from generator.data.rulebook_check import rulebook_problems
from generator.data.tree import Files, document_of
from generator.engine.book import Rulebook
from generator.engine.problem import Location, Message, Problem
from generator.reading.addresses import address
from generator.reading.files import Kind
from generator.reading.source import Document, read
from generator.shape.form import Form
from generator.shape.form_schema import form
from generator.shape.schema import Shape, shape, submission_schema, submission_shape


@dataclass(frozen=True, slots=True)
class Book:
    """A rulebook with the form it names and the shape of a report.

    `schema` is the form's path in schema/.
    """

    rulebook: Rulebook
    form: Form
    shape: Shape
    schema: str


Books = Mapping[tuple[str, int], Book]
"""Rulebooks by id and version."""


def books(files: Files, problems: list[Problem]) -> dict[tuple[str, int], Book]:
    """Every sound rulebook; what is wrong with the others goes to `problems`."""
    found = dict(_books(files, problems))
    for entry in (*files.of(Kind.EXAMPLE), *files.of(Kind.FACTS)):
        if (entry.id, entry.version) not in found:  # the others are read with their rulebook
            wanted = shape("example") if entry.kind is Kind.EXAMPLE else None
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
            if not found:
                book = rulebook(document, asked[0])
                schema = document.value["submission_schema"]
                yield (book.id, book.version), Book(book, *asked, schema)


def _form(files: Files, document: Document, problems: list[Problem]) -> tuple[Form, Shape] | None:
    """What a report under this rulebook is: the schema it names, as a form and as a shape."""
    name = document.value["submission_schema"]
    file = submission_schema(files.root, name)
    if file is None:
        message = Message("There is no file schema/{name}; put the schema there.", {"name": name})
        place = document.location(("submission_schema",))
        problems.append(Problem(place, "missing-file", message))
        return None
    schema, found = read(f"schema/{name}", file.read_bytes())
    problems += found
    if schema is None:
        return None
    asked, found = submission_shape(schema)
    built, more = form(schema)
    problems += found + more
    return (built, asked) if built is not None and asked is not None else None


def examples_of(files: Files, book: Book, problems: list[Problem]) -> list[Example]:
    """The worked examples of one rulebook, each with facts that a report could hold."""
    mine = (book.rulebook.id, book.rulebook.version)
    bases: dict[str, Any] = {}
    for entry in files.of(Kind.FACTS):
        if (entry.id, entry.version) == mine:
            base = document_of(files, entry.path, book.shape, problems)
            bases[entry.path.rpartition("/facts/")[2]] = base.value if base else None
    found: list[Example] = []
    for entry in files.of(Kind.EXAMPLE):
        if (entry.id, entry.version) == mine:
            document = document_of(files, entry.path, shape("example"), problems)
            if document is not None:
                found += _sound(document, bases, book, problems)
    return found


def _sound(
    document: Document, bases: Mapping[str, Any], book: Book, problems: list[Problem]
) -> Iterator[Example]:
    """The examples of a file whose clause exists and whose facts a report could hold."""
    clauses = tuple(clause.id for clause in book.rulebook.clauses())
    if document.value["clause"] not in clauses:
        message = Message(
            "The rulebook has no clause {clause}; its clauses are {clauses}.",
            {"clause": document.value["clause"], "clauses": clauses},
        )
        problems.append(Problem(document.location(("clause",)), "unknown-clause", message))
        return
    for example in examples(document, bases, book.form):
        if isinstance(example, Problem):
            problems.append(example)
            continue
        facts = _Given(example.facts, example.location)
        wrong = book.shape.problems(facts) or fact_problems(
            facts, book.form, book.rulebook, example.period
        )
        problems += wrong
        if not wrong:
            yield example


@dataclass(frozen=True, slots=True)
class _Given:
    """The facts of an example, which all stand where the example does."""

    value: Any
    place: Location

    @property
    def path(self) -> str:
        return self.place.path

    def address(self, keys: Sequence[str | int]) -> str:
        return address(self.value, keys)

    def location(self, keys: Sequence[str | int], *, key: bool = False) -> Location:  # noqa: ARG002 - the shape of `Placed`
        return at(self.place, self.address(keys))
