"""What rules measure: figures with their grounds, records chosen by conditions, quantities.

Frozen values that combine; `quantities` works them out. Must not hold a number of its own,
nor know what any regulation is about.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal, TypeAlias

from generator.engine.problem import Path

Span: TypeAlias = Literal["week", "month", "quarter", "half"]


class Basis(StrEnum):
    """What a number stands on, from the strongest to the weakest."""

    TEXT = "text"
    READING = "reading"
    ASSUMED = "assumed"
    FINDING = "finding"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the rulebook with its ground; `reading` names the reading it rests on."""

    value: Fraction
    basis: Basis
    reference: str
    reading: str | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a number lies: 以上 and 以下 include the number itself, 超过 and 不足 do not."""

    at_least: Figure | None = None
    above: Figure | None = None
    at_most: Figure | None = None
    below: Figure | None = None

    def hold(self, value: Fraction | int) -> bool:
        """Whether the value lies inside."""
        return not (
            (self.at_least and value < self.at_least.value)
            or (self.above and value <= self.above.value)
            or (self.at_most and value > self.at_most.value)
            or (self.below and value >= self.below.value)
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """A record meets it when the field is one of `values`, is there or not, or lies in bounds."""

    field: Path
    values: tuple[object, ...] = ()
    present: bool | None = None
    bounds: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """The records of one list that meet every condition."""

    records: Path
    where: tuple[Condition, ...] = ()


# --- quantities -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a number is made rounder: to so many places, upwards, downwards or half up."""

    mode: Literal["up", "down", "half_up"]
    places: int = 0


@dataclass(frozen=True, slots=True)
class FactQuantity:
    """The number reported at `fact`."""

    fact: Path


@dataclass(frozen=True, slots=True)
class CountQuantity:
    """How many records are selected."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class SumQuantity:
    """A number of each selected record, added up."""

    selection: Selection
    field: Path


@dataclass(frozen=True, slots=True)
class IncreaseQuantity:
    """How much there is more in a week, month, quarter or half than in the one before, in all.

    A span has as many as the selected records that lie in it by their date at `on`, or as much
    as their `field` adds up to. The first span is held against the last one of the period (or
    year) before, if that is known. A fall is no rise below 0: it counts nothing.
    """

    selection: Selection
    on: Path
    every: Span
    field: Path | None


@dataclass(frozen=True, slots=True)
class FigureQuantity:
    """A fixed number of the rulebook."""

    figure: Figure


@dataclass(frozen=True, slots=True)
class PercentQuantity:
    """`percent` of another quantity, rounded if it says how."""

    percent: Figure
    of: "Quantity"
    rounding: Rounding | None


@dataclass(frozen=True, slots=True)
class ShareQuantity:
    """What per cent `part` is of `whole`; not applicable where the whole is 0."""

    part: "Quantity"
    whole: "Quantity"
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class TotalQuantity:
    """Several quantities added up."""

    parts: tuple["Quantity", ...]


@dataclass(frozen=True, slots=True)
class DifferenceQuantity:
    """One quantity less another."""

    first: "Quantity"
    less: "Quantity"


@dataclass(frozen=True, slots=True)
class BeforeQuantity:
    """The same a period (or a year) earlier; not applicable where nothing was reported then.

    With `year`, a period inside the year looks at the same one of the year before.
    """

    of: "Quantity"
    year: bool = False


@dataclass(frozen=True, slots=True)
class PeerQuantity:
    """What the units ranked together make of a quantity: its best or mean, or one's own rank.

    Ranks run as in sports (1, 2, 2, 4). A unit to which it is not applicable is left out.
    """

    of: "Quantity"
    what: Literal["best", "mean", "rank"]
    better: Literal["higher", "lower"]


Quantity: TypeAlias = (
    FactQuantity
    | CountQuantity
    | SumQuantity
    | IncreaseQuantity
    | FigureQuantity
    | PercentQuantity
    | ShareQuantity
    | TotalQuantity
    | DifferenceQuantity
    | BeforeQuantity
    | PeerQuantity
)


@dataclass(frozen=True, slots=True)
class FactTest:
    """Whether a fact of one unit is one of `values`."""

    fact: Path
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class QuantityTest:
    """Whether a quantity lies within bounds; one that is not applicable lies in none."""

    quantity: Quantity
    bounds: Bounds


Test: TypeAlias = FactTest | QuantityTest
