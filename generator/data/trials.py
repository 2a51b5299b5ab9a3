"""Worked examples put to the rules: what they make of each, and where the two differ.

Owns how a result is compared with what an example expects. The engine judges; this module only
asks it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from generator.data.examples import UNIT, Example, subjects
from generator.engine.amount import exact
from generator.engine.book import Rulebook
from generator.engine.model import Submission
from generator.engine.problem import Message, Problem
from generator.engine.result import Charge, Scorecard
from generator.engine.score import FINDING, cards


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
