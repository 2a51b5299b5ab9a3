"""What each kind of rule asks: facts in, deductions out, one small pure function a kind.

Must not know a clause's maximum, a floor, another rule, or any number: those are the
rulebook's and `score`'s. Every deduction carries its working as a message, put together in
`workings`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

from generator.engine import workings
from generator.engine.amount import rounded
from generator.engine.facts import Facts
from generator.engine.kinds import (
    AmountTable,
    Ceiling,
    CheckList,
    Choice,
    Coverage,
    Discretion,
    PerRecord,
    Recurrence,
    Requirement,
    Rule,
    RuleBase,
    Scale,
    Target,
)
from generator.engine.measures import Basis, Figure, Rounding
from generator.engine.problem import Location, Message, Path
from generator.engine.quantities import asked, bounds_in, limits, measure
from generator.engine.records import covering, delay, in_order, lookup, meets, spans
from generator.engine.year import Deduction, Record

_STRENGTH = list(Basis)


def judge(rule: Rule, facts: Facts, without: Deduction | None = None) -> Iterable[Deduction]:
    """The deductions that one rule asks, in charging order; 0, or what rounds to it, is none.

    `without` is one that shall not be asked: what the rule may ask is then left to the others.
    """
    found = (one for one in _JUDGES[type(rule)](rule, facts) if one.points)
    if without is not None:
        found = (one for one in found if not _same(one, without))
    places = facts.rulebook.above.round_points
    if places is not None:
        rounding = Rounding("half_up", int(places.value))
        exact = (_rounded(one, rounding, facts) for one in found)
        found = (one for one in exact if one.points)
    return found if rule.most is None else _at_most(rule.most, found, facts)


def _same(one: Deduction, other: Deduction) -> bool:
    """Whether both are about the same, whatever was cut from either."""
    return (one.rule, one.records, one.sources) == (other.rule, other.records, other.sources)


def weakest(figures: Iterable[Figure]) -> Basis:
    """The weakest basis among the numbers used."""
    return max((figure.basis for figure in figures), key=_STRENGTH.index)


def _rounded(one: Deduction, rounding: Rounding, facts: Facts) -> Deduction:
    points = rounded(one.points, rounding)
    if points == one.points:
        return one
    return replace(one, points=points, reason=workings.rounded(one.reason, facts.amount(points)))


def _at_most(most: Figure, found: Iterable[Deduction], facts: Facts) -> Iterator[Deduction]:
    """Each deduction as far as all together stay within what the rule may ask."""
    left = most.value
    for one in found:
        points = min(one.points, left)
        left -= points
        if points == one.points:
            yield one
        elif points:
            reason = workings.at_most(one.reason, facts.amount(most.value), facts.amount(points))
            figures = (*one.figures, most)
            basis = max(one.basis, most.basis, key=_STRENGTH.index)
            yield replace(one, points=points, reason=reason, basis=basis, figures=figures)


# --- one function a kind --------------------------------------------------------------


def requirement(rule: Requirement, facts: Facts) -> Iterator[Deduction]:
    if (facts.value(rule.fact) is True) != rule.award:
        return
    reason = workings.requirement(rule, facts)
    yield _asks(rule, rule.amount.value, reason, (rule.amount,), facts.sources(rule.fact))


def choice(rule: Choice, facts: Facts) -> Iterator[Deduction]:
    value = key(facts.value(rule.fact))
    if (figure := rule.figures.get(value)) is not None:
        reason = workings.choice(rule, facts, rule.names.get(value, value), figure.value)
        yield _asks(rule, figure.value, reason, (figure,), facts.sources(rule.fact))


def coverage(rule: Coverage, facts: Facts) -> Iterator[Deduction]:
    left_out = covering(rule.every, _entries(facts, rule.excepted)) if rule.excepted else set()
    every = spans(facts.period, rule.every)
    units = tuple(unit for unit in every if unit not in left_out)
    covered = covering(rule.every, _dates(rule, facts))
    counted = tuple(unit for unit in units if (unit in covered) == rule.award)
    if counted:
        points = len(counted) * rule.amount.value
        excepted = tuple(unit for unit in every if unit in left_out)
        reason = workings.coverage(rule, facts, counted, len(units), points, excepted)
        places = facts.sources(rule.selection.records)
        if rule.excepted and excepted:
            places = unique(places + facts.sources(rule.excepted))
        yield _asks(rule, points, reason, (rule.amount,), places, counted)


def check_list(rule: CheckList, facts: Facts) -> Iterator[Deduction]:
    present = set(_entries(facts, rule.fact))
    counted = tuple(item for item in rule.items if (item in present) == rule.award)
    if counted:
        points = len(counted) * rule.amount.value
        names = tuple(rule.items[item] for item in counted)
        reason = workings.check_list(rule, facts, names, points)
        yield _asks(rule, points, reason, (rule.amount,), facts.sources(rule.fact), counted)


def target(rule: Target, facts: Facts) -> Iterator[Deduction]:
    actual, bound = measure(rule.actual, facts), measure(rule.bound, facts)
    if actual.value is None or bound.value is None:
        return
    distance = actual.value - bound.value
    if rule.side == "around":
        distance = abs(distance)
    elif (rule.side == "at_least") != rule.award:
        distance = -distance
    reached = distance >= 0 if rule.award and rule.steps == "once" else distance > 0
    if not reached:
        return
    steps = _steps(rule, distance)
    points = steps * rule.amount.value
    step = (rule.step,) if rule.step else ()
    figures = (rule.amount, *step, *actual.figures, *bound.figures)
    reason = workings.target(rule, facts, actual, bound, distance, steps)
    places = unique(actual.sources + bound.sources)
    yield _asks(rule, points, reason, figures, places, actual.records)


def _steps(rule: Target, distance: Fraction) -> Fraction:
    """How often the amount is asked for that distance."""
    if rule.steps == "once":
        return Fraction(1)
    steps = distance / rule.step.value if rule.step else distance
    if rule.steps == "started":
        return Fraction(ceil(steps))
    return Fraction(floor(steps)) if rule.steps == "full" else steps


def per_record(rule: PerRecord, facts: Facts) -> Iterator[Deduction]:
    deadline = facts.deadline(rule.selection.where)
    late = facts.deadline_by(rule.delay.deadline) if rule.delay else None
    bounds = bounds_in(rule.selection.where)
    for record in facts.select(rule.selection):
        figure = _amount(rule.amount, record)
        factors = [factor for factor in rule.factors if meets(record, factor.where)]
        points = figure.value
        for factor in factors:
            points *= factor.by.value
        begun = 0
        if rule.delay and late:
            begun = delay(record, late, rule.delay.every, facts.period, facts.calendar)
            points *= begun
        reason = workings.per_record(rule, facts, record, deadline or late, figure, factors, begun)
        by = (factor.by for factor in factors)
        figures = (figure, *by, *limits(deadline, (record,), facts), *bounds)
        yield _asks(rule, points, reason, figures, facts.record_sources(record), (record.id,))


def ceiling(rule: Ceiling, facts: Facts) -> Iterator[Deduction]:
    records, allowed = facts.select(rule.selection), measure(rule.limit, facts)
    if allowed.value is None:
        return
    beyond = records[max(floor(allowed.value), 0) :]
    figures = (rule.amount, *allowed.figures, *asked(rule.selection, (), facts))
    for number, record in enumerate(beyond, start=1):
        reason = workings.ceiling(rule, facts, len(records), allowed, len(beyond), number, record)
        places = unique(facts.record_sources(record) + allowed.sources)
        yield _asks(rule, rule.amount.value, reason, figures, places, (record.id,))


def recurrence(rule: Recurrence, facts: Facts) -> Iterator[Deduction]:
    records = in_order(facts.select(rule.selection), rule.order_by)
    for number, record in enumerate(records, start=1):
        figure = rule.later if number > 1 else rule.first
        if number == 1 and not meets(record, rule.first_where):
            continue
        by = asked(rule.selection, (record,), facts, *rule.first_where) if number == 1 else ()
        reason = workings.recurrence(rule, facts, record, number, figure.value)
        places = facts.record_sources(record)
        yield _asks(rule, figure.value, reason, (figure, *by), places, (record.id,))


def scale(rule: Scale, facts: Facts) -> Iterator[Deduction]:
    value = measure(rule.value, facts)
    if value.value is None:
        if rule.otherwise:
            reason = workings.scale_otherwise(rule, facts, rule.otherwise.value)
            figures = (rule.otherwise, *value.figures)
            yield _asks(rule, rule.otherwise.value, reason, figures, value.sources)
        return
    points, used = _along(rule, value.value)
    reason = workings.scale(rule, facts, value, points)
    figures = (*used, *value.figures)
    yield _asks(rule, points, reason, figures, unique(value.sources), value.records)


def _along(rule: Scale, value: Fraction) -> tuple[Fraction, tuple[Figure, ...]]:
    """The points at a value, and the numbers that fix them there."""
    first, last = rule.along[0], rule.along[-1]
    if value < first.at.value:
        points = Fraction() if rule.stepped else first.points.value
        return points, (first.at, first.points)
    for low, high in pairwise(rule.along):
        if value < high.at.value:
            if rule.stepped:
                return low.points.value, (low.at, low.points)
            way = (value - low.at.value) / (high.at.value - low.at.value)
            points = low.points.value + way * (high.points.value - low.points.value)
            return points, (low.at, low.points, high.at, high.points)
    return last.points.value, (last.at, last.points)


def discretion(rule: Discretion, facts: Facts) -> Iterator[Deduction]:
    given = [
        rating
        for rating in facts.submission.ratings
        if rating.rule == rule.id and rating.part == facts.part
    ]
    ratings = sorted(given, key=lambda rating: list(rule.scorers).index(rating.scorer))
    weights = [rule.scorers[rating.scorer].weight for rating in ratings]
    rated = sum((weight.value for weight in weights), Fraction())
    if not rated:
        return
    pairs = zip(ratings, weights, strict=True)
    points = sum((one.points * weight.value for one, weight in pairs), Fraction()) / rated
    reason = workings.discretion(rule, facts, ratings, rated, points)
    figures = (rule.least, rule.greatest, *weights)
    places = tuple(rating.location for rating in ratings)
    yield _asks(rule, points, reason, figures, places)


_JUDGES: Mapping[type[RuleBase], Callable[[Any, Facts], Iterable[Deduction]]] = {
    Requirement: requirement,
    Choice: choice,
    Coverage: coverage,
    CheckList: check_list,
    Target: target,
    PerRecord: per_record,
    Ceiling: ceiling,
    Recurrence: recurrence,
    Scale: scale,
    Discretion: discretion,
}


# --- building deductions --------------------------------------------------------------


def _asks(
    rule: RuleBase,
    points: Fraction,
    reason: Message,
    figures: tuple[Figure, ...],
    sources: tuple[Location, ...],
    records: tuple[str, ...] = (),
) -> Deduction:
    basis = weakest(figures)
    return Deduction(rule.id, points, records, reason, basis, sources, None, rule.award, figures)


def key(value: object) -> str:
    """A value as tables of amounts name it."""
    return ("false", "true")[value] if isinstance(value, bool) else str(value)


def _amount(amount: Figure | AmountTable, record: Record) -> Figure:
    if isinstance(amount, Figure):
        return amount
    return amount.figures[tuple(key(lookup(record.fields, path)) for path in amount.by)]


def _dates(rule: Coverage, facts: Facts) -> Iterable[str]:
    if rule.on is None:
        return _entries(facts, rule.selection.records)
    found = (lookup(record.fields, rule.on) for record in facts.select(rule.selection))
    return [value for value in found if isinstance(value, str)]


def _entries(facts: Facts, path: Path) -> list[str]:
    entries = facts.value(path)
    return list(entries) if isinstance(entries, list | tuple) else []


def unique(places: tuple[Location, ...]) -> tuple[Location, ...]:
    """Each place once, where it first stands."""
    return tuple({(place.path, place.line): place for place in reversed(places)}.values())[::-1]
