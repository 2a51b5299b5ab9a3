"""What a deduction did to rank and consequences, who stands nearest to a line, results compared.

Owns the short way to these effects: only clauses that look at what is left out are charged again.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any, Literal, TypeAlias

from generator.engine.book import Above, Clause, Line, Rulebook, lists_in, looks_aside
from generator.engine.facts import Facts, Views, apart, groups_of, of_group, views_of
from generator.engine.kinds import PerRecord, Rule
from generator.engine.measures import QuantityTest
from generator.engine.problem import Path
from generator.engine.rank import (
    Field,
    at_line,
    by_record,
    drawn,
    effect_of,
    fields_of,
    key_of,
    left_out,
    places_of,
)
from generator.engine.rules import judge
from generator.engine.score import FINDING, adjusted, clause_score
from generator.engine.year import (
    Charge,
    ClauseScore,
    Deduction,
    Scorecard,
    SectionScore,
    Standing,
    Submission,
    Township,
    YearResult,
)

MOST_AT_LENGTH = 200
"""Among more units than these, what moves others as well is not worked out."""


@dataclass(frozen=True, slots=True)
class Without:
    """Where a unit would stand had something not happened; `record` is what was left out."""

    charge: Charge
    section: SectionScore
    clause: Clause
    score: Fraction
    rank: int
    tied: bool
    record: str | None
    key: Any = None

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


class Effects:
    """The effects in one year; what has been looked at is remembered."""

    def __init__(self, result: YearResult) -> None:
        self.result = result
        self._book = result.inputs.rulebook
        cards = {s.township.id: s.scorecard for s in result.standings if s.scorecard}
        self.fields = fields_of(result.inputs, cards)
        self.apart = apart(self._book)
        self._ladders = {
            name: one for f in self.fields for one in (Ladder(f.keys),) for name in f.keys
        }
        self._whole = lcm(*(card.score.denominator for card in cards.values()))
        self._lists = by_record(self._book)
        self._wide = _wide(self._book)
        self._units = _Units(result)
        self._found: dict[str, tuple[Without, ...]] = {}

    def of(self, standing: Standing) -> tuple[Without, ...]:
        """One for each charge on the scorecard, in its order, as far as it is worked out."""
        name = standing.township.id
        if name not in self._found:
            self._found[name] = tuple(self._each(standing)) if standing.scorecard else ()
        return self._found[name]

    def costliest(self, standing: Standing, most: int) -> list[Without]:
        """What cost most places, then most points; each record once, nothing that cost none."""
        score = standing.scorecard.score if standing.scorecard else Fraction()
        cost = [one for one in self.of(standing) if one.score > score]
        found: dict[tuple[str | None, str | int], Without] = {}
        for number, one in enumerate(sorted(cost, key=lambda one: (one.rank, -one.score))):
            found.setdefault((one.part, one.record or number), one)
        return list(found.values())[:most]

    def _each(self, standing: Standing) -> Iterator[Without]:
        unit = self._units.of(standing)
        known: dict[tuple[str | None, Path, str], Scorecard] = {}
        for section, score, one in _charges(standing):
            path, record = self._lists.get(one.deduction.rule), None
            if self._moves_others(score.clause, path):
                yield from self._at_length(standing, section, score.clause, one)
                continue
            if path is None:
                card = unit.without_deduction(section, score, one)
            else:
                record = one.deduction.records[0]
                address = section.part, path, record
                if address not in known:
                    known[address] = unit.without_record(*address)
                card = known[address]
            key = key_of(self._book, card, unit.views, self._whole)
            rank, same = self._ladders[standing.township.id].place(standing.township.id, key)
            yield Without(one, section, score.clause, card.score, rank, same > 0, record, key)

    def _moves_others(self, clause: Clause, path: Path | None) -> bool:
        wide = self._wide
        if self._book.counted_once or path in wide.lists:
            return True
        return bool(wide.clauses and wide.clauses & _touched(self._book, clause, path))

    def _at_length(
        self, standing: Standing, section: SectionScore, clause: Clause, one: Charge
    ) -> Iterator[Without]:
        if len(self._ladders) > MOST_AT_LENGTH:
            return
        found = effect_of(self.result, standing, one)
        assert found is not None  # noqa: S101 - only a scorecard has charges
        record = left_out(self.result, standing, one)
        yield Without(one, section, clause, found.score, found.rank, found.tied, record)


@dataclass(frozen=True, slots=True)
class _Wide:
    """What reaches further than the clauses that look at it: lists that decide between equal
    scores or whether a clause applies, and clauses whose points others count by."""

    lists: frozenset[Path]
    clauses: frozenset[str]


def _wide(book: Rulebook) -> _Wide:
    tests = [test for clause in book.clauses() if clause.applies for test in clause.applies.where]
    asked = [test.quantity for test in tests if isinstance(test, QuantityTest)]
    asked += [one.quantity for one in book.above.tie_breakers if one.quantity]
    lists = (path for one in asked for path in lists_in(one))
    means = (c.id for c in book.clauses() if c.applies and c.applies.counts == "mean")
    return _Wide(frozenset(lists), frozenset(means))


def _touched(book: Rulebook, clause: Clause, path: Path | None) -> set[str]:
    """The clauses that look at a list of records, or only the one that a deduction is under."""
    if path is None:
        return {clause.id}
    return {c.id for c in book.clauses() if any(_records_of(rule) == path for rule in c.rules)}


def _records_of(rule: Rule) -> Path | None:
    selection = getattr(rule, "selection", None)
    return None if selection is None else selection.records


def _charges(standing: Standing) -> Iterator[tuple[SectionScore, ClauseScore, Charge]]:
    for section in standing.scorecard.sections if standing.scorecard else ():
        for score in section.clauses:
            for one in score.charges:
                yield section, score, one


class _Units:
    """The units' cards with the facts behind them; all at once where rules compare units."""

    def __init__(self, result: YearResult) -> None:
        self._inputs = result.inputs
        book = result.inputs.rulebook
        self._groups = groups_of(book, result.inputs.townships)
        self._books = {group: of_group(book, group) for group in {None, *self._groups.values()}}
        self._all: Mapping[str, Views] = {}
        if looks_aside(book):
            sent = {s.township.id: s.scorecard.submission for s in result.standings if s.scorecard}
            self._all = self._views(sent)

    def of(self, standing: Standing) -> "_Unit":
        """One that has a card."""
        name, card = standing.township.id, standing.scorecard
        assert card is not None  # noqa: S101 - the caller has looked
        views = self._all or self._views({name: card.submission})
        return _Unit(card, self._books[self._groups.get(name)], views[name])

    def _views(self, sent: Mapping[str, Submission]) -> Mapping[str, Views]:
        inputs = self._inputs
        return views_of(
            sent,
            self._books,
            inputs.assessment.period,
            self._groups,
            inputs.before,
            inputs.calendar,
        )


class _Unit:
    """One unit's card, to be charged again without something."""

    def __init__(self, card: Scorecard, book: Rulebook, views: Views) -> None:
        self.card, self._book, self.views = card, book, views
        self._rules = {rule.id: rule for rule in book.rules()}
        self._in_sections = sum((section.points for section in card.sections), Fraction())
        self._adjusts = book.above != Above() or any(c.instead for c in card.clauses())
        self._places = {
            (section.part, score.clause.id): (number, within)
            for number, section in enumerate(card.sections)
            for within, score in enumerate(section.clauses)
        }

    def without_deduction(
        self, section: SectionScore, score: ClauseScore, one: Charge
    ) -> Scorecard:
        """The card with one deduction less; what its rule may ask is left to the others."""
        gone, view = one.deduction, self.views[section.part]
        rule = self._rules.get(gone.rule)
        if rule is not None and rule.most is not None:
            asked = self._asked(score, {rule.id: tuple(judge(rule, view, gone))})
        else:
            asked = [c.deduction for c in score.charges if c is not one]
        return self._card({(section.part, score.clause.id): asked}, self.views[None])

    def without_record(self, part: str | None, path: Path, record: str) -> Scorecard:
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
                    if score.instead is None and _records_of(rule) == path
                }
                if again:
                    asked[part, score.clause.id] = self._asked(score, again)
        return self._card(asked, then if part is None else self.views[None])

    def _asked(
        self, score: ClauseScore, again: Mapping[str, Sequence[Deduction]]
    ) -> list[Deduction]:
        """What a clause is asked where some of its rules ask anew."""
        asked: list[Deduction] = []
        old = [one.deduction for one in score.charges]
        for rule in score.clause.rules:
            asked += again.get(rule.id, [one for one in old if one.rule == rule.id])
        return asked + [one for one in old if one.rule == FINDING]

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
        return adjusted(card, self._book, year, None) if self._adjusts else card


def _anew(rule: Rule, then: Facts, score: ClauseScore, record: str) -> Sequence[Deduction]:
    """What a rule asks with a record less; where each record counts by itself nothing is judged."""
    if isinstance(rule, PerRecord) and rule.most is None:
        mine = (one.deduction for one in score.charges if one.deduction.rule == rule.id)
        return [one for one in mine if one.records != (record,)]
    return tuple(judge(rule, then))


Side: TypeAlias = Literal["inside", "across", "outside"]


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
    decided = {decision.line: decision.listed for decision in inputs.assessment.decisions}
    standings = {one.township.id: one for one in effects.result.standings}
    for line in inputs.rulebook.lines:
        for ranking in effects.fields:
            mine = ranking.of(line)
            if mine.scores:
                found = _At(line, inputs.rulebook, mine)
                listed, _ = drawn(line, inputs.rulebook, ranking, decided)
                _, across = at_line(line, inputs.rulebook, ranking)
                group = standings[next(iter(mine.scores))].group if effects.apart else None
                crossing = found.crossing(effects, standings)
                yield Border(
                    line,
                    group,
                    (min(found.places), max(found.places)) if line.end and found.places else None,
                    listed,
                    across,
                    line.id in decided,
                    *found.edges(across),
                    crossing,
                )


class _At:
    """A line among those it is about."""

    def __init__(self, line: Line, book: Rulebook, field: Field) -> None:
        self._line, self._field = line, field
        self._ladder = Ladder(field.keys)
        self.places = places_of(line, book, len(field.scores))
        sizes = Counter(field.keys.values())
        self._ranks = {name: self._ladder.place(name, key)[0] for name, key in field.keys.items()}
        self._eligible = [n for n in field.scores if line.id not in field.barred.get(n, ())]
        self._sides = {
            name: self._side(field.scores[name], self._ranks[name], sizes[field.keys[name]])
            for name in self._eligible
        }

    def _side(self, score: Fraction, rank: int, size: int) -> Side:
        if not self._line.bounds.hold(score):
            return "outside"
        within = sum(place in self.places for place in range(rank, rank + size))
        return "inside" if within == size else "across" if within else "outside"

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
        mine = [name for name, where in self._sides.items() if where == side]
        if not mine:
            return ()
        rank = end([self._ranks[name] for name in mine])
        return tuple(sorted(name for name in mine if self._ranks[name] == rank))

    def _to_fall(self, inside: tuple[str, ...], outside: tuple[str, ...]) -> Fraction | None:
        """How far those inside are from falling out, by a bound or behind the next."""
        if not inside:
            return None
        score = self._field.scores[inside[0]]
        gaps = [abs(score - bound) for bound in self._bounds()]
        if outside and self._ranks[outside[0]] not in self.places:
            gaps.append(abs(score - self._field.scores[outside[0]]))
        return min(gaps, default=None)

    def _to_rise(self, inside: tuple[str, ...], outside: tuple[str, ...]) -> Fraction | None:
        """How far those outside are from coming in: within the bounds, and level with the next."""
        if not outside:
            return None
        score, bounds = self._field.scores[outside[0]], self._line.bounds
        gaps = [] if bounds.hold(score) else [abs(score - bound) for bound in self._bounds()]
        if inside and self._ranks[outside[0]] not in self.places:
            gaps.append(abs(score - self._field.scores[inside[0]]))
        return max(gaps, default=None)

    def _bounds(self) -> Iterator[Fraction]:
        bounds = self._line.bounds
        for figure in (bounds.at_least, bounds.above, bounds.at_most, bounds.below):
            if figure is not None:
                yield figure.value

    # --- what would move somebody -----------------------------------------------------

    def crossing(self, effects: Effects, standings: Mapping[str, Standing]) -> Crossing | None:
        """What is smallest by the points it made; of equal ones the first by rank."""
        found: Crossing | None = None
        least: Fraction | None = None
        for name in sorted(self._eligible, key=lambda name: (self._ranks[name], name)):
            for one in effects.of(standings[name]):
                size = abs(one.score - self._field.scores[name])
                if one.key is None or not size or (least is not None and size >= least):
                    continue
                rank, same = self._ladder.place(name, one.key)
                side = self._side(one.score, rank, same + 1)
                if side != self._sides[name]:
                    found, least = Crossing(name, one, side), size
        return found


def _edge(
    units: tuple[str, ...], scores: Mapping[str, Fraction], gap: Fraction | None
) -> Edge | None:
    return Edge(units, scores[units[0]], gap) if units else None


Points: TypeAlias = Mapping[tuple[str | None, str], Fraction]
"""What a card has under each clause, by the period inside the year (or None) and its id."""


@dataclass(frozen=True, slots=True)
class ClauseMoved:
    """Points of one clause before and after; None where there is no such clause."""

    part: str | None
    clause: str
    old: Fraction | None
    new: Fraction | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A township that one result treats otherwise than another."""

    township: Township
    old: Standing
    new: Standing
    clauses: tuple[ClauseMoved, ...]

    @property
    def ranks(self) -> int:
        """How many places it moves, whichever way."""
        return abs((self.old.rank or 0) - (self.new.rank or 0))

    @property
    def points(self) -> Fraction:
        """How much the score moves, above 0 where it rises."""
        return _score(self.new) - _score(self.old)


def moved(old: Iterable[Standing], new: Iterable[Standing]) -> tuple[Moved, ...]:
    """Those in both results for whom something differs: by places moved, then by points."""
    before = {standing.township.id: standing for standing in old}
    pairs = ((before[one.township.id], one) for one in new if one.township.id in before)
    found = [
        Moved(one.township, was, one, tuple(_clauses(was, one)))
        for was, one in pairs
        if _seen(was) != _seen(one) or _points(was.scorecard) != _points(one.scorecard)
    ]
    return tuple(sorted(found, key=lambda m: (-m.ranks, -abs(m.points), m.township.id)))


def _seen(standing: Standing) -> tuple[object, ...]:
    """What of a standing people go by."""
    band = standing.band.id if standing.band else None
    paid = tuple((one.payment.id, one.amount) for one in standing.payments)
    score = standing.scorecard.score if standing.scorecard else None
    return score, standing.rank, standing.tied, standing.outcomes, band, paid


def _clauses(old: Standing, new: Standing) -> Iterator[ClauseMoved]:
    before, after = _points(old.scorecard), _points(new.scorecard)
    for key in {**before, **after}:
        if before.get(key) != after.get(key):
            yield ClauseMoved(*key, before.get(key), after.get(key))


def _points(card: Scorecard | None) -> Points:
    sections = card.sections if card else ()
    return {(s.part, c.clause.id): c.points for s in sections for c in s.clauses}


def _score(standing: Standing) -> Fraction:
    return standing.scorecard.score if standing.scorecard else Fraction()
