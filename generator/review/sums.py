"""Ranks under very many combinations of readings, where scores are sums of clauses.

Owns judging each clause once for every way of reading it, and adding up. Must not print, nor be
given a rulebook that does more than add up (`cells` says which).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any

from generator.data.switches import Option
from generator.engine.book import Clause, Rulebook
from generator.engine.model import YearInputs
from generator.engine.once import Asked, Event, Once, event_of, lists_by_rule, once
from generator.engine.problem import Path
from generator.engine.rank import scored
from generator.engine.result import Deduction, Scorecard
from generator.engine.score import clause_score
from generator.review.cells import Cell
from generator.review.combined import Chosen
from generator.review.otherwise import Cards, Reader

Ranks = Mapping[str, int]
Number = int | Fraction

_CHARGING = ("points", "below_zero", "above_points")
"""What of a clause bears on what is charged, and not on what is asked."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What one clause asks of one township in one period, and what it weighs."""

    part: str | None
    clause: Clause
    asked: tuple[Deduction, ...] | None
    weight: Fraction

    @property
    def points(self) -> Fraction:
        return clause_score(self.clause, self.asked).points * self.weight


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a clause asks of everybody.

    `events` are the records that it deducts for, each with its township and period.
    """

    parts: Mapping[str, tuple[_Part, ...]]
    events: tuple[tuple[str, str | None, Event], ...]
    lists: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class _Variant:
    """One clause read one way: everybody's points, in the order of the names, times a scale."""

    asked: _Asked
    points: list[int]


_Key = tuple[int, Chosen]
"""A clause, by its number, and the alternatives that bear on it."""


class Sums:
    """Adds up clauses, each judged once for every way of reading it."""

    def __init__(self, reader: Reader, found: Sequence[Cell]) -> None:
        self._reader, self._cells = reader, found
        self._names = sorted(reader.result.inputs.submissions)
        self._asked: dict[object, _Asked] = {}
        self._variants: dict[_Key, _Variant | None] = {}
        self._mended: dict[Any, Fraction] = {}
        self._scale = 1  # times which all points are whole numbers, which add up much faster
        self._how: dict[Option, Once | None] = {
            o: reader.board.value((o,)).get("counted_once") for o in reader.board.options
        }
        book = reader.result.inputs.rulebook
        self._own, self._grouped = book.counted_once, book.above.grouping is not None
        by_group = book.above.grouping is not None and book.above.grouping.apart
        self._apart = {s.township.id: s.group for s in reader.result.standings if by_group}

    def ranks(self, chosen: Chosen) -> Ranks | None:
        """Everybody's rank; None where the year cannot be judged so."""
        keys = [(number, cell.about(chosen)) for number, cell in enumerate(self._cells)]
        found = [one for one in map(self._variant, keys) if one is not None]
        if len(found) < len(keys):
            return None
        added = map(sum, zip(*(one.points for one in found), strict=True))
        scores: dict[str, Number] = dict(zip(self._names, added, strict=True))
        how = next((self._how[o] for o in chosen if self._how[o] != self._own), self._own)
        if how is not None:
            for name, numbers in _shared(found).items():
                key = (name, how, *(keys[number] for number in numbers))
                if key not in self._mended:
                    asked = [found[number].asked for number in numbers]
                    self._mended[key] = _given_back(asked, name, how)
                scores[name] += self._mended[key] * self._scale
        return _ranked(scores, self._apart)

    def cards(self, option: Option) -> Cards | None:
        """The year's cards with the clauses that one alternative bears on read so.

        None where that is not all: events are counted otherwise, or periods have their grades.
        """
        result = self._reader.result
        if self._own or self._how[option] or result.inputs.rulebook.above.parts:
            return None
        bearing = [number for number, cell in enumerate(self._cells) if option in cell.options]
        found = [self._variant((number, (option,))) for number in bearing]
        asked = [one.asked for one in found if one is not None]
        if len(asked) < len(found):
            return None
        return {
            standing.township.id: _with(
                standing.scorecard, [p for one in asked for p in one.parts[standing.township.id]]
            )
            for standing in result.standings
            if standing.scorecard is not None
        }

    def _variant(self, key: _Key) -> _Variant | None:
        if key not in self._variants:
            value = self._cells[key[0]].value(key[1])
            book = self._cells[key[0]].board.read(value)
            inputs = self._reader.inputs(key[1], book)
            self._variants[key] = None
            if isinstance(inputs, YearInputs):
                asked = self._of(value, inputs, book)
                points = [sum(p.points for p in asked.parts[name]) for name in self._names]
                self._variants[key] = _Variant(asked, self._whole(points))
        return self._variants[key]

    def _of(self, value: Mapping[str, Any], inputs: YearInputs, book: Rulebook) -> _Asked:
        """What the clause asks; the same wherever only its points or its floor are others."""
        if self._grouped:
            return _judged(inputs, book)
        (section,) = value["sections"]
        (clause,) = section["clauses"]
        asking = {key: inner for key, inner in clause.items() if key not in _CHARGING}
        rest = {**value, "sections": [{**section, "clauses": [asking]}]}
        key = (id(inputs.submissions), json.dumps(rest, default=str))
        if key not in self._asked:
            self._asked[key] = _judged(inputs, book)
        found, own = self._asked[key], book.sections[0].clauses[0]
        parts = {n: tuple(replace(p, clause=own) for p in ps) for n, ps in found.parts.items()}
        return replace(found, parts=parts)

    def _whole(self, points: Sequence[Number]) -> list[int]:
        """Points as whole numbers, at a scale at which all of them are."""
        scale = lcm(self._scale, *(one.denominator for one in points))
        if scale != self._scale:
            times = scale // self._scale
            for variant in self._variants.values():
                if variant is not None:
                    variant.points[:] = [one * times for one in variant.points]
            self._scale = scale
        return [one.numerator * (scale // one.denominator) for one in points]


def _with(card: Scorecard, parts: Sequence[_Part]) -> Scorecard:
    """A card with some of its clauses read otherwise."""
    other = {part.clause.id: clause_score(part.clause, part.asked) for part in parts}
    sections = []
    for section in card.sections:
        clauses = tuple(other.get(one.clause.id, one) for one in section.clauses)
        points = sum((one.points for one in clauses), Fraction()) * section.weight
        sections.append(replace(section, clauses=clauses, points=points))
    score = sum((section.points for section in sections), Fraction())
    return replace(card, sections=tuple(sections), score=score)


def _judged(inputs: YearInputs, book: Rulebook) -> _Asked:
    """A rulebook of one clause, judged."""
    lists = lists_by_rule(book.rules())
    cards = scored(inputs, inputs.submissions)
    parts = {name: tuple(_parts(card)) for name, card in cards.items()}
    events = {
        (name, one.part, event): None
        for name, mine in parts.items()
        for one in mine
        for deduction in one.asked or ()
        for event in event_of(deduction, lists)
    }
    return _Asked(parts, tuple(events), lists)


def _parts(card: Scorecard) -> Iterator[_Part]:
    for section in card.sections:
        for score in section.clauses:
            asked = tuple(charge.deduction for charge in score.charges)
            yield _Part(
                section.part, score.clause, None if score.instead else asked, section.weight
            )


# --- one event under one clause -------------------------------------------------------


def _shared(found: Sequence[_Variant]) -> Mapping[str, Sequence[int]]:
    """By township, the clauses that deduct for a record for which others do as well."""
    seen = dict[Any, int]()
    involved = dict[str, set[int]]()
    for number, variant in enumerate(found):
        for event in variant.asked.events:
            other = seen.setdefault(event, number)
            if other != number:
                involved.setdefault(event[0], set()).update((other, number))
    return {name: sorted(numbers) for name, numbers in involved.items()}


def _given_back(found: Sequence[_Asked], name: str, how: Once) -> Fraction:
    """By how much the points of some clauses rise if each record counts under one of them."""
    lists = {rule: path for one in found for rule, path in one.lists.items()}
    parts = [part for one in found for part in one.parts[name] if part.asked is not None]
    back = Fraction()
    for period in dict.fromkeys(one.part for one in parts):
        mine = [one for one in parts if one.part == period]
        asked: Asked = {one.clause.id: one.asked or () for one in mine}
        kept = once(asked, lists, how)
        for one in mine:
            back += replace(one, asked=kept[one.clause.id]).points - one.points
    return back


def _ranked(scores: Mapping[str, Number], apart: Mapping[str, str | None]) -> Ranks:
    """Places as in sports, among those who are ranked together."""
    together: dict[str | None, list[Number]] = {}
    for name, score in scores.items():
        together.setdefault(apart.get(name), []).append(score)
    places: dict[str | None, dict[Number, int]] = {}
    for group, those in together.items():
        those.sort()
        many = len(those)
        places[group] = {score: many - n for n, score in enumerate(those)}
    return {name: places[apart.get(name)][score] for name, score in scores.items()}
