"""What the rules of a rulebook look at besides one unit's own records: lists, the past, the others.

Owns the walk over every quantity. Must not measure anything.
"""

from collections.abc import Iterator

from generator.engine.book import Rulebook
from generator.engine.kinds import Ceiling, Rule, Scale, Target
from generator.engine.measures import (
    BeforeQuantity,
    CountQuantity,
    DifferenceQuantity,
    IncreaseQuantity,
    PeerQuantity,
    PercentQuantity,
    Quantity,
    ShareQuantity,
    SumQuantity,
    Test,
    TotalQuantity,
)
from generator.engine.problem import Path


def looks_back(rulebook: Rulebook) -> bool:
    """Whether a result rests on what was reported the year before as well."""
    above = rulebook.above
    return bool(above.streaks) or any(
        isinstance(quantity, BeforeQuantity | IncreaseQuantity) for quantity in quantities(rulebook)
    )


def looks_aside(rulebook: Rulebook) -> bool:
    """Whether a unit's score rests on what others have reported."""
    means = any(
        clause.applies is not None and clause.applies.counts == "mean"
        for clause in rulebook.clauses()
    )
    return means or any(isinstance(quantity, PeerQuantity) for quantity in quantities(rulebook))


def quantities(rulebook: Rulebook) -> Iterator[Quantity]:
    """Every quantity of the rulebook, with those it is made of."""
    for rule in rulebook.rules():
        for quantity in quantities_of(rule):
            yield from _deep(quantity)
    for test in _tests(rulebook):
        if test.quantity is not None:
            yield from _deep(test.quantity)
    for breaker in rulebook.above.tie_breakers:
        if breaker.quantity is not None:
            yield from _deep(breaker.quantity)


def quantities_of(rule: Rule) -> tuple[Quantity, ...]:
    """The quantities that a rule measures."""
    if isinstance(rule, Target):
        return (rule.actual, rule.bound)
    if isinstance(rule, Ceiling):
        return (rule.limit,)
    return (rule.value,) if isinstance(rule, Scale) else ()


def lists_of(rule: Rule) -> Iterator[Path]:
    """The lists of records that a rule measures something by."""
    for quantity in quantities_of(rule):
        yield from lists_in(quantity)


def lists_in(quantity: Quantity) -> Iterator[Path]:
    """The lists of records that a quantity is measured by."""
    for part in _deep(quantity):
        if isinstance(part, CountQuantity | SumQuantity | IncreaseQuantity):
            yield part.selection.records


def _tests(rulebook: Rulebook) -> Iterator[Test]:
    for clause in rulebook.clauses():
        yield from clause.applies.where if clause.applies else ()
    for pool in rulebook.above.pools:
        yield from pool.where
    for veto in rulebook.above.vetoes:
        yield from veto.where


def _deep(quantity: Quantity) -> Iterator[Quantity]:
    yield quantity
    for part in _parts(quantity):
        yield from _deep(part)


def _parts(quantity: Quantity) -> tuple[Quantity, ...]:
    if isinstance(quantity, PercentQuantity | BeforeQuantity | PeerQuantity):
        return (quantity.of,)
    if isinstance(quantity, ShareQuantity):
        return (quantity.part, quantity.whole)
    if isinstance(quantity, DifferenceQuantity):
        return (quantity.first, quantity.less)
    return quantity.parts if isinstance(quantity, TotalQuantity) else ()
