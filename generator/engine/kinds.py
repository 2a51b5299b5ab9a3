"""The kinds of rules, a closed set: what each is told, and the numbers with their grounds.

Frozen values; `rules` judges them. What rules measure is in `measures`. Must not hold a number
of its own, nor know what any regulation is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from generator.engine.measures import (
    Condition,
    Figure,
    Quantity,
    Selection,
    Span,
)
from generator.engine.problem import Path, Text

DelayUnit: TypeAlias = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class AmountTable:
    """Points by the values of one or more fields; every combination has a figure."""

    by: tuple[Path, ...]
    figures: Mapping[tuple[str, ...], Figure]


@dataclass(frozen=True, slots=True)
class Factor:
    """What an amount is multiplied by for a record that meets `where`; `label` says why."""

    label: Text
    where: tuple[Condition, ...]
    by: Figure


@dataclass(frozen=True, slots=True)
class Delay:
    """An amount for every day, week or month begun after the end of a limit."""

    deadline: str
    every: DelayUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBase:
    """What every rule has: `label` is what it counts, `unit` its counter word (件, 人).

    `award`: it gives points instead of taking them. `most` is all it may give or take together.
    """

    id: str
    label: Text
    unit: Text
    award: bool = False
    most: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(RuleBase):
    """`fact` must be true, else `amount` once; a rule that awards gives it where it is true."""

    fact: Path
    amount: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(RuleBase):
    """An amount by the value of one fact; what has no amount of its own asks nothing."""

    fact: Path
    figures: Mapping[str, Figure]
    names: Mapping[str, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(RuleBase):
    """`amount` for each calendar unit of the period that nothing covers.

    Either the entries of the list at `fact` cover it, or (with `on`) the dates of the selected
    records there. Weeks are ISO weeks lying wholly inside the period. A rule that awards gives
    the amount for each unit covered. Units in which an entry of the list at `excepted` lies are
    not asked about.
    """

    selection: Selection
    on: Path | None
    every: Span
    amount: Figure
    excepted: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckList(RuleBase):
    """`amount` for each of `items` that the list at `fact` lacks (or has: a rule that awards)."""

    fact: Path
    items: Mapping[str, Text]
    amount: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(RuleBase):
    """`amount` for what `actual` is away from `bound`, on the wrong side of it.

    `side`: "at_least" and "at_most" ask on one side, "around" on both. `steps` says how the
    distance is counted in units of `step`: "exact" with fractions, "started" or "full" in whole
    steps, "once" not at all. A rule that awards gives for the distance on the good side, or with
    "once" for the target reached. Not applicable, nothing asked.
    """

    actual: Quantity
    side: Literal["at_least", "at_most", "around"]
    bound: Quantity
    amount: Figure
    step: Figure | None
    steps: Literal["exact", "started", "full", "once"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerRecord(RuleBase):
    """An amount for each selected record: fixed or by values, times factors, times the delay."""

    selection: Selection
    amount: Figure | AmountTable
    factors: tuple[Factor, ...] = ()
    delay: Delay | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling(RuleBase):
    """`amount` for each selected record beyond `limit`, counted in order of date, then id."""

    selection: Selection
    limit: Quantity
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


@dataclass(frozen=True, slots=True)
class Point:
    """Where a scale is fixed: at this value it gives these points."""

    at: Figure
    points: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(RuleBase):
    """Points by a quantity, along the line through `along`, or in steps from each point on.

    Below the first point and beyond the last the points stay what they are there. `otherwise`
    is asked where the quantity is not applicable.
    """

    value: Quantity
    along: tuple[Point, ...]
    stepped: bool
    otherwise: Figure | None


@dataclass(frozen=True, slots=True)
class Scorer:
    """Who rates, never a person; `weight` in per cent of what all of them count together."""

    label: Text
    weight: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Discretion(RuleBase):
    """Points between two numbers that scorers give with a reason, weighted if there are several.

    Nobody has rated: nothing asked. While only some have, their weights count as the whole.
    """

    scorers: Mapping[str, Scorer]
    least: Figure
    greatest: Figure


Rule: TypeAlias = (
    Requirement
    | Choice
    | Coverage
    | CheckList
    | Target
    | PerRecord
    | Ceiling
    | Recurrence
    | Scale
    | Discretion
)
