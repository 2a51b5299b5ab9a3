"""From deductions to scorecards. Owns charging order, floors, caps and weights.

Judges units together, since some rules compare them. What is added to or taken from the sum of
the sections is `adjust`'s. Must not rank, print, or know a kind of rule.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.engine.above import Part
from generator.engine.adjust import adjusted, parts_of
from generator.engine.book import Clause, Rulebook, Section
from generator.engine.facts import Facts
from generator.engine.groups import group_of, of_group
from generator.engine.measures import Basis
from generator.engine.model import Calendar, Finding, Period, Submission, YearInputs
from generator.engine.problem import Message
from generator.engine.quantities import holds
from generator.engine.result import (
    Charge,
    ClauseScore,
    Deduction,
    PartScore,
    Scorecard,
    SectionScore,
)
from generator.engine.rules import judge
from generator.engine.views import Views, apart, past, views_of

FINDING = "finding"
"""What stands in the place of a rule's id where an inspector's finding deducts."""

_NONE: Mapping[str, Submission] = {}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A deduction of one unit that shall not be asked."""

    unit: str
    deduction: Deduction


def cards(
    submissions: Mapping[str, Submission],
    rulebook: Rulebook,
    period: Period,
    *,
    groups: Mapping[str, str] | None = None,
    before: Mapping[str, Submission] = _NONE,
    calendar: Calendar | None = None,
    without: LeftOut | None = None,
) -> dict[str, Scorecard]:
    """The scorecard of every unit, by unit; `groups` says which of the rulebook's each is in.

    Everything is judged, charged and added up afresh; `without` leaves one deduction out.
    """
    known = groups or {}
    books = {group: of_group(rulebook, group) for group in {None, *known.values()}}
    views = views_of(submissions, books, period, known, before, calendar or Calendar())
    found = {}
    for unit, parts in views.items():
        left_out = without.deduction if without and without.unit == unit else None
        found[unit] = _card(parts, books[known.get(unit)], left_out)
    found = _with_means(found, known if apart(rulebook) else {})
    return {
        unit: adjusted(card, books[known.get(unit)], views[unit][None], _left(without, unit))
        for unit, card in found.items()
    }


def scorecard(
    submission: Submission,
    rulebook: Rulebook,
    period: Period,
    *,
    without: Deduction | None = None,
) -> Scorecard:
    """The card of one unit that is compared with none; `without` leaves a deduction out."""
    left_out = LeftOut(submission.township, without) if without else None
    return cards({submission.township: submission}, rulebook, period, without=left_out)[
        submission.township
    ]


def past_parts(inputs: YearInputs, unit: str) -> tuple[PartScore, ...]:
    """How the periods of the year before went for a unit, by this year's rulebook."""
    submission = inputs.before.get(unit)
    if submission is None:
        return ()
    township = next(one for one in inputs.townships if one.id == unit)
    book = of_group(inputs.rulebook, group_of(inputs.rulebook, township))
    views = past(submission, book, inputs.assessment.period, inputs.calendar)
    there = tuple(part for part in book.above.parts if part.id in views)
    known = replace(book, above=replace(book.above, parts=there))
    sections = tuple(_sections(views, known, None)) if None in views else ()
    return tuple(parts_of(sections, known))


def _left(without: LeftOut | None, unit: str) -> Deduction | None:
    return without.deduction if without and without.unit == unit else None


# --- charging -------------------------------------------------------------------------


_NOTHING = Fraction()
_WHOLE = Fraction(1)


def charge(
    deductions: Iterable[Deduction],
    points: Fraction,
    *,
    floor: Fraction | None = _NOTHING,
    cap: Fraction | None = None,
) -> tuple[Charge, ...]:
    """Each deduction with what there was to take or to give, in the order given.

    It starts from `points`; `floor` and `cap` are the least and the most there can be.
    """
    charges = []
    for deduction in deductions:
        asked = taken = deduction.points
        if deduction.award:
            if cap is not None:
                taken = min(asked, max(cap - points, _NOTHING))
            points += taken
        else:
            if floor is not None:
                left = points - floor if floor else points
                taken = min(asked, max(left, _NOTHING))
            points -= taken
        charges.append(Charge(deduction, taken))
    return tuple(charges)


def _card(views: Views, book: Rulebook, without: Deduction | None) -> Scorecard:
    year = views[None]
    sections = tuple(_sections(views, book, without))
    return Scorecard(
        year.submission,
        _sum(sections),
        sections,
        tuple(excluded for view in views.values() for excluded in view.excluded),
        total=_total(book),
    )


def _sections(views: Views, book: Rulebook, without: Deduction | None) -> Iterator[SectionScore]:
    """The year's sections, then those of each period inside it."""
    for section in book.sections:
        if section.each == "year":
            yield _section(section, views[None], None, without)
    for part in book.above.parts:
        for section in book.sections:
            if section.each == "period":
                yield _section(section, views[part.id], part, without)


def _section(
    section: Section, view: Facts, part: Part | None, without: Deduction | None
) -> SectionScore:
    clauses = tuple(_clause(clause, view, without) for clause in section.clauses)
    weight = section.weight.value / 100 if section.weight else _WHOLE
    if part is not None:
        weight *= part.weight.value / 100
    points = _sum(clauses)
    if weight is not _WHOLE:  # nearly always it is, and multiplying takes long
        points *= weight
    return SectionScore(section, points, clauses, weight, part.id if part else None)


def _clause(clause: Clause, view: Facts, without: Deduction | None) -> ClauseScore:
    full = clause.points.value
    if (rule := clause.applies) and not all(holds(test, view) for test in rule.where):
        fixed = {"full": full, "points": rule.points.value if rule.points else Fraction()}
        return ClauseScore(clause, fixed.get(rule.counts, Fraction()), (), _INSTEAD[rule.counts])
    return charged(clause, _deductions(clause, view, without))


def charged(clause: Clause, asked: Iterable[Deduction]) -> ClauseScore:
    """A clause with everything that is asked of it, in charging order."""
    full = clause.points.value
    start = full if clause.starts == "full" else Fraction()
    floor = Fraction() if clause.floor else None
    charges = charge(asked, start, floor=floor, cap=full if clause.cap else None)
    points = start
    for one in charges:
        points = points + one.points if one.deduction.award else points - one.points
    return ClauseScore(clause, points, charges)


_INSTEAD = {
    "full": Message("does not apply: counts in full"),
    "zero": Message("does not apply: counts 0"),
    "points": Message("does not apply: counts a fixed number of points"),
    "mean": Message("does not apply: counts what the others have on average"),
    "section": Message("does not apply: its points go to the other clauses of the section"),
    "total": Message("does not apply: the total is scaled up from what applies"),
}


def _deductions(clause: Clause, view: Facts, without: Deduction | None) -> Iterator[Deduction]:
    for rule in clause.rules:
        yield from judge(rule, view, without)
    findings = (
        f for f in view.submission.findings if f.clause == clause.id and f.part == view.part
    )
    for finding in sorted(findings, key=lambda finding: (finding.date, finding.id)):
        if without is None or finding != without.finding:
            yield _found(finding, view)


def _found(finding: Finding, view: Facts) -> Deduction:
    reason = Message(
        "Finding {id} of {date}: {reason} ({document}), deduct {points}",
        {
            "id": finding.id,
            "date": finding.date,
            "reason": finding.reason,
            "document": finding.document,
            "points": view.amount(finding.points),
        },
    )
    places = (finding.location,)
    return Deduction(FINDING, finding.points, (finding.id,), reason, Basis.FINDING, places, finding)


# --- adding up ------------------------------------------------------------------------


def _sum(parts: Sequence[SectionScore] | Sequence[ClauseScore]) -> Fraction:
    return sum((part.points for part in parts), Fraction())


def _total(book: Rulebook) -> Fraction:
    """What can be had before pools; conversions turn it into another number."""
    return book.above.conversions[-1].to.value if book.above.conversions else book.total.value


def _with_means(found: Mapping[str, Scorecard], groups: Mapping[str, str]) -> dict[str, Scorecard]:
    """Clauses that count what the others have on average, once everybody has been judged."""
    have: dict[tuple[str | None, str | None, str], list[Fraction]] = {}
    waiting = set[str]()
    for unit, card in found.items():
        for section in card.sections:
            for clause in section.clauses:
                if clause.instead is None:
                    key = (groups.get(unit), section.part, clause.clause.id)
                    have.setdefault(key, []).append(clause.points)
                elif clause.instead == _INSTEAD["mean"]:
                    waiting.add(unit)
    if not waiting:
        return dict(found)
    return {
        unit: _filled(card, groups.get(unit), have) if unit in waiting else card
        for unit, card in found.items()
    }


def _filled(
    card: Scorecard,
    group: str | None,
    have: Mapping[tuple[str | None, str | None, str], Sequence[Fraction]],
) -> Scorecard:
    sections = []
    for section in card.sections:
        clauses = tuple(
            _with_mean(score, have.get((group, section.part, score.clause.id), ()))
            for score in section.clauses
        )
        points = _sum(clauses) * section.weight
        sections.append(replace(section, clauses=clauses, points=points))
    return replace(card, sections=tuple(sections), score=_sum(sections))


def _with_mean(score: ClauseScore, points: Sequence[Fraction]) -> ClauseScore:
    """The mean of what the others have; full points where it applies to nobody."""
    if score.instead != _INSTEAD["mean"]:
        return score
    full = score.clause.points.value
    return replace(score, points=sum(points, Fraction()) / len(points) if points else full)
