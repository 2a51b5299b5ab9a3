"""From the bytes of a YAML file to plain values, each with the place where it stands.

Owns the strict reading of YAML: the core scalars of YAML 1.2, dates left as text, and nothing that
lets two readers of a file see different things (anchors, tags, merge keys, duplicate keys, a
second document); and addresses: keys joined by dots, a record by its id, other entries from 1.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from yaml import CSafeLoader, SafeLoader
from yaml.error import Mark, YAMLError
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from generator.engine.problem import Location, Message, Problem, Severity
from generator.reading import damage, slips
from generator.reading.screen import REGISTER, brief, screen

Place = tuple[int, int]
"""Line and column, both from 0."""


class Node(NamedTuple):
    """The place of a value and of its key (in a list: of the value itself), and what it holds."""

    key: Place
    value: Place
    children: "Mapping[str | int, Node]"


def places(value: Any, marks: Sequence[Mark]) -> Node:
    """The places of a value, whose keys and values were read in the order of the marks."""
    coming = map(_place, marks)
    start = next(coming, (0, 0))
    return Node(start, start, _inside(value, coming))


def _inside(value: Any, coming: Iterator[Place]) -> Mapping[str | int, Node]:
    if not isinstance(value, (dict, list)):
        return _NOTHING
    nodes: dict[str | int, Node] = {}
    is_mapping = isinstance(value, dict)
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        start = next(coming)
        place = next(coming) if is_mapping else start
        nodes[key] = Node(start, place, _inside(inner, coming))
    return nodes


_NOTHING: Mapping[str | int, Node] = {}
"""What most values hold."""


def _place(mark: Any) -> Place:
    return mark.line, mark.column


Keys = tuple[str | int, ...]
"""The keys and indexes that lead to one value."""

_ID = re.compile(r"(?!.*[0-9]{7})[A-Za-z0-9_.-]{1,40}", re.ASCII)
"""Seven digits in a row may be somebody's number; an address is printed and must hold none."""


def address(value: Any, keys: Sequence[str | int]) -> str:
    """Keys joined by dots; a record by its id, any other entry by its number from 1."""
    return ".".join(names(value, keys))


def names(value: Any, keys: Sequence[str | int]) -> list[str]:
    """The parts of the address that keys lead to, one for each key."""
    parts = []
    for key in keys:
        if isinstance(key, int):
            value = value[key] if isinstance(value, list) and key < len(value) else None
            parts.append(_name(value, key))
        else:
            value = value.get(key) if isinstance(value, Mapping) else None
            parts.append(key)
    return parts


def keys_of(value: Any, address: str) -> Keys | None:
    """The keys that lead to what stands at an address, None where nothing does."""
    keys: Keys = ()
    for part in address.split(".") if address else ():
        key = _key(value, part)
        if key is None:
            return None
        keys, value = (*keys, key), value[key]
    return keys


def value_at(value: Any, address: str) -> Any:
    """What stands at an address, None where nothing does."""
    keys = keys_of(value, address)
    for key in keys or ():
        value = value[key]
    return None if keys is None else value


def replaced(value: Any, parts: Sequence[str], new: Any) -> Any:
    """The same facts with one of them replaced, added or, by None, struck out."""
    name, rest = parts[0], parts[1:]
    if isinstance(value, Mapping):
        return changed(value, name, replaced(value.get(name, {}), rest, new) if rest else new)
    key = _key(value, name)
    if not isinstance(key, int):
        added = {"id": name, **new} if isinstance(new, Mapping) else new
        return value if new is None else [*value, added]
    before = value[key]
    below = replaced(before, rest, new) if rest else new
    if isinstance(below, Mapping) and isinstance(before, Mapping) and "id" in before:
        below = {"id": name, **below}
    return changed(value, key, below)


def changed(value: Any, key: str | int, new: Any) -> Any:
    """The group or list with another value under one key or index, or, by None, without it."""
    if isinstance(key, int):
        return [*value[:key], *([] if new is None else [new]), *value[key + 1 :]]
    if new is None:
        return {name: inner for name, inner in value.items() if name != key}
    return {**value, key: new}


def _key(value: Any, part: str) -> str | int | None:
    """The key or index of one part of an address."""
    if isinstance(value, Mapping):
        return part if part in value else None
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    return next((i for i, entry in enumerate(value) if part == _name(entry, i)), None)


def _name(entry: Any, index: int) -> str:
    """A record's id; its number where that is none, or could lead to a person."""
    name = entry.get("id") if isinstance(entry, Mapping) else None
    return name if isinstance(name, str) and _ID.fullmatch(name) else str(index + 1)


MAX_DEPTH = 20


class Placed(Protocol):
    """Values that know where each of them stands: a document, or one with changes applied."""

    @property
    def path(self) -> str: ...
    @property
    def value(self) -> Any: ...
    def location(self, keys: Sequence[str | int], *, key: bool = False) -> Location: ...
    def address(self, keys: Sequence[str | int]) -> str: ...


class Fault(NamedTuple):
    """A mistake in values that do not know their file: at the value under `keys`, or at its key."""

    keys: Keys
    code: str
    message: Message
    at_key: bool = False
    severity: Severity = Severity.ERROR


def placed(document: Placed, faults: Iterable[Fault]) -> list[Problem]:
    """The problems that the faults of a document's value are, each with its place."""
    return [
        Problem(document.location(f.keys, key=f.at_key), f.code, f.message, f.severity)
        for f in faults
    ]


Check = tuple[Placed, Iterable[Fault]]
"""What a document is asked: placed together when everything has been read."""


def all_placed(checks: Iterable[Check]) -> list[Problem]:
    """The problems of many documents."""
    return [problem for document, faults in checks for problem in placed(document, faults)]


@dataclass(frozen=True, slots=True)
class Spot:
    """Values that all stand at one place: those of an example, or of a receipt's one line."""

    value: Any
    place: Location

    @property
    def path(self) -> str:
        return self.place.path

    def location(self, keys: Sequence[str | int], *, key: bool = False) -> Location:  # noqa: ARG002 - as `Placed` has it
        """The one place, under the address of a value."""
        return replace(self.place, address=self.address(keys))

    def address(self, keys: Sequence[str | int]) -> str:
        """As a document's."""
        return address(self.value, keys)


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its plain value (dict, list, str, int, Decimal, bool, None) and its LF text.

    `pieced` are the texts that stand on several lines or are written with escapes, so that no
    line shows them as they are. `slipped` are the lines that were read as they were probably meant.
    """

    path: str
    value: Any
    sha256: str
    text: str = field(repr=False)
    _marks: Sequence[Mark] = field(repr=False, compare=False)
    pieced: Sequence[tuple[Location, str]] = field(default=(), repr=False)
    slipped: frozenset[int] = frozenset()
    _places: list[Node] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def start(self) -> Location:
        """Where its value begins, without working out where anything else stands."""
        line, column = _place(self._marks[0])
        return Location(self.path, line + 1, column + 1)

    def location(self, keys: Sequence[str | int], *, key: bool = False) -> Location:
        """Where the value (or its key) under `keys` stands, else its nearest ancestor there is."""
        if not keys:
            return self.start
        if not self._places:
            self._places.append(places(self.value, self._marks))
        node = self._places[0]
        for part in keys:
            if part not in node.children:
                key = False
                break
            node = node.children[part]
        line, column = node.key if key else node.value
        return Location(self.path, line + 1, column + 1, self.address(keys))

    def address(self, keys: Sequence[str | int]) -> str:
        """Keys joined by dots; a record by its id, another entry of a list counted from 1."""
        return address(self.value, keys)

    def holding(self, value: Any) -> "Document":
        """The same file as if it held another value, of which nothing has a place of its own."""
        supposed = replace(self, value=value)
        supposed._places.append(Node((0, 0), (0, 0), {}))  # noqa: SLF001 - of the same class
        return supposed


def read(path: str, data: bytes) -> tuple[Document | None, list[Problem]]:
    """The document, or every problem that keeps the file from being one."""
    document, problems = legible(path, data)
    return None if problems else document, problems


def legible(path: str, data: bytes) -> tuple[Document | None, list[Problem]]:
    """The document as it was probably meant where it has problems; None where nobody can tell.

    With any problem it is there to be checked further, never to be computed with.
    """
    if (other := damage.other_kind(path, data)) is not None:
        return None, [other]
    text, problems = slips.decode(path, data)
    if text is None:
        return None, problems
    encoded = text.encode()
    whole, unfinished = damage.merged(path, text)
    problems += unfinished
    meant, added = whole, dict[int, list[int]]()
    unusual = slips.unusual(encoded)
    if unusual and (slips.suspicious(unusual) or damage.suspicious(unusual)):
        whole, ruined = damage.ruined(path, whole)
        hidden = slips.characters(path, whole)
        meant = slips.HIDDEN.sub(" ", whole)  # so that reading can go on in place
        marks = slips.slips(meant).full_width if slips.may_slip(meant) else []
        problems += ruined + hidden + slips.full_width(path, meant, marks)
        tabs = any(problem.code == "tab-indentation" for problem in hidden)
        if tabs or len(marks) > slips.MAX_SLIPS:
            return None, sorted(problems, key=_by_place)
        meant, added = slips.mended(meant, marks)
    reading = _Reading(path, meant, added)
    error = reading.run()
    if error is not None and meant == whole:
        if colons := slips.tight_colons(whole):
            problems += slips.tight(path, whole, colons)
            reading = _Reading(path, *slips.mended(whole, colons))
            error = reading.run()
        problems += reading.blamed(error) if error is not None else []
    problems += reading.problems
    value = reading.root[0] if reading.root else None
    if value is None and not problems:
        message = Message("the file is empty; fill it in or delete it")
        problems = [Problem(Location(path, 1, 1), "empty-file", message)]
    problems.sort(key=_by_place)
    if value is None or error is not None or reading.broken:
        return None, problems
    digest = sha256(encoded).hexdigest()
    slipped = frozenset(p.location.line for p in problems if p.code != "bom")
    return Document(path, value, digest, text, reading.marks, reading.pieced, slipped), problems


_by_place = attrgetter("location", "code")


def plain_value(written: str) -> Any:
    """What a value written in YAML says, in a list of any style; None where it says nothing."""
    block, flow = (read("", text.encode())[0] for text in (f"- {written}", f"[{written}]"))
    if block is None or flow is None or block.value != flow.value or len(block.value) != 1:
        return None
    return block.value[0]


_TELEPHONE = re.compile(r"^  telephone: *[\"']?([0-9 -]+?)[\"']? *$", re.MULTILINE)


def screened(path: str, data: bytes) -> tuple[Document | None, list[Problem]]:
    """The document, with every personal number in it as a problem; None if it cannot be read.

    One that has slipped lines is there to be checked further only, as in `legible`.
    """
    document, problems = legible(path, data)
    text = document.text if document else slips.decode(path, data)[0] or ""
    telephone = _telephone(path, document, text)
    numbers = screen(path, text, telephone=telephone)
    if document is None:
        return None, [*problems, *numbers]
    if not numbers:  # some show in no line of the text, but in a value
        numbers = [
            replace(problem, location=place)
            for place, value in document.pieced
            for problem in screen(path, value.replace("\n", " "), telephone=telephone)
        ]
    return document, [*problems, *numbers, *slips.cut_off(path, text)]


def telephone_in(path: str, data: bytes) -> str | None:
    """The office's own telephone, the one number that may stand, and in the register only."""
    document = read(path, data)[0]
    return _telephone(path, document, slips.decode(path, data)[0] or "")


def _telephone(path: str, document: Document | None, text: str) -> str | None:
    if path != REGISTER:
        return None
    if document is None:
        written = _TELEPHONE.search(text)
        return written[1] if written else None
    office = document.value.get("office") if isinstance(document.value, dict) else None
    telephone = office.get("telephone") if isinstance(office, dict) else None
    return telephone if isinstance(telephone, str) else None


# --- values ---------------------------------------------------------------------------

_NO_KEY = object()
_CORE: Mapping[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NODES = {ScalarEvent: str, MappingStartEvent: dict, SequenceStartEvent: list, AliasEvent: dict}
_RARE = ("&", "*", "!", "<<", '"', "\t")
_PLAIN_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})", re.ASCII)
_PLAIN_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}", re.ASCII)
_LIKE_A_NUMBER = re.compile(
    r"[-+]?(?:0[oO][0-7_]+|0[xX][0-9a-fA-F_]+|0[bB][01_]+|\.(?:inf|Inf|INF|nan|NaN|NAN)"
    r"|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?"
    r"|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?"
    "|(?=[0-9]*[\uff10-\uff19])[0-9\uff10-\uff19.\uff0e]+)"
)
_MAY_BE_A_NUMBER = frozenset("+-.0123456789" + "".join(map(chr, range(0xFF10, 0xFF1A))))


class _Reading:
    """One pass over the events of a text: the plain value, and `problems` by the way."""

    def __init__(self, path: str, text: str, added: Mapping[int, Sequence[int]]) -> None:
        self.path = path
        self.text = text
        self.added = added
        self._begin()

    def _begin(self) -> None:
        self.problems: list[Problem] = []
        self.root: list[Any] = []
        self.marks: list[Mark] = []
        self.pieced: list[tuple[Location, str]] = []
        self.repeated = self.broken = False

    def run(self) -> YAMLError | None:
        """Read the text; what is given back is why it is no YAML from some place on."""
        error: YAMLError | None = None
        try:
            self._events(CSafeLoader)
        except YAMLError as refused:
            error = refused
            if slips.too_nested(refused):
                self._begin()
                with suppress(YAMLError):
                    self._events(SafeLoader)  # which has no limit, and is asked up to ours only
        if self.repeated:
            self.problems += _Repeats(self.path, self.text, self.added).problems_of_keys()
        self.problems += slips.explicit_keys(self.path, self.text)
        return error

    def blamed(self, error: YAMLError) -> list[Problem]:
        """What is to blame for a text that is no YAML, unless that has been told."""
        if slips.too_nested(error) and self.problems:
            return []
        problem = slips.blamed(self.path, self.text, error)
        place = problem.location
        return [replace(problem, location=self._location(place.line - 1, place.column - 1))]

    def _events(self, loader: type[CSafeLoader | SafeLoader]) -> None:  # noqa: C901 - most of a check's time is spent here
        """Put every value where it belongs; `key` is None in a list, _NO_KEY before a key."""
        next_event: Any = loader(self.text).get_event
        careful = any(mark in self.text for mark in _RARE)
        remember = self.marks.append
        above: list[tuple[Any, Any]] = []
        into: Any = self.root
        key: Any = None
        while (event := next_event()) is not None:
            kind = type(event)
            if kind is MappingEndEvent or kind is SequenceEndEvent:
                into, key = above.pop()
                continue
            if kind is DocumentStartEvent and not self._start(event):
                return
            if kind not in _NODES:
                continue
            remember(event.start_mark)
            if careful:
                self._inspect(event, is_key=key is _NO_KEY)
            value: Any = event.value if kind is ScalarEvent else _NODES[kind]()
            if kind is ScalarEvent and (" " in value or "\n" in value):
                place = _place(event.start_mark)
                if place[0] < event.end_mark.line:  # on several lines
                    self.pieced.append((self._location(*place), value))
            if key is _NO_KEY:
                key = self._key(event, value, into)
            else:
                if kind is ScalarEvent and event.implicit[0]:
                    if value in _CORE:
                        value = _CORE[value]
                    elif value[0] in _MAY_BE_A_NUMBER:
                        value = self._number(event)
                if key is None:
                    into.append(value)
                else:
                    into[key] = value
                    key = _NO_KEY
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                above.append((into, key))
                into, key = value, _NO_KEY if kind is MappingStartEvent else None
                if len(above) > MAX_DEPTH:
                    message = Message(
                        "lists and mappings are nested more than {limit} deep here; nest them less",
                        {"limit": MAX_DEPTH},
                    )
                    self._problem(event, "too-deep", message)
                    self.broken = True
                    return

    def _key(self, event: Event, value: object, into: Mapping[str, object]) -> str:
        """The key that starts here; whatever is no text stands for an empty one."""
        if not isinstance(value, str):
            if not isinstance(event, AliasEvent):
                message = Message(
                    "a list or a mapping stands where a key is expected; write a plain word"
                )
                self._problem(event, "syntax", message)
                self.broken = True
            return ""
        if value in into:
            self.repeated = True
            return f"{value}\0{len(into)}"  # a name of its own, so that every value keeps its place
        return value

    def _inspect(self, event: ScalarEvent | CollectionStartEvent, *, is_key: bool) -> None:
        """What only some texts hold: anchors, tags, merge keys, characters that are not seen."""
        if isinstance(event, AliasEvent):
            message = Message(
                "the alias *{name} stands here; write out the value, or put a text that starts "
                "with * in quotes",
                {"name": brief(event.anchor or "")},
            )
            self._problem(event, "alias", message)
            return
        if event.anchor is not None:
            message = Message(
                "the anchor &{name} stands here; write the value out wherever it belongs, or put "
                "a text that starts with & in quotes",
                {"name": brief(event.anchor)},
            )
            self._problem(event, "anchor", message)
        if event.tag is not None:
            message = Message(
                "the tag {name} stands here; delete it, or put a text that starts with ! in quotes",
                {"name": brief(event.tag.replace("tag:yaml.org,2002:", "!!"))},
            )
            self._problem(event, "tag", message)
        if not isinstance(event, ScalarEvent):
            return
        if is_key and event.value == "<<" and event.implicit[0]:
            message = Message("the merge key << stands here; write out every key in its place")
            self._problem(event, "merge-key", message)
        place = self._location(*_place(event.start_mark))
        if event.style == '"' and "\\" in self.text:
            self.pieced.append((place, event.value))
            if problem := damage.first_ruin(place, event.value):
                self.problems.append(problem)
        if problem := slips.unseen(place, event.value):
            self.problems.append(problem)

    def _start(self, event: DocumentStartEvent) -> bool:
        """Whether this is the first document; only one is read."""
        if event.version or event.tags:
            message = Message("a line starting with % stands here; delete it")
            self._problem(event, "syntax", message)
        if not self.root:
            return True
        self._problem(event, "second-document", slips.SECOND_DOCUMENT)
        return False

    def _problem(self, event: Event, code: str, message: Message) -> None:
        self.problems.append(Problem(self._location(*_place(event.start_mark)), code, message))

    def _location(self, line: int, column: int) -> Location:
        """The place in the text as it was written: without the spaces put in to mend it."""
        column -= sum(put < column for put in self.added.get(line, ()))
        return Location(self.path, line + 1, column + 1)

    def _number(self, event: ScalarEvent) -> object:
        """An integer, a decimal, or text that nobody would take for a number."""
        text: str = event.value
        value = _remembered(text) if len(text) <= MAX_REMEMBERED else _number(text)
        if value is not None:
            return value
        message = Message(
            "{text} is no plain number; write ordinary digits such as 12 or 0.5, or put it in "
            "quotes if it is a text",
            {"text": brief(text)},
        )
        self._problem(event, "bad-number", message)
        return text


class _Repeats(_Reading):
    """The same pass once more over a text in which a key stands twice, to see where both stand."""

    def problems_of_keys(self) -> list[Problem]:
        """A problem for every key that its mapping has already, as far as the text can be read."""
        self.keys: dict[tuple[int, str], Place] = {}
        self.repeats: list[Problem] = []
        with suppress(YAMLError):
            self._events(CSafeLoader)
        return self.repeats

    def _key(self, event: Event, value: object, into: Mapping[str, object]) -> str:
        key, place = super()._key(event, value, into), _place(event.start_mark)
        first = self.keys.setdefault((id(into), _plain_key(key)), place)
        if first != place:
            message = Message(
                "the key {key} stands in line {line} already; keep one of them",
                {"key": brief(_plain_key(key)), "line": first[0] + 1},
            )
            self.repeats.append(Problem(self._location(*place), "duplicate-key", message))
        return key


def _plain_key(key: str) -> str:
    """A key as it is written, where it stands there a second time as well."""
    return key.partition("\0")[0]


def _number(text: str) -> int | Decimal | str | None:
    """The value of a plain text that starts like a number; None where it is no plain decimal."""
    if _PLAIN_INTEGER.fullmatch(text):
        return int(text)
    if _PLAIN_DECIMAL.fullmatch(text):
        return Decimal(text)
    return None if _LIKE_A_NUMBER.fullmatch(text) else text


MAX_REMEMBERED = 40
_remembered = lru_cache(maxsize=4096)(_number)
"""The dates and counts of a year are the same few in every report."""


def decimals(value: object) -> int:
    """How many decimals a number has, noughts at its end left out; 0 for anything else."""
    if not isinstance(value, Decimal) or value == value.to_integral_value():
        return 0
    return len(str(value.normalize()).partition(".")[2])
