"""Worked examples of a rulebook as they stand in their files: what is given, what is expected.

Owns how an example is read. Whether the rules agree with it is for `trials`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from generator.data.changes import unaddressed
from generator.data.fact_check import is_date
from generator.data.inspection import part_faults
from generator.engine.above import Pool
from generator.engine.book import Clause, Rulebook
from generator.engine.model import Calendar, Finding, Period, Rating, Submission
from generator.engine.problem import Location, Message, Problem
from generator.reading.addresses import replaced
from generator.reading.source import Document
from generator.shape.form import Form

_FIRST_YEAR, _LAST_YEAR = "2000", "2100"
"""As in the schema of an assessment."""

CALENDAR_YEAR = {"from": "2025-01-01", "to": "2025-12-31"}
"""The period of an example that names none."""

UNIT = "example"
"""The unit that an example is about; those ranked with it are peer-1, peer-2 and so on."""


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example: where it stands, what is given, what is expected.

    `clause` is that of a clause, a pool or a veto, `inner` the period inside the year that is
    looked at. `before` are the facts of the year before, `peers` those of the units ranked
    together. `calendar` is the city's.
    """

    clause: str
    name: str
    period: Period
    facts: Mapping[str, Any]
    findings: tuple[Finding, ...]
    expect: Mapping[str, Any]
    location: Location
    ratings: tuple[Rating, ...] = ()
    inner: str | None = None
    before: Mapping[str, Any] | None = None
    peers: tuple[Mapping[str, Any], ...] = ()
    group: str | None = None
    calendar: Calendar = field(default_factory=Calendar)

    def submissions(self) -> dict[str, Submission]:
        """What is judged: the unit in question, and those ranked with it."""
        own = Submission(UNIT, self.facts, {}, (), self.findings, self.ratings)
        others = (Submission(f"peer-{n}", facts, {}) for n, facts in enumerate(self.peers, start=1))
        return {one.township: one for one in (own, *others)}


def examples(
    document: Document, bases: Mapping[str, Any], form: Form, rulebook: Rulebook
) -> Iterator[Example | Problem]:
    """The examples of one file; `bases` holds complete facts by file name."""
    value = document.value
    for number, entry in enumerate(value["examples"]):
        base = entry.get("base", value.get("base", ""))
        if base in bases and bases[base] is None:
            continue  # what is wrong with them has been told
        reader = _Reader(document, ("examples", number), value["clause"], rulebook)
        problems = [*reader.frame(entry, base, bases)]
        if not problems:
            problems += reader.addresses(entry, bases[base], form)
        yield from problems or (reader.example(entry, bases[base]),)


def subjects(rulebook: Rulebook) -> tuple[Clause | Pool, ...]:
    """What examples can be about: every clause, then every pool."""
    return (*rulebook.clauses(), *rulebook.above.pools)


@dataclass(frozen=True, slots=True)
class _Reader:
    """One example of a file: what keeps it from being run, and the example itself."""

    document: Document
    keys: tuple[str | int, ...]
    clause: str
    rulebook: Rulebook

    @property
    def place(self) -> Location:
        return self.document.location(self.keys)

    def frame(
        self, entry: Mapping[str, Any], base: str, bases: Mapping[str, Any]
    ) -> Iterator[Problem]:
        """What is wrong with everything around the facts."""
        period = entry.get("period", CALENDAR_YEAR)
        if base not in bases:
            message = Message(
                "There are no facts «{base}» in examples/facts; there are: {known}",
                {"base": base, "known": tuple(sorted(bases)) or ("-",)},
            )
            yield Problem(self.place, "missing-file", message)
        elif not (is_date(period["from"]) and is_date(period["to"])):
            message = Message("{date} is no day of the calendar.", {"date": tuple(period.values())})
            yield Problem(self.place, "bad-date", message)
        elif not _FIRST_YEAR <= period["from"][:4] <= period["to"][:4] <= _LAST_YEAR:
            message = Message(
                "{date} is outside the years in which anything is assessed.",
                {"date": tuple(period.values())},
            )
            yield Problem(self.place, "date-outside-period", message)
        yield from self.inner(entry.get("inner"))
        yield from self.group(entry.get("group"))

    def inner(self, part: str | None) -> Iterator[Problem]:
        """The period inside the year is named exactly where the clause is judged in each."""
        each = self.clause in {
            clause.id
            for section in self.rulebook.sections
            if section.each == "period"
            for clause in section.clauses
        }
        known = tuple(one.id for one in self.rulebook.above.parts)
        for key, code, message in part_faults(part, known, each=each, key="inner"):
            keys = (*self.keys, key) if key else self.keys
            yield Problem(self.document.location(keys), code, message)

    def group(self, group: str | None) -> Iterator[Problem]:
        """A group is one of the rulebook's."""
        grouping = self.rulebook.above.grouping
        known = tuple(one.id for one in grouping.groups) if grouping else ()
        if group is not None and group not in known:
            message = Message(
                "The rulebook has no group {group}; its groups are: {known}.",
                {"group": group, "known": known or ("-",)},
            )
            place = self.document.location((*self.keys, "group"))
            yield Problem(place, "unknown-value", message)

    def addresses(
        self, entry: Mapping[str, Any], facts: Mapping[str, Any], form: Form
    ) -> Iterator[Problem]:
        """The first address that is none, in each of the groups of facts given."""
        peers = entry.get("peers", [])
        given: list[tuple[tuple[str | int, ...], Any]] = [
            (("given",), entry.get("given", {})),
            (("before",), entry.get("before", {})),
            *((("peers", number), peer) for number, peer in enumerate(peers)),
        ]
        for keys, changes in given:
            unknown = _unknown(changes, facts, form)
            if unknown is not None:
                fact, message = unknown
                place = self.document.location((*self.keys, *keys, fact), key=True)
                yield Problem(place, "unknown-fact", message)

    def example(self, entry: Mapping[str, Any], facts: Mapping[str, Any]) -> Example:
        period, place = entry.get("period", CALENDAR_YEAR), self.place
        inner = entry.get("inner")
        return Example(
            self.clause,
            entry["name"],
            Period(date.fromisoformat(period["from"]), date.fromisoformat(period["to"])),
            _changed(facts, entry.get("given", {})),
            tuple(
                _finding(finding, self.clause, inner, place)
                for finding in entry.get("findings", [])
            ),
            entry["expect"],
            place,
            tuple(self.rating(rating, inner) for rating in entry.get("ratings", [])),
            inner,
            _changed(facts, entry["before"]) if "before" in entry else None,
            tuple(_changed(facts, peer) for peer in entry.get("peers", [])),
            entry.get("group"),
        )

    def rating(self, value: Mapping[str, Any], inner: str | None) -> Rating:
        points = Fraction(value["points"])
        return Rating(value["rule"], value["scorer"], points, "", "", "", inner, self.place)


def _unknown(given: Mapping[str, Any], facts: Any, form: Form) -> tuple[str, Message] | None:
    """The first address that is none in these facts with what is given before it."""
    for fact, value in given.items():
        message = unaddressed(facts, fact, form)
        if message is not None:
            return fact, message
        facts = replaced(facts, fact.split("."), value)
    return None


def _changed(facts: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    for address, value in given.items():
        facts = replaced(facts, address.split("."), value)
    return facts


def _finding(value: Mapping[str, Any], clause: str, inner: str | None, place: Location) -> Finding:
    points, day = Fraction(value["deduct"]), value.get("date", "")
    return Finding(value["id"], clause, points, "", day, "", "", place, inner)
