"""The words of a year: what is reported, found and decided, and what judging it comes to.

Frozen values, no behaviour beyond looking into themselves. All amounts are exact
(`fractions.Fraction`); no float ever touches one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import takewhile

from generator.engine.book import Band, Clause, Ground, Payment, Rulebook, Section
from generator.engine.measures import Basis, Figure
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
    successors: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, str, str]:
        """All by which people may ask for it."""
        return self.id, self.name.zh, self.name.en

    def assessed_in(self, year: int) -> bool:
        """Whether it is registered in that year, both ends included."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


@dataclass(frozen=True, slots=True)
class Change:
    """A fact replaced by the office, both values kept; None where there was, or is now, nothing."""

    fact: str
    reported: object
    value: object
    occasion: str | None
    date: str
    reason: str
    document: str
    location: Location
    correction: str | None = None
    objection: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What only an inspector can judge: points asked under a clause, with date and document.

    `part` is the period inside the year that the clause is judged in, if it is by period.
    """

    id: str
    clause: str
    points: Fraction
    occasion: str
    date: str
    reason: str
    document: str
    location: Location
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """What a scorer gives under a rule of discretion, for the year or for the period `part`."""

    rule: str
    scorer: str
    points: Fraction
    date: str
    reason: str
    document: str
    part: str | None
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
    ratings: tuple[Rating, ...] = ()

    def changed_at(self, change: Change) -> tuple[Location, ...]:
        """Where one of its changes is made, and where the fact was reported, if it was."""
        made = {known.location for known in self.changes}
        places = self.places.get(change.fact, ())
        return (change.location, *(place for place in places if place not in made))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days of `years`: Monday to Friday but for `holidays`, and the `workdays` besides."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def works(self, day: date) -> bool:
        """Whether it is a working day."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)


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
class Unreported:
    """The office's word on a township that has not reported."""

    township: str
    date: str
    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class Objection:
    """What a township objects to while a year is published for comment; `clause` or `record`."""

    id: str
    township: str
    asked_on: str
    document: str
    reason: str
    location: Location
    clause: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """An appeal or erratum decided after publication.

    `objection` is that which it decides; `decisions` are about lines at which it brought about a
    tie.
    """

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
    decisions: tuple[Decision, ...] = ()
    objection: str | None = None

    @property
    def effective(self) -> bool:
        """Whether it changed the result: one that was rejected did not."""
        return self.decision != "rejected"


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
    unreported: tuple[Unreported, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A record left out of the count, with its ground."""

    record: Record
    ground: Ground
    sources: tuple[Location, ...]


@dataclass(frozen=True, slots=True)
class City:
    """Who assesses whom; `demonstration` marks fictional data."""

    name: Text
    office: Text
    telephone: str | None
    demonstration: bool
    townships: tuple[Township, ...]

    def heirs(self, unit: Township, year: int) -> tuple[Township, ...]:
        """In whom a unit that has ended goes on in a year: those assessed then, or their heirs."""
        units, names = {each.id: each for each in self.townships}, list(unit.successors)
        ended = unit.last_year is not None and unit.last_year < year
        for name in names if ended else ():
            if not units[name].assessed_in(year):
                names += (heir for heir in units[name].successors if heir not in names)
        found = (units[name] for name in names) if ended else ()
        return tuple(heir for heir in found if heir.assessed_in(year))


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file the result rests on, by the SHA-256 of its LF text."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class YearInputs:
    """All that one year's result is computed from.

    `submissions` holds those received, by township, corrections applied; `first_submissions`
    the same before any correction. `ranking` is somebody else's, where there is one. `before`
    holds the submissions of the year before, for rules that compare; `first_before` as they
    stood when this year was published, None where nothing of them has been corrected since.
    """

    assessment: Assessment
    rulebook: Rulebook
    townships: tuple[Township, ...]
    submissions: Mapping[str, Submission]
    first_submissions: Mapping[str, Submission]
    corrections: tuple[Correction, ...]
    ranking: Ranking | None
    files: tuple[InputFile, ...]
    before: Mapping[str, Submission] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    first_before: Mapping[str, Submission] | None = None
    objections: tuple[Objection, ...] = ()

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """One for each line decided; a correction's takes the place of an earlier one."""
        later = {d.line: d for correction in self.corrections for d in correction.decisions}
        first = tuple(later.pop(d.line, d) for d in self.assessment.decisions)
        return (*first, *later.values())

    @property
    def answers(self) -> dict[str, "Correction | Change"]:
        """What decides an objection, by its name: a change in an inspection, or a correction."""
        sent = sorted(self.submissions.values(), key=lambda submission: submission.township)
        changes = (change for submission in sent for change in submission.changes)
        answers: dict[str, Correction | Change] = {c.objection: c for c in changes if c.objection}
        return answers | {c.objection: c for c in self.corrections if c.objection}


FINDING = "finding"
"""What stands in the place of a rule's id where an inspector's finding deducts."""


@dataclass(frozen=True, slots=True)
class Deduction:
    """What a rule or a finding asks: points above zero, why, on what basis, from which facts.

    They are taken, or given where it is an `award`. `figures` are the rulebook's numbers used.
    """

    rule: str
    points: Fraction
    records: tuple[str, ...]
    reason: Message
    basis: Basis
    sources: tuple[Location, ...]
    finding: Finding | None = None
    award: bool = False
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Charge:
    """A deduction and what of it there was to take above the floor, or to give below the cap."""

    deduction: Deduction
    points: Fraction

    @property
    def signed(self) -> Fraction:
        """What it does to the clause: below 0 where it takes."""
        return self.points if self.deduction.award else -self.points


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is added to the sections to make the score, or taken: bonuses, scaling, a veto.

    `charge` is the entry of a pool that it comes from. `converts`: it turns the score into one
    out of another number, so that what follows counts otherwise than what went before.
    """

    id: str
    points: Fraction
    reason: Message
    sources: tuple[Location, ...] = ()
    charge: Charge | None = None
    converts: bool = False


@dataclass(frozen=True, slots=True)
class ClauseScore:
    """Its points: what it starts with, plus and minus what was charged.

    `instead` says what it counts where it does not apply, and why; nothing is charged then.
    """

    clause: Clause
    points: Fraction
    charges: tuple[Charge, ...]
    instead: Message | None = None


@dataclass(frozen=True, slots=True)
class SectionScore:
    """The points of its clauses together, by its weight, in one period inside the year or none."""

    section: Section
    points: Fraction
    clauses: tuple[ClauseScore, ...]
    weight: Fraction = Fraction(1)
    part: str | None = None

    @property
    def maximum(self) -> Fraction:
        """What it can count for at most."""
        return self.section.points.value * self.weight


@dataclass(frozen=True, slots=True)
class PartScore:
    """A period inside the year: its own score, before it counts by its weight, and its grade."""

    part: str
    score: Fraction
    band: Band | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Every clause of one submission; the score is Σ sections + Σ adjustments, exactly.

    Where a rulebook only deducts, Σ charged = max − points throughout. `total` is what could be
    had; `last` ranks it after all others; `outcomes` and `barred` come from vetoes.
    """

    submission: Submission
    score: Fraction
    sections: tuple[SectionScore, ...]
    excluded: tuple[Exclusion, ...]
    total: Fraction = Fraction()
    adjustments: tuple[Adjustment, ...] = ()
    parts: tuple[PartScore, ...] = ()
    last: bool = False
    outcomes: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()

    def clauses(self) -> Iterator[ClauseScore]:
        """Every clause score, in the rulebook's order."""
        return (clause for section in self.sections for clause in section.clauses)

    def charges(self) -> Iterator[tuple[SectionScore, ClauseScore, Charge]]:
        """Every charge with where it was charged, in the rulebook's order."""
        for section in self.sections:
            for score in section.clauses:
                for charge in score.charges:
                    yield section, score, charge

    @property
    def in_sections(self) -> Fraction:
        """All sections together."""
        return sum((section.points for section in self.sections), Fraction())

    @property
    def beside(self) -> Fraction:
        """What is added to the sections or taken from them, in points as theirs."""
        before = takewhile(lambda adjustment: not adjustment.converts, self.adjustments)
        return sum((adjustment.points for adjustment in before), Fraction())

    @property
    def unconverted(self) -> Fraction | None:
        """The score before it was turned into one out of another number; None if it was not."""
        converted = any(adjustment.converts for adjustment in self.adjustments)
        return self.in_sections + self.beside if converted else None


@dataclass(frozen=True, slots=True)
class Paid:
    """What a payment comes to for one unit."""

    payment: Payment
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Standing:
    """A township's place in its year. Not submitted: no scorecard and no rank, not a zero.

    `group` is that of the rulebook it belongs to, among which it ranks where they rank apart.
    """

    township: Township
    scorecard: Scorecard | None
    rank: int | None
    tied: bool
    outcomes: tuple[str, ...]
    group: str | None = None
    band: Band | None = None
    payments: tuple[Paid, ...] = ()


@dataclass(frozen=True, slots=True)
class YearResult:
    """One year judged: `standings` by township id; `first` is the same before corrections."""

    inputs: YearInputs
    standings: tuple[Standing, ...]
    first: tuple[Standing, ...]
