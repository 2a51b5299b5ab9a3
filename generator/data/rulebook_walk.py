"""Where things stand in a rulebook file: rules, figures, and whatever a pattern leads to.

Owns walking through the file as written, so that checks can say what they look at and not
how to get there. Must not check anything.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.engine.problem import Message, Problem
from generator.reading.source import Document

Keys = tuple[str | int, ...]
Entry = tuple[Keys, Mapping[str, Any]]


def places(value: Any, pattern: str) -> Iterator[tuple[Keys, Any]]:
    """Every value that a pattern leads to, with its keys.

    A pattern is keys joined by dots; `*` stands for every entry of a list and every value of a
    group, a final `@` for every key of one.
    """
    return _places(value, tuple(pattern.split(".")), ())


def _places(value: Any, pattern: tuple[str, ...], keys: Keys) -> Iterator[tuple[Keys, Any]]:
    if not pattern:
        yield keys, value
        return
    step, rest = pattern[0], pattern[1:]
    if step == "@":
        yield from (((*keys, key), key) for key in _group(value))
    elif step == "*":
        for key, inner in _entries(value):
            yield from _places(inner, rest, (*keys, key))
    elif step in _group(value):
        yield from _places(value[step], rest, (*keys, step))


def _group(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _entries(value: Any) -> Iterable[tuple[str | int, Any]]:
    return enumerate(value) if isinstance(value, list) else _group(value).items()


CLAUSES = "sections.*.clauses.*"
RULES = ("sections.*.clauses.*.rules.*", "pools.*.rules.*")


def rules(value: Mapping[str, Any]) -> Iterator[Entry]:
    """Every rule, those of pools too."""
    for pattern in RULES:
        yield from places(value, pattern)


def figures(value: Any, keys: Keys = ()) -> Iterator[Entry]:
    """Every number with its ground, wherever it stands below a value."""
    if isinstance(value, Mapping) and isinstance(value.get("basis"), str):
        yield keys, value
    for key, inner in _entries(value):
        yield from figures(inner, (*keys, key))


def unknown(
    document: Document,
    keys: Keys,
    code: str,
    name: object,
    known: Iterable[str],
    *,
    key: bool = False,
) -> Problem:
    """The problem of a name that is not among the known ones."""
    message = Message(
        "There is no «{name}»; there are: {known}", {"name": name, "known": tuple(known) or ("-",)}
    )
    return Problem(document.location(keys, key=key), code, message)
