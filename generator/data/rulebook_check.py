"""What a schema cannot say about a rulebook: sums, and names that must be there, and once.

Owns every check between the parts of one rulebook; what it says of reports is held against
the form in `rulebook_paths`. Must not judge a report.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from generator.data.rulebook_paths import path_problems, unknown
from generator.engine.problem import Message, Problem
from generator.reading.source import Document
from generator.shape.form import Form

Keys = tuple[str | int, ...]
_Entry = tuple[Keys, Mapping[str, Any]]

FINDING = "finding"
"""What deductions by an inspection's finding have for a rule."""


def rulebook_problems(document: Document, form: Form, folder: tuple[str, int]) -> list[Problem]:
    """Everything wrong with a well-shaped rulebook in the folder of that id and version."""
    checker = _Checker(document)
    return [
        *checker.identity(*folder),
        *checker.sums(),
        *checker.names(),
        *checker.readings(),
        *checker.mentioned_clauses(),
        *checker.consequences(),
        *path_problems(document, form),
    ]


@dataclass(frozen=True, slots=True)
class _Checker:
    """One document looked at; every method yields problems and keeps nothing."""

    document: Document

    @property
    def value(self) -> Mapping[str, Any]:
        value: Mapping[str, Any] = self.document.value
        return value

    def problem(self, keys: Keys, code: str, message: Message, *, key: bool = False) -> Problem:
        return Problem(self.document.location(keys, key=key), code, message)

    # --- the whole ---

    def identity(self, name: str, version: int) -> Iterator[Problem]:
        for key, expected in (("id", name), ("version", version)):
            if self.value[key] != expected:
                message = Message(
                    "{key} is {written}, but the file's name and folder say {expected}; "
                    "make them agree.",
                    {"key": key, "written": self.value[key], "expected": expected},
                )
                yield self.problem((key,), "id-mismatch", message)

    def sums(self) -> Iterator[Problem]:
        """Clauses add up to their section, sections to the total."""
        sections = self.value["sections"]
        yield from self._sum(("total",), self.value["total"], sections)
        for number, section in enumerate(sections):
            keys = ("sections", number, "points")
            yield from self._sum(keys, section["points"], section["clauses"])

    def _sum(
        self, keys: Keys, whole: Mapping[str, Any], parts: Iterable[Mapping[str, Any]]
    ) -> Iterator[Problem]:
        found = sum((Fraction(part["points"]["value"]) for part in parts), Fraction())
        if found != Fraction(whole["value"]):
            message = Message(
                "{whole} points are given, but the parts add up to {sum}; make them agree.",
                {"whole": Fraction(whole["value"]), "sum": found},
            )
            yield self.problem((*keys, "value"), "points-do-not-add-up", message)

    def names(self) -> Iterator[Problem]:
        """No id twice."""
        yield from self._unique(list(self._rules()))
        yield from self._unique(list(self._clauses()))
        for name in ("sections", "readings", "deadlines", "lines", "provisions"):
            yield from self._unique(self._listed((name,), self.value.get(name, [])))
        grounds = self.value.get("exclusions", {}).get("grounds", [])
        yield from self._unique(self._listed(("exclusions", "grounds"), grounds))
        for keys, rule in self._rules():
            if rule["id"] == FINDING:
                message = Message(
                    "What an inspection finds is listed under «{id}»; choose another id.",
                    {"id": FINDING},
                )
                yield self.problem((*keys, "id"), "duplicate-id", message)

    def _listed(self, keys: Keys, entries: list[Mapping[str, Any]]) -> list[_Entry]:
        return [((*keys, number), entry) for number, entry in enumerate(entries)]

    def _unique(self, entries: Iterable[_Entry]) -> Iterator[Problem]:
        seen: set[str] = set()
        for keys, entry in entries:
            if entry["id"] in seen:
                message = Message("«{id}» stands twice; give each its own id.", {"id": entry["id"]})
                yield self.problem((*keys, "id"), "duplicate-id", message)
            seen.add(entry["id"])

    def readings(self) -> Iterator[Problem]:
        """Every reading that a number rests on is there."""
        known = [reading["id"] for reading in self.value.get("readings", [])]
        for keys, figure in _figures(self.value, ()):
            yield from self._known((*keys, "reading"), "unknown-reading", figure, "reading", known)

    def mentioned_clauses(self) -> Iterator[Problem]:
        """Readings speak of clauses or provisions that are there, consequences of provisions."""
        provisions = [provision["id"] for provision in self.value.get("provisions", [])]
        clauses = [clause["id"] for _, clause in self._clauses()]
        for keys, reading in self._listed(("readings",), self.value.get("readings", [])):
            for index, clause in enumerate(reading["clauses"]):
                if clause not in (*clauses, *provisions):
                    here = (*keys, "clauses", index)
                    known = (*clauses, *provisions)
                    yield unknown(self.document, here, "unknown-clause", clause, known)
        grounds = self.value.get("exclusions", {}).get("grounds", [])
        places = self._listed(("exclusions", "grounds"), grounds)
        places += self._listed(("lines",), self.value.get("lines", []))
        if "outside_ranking" in self.value:
            places.append((("outside_ranking",), self.value["outside_ranking"]))
        for keys, entry in places:
            here = (*keys, "clause")
            yield from self._known(here, "unknown-clause", entry, "clause", provisions)

    def consequences(self) -> Iterator[Problem]:
        """Lines and the outside ranking name outcomes and lines that are there."""
        outcomes, lines = list(self.value.get("outcomes", {})), self.value.get("lines", [])
        for keys, line in self._listed(("lines",), lines):
            for index, outcome in enumerate(line["outcomes"]):
                if outcome not in outcomes:
                    here = (*keys, "outcomes", index)
                    yield unknown(self.document, here, "unknown-outcome", outcome, outcomes)
            here = (*keys, "undecided")
            yield from self._known(here, "unknown-outcome", line, "undecided", outcomes)
            here, known = (*keys, "yields_to"), [other["id"] for other in lines]
            yield from self._known(here, "unknown-line", line, "yields_to", known)
            if _in_a_circle(line, lines):
                message = Message("The lines yield to each other in a circle; let one go first.")
                yield self.problem(here, "circular-line", message)
        outside = self.value.get("outside_ranking", {})
        here = ("outside_ranking", "outcome")
        yield from self._known(here, "unknown-outcome", outside, "outcome", outcomes)

    def _known(
        self, keys: Keys, code: str, entry: Mapping[str, Any], name: str, known: list[str]
    ) -> Iterator[Problem]:
        """What an entry names, if it names something, is there."""
        if name in entry and entry[name] not in known:
            yield unknown(self.document, keys, code, entry[name], known)

    # --- clauses and rules ---

    def _clauses(self) -> Iterator[_Entry]:
        for i, section in enumerate(self.value["sections"]):
            for j, clause in enumerate(section["clauses"]):
                yield ("sections", i, "clauses", j), clause

    def _rules(self) -> Iterator[_Entry]:
        for keys, clause in self._clauses():
            for k, rule in enumerate(clause.get("rules", [])):
                yield (*keys, "rules", k), rule


def _in_a_circle(line: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> bool:
    """Whether what a line yields to comes back to it."""
    after = {other["id"]: other.get("yields_to") for other in lines}
    seen: set[str] = set()
    name = line.get("yields_to")
    while name is not None and name not in seen:
        if name == line["id"]:
            return True
        seen.add(name)
        name = after.get(name)
    return False


def _figures(value: Any, keys: Keys) -> Iterator[tuple[Keys, Mapping[str, Any]]]:
    """Every number with its ground, wherever it stands in the file."""
    if isinstance(value, Mapping):
        if isinstance(value.get("basis"), str):
            yield keys, value
        for key, inner in value.items():
            yield from _figures(inner, (*keys, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _figures(inner, (*keys, index))
