"""Whole numbers that rules compare: from the facts, from the rulebook, or a share of either.

Owns how a share is made whole. Must not deduct anything.
"""

from dataclasses import dataclass
from math import ceil, floor
from typing import cast

from generator.engine.facts import Facts
from generator.engine.kinds import CountQuantity, FactQuantity, Figure, FigureQuantity, Quantity
from generator.engine.problem import Location, Message


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity measured: its whole value, how it came about, and what it rests on."""

    value: int
    working: object
    figures: tuple[Figure, ...] = ()
    sources: tuple[Location, ...] = ()


def measure(quantity: Quantity, facts: Facts) -> Measure:
    """A whole number from the facts or from the rulebook, with its working."""
    if isinstance(quantity, FactQuantity):
        value = cast(int, facts.value(quantity.fact))  # the form says so
        return Measure(value, value, (), facts.sources(".".join(quantity.fact)))
    if isinstance(quantity, CountQuantity):
        count = len(facts.select(quantity.selection))
        return Measure(count, count, (), facts.sources(".".join(quantity.selection.records)))
    if isinstance(quantity, FigureQuantity):
        value = int(quantity.figure.value)
        return Measure(value, value, (quantity.figure,))
    of = measure(quantity.of, facts)
    share = quantity.percent.value * of.value / 100
    args = {"percent": quantity.percent.value, "of": of.value}
    if quantity.rounding == "up":
        value = ceil(share)
        working = Message("⌈{percent}% × {of}⌉ = {value}", {**args, "value": value})
    else:
        value = floor(share)
        working = Message("⌊{percent}% × {of}⌋ = {value}", {**args, "value": value})
    return Measure(value, working, (quantity.percent, *of.figures), of.sources)
