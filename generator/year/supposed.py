"""One year read anew, as somebody supposes it: other facts, another rulebook, another reading.

Owns what a supposed change is and what happens to exemptions that it makes untenable. Must not
judge: a year read so is judged like any other.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from generator.engine.book import Rulebook, looks_back
from generator.engine.problem import Problem, errors
from generator.engine.year import YearInputs
from generator.reading.source import Document, screened
from generator.rulebook.books import Book, Books
from generator.shape.schema import Files
from generator.year.holidays import Needs, holidays
from generator.year.load import (
    Frame,
    Kept,
    Library,
    by_township,
    compared,
    frame,
    inputs_of,
    township_year,
)

ASKED = "--set"
"""What stands for a path where a supposed change is wrong."""

REFUSED = "exemption-refused"
"""The code of an exemption that does not meet its conditions."""

Changes = Mapping[str, Sequence[tuple[str, str]]]
"""What is supposed, by township: facts by their addresses, and values as YAML writes them."""

NO_CHANGES: Changes = {}


Reread = tuple[YearInputs | None, tuple[Problem, ...]]
"""A year as it would be read: None if it cannot be, and why not."""


@dataclass(slots=True)
class Years:
    """The years of a sound tree, to be read over and over."""

    files: Files
    books: Books
    _shelf: Library = field(init=False)
    _own: Frame | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._shelf = Library(self.books, holidays(self.files, []), ())

    def read(
        self,
        number: int,
        book: Book,
        rulebook: Rulebook | None = None,
        changes: Changes = NO_CHANGES,
    ) -> Reread:
        """The year under a book, or under that book as another `rulebook` reads it.

        Exemptions that the other rulebook refuses, and the book's own does not, are taken away.
        """
        read_as = rulebook or book.rulebook
        first = self._read(number, book, read_as, changes)
        refused = _refused(first[1]) if read_as is not book.rulebook else {}
        if not refused:
            return first
        struck = self._read(number, book, read_as, _together(changes, refused), REFUSED)
        return first if struck[0] is None else struck

    def _read(
        self, number: int, book: Book, read_as: Rulebook, changes: Changes, known: str = ""
    ) -> Reread:
        """`known` is the code of problems of the reports that the changes take away."""
        frame, problems = self._frame(number, book)
        if frame is None or number not in frame.years:
            return None, tuple(errors(problems))
        asked = {}
        for township, facts in changes.items():
            document, wrong = supposed(facts)
            problems = [*problems, *wrong]
            if document is not None:
                asked[township] = document
        own = frame.years[number]
        year = replace(own.year, rulebook=read_as, asked=asked)
        frame = replace(frame, years={**frame.years, number: replace(own, year=year)})
        needs, kept = Needs(frame.holidays), dict[int, Kept]()
        past = looks_back(read_as) and compared(frame, number)
        for which in (number - 1, number) if past else (number,):
            kept[which] = Kept()
            listed = [file for file in self.files.listed if file.year == which]
            for entries in by_township(listed).values():
                sent = township_year(self.files, frame, entries)
                problems = [*problems, *sent.problems()]
                kept[which].add(sent)
                if sent.received is not None:
                    both = (sent.received.current, sent.received.first)
                    needs.note(which, both, frame.years[which].year.rulebook)
        problems = [p for p in errors([*problems, *needs.problems()]) if p.code != known]
        return (None if problems else inputs_of(frame, number, kept, needs)), tuple(problems)

    def _frame(self, number: int, book: Book) -> tuple[Frame | None, list[Problem]]:
        """What the office has written, the year under that book."""
        key = (book.rulebook.id, book.rulebook.version)
        if self._own is None:
            self._own = frame(self.files, shared=self._shelf)[0]
        own = self._own
        if own is not None and number in own.years:
            named = own.years[number].year.rulebook
            if (named.id, named.version) == key:
                return own, []
        return frame(self.files, {number: key}, self._shelf)


def refit(old: Rulebook, new: Rulebook) -> bool:
    """Whether facts that fit one rulebook may not fit the other, or mean something else there.

    What is excluded and counted in working days is asked when a report is read.
    """
    first, second = (
        (
            book.exclusions,
            [deadline.unit for deadline in book.deadlines],
            book.wording,
            book.records,
            (book.above.parts, book.above.grouping),
        )
        for book in (old, new)
    )
    return first != second


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
    strikes: dict[str, list[tuple[str, str]]] = {}
    for problem in problems:
        if problem.code != REFUSED:
            return NO_CHANGES
        township = problem.location.path.rpartition("/")[2].removesuffix(".yaml")
        about = strikes.setdefault(township, [])
        if (strike := (problem.location.address, "null")) not in about:
            about.append(strike)
    return strikes


def _together(some: Changes, others: Changes) -> Changes:
    names = (*some, *(name for name in others if name not in some))
    return {name: (*some.get(name, ()), *others.get(name, ())) for name in names}
