"""What each deduction did to the score and the rank, for all of them at once.

Owns the short way to what `rank.effect_of` finds for one: only the clauses that a record or a
deduction touches are charged again, and a rank is looked up among sorted keys. Where others
would be moved as well, the long way is taken, as long as they are not too many. Must not print.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any

from generator.engine.above import Above
from generator.engine.adjust import adjusted
from generator.engine.book import Clause, Rulebook
from generator.engine.facts import Facts
from generator.engine.groups import groups_of, of_group
from generator.engine.kinds import PerRecord, Rule
from generator.engine.model import Submission
from generator.engine.problem import Path
from generator.engine.rank import by_record, effect_of, fields_of, key_of, left_out
from generator.engine.reach import lists_in, looks_aside
from generator.engine.result import (
    Charge,
    ClauseScore,
    Deduction,
    Scorecard,
    SectionScore,
    Standing,
    YearResult,
)
from generator.engine.rules import judge
from generator.engine.score import FINDING, clause_score
from generator.engine.views import Views, apart, views_of

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
    asked = [test.quantity for test in tests] + [one.quantity for one in book.above.tie_breakers]
    lists = (path for one in asked if one for path in lists_in(one))
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
