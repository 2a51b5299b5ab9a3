"""Two results of one year side by side: what differs, and who is treated otherwise.

Owns what a result consists of, item by item, and by what an item is known again on the other side.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Literal

from generator.engine.book import Clause, Reading
from generator.engine.problem import Location, Message
from generator.engine.year import Scorecard, Standing, Township, YearResult


class Cause(StrEnum):
    """What one input of a result is, in the order in which they are swapped.

    Who is assessed, by which rules, as decided; then what is reported, inspected and corrected:
    each can be read with all that come before it.
    """

    REGISTRY = "registry"
    RULEBOOK = "rulebook"
    ASSESSMENT = "assessment"
    REPORT = "report"
    INSPECTION = "inspection"
    CORRECTION = "correction"


How = Literal["appeared", "vanished", "changed"]


class What(StrEnum):
    """The kinds of items, in the order in which they are told."""

    STATUS = "status"
    TOWNSHIP = "township"
    CLAUSE = "clause"
    SUBMISSION = "submission"
    RANK = "rank"
    SCORE = "score"
    GRADE = "grade"
    PAYMENT = "payment"
    OUTCOME = "outcome"
    DEDUCTION = "deduction"
    AWARD = "award"
    ADJUSTMENT = "adjustment"
    EXCLUSION = "exclusion"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class ItemKey:
    """By what an item is known again: of its kind, the one with this subject.

    `subject` is a rule, a finding, a record, a fact, an outcome, a township; `number` tells apart
    what is otherwise the same.
    """

    what: What
    subject: str = ""
    part: str | None = None
    clause: str | None = None
    records: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """What a deduction or award asks, and what of it was charged or credited."""

    points: Fraction
    charged: Fraction


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank; `tied` if it is shared."""

    rank: int
    tied: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A clause of the rulebook with the readings that touch it."""

    clause: Clause
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Replaced:
    """A fact as reported and as the office has it; `correction` names the appeal that did it."""

    reported: object
    value: object
    reason: str
    document: str
    correction: str | None


Value = Claim | Rank | Written | Replaced | Township | Fraction | str


@dataclass(frozen=True, slots=True)
class Item:
    """What stands on one side, and where; `reason` is the working, which may say more of others."""

    value: Value
    place: Location | None = None
    reason: Message | None = None


Items = Mapping[ItemKey, Item]


@dataclass(frozen=True, slots=True)
class Difference:
    """An item of one side or of both; `key` as it is on the newer side that has it."""

    key: ItemKey
    old: Item | None
    new: Item | None

    @property
    def how(self) -> How:
        """Whether it appeared, vanished or changed."""
        if self.old is None:
            return "appeared"
        return "vanished" if self.new is None else "changed"


def differences(old: Items, new: Items) -> list[tuple[Difference, tuple[ItemKey, ...]]]:
    """What differs, in the order of telling, and under which keys either side has it."""
    gone = [key for key in old if key not in new]
    come = [key for key in new if key not in old]
    both = [(key, key) for key in old if key in new and old[key].value != new[key].value]
    pairs = _pairs(gone, come)
    known = {key for pair in pairs for key in pair}
    differing = [
        *((Difference(after, old[b], new[after]), (b, after)) for b, after in (*both, *pairs)),
        *((Difference(key, old[key], None), (key,)) for key in gone if key not in known),
        *((Difference(key, None, new[key]), (key,)) for key in come if key not in known),
    ]
    return sorted(differing, key=lambda entry: _order(entry[0].key))


def _pairs(gone: Iterable[ItemKey], come: Iterable[ItemKey]) -> list[tuple[ItemKey, ItemKey]]:
    """What is one thing on either side under two keys, so that it changed.

    Deductions of one rule about some of the same records; a record left out on another ground.
    """
    before, after = _by_rule(gone), _by_rule(come)
    known = [(before[rule], after[rule]) for rule in before.keys() & after.keys()]
    alone = [(*old, *new) for old, new in known if len(old) == len(new) == 1]
    return [
        (old, new)
        for old, new in alone
        if not old.records or not new.records or set(old.records) & set(new.records)
    ]


def _by_rule(keys: Iterable[ItemKey]) -> dict[object, list[ItemKey]]:
    grouped: dict[object, list[ItemKey]] = {}
    for key in keys:
        if key.what in (What.DEDUCTION, What.AWARD, What.ADJUSTMENT, What.EXCLUSION):
            clause = None if key.what is What.EXCLUSION else key.clause
            grouped.setdefault((key.what, key.part, clause, key.subject), []).append(key)
    return grouped


_WHATS = {what: number for number, what in enumerate(What)}


def _order(key: ItemKey) -> tuple[object, ...]:
    clause = [int(n) if n.isdigit() else 0 for n in (key.clause or "").split(".")]
    named = (key.clause or "", key.subject, key.records, key.number)
    return (_WHATS[key.what], key.part or "", clause, *named)


def year_items(result: YearResult | None) -> Items:
    """What a year consists of besides townships' results."""
    if result is None:
        return {}
    book, assessment = result.inputs.rulebook, result.inputs.assessment
    items: dict[ItemKey, Item] = {ItemKey(What.STATUS): Item(assessment.status)}
    for township in result.inputs.townships:
        items[ItemKey(What.TOWNSHIP, township.id)] = Item(township)
    for clause in book.clauses():
        readings = tuple(reading for reading in book.readings if clause.id in reading.clauses)
        items[ItemKey(What.CLAUSE, clause.id)] = Item(Written(clause, readings))
    return items


def township_items(standing: Standing | None, *, whole: bool) -> Items:
    """What one township's result consists of: `whole`, or only what it comes to.

    Not submitted, it consists of nothing but consequences.
    """
    if standing is None:
        return {}
    items = {_key(What.OUTCOME, outcome): Item(outcome) for outcome in standing.outcomes}
    card = standing.scorecard
    if card is None:
        return items
    items[_key(What.SUBMISSION)] = Item("submitted")
    items[_key(What.SCORE)] = Item(card.score)
    items |= rank_items(standing)
    if standing.band is not None:
        items[_key(What.GRADE)] = Item(standing.band.id)
    for paid in standing.payments:
        items[_key(What.PAYMENT, paid.payment.id)] = Item(paid.amount)
    return items | dict(_of_card(card)) if whole else items


def rank_items(standing: Standing | None) -> dict[ItemKey, Item]:
    """Where a township stands; nothing where it is not ranked."""
    if standing is None or standing.rank is None:
        return {}
    return {_key(What.RANK): Item(Rank(standing.rank, standing.tied))}


_key = cache(ItemKey)
"""The keys of what every township has, made once."""


def _of_card(card: Scorecard) -> Iterator[tuple[ItemKey, Item]]:
    items = list[tuple[ItemKey, Item]]()
    for section, score, charge in card.charges():
        asked = charge.deduction
        what = What.AWARD if asked.award else What.DEDUCTION
        key = ItemKey(what, asked.rule, section.part, score.clause.id, asked.records)
        claim = Claim(asked.points, charge.points)
        items.append((key, Item(claim, next(iter(asked.sources), None), asked.reason)))
    for adjustment in card.adjustments:
        records = adjustment.charge.deduction.records if adjustment.charge else ()
        place = next(iter(adjustment.sources), None)
        key = ItemKey(What.ADJUSTMENT, adjustment.id, records=records)
        items.append((key, Item(adjustment.points, place, adjustment.reason)))
    seen = Counter[ItemKey]()
    for key, item in items:
        yield replace(key, number=seen[key]) if seen[key] else key, item
        seen[key] += 1
    for excluded in card.excluded:
        key = ItemKey(What.EXCLUSION, excluded.record.address, clause=excluded.ground.clause)
        yield key, Item(excluded.ground.id, next(iter(excluded.sources), None))
    for change in card.submission.changes:
        values = change.reported, change.value
        replaced = Replaced(*values, change.reason, change.document, change.correction)
        yield ItemKey(What.FACT, change.fact), Item(replaced, change.location)


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
        return risen(self.old, self.new)


def moved(old: Iterable[Standing], new: Iterable[Standing]) -> tuple[Moved, ...]:
    """Those in both results for whom something differs: by places moved, then by points."""
    before = {standing.township.id: standing for standing in old}
    pairs = ((before[now.township.id], now) for now in new if now.township.id in before)
    differing = [
        Moved(now.township, was, now, clauses)
        for was, now in pairs
        for clauses in (tuple(_clauses(was, now)),)
        if clauses or township_items(was, whole=False) != township_items(now, whole=False)
    ]
    return tuple(sorted(differing, key=lambda m: (-m.ranks, -abs(m.points), m.township.id)))


def score_of(standing: Standing | None) -> Fraction | None:
    """The score of a township that has one."""
    return standing.scorecard.score if standing and standing.scorecard else None


def risen(old: Standing | None, new: Standing | None) -> Fraction:
    """By how much the score rose; not submitted counts as nothing."""
    return (score_of(new) or Fraction()) - (score_of(old) or Fraction())


def _clauses(old: Standing, new: Standing) -> Iterator[ClauseMoved]:
    if old.scorecard is new.scorecard:
        return
    before, after = _points(old.scorecard), _points(new.scorecard)
    for key in {**before, **after}:
        if before.get(key) != after.get(key):
            yield ClauseMoved(*key, before.get(key), after.get(key))


def _points(card: Scorecard | None) -> dict[tuple[str | None, str], Fraction]:
    """What a card has under each clause, by the period inside the year (or None) and its id."""
    sections = card.sections if card else ()
    return {(s.part, c.clause.id): c.points for s in sections for c in s.clauses}
