"""A published year: what is asked before, computed again from its receipt, and taken away.

Owns which files of a tree belong to a published year. Works in a folder that holds nothing else,
without Git or network. Must not write or print.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.engine.problem import Message, Problem, errors
from generator.engine.year import Objection, YearInputs, YearResult
from generator.reading.files import SCHEMA, DataFile, Kind, classify
from generator.reading.source import placed
from generator.shape.schema import Files, files_of, submission_schema
from generator.year import office
from generator.year.load import Loaded, load
from generator.year.receipt import (
    Receipt,
    Verified,
    data_file,
    entry_faults,
    file_problems,
    read_receipt,
    result_problems,
)

_OF_A_BOOK = (Kind.RULEBOOK, Kind.RENDERING, Kind.EXAMPLE, Kind.FACTS)
_OF_ALL_YEARS = (Kind.TOWNSHIPS, Kind.HOLIDAYS)


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that must be so before a year is locked; `open` says what is still missing."""

    done: Message
    open: Message | None


def points(result: YearResult, problems: Iterable[Problem]) -> Iterator[Point]:
    """What is asked before a year is locked for good; `problems` are those of its files."""
    inputs = result.inputs
    year, waiting = inputs.assessment, _waiting(result)
    message = None
    if year.status != "final":
        message = Message(
            "its status is {status}; once it is decided, write status: final into "
            "data/{year}/assessment.yaml",
            {"status": year.status, "year": year.year},
        )
    yield Point(Message("the year is final"), message)
    missing = tuple(name for name in office.DATES if name not in year.dates)
    message = Message("these dates are missing: {missing}", {"missing": missing})
    yield Point(Message("all dates are there"), message if missing else None)
    message = Message("a tie across a line waits for a decision: {units}", {"units": waiting})
    yield Point(Message("every tie across a line is decided"), message if waiting else None)
    asked = tuple(sorted(objection.id for objection in undecided(inputs)))
    message = Message("not decided yet: {objections}", {"objections": asked})
    yield Point(Message("every objection is decided"), message if asked else None)
    spoken = {entry.township for entry in year.unreported}
    silent = tuple(
        standing.township.name
        for standing in result.first
        if standing.scorecard is None and standing.township.id not in spoken
    )
    message = Message(
        "the office has not said what follows for who has not reported (unreported in "
        "data/{year}/assessment.yaml): {units}",
        {"units": silent, "year": year.year},
    )
    done = Message("for everybody who has not reported there is the office's word")
    yield Point(done, message if silent else None)
    unrated = tuple(p.location.path for p in problems if p.code == "rating-missing")
    message = Message("ratings are missing in: {paths}", {"paths": tuple(dict.fromkeys(unrated))})
    yield Point(Message("everything left to discretion is rated"), message if unrated else None)


def _waiting(result: YearResult) -> tuple[object, ...]:
    """Those at a line, in the first result or as it stands now."""
    at_line = {line.undecided for line in result.inputs.rulebook.lines} - {None}
    standings = {
        s.township.id: s for s in (*result.first, *result.standings) if at_line & set(s.outcomes)
    }
    return tuple(standings[name].township.name for name in sorted(standings))


def undecided(inputs: YearInputs) -> list[Objection]:
    """The objections that neither a correction nor a change in an inspection answers."""
    answers = inputs.answers
    return [objection for objection in inputs.objections if objection.id not in answers]


@dataclass(frozen=True, slots=True)
class Published:
    """A published year: its receipt, and all that is needed to check it, path → bytes."""

    receipt: Receipt
    files: Mapping[str, bytes]


def verify(files: Files, file: DataFile) -> Verified:
    """A receipt of the tree against the files that it names; other years do not matter."""
    receipt, problems = read_receipt(files, file)
    if receipt is None:
        return Verified(None, (), tuple(problems))
    part = files_of({p: b for p, b in files.tree.items() if _belongs(p, receipt)})
    loaded, wrong = load(part, locks=False)
    problems += errors(wrong)
    problems += file_problems(part, receipt)
    if loaded is not None:
        problems += placed(loaded.register, entry_faults(receipt, loaded.city))
        for inputs in loaded.years:
            if inputs.assessment.year == receipt.year:
                problems += result_problems(receipt, inputs)
    later = tuple(file.id for file in part.of(Kind.CORRECTION, year=receipt.year))
    return Verified(receipt, later, tuple(problems))


def _belongs(path: str, receipt: Receipt) -> bool:
    """Whether a file may have a say in a published year's result."""
    file = classify(path)
    if not isinstance(file, DataFile):
        return path.startswith(f"{SCHEMA}/")
    if file.kind in _OF_A_BOOK:
        book = receipt.rulebook
        same = file.version == book["version"] or len(_years(receipt)) > 1
        return file.id == book["id"] and same
    return file.kind in _OF_ALL_YEARS or file.year in _years(receipt)


def _years(receipt: Receipt) -> set[int]:
    """The years whose reports its result rests on: its own, perhaps the one before."""
    files = (data_file(file.path) for file in receipt.inputs)
    return {receipt.year, *(f.year for f in files if f and f.kind is not Kind.HOLIDAYS)}


# --- to be taken away -----------------------------------------------------------------


def published(files: Files, loaded: Loaded) -> dict[int, Published]:
    """Every published year of a sound tree, with its files."""
    collected = {}
    judged = {inputs.assessment.year: inputs for inputs in loaded.years}
    for year, receipt in loaded.receipts.items():
        rulebooks = [judged[number].rulebook for number in judged.keys() & _years(receipt)]
        books = {(book.id, book.version) for book in rulebooks}
        # The receipt, what results rest on with all corrections, the rulebook and its examples.
        paths = {receipt.path, *(file.path for file in judged[year].files)}
        paths |= {
            file.path
            for file in files.listed
            if file.kind in _OF_A_BOOK and (file.id, file.version) in books
        }
        content = {path: files.tree[path].read() for path in sorted(paths)}
        for form in (loaded.books[name].schema for name in sorted(books)):
            if (schema := submission_schema(files.tree, form)) is not None:
                content[f"{SCHEMA}/{form}"] = schema
        # On every machine with the ends of lines that the SHA-256 is of.
        content = {path: data.replace(b"\r\n", b"\n") for path, data in content.items()}
        collected[year] = Published(receipt, content)
    return collected
