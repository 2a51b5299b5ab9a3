"""One year of a sound tree read again, under another rulebook or with supposed facts."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from generator.engine.book import Rulebook, looks_back
from generator.engine.difference import Moved, moved
from generator.engine.problem import Problem, errors
from generator.engine.rank import judged
from generator.engine.year import YearInputs, YearResult
from generator.reading.files import DataFile, by_township
from generator.reading.source import Document
from generator.rulebook.books import Book, Books
from generator.shape.documents import Files, screened
from generator.year.frame import Frame, Library, frame
from generator.year.holidays import Needs, holidays
from generator.year.load import Kept, Loaded, compared, inputs_of, load, township_year

ASKED = "--set"
"""What stands for a path where a supposed change is wrong."""

REFUSED = "exemption-refused"
"""The code of an exemption that does not meet its conditions."""

Changes = Mapping[str, Sequence[tuple[str, str]]]
"""What is supposed, by township: facts by their addresses, and values as YAML writes them."""

NO_CHANGES: Changes = {}


@dataclass(frozen=True, slots=True)
class Again:
    """A year as it would be read: None if it cannot be, `problems` say why."""

    inputs: YearInputs | None
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Years:
    """The years of a sound tree, to be read again and again."""

    files: Files
    books: Books
    _shelf: Library = field(init=False)
    _own: Frame | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._shelf = Library(self.books, holidays(self.files, []), ())

    def again(
        self,
        number: int,
        book: Book,
        rulebook: Rulebook | None = None,
        changes: Changes = NO_CHANGES,
    ) -> Again:
        """The year under a book, or under that book as another `rulebook` reads it.

        Exemptions that the other rulebook refuses, and the book's own does not, are taken away.
        """
        read_as = rulebook or book.rulebook
        found = self._again(number, book, read_as, changes)
        refused = _refused(found.problems) if read_as is not book.rulebook else {}
        if not refused:
            return found
        struck = self._again(number, book, read_as, _together(changes, refused), REFUSED)
        return struck if struck.inputs is not None else found

    def _again(
        self, number: int, book: Book, read_as: Rulebook, changes: Changes, known: str = ""
    ) -> Again:
        """`known` is the code of problems of the reports that the changes take away."""
        found, problems = self._frame(number, book)
        if found is None or number not in found.years:
            return Again(None, tuple(errors(problems)))
        asked = {}
        for township, those in changes.items():
            document, wrong = supposed(those)
            problems = [*problems, *wrong]
            if document is not None:
                asked[township] = document
        own = found.years[number]
        year = replace(own.year, rulebook=read_as, asked=asked)
        found = replace(found, years={**found.years, number: replace(own, year=year)})
        needs, kept = Needs(found.holidays), dict[int, Kept]()
        past = looks_back(read_as) and compared(found, number)
        for which in (number - 1, number) if past else (number,):
            kept[which], wrong = self._read(found, which, needs)
            problems = [*problems, *wrong]
        problems = [p for p in errors([*problems, *needs.problems()]) if p.code != known]
        inputs = None if problems else inputs_of(found, number, kept, needs)
        return Again(inputs, tuple(problems))

    def _frame(self, number: int, book: Book) -> tuple[Frame | None, list[Problem]]:
        """What the office has written, the year under that book."""
        key = (book.rulebook.id, book.rulebook.version)
        if self._own is None:
            self._own = frame(self.files, shared=self._shelf)[0]
        own = self._own
        if own is not None and number in own.years:
            mine = own.years[number].year.rulebook
            if (mine.id, mine.version) == key:
                return own, []
        return frame(self.files, {number: key}, self._shelf)

    def _read(self, found: Frame, number: int, needs: Needs) -> tuple[Kept, list[Problem]]:
        kept, problems = Kept(), list[Problem]()
        for entries in by_township(_of(self.files.listed, number)).values():
            one = township_year(self.files, found, entries)
            problems += one.problems
            if one.received is not None:
                both = (one.received.current, one.received.first)
                needs.note(number, both, found.years[number].year.rulebook)
                kept.received[one.received.current.township] = one.received
                kept.files += one.files
        return kept, problems


def _of(listed: Iterable[DataFile], number: int) -> list[DataFile]:
    return [file for file in listed if file.year == number]


def refit(old: Rulebook, new: Rulebook) -> bool:
    """Whether facts that fit one rulebook may not fit the other, or mean something else there.

    What is excluded and counted in working days is asked when a report is read.
    """
    looked_at = (
        (book.exclusions, [one.unit for one in book.deadlines], book.wording, book.records)
        for book in (old, new)
    )
    first, second = looked_at
    above = [(book.above.parts, book.above.grouping) for book in (old, new)]
    return first != second or above[0] != above[1]


# --- what somebody supposes -----------------------------------------------------------


def supposed(changes: Sequence[tuple[str, str]]) -> tuple[Document | None, list[Problem]]:
    """Facts with their new values, as a file that makes changes; a line each."""
    problems: list[Problem] = []
    lines = ["changes:"]
    for fact, value in changes:
        document, wrong = screened(ASKED, f"value: {value}\n".encode())
        problems += wrong
        if document is not None:
            lines += [f"  - fact: {json.dumps(fact, ensure_ascii=False)}", f"    value: {value}"]
    if problems:
        return None, problems
    document, problems = screened(ASKED, "\n".join(lines).encode())
    return document, problems


def _refused(problems: Iterable[Problem]) -> Changes:
    """The exemptions among problems, struck, by township; nothing if anything else is wrong."""
    found: dict[str, list[tuple[str, str]]] = {}
    for problem in problems:
        if problem.code != REFUSED:
            return NO_CHANGES
        township = problem.location.path.rpartition("/")[2].removesuffix(".yaml")
        strike = (problem.location.address, "null")
        mine = found.setdefault(township, [])
        if strike not in mine:
            mine.append(strike)
    return found


def _together(some: Changes, others: Changes) -> Changes:
    names = (*some, *(name for name in others if name not in some))
    return {name: (*some.get(name, ()), *others.get(name, ())) for name in names}


BookKey = tuple[str, int]
"""A rulebook's id and version."""


@dataclass(frozen=True, slots=True)
class Impact:
    """One year as it was judged and as it would have been.

    `new` is None where the year's facts do not fit the rulebook: `problems` say why.
    """

    old: YearResult
    new: YearResult | None
    moved: tuple[Moved, ...]
    problems: tuple[Problem, ...]


def impacts(files: Files, loaded: Loaded, book: BookKey, years: Iterable[int]) -> Iterator[Impact]:
    """Every one of those years, oldest first, judged by its own rulebook and by `book`."""
    wanted = set(years)
    for inputs in loaded.years:
        number = inputs.assessment.year
        if number not in wanted:
            continue
        old = judged(inputs)
        then, problems = load(files, under={number: book})
        if then is None:
            yield Impact(old, None, (), tuple(errors(problems)))
            continue
        new = judged(next(one for one in then.years if one.assessment.year == number))
        yield Impact(old, new, moved(old.standings, new.standings), ())
