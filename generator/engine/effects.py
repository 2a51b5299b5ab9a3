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
            unit = _Unit(self._cards[name], self._views[name])
            card = unit.without(effect.section, score, effect.charge, path)
            then = _standing(placed(self.result.inputs, self._cards | {name: card}), name)
        return then.outcomes

    def _each(self, standing: Standing) -> Iterator[Without]:
        name = standing.township.id
        unit = _Unit(self._cards[name], self._views[name])
        for section, score, charge in unit.card.charges():
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

    def _moves_others(self, clause: Clause, path: Path | None) -> bool:
        means = clause.applies is not None and clause.applies.counts == "mean"
        return bool(self._book.counted_once) or (means if path is None else path in self._wide)

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
            all_sent = {name: kept.submission for name, kept in self._cards.items()} | all_sent
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


def _wide(book: Rulebook) -> frozenset[Path | None]:
    """The lists that decide between equal scores, whether a clause applies, what others count."""
    applied = [(clause, clause.applies) for clause in book.clauses() if clause.applies]
    tests = (test for _, applies in applied for test in applies.where)
    asking = (*tests, *book.above.tie_breakers)
    quantities = (quantity for asker in asking for quantity in held(asker, Quantity))
    means = (clause for clause, applies in applied if applies.counts == "mean")
    return frozenset(
        (
            *(path for quantity in quantities for path in quantity.lists()),
            *(rule.records for clause in means for rule in clause.rules),
        )
    )


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
            asked = [kept.deduction for kept in score.charges if kept is not charge]
            rule = self._rules.get(charge.deduction.rule)
            if rule is not None and rule.most is not None:
                # What its rule may ask is left to the others.
                deductions = tuple(judge(rule, self.views[section.part], charge.deduction))
                asked = self._asked(score, {rule.id: deductions})
            return self._card({(section.part, score.clause.id): asked}, self.views[None])
        place = section.part, path, charge.deduction.records[0]
        if place not in self._records:
            self._records[place] = self._without_record(*place)
        return self._records[place]

    def _without_record(self, part: str | None, path: Path, record: str) -> Scorecard:
        """The card as if one record had never been written down."""
        view = self.views[part]
        left = {**view.records, path: tuple(r for r in view.records[path] if r.id != record)}
        then = replace(view, records=left)
        asked = {}
        for section in self.card.sections:
            for score in section.clauses if section.part == part else ():
                anew = {
                    rule.id: _anew(rule, then, score, record)
                    for rule in score.clause.rules
                    if score.instead is None and rule.records == path
                }
                if anew:
                    asked[part, score.clause.id] = self._asked(score, anew)
        return self._card(asked, then if part is None else self.views[None])

    def _asked(
        self, score: ClauseScore, anew: Mapping[str, Sequence[Deduction]]
    ) -> list[Deduction]:
        """What a clause is asked where some of its rules ask anew."""
        before = [charge.deduction for charge in score.charges]
        asked: list[Deduction] = []
        for rule in score.clause.rules:
            asked += anew.get(rule.id, [kept for kept in before if kept.rule == rule.id])
        return asked + [finding for finding in before if finding.rule == FINDING]

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
                places = (min(at.places), max(at.places)) if line.end and at.places else None
                known = line, group, places, listed, across, line.id in decided
                yield Border(*known, *at.edges(across), at.crossing(effects, standings))


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

    def edges(self, across: tuple[str, ...]) -> tuple[Edge | None, Edge | None]:
        """The nearest ones inside and outside."""
        bounds = self._line.bounds
        up = self._line.end == "first" or (
            self._line.end is None and bool(bounds.at_least or bounds.above)
        )
        inside = self._nearest("inside", max if up else min)
        outside = self._nearest("outside", min if up else max)
        scores = self._field.scores
        if across:
            tied = scores[across[0]]
            to_fall, to_rise = (
                abs(scores[units[0]] - tied) if units else None for units in (inside, outside)
            )
        else:
            to_fall, to_rise = self._gaps(inside, outside)
        return _edge(inside, scores, to_fall), _edge(outside, scores, to_rise)

    def _nearest(self, side: Side, end: Callable[[Iterable[int]], int]) -> tuple[str, ...]:
        names = [name for name, where in self._sides.items() if where == side]
        if not names:
            return ()
        rank = end([self._ranks[name] for name in names])
        return tuple(sorted(name for name in names if self._ranks[name] == rank))

    def _gaps(
        self, inside: tuple[str, ...], outside: tuple[str, ...]
    ) -> tuple[Fraction | None, Fraction | None]:
        """How far those nearest inside are from falling out, and those outside from coming in."""
        scores, bounds = self._field.scores, self._line.bounds
        to_fall, to_rise = (
            [abs(scores[name] - bound.value) for name in units[:1] for bound in bounds.figures()]
            for units in (inside, outside)
        )
        if outside and bounds.hold(scores[outside[0]]):
            to_rise = []
        if inside and outside and self._ranks[outside[0]] not in self.places:
            apart = abs(scores[inside[0]] - scores[outside[0]])
            to_fall, to_rise = [*to_fall, apart], [*to_rise, apart]
        return min(to_fall, default=None), max(to_rise, default=None)

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
