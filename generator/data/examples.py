"""Worked examples of a rulebook: given facts, expected deductions, and whether they agree.

Owns how an example is read and compared. The engine judges; this module only asks it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from generator.data.changes import unaddressed
from generator.data.fact_check import is_date
from generator.engine.amount import exact
from generator.engine.book import Rulebook
from generator.engine.model import Charge, ClauseScore, Finding, Period, Scorecard, Submission
from generator.engine.problem import Location, Message, Problem
from generator.engine.score import scorecard
from generator.reading.addresses import replaced
from generator.reading.source import Document
from generator.shape.form import Form

_FIRST_YEAR, _LAST_YEAR = "2000", "2100"
"""As in the schema of an assessment."""

CALENDAR_YEAR = {"from": "2025-01-01", "to": "2025-12-31"}
"""The period of an example that names none."""


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example: where it stands, what is given, what is expected."""

    clause: str
    name: str
    period: Period
    facts: Mapping[str, Any]
    findings: tuple[Finding, ...]
    expect: Mapping[str, Any]
    location: Location


def examples(
    document: Document, bases: Mapping[str, Any], form: Form
) -> Iterator[Example | Problem]:
    """The examples of one file; `bases` holds complete facts by file name."""
    value = document.value
    for number, entry in enumerate(value["examples"]):
        place = document.location(("examples", number))
        base, period = entry.get("base", value.get("base", "")), entry.get("period", CALENDAR_YEAR)
        if base in bases and bases[base] is None:
            continue  # what is wrong with them has been told
        if base not in bases:
            message = Message(
                "There are no facts «{base}» in examples/facts; there are: {known}",
                {"base": base, "known": tuple(sorted(bases)) or ("-",)},
            )
            yield Problem(place, "missing-file", message)
        elif not (is_date(period["from"]) and is_date(period["to"])):
            message = Message("{date} is no day of the calendar.", {"date": tuple(period.values())})
            yield Problem(place, "bad-date", message)
        elif not _FIRST_YEAR <= period["from"][:4] <= period["to"][:4] <= _LAST_YEAR:
            message = Message(
                "{date} is outside the years in which anything is assessed.",
                {"date": tuple(period.values())},
            )
            yield Problem(place, "date-outside-period", message)
        elif unknown := _unknown(entry.get("given", {}), bases[base], form):
            fact, message = unknown
            keys = ("examples", number, "given", fact)
            yield Problem(document.location(keys, key=True), "unknown-fact", message)
        else:
            yield _example(value["clause"], entry, bases[base], period, place)


def _unknown(given: Mapping[str, Any], facts: Any, form: Form) -> tuple[str, Message] | None:
    """The first address that is none in these facts with what is given before it."""
    for fact, value in given.items():
        message = unaddressed(facts, fact, form)
        if message is not None:
            return fact, message
        facts = replaced(facts, fact.split("."), value)
    return None


def _example(
    clause: str,
    entry: Mapping[str, Any],
    facts: Mapping[str, Any],
    period: Mapping[str, str],
    place: Location,
) -> Example:
    for address, given in entry.get("given", {}).items():
        facts = replaced(facts, address.split("."), given)
    return Example(
        clause,
        entry["name"],
        Period(date.fromisoformat(period["from"]), date.fromisoformat(period["to"])),
        facts,
        tuple(_finding(finding, clause, place) for finding in entry.get("findings", [])),
        entry["expect"],
        place,
    )


def run(example: Example, rulebook: Rulebook) -> tuple[Problem, ...]:
    """The example judged by the rulebook: where the two differ, nothing if they agree."""
    submission = Submission("example", example.facts, {}, (), example.findings)
    card = scorecard(submission, rulebook, example.period)
    score = next(s for s in card.clauses() if s.clause.id == example.clause)
    return tuple(_differences(example, score, card))


def _finding(value: Mapping[str, Any], clause: str, place: Location) -> Finding:
    points, day = Fraction(value["deduct"]), value.get("date", "")
    return Finding(value["id"], clause, points, "", day, "", "", place)


def _differences(example: Example, score: ClauseScore, card: Scorecard) -> Iterator[Problem]:
    expect = example.expect
    if Fraction(expect["points"]) != score.points:
        args = {"expected": Fraction(expect["points"]), "found": score.points}
        message = Message("{name}: {expected} points expected, the rules leave {found}.", args)
        yield _problem(example, message)
    wanted, charges = expect.get("deductions"), score.charges
    if wanted is not None and not _agree(wanted, charges):
        message = Message(
            "{name}: the deductions {expected} are expected, the rules make {found}.",
            {"expected": _listed(map(_wanted, wanted)), "found": _listed(map(_found, charges))},
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


def _problem(example: Example, message: Message) -> Problem:
    named = Message(message.text, {"name": example.name, **message.args})
    return Problem(example.location, "example-fails", named)


def _listed(rows: Iterable[str]) -> tuple[str, ...]:
    return tuple(rows) or ("-",)


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
