"""A rulebook as a whole: sections and clauses, any rule, what stands above the clauses.

Frozen values; `score` and `rank` act on them. Must not know any kind of rule: those are `kinds`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar, Literal, TypeAlias

from generator.engine.measures import (
    Bounds,
    Condition,
    Figure,
    Names,
    Quantity,
    Rounding,
    Test,
    held,
)
from generator.engine.problem import Message, Path, Text

ByGroup: TypeAlias = Mapping[str, Figure]
"""Figures of single groups of units, which stand there instead of the general one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(ABC):
    """A rule of any kind; `label` is what it counts, `unit` its counter word (件, 人).

    `award`: it gives points instead of taking them. `most` is all it may give or take together.
    `purposes` say what the figures of a field are for, in a rule that takes and in one that gives.
    `one_by_one`: each deduction is about one of its `records`; `apart`: whatever the others are.
    """

    kind: ClassVar[str]
    purposes: ClassVar[Mapping[str, tuple[Message, Message]]] = {}
    one_by_one: ClassVar[bool] = False
    apart: ClassVar[bool] = False

    id: str
    label: Text
    unit: Text
    award: bool = False
    most: Figure | None = None

    @property
    def records(self) -> Path | None:
        """The list of records that it goes through, if it does."""
        return None

    @abstractmethod
    def deductions(self, facts: Any) -> Iterable[Any]:
        """The `year.Deduction`s that it asks in a `facts.Facts`, in charging order."""

    @abstractmethod
    def phrase(self, names: Names) -> object:
        """What it counts or compares, in words."""

    def purpose(self, field: str, names: Names) -> object:  # noqa: ARG002 - for those it takes
        """What the figures of a field are for."""
        said = _MOST if field == "most" else self.purposes.get(field)
        return said[self.award] if said else ""

    def lists(self) -> Iterator[Path]:
        """The lists of records that it measures something by."""
        return (path for quantity in held(self, Quantity) for path in quantity.lists())


_MOST = (Message("taken at most, all together"), Message("given at most, all together"))


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


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time limit on records; its state becomes the derived field `id` of each record.

    Limits in days run from the day after `start`, the last day included; in hours they run
    from the minute, the last minute included. `by` names the field whose value picks the
    limit (None: the one limit under the key ""). Working days are those of the calendar that
    the city keeps. A record with a value at `excused` is left out. `carried_over`: a record
    without `end` belongs into the next year's report as well.
    """

    id: str
    records: Path
    start: Path
    end: Path
    excused: Path | None
    by: Path | None
    unit: Literal["days", "working_days", "hours"]
    limits: Mapping[str, Figure]
    carried_over: bool


class DeadlineState(StrEnum):
    """Where a record stands towards a time limit at the end of the period; exactly one holds.

    It is judged in the period in which the earlier of its end and its limit lies: ON_TIME,
    LATE and OVERDUE are judged here; SETTLED_EARLIER and OVERDUE_EARLIER were judged in an
    earlier period (the first has ended since, the second is still open); PENDING comes later.
    """

    EXCUSED = "excused"
    PENDING = "pending"
    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    SETTLED_EARLIER = "settled_earlier"
    OVERDUE_EARLIER = "overdue_earlier"


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground on which a record may be left out of the count, and what it asks of the record.

    `requires` are the keys that stand beside the ground, no more and no fewer. `not_before`:
    pairs of fields of which the first must not be earlier than the second. `refers`: fields
    that must name a record of a list. `covers`: fields of a list that must show all values.
    """

    id: str
    clause: str
    label: Text
    where: tuple[Condition, ...]
    requires: tuple[str, ...]
    not_before: tuple[tuple[Path, Path], ...]
    refers: Mapping[Path, Path]
    covers: Mapping[Path, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Records of `records` with a value at `field` are listed as excluded and judged nowhere."""

    records: Path
    field: str
    grounds: Mapping[str, Ground]


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """What a clause counts for a unit that does not meet `where`.

    "full" and "zero" points, fixed `points`, the "mean" of what the others have in it; or it
    does not count at all: its "section" or the "total" is scaled up from what does.
    """

    where: tuple[Test, ...]
    counts: Literal["full", "zero", "points", "mean", "section", "total"]
    points: Figure | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """What can be lost or earned in one place.

    `starts`: "full" counts down from the points, "zero" counts up from nothing. `below_zero` lets
    it go below 0, `above_points` above its points. `groups` are those it applies to; none named,
    all of them.
    """

    id: str
    title: Text
    text: str
    points: Figure
    rules: tuple[Rule, ...]
    starts: Literal["full", "zero"] = "full"
    below_zero: bool = False
    above_points: bool = False
    applies: NotApplicable | None = None
    groups: tuple[str, ...] = ()
    points_by_group: ByGroup = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """Clauses together. `weight` in per cent of their points (None: all of them).

    `each`: judged once for the year, or in every period inside it.
    """

    id: str
    title: Text
    requirement: str
    points: Figure
    clauses: tuple[Clause, ...]
    weight: Figure | None = None
    each: Literal["year", "period"] = "year"
    groups: tuple[str, ...] = ()
    points_by_group: ByGroup = field(default_factory=dict)
    weight_by_group: ByGroup = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alternative:
    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Reading:
    """How an ambiguous phrase is read, why, and how else it could be."""

    id: str
    clauses: tuple[str, ...]
    phrase: str
    text: Text
    ground: Text
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Undecidable:
    """What the regulation says but no machine can decide, and how it is dealt with."""

    id: str
    clauses: tuple[str, ...]
    phrase: str
    text: Text


@dataclass(frozen=True, slots=True)
class Restoration:
    """Words of a damaged source put back between 【】, or left out."""

    where: str
    restored: str
    confidence: str
    ground: str


@dataclass(frozen=True, slots=True)
class Provision:
    """Text of the regulation that carries no points."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class RecordKind:
    """What the form says of one list of records: name, counter word, date to order by, labels.

    `labels` are those of the values that a field can take, `names` those of the fields.
    """

    name: Text
    unit: Text
    date: Path | None
    labels: Mapping[Path, Mapping[str, Text]] = field(default_factory=dict)
    names: Mapping[Path, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wording:
    """The regulation's own words: its unit of account, whom it assesses, who rates."""

    unit: Text = field(default_factory=lambda: Text("分", "points"))
    assessed: Text = field(default_factory=lambda: Text("乡镇（办事处）", "township"))
    scorers: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InForce:
    """The days, as YYYY-MM-DD, from which and until which a rulebook is in force."""

    start: str
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One version of a regulation; with `counted_once` a record counts under one clause only."""

    id: str
    version: int
    status: str
    title: Text
    issuer: Text
    note: Text
    total: Figure
    preamble: str
    sections: tuple[Section, ...]
    provisions: tuple[Provision, ...]
    deadlines: tuple[Deadline, ...]
    exclusions: Exclusions | None
    records: Mapping[Path, RecordKind]
    lines: tuple[Line, ...]
    outside_ranking: OutsideRanking | None
    outcomes: Mapping[str, Text]
    readings: tuple[Reading, ...]
    restorations: tuple[Restoration, ...]
    sha256: str
    path: str
    wording: Wording = field(default_factory=Wording)
    above: Above = field(default_factory=Above)
    undecidable: tuple[Undecidable, ...] = ()
    in_force: InForce | None = None
    total_by_group: ByGroup = field(default_factory=dict)
    counted_once: Literal["heaviest", "first"] | None = None

    def clauses(self) -> Iterator[Clause]:
        """Every clause, in the rulebook's order."""
        return (clause for section in self.sections for clause in section.clauses)

    def rules(self) -> Iterator[Rule]:
        """Every rule, of clauses and then of pools."""
        yield from (rule for clause in self.clauses() for rule in clause.rules)
        yield from (rule for pool in self.above.pools for rule in pool.rules)

    def quantities(self) -> Iterator[Quantity]:
        """Every quantity, with those it is made of."""
        above = self.above
        applied = (clause.applies for clause in self.clauses() if clause.applies)
        tests = [test for applies in applied for test in applies.where]
        tests += [test for pool in above.pools for test in pool.where]
        tests += [test for veto in above.vetoes for test in veto.where]
        asking = (*self.rules(), *tests, *above.tie_breakers)
        quantities = (quantity for asker in asking for quantity in held(asker, Quantity))
        return (inner for quantity in quantities for inner in quantity.deep())


def looks_back(rulebook: Rulebook) -> bool:
    """Whether a result rests on what was reported the year before as well."""
    return bool(rulebook.above.streaks) or any(quantity.back for quantity in rulebook.quantities())


def looks_aside(rulebook: Rulebook) -> bool:
    """Whether a unit's score rests on what others have reported."""
    applied = (clause.applies for clause in rulebook.clauses())
    means = any(where is not None and where.counts == "mean" for where in applied)
    return means or any(quantity.aside for quantity in rulebook.quantities())
