"""Between which numbers a quantity can lie, whatever is reported.

Owns that arithmetic; where nothing can be said a range is open. Must not read a report.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import ceil, floor
from typing import Any

from generator.engine.measures import (
    BeforeQuantity,
    Bounds,
    CountQuantity,
    DifferenceQuantity,
    FactQuantity,
    FigureQuantity,
    IncreaseQuantity,
    PeerQuantity,
    PercentQuantity,
    Quantity,
    Rounding,
    ShareQuantity,
    SumQuantity,
    TotalQuantity,
)
from generator.shape.form import Field, Form


@dataclass(frozen=True, slots=True)
class Range:
    """All numbers from `low` to `high` (None: without end), the ends themselves if closed."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_closed: bool = True
    high_closed: bool = True

    @property
    def empty(self) -> bool:
        """Whether no number is inside."""
        if self.low is None or self.high is None:
            return False
        closed = self.low_closed and self.high_closed
        return self.low > self.high or (self.low == self.high and not closed)

    def meets(self, other: "Range") -> "Range":
        """The numbers inside both."""
        low, low_closed = _higher((self.low, self.low_closed), (other.low, other.low_closed))
        minus = (_minus(self.high), self.high_closed), (_minus(other.high), other.high_closed)
        high, high_closed = _higher(*minus)
        return Range(low, _minus(high), low_closed, high_closed)


_End = tuple[Fraction | None, bool]


def _higher(one: _End, other: _End) -> _End:
    """The end that leaves less above it; of equal ones the open one."""
    if one[0] is None or other[0] is None:
        return other if one[0] is None else one
    if one[0] == other[0]:
        return one[0], one[1] and other[1]
    return max(one, other, key=lambda end: end[0] or Fraction())


def _minus(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value


def range_of_bounds(bounds: Bounds) -> Range:
    """The numbers inside bounds."""
    found = Range()
    if bounds.at_least:
        found = found.meets(Range(low=bounds.at_least.value))
    if bounds.above:
        found = found.meets(Range(low=bounds.above.value, low_closed=False))
    if bounds.at_most:
        found = found.meets(Range(high=bounds.at_most.value))
    if bounds.below:
        found = found.meets(Range(high=bounds.below.value, high_closed=False))
    return found


def range_of_field(field: Field | None) -> Range:
    """What the form allows a number to be."""
    if field is None:
        return Range()
    return Range(_exact(field.minimum), _exact(field.maximum))


def _exact(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def range_of(quantity: Quantity, form: Form) -> Range:
    """What a quantity can be, by the form alone."""
    return _RANGES[type(quantity)](quantity, form)


_AT_LEAST_0 = Range(low=Fraction())


def _fact(quantity: FactQuantity, form: Form) -> Range:
    return range_of_field(form.at(quantity.fact))


def _sum(quantity: SumQuantity, form: Form) -> Range:
    each = range_of_field(form.at((*quantity.selection.records, *quantity.field)))
    return _AT_LEAST_0 if each.low is not None and each.low >= 0 else Range()


def _percent(quantity: PercentQuantity, form: Form) -> Range:
    of, part = range_of(quantity.of, form), quantity.percent.value / 100
    low, high = (None if end is None else end * part for end in (of.low, of.high))
    return _rounded(Range(low, high), quantity.rounding)


def _share(quantity: ShareQuantity, form: Form) -> Range:
    part, whole = range_of(quantity.part, form), range_of(quantity.whole, form)
    positive = all(one.low is not None and one.low >= 0 for one in (part, whole))
    return _AT_LEAST_0 if positive else Range()


def _total(quantity: TotalQuantity, form: Form) -> Range:
    return reduce(_added, (range_of(part, form) for part in quantity.parts))


def _difference(quantity: DifferenceQuantity, form: Form) -> Range:
    less = range_of(quantity.less, form)
    return _added(range_of(quantity.first, form), Range(_minus(less.high), _minus(less.low)))


def _added(one: Range, other: Range) -> Range:
    low = None if one.low is None or other.low is None else one.low + other.low
    high = None if one.high is None or other.high is None else one.high + other.high
    return Range(low, high)


def _peer(quantity: PeerQuantity, form: Form) -> Range:
    return Range(low=Fraction(1)) if quantity.what == "rank" else range_of(quantity.of, form)


def _rounded(found: Range, rounding: Rounding | None) -> Range:
    """Wide enough for any rounding."""
    if rounding is None:
        return found
    step = 10**rounding.places
    low = None if found.low is None else Fraction(floor(found.low * step), step)
    high = None if found.high is None else Fraction(ceil(found.high * step), step)
    return Range(low, high)


_RANGES: Mapping[type, Callable[[Any, Form], Range]] = {
    FactQuantity: _fact,
    CountQuantity: lambda _, __: _AT_LEAST_0,
    SumQuantity: _sum,
    IncreaseQuantity: lambda _, __: _AT_LEAST_0,
    FigureQuantity: lambda q, _: Range(q.figure.value, q.figure.value),
    PercentQuantity: _percent,
    ShareQuantity: _share,
    TotalQuantity: _total,
    DifferenceQuantity: _difference,
    BeforeQuantity: lambda q, form: range_of(q.of, form),
    PeerQuantity: _peer,
}
