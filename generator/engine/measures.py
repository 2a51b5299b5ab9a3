"""What rules measure: figures with their ground, bounds, conditions, amounts as text and rounding.

Points are exact fractions; nothing is rounded but for display or where a rulebook says so.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction
from functools import cache
from itertools import chain
from math import ceil, floor
from typing import Any, ClassVar, Literal, Protocol, TypeAlias, TypeVar

from generator.engine.problem import Location, Message, Path

Span: TypeAlias = Literal["week", "month", "quarter", "half"]
DelayUnit: TypeAlias = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Asks:
    """What a rulebook asks of the fact at a path: that a form has it, of one of these `types`.

    `each`: of each selected record, not of the unit. `always`: it may never be left out. `spans`:
    its dates can be counted by the `every` beside it. `table` names the field that has an entry
    for each value it can take.
    """

    types: frozenset[str]
    each: bool = False
    always: bool = False
    spans: bool = False
    table: str = ""


NUMBERS = frozenset(("integer", "number"))
DATED = frozenset(("date", "date-minute", "month", "quarter"))
TABLED = frozenset(("text", "boolean"))


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

    def figures(self) -> tuple[Figure, ...]:
        """The numbers, from the lower bounds to the upper ones."""
        named = (self.at_least, self.above, self.at_most, self.below)
        return tuple(figure for figure in named if figure)

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


def bounds_in(conditions: Iterable[Condition]) -> tuple[Figure, ...]:
    """The numbers that conditions name."""
    named = (condition.bounds for condition in conditions if condition.bounds)
    return tuple(figure for bounds in named for figure in bounds.figures())


@dataclass(frozen=True, slots=True)
class Selection:
    """The records of one list that meet every condition."""

    records: Path
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a number is made rounder: to so many places, upwards, downwards or half up."""

    mode: Literal["up", "down", "half_up"]
    places: int = 0


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity measured: its value, how it came about, and what it rests on.

    `value` is None where it is not applicable. `records` are those that keep a share down;
    `percent` says that it counts per cent, `ordinal` that it is a place and counts nothing.
    """

    value: Fraction | None
    working: object
    figures: tuple[Figure, ...] = ()
    sources: tuple[Location, ...] = ()
    records: tuple[str, ...] = ()
    percent: bool = False
    ordinal: bool = False

    @property
    def in_per_cent(self) -> object:
        """How it came about, where it is known to be per cent."""
        return self.working if self.percent else per_cent(self.working)


def per_cent(value: object) -> Message:
    """A number as so many per cent."""
    return Message("{value}%", {"value": value})


class Names(Protocol):
    """What a reader calls the facts of one rulebook: what phrases about rules are made with."""

    @property
    def by_period(self) -> bool:
        """Whether there are periods inside the year."""

    def fact(self, path: Path) -> str:
        """A fact by its label."""

    def field(self, records: Path, field: Path) -> str:
        """A field of a list's records."""

    def selection(self, selection: Selection) -> str:
        """The records that count."""

    def quantity(self, quantity: "Quantity") -> str:
        """How a number comes about."""

    def rounded(self, phrase: object, rounding: Rounding | None) -> object:
        """A number's phrase, with how it is rounded."""


@dataclass(frozen=True, slots=True)
class Number:
    """A figure as a page lists it: what it is for, how it is written, and itself."""

    what: object
    written: object
    figure: Figure


Held = TypeVar("Held")


def held(value: Any, kind: type[Held]) -> tuple[Held, ...]:
    """What of one type stands in the fields of a dataclass, and in tuples there, in their order."""
    inner = (getattr(value, field.name) for field in fields(value))
    items = chain(*(each if isinstance(each, tuple) else (each,) for each in inner))
    return tuple(item for item in items if isinstance(item, kind))


@dataclass(frozen=True, slots=True)
class Quantity(ABC):
    """A number that rules compare; its first field stands in a rulebook under its own `key`.

    `back`: it rests on what was reported earlier; `aside`: on what others have reported.
    """

    key: ClassVar[str]
    back: ClassVar[bool] = False
    aside: ClassVar[bool] = False

    @abstractmethod
    def measure(self, facts: Any) -> Measure:
        """The quantity in a `facts.Facts` (which knows the rulebook), with its working."""

    @abstractmethod
    def phrase(self, names: Names) -> object:
        """How it comes about, in words."""

    def counts_percent(self) -> bool:
        """Whether it counts per cent."""
        return False

    def numbers(self, names: Names, what: str, sign: str) -> Iterable[Number]:  # noqa: ARG002
        """The figures that it names itself; they are for `what`, with a sign behind a number."""
        return ()

    def deep(self) -> Iterator["Quantity"]:
        """It and, from the outside in, all that it is made of."""
        yield self
        for part in held(self, Quantity):
            yield from part.deep()

    def lists(self) -> Iterator[Path]:
        """The lists of records that it is measured by."""
        return (chosen.records for part in self.deep() for chosen in held(part, Selection))


@dataclass(frozen=True, slots=True)
class FactTest:
    """Whether a fact of one unit is one of `values`."""

    fact: Path
    values: tuple[object, ...]

    def holds(self, facts: Any) -> bool:
        """Whether the unit's `facts.Facts` pass."""
        return facts.value(self.fact) in self.values


@dataclass(frozen=True, slots=True)
class QuantityTest:
    """Whether a quantity lies within bounds; one that is not applicable lies in none."""

    quantity: Quantity
    bounds: Bounds

    def holds(self, facts: Any) -> bool:
        """Whether the unit's `facts.Facts` pass."""
        value = self.quantity.measure(facts).value
        return value is not None and self.bounds.hold(value)


Test: TypeAlias = FactTest | QuantityTest


def exact(amount: Fraction) -> str:
    """The shortest decimal without exponent, or "p/q" in lowest terms where none is exact."""
    return _exact(*amount.as_integer_ratio())


@cache
def _exact(numerator: int, denominator: int) -> str:
    """Remembered by two whole numbers: a fraction itself is slow to look up."""
    rest, twos, fives = denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{numerator}/{denominator}"
    return fixed(Fraction(numerator, denominator), max(twos, fives))


def fixed(amount: Fraction, places: int) -> str:
    """A decimal with that many places, rounded half up (away from zero)."""
    numerator, denominator = amount.as_integer_ratio()
    scaled = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    sign = "-" if numerator < 0 and scaled else ""
    whole, part = divmod(scaled, 10**places)
    return f"{sign}{whole}.{part:0{places}}" if places else f"{sign}{whole}"


def rounded(amount: Fraction, rounding: Rounding) -> Fraction:
    """The amount as a rulebook rounds it: upwards, downwards, or half up (away from zero)."""
    scale = 10**rounding.places
    if rounding.mode == "half_up":
        nearest = floor(abs(amount) * scale + Fraction(1, 2))
        return Fraction(nearest if amount >= 0 else -nearest, scale)
    whole = ceil(amount * scale) if rounding.mode == "up" else floor(amount * scale)
    return Fraction(whole, scale)


def shown(amount: Fraction) -> str:
    """A score as printed: two decimals, half up."""
    return fixed(amount, 2)


def is_shown_exactly(amount: Fraction) -> bool:
    """Whether two decimals say it all; where not, the exact value stands beside the printed one."""
    return 100 % amount.denominator == 0
