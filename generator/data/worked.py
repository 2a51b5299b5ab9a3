"""The worked examples of a rulebook, found in the tree and checked before anybody runs them.

Owns that an example speaks of what the rulebook has and of facts that a report could hold, and
that no rule of a rulebook with examples goes without one. Must not run them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generator.data.books import Book
from generator.data.changes import at
from generator.data.examples import Example, examples, subjects
from generator.data.fact_check import fact_problems
from generator.data.holidays import Holidays, holidays, years_needed
from generator.data.inspection import asked, rating_faults
from generator.data.tree import Files, document_of
from generator.data.trials import strange_rules
from generator.engine.book import Rulebook
from generator.engine.problem import Location, Message, Problem, Severity
from generator.reading.addresses import address
from generator.reading.files import Kind
from generator.reading.source import Document, read
from generator.shape.schema import shape


def examples_of(
    files: Files, book: Book, problems: list[Problem], known: Holidays | None = None
) -> list[Example]:
    """The sound examples of one rulebook; what is wrong with the others goes to `problems`.

    `known` are the city's holidays, where they have been read already.
    """
    arranged = holidays(files, []) if known is None else known
    mine = (book.rulebook.id, book.rulebook.version)
    bases: dict[str, Any] = {}
    for entry in files.of(Kind.FACTS):
        if (entry.id, entry.version) == mine:
            base = document_of(files, entry.path, book.shape, problems)
            bases[entry.path.rpartition("/facts/")[2]] = base.value if base else None
    found: list[Example] = []
    clauses: set[str] = set()
    for entry in files.of(Kind.EXAMPLE):
        if (entry.id, entry.version) == mine:
            document = document_of(files, entry.path, shape("example"), problems)
            if document is not None:
                clauses.add(document.value["clause"])
                found += _Sound(document, book, arranged, problems).examples(bases)
    if clauses:
        problems += _without_example(files, book.rulebook, clauses)
    return found


@dataclass(frozen=True, slots=True)
class _Sound:
    """One file of examples; what is wrong with it goes to `problems`."""

    document: Document
    book: Book
    holidays: Holidays
    problems: list[Problem]

    def examples(self, bases: Mapping[str, Any]) -> Iterator[Example]:
        """Those whose clause or pool exists and whose facts a report could hold."""
        rulebook = self.book.rulebook
        vetoes = (veto.id for veto in rulebook.above.vetoes)
        known = (*(part.id for part in subjects(rulebook)), *vetoes)
        clause = self.document.value["clause"]
        if clause not in known:
            message = Message(
                "The rulebook has no clause {clause}; its clauses are {clauses}.",
                {"clause": clause, "clauses": known},
            )
            place = self.document.location(("clause",))
            self.problems.append(Problem(place, "unknown-clause", message))
            return
        for found in examples(self.document, bases, self.book.form, rulebook):
            if isinstance(found, Problem):
                self.problems.append(found)
                continue
            example = replace(found, calendar=self.holidays.calendar)
            wrong = [*self.facts(example), *self.names(example), *self.days(example)]
            self.problems.extend(wrong)
            if not wrong:
                yield example

    def facts(self, example: Example) -> Iterator[Problem]:
        """What no report could hold.

        The year before is held to its shape only: it is the base with some facts changed, and
        the base's dates are of one year.
        """
        for values in (example.facts, *example.peers):
            given = _Given(values, example.location)
            yield from self.book.shape.problems(given) or fact_problems(
                given, self.book.form, self.book.rulebook, example.period
            )
        if example.before is not None:
            yield from self.book.shape.problems(_Given(example.before, example.location))

    def names(self, example: Example) -> Iterator[Problem]:
        """Ratings and expected deductions of rules that the unit is not asked."""
        wanted = asked(self.book.rulebook, example.group)
        for number, rating in enumerate(example.ratings):
            for _, code, message in rating_faults(rating, wanted, example.ratings[:number]):
                yield Problem(example.location, code, message)
        yield from strange_rules(example, self.book.rulebook)

    def days(self, example: Example) -> Iterator[Problem]:
        """Years in which working days are counted though nobody has said which those are."""
        for submission in example.submissions().values():
            needed = years_needed(submission, self.book.rulebook, example.calendar)
            for year in sorted(needed.keys() - self.holidays.files.keys()):
                message = Message(
                    "There is no data/holidays/{holidays}.yaml, but {record} of this example "
                    "counts working days there; write down when people work and when not.",
                    {"holidays": year, "record": needed[year].address},
                )
                yield Problem(example.location, "missing-holidays", message)


def _without_example(files: Files, rulebook: Rulebook, clauses: set[str]) -> Iterator[Problem]:
    """The rules of clauses and pools that no file of examples is about."""
    document, _ = read(rulebook.path, files.tree.read(rulebook.path))
    if document is None:
        return  # it has just been read
    for part, keys in _rules(document.value):
        if part not in clauses:
            message = Message(
                "Nothing shows how this rule works: {clause} has no worked example; "
                "add examples/{clause}.yaml.",
                {"clause": part},
            )
            place = document.location((*keys, "id"))
            yield Problem(place, "rule-without-example", message, Severity.WARNING)


def _rules(value: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Every rule of a sound rulebook: the clause or pool it is of, and the keys to it."""
    for s, section in enumerate(value["sections"]):
        for c, clause in enumerate(section["clauses"]):
            for r, _ in enumerate(clause.get("rules", ())):
                yield clause["id"], ("sections", s, "clauses", c, "rules", r)
    for p, pool in enumerate(value.get("pools", ())):
        for r, _ in enumerate(pool.get("rules", ())):
            yield pool["id"], ("pools", p, "rules", r)


@dataclass(frozen=True, slots=True)
class _Given:
    """The facts of an example, which all stand where the example does."""

    value: Any
    place: Location

    @property
    def path(self) -> str:
        return self.place.path

    def address(self, keys: Sequence[str | int]) -> str:
        return address(self.value, keys)

    def location(self, keys: Sequence[str | int], *, key: bool = False) -> Location:  # noqa: ARG002 - the shape of `Placed`
        return at(self.place, self.address(keys))
