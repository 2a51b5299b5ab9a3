"""What a rulebook puts above its clauses: groups, periods, bonuses, vetoes, grades, consequences.

Frozen values; `score` and `rank` act on them. Must not hold a number of its own, nor know
what any regulation is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from generator.engine.kinds import Rule
from generator.engine.measures import Bounds, Figure, Quantity, Rounding, Test
from generator.engine.problem import Text

ByGroup: TypeAlias = Mapping[str, Figure]
"""Figures of single groups of units, which stand there instead of the general one."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Points added to or taken from the total, beside the sections.

    All its rules give together is at most `cap`; with `minimum`, nothing is given below that
    score before pools.
    """

    id: str
    title: Text
    text: str
    rules: tuple[Rule, ...]
    cap: Figure | None = None
    minimum: Figure | None = None
    where: tuple[Test, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Veto:
    """What overrides the score of a unit that meets every test of `where`.

    `score` fixes it, `at_most` limits it; `last` ranks it after all others; `outcomes` follow;
    it is not eligible at the lines that `bars` names.
    """

    id: str
    label: Text
    clause: str
    where: tuple[Test, ...]
    score: Figure | None = None
    at_most: Figure | None = None
    last: bool = False
    outcomes: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Units assessed by maxima, weights or clauses of their own."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class Grouping:
    """How units fall into groups, by what the register says of them, and if they rank apart."""

    by: Literal["group", "kind", "id"]
    groups: tuple[Group, ...]
    apart: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A period inside the year: from and to as MM-DD, and what it counts for, in per cent.

    Without a weight it counts in full: the periods of such a rulebook add up.
    """

    id: str
    label: Text
    start: str
    end: str
    weight: Figure | None = None

    @property
    def share(self) -> Fraction:
        """What its points are multiplied by in the year."""
        return Fraction(1) if self.weight is None else self.weight.value / 100


@dataclass(frozen=True, slots=True)
class Conversion:
    """A score out of `of` turned into one out of `to`."""

    id: str
    label: Text
    of: Figure
    to: Figure
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A grade: scores from `at_least` on and below `below`; open where there is none."""

    id: str
    label: Text
    at_least: Figure | None
    below: Figure | None
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bands:
    """Grades of the year's score, or of the score of every period inside it."""

    of: Literal["year", "period"]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Streak:
    """A consequence of so many periods in a row in one of these bands."""

    id: str
    label: Text
    clause: str
    bands: tuple[str, ...]
    periods: Figure
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A consequence drawn in places or by the score, or by both together.

    The first or last `places` (or `percent` of those ranked, made whole by `rounding`), and all
    whose score lies in `bounds`. With fewer than `yields_below` ranked, the places of the line
    `yields_to` do not count for this one. A tied group on both sides is `undecided` until a
    decision names who is listed.
    """

    id: str
    label: Text
    clause: str
    end: Literal["first", "last"] | None
    places: Figure | None
    bounds: Bounds
    yields_to: str | None
    yields_below: Figure | None
    outcomes: tuple[str, ...]
    undecided: str | None
    percent: Figure | None = None
    rounding: Rounding | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Payment:
    """Money (or what else `unit` says) for every point, nothing below `minimum`."""

    id: str
    label: Text
    clause: str
    unit: Text
    per_point: Figure
    minimum: Figure | None = None
    per_point_by_group: ByGroup = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TieBreaker:
    """What decides between equal scores: points of a section or clause, or a quantity."""

    label: Text
    better: Literal["higher", "lower"]
    section: str | None = None
    clause: str | None = None
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class OutsideRanking:
    """A consequence of standing among the `last` of a ranking made by somebody else."""

    outcome: str
    clause: str
    last: Figure


@dataclass(frozen=True, slots=True)
class Above:
    """What stands above the clauses; a rulebook that only deducts has none of it.

    `round_points` and `round_score` are the places, half up, of each amount and of the score;
    inside, everything stays exact.
    """

    grouping: Grouping | None = None
    parts: tuple[Part, ...] = ()
    pools: tuple[Pool, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    bands: Bands | None = None
    streaks: tuple[Streak, ...] = ()
    payments: tuple[Payment, ...] = ()
    tie_breakers: tuple[TieBreaker, ...] = ()
    round_points: Figure | None = None
    round_score: Figure | None = None
