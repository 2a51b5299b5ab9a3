"""A year as its pages and papers look at it: who stands where, before and after, and who is listed.

Knows no language: what it gives is the engine's, put together in the ways that are asked for.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from generator.engine.book import Clause, Group, Part, Rulebook
from generator.engine.difference import Moved, moved
from generator.engine.effects import Border, Effects, borders
from generator.engine.facts import of_group
from generator.engine.problem import Text
from generator.engine.rank import Contenders, fields_of
from generator.engine.year import (
    Assessment,
    Charge,
    ClauseScore,
    Correction,
    PartScore,
    Scorecard,
    SectionScore,
    Standing,
    YearResult,
)
from generator.shape.form import Form
from generator.words.messages import DATES
from generator.words.report import in_rank_order
from generator.words.results import only_deducts
from generator.words.status import State, Status, status
from generator.year.load import Loaded
from generator.year.office import is_date
from generator.year.receipt import Receipt


class Charged(NamedTuple):
    """What one clause took from a unit or gave it, in a period inside the year or in the year."""

    standing: Standing
    charges: tuple[Charge, ...]
    part: str | None


@dataclass(frozen=True, slots=True)
class ClauseCharges:
    """What one clause took and gave in a year, unit by unit in the order of rank."""

    clause: Clause
    rows: Sequence[Charged]

    @property
    def count(self) -> int:
        return sum(len(row.charges) for row in self.rows)

    @property
    def points(self) -> Fraction:
        """What it gave, less what it took."""
        return sum((c.signed for row in self.rows for c in row.charges), Fraction())

    @property
    def units(self) -> int:
        return len({row.standing.township.id for row in self.rows})


@dataclass(frozen=True, slots=True)
class RankGroup:
    """Those who are ranked together, by rank; `group` where every group ranks by itself."""

    group: Group | None
    field: Contenders
    standings: list[Standing]
    book: Rulebook
    unsubmitted: list[Standing]


@dataclass(frozen=True, slots=True)
class OutcomeList:
    """Who has outcomes that always come together; `kind` is the first one, or "unsubmitted"."""

    kind: str
    names: tuple[Text, ...]
    standings: Sequence[Standing]


@dataclass(frozen=True, slots=True)
class Collected:
    """A year as far as it has been collected: of an open one pages say nothing else."""

    assessment: Assessment
    book: Rulebook
    reports: Status
    form: Form | None = None
    receipt: None = None

    @property
    def number(self) -> int:
        return self.assessment.year

    @property
    def open(self) -> bool:
        return self.assessment.status == "open"

    @property
    def dates(self) -> list[tuple[str, str]]:
        """The dates that are known, by what they are called, in the order of the year."""
        return [(n, d) for n in DATES if is_date(d := self.assessment.dates.get(n, ""))]

    @property
    def complete(self) -> bool:
        """Whether nobody is left to report."""
        return self.reports.number(State.SUBMITTED) == len(self.reports.rows)


@dataclass(frozen=True)
class YearView:
    """A result with what its pages look up again and again; `receipt` if it is published.

    `reports` says who has reported when, where anybody has asked.
    """

    result: YearResult
    previous: YearResult | None
    form: Form | None = None
    receipt: Receipt | None = None
    reports: Status | None = None

    @property
    def assessment(self) -> Assessment:
        return self.result.inputs.assessment

    @property
    def number(self) -> int:
        return self.assessment.year

    @property
    def book(self) -> Rulebook:
        return self.result.inputs.rulebook

    @cached_property
    def plain(self) -> bool:
        """Whether the rulebook only deducts, in points, with nothing above its clauses."""
        return only_deducts(self.book)

    def part(self, part: str | None) -> Part | None:
        """A period inside the year by its id."""
        return next((period for period in self.book.above.parts if period.id == part), None)

    # --- who stands where -------------------------------------------------------------

    @cached_property
    def rank_groups(self) -> list[RankGroup]:
        """Those who are ranked together, as the engine does it; at the end who is in none."""
        cards = {s.township.id: s.scorecard for s in self.result.standings if s.scorecard}
        apart, groups = self._groups_apart, list[RankGroup]()
        for field in fields_of(self.result.inputs, cards):
            standings = in_rank_order(self.by_id[name] for name in field.scores)
            group = standings[0].group
            book = of_group(self.book, group) if group in apart else self.book
            waiting = [s for s in self.unsubmitted if not apart or s.group == group]
            groups.append(RankGroup(apart.get(group or ""), field, standings, book, waiting))
        placed = {s.township.id for group in groups for s in group.unsubmitted}
        rest = [s for s in self.unsubmitted if s.township.id not in placed]
        if rest or not groups:
            groups.append(RankGroup(None, Contenders({}, {}), [], self.book, rest))
        return groups

    @cached_property
    def _groups_apart(self) -> Mapping[str, Group]:
        grouping = self.book.above.grouping
        return {g.id: g for g in grouping.groups} if grouping and grouping.apart else {}

    def group_of(self, standing: Standing) -> Group | None:
        """The group among which a unit ranks, where groups rank apart."""
        return self._groups_apart.get(standing.group or "")

    @cached_property
    def _ranked_with(self) -> Mapping[str, list[Standing]]:
        every = ((group, (*group.standings, *group.unsubmitted)) for group in self.rank_groups)
        return {s.township.id: group.standings for group, standings in every for s in standings}

    def ranked_with(self, standing: Standing) -> list[Standing]:
        """Those with whom a unit is ranked, or would be had it submitted."""
        return self._ranked_with[standing.township.id]

    @cached_property
    def ranked(self) -> list[Standing]:
        """Those with a rank, the first one first, ties by id; group by group if they rank apart."""
        return [standing for group in self.rank_groups for standing in group.standings]

    @cached_property
    def by_id(self) -> Mapping[str, Standing]:
        return {standing.township.id: standing for standing in self.result.standings}

    @cached_property
    def unsubmitted(self) -> list[Standing]:
        return [standing for standing in self.result.standings if standing.scorecard is None]

    @cached_property
    def scores(self) -> Mapping[str, Fraction]:
        return {s.township.id: s.scorecard.score for s in self.ranked if s.scorecard}

    @cached_property
    def _ascending(self) -> list[Fraction]:
        return sorted(self.scores.values())

    def rank_of(self, score: Fraction) -> int:
        """The rank of a unit had it this score, no lower than its own, the others theirs."""
        return 1 + len(self._ascending) - bisect_right(self._ascending, score)

    # --- before and after -------------------------------------------------------------

    @cached_property
    def before(self) -> Mapping[str, Standing]:
        """Last year's standings, by unit."""
        return {s.township.id: s for s in (self.previous.standings if self.previous else ())}

    def places_moved(self, standing: Standing) -> str:
        """How many places it rose since last year, below 0 where it fell; empty if unknown."""
        old = self.before.get(standing.township.id)
        return str(old.rank - standing.rank) if old and old.rank and standing.rank else ""

    def score_moved(self, standing: Standing) -> Fraction | None:
        """Points more than last year; None where the two cannot be compared."""
        old = self.before.get(standing.township.id)
        if not (old and old.scorecard and standing.scorecard and self.previous):
            return None
        past = self.previous.inputs.rulebook
        if (past.id, past.total.value) != (self.book.id, self.book.total.value):
            return None
        return standing.scorecard.score - old.scorecard.score

    @cached_property
    def firsts(self) -> Mapping[str, Standing]:
        """The standings before any correction, by unit."""
        return {standing.township.id: standing for standing in self.result.first}

    @cached_property
    def moved(self) -> list[Moved]:
        """Those for whom corrections changed anything, in the order of rank; whatever clause."""
        order = {standing.township.id: number for number, standing in enumerate(self.ranked)}
        changes = moved(self.result.first, self.result.standings)
        return sorted(changes, key=lambda change: order.get(change.township.id, len(order)))

    # --- because of what --------------------------------------------------------------

    @cached_property
    def effects(self) -> Effects:
        """What each deduction did to score and rank."""
        return Effects(self.result)

    @cached_property
    def borders(self) -> list[Border]:
        """Every line with those nearest to it."""
        return list(borders(self.effects))

    @cached_property
    def _charged(self) -> Mapping[str, list[Charged]]:
        charged: dict[str, list[Charged]] = {}
        for standing in self.ranked:
            for section in standing.scorecard.sections if standing.scorecard else ():
                for score in section.clauses:
                    if score.charges:
                        row = Charged(standing, score.charges, section.part)
                        charged.setdefault(score.clause.id, []).append(row)
        return charged

    def charges(self, clause: Clause) -> ClauseCharges:
        """What a clause took and gave."""
        return ClauseCharges(clause, self._charged.get(clause.id, []))

    # --- who is listed ----------------------------------------------------------------

    def lists(self) -> Iterator[OutcomeList]:
        """Every outcome that somebody has, or that a line gives, then who has not submitted."""
        seen = set[str]()
        for line in self.book.lines:
            for outcome in (line.outcomes[0], line.undecided):
                if outcome is None or outcome in seen:
                    continue
                seen.add(outcome)
                standings = self._having(outcome)
                # Outcomes that a line always gives together share one list.
                shared = line.outcomes if outcome in line.outcomes else (outcome,)
                names = tuple(self.book.outcomes[name] for name in shared)
                if standings or outcome != line.undecided:
                    yield OutcomeList(outcome, names, standings)
        yield from self.other_lists()
        rule = self.book.outside_ranking
        if rule and self.outside:
            yield OutcomeList(rule.outcome, (self.book.outcomes[rule.outcome],), self.outside)
        if self.unsubmitted:
            yield OutcomeList("unsubmitted", (), self.unsubmitted)

    def other_lists(self) -> Iterator[OutcomeList]:
        """Outcomes that no line gives: of vetoes, grades, periods in a row."""
        given = {o for line in self.book.lines for o in (*line.outcomes, line.undecided)}
        given.add(self.book.outside_ranking.outcome if self.book.outside_ranking else None)
        for outcome, label in self.book.outcomes.items():
            if outcome not in given and (standings := self._having(outcome)):
                yield OutcomeList(outcome, (label,), standings)

    def _having(self, outcome: str) -> list[Standing]:
        return [standing for standing in self.ranked if outcome in standing.outcomes]

    @cached_property
    def outside(self) -> list[Standing]:
        """Those to whom a ranking made by somebody else brings a consequence."""
        rule, ranking = self.book.outside_ranking, self.result.inputs.ranking
        if rule is None or ranking is None:
            return []
        # The same may follow from a line or a veto as well, so the outcome alone does not tell.
        bound = ranking.of - rule.last.value
        return [s for s in self.ranked if ranking.ranks.get(s.township.id, 0) > bound]


def collected(loaded: Loaded) -> list[Collected]:
    """Every year as far as it has been collected; an open one also where reports hold errors."""
    forms = {key: book.form for key, book in loaded.books.items()}
    years = ((inputs.assessment, inputs.rulebook) for inputs in loaded.collecting)
    return [
        Collected(
            *(year, book, status(loaded.city, year, loaded.collected.get(year.year, {}))),
            forms.get((book.id, book.version)),
        )
        for year, book in years
    ]


AnyYear: TypeAlias = YearView | Collected


def by_year(
    results: Sequence[YearResult],
    forms: Mapping[tuple[str, int], Form],
    receipts: Mapping[int, Receipt],
    reports: Mapping[int, Status] = MappingProxyType({}),
) -> tuple[YearView, ...]:
    """Every result beside the one before it; `forms` by id and version of the rulebook."""
    return tuple(
        YearView(
            *(result, previous, forms.get((book.id, book.version))),
            *(receipts.get(year.year), reports.get(year.year)),
        )
        for result, previous in zip(results, [None, *results], strict=False)
        for book, year in [(result.inputs.rulebook, result.inputs.assessment)]
    )


def clauses_of(book: Rulebook) -> list[tuple[Clause, str | None]]:
    """Every clause, once for each period inside the year that it is judged in."""
    periods: list[str | None] = [part.id for part in book.above.parts]
    return [
        (clause, part)
        for section in book.sections
        for part in (periods if section.each == "period" else [None])
        for clause in section.clauses
    ]


def scores_of(card: Scorecard | None) -> Mapping[tuple[str, str | None], ClauseScore]:
    """Every clause's score, by its id and the period inside the year."""
    sections = card.sections if card else ()
    return {(c.clause.id, section.part): c for section in sections for c in section.clauses}


# --- one unit in one year -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InPeriod:
    """The sections of the year, or of a period inside it with its own score and grade."""

    part: Part | None
    score: PartScore | None
    sections: tuple[SectionScore, ...]

    @property
    def counted(self) -> Fraction:
        """What they count for together."""
        return sum((section.points for section in self.sections), Fraction())


@dataclass(frozen=True)
class Card:
    """One unit's scorecard in one year, with what its page and its score sheet look up."""

    year: YearView
    standing: Standing
    scorecard: Scorecard

    @property
    def periods(self) -> list[InPeriod]:
        """The sections, those of the year first, then period by period."""
        parts = {section.part: None for section in self.scorecard.sections}
        scores = {score.part: score for score in self.scorecard.parts}
        return [
            InPeriod(
                self.year.part(part),
                scores.get(part or ""),
                tuple(s for s in self.scorecard.sections if s.part == part),
            )
            for part in parts
        ]

    @property
    def full(self) -> Fraction:
        """What could be had."""
        return self.scorecard.total

    def own(self, section: SectionScore) -> Fraction:
        """A section's points before it counts by its weight."""
        return sum((clause.points for clause in section.clauses), Fraction())

    @property
    def group(self) -> Group | None:
        """The group among which it ranks, where they rank apart."""
        return self.year.group_of(self.standing)

    @property
    def corrections(self) -> list[Correction]:
        """What was asked and decided for this unit after publication."""
        every, own = self.year.result.inputs.corrections, self.standing.township.id
        return [correction for correction in every if correction.township == own]

    @property
    def moved(self) -> bool:
        """Whether corrections changed anything for it, were they about others."""
        own = self.standing.township.id
        return any(change.township.id == own for change in self.year.moved)

    @property
    def first(self) -> Standing:
        """Where it stood before any correction of that year."""
        return self.year.firsts[self.standing.township.id]
