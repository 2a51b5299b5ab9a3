"""From what rules ask to a score: charging, means, one event under one clause only, adjustments.

Owns the order of these steps, so that a score is its sections and its adjustments together,
exactly.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from generator.engine.book import Band, Clause, Part, Pool, Rule, Rulebook, Section
from generator.engine.facts import Facts, Views, apart, groups_of, past_views, views_of
from generator.engine.measures import Basis, Rounding, rounded
from generator.engine.problem import Message, Path
from generator.engine.rules import at_most, judge
from generator.engine.year import (
    FINDING,
    Adjustment,
    Calendar,
    Charge,
    ClauseScore,
    Deduction,
    PartScore,
    Period,
    Scorecard,
    SectionScore,
    Submission,
    YearInputs,
)

Asked: TypeAlias = Mapping[str, tuple[Deduction, ...]]
"""What is asked under each clause, by its id, in the rulebook's order."""

Event: TypeAlias = tuple[Path, str]
"""A record: its list and its id."""

Once: TypeAlias = Literal["heaviest", "first"]


def once(asked: Asked, lists: Mapping[str, Path], how: Once) -> Asked:
    """The same, each record under one of the clauses that deduct for it.

    Under the one that asks most for it (the first of equals), or under the first one. Awards,
    findings and what is not about one record stay. `lists` are those of the rules.
    """
    costs: dict[Event, dict[str, Fraction]] = {}
    for clause, deductions in asked.items():
        for deduction in deductions:
            for event in event_of(deduction, lists):
                by = costs.setdefault(event, {})
                by[clause] = by.get(clause, Fraction()) + deduction.points
    shared: dict[Event, tuple[str, tuple[str, ...]]] = {}
    for event, by in costs.items():
        if len(by) > 1:  # both ways prefer the earlier clause
            under = next(iter(by)) if how == "first" else max(by, key=by.__getitem__)
            shared[event] = under, tuple(clause for clause in by if clause != under)
    if not shared:
        return asked
    return {
        clause: tuple(_kept(clause, deductions, shared, lists))
        for clause, deductions in asked.items()
    }


def _kept(
    clause: str,
    deductions: tuple[Deduction, ...],
    shared: Mapping[Event, tuple[str, tuple[str, ...]]],
    lists: Mapping[str, Path],
) -> Iterator[Deduction]:
    """What stays under a clause; what counts here alone says under which others it would."""
    for deduction in deductions:
        reason = deduction.reason
        for event in event_of(deduction, lists):
            under, others = shared.get(event, (clause, ()))
            if clause != under:
                break
            if others:
                args = {"reason": reason, "clauses": others}
                reason = Message("{reason}; counted here and not under {clauses} as well", args)
        else:
            yield deduction if reason is deduction.reason else replace(deduction, reason=reason)


def event_of(deduction: Deduction, lists: Mapping[str, Path]) -> tuple[Event, ...]:
    """The one record that a deduction is about, if it is about one."""
    there = deduction.rule in lists and not deduction.award
    return ((lists[deduction.rule], deduction.records[0]),) if there else ()


def lists_by_rule(rules: Iterable[Rule]) -> dict[str, Path]:
    """The list of records that each rule goes through one by one."""
    return {rule.id: rule.records for rule in rules if rule.one_by_one and rule.records}


def adjusted(card: Scorecard, facts: Facts) -> Scorecard:
    """The card with everything that stands between its sections and its score."""
    book = facts.rulebook
    made: list[Adjustment] = []
    if any(clause.instead for clause in card.clauses()):
        made += _scaled(card, book)
    before = _score(card, made)
    for pool in book.above.pools:
        made += _pool(pool, before, facts)
    made += _converted(_score(card, made), book)
    vetoes = [veto for veto in book.above.vetoes if all(test.holds(facts) for test in veto.where)]
    for veto in vetoes:
        score = _score(card, made)
        wanted = veto.score.value if veto.score else score
        if veto.at_most:
            wanted = min(wanted, veto.at_most.value)
        if wanted != score:
            args = {"label": veto.label, "score": facts.amount(wanted)}
            reason = Message("{label}: it becomes {score}", args)
            made.append(Adjustment(veto.id, wanted - score, reason))
    return replace(
        card,
        score=_score(card, made),
        parts=tuple(parts_of(card.sections, book)),
        adjustments=tuple(made),
        last=any(veto.last for veto in vetoes),
        outcomes=tuple(outcome for veto in vetoes for outcome in veto.outcomes),
        barred=tuple(line for veto in vetoes for line in veto.bars),
    )


def band(bands: Iterable[Band], score: Fraction) -> Band | None:
    """The grade of a score: the band from whose lower bound on it lies, below the upper one."""
    for grade in bands:
        above = grade.at_least is None or score >= grade.at_least.value
        if above and (grade.below is None or score < grade.below.value):
            return grade
    return None


def _score(card: Scorecard, made: Iterable[Adjustment]) -> Fraction:
    return sum((adjustment.points for adjustment in made), card.score)


# --- what does not apply --------------------------------------------------------------


def _away(section: SectionScore, counts: str) -> Fraction:
    """The points of a section's clauses that do not apply and are made up for in that way."""
    clauses = (score.clause for score in section.clauses if score.instead)
    away = (c.points.value for c in clauses if c.applies and c.applies.counts == counts)
    return sum(away, Fraction()) * section.weight


def _scaled(card: Scorecard, book: Rulebook) -> Iterator[Adjustment]:
    """What is scaled up: sections of which something does not apply, then the total."""
    for section in card.sections:
        if away := _away(section, "section"):
            args = section.section.title, section.points, section.maximum, away
            yield _scaling("scaled-section", *args)
    if away := sum((_away(section, "total") for section in card.sections), Fraction()):
        points = sum(map(_own_scale, card.sections), Fraction())
        yield _scaling("scaled-total", book.title, points, book.total.value, away)


def _own_scale(section: SectionScore) -> Fraction:
    """A section's points with what its own scaling adds."""
    away = _away(section, "section")
    return section.points + (_missing(section.points, section.maximum, away) if away else 0)


def parts_of(sections: Iterable[SectionScore], book: Rulebook) -> Iterator[PartScore]:
    """The score of each period inside the year by itself, with its grade.

    Clauses that do not apply are made up for inside their section; what is added to or taken
    from the year's total is not part of it.
    """
    bands = book.above.bands
    for part in book.above.parts:
        inside = [_by_itself(section) for section in sections if section.part == part.id]
        if inside:
            score = sum(map(_own_scale, inside), Fraction())
            grade = band(bands.bands, score) if bands and bands.of == "period" else None
            yield PartScore(part.id, score, grade)


def _by_itself(section: SectionScore) -> SectionScore:
    """A section as it counts in its period, before that counts in the year."""
    weight = weight_of(section.section, None)
    return replace(section, points=_sum(section.clauses) * weight, weight=weight)


def _scaling(
    name: str, what: object, points: Fraction, full: Fraction, away: Fraction
) -> Adjustment:
    reason = Message(
        "{what}: {away} of {full} do not apply; {points} × {full} ÷ {rest}",
        {"what": what, "away": away, "full": full, "points": points, "rest": full - away},
    )
    return Adjustment(name, _missing(points, full, away), reason)


def _missing(points: Fraction, full: Fraction, away: Fraction) -> Fraction:
    """What scaling adds; where nothing at all applies, everything counts in full."""
    return full if full == away else points * full / (full - away) - points


def _pool(pool: Pool, score: Fraction, facts: Facts) -> Iterator[Adjustment]:
    """What the rules beside the sections give and take, in their order."""
    open_ = (pool.minimum is None or score >= pool.minimum.value) and all(
        test.holds(facts) for test in pool.where
    )
    left = pool.cap.value if pool.cap else Fraction()
    for deduction in (d for rule in pool.rules for d in judge(rule, facts)):
        points, reason = deduction.points, deduction.reason
        if deduction.award and not open_:
            points = Fraction()
            reason = Message("{reason}; not given: the condition is not met", {"reason": reason})
        elif deduction.award and pool.cap:
            points = min(points, left)
            left -= points
            if points != deduction.points:
                reason = at_most(reason, facts, pool.cap.value, points)
        charge = Charge(deduction, points)
        yield Adjustment(deduction.rule, charge.signed, reason, deduction.sources, charge)


def _converted(score: Fraction, book: Rulebook) -> Iterator[Adjustment]:
    """What conversions and then rounding make of a score."""
    for conversion in book.above.conversions:
        turned = score * conversion.to.value / conversion.of.value
        if conversion.rounding:
            turned = rounded(turned, conversion.rounding)
        args = {"label": conversion.label, "score": score, "to": conversion.to.value}
        args |= {"of": conversion.of.value, "result": turned}
        reason = Message("{label}: {score} × {to} ÷ {of} = {result}", args)
        yield Adjustment(conversion.id, turned - score, reason, converts=True)
        score = turned
    if book.above.round_score is not None:
        places = int(book.above.round_score.value)
        turned = rounded(score, Rounding("half_up", places))
        if turned != score:
            args = {"score": score, "places": places, "result": turned}
            reason = Message("{score} rounded to {places} places: {result}", args)
            yield Adjustment("rounding", turned - score, reason)


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
    views = views_of(submissions, rulebook, period, known, before, calendar)
    left_out = {without.unit: without.deduction} if without else {}
    by_unit = {
        unit: _card(parts, parts[None].rulebook, left_out.get(unit))
        for unit, parts in views.items()
    }
    by_unit = _with_means(by_unit, known if apart(rulebook) else {})
    return {unit: adjusted(card, views[unit][None]) for unit, card in by_unit.items()}


def past_parts(inputs: YearInputs) -> dict[str, tuple[PartScore, ...]]:
    """How the periods of the year before went, by this year's rulebook; all are judged together."""
    book = inputs.rulebook
    known = groups_of(book, inputs.townships)
    views = past_views(inputs.before, book, inputs.assessment.period, known, inputs.calendar)
    then, by_unit = dict[str, Rulebook](), dict[str, Scorecard]()
    for unit, parts in views.items():
        above = parts[None].rulebook.above  # with those periods that a report speaks of
        reported = replace(above, parts=tuple(part for part in above.parts if part.id in parts))
        then[unit] = replace(parts[None].rulebook, above=reported)
        by_unit[unit] = _card(parts, then[unit], None)
    by_unit = _with_means(by_unit, known if apart(book) else {})
    return {unit: tuple(parts_of(card.sections, then[unit])) for unit, card in by_unit.items()}


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
        taken = deduction.points
        if deduction.award:
            if cap is not None:
                taken = min(taken, max(cap - points, _NOTHING))
            points += taken
        else:
            if floor:
                taken = min(taken, max(points, _NOTHING))
            points -= taken
        charges.append(Charge(deduction, taken))
    return tuple(charges)


def _card(views: Views, book: Rulebook, without: Deduction | None) -> Scorecard:
    """The year's sections, then those of each period inside it, added up."""
    sections: list[SectionScore] = []
    when: dict[str, Iterable[Part | None]] = {"year": (None,), "period": book.above.parts}
    for each, parts in when.items():
        judged = [section for section in book.sections if section.each == each]
        for part in parts if judged else ():
            asked = asked_of(judged, views[part.id if part else None], without)
            sections += [_section(section, asked, part) for section in judged]
    excluded = tuple(exclusion for view in views.values() for exclusion in view.excluded)
    # What can be had before pools; conversions turn it into another number.
    total = book.above.conversions[-1].to if book.above.conversions else book.total
    submission = views[None].submission
    return Scorecard(submission, _sum(sections), tuple(sections), excluded, total.value)


def asked_of(
    sections: Iterable[Section], view: Facts, without: Deduction | None = None
) -> dict[str, tuple[Deduction, ...]]:
    """What rules and findings ask under every clause that applies, by its id."""
    asked: Asked = {
        clause.id: tuple(_deductions(clause, view, without))
        for section in sections
        for clause in section.clauses
        if clause.applies is None or all(test.holds(view) for test in clause.applies.where)
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
    cap = None if clause.above_points else full
    charges = charge(asked or (), start, floor=not clause.below_zero, cap=cap)
    points = start
    for taken in charges:
        points = points + taken.points if taken.deduction.award else points - taken.points
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
            args: dict[str, object] = {"id": finding.id, "date": finding.date}
            args |= {"reason": finding.reason, "document": finding.document}
            args |= {"points": view.amount(finding.points)}
            reason = Message("Finding {id} of {date}: {reason} ({document}), deduct {points}", args)
            ground = Basis.FINDING, (finding.location,), finding
            yield Deduction(FINDING, finding.points, (finding.id,), reason, *ground)


def _sum(parts: Sequence[SectionScore] | Sequence[ClauseScore]) -> Fraction:
    return sum((part.points for part in parts), Fraction())


def _with_means(
    by_unit: Mapping[str, Scorecard], groups: Mapping[str, str]
) -> dict[str, Scorecard]:
    """Clauses that count what the others have on average, once everybody has been judged."""
    have: dict[tuple[str | None, str | None, str], list[Fraction]] = {}
    waiting = set[str]()
    for unit, card in by_unit.items():
        for section in card.sections:
            for clause in section.clauses:
                if clause.instead is None:
                    key = (groups.get(unit), section.part, clause.clause.id)
                    have.setdefault(key, []).append(clause.points)
                elif clause.instead == _INSTEAD["mean"]:
                    waiting.add(unit)
    filled = dict(by_unit)
    for unit in waiting:
        sections = []
        for section in filled[unit].sections:
            where = groups.get(unit), section.part
            clauses = tuple(
                _with_mean(score, have.get((*where, score.clause.id), ()))
                for score in section.clauses
            )
            points = _sum(clauses) * section.weight
            sections.append(replace(section, clauses=clauses, points=points))
        filled[unit] = replace(filled[unit], sections=tuple(sections), score=_sum(sections))
    return filled


def _with_mean(score: ClauseScore, points: Sequence[Fraction]) -> ClauseScore:
    """The mean of what the others have, and how it came about; full points where nobody has any."""
    if score.instead != _INSTEAD["mean"]:
        return score
    if not points:
        return replace(score, points=score.clause.points.value, instead=_NO_MEAN)
    mean = sum(points, Fraction()) / len(points)
    return replace(score, points=mean, instead=_MEAN.about({"count": len(points), "mean": mean}))


_MEAN = Message("does not apply: counts {mean}, what the {count} others have on average")
_NO_MEAN = Message("does not apply, nor to the others: counts in full")
