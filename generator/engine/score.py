"""From deductions to a scorecard. Owns charging order and the floor: no clause goes below zero.

Must not rank, print, or know a kind of rule.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from generator.engine.book import Clause, Rulebook, Section
from generator.engine.facts import Facts, facts
from generator.engine.kinds import Basis
from generator.engine.model import (
    Charge,
    ClauseScore,
    Deduction,
    Finding,
    Period,
    Scorecard,
    SectionScore,
    Submission,
)
from generator.engine.problem import Message
from generator.engine.rules import judge

FINDING = "finding"
"""What stands in the place of a rule's id where an inspector's finding deducts."""


def scorecard(
    submission: Submission,
    rulebook: Rulebook,
    period: Period,
    *,
    without: Deduction | None = None,
) -> Scorecard:
    """Every clause judged, charged and added up; `without` leaves one out and charges afresh."""
    view = facts(submission, rulebook, period)
    sections = tuple(_section(section, view, without) for section in rulebook.sections)
    return Scorecard(submission, _sum(sections), sections, view.excluded)


def charge(deductions: Iterable[Deduction], points: Fraction) -> tuple[Charge, ...]:
    """Each deduction with what was left to take of it, in the order given."""
    charges = []
    for deduction in deductions:
        taken = min(deduction.points, points)
        points -= taken
        charges.append(Charge(deduction, taken))
    return tuple(charges)


def _section(section: Section, view: Facts, without: Deduction | None) -> SectionScore:
    clauses = tuple(_clause(clause, view, without) for clause in section.clauses)
    return SectionScore(section, _sum(clauses), clauses)


def _clause(clause: Clause, view: Facts, without: Deduction | None) -> ClauseScore:
    asked = (d for d in _deductions(clause, view) if d != without)
    charges = charge(asked, clause.points.value)
    taken = sum((c.points for c in charges), Fraction())
    return ClauseScore(clause, clause.points.value - taken, charges)


def _deductions(clause: Clause, view: Facts) -> Iterator[Deduction]:
    for rule in clause.rules:
        yield from judge(rule, view)
    findings = (f for f in view.submission.findings if f.clause == clause.id)
    yield from map(_found, sorted(findings, key=lambda finding: (finding.date, finding.id)))


def _found(finding: Finding) -> Deduction:
    reason = Message(
        "Finding {id} of {date}: {reason} ({document}), deduct {points}",
        {
            "id": finding.id,
            "date": finding.date,
            "reason": finding.reason,
            "document": finding.document,
            "points": finding.points,
        },
    )
    places = (finding.location,)
    return Deduction(FINDING, finding.points, (finding.id,), reason, Basis.FINDING, places, finding)


def _sum(parts: Iterable[SectionScore] | Iterable[ClauseScore]) -> Fraction:
    return sum((part.points for part in parts), Fraction())
