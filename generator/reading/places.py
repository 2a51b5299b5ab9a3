"""Where every value of a YAML text stands.

Owns the second look at a text, taken only when somebody asks for a place: most files are
read and found right without. Judges nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from yaml import CSafeLoader
from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

Place = tuple[int, int]
"""Line and column, both from 0."""


class Mark(Protocol):
    """Where the parser says that a key or a value starts, from 0."""

    line: int
    column: int


class Node(NamedTuple):
    """The place of a value and of its key (in a list: of the value itself), and what it holds."""

    key: Place
    value: Place
    children: "Mapping[str | int, Node]"


class Repeat(NamedTuple):
    """A key that its mapping has already."""

    key: str
    first: Place
    again: Place


def position(event: Event) -> Place:
    """Where an event of the parser starts."""
    return _place(event.start_mark)


def places(value: Any, marks: Sequence[Mark]) -> Node:
    """The places of a value, whose keys and values were read in the order of the marks."""
    coming = map(_place, marks)
    start = next(coming, (0, 0))
    return Node(start, start, _inside(value, coming))


def _inside(value: Any, coming: Iterator[Place]) -> dict[str | int, Node]:
    found: dict[str | int, Node] = {}
    if isinstance(value, dict):
        for key, inner in value.items():
            key_place, place = next(coming), next(coming)
            below = _inside(inner, coming) if isinstance(inner, (dict, list)) else _NOTHING
            found[key] = Node(key_place, place, below)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            place = next(coming)
            below = _inside(inner, coming) if isinstance(inner, (dict, list)) else _NOTHING
            found[index] = Node(place, place, below)
    return found


_NOTHING: Mapping[str | int, Node] = {}
"""What most values hold."""


def _place(mark: Any) -> Place:
    return mark.line, mark.column


# --- repeated keys --------------------------------------------------------------------


def repeats(text: str) -> Iterator[Repeat]:
    """Every key that stands twice in one mapping, as far as the text can be read."""
    above: list[_Open] = []
    try:
        for event in _events(text):
            if isinstance(event, CollectionEndEvent):
                above.pop()
                continue
            if not isinstance(event, NodeEvent):
                continue
            if above and above[-1].take():
                name = event.value if isinstance(event, ScalarEvent) else ""
                first = above[-1].keys.setdefault(name, position(event))
                if first != position(event):
                    yield Repeat(name, first, position(event))
            if not isinstance(event, ScalarEvent | AliasEvent):
                above.append(_Open(is_mapping=isinstance(event, MappingStartEvent)))
    except YAMLError:
        return  # what was found so far is the answer


def _events(text: str) -> Iterator[Event]:
    parser = CSafeLoader(text)
    while (event := parser.get_event()) is not None:
        yield event


class _Open:
    """A collection that is being read: the keys of a mapping so far, and whether one comes next."""

    def __init__(self, *, is_mapping: bool) -> None:
        self.is_mapping = is_mapping
        self.keys: dict[str, Place] = {}
        self.at_key = is_mapping

    def take(self) -> bool:
        """Take in one node; whether it is a key."""
        was_key = self.at_key
        self.at_key = self.is_mapping and not was_key
        return was_key
