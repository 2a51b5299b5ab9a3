"""The words of a rulebook: sections and clauses, deadlines, exclusions, consequences, readings.

Frozen values. Must not hold a number of its own, nor know what any regulation is about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from generator.engine.above import Above, ByGroup, Line, OutsideRanking
from generator.engine.kinds import Rule
from generator.engine.measures import Condition, Figure, Test
from generator.engine.problem import Path, Text


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

    `starts`: "full" counts down from the points, "zero" counts up from nothing. `floor` keeps it
    from going below 0, `cap` from going above its points. `groups` are those it applies to; none
    named, all of them.
    """

    id: str
    title: Text
    text: str
    points: Figure
    rules: tuple[Rule, ...]
    starts: Literal["full", "zero"] = "full"
    floor: bool = True
    cap: bool = True
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
class Rulebook:
    """One version of a regulation.

    `counted_once`: a record that several clauses deduct for counts under one of them only.
    """

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
    in_force: tuple[str, str | None] | None = None
    total_by_group: ByGroup = field(default_factory=dict)
    counted_once: Literal["heaviest", "first"] | None = None

    def clauses(self) -> Iterator[Clause]:
        """Every clause, in the rulebook's order."""
        return (clause for section in self.sections for clause in section.clauses)

    def rules(self) -> Iterator[Rule]:
        """Every rule, of clauses and then of pools."""
        yield from (rule for clause in self.clauses() for rule in clause.rules)
        yield from (rule for pool in self.above.pools for rule in pool.rules)
