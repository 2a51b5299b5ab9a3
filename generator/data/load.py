"""A whole tree, read once: every problem, or every year's inputs.

Owns the order of reading (register, rulebooks, years, then one township at a time through
all its years) and what only shows between files. Must not print or write.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from generator.data import office
from generator.data.books import Book, Books, books, examples_of
from generator.data.submission import Received, Year, received
from generator.data.tree import REGISTER, Files, document_of, missing, used
from generator.engine.lines import at_line
from generator.engine.model import (
    Assessment,
    City,
    Correction,
    InputFile,
    Ranking,
    Submission,
    Township,
    YearInputs,
)
from generator.engine.problem import Message, Problem, Severity
from generator.engine.rank import fields_of, scored
from generator.engine.records import listed, lookup
from generator.reading.files import DataFile, Kind, by_township
from generator.reading.source import Document
from generator.shape.schema import shape

Track = Callable[[Sequence[Any]], Iterable[Any]]
"""Passes the items through, telling somebody how far it is."""

Keep = Callable[[int], bool]
"""Whether a year's submissions are kept; a check lets go of one township after the other."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A sound tree: the city, its rulebooks by id and version, its years, oldest first."""

    city: City
    books: Books
    years: tuple[YearInputs, ...]


@dataclass(frozen=True, slots=True)
class YearFrame:
    """What the office says of one year, and the files that say it."""

    year: Year
    document: Document
    ranking: Ranking | None
    corrections: tuple[Correction, ...]
    files: tuple[InputFile, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything but the townships' own files."""

    city: City
    registered: Mapping[str, Township]
    books: Books
    years: Mapping[int, YearFrame]


@dataclass(slots=True)
class _Kept:
    """What has been received for one year so far."""

    received: dict[str, Received] = field(default_factory=dict)
    files: list[InputFile] = field(default_factory=list)


def check(files: Files, track: Track = iter) -> list[Problem]:
    """Every problem of the tree, holding one township at a time."""
    return _read(files, track, lambda _: False)[1]


def load(files: Files, track: Track = iter) -> tuple[Loaded | None, list[Problem]]:
    """All years of the tree, None if anything is wrong; and every problem."""
    loaded, problems = _read(files, track, lambda _: True)
    wrong = any(problem.severity is Severity.ERROR for problem in problems)
    return (None if wrong else loaded), problems


def _read(files: Files, track: Track, keep: Keep) -> tuple[Loaded | None, list[Problem]]:
    found, problems = frame(files)
    kept: dict[int, _Kept] = {}
    if found is None:
        return None, problems
    for entries in track(list(by_township(files.listed).values())):
        for year, got, read, wrong in _township(files, found, entries):
            problems += wrong
            if got is not None and (keep(year) or found.years[year].year.assessment.decisions):
                kept.setdefault(year, _Kept()).received[got.current.township] = got
                kept[year].files += read
    years = tuple(_inputs(found, year, kept.get(year, _Kept())) for year in sorted(found.years))
    # Only sound facts can be judged, and without a result no decision is idle.
    sound = not any(problem.severity is Severity.ERROR for problem in problems)
    for inputs in years:
        if sound and inputs.assessment.decisions:
            problems += _idle_decisions(found.years[inputs.assessment.year].document, inputs)
    return Loaded(found.city, found.books, years), problems


def _inputs(frame: Frame, number: int, kept: _Kept) -> YearInputs:
    own = frame.years[number]
    return YearInputs(
        assessment=own.year.assessment,
        rulebook=own.year.rulebook,
        townships=tuple(t for t in frame.city.townships if t.assessed_in(number)),
        submissions={name: got.current for name, got in kept.received.items()},
        first_submissions={name: got.first for name, got in kept.received.items()},
        corrections=own.corrections,
        ranking=own.ranking,
        files=tuple(sorted((*own.files, *kept.files), key=lambda file: file.path)),
    )


# --- what the office writes -----------------------------------------------------------


def frame(files: Files) -> tuple[Frame | None, list[Problem]]:
    """What the office has written, and its problems; None without a sound register."""
    problems = list(files.problems)
    library = books(files, problems)
    for book in library.values():
        examples_of(files, book, problems)
    if not files.of(Kind.TOWNSHIPS):
        message = Message("There is no register of townships; begin with «kaohe init».")
        return None, [*problems, missing(REGISTER, message)]
    path = files.of(Kind.TOWNSHIPS)[0].path
    register = document_of(files, path, shape("townships"), problems)
    for entry in files.of(Kind.OWNERS):
        document_of(files, entry.path, shape("owners"), problems)
    if register is None:
        return None, problems
    city, found = office.city(register)
    problems += found
    years = {}
    for number in files.years():
        framed = _year(files, number, city, library, problems)
        if framed is not None:
            years[number] = replace(framed, files=(used(register), *framed.files))
    registered = {township.id: township for township in city.townships}
    return Frame(city, registered, library, years), problems


def _year(
    files: Files, number: int, city: City, library: Books, problems: list[Problem]
) -> YearFrame | None:
    path = f"data/{number}/assessment.yaml"
    if not files.of(Kind.ASSESSMENT, number):
        message = Message(
            "The year {year} has no assessment.yaml; begin it with «kaohe new --year {year}».",
            {"year": number},
        )
        problems.append(missing(path, message))
        return None
    document = document_of(files, path, shape("assessment"), problems)
    found, wrong = office.assessment(document, number) if document else (None, [])
    problems += wrong
    if document is None or found is None:
        return None
    book = library.get((found.rulebook, found.version))
    if book is None:
        there = [(entry.id, entry.version) for entry in files.of(Kind.RULEBOOK)]
        if (found.rulebook, found.version) not in there:
            problems.append(_no_book(document, found, there))
        return None
    known = [township.id for township in city.townships if township.assessed_in(number)]
    problems += office.decision_problems(document, found, book.rulebook, known)
    ranking, ranking_file = _ranking(files, number, known, problems)
    corrections = list(_corrections(files, found, book, known, problems))
    year = Year(found, book.rulebook, book.form, book.shape, _by_township(corrections))
    return YearFrame(
        year,
        document,
        ranking,
        tuple(correction for correction, _ in corrections),
        (used(document), *ranking_file, *(used(document) for _, document in corrections)),
    )


def _no_book(document: Document, found: Assessment, there: Iterable[tuple[str, int]]) -> Problem:
    message = Message(
        "There is no rulebook {id}, version {version}; there are: {known}",
        {
            "id": found.rulebook,
            "version": found.version,
            "known": tuple(f"{name} {version}" for name, version in sorted(there)) or ("-",),
        },
    )
    return Problem(document.location(("rulebook",)), "unknown-rulebook", message)


def _ranking(
    files: Files, number: int, known: Sequence[str], problems: list[Problem]
) -> tuple[Ranking | None, tuple[InputFile, ...]]:
    for entry in files.of(Kind.RANKING, number):
        document = document_of(files, entry.path, shape("prefecture-ranking"), problems)
        if document is not None:
            ranking, found = office.ranking(document, number, known)
            problems += found
            return ranking, (used(document),)
    return None, ()


def _corrections(
    files: Files, year: Assessment, book: Book, known: Sequence[str], problems: list[Problem]
) -> Iterator[tuple[Correction, Document]]:
    reported = {entry.id for entry in files.of(Kind.REPORT, year.year)}
    for entry in files.of(Kind.CORRECTION, year.year):
        document = document_of(files, entry.path, shape("correction"), problems)
        if document is not None:
            found = office.correction(document, entry.id)
            problems += office.correction_problems(document, found, year, book.rulebook, known)
            if found.township in known and found.township not in reported:
                problems += office.nothing_to_correct(document, found, year)
            yield found, document


def _by_township(
    corrections: Iterable[tuple[Correction, Document]],
) -> Mapping[str, tuple[tuple[Correction, Document], ...]]:
    found: dict[str, tuple[tuple[Correction, Document], ...]] = {}
    for correction, document in corrections:
        about = found.get(correction.township, ())
        found[correction.township] = (*about, (correction, document))
    return found


# --- one township ---------------------------------------------------------------------


_Yield = tuple[int, Received | None, list[InputFile], list[Problem]]


def _township(files: Files, frame: Frame, entries: Sequence[DataFile]) -> Iterator[_Yield]:
    """One township's years, oldest first."""
    before: tuple[Year, Submission] | None = None
    asked = {(entry.year, entry.kind) for entry in entries}
    for number in sorted({year for year, _ in asked}):
        problems: list[Problem] = []
        documents: dict[Kind, Document] = {}
        year = frame.years[number].year if number in frame.years else None
        for entry in entries:
            if entry.year == number:
                wanted = shape("inspection") if entry.kind is Kind.INSPECTION else None
                document = document_of(files, entry.path, wanted, problems)
                if document is not None:
                    documents[entry.kind] = document
                    problems += _unregistered(frame.registered.get(entry.id), document, entry)
        if year is None:
            yield number, None, [], problems
            continue
        report = documents.get(Kind.REPORT)
        inspection = documents.get(Kind.INSPECTION)
        if (number, Kind.INSPECTION) in asked and inspection is None:
            year = replace(year, corrections={})  # they may speak of what the broken one says
        got, found = received(year, entries[0].id, report, inspection)
        problems += found
        if got is not None and report is not None:
            problems += _not_carried_over(before, year, got.current, report)
            before = (year, got.current)
        yield number, got, [used(document) for document in documents.values()], problems


def _unregistered(
    township: Township | None, document: Document, entry: DataFile
) -> Iterator[Problem]:
    if township is None or not township.assessed_in(entry.year):
        message = Message(
            "«{township}» is not registered in data/townships.yaml for {year}; "
            "register it there, or put its years right.",
            {"township": entry.id, "year": entry.year},
        )
        yield Problem(document.location(("township",)), "unregistered-township", message)


def _not_carried_over(
    before: tuple[Year, Submission] | None, year: Year, now: Submission, report: Document
) -> Iterator[Problem]:
    """A record still open at the end of the last year belongs into this year's report."""
    if before is None or before[0].assessment.year != year.assessment.year - 1:
        return
    for deadline in before[0].rulebook.deadlines:
        if not deadline.carried_over or deadline.records not in year.rulebook.records:
            continue
        here = {record.id for record in listed(now, deadline.records)}
        for record in listed(before[1], deadline.records):
            if lookup(record.fields, deadline.end) is None and record.id not in here:
                message = Message(
                    "{record} was still open at the end of {year} and is missing here; "
                    "carry it over, or close it in last year's report.",
                    {"record": record.id, "year": year.assessment.year - 1},
                )
                place = report.location(deadline.records, key=True)
                yield Problem(place, "not-carried-over", message, Severity.WARNING)


# --- decisions ------------------------------------------------------------------------


def _idle_decisions(document: Document, inputs: YearInputs) -> Iterator[Problem]:
    """Decisions about a line at which nobody stands, or about townships not standing there."""
    fields = fields_of(inputs, scored(inputs, inputs.submissions))
    lines = {line.id: line for line in inputs.rulebook.lines}
    for number, decision in enumerate(inputs.assessment.decisions):
        if decision.line not in lines:
            continue
        line = lines[decision.line]
        across = [name for field in fields for name in at_line(line, inputs.rulebook, field)[1]]
        idle = tuple(name for name in decision.listed if name not in across)
        if not across or idle:
            message = Message(
                "The decision about «{line}» is not needed for: {idle}; tied across the line: "
                "{across}.",
                {
                    "line": decision.line,
                    "idle": idle or decision.listed or ("-",),
                    "across": tuple(across) or ("-",),
                },
            )
            place = document.location(("decisions", number))
            yield Problem(place, "decision-without-tie", message, Severity.WARNING)


# --- the newest date ------------------------------------------------------------------


def newest_date(years: Iterable[YearInputs]) -> date:
    """The newest date that the data speak of: what a site built from them is dated by."""
    return date.fromisoformat(max(day for inputs in years for day in _days(inputs)))


def _days(inputs: YearInputs) -> Iterator[str]:
    yield inputs.assessment.period.end.isoformat()
    yield from inputs.assessment.dates.values()
    yield from (decision.date for decision in inputs.assessment.decisions)
    yield from (correction.decided_on for correction in inputs.corrections)
    for submission in inputs.submissions.values():
        yield from (finding.date for finding in submission.findings)
