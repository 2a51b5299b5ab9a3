"""Worked examples of a rulebook: read, checked, put to the rules, and what they try.

Owns that an example speaks of what the rulebook has, that no rule goes without one, and how a
result is compared with what an example expects.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from generator.engine.amount import exact
from generator.engine.book import Clause, Pool, Rule, Rulebook
from generator.engine.kinds.scale import Point
from generator.engine.measures import Figure
from generator.engine.problem import Location, Message, Problem, Severity
from generator.engine.score import cards
from generator.engine.year import (
    FINDING,
    Calendar,
    Charge,
    Deduction,
    Finding,
    Period,
    Rating,
    Scorecard,
    Submission,
)
from generator.reading.files import Kind
from generator.reading.source import Document, address, read, replaced
from generator.rulebook.books import Book
from generator.shape.documents import Files, document_of
from generator.shape.form import Form
from generator.shape.schema import shape
from generator.year.facts import at, fact_problems, is_date, unaddressed
from generator.year.holidays import Holidays, holidays, years_needed
from generator.year.report import asked, part_faults, rating_faults

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
    for place, value in given.items():
        facts = replaced(facts, place.split("."), value)
    return facts


def _finding(value: Mapping[str, Any], clause: str, inner: str | None, place: Location) -> Finding:
    points, day = Fraction(value["deduct"]), value.get("date", "")
    return Finding(value["id"], clause, points, "", day, "", "", place, inner)


def card_of(example: Example, rulebook: Rulebook) -> Scorecard:
    """The scorecard of the unit that the example is about."""
    submissions = example.submissions()
    before = example.before
    return cards(
        submissions,
        rulebook,
        example.period,
        groups=dict.fromkeys(submissions, example.group) if example.group else {},
        before={} if before is None else {UNIT: Submission(UNIT, before, {})},
        calendar=example.calendar,
    )[UNIT]


def run(example: Example, rulebook: Rulebook) -> tuple[Problem, ...]:
    """The example judged by the rulebook: where the two differ, nothing if they agree."""
    return tuple(_differences(example, card_of(example, rulebook), rulebook))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What there is to see of a clause, pool or veto: its points, and its charges in order."""

    points: Fraction
    charges: tuple[Charge, ...]


def _seen(example: Example, card: Scorecard, rulebook: Rulebook) -> _Seen | None:
    """What the example looks at, None where its unit is not asked that clause."""
    for section in card.sections:
        for score in section.clauses:
            if section.part == example.inner and score.clause.id == example.clause:
                return _Seen(score.points, score.charges)
    for pool in rulebook.above.pools:
        if pool.id == example.clause:
            rules = {rule.id for rule in pool.rules}
            charges = (one.charge for one in card.adjustments if one.charge)
            mine = tuple(charge for charge in charges if charge.deduction.rule in rules)
            return _Seen(sum((charge.signed for charge in mine), Fraction()), mine)
    if any(veto.id == example.clause for veto in rulebook.above.vetoes):
        made = (one.points for one in card.adjustments if one.id == example.clause)
        return _Seen(sum(made, Fraction()), ())
    return None


def _differences(example: Example, card: Scorecard, rulebook: Rulebook) -> Iterator[Problem]:
    seen = _seen(example, card, rulebook)
    if seen is None:
        message = Message("{name}: the unit is not asked this; give it another group.")
        yield _problem(example, message)
        return
    yield from _wrong_points(example, seen, card)
    wanted = example.expect.get("deductions")
    if wanted is not None and not _agree(wanted, seen.charges):
        message = Message(
            "{name}: the deductions {expected} are expected, the rules make {found}.",
            {
                "expected": _listed(map(_wanted, wanted)),
                "found": _listed(map(_found, seen.charges)),
            },
        )
        yield _problem(example, message)
    yield from _wrong_lists(example, card)


def _wrong_points(example: Example, seen: _Seen, card: Scorecard) -> Iterator[Problem]:
    """Points of the clause, and the score of the whole."""
    expect = example.expect
    if "points" in expect and Fraction(expect["points"]) != seen.points:
        args = {"expected": Fraction(expect["points"]), "found": seen.points}
        message = Message("{name}: {expected} points expected, the rules leave {found}.", args)
        yield _problem(example, message)
    if "score" in expect and Fraction(expect["score"]) != card.score:
        args = {"expected": Fraction(expect["score"]), "found": card.score}
        message = Message("{name}: a score of {expected} is expected, it is {found}.", args)
        yield _problem(example, message)


def _wrong_lists(example: Example, card: Scorecard) -> Iterator[Problem]:
    """What is added to the sections, and the records left out."""
    expect = example.expect
    made = [(one.id, one.points) for one in card.adjustments]
    wanted = [(row["id"], Fraction(row["points"])) for row in expect.get("adjustments", ())]
    if "adjustments" in expect and wanted != made:
        message = Message(
            "{name}: the adjustments {expected} are expected, the rules make {found}.",
            {"expected": _listed(map(_adjusted, wanted)), "found": _listed(map(_adjusted, made))},
        )
        yield _problem(example, message)
    excluded = tuple(exclusion.record.id for exclusion in card.excluded)
    if "excluded" in expect and sorted(expect["excluded"]) != sorted(excluded):
        message = Message(
            "{name}: the excluded records {expected} are expected, the rules exclude {found}.",
            {"expected": _listed(expect["excluded"]), "found": _listed(excluded)},
        )
        yield _problem(example, message)


def _agree(wanted: Sequence[Mapping[str, Any]], charges: Sequence[Charge]) -> bool:
    """Same deductions in the same order; records are compared where the example names them."""
    return len(wanted) == len(charges) and all(
        row["rule"] == charge.deduction.rule
        and Fraction(row["points"]) == charge.deduction.points
        and Fraction(row.get("charged", row["points"])) == charge.points
        and row.get("records", list(charge.deduction.records)) == list(charge.deduction.records)
        for row, charge in zip(wanted, charges, strict=True)
    )


def strange_rules(example: Example, rulebook: Rulebook) -> Iterator[Problem]:
    """Expected deductions by rules that the clause or the pool does not have."""
    mine = (one for one in subjects(rulebook) if one.id == example.clause)
    known = tuple(rule.id for one in mine for rule in one.rules)
    for row in example.expect.get("deductions", ()):
        if row["rule"] not in (*known, FINDING):
            message = Message(
                "{name}: {clause} has no rule «{rule}»; its rules are: {known}.",
                {"clause": example.clause, "rule": row["rule"], "known": known or ("-",)},
            )
            yield _problem(example, message, "example-without-rule")


# --- telling --------------------------------------------------------------------------


def _problem(example: Example, message: Message, code: str = "example-fails") -> Problem:
    named = Message(message.text, {"name": example.name, **message.args})
    return Problem(example.location, code, named)


def _listed(rows: Iterable[str]) -> tuple[str, ...] | Message:
    return tuple(rows) or Message("nothing")


def _adjusted(row: tuple[str, Fraction]) -> str:
    return f"{row[0]} {exact(row[1])}"


def _wanted(value: Mapping[str, Any]) -> str:
    points = Fraction(value["points"])
    charged = Fraction(value.get("charged", value["points"]))
    return _row(value["rule"], value.get("records", []), points, charged)


def _found(charge: Charge) -> str:
    deduction = charge.deduction
    return _row(deduction.rule, deduction.records, deduction.points, charge.points)


def _row(rule: str, records: Sequence[str], points: Fraction, charged: Fraction) -> str:
    named = f"[{', '.join(records)}]" if records else ""
    taken = "" if points == charged else f"→{exact(charged)}"
    return f"{rule}{named} {exact(points)}{taken}"


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


@dataclass(frozen=True, slots=True)
class Tried:
    """The scorecard of one example, and what it was looked at for: a clause, a pool, all (None).

    A clause that is judged in every period is looked at in `part` alone.
    """

    card: Scorecard
    clause: str | None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """What examples show of one rule, of the clause or pool `of`.

    `asks`: in one of them it asked something, `silent`: in one of them nothing. `unused` are
    its numbers that no example used.
    """

    rule: Rule
    of: str
    asks: bool
    silent: bool
    unused: tuple[Figure, ...]

    @property
    def complete(self) -> bool:
        """Whether examples show the rule from both sides, with all its numbers."""
        return self.asks and self.silent and not self.unused


def coverage(rulebook: Rulebook, tried: Iterable[Tried]) -> tuple[RuleCoverage, ...]:
    """Every rule, of clauses and then of pools, with what the examples about it show."""
    seen = [(one.clause, list(_deductions(one))) for one in tried]
    return tuple(
        _covered(rule, of, [asked for clause, asked in seen if clause in (None, of)])
        for of, rule in _rules_by_part(rulebook)
    )


def _rules_by_part(rulebook: Rulebook) -> Iterator[tuple[str, Rule]]:
    for part in subjects(rulebook):
        for rule in part.rules:
            yield part.id, rule


def _covered(rule: Rule, of: str, examples: Iterable[Iterable[Deduction]]) -> RuleCoverage:
    mine = [[d for d in asked if d.rule == rule.id] for asked in examples]
    # The same number may stand twice in a rulebook: what counts is which of the two was used.
    used = {id(figure) for asked in mine for d in asked for figure in d.figures}
    # What asks for nothing leaves no trace in a scorecard, so a 0 cannot be seen to be used.
    numbers = (figure for figure in _figures(rule) if figure.value)
    unused = {id(figure): figure for figure in numbers if id(figure) not in used}
    return RuleCoverage(rule, of, any(mine), not all(mine), tuple(unused.values()))


def _deductions(tried: Tried) -> Iterator[Deduction]:
    """Everything asked in the clauses and in the pools, as far as it was looked at."""
    for section in tried.card.sections:
        if tried.clause is None or section.part == tried.part:
            for score in section.clauses:
                yield from (charge.deduction for charge in score.charges)
    for adjustment in tried.card.adjustments:
        if adjustment.charge is not None:
            yield adjustment.charge.deduction


def _figures(value: object) -> Iterator[Figure]:
    """Every number in a rule, however deep; where a scale is at 0, nothing need be asked."""
    if isinstance(value, Point) and not value.points.value:
        return
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _figures(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _figures(inner)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _figures(getattr(value, one.name))
