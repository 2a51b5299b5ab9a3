"""What judging comes to: deductions charged, scorecards, standings, a year's result.

Frozen values, no behaviour beyond looking into themselves. Must not judge, read or print. All
amounts are exact (`fractions.Fraction`); no float ever touches one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile

from generator.engine.above import Band, Payment
from generator.engine.book import Clause, Section
from generator.engine.measures import Basis, Figure
from generator.engine.model import Exclusion, Finding, Submission, Township, YearInputs
from generator.engine.problem import Location, Message


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

    @property
    def in_sections(self) -> Fraction:
        """All sections together."""
        return sum((section.points for section in self.sections), Fraction())

    @property
    def beside(self) -> Fraction:
        """What is added to the sections or taken from them, in points as theirs."""
        before = takewhile(lambda one: not one.converts, self.adjustments)
        return sum((one.points for one in before), Fraction())

    @property
    def unconverted(self) -> Fraction | None:
        """The score before it was turned into one out of another number; None if it was not."""
        converted = any(one.converts for one in self.adjustments)
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
