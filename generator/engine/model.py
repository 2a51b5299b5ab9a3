"""The words of a year: who is assessed, what is reported and decided, what is judged.

Frozen values, no behaviour beyond looking into themselves. Must not read, print, or know a
clock or a language. All amounts are exact (`fractions.Fraction`); no float ever touches one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from generator.engine.book import Clause, Ground, Rulebook, Section
from generator.engine.kinds import Basis
from generator.engine.problem import Location, Message, Text


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
