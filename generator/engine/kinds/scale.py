"""Points by a number, along a line or in steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

from generator.engine.book import Rule
from generator.engine.facts import Facts
from generator.engine.measures import Figure, Names, Quantity
from generator.engine.problem import Message
from generator.engine.rules import deduction, unique, words
from generator.engine.year import Deduction


@dataclass(frozen=True, slots=True)
class Point:
    """Where a scale is fixed: at this value it gives these points."""

    at: Figure
    points: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(Rule):
    """Points by a quantity, along the line through `along`, or in steps from each point on.

    Below the first point and beyond the last the points stay what they are there. `otherwise`
    is asked where the quantity is not applicable.
    """

    kind = "scale"
    purposes: ClassVar = {
        "value": (Message("in the number asked about"),) * 2,
        "otherwise": (Message("where there is no such number"),) * 2,
    }
    value: Quantity
    along: tuple[Point, ...]
    stepped: bool
    otherwise: Figure | None

    def deductions(self, facts: Facts) -> Iterator[Deduction]:
        value = self.value.measure(facts)
        if value.value is None:
            if self.otherwise:
                points = self.otherwise.value
                reason = Message("{label}: not applicable, {asked}", words(self, facts, points))
                figures = (self.otherwise, *value.figures)
                yield deduction(self, points, reason, figures, value.sources)
            return
        points, used = self._at(value.value)
        args = words(self, facts, points) | {"value": value.working}
        reason = Message("{label}: {value}{unit}, {asked}", args)
        if value.percent or value.ordinal:
            reason = Message("{label}: {value}, {asked}", args)
        figures = (*used, *value.figures)
        yield deduction(self, points, reason, figures, unique(value.sources), value.records)

    def _at(self, value: Fraction) -> tuple[Fraction, tuple[Figure, ...]]:
        """The points at a value, and the numbers that fix them there."""
        first, last = self.along[0], self.along[-1]
        if value < first.at.value:
            points = Fraction() if self.stepped else first.points.value
            return points, (first.at, first.points)
        for low, high in pairwise(self.along):
            if value < high.at.value:
                if self.stepped:
                    return low.points.value, (low.at, low.points)
                way = (value - low.at.value) / (high.at.value - low.at.value)
                points = low.points.value + way * (high.points.value - low.points.value)
                return points, (low.at, low.points, high.at, high.points)
        return last.points.value, (last.at, last.points)

    def phrase(self, names: Names) -> object:
        args = {"value": names.quantity(self.value)}
        if self.stepped:
            return Message("by steps of: {value}", args)
        return Message("along a line by: {value}", args)
