"""The kinds of rules, a closed set: what each is told, and the numbers with their grounds.

Frozen values; `rules` judges them. Must not hold a number of its own, nor know what any
regulation is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal, TypeAlias

from generator.engine.problem import Path, Text

Span: TypeAlias = Literal["week", "month", "quarter"]


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
class Condition:
    """A record meets it when the field is one of `values`; with `present`, is there, or is not."""

    field: Path
    values: tuple[object, ...] = ()
    present: bool | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """The records of one list that meet every condition."""

    records: Path
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class FactQuantity:
    """The number reported at `fact`."""

    fact: Path


@dataclass(frozen=True, slots=True)
class CountQuantity:
    """How many records are selected."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class FigureQuantity:
    """A fixed number of the rulebook."""

    figure: Figure


@dataclass(frozen=True, slots=True)
class ShareQuantity:
    """`percent` of another quantity, made whole upwards or downwards."""

    percent: Figure
    of: FactQuantity | CountQuantity
    rounding: Literal["up", "down"]


Quantity: TypeAlias = FactQuantity | CountQuantity | FigureQuantity | ShareQuantity


@dataclass(frozen=True, slots=True)
class AmountTable:
    """Points by the value of one field; every value the field can take has a figure."""

    by: Path
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBase:
    """What every rule has: `label` is what it counts, `unit` its counter word (件, 人)."""

    id: str
    label: Text
    unit: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(RuleBase):
    """`fact` must be true, else `amount` once."""

    fact: Path
    amount: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(RuleBase):
    """`amount` for each calendar unit of the period that no entry of the list at `fact` covers.

    Weeks are ISO weeks lying wholly inside the period.
    """

    fact: Path
    every: Span
    amount: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckList(RuleBase):
    """`amount` for each of `items` that the list at `fact` lacks."""

    fact: Path
    items: Mapping[str, Text]
    amount: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall(RuleBase):
    """`amount` for each one that `actual` is short of `needed`."""

    actual: Quantity
    needed: Quantity
    amount: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class PerRecord(RuleBase):
    """An amount for each selected record, fixed or by the value of a field."""

    selection: Selection
    amount: Figure | AmountTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling(RuleBase):
    """`amount` for each selected record beyond `limit`, counted in order of date, then id."""

    selection: Selection
    limit: Quantity
    amount: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(RuleBase):
    """`amount` per percentage point, exact, that a share is below `at_least`.

    The share is of the selected records those that meet `met`; nothing selected, nothing deducted.
    """

    selection: Selection
    met: tuple[Condition, ...]
    at_least: Figure
    amount: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence(RuleBase):
    """Selected records in the order of a time.

    `first` for the first one if it meets `first_where`, `later` for each one after it.
    """

    selection: Selection
    order_by: Path
    first_where: tuple[Condition, ...]
    first: Figure
    later: Figure


Rule: TypeAlias = (
    Requirement | Coverage | CheckList | Shortfall | PerRecord | Ceiling | Rate | Recurrence
)
