"""What a deduction did to rank and consequences, and who stands nearest to a line.

Owns the short way to these effects: only clauses that look at what is left out are charged again.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

from generator.engine.book import Above, Clause, Line, Rule, Rulebook, looks_aside
from generator.engine.facts import Facts, Views, apart, within
from generator.engine.measures import Quantity, held
from generator.engine.problem import Path
from generator.engine.rank import (
    Contenders,
    Side,
    at_line,
    drawn,
    fields_of,
    key_of,
    placed,
    places_of,
    scored,
    side_of,
    views_in,
)
from generator.engine.records import without_record
from generator.engine.rules import judge
from generator.engine.score import LeftOut, adjusted, clause_score, lists_by_rule
from generator.engine.year import (
    FINDING,
    Charge,
    ClauseScore,
    Deduction,
    Scorecard,
    SectionScore,
    Standing,
    YearResult,
)


@dataclass(frozen=True, slots=True)
class Without:
    """Where a unit would stand had something not happened; `record` is what was left out.

    `key` decides its place among those whose scores stand; None where others move as well, and
    `then` is its standing among them.
    """

    charge: Charge
    section: SectionScore
    clause: Clause
    score: Fraction
    rank: int
    tied: bool
    record: str | None
    key: Any = None
    then: Standing | None = None

    @property
    def part(self) -> str | None:
        """The period inside the year in which it was charged."""
        return self.section.part


class Ladder:
    """Those ranked together by what decides their places, in order."""

    def __init__(self, keys: Mapping[str, Any]) -> None:
        self._keys, self._sorted = keys, sorted(keys.values())

    def place(self, name: str, key: Any) -> tuple[int, int]:
        """The rank that a key gives a unit among the others, and how many share it."""
        own, keys = self._keys[name], self._sorted
        end = bisect_right(keys, key)
        above = len(keys) - end - (own > key)
        return above + 1, end - bisect_left(keys, key) - (own == key)


MOST_AT_LENGTH = 200
"""Among more units than these, what moves others as well is worked out for nobody, since slowly."""


class Effects:
    """What every charge of one year did: its record, or else the deduction, is thought away.

    The other townships' scores stand, unless they rest on what is left out. With `at_length` that
    is worked out among however many units. What has been looked at is remembered.
    """

    def __init__(self, result: YearResult, *, at_length: bool = False) -> None:
        self.result = result
        self._book = result.inputs.rulebook
        self._cards = {s.township.id: s.scorecard for s in result.standings if s.scorecard}
        self.fields = fields_of(result.inputs, self._cards)
        self.apart = apart(self._book)
        self._ladders = {
            name: ladder for f in self.fields for ladder in (Ladder(f.keys),) for name in f.keys
        }
        self._whole = lcm(*(card.score.denominator for card in self._cards.values()))
        self._lists = by_record(self._book)
        self._wide = _wide(self._book)
        self._at_length = at_length or len(self._cards) <= MOST_AT_LENGTH
        self._known: dict[str, tuple[Without, ...]] = {}

    def of(self, standing: Standing) -> tuple[Without, ...]:
        """One for each charge on the scorecard, in its order, as far as it is worked out."""
        name = standing.township.id
        if name not in self._known:
            self._known[name] = tuple(self._each(standing)) if standing.scorecard else ()
        return self._known[name]

    def costliest(self, standing: Standing, most: int) -> list[Without]:
        """What cost most places, then most points; each record once, nothing that cost none."""
        score = standing.scorecard.score if standing.scorecard else Fraction()
        cost = [effect for effect in self.of(standing) if effect.score > score]
        first: dict[tuple[str | None, str | int], Without] = {}
        cost.sort(key=lambda effect: (effect.rank, -effect.score))
        for number, effect in enumerate(cost):
            first.setdefault((effect.part, effect.record or number), effect)
        return list(first.values())[:most]

    def outcomes(self, standing: Standing, effect: Without) -> tuple[str, ...]:
        """What would follow for the unit."""
        name, then = standing.township.id, effect.then
        if then is None:
            path = self._lists.get(effect.charge.deduction.rule)
            (score,) = (s for s in effect.section.clauses if s.clause is effect.clause)
            card = self._unit(standing).without(effect.section, score, effect.charge, path)
            then = _standing(placed(self.result.inputs, self._cards | {name: card}), name)
        return then.outcomes

    def _each(self, standing: Standing) -> Iterator[Without]:
        unit, name = self._unit(standing), standing.township.id
        for section, score, charge in _charges(standing):
            path = self._lists.get(charge.deduction.rule)
            record = None if path is None else charge.deduction.records[0]
            if not self._moves_others(score.clause, path):
                card = unit.without(section, score, charge, path)
                key = key_of(self._book, card, unit.views, self._whole)
                rank, same = self._ladders[name].place(name, key)
                yield Without(
                    charge, section, score.clause, card.score, rank, same > 0, record, key
                )
            elif self._at_length:
                cards = self._judged_without(unit.card, section, charge, path)
                then = _standing(placed(self.result.inputs, cards), name)
                place = cards[name].score, then.rank or 0, then.tied
                yield Without(charge, section, score.clause, *place, record, None, then)

    @cached_property
    def _views(self) -> Mapping[str, Views]:
        """Everybody's facts, put together once: for each by itself it would be as often."""
        return views_in(self.result.inputs, self._cards)

    def _unit(self, standing: Standing) -> "_Unit":
        """One that has a card."""
        name = standing.township.id
        return _Unit(self._cards[name], self._views[name])

    def _moves_others(self, clause: Clause, path: Path | None) -> bool:
        wide = self._wide
        if self._book.counted_once or path in wide.lists:
            return True
        return bool(wide.clauses and wide.clauses & _touched(self._book, clause, path))

    def _judged_without(
        self, card: Scorecard, section: SectionScore, charge: Charge, path: Path | None
    ) -> Mapping[str, Scorecard]:
        """The cards of all, judged afresh: of the unit alone where the rulebook compares nobody."""
        sent, without = card.submission, None
        if path is None:
            without = LeftOut(sent.township, charge.deduction)
        else:
            full = (*within(section.part), *path)
            sent = without_record(sent, full, charge.deduction.records[0])
        all_sent = {sent.township: sent}
        if looks_aside(self._book):
            all_sent = {name: other.submission for name, other in self._cards.items()} | all_sent
        return self._cards | scored(self.result.inputs, all_sent, without)


def _standing(standings: Iterable[Standing], name: str) -> Standing:
    return next(standing for standing in standings if standing.township.id == name)


def by_record(book: Rulebook) -> dict[str, Path]:
    """The rules each of whose deductions is about one record that can be thought away: its list.

    It cannot where the list is also what something is counted or rated by: with a record fewer,
    other clauses would ask less or more for reasons that nobody asked about.
    """
    rules = list(book.rules())
    measured = {path for rule in rules for path in rule.lists()}
    lists = lists_by_rule(rule for rule in rules if not rule.award)
    return {rule: path for rule, path in lists.items() if path not in measured}


@dataclass(frozen=True, slots=True)
class _Wide:
    """What reaches further than the clauses that look at it: lists that decide between equal
    scores or whether a clause applies, and clauses whose points others count by."""

    lists: frozenset[Path]
    clauses: frozenset[str]


def _wide(book: Rulebook) -> _Wide:
    tests = [test for clause in book.clauses() if clause.applies for test in clause.applies.where]
    asking = (*tests, *book.above.tie_breakers)
    lists = (path for one in asking for some in held(one, Quantity) for path in some.lists())
    means = (c.id for c in book.clauses() if c.applies and c.applies.counts == "mean")
    return _Wide(frozenset(lists), frozenset(means))


def _touched(book: Rulebook, clause: Clause, path: Path | None) -> set[str]:
    """The clauses that look at a list of records, or only the one that a deduction is under."""
    if path is None:
        return {clause.id}
    return {c.id for c in book.clauses() if any(rule.records == path for rule in c.rules)}


def _charges(standing: Standing) -> Iterator[tuple[SectionScore, ClauseScore, Charge]]:
    for section in standing.scorecard.sections if standing.scorecard else ():
        for score in section.clauses:
            for charge in score.charges:
                yield section, score, charge


class _Unit:
    """One unit's card, to be charged again without something."""

    def __init__(self, card: Scorecard, views: Views) -> None:
        self.card, self.views = card, views
        book = views[None].rulebook
        self._rules = {rule.id: rule for rule in book.rules()}
        self._records: dict[tuple[str | None, Path, str], Scorecard] = {}
        self._in_sections = sum((section.points for section in card.sections), Fraction())
        self._adjusts = book.above != Above() or any(c.instead for c in card.clauses())
        self._places = {
            (section.part, score.clause.id): (number, within)
            for number, section in enumerate(card.sections)
            for within, score in enumerate(section.clauses)
        }

    def without(
        self, section: SectionScore, score: ClauseScore, charge: Charge, path: Path | None
    ) -> Scorecard:
        """The card without the record of the list at `path` that a charge is about, or without it.

        A record is looked up once, however many charges it made.
        """
        if path is None:
            return self._without_deduction(section, score, charge)
        place = section.part, path, charge.deduction.records[0]
        if place not in self._records:
            self._records[place] = self._without_record(*place)
        return self._records[place]

    def _without_deduction(
        self, section: SectionScore, score: ClauseScore, charge: Charge
    ) -> Scorecard:
        """The card with one deduction less; what its rule may ask is left to the others."""
        gone, view = charge.deduction, self.views[section.part]
        rule = self._rules.get(gone.rule)
        if rule is not None and rule.most is not None:
            asked = self._asked(score, {rule.id: tuple(judge(rule, view, gone))})
        else:
            asked = [c.deduction for c in score.charges if c is not charge]
        return self._card({(section.part, score.clause.id): asked}, self.views[None])

    def _without_record(self, part: str | None, path: Path, record: str) -> Scorecard:
        """The card as if one record had never been written down."""
        view = self.views[part]
        left = {**view.records, path: tuple(r for r in view.records[path] if r.id != record)}
        then = replace(view, records=left)
        asked = {}
        for section in self.card.sections:
            for score in section.clauses if section.part == part else ():
                again = {
                    rule.id: _anew(rule, then, score, record)
                    for rule in score.clause.rules
                    if score.instead is None and rule.records == path
                }
                if again:
                    asked[part, score.clause.id] = self._asked(score, again)
        return self._card(asked, then if part is None else self.views[None])

    def _asked(
        self, score: ClauseScore, again: Mapping[str, Sequence[Deduction]]
    ) -> list[Deduction]:
        """What a clause is asked where some of its rules ask anew."""
        asked: list[Deduction] = []
        old = [charge.deduction for charge in score.charges]
        for rule in score.clause.rules:
            asked += again.get(rule.id, [kept for kept in old if kept.rule == rule.id])
        return asked + [finding for finding in old if finding.rule == FINDING]

    def _card(
        self, asked: Mapping[tuple[str | None, str], Sequence[Deduction]], year: Facts
    ) -> Scorecard:
        """The card with some clauses charged afresh."""
        sections, score = list(self.card.sections), self._in_sections
        for place, deductions in asked.items():
            number, within = self._places[place]
            old = sections[number]
            clauses = list(old.clauses)
            clauses[within] = clause_score(clauses[within].clause, deductions)
            more = (clauses[within].points - old.clauses[within].points) * old.weight
            score += more
            sections[number] = replace(old, clauses=tuple(clauses), points=old.points + more)
        card = replace(self.card, sections=tuple(sections), score=score)
        return adjusted(card, year) if self._adjusts else card


def _anew(rule: Rule, then: Facts, score: ClauseScore, record: str) -> Sequence[Deduction]:
    """What a rule asks with a record less; where each record counts by itself nothing is judged."""
    if rule.apart and rule.most is None:
        before = (charge.deduction for charge in score.charges)
        return [kept for kept in before if kept.rule == rule.id and kept.records != (record,)]
    return tuple(judge(rule, then))


@dataclass(frozen=True, slots=True)
class Edge:
    """Those nearest to a line on one side of it, with one score; `gap` is how far from it.

    From who is tied across it, else what they could lose before they are taken out, or must win
    to come in.
    """

    units: tuple[str, ...]
    score: Fraction
    gap: Fraction | None


@dataclass(frozen=True, slots=True)
class Crossing:
    """The smallest thing without which a unit would stand on another side of a line."""

    unit: str
    without: Without
    side: Side


@dataclass(frozen=True, slots=True)
class Border:
    """A line among those ranked together: its places, whom it takes, who stands on it."""

    line: Line
    group: str | None
    places: tuple[int, int] | None
    listed: tuple[str, ...]
    across: tuple[str, ...]
    decided: bool
    inside: Edge | None
    outside: Edge | None
    crossing: Crossing | None


def borders(effects: Effects) -> Iterator[Border]:
    """Every line, among all who are ranked together and it is about."""
    inputs = effects.result.inputs
    decided = {decision.line: decision.listed for decision in inputs.decisions}
    standings = {standing.township.id: standing for standing in effects.result.standings}
    for line in inputs.rulebook.lines:
        for ranking in effects.fields:
            field = ranking.of(line)
            if field.scores:
                at = _At(line, inputs.rulebook, field)
                listed, _ = drawn(line, inputs.rulebook, ranking, decided)
                _, across = at_line(line, inputs.rulebook, ranking)
                group = standings[next(iter(field.scores))].group if effects.apart else None
                crossing = at.crossing(effects, standings)
                yield Border(
                    line,
                    group,
                    (min(at.places), max(at.places)) if line.end and at.places else None,
                    listed,
                    across,
                    line.id in decided,
                    *at.edges(across),
                    crossing,
                )


class _At:
    """A line among those it is about."""

    def __init__(self, line: Line, book: Rulebook, field: Contenders) -> None:
        self._line, self._field = line, field
        self._ladder = Ladder(field.keys)
        self.places = places_of(line, book, len(field.scores))
        sizes = Counter(field.keys.values())
        self._ranks = {name: self._ladder.place(name, key)[0] for name, key in field.keys.items()}
        self._eligible = [n for n in field.scores if line.id not in field.barred.get(n, ())]
        self._sides = {
            name: side_of(
                line, self.places, field.scores[name], self._ranks[name], sizes[field.keys[name]]
            )
            for name in self._eligible
        }

    # --- who stands nearest -----------------------------------------------------------

    def edges(self, across: tuple[str, ...]) -> tuple[Edge | None, Edge | None]:
        """The nearest ones inside and outside."""
        bounds = self._line.bounds
        up = self._line.end == "first" or (
            self._line.end is None and bool(bounds.at_least or bounds.above)
        )
        inside = self._nearest("inside", max if up else min)
        outside = self._nearest("outside", min if up else max)
        scores = self._field.scores
        gaps: tuple[Fraction | None, Fraction | None]
        if across:
            here = scores[across[0]]
            gaps = tuple(abs(scores[s[0]] - here) if s else None for s in (inside, outside))  # type: ignore[assignment]
        else:
            gaps = self._to_fall(inside, outside), self._to_rise(inside, outside)
        return _edge(inside, scores, gaps[0]), _edge(outside, scores, gaps[1])

    def _nearest(self, side: Side, end: Callable[[Iterable[int]], int]) -> tuple[str, ...]:
        names = [name for name, where in self._sides.items() if where == side]
        if not names:
            return ()
        rank = end([self._ranks[name] for name in names])
        return tuple(sorted(name for name in names if self._ranks[name] == rank))

    def _to_fall(self, inside: tuple[str, ...], outside: tuple[str, ...]) -> Fraction | None:
        """How far those inside are from falling out, by a bound or behind the next."""
        if not inside:
            return None
        score = self._field.scores[inside[0]]
        gaps = [abs(score - bound.value) for bound in self._line.bounds.figures()]
        if outside and self._ranks[outside[0]] not in self.places:
            gaps.append(abs(score - self._field.scores[outside[0]]))
        return min(gaps, default=None)

    def _to_rise(self, inside: tuple[str, ...], outside: tuple[str, ...]) -> Fraction | None:
        """How far those outside are from coming in: within the bounds, and level with the next."""
        if not outside:
            return None
        score, bounds = self._field.scores[outside[0]], self._line.bounds
        gaps = (
            []
            if bounds.hold(score)
            else [abs(score - bound.value) for bound in self._line.bounds.figures()]
        )
        if inside and self._ranks[outside[0]] not in self.places:
            gaps.append(abs(score - self._field.scores[inside[0]]))
        return max(gaps, default=None)

    # --- what would move somebody -----------------------------------------------------

    def crossing(self, effects: Effects, standings: Mapping[str, Standing]) -> Crossing | None:
        """What is smallest by the points it made; of equal ones the first by rank."""
        smallest: Crossing | None = None
        least: Fraction | None = None
        for name in sorted(self._eligible, key=lambda name: (self._ranks[name], name)):
            for effect in effects.of(standings[name]):
                size = abs(effect.score - self._field.scores[name])
                if effect.key is None or not size or (least is not None and size >= least):
                    continue
                rank, same = self._ladder.place(name, effect.key)
                side = side_of(self._line, self.places, effect.score, rank, same + 1)
                if side != self._sides[name]:
                    smallest, least = Crossing(name, effect, side), size
        return smallest


def _edge(
    units: tuple[str, ...], scores: Mapping[str, Fraction], gap: Fraction | None
) -> Edge | None:
    return Edge(units, scores[units[0]], gap) if units else None
