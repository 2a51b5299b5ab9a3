"""Worked examples of a rulebook: read, checked, put to the rules, and what they try.

Owns that an example speaks of what the rulebook has, that no rule goes without one, and how a
result is compared with what an example expects.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from generator.engine.book import (
    Above,
    Clause,
    Pool,
    Rule,
    Rulebook,
    looks_aside,
    looks_back,
)
from generator.engine.kinds.scale import Point
from generator.engine.measures import Figure, exact
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
from generator.reading.slips import meant, nearest
from generator.reading.source import (
    Check,
    Document,
    Fault,
    Keys,
    Spot,
    all_placed,
    placed,
    replaced,
)
from generator.rulebook.books import Book, Books
from generator.shape.form import Form, no_such_day
from generator.shape.schema import Files, documents_of
from generator.year import office
from generator.year.facts import Facts, fact_faults, unaddressed
from generator.year.holidays import Holidays, holidays, years_needed

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
    facts: Facts
    findings: tuple[Finding, ...]
    expect: Mapping[str, Any]
    location: Location
    ratings: tuple[Rating, ...] = ()
    inner: str | None = None
    before: Facts | None = None
    peers: tuple[Facts, ...] = ()
    group: str | None = None
    calendar: Calendar = field(default_factory=Calendar)

    def submissions(self) -> dict[str, Submission]:
        """What is judged: the unit in question, and those ranked with it."""
        unit = Submission(UNIT, self.facts, {}, (), self.findings, self.ratings)
        peers = (Submission(f"peer-{n}", facts, {}) for n, facts in enumerate(self.peers, start=1))
        return {submission.township: submission for submission in (unit, *peers)}

    def problem(self, message: Message) -> Problem:
        """A problem of this example; its message says {name}."""
        about = message.about({"name": self.name, **message.args})
        return Problem(self.location, "example-fails", about)


# --- reading --------------------------------------------------------------------------


def examples_of(
    files: Files, book: Book, problems: list[Problem], known: Holidays | None = None
) -> list[Example]:
    """The sound examples of one rulebook; what is wrong with the others goes to `problems`.

    `known` are the city's holidays, where they have been read already.
    """
    arranged, rulebook = known or holidays(files, []), book.rulebook
    kinds, version = (Kind.FACTS, Kind.EXAMPLE), (rulebook.id, rulebook.version)
    wanted = [file for file in files.of(*kinds) if (file.id, file.version) == version]
    read = documents_of(files, wanted, problems, book.shape)
    bases = {
        file.path.rpartition("/facts/")[2]: read[file].value if file in read else None
        for file in wanted
        if file.kind is Kind.FACTS
    }
    sound, clauses = list[Example](), set[str]()
    for document in (read[file] for file in read if file.kind is Kind.EXAMPLE):
        shown, wrong = examples(document, bases, book, arranged)
        sound += shown
        problems += wrong
        clauses.add(document.value["clause"])
    problems += placed(book.document, _unshown(rulebook, clauses)) if clauses else ()
    return sound


def unproven(files: Files, shelf: Books, known: Holidays) -> list[Problem]:
    """What is wrong with the worked examples of all rulebooks."""
    problems: list[Problem] = []
    for book in shelf.values():
        examples_of(files, book, problems, known)
    return problems


def _unshown(rulebook: Rulebook, clauses: set[str]) -> Iterator[Fault]:
    """The rules of clauses and pools that no file of examples is about."""
    parts: list[tuple[Keys, Clause | Pool]] = [
        (("sections", s, "clauses", c), clause)
        for s, section in enumerate(rulebook.sections)
        for c, clause in enumerate(section.clauses)
    ]
    parts += [(("pools", number), pool) for number, pool in enumerate(rulebook.above.pools)]
    for keys, part in parts:
        for number, _ in enumerate(() if part.id in clauses else part.rules):
            message = Message(
                "Nothing shows how this rule works: {clause} has no worked example; "
                "add examples/{clause}.yaml.",
                {"clause": part.id},
            )
            rule_id = (*keys, "rules", number, "id")
            yield Fault(rule_id, "rule-without-example", message, severity=Severity.WARNING)


def examples(
    document: Document, bases: Mapping[str, Any], book: Book, known: Holidays
) -> tuple[list[Example], list[Problem]]:
    """The sound examples of one file, and what is wrong with the others.

    `bases` holds complete facts by file name, None for those that are told to be wrong.
    """
    value, rulebook = document.value, book.rulebook
    names = {subject.id: subject.title.zh for subject in subjects(rulebook)}
    names |= {veto.id: veto.label.zh for veto in rulebook.above.vetoes}
    sound, problems, checks = list[Example](), list[Problem](), list[Check]()
    unknown = [*office.unknown_clause(value["clause"], names)]
    checks.append((document, unknown))
    for number, entry in enumerate(() if unknown else value["examples"]):
        base = entry.get("base", value.get("base", ""))
        if bases.get(base, {}) is None:
            continue
        faults = [*_frame_faults(entry, value["clause"], base, bases, rulebook)]
        faults = faults or [*_address_faults(entry, bases[base], book.form)]
        keys: Keys = ("examples", number)
        if not faults:
            place = document.location(keys)
            example = _example(entry, value["clause"], bases[base], place, known.calendar)
            shapeless, fact_checks = _wrong_facts(example, book)
            problems += shapeless
            checks += fact_checks
            faults = [*_rule_faults(example, rulebook, known)]
            if not (shapeless or faults or any(found for _, found in fact_checks)):
                faults = [*_unread(example, rulebook)]
                sound += [] if faults else [example]
        checks.append((document, office.inside(keys, faults)))
    return sound, [*problems, *all_placed(checks)]


def subjects(rulebook: Rulebook) -> tuple[Clause | Pool, ...]:
    """What examples can be about beside vetoes: every clause, then every pool."""
    return (*rulebook.clauses(), *rulebook.above.pools)


def _frame_faults(
    entry: Mapping[str, Any], clause: str, base: str, bases: Mapping[str, Any], rulebook: Rulebook
) -> Iterator[Fault]:
    """What is wrong with everything around the facts."""
    period, group = entry.get("period", CALENDAR_YEAR), entry.get("group")
    days = tuple(period.values())
    if base not in bases:
        message = Message(
            "There are no facts «{base}» in examples/facts; there are: {known}",
            {"base": base, "known": tuple(sorted(bases)) or ("-",)},
        )
        yield Fault((), "missing-file", meant(message, nearest(base, bases)))
    elif (why := next(filter(None, map(no_such_day, days)), None)) is not None:
        yield Fault((), "bad-date", why)
    elif not _FIRST_YEAR <= period["from"][:4] <= period["to"][:4] <= _LAST_YEAR:
        message = Message("{date} is outside the years in which anything is assessed.")
        yield Fault((), "date-outside-period", message.about({"date": days}))
    elif period["to"] < period["from"]:
        yield office.misordered(("period", "to"), period["to"], "from", period["from"])
    judged = office.asked(rulebook, None).clauses.get(clause)
    each = judged is not None and judged.each
    parts = tuple(part.id for part in rulebook.above.parts)
    yield from office.part_faults(entry.get("inner"), parts, each=each, key="inner")
    grouping = rulebook.above.grouping
    groups = tuple(known.id for known in grouping.groups) if grouping else ()
    if group is not None and group not in groups:
        message = Message(
            "The rulebook has no group {group}; its groups are: {known}.",
            {"group": group, "known": groups or ("-",)},
        )
        yield Fault(("group",), "unknown-value", meant(message, nearest(group, groups)))


def _address_faults(entry: Mapping[str, Any], base: Facts, form: Form) -> Iterator[Fault]:
    """The first address that is none, in each of the groups of facts given."""
    given: list[tuple[Keys, Facts]] = [((key,), entry.get(key, {})) for key in ("given", "before")]
    given += [(("peers", number), peer) for number, peer in enumerate(entry.get("peers", []))]
    for keys, changes in given:
        facts = base
        for fact, value in changes.items():
            message = unaddressed(facts, fact, form)
            if message is not None:
                yield Fault((*keys, fact), "unknown-fact", message, at_key=True)
                break
            facts = replaced(facts, fact.split("."), value)


def _example(
    entry: Mapping[str, Any], clause: str, base: Facts, place: Location, calendar: Calendar
) -> Example:
    """One example of a file in which nothing is wrong with the frame."""
    period, about = entry.get("period", CALENDAR_YEAR), {"period": entry.get("inner")}
    findings = ({**value, **about, "clause": clause} for value in entry.get("findings", []))
    return Example(
        clause,
        entry["name"],
        Period(date.fromisoformat(period["from"]), date.fromisoformat(period["to"])),
        _with(base, entry.get("given", {})),
        tuple(office.finding(value, place) for value in findings),
        entry["expect"],
        place,
        tuple(office.rating({**value, **about}, place) for value in entry.get("ratings", [])),
        entry.get("inner"),
        _with(base, entry["before"]) if "before" in entry else None,
        tuple(_with(base, peer) for peer in entry.get("peers", [])),
        entry.get("group"),
        calendar,
    )


def _with(facts: Facts, given: Mapping[str, Any]) -> Facts:
    for address, value in given.items():
        facts = replaced(facts, address.split("."), value)
    return facts


# --- what is wrong with an example ----------------------------------------------------


def _wrong_facts(example: Example, book: Book) -> tuple[list[Problem], list[Check]]:
    """Facts that no report could hold.

    The year before is held to its shape only: it is the base with some facts changed, and the
    base's dates are of one year.
    """
    problems, checks = list[Problem](), list[Check]()
    for facts in (example.facts, *example.peers):
        spot = Spot(facts, example.location)
        shapeless = book.shape.problems(spot)
        problems += shapeless
        if not shapeless:
            faults = fact_faults(facts, book.form, book.rulebook, example.period)
            checks.append((spot, [*faults]))
    if example.before is not None:
        problems += book.shape.problems(Spot(example.before, example.location))
    return problems, checks


def _rule_faults(example: Example, rulebook: Rulebook, known: Holidays) -> Iterator[Fault]:
    """Ratings and rules that the unit is not asked, days that are not arranged."""
    wanted = office.asked(rulebook, example.group)
    for number, rating in enumerate(example.ratings):
        for fault in office.rating_faults(rating, wanted, example.ratings[:number]):
            yield fault._replace(keys=())
    about = (subject for subject in subjects(rulebook) if subject.id == example.clause)
    rules = tuple(rule.id for subject in about for rule in subject.rules)
    for row in example.expect.get("deductions", ()):
        if row["rule"] not in (*rules, FINDING):
            args = {"name": example.name, "clause": example.clause, "rule": row["rule"]}
            message = Message(
                "{name}: {clause} has no rule «{rule}»; its rules are: {known}.",
                {**args, "known": rules or ("-",)},
            )
            yield Fault((), "example-without-rule", message)
    for submission in example.submissions().values():
        needed = years_needed(submission, rulebook, example.calendar)
        for year in sorted(needed.keys() - known.files.keys()):
            message = Message(
                "There is no data/holidays/{holidays}.yaml, but {record} of this example "
                "counts working days there; write down when people work and when not.",
                {"holidays": year, "record": needed[year].address},
            )
            yield Fault((), "missing-holidays", message)


def _unread(example: Example, rulebook: Rulebook) -> Iterator[Fault]:
    """Facts of another year or of other units, where what is expected rests on none."""
    whole, above = "score" in example.expect, Above()
    for section in () if whole else rulebook.sections:
        for clause in section.clauses:
            if clause.id == example.clause:
                alone = (replace(section, clauses=(clause,)),)
                rulebook = replace(rulebook, sections=alone, above=above)
    for given, reads in (("before", looks_back), ("peers", looks_aside)):
        if getattr(example, given) and not reads(rulebook):
            message = Message(
                "Nothing reads this: no rule that the example is about looks at «{given}». "
                "Delete it.",
                {"given": given},
            )
            yield Fault((given,), "unread-figure", message, at_key=True)


# --- put to the rules -----------------------------------------------------------------


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
    card = card_of(example, rulebook)
    return tuple(map(example.problem, _differences(example, card, rulebook)))


def _differences(example: Example, card: Scorecard, rulebook: Rulebook) -> Iterator[Message]:
    """Points, deductions, score, what is added to the sections, and the records left out."""
    expect, judged = example.expect, _judged(example, card, rulebook)
    if judged is None:
        yield Message("{name}: the unit is not asked this; give it another group.")
        return
    points, charges = judged
    if "points" in expect and Fraction(expect["points"]) != points:
        yield Message(
            "{name}: {expected} points expected, the rules leave {found}.",
            {"expected": Fraction(expect["points"]), "found": points},
        )
    if "score" in expect and Fraction(expect["score"]) != card.score:
        yield Message(
            "{name}: a score of {expected} is expected, it is {found}.",
            {"expected": Fraction(expect["score"]), "found": card.score},
        )
    if "deductions" in expect:
        yield from _other_deductions(expect["deductions"], charges)
    made = [(adjustment.id, adjustment.points) for adjustment in card.adjustments]
    wanted = [(row["id"], Fraction(row["points"])) for row in expect.get("adjustments", ())]
    if "adjustments" in expect and wanted != made:
        yield Message(
            "{name}: the adjustments {expected} are expected, the rules make {found}.",
            _both(*([f"{name} {exact(added)}" for name, added in rows] for rows in (wanted, made))),
        )
    excluded = [exclusion.record.id for exclusion in card.excluded]
    if "excluded" in expect and sorted(expect["excluded"]) != sorted(excluded):
        yield Message(
            "{name}: the excluded records {expected} are expected, the rules exclude {found}.",
            _both(expect["excluded"], excluded),
        )


def _judged(
    example: Example, card: Scorecard, rulebook: Rulebook
) -> tuple[Fraction, Sequence[Charge]] | None:
    """Points and charges that the example looks at, None where its unit is not asked the clause."""
    for section in card.sections:
        for score in section.clauses:
            if section.part == example.inner and score.clause.id == example.clause:
                return score.points, score.charges
    for pool in rulebook.above.pools:
        if pool.id == example.clause:
            rules = {rule.id for rule in pool.rules}
            entries = (adjustment.charge for adjustment in card.adjustments if adjustment.charge)
            charges = [charge for charge in entries if charge.deduction.rule in rules]
            return sum((charge.signed for charge in charges), Fraction()), charges
    if any(veto.id == example.clause for veto in rulebook.above.vetoes):
        points = (entry.points for entry in card.adjustments if entry.id == example.clause)
        return sum(points, Fraction()), ()
    return None


def _other_deductions(
    expected: Iterable[dict[str, Any]], charges: Iterable[Charge]
) -> Iterator[Message]:
    """Other deductions, or in another order; records are compared where the example names them."""
    wanted = [
        row | {name: Fraction(row.get(name, row["points"])) for name in ("points", "charged")}
        for row in expected
    ]
    made = [
        {"rule": d.rule, "records": [*d.records], "points": d.points, "charged": points}
        for d, points in ((charge.deduction, charge.points) for charge in charges)
    ]
    pairs = zip(made, wanted, strict=False)
    if len(wanted) != len(made) or any(charge | row != charge for charge, row in pairs):
        yield Message(
            "{name}: the deductions {expected} are expected, the rules make {found}.",
            _both(map(_deduction, wanted), map(_deduction, made)),
        )


def _both(expected: Iterable[str], found: Iterable[str]) -> dict[str, object]:
    nothing = Message("nothing")
    return {"expected": tuple(expected) or nothing, "found": tuple(found) or nothing}


def _deduction(row: Mapping[str, Any]) -> str:
    points, charged, records = row["points"], row["charged"], row.get("records")
    named = f"[{', '.join(records)}]" if records else ""
    taken = "" if points == charged else f"→{exact(charged)}"
    return f"{row['rule']}{named} {exact(points)}{taken}"


# --- what examples show of each rule --------------------------------------------------


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
    deductions = [(example.clause, list(_deductions(example))) for example in tried]
    rows = []
    for part in subjects(rulebook):
        examples = [asked for clause, asked in deductions if clause in (None, part.id)]
        for rule in part.rules:
            by_rule = [[d for d in asked if d.rule == rule.id] for asked in examples]
            # The same number may stand twice in a rulebook: what counts is which was used.
            used = {id(figure) for asked in by_rule for d in asked for figure in d.figures}
            # What asks for nothing leaves no trace in a scorecard, so a 0 cannot be seen used.
            numbers = (figure for figure in _figures(rule) if figure.value)
            unused = {id(figure): figure for figure in numbers if id(figure) not in used}
            asks, silent = any(by_rule), not all(by_rule)
            rows.append(RuleCoverage(rule, part.id, asks, silent, tuple(unused.values())))
    return tuple(rows)


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
        for inner in fields(value):
            yield from _figures(getattr(value, inner.name))
