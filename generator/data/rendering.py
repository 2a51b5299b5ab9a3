"""A rulebook's text in English: `english.yaml` beside it, for readers who know no Chinese.

Owns what it may render, and that it renders what is there. No result rests on it, so it can
be mended at any time; the Chinese text is the one that counts. Must not judge a translation.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.data.rulebook_walk import places, unknown
from generator.engine.problem import Message, Problem
from generator.reading.source import Document

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
    for key, (code, patterns, field) in _BY_ID.items():
        there = {
            entry["id"]: entry[field]
            for pattern in patterns
            for _, entry in places(book, pattern)
            if field in entry
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
