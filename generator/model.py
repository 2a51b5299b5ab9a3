"""The words of the engine: frozen values, no behaviour beyond looking into themselves.

Owns the types that travel from reading to judging to writing. Must not read, print,
know a clock or a language, or hold a number or a word of any one regulation.
All amounts are exact (`fractions.Fraction`); no float ever touches one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Literal, TypeAlias

Path: TypeAlias = tuple[str, ...]
"""Keys from the top of a report or of a record down to one fact."""

Span: TypeAlias = Literal["week", "month", "quarter"]

# --- text, places, problems -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """One wording in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence of the catalogue: its English form with `{named}` places, and what fills them.

    Arguments may be `str`, `int`, `Fraction`, `Text`, another `Message`, or a tuple of these
    (printed as a list). Only `messages` turns one into a string.
    """

    text: str
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where something stands: path from the root; line and column (characters) from 1."""

    path: str
    line: int
    column: int
    address: str = ""


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in the data: a value, collected and shown, never raised."""

    location: Location
    code: str
    message: Message
    severity: Severity = Severity.ERROR


class Stop(Exception):  # noqa: N818 - it is no mistake of the program
    """What ends a run: it could not be done, and `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


# --- the rulebook ---------------------------------------------------------------------


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


# --- what is reported and decided -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Township:
    id: str
    name: Text
    kind: str
    group: str
    first_year: int
    last_year: int | None

    def assessed_in(self, year: int) -> bool:
        """Whether it is registered in that year, both ends included."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


@dataclass(frozen=True, slots=True)
class Change:
    """A fact replaced by the office: the value reported and the value judged, both kept.

    `reported` or `value` is None where there was, or is now, nothing.
    """

    fact: str
    reported: object
    value: object
    occasion: str | None
    date: str
    reason: str
    document: str
    location: Location
    reported_at: Location | None
    correction: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What only an inspector can judge: points asked under a clause, with date and document."""

    id: str
    clause: str
    points: Fraction
    occasion: str
    date: str
    reason: str
    document: str
    location: Location


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a list of records; `address` is its list and id joined by dots."""

    id: str
    address: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Submission:
    """A township's facts as judged: its report with the office's changes applied.

    `places` gives, for an address, where it stands; a changed fact also where it was changed.
    """

    township: str
    facts: Mapping[str, object]
    places: Mapping[str, tuple[Location, ...]]
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """An appeal or erratum decided after publication."""

    id: str
    township: str
    clause: str
    asked_on: str
    asked_by: str
    decision: str
    decided_on: str
    document: str
    reason: str
    strike: tuple[str, ...]
    location: Location

    @property
    def effective(self) -> bool:
        """Whether it changed the result: one that was rejected did not."""
        return self.decision != "rejected"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the office decided about a tied group at a line."""

    line: str
    listed: tuple[str, ...]
    date: str
    document: str
    reason: str
    location: Location


@dataclass(frozen=True, slots=True)
class Ranking:
    """Somebody else's ranking: the place of each township among `of`."""

    document: str
    of: int
    ranks: Mapping[str, int]
    location: Location


@dataclass(frozen=True, slots=True)
class Assessment:
    """One year: which rulebook, which period, how far it has come, what has been decided."""

    year: int
    rulebook: str
    version: int
    period: Period
    status: str
    dates: Mapping[str, str]
    decisions: tuple[Decision, ...]


# --- what is judged -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deduction:
    """What a rule or a finding asks: points above zero, why, on what basis, from which facts."""

    rule: str
    points: Fraction
    records: tuple[str, ...]
    reason: Message
    basis: Basis
    sources: tuple[Location, ...]
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """A deduction and what was left to take of it above the clause's floor."""

    deduction: Deduction
    points: Fraction


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A record left out of the count, with its ground."""

    record: Record
    ground: Ground
    sources: tuple[Location, ...]


@dataclass(frozen=True, slots=True)
class ClauseScore:
    clause: Clause
    points: Fraction
    charges: tuple[Charge, ...]


@dataclass(frozen=True, slots=True)
class SectionScore:
    section: Section
    points: Fraction
    clauses: tuple[ClauseScore, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Every clause of one submission, with its score; Σ charged = max − points throughout."""

    submission: Submission
    score: Fraction
    sections: tuple[SectionScore, ...]
    excluded: tuple[Exclusion, ...]

    def clauses(self) -> Iterator[ClauseScore]:
        """Every clause score, in the rulebook's order."""
        return (clause for section in self.sections for clause in section.clauses)


@dataclass(frozen=True, slots=True)
class Standing:
    """A township's place in its year. Not submitted: no scorecard and no rank, not a zero."""

    township: Township
    scorecard: Scorecard | None
    rank: int | None
    tied: bool
    outcomes: tuple[str, ...]


# --- a city and its years -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class City:
    """Who assesses whom; `demonstration` marks fictional data."""

    name: Text
    office: Text
    telephone: str | None
    demonstration: bool
    townships: tuple[Township, ...]


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file the result rests on, by the SHA-256 of its LF text."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class YearInputs:
    """All that one year's result is computed from.

    `submissions` holds those received, by township, corrections applied; `first_submissions`
    the same before any correction. `ranking` is somebody else's, where there is one.
    """

    assessment: Assessment
    rulebook: Rulebook
    townships: tuple[Township, ...]
    submissions: Mapping[str, Submission]
    first_submissions: Mapping[str, Submission]
    corrections: tuple[Correction, ...]
    ranking: Ranking | None
    files: tuple[InputFile, ...]


@dataclass(frozen=True, slots=True)
class YearResult:
    """One year judged: `standings` by township id; `first` is the same before corrections."""

    inputs: YearInputs
    standings: tuple[Standing, ...]
    first: tuple[Standing, ...]
