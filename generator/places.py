"""Where every value of a YAML text stands.

Owns the second pass over a text, made only when somebody asks for a place: most files are
read and found right without. Reads no values and judges nothing.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from yaml import CSafeLoader
from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Place = tuple[int, int]
"""Line and column, both from 0."""


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
    mark: Any = event.start_mark
    return mark.line, mark.column


def places(text: str) -> tuple[Node, list[Repeat]]:
    """The places of a text's values as far as it can be read, and every repeated key."""
    walk = _Walk()
    parser = CSafeLoader(text)
    try:
        while (event := parser.get_event()) is not None:
            kind = type(event)
            if kind in _VALUES:
                walk.node(event, kind)
            elif kind in _CLOSING:
                walk.children, walk.key = walk.above.pop()
    except YAMLError:
        pass  # what was found so far is the answer
    root = walk.children if not walk.above else walk.above[0][0]
    return root.get(0, Node((0, 0), (0, 0), {})), walk.repeats


_OPENING = frozenset((MappingStartEvent, SequenceStartEvent))
_VALUES = _OPENING | {ScalarEvent, AliasEvent}
_CLOSING = frozenset((MappingEndEvent, SequenceEndEvent))
_Key = tuple[str, Place] | bool | None


class _Walk:
    """The open collections, innermost last; `key` is None where a list goes on."""

    def __init__(self) -> None:
        self.children: dict[str | int, Node] = {}
        self.key: _Key = None
        self.above: list[tuple[dict[str | int, Node], _Key]] = []
        self.repeats: list[Repeat] = []

    def node(self, event: Any, kind: type[Event]) -> None:
        """Take in a key or a value. `key` is True where a mapping waits for its next key."""
        mark = event.start_mark
        place = (mark.line, mark.column)
        children: dict[str | int, Node] = {}
        if self.key is True:
            name = event.value if kind is ScalarEvent else ""
            self.key = (name, place)
        elif isinstance(self.key, tuple):
            name, key_place = self.key
            if name in self.children:
                self.repeats.append(Repeat(name, self.children[name].key, key_place))
            else:
                self.children[name] = Node(key_place, place, children)
            self.key = True
        else:
            self.children[len(self.children)] = Node(place, place, children)
        if kind in _OPENING:
            self.above.append((self.children, self.key))
            self.children = children
            self.key = True if kind is MappingStartEvent else None
