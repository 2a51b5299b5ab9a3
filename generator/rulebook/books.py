"""The rulebooks of a tree, each with the form it names and its text in English."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.engine.book import Rulebook
from generator.engine.problem import Message, Problem, errors
from generator.reading.files import Kind
from generator.reading.source import Document, Fault, placed
from generator.rulebook.check import rulebook_faults
from generator.rulebook.paths import unknown
from generator.rulebook.read import completed, written
from generator.shape.documents import Files, document_of, screened
from generator.shape.form import Form, form
from generator.shape.schema import Shape, shape, submission_schema, submission_shape

Rendering = Mapping[str, str]
"""A Chinese text of a rulebook, word for word → its English rendering."""


def rendering(value: Any, book: Rulebook, written: Any) -> tuple[Rendering, list[Fault]]:
    """The rendering of a sound rulebook, and what in it the rulebook as written does not have."""
    texted: tuple[Any, ...] = (*book.clauses(), *book.above.pools, *book.provisions)
    phrased: tuple[Any, ...] = (*book.readings, *book.undecidable)
    tables = {
        "requirements": ("unknown-section", {s.id: s.requirement for s in book.sections}),
        "texts": ("unknown-clause", {item.id: item.text for item in texted}),
        "phrases": ("unknown-reading", {item.id: item.phrase for item in phrased}),
    }
    english, faults = dict[str, str](), list[Fault]()
    if "preamble" in value and book.preamble:
        english[book.preamble] = value["preamble"]
    elif "preamble" in value:
        faults.append(unknown(("preamble",), "unknown-text", "preamble", (), at_key=True))
    for key, (code, texts) in tables.items():
        known = {name: text for name, text in texts.items() if text}
        for name, text in value.get(key, {}).items():
            if name in known:
                english[known[name]] = text
            else:
                faults.append(unknown((key, name), code, name, known, at_key=True))
    chinese = set(_texts(written))
    for text, note in value.get("notes", {}).items():
        if text in chinese:
            english[text] = note
        else:
            message = Message(
                "The rulebook has no text «{text}»; copy it as it stands there, word for word.",
                {"text": text},
            )
            faults.append(Fault(("notes", text), "unknown-text", message, at_key=True))
    return english, faults


def _texts(value: object) -> Iterator[str]:
    """Every text of a rulebook as written."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


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
    renderings = {(entry.id, entry.version): entry.path for entry in files.of(Kind.RENDERING)}
    for entry in files.of(Kind.RULEBOOK):
        name = (entry.id, entry.version)
        document = document_of(files, entry.path, shape("rulebook"), problems)
        asked = _form(files, document, problems) if document else None
        if document is None or asked is None:
            continue
        typed = written(document.value)
        found = placed(document, rulebook_faults(typed, asked[0], name))
        problems += found
        if errors(found):
            continue
        book = completed(typed, document, asked[0])
        english: Rendering = {}
        if name in renderings:
            said = document_of(files, renderings[name], shape("rendering"), problems)
            if said is not None:
                english, wrong = rendering(said.value, book, document.value)
                problems += placed(said, wrong)
        yield name, Book(book, *asked, document.value["submission_schema"], english)


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
