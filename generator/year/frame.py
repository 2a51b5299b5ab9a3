"""What the office has written: the register, the rulebooks, holidays, every year's own files.

Owns the order in which these are read, and that a year without a sound part is no year.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.engine.problem import Message, Problem
from generator.engine.year import Assessment, City, Correction, InputFile, Ranking, Township
from generator.reading.files import Kind
from generator.reading.source import Document, Fault, placed
from generator.rulebook.books import Book, Books, books
from generator.shape.documents import REGISTER, Files, document_of, missing, used
from generator.shape.schema import shape
from generator.year import office
from generator.year.examples import examples_of
from generator.year.holidays import Holidays, holidays
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
    city = office.city(register.value)
    years = {}
    for number in files.years():
        framed = _year(files, number, city, shelves.books, problems, under.get(number))
        if framed is not None:
            years[number] = replace(framed, files=(used(register), *framed.files))
    books_of_years = [(number, framed.year.rulebook) for number, framed in years.items()]
    faults = (*office.register_faults(register.value), *office.group_faults(city, books_of_years))
    problems += placed(register, faults)
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
    if document is None:
        return None
    unusable = (*office.year_faults(document.value, number),)
    problems += placed(document, (*unusable, *office.dates_faults(document.value)))
    if unusable:
        return None
    assessment = office.assessment(document)
    book = shelf.get(instead or (assessment.rulebook, assessment.version))
    if book is None:
        problems += [] if instead else placed(document, _no_book(assessment, files))
        return None
    known = [township.id for township in city.townships if township.assessed_in(number)]
    force = () if instead else office.force_faults(assessment, book.rulebook)
    decisions = office.decision_faults(assessment, book.rulebook, known)
    problems += placed(document, (*force, *decisions))
    ranking, ranking_file = _ranking(files, number, known, problems)
    corrections = list(_corrections(files, assessment, book, known, problems))
    about: dict[str, tuple[tuple[Correction, Document], ...]] = {}
    for correction, by in corrections:
        about[correction.township] = (*about.get(correction.township, ()), (correction, by))
    return YearFrame(
        Year(assessment, book.rulebook, book.form, book.shape, about),
        document,
        ranking,
        tuple(correction for correction, _ in corrections),
        (used(document), *ranking_file, *(used(by) for _, by in corrections)),
    )


def _no_book(assessment: Assessment, files: Files) -> Iterator[Fault]:
    """A rulebook that is not there; what is wrong with one that is has been told."""
    there = sorted((entry.id, entry.version) for entry in files.of(Kind.RULEBOOK))
    if (assessment.rulebook, assessment.version) not in there:
        message = Message(
            "There is no rulebook {id}, version {version}; there are: {known}",
            {
                "id": assessment.rulebook,
                "version": assessment.version,
                "known": tuple(f"{name} {version}" for name, version in there) or ("-",),
            },
        )
        yield Fault(("rulebook",), "unknown-rulebook", message)


def _ranking(
    files: Files, number: int, known: Sequence[str], problems: list[Problem]
) -> tuple[Ranking | None, tuple[InputFile, ...]]:
    for entry in files.of(Kind.RANKING, number):
        document = document_of(files, entry.path, shape("prefecture-ranking"), problems)
        if document is not None:
            problems += placed(document, office.ranking_faults(document.value, number, known))
            return office.ranking(document), (used(document),)
    return None, ()


def _corrections(
    files: Files, year: Assessment, book: Book, known: Sequence[str], problems: list[Problem]
) -> Iterator[tuple[Correction, Document]]:
    reported = {entry.id for entry in files.of(Kind.REPORT, year.year)}
    for entry in files.of(Kind.CORRECTION, year.year):
        document = document_of(files, entry.path, shape("correction"), problems)
        if document is not None:
            correction = office.correction(document, entry.id)
            faults = office.correction_faults(correction, year, book.rulebook, known, reported)
            problems += placed(document, faults)
            yield correction, document
