"""What the office has written: the register, the rulebooks, holidays, every year's own files.

Owns the order in which these are read, and that a year without a sound part is no year.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.engine.problem import Message, Problem
from generator.engine.year import (
    Assessment,
    City,
    Correction,
    InputFile,
    Ranking,
    Township,
)
from generator.reading.files import Kind
from generator.reading.source import Document
from generator.rulebook.books import Book, Books, books
from generator.shape.documents import REGISTER, Files, document_of, missing, used
from generator.shape.schema import shape
from generator.year import office
from generator.year.examples import examples_of
from generator.year.holidays import Holidays, holidays
from generator.year.office import without_group
from generator.year.report import Year

Under = Mapping[int, tuple[str, int]]
"""By year, the id and version of a rulebook to read it under instead of its own."""

OWN: Under = {}


@dataclass(frozen=True, slots=True)
class YearFrame:
    """What the office says of one year, and the files that say it."""

    year: Year
    document: Document
    ranking: Ranking | None
    corrections: tuple[Correction, ...]
    files: tuple[InputFile, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """What many years share: rulebooks, tried on their examples, and holidays."""

    books: Books
    holidays: Holidays
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything but the townships' own files."""

    city: City
    registered: Mapping[str, Township]
    books: Books
    years: Mapping[int, YearFrame]
    holidays: Holidays


# --- what the office writes -----------------------------------------------------------


def library(files: Files, *, tried: bool = False) -> Library:
    """The rulebooks and holidays of a tree, and what is wrong with them.

    `tried`: the same files are known to be sound, so examples need not be read.
    """
    problems: list[Problem] = []
    found = books(files, problems)
    known = holidays(files, problems)
    for book in () if tried else found.values():
        examples_of(files, book, problems, known)
    return Library(found, known, tuple(problems))


def frame(
    files: Files, under: Under = OWN, shared: Library | None = None
) -> tuple[Frame | None, list[Problem]]:
    """What the office has written, and its problems; None without a sound register.

    `under` names, by year, a rulebook to read it under instead of its own; `shared` is the
    library of the tree where it has been read already.
    """
    shelves = shared or library(files)
    problems = [*files.problems, *shelves.problems]
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
        framed = _year(files, number, city, shelves.books, problems, under.get(number))
        if framed is not None:
            years[number] = replace(framed, files=(used(register), *framed.files))
    problems += without_group(register, city, [(n, y.year.rulebook) for n, y in years.items()])
    registered = {township.id: township for township in city.townships}
    return Frame(city, registered, shelves.books, years, shelves.holidays), problems


def _year(
    files: Files,
    number: int,
    city: City,
    shelf: Books,
    problems: list[Problem],
    instead: tuple[str, int] | None,
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
    book = shelf.get(instead) if instead else _own_book(files, document, found, shelf, problems)
    if book is None:
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


def _own_book(
    files: Files, document: Document, found: Assessment, shelf: Books, problems: list[Problem]
) -> Book | None:
    """The rulebook that a year names; what is wrong with that goes to `problems`."""
    book = shelf.get((found.rulebook, found.version))
    there = [(entry.id, entry.version) for entry in files.of(Kind.RULEBOOK)]
    if book is not None:
        problems += office.force_problems(document, found, book.rulebook)
    elif (found.rulebook, found.version) not in there:  # what is wrong with others has been told
        problems.append(_no_book(document, found, there))
    return book


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
