"""The rulebooks of a tree with their forms, renderings, and what each alternative reading changes.

Must not judge.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from generator.engine.book import Rulebook
from generator.engine.problem import Location, Message, Problem, Severity, Text, errors
from generator.reading.files import Kind
from generator.reading.slips import meant, nearest
from generator.reading.source import (
    Check,
    Document,
    Fault,
    Keys,
    all_placed,
    changed,
    placed,
    screened,
)
from generator.rulebook.check import rulebook_faults, rulebook_problems
from generator.rulebook.paths import unknown
from generator.rulebook.read import completed, rulebook, written
from generator.shape.form import Form, form
from generator.shape.schema import (
    Files,
    Shape,
    document_of,
    documents_of,
    shape,
    submission_schema,
    submission_shape,
)

Rendering = Mapping[str, str]
"""A Chinese text of a rulebook, word for word → its English rendering."""


def rendering(value: Any, book: Rulebook, written: Any) -> tuple[dict[str, str], list[Fault]]:
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
            told = meant(message, nearest(text, chinese))
            faults.append(Fault(("notes", text), "unknown-text", told, at_key=True))
    return english, faults


def glossed(value: Any, book: Rulebook) -> tuple[Rulebook, list[Fault]]:
    """The rulebook with what its rendering calls outcomes whose own words nobody understands."""
    glosses = value.get("glosses", {})
    faults = [
        unknown(("glosses", name), "unknown-outcome", name, book.outcomes, at_key=True)
        for name in glosses
        if name not in book.outcomes
    ]
    known = {name: Text(**glosses[name]) for name in book.outcomes if name in glosses}
    return replace(book, outcomes={**book.outcomes, **known}) if known else book, faults


def _texts(value: object) -> Iterator[str]:
    """Every text of a rulebook as written."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


@dataclass(frozen=True, slots=True)
class Book:
    """A rulebook as written and as read, with the form it names and the shape of a report.

    `schema` is the form's path in schema/, `english` its text for readers without Chinese.
    """

    document: Document = field(repr=False)
    rulebook: Rulebook
    form: Form
    shape: Shape
    schema: str
    english: Rendering = field(default_factory=dict)


Books = Mapping[tuple[str, int], Book]
"""Rulebooks by id and version."""


def books(files: Files, problems: list[Problem]) -> dict[tuple[str, int], Book]:
    """Every sound rulebook; what is wrong with the others goes to `problems`."""
    about: dict[tuple[str, int], dict[Kind, Document]] = {}
    wanted = files.of(Kind.RULEBOOK, Kind.RENDERING)
    for file, document in documents_of(files, wanted, problems).items():
        about.setdefault((file.id, file.version), {})[file.kind] = document
    checks, shelf = list[Check](), dict[tuple[str, int], Book]()
    for name, documents in about.items():
        if (book := _book(files, name, documents, problems, checks)) is not None:
            shelf[name] = book
    # What belongs to a sound rulebook is read with it.
    shown = files.of(Kind.EXAMPLE, Kind.FACTS)
    documents_of(files, [f for f in shown if (f.id, f.version) not in shelf], problems)
    problems += all_placed(checks)
    return shelf


def _book(
    files: Files,
    name: tuple[str, int],
    documents: Mapping[Kind, Document],
    problems: list[Problem],
    checks: list[Check],
) -> Book | None:
    """One rulebook with its rendering; what they are asked goes to `checks`."""
    document = documents.get(Kind.RULEBOOK)
    asked = _form(files, document, problems) if document else None
    if document is None or asked is None:
        return None
    typed = written(document.value)
    faults = [*rulebook_faults(typed, asked[0], name)]
    checks.append((document, faults))
    if any(fault.severity is Severity.ERROR for fault in faults):
        return None
    book, english = completed(typed, document, asked[0]), dict[str, str]()
    if Kind.RENDERING in documents:
        said = documents[Kind.RENDERING]
        english, wrong = rendering(said.value, book, document.value)
        book, misnamed = glossed(said.value, book)
        checks.append((said, [*wrong, *misnamed]))
    return Book(document, book, *asked, document.value["submission_schema"], english)


def _form(files: Files, document: Document, problems: list[Problem]) -> tuple[Form, Shape] | None:
    """What a report under this rulebook is: the schema it names, as a form and as a shape."""
    name = document.value["submission_schema"]
    data = submission_schema(files.tree, name)
    if data is None:
        message = Message("There is no file schema/{name}; put the schema there.", {"name": name})
        place = document.location(("submission_schema",))
        problems.append(Problem(place, "missing-file", message))
        return None
    schema, unread = screened(f"schema/{name}", data)
    problems += unread
    if schema is None:
        return None
    asked, misshapen = submission_shape(schema)
    built, unfit = form(schema)
    problems += misshapen + unfit
    return (built, asked) if built is not None and asked is not None else None


FIXED = ("id", "version", "submission_schema", "readings", "restorations")
"""What no alternative may change: which rulebook it is, what is reported, what is open."""


@dataclass(frozen=True, slots=True)
class Put:
    """One replacement: `at` is an address in rulebook.yaml, None as value strikes what is there."""

    at: str
    value: Any
    location: Location


@dataclass(frozen=True, slots=True, eq=False)  # many combinations of few: told by identity
class Option:
    """Another way to read a phrase; without `instead` it is a text only.

    `note` says how it is computed, or why it is not.
    """

    reading: str
    id: str
    instead: tuple[Put, ...]
    note: Text | None
    location: Location

    @property
    def name(self) -> str:
        """As the command line takes it."""
        return f"{self.reading}={self.id}"


@dataclass(frozen=True, slots=True)
class Switchboard:
    """A rulebook with its alternatives, in the order of its readings."""

    book: Book
    options: tuple[Option, ...]

    @property
    def document(self) -> Document:
        """The rulebook as written."""
        return self.book.document

    @property
    def executable(self) -> tuple[Option, ...]:
        """Those that can be computed."""
        return tuple(option for option in self.options if option.instead)

    def value(self, chosen: Iterable[Option]) -> Any:
        """The rulebook as written, with alternatives in the place of what is written."""
        value = self.document.value
        for option in chosen:
            for put in option.instead:
                for keys in reversed(_places(value, put)):  # records are struck from the last on
                    value = _set(value, keys, put.value)
        return value

    def under(self, chosen: Iterable[Option]) -> Rulebook:
        """The rulebook as read with these alternatives."""
        return self.read(self.value(chosen))

    def read(self, value: Any) -> Rulebook:
        """The rulebook in a value such as `value` gives, its outcomes called as they are."""
        made, names = rulebook(self.document.holding(value), self.book.form), self.book.rulebook
        known = {name: names.outcomes.get(name, text) for name, text in made.outcomes.items()}
        return replace(made, outcomes=known)

    def clash(self, left: Option, right: Option) -> bool:
        """Whether two alternatives change the same place, so that they cannot both be meant."""
        if left.reading == right.reading:
            return left.id != right.id
        changed, also = (
            [keys for put in option.instead for keys in _places(self.document.value, put)]
            for option in (left, right)
        )
        # The same keys, or those of something inside.
        return any(a[: len(b)] == b[: len(a)] for a in changed for b in also)


Switchboards = Mapping[tuple[str, int], Switchboard]
"""The alternatives of rulebooks, by id and version; of those that have such a file."""


def switchboards(files: Files, shelf: Books, problems: list[Problem]) -> Switchboards:
    """Every rulebook's alternatives; what is wrong with the others goes to `problems`."""
    boards = {}
    for entry in files.of(Kind.READINGS):
        document = document_of(files, entry.path, shape("readings"), problems)
        book = shelf.get((entry.id, entry.version))
        if document is None or book is None:  # what is wrong with the rulebook has been told
            continue
        options = tuple(_options(document, book.rulebook, problems))
        board = Switchboard(book, options)
        wrong = [problem for option in options for problem in _unsound(board, option)]
        problems += wrong
        if not wrong:
            boards[entry.id, entry.version] = board
    return boards


def _options(document: Document, book: Rulebook, problems: list[Problem]) -> list[Option]:
    """The alternatives of the file that the rulebook knows, in the rulebook's order."""
    known = {reading.id: [way.id for way in reading.alternatives] for reading in book.readings}
    options: dict[tuple[str, str], Option] = {}
    for number, entry in enumerate(document.value["readings"]):
        reading, keys = entry["id"], ("readings", number)
        if reading not in known:
            fault = unknown((*keys, "id"), "unknown-reading", reading, known)
            problems += placed(document, [fault])
            continue
        for count, way in enumerate(entry["alternatives"]):
            here: Keys = (*keys, "alternatives", count)
            if way["id"] not in known[reading]:
                fault = unknown((*here, "id"), "unknown-alternative", way["id"], known[reading])
                problems += placed(document, [fault])
                continue
            instead = tuple(
                Put(put["at"], put["value"], document.location((*here, "instead", place, "at")))
                for place, put in enumerate(way.get("instead", ()))
            )
            note = Text(way["note"]["zh"], way["note"]["en"]) if "note" in way else None
            location = document.location((*here, "id"))
            option = Option(reading, way["id"], instead, note, location)
            if (reading, option.id) in options:
                message = Message(
                    "The alternative {name} is written twice; keep one of the two.",
                    {"name": option.name},
                )
                problems.append(Problem(location, "duplicate-id", message))
            options[reading, option.id] = option
    order = [(reading, way) for reading, ways in known.items() for way in ways]
    return [options[name] for name in order if name in options]


def _unsound(board: Switchboard, option: Option) -> Iterator[Problem]:
    """What is wrong with the rulebook under one alternative, told at the alternative."""
    lost = [put for put in option.instead if not _places(board.document.value, put)]
    for put in lost:
        message = Message(
            "There is no «{address}» in the rulebook that could be replaced; copy the address "
            "from rulebook.yaml: keys and ids joined by dots, * for all of them.",
            {"address": put.at},
        )
        yield Problem(put.location, "unknown-address", message)
    if lost or not option.instead:
        return
    value = board.value((option,))
    if value == board.document.value:
        message = Message("{name} changes nothing in the rulebook.", {"name": option.name})
        yield Problem(option.location, "unsound-alternative", message)
        return
    under = board.document.holding(value)
    book = board.book.rulebook
    wrong = shape("rulebook").problems(under)
    wrong = wrong or rulebook_problems(under, board.book.form, (book.id, book.version))
    for problem in errors(wrong):
        if problem.code == "unread-figure":  # a number of the other reading may stand idle
            continue
        place = problem.location.address or "-"
        message = Message(
            "Under {name} the rulebook would not be sound, at {address}: {problem}",
            {"name": option.name, "address": place, "problem": problem.message},
        )
        yield Problem(option.location, "unsound-alternative", message)


# --- addresses in a rulebook ----------------------------------------------------------


def _places(value: Any, put: Put) -> list[Keys]:
    """The keys of everything that a replacement's address leads to.

    The last part may be new: a key, or the id of a whole record.
    """
    parts = tuple(put.at.split("."))
    return [] if parts[0] in FIXED else list(_lead(value, parts, (), put.value))


def _lead(value: Any, parts: Sequence[str], keys: Keys, new: Any) -> Iterator[Keys]:
    if not parts:
        yield keys
    elif isinstance(value, Mapping):
        name, rest = parts[0], parts[1:]
        for key in value if name == "*" else (name,):
            if key in value:
                yield from _lead(value[key], rest, (*keys, key), new)
            elif not rest and new is not None:
                yield (*keys, key)
    elif isinstance(value, list):
        yield from _lead_record(value, parts, keys, new)


def _lead_record(value: list[Any], parts: Sequence[str], keys: Keys, new: Any) -> Iterator[Keys]:
    """Ids of clauses hold dots themselves: the longest one that is there is meant."""
    if parts[0] == "*":
        for index, entry in enumerate(value):
            yield from _lead(entry, parts[1:], (*keys, index), new)
        return
    ids = [entry.get("id") if isinstance(entry, Mapping) else None for entry in value]
    for end in range(len(parts), 0, -1):
        name = ".".join(parts[:end])
        if name in ids:
            index = ids.index(name)
            yield from _lead(value[index], parts[end:], (*keys, index), new)
            return
    if isinstance(new, Mapping) and new.get("id") == ".".join(parts):
        yield (*keys, len(value))


def _set(value: Any, keys: Keys, new: Any) -> Any:
    key, rest = keys[0], keys[1:]
    return changed(value, key, _set(value[key], rest, new) if rest else new)
