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
from generator.engine.groups import groups_of, of_group
from generator.engine.measures import Basis
from generator.engine.model import Calendar, Finding, Period, Submission, YearInputs
from generator.engine.once import Asked, lists_by_rule, once
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
from generator.engine.views import Views, apart, past_views, views_of

FINDING = "finding"
"""What stands in the place of a rule's id where an inspector's finding deducts."""

_NONE: Mapping[str, Submission] = {}
_PLAIN = Calendar()


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
    calendar: Calendar = _PLAIN,
    without: LeftOut | None = None,
) -> dict[str, Scorecard]:
    """The scorecard of every unit, by unit; `groups` says which of the rulebook's each is in.

    Everything is judged, charged and added up afresh; `without` leaves one deduction out.
    """
    known = groups or {}
    books = {group: of_group(rulebook, group) for group in {None, *known.values()}}
    views = views_of(submissions, books, period, known, before, calendar)
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


def past_parts(inputs: YearInputs) -> dict[str, tuple[PartScore, ...]]:
    """How the periods of the year before went for every unit, by this year's rulebook.

    All who reported then are judged together, since some rules compare them.
    """
    book = inputs.rulebook
    known = groups_of(book, inputs.townships)
    books = {group: of_group(book, group) for group in {None, *known.values()}}
    period = inputs.assessment.period
    views = past_views(inputs.before, books, period, known, inputs.calendar)
    then = {unit: _reported(books[known.get(unit)], parts) for unit, parts in views.items()}
    found = {unit: _card(parts, then[unit], None) for unit, parts in views.items()}
    found = _with_means(found, known if apart(book) else {})
    return {unit: tuple(parts_of(card.sections, then[unit])) for unit, card in found.items()}


def _reported(book: Rulebook, views: Views) -> Rulebook:
    """The rulebook with those periods inside the year that a report speaks of."""
    there = tuple(part for part in book.above.parts if part.id in views)
    return replace(book, above=replace(book.above, parts=there))


def _left(without: LeftOut | None, unit: str) -> Deduction | None:
    return without.deduction if without and without.unit == unit else None


# --- charging -------------------------------------------------------------------------


_NOTHING = Fraction()
_WHOLE = Fraction(1)


def charge(
    deductions: Iterable[Deduction],
    points: Fraction,
    *,
    floor: bool = True,
    cap: Fraction | None = None,
) -> tuple[Charge, ...]:
    """Each deduction with what there was to take or to give, in the order given.

    It starts from `points`; with a floor nothing goes below 0, and `cap` is the most there can be.
    """
    charges = []
    for deduction in deductions:
        asked = taken = deduction.points
        if deduction.award:
            if cap is not None:
                taken = min(asked, max(cap - points, _NOTHING))
            points += taken
        else:
            if floor:
                taken = min(asked, max(points, _NOTHING))
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
    whole = tuple(section for section in book.sections if section.each == "year")
    asked = asked_of(whole, views[None], without)
    for section in whole:
        yield _section(section, asked, None)
    by_part = tuple(section for section in book.sections if section.each == "period")
    for part in book.above.parts if by_part else ():
        asked = asked_of(by_part, views[part.id], without)
        for section in by_part:
            yield _section(section, asked, part)


def asked_of(
    sections: Iterable[Section], view: Facts, without: Deduction | None = None
) -> dict[str, tuple[Deduction, ...]]:
    """What rules and findings ask under every clause that applies, by its id."""
    asked: Asked = {
        clause.id: tuple(_deductions(clause, view, without))
        for section in sections
        for clause in section.clauses
        if clause.applies is None or all(holds(test, view) for test in clause.applies.where)
    }
    how = view.rulebook.counted_once
    return dict(once(asked, lists_by_rule(view.rulebook.rules()), how) if how else asked)


def _section(section: Section, asked: Asked, part: Part | None) -> SectionScore:
    clauses = tuple(clause_score(clause, asked.get(clause.id)) for clause in section.clauses)
    weight = weight_of(section, part)
    points = _sum(clauses)
    if weight is not _WHOLE:  # nearly always it is, and multiplying takes long
        points *= weight
    return SectionScore(section, points, clauses, weight, part.id if part else None)


def weight_of(section: Section, part: Part | None) -> Fraction:
    """By what a section's points are multiplied, in the year or in a period inside it."""
    weight = section.weight.value / 100 if section.weight else _WHOLE
    return weight if part is None else weight * part.share


def clause_score(clause: Clause, asked: Sequence[Deduction] | None) -> ClauseScore:
    """A clause's points and what was charged; None is asked where it does not apply."""
    full, rule = clause.points.value, clause.applies
    if asked is None and rule is not None:
        fixed = {"full": full, "points": rule.points.value if rule.points else Fraction()}
        return ClauseScore(clause, fixed.get(rule.counts, Fraction()), (), _INSTEAD[rule.counts])
    start = full if clause.starts == "full" else Fraction()
    cap = full if clause.cap else None
    charges = charge(asked or (), start, floor=clause.floor, cap=cap)
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
    """The mean of what the others have, and how it came about; full points where nobody has any."""
    if score.instead != _INSTEAD["mean"]:
        return score
    if not points:
        return replace(score, points=score.clause.points.value, instead=_NO_MEAN)
    mean = sum(points, Fraction()) / len(points)
    told = _MEAN.about({"count": len(points), "mean": mean})
    return replace(score, points=mean, instead=told)


_MEAN = Message("does not apply: counts {mean}, what the {count} others have on average")
_NO_MEAN = Message("does not apply, to the others neither: counts in full")
