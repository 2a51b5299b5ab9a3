"""The words of a rulebook: sections and clauses, deadlines, exclusions, lines, readings.

Frozen values. Must not hold a number of its own, nor know what any regulation is about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from generator.engine.kinds import Condition, Figure, Rule
from generator.engine.problem import Path, Text


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time limit on records; its state becomes the derived field `id` of each record.

    Limits in days run from the day after `start`, the last day included; in hours they run
    from the minute, the last minute included. `by` names the field whose value picks the
    limit (None: the one limit under the key ""). A record with a value at `excused` is left
    out. `carried_over`: a record without `end` belongs into the next year's report as well.
    """

    id: str
    records: Path
    start: Path
    end: Path
    excused: Path | None
    by: Path | None
    unit: Literal["days", "hours"]
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
class Clause:
    id: str
    title: Text
    text: str
    points: Figure
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Text
    requirement: str
    points: Figure
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A consequence drawn in places: the first or last `places`, with `minimum` points if given.

    With fewer than `yields_below` ranked, the places of the line `yields_to` do not count for
    this one. A tied group on both sides is `undecided` until a decision names who is listed.
    """

    id: str
    label: Text
    clause: str
    end: Literal["first", "last"]
    places: Figure
    minimum: Figure | None
    yields_to: str | None
    yields_below: Figure | None
    outcomes: tuple[str, ...]
    undecided: str


@dataclass(frozen=True, slots=True)
class OutsideRanking:
    """A consequence of standing among the `last` of a ranking made by somebody else."""

    outcome: str
    clause: str
    last: Figure


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
    """What the form says of one list of records: name, counter word, date to order by, labels."""

    name: Text
    unit: Text
    date: Path | None
    labels: Mapping[Path, Mapping[str, Text]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rulebook:
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

    def clauses(self) -> Iterator[Clause]:
        """Every clause, in the rulebook's order."""
        return (clause for section in self.sections for clause in section.clauses)
