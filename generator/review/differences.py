"""Two results of one year, item by item: what appeared, vanished or changed, and where it stands.

Owns what an item is and by what it is known again. Must not say why, or print.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from generator.engine.book import Clause, Reading
from generator.engine.model import Exclusion, Township
from generator.engine.problem import Location, Message
from generator.engine.result import Charge, Scorecard, SectionScore, Standing, YearResult

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
class Key:
    """By what an item is known again: of its kind, the one with this subject.

    `subject` is a rule, a finding, a record, a fact, an outcome, a township; `again` tells apart
    what is otherwise the same.
    """

    what: What
    subject: str = ""
    part: str | None = None
    clause: str | None = None
    records: tuple[str, ...] = ()
    again: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a deduction or award asks, and what of it was charged or credited."""

    points: Fraction
    charged: Fraction


@dataclass(frozen=True, slots=True)
class Place:
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


Value = Asked | Place | Written | Replaced | Township | Fraction | str


@dataclass(frozen=True, slots=True)
class Item:
    """What stands on one side, and where; `reason` is the working, which may say more of others."""

    value: Value
    place: Location | None = None
    reason: Message | None = None


Items = Mapping[Key, Item]


@dataclass(frozen=True, slots=True)
class Difference:
    """An item of one side or of both; `key` as it is on the newer side that has it."""

    key: Key
    old: Item | None
    new: Item | None

    @property
    def how(self) -> How:
        """Whether it appeared, vanished or changed."""
        if self.old is None:
            return "appeared"
        return "vanished" if self.new is None else "changed"


def differences(old: Items, new: Items) -> Iterator[tuple[Difference, tuple[Key, ...]]]:
    """What differs, in the order of telling, and under which keys either side has it."""
    gone = [key for key in old if key not in new]
    come = [key for key in new if key not in old]
    found: list[tuple[Difference, tuple[Key, ...]]] = [
        (Difference(key, old[key], new[key]), (key,))
        for key in old
        if key in new and old[key].value != new[key].value
    ]
    for before, after in _pairs(gone, come):
        gone.remove(before)
        come.remove(after)
        found.append((Difference(after, old[before], new[after]), (before, after)))
    found += [(Difference(key, old[key], None), (key,)) for key in gone]
    found += [(Difference(key, None, new[key]), (key,)) for key in come]
    return iter(sorted(found, key=lambda one: _order(one[0].key)))


def _pairs(gone: Iterable[Key], come: Iterable[Key]) -> list[tuple[Key, Key]]:
    """What is one thing on either side under two keys, so that it changed.

    Deductions of one rule about some of the same records; a record left out on another ground.
    """
    before, after = _by_rule(gone), _by_rule(come)
    return [
        (before[rule][0], after[rule][0])
        for rule in before.keys() & after.keys()
        if len(before[rule]) == len(after[rule]) == 1
        and _shared(before[rule][0].records, after[rule][0].records)
    ]


def _shared(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    return not old or not new or bool(set(old) & set(new))


def _by_rule(keys: Iterable[Key]) -> dict[object, list[Key]]:
    found: dict[object, list[Key]] = {}
    for key in keys:
        if key.what in (What.DEDUCTION, What.AWARD, What.ADJUSTMENT, What.EXCLUSION):
            clause = None if key.what is What.EXCLUSION else key.clause
            found.setdefault((key.what, key.part, clause, key.subject), []).append(key)
    return found


_WHATS = {what: number for number, what in enumerate(What)}


def _order(key: Key) -> tuple[object, ...]:
    clause = [int(n) if n.isdigit() else 0 for n in (key.clause or "").split(".")]
    named = (key.clause or "", key.subject, key.records, key.again)
    return (_WHATS[key.what], key.part or "", clause, *named)


# --- the items of a year and of a township --------------------------------------------


def year_items(result: YearResult | None) -> Items:
    """What a year consists of besides townships' results."""
    if result is None:
        return {}
    book, assessment = result.inputs.rulebook, result.inputs.assessment
    found: dict[Key, Item] = {Key(What.STATUS): Item(assessment.status)}
    for township in result.inputs.townships:
        found[Key(What.TOWNSHIP, township.id)] = Item(township)
    for clause in book.clauses():
        readings = tuple(one for one in book.readings if clause.id in one.clauses)
        found[Key(What.CLAUSE, clause.id)] = Item(Written(clause, readings))
    return found


def township_items(standing: Standing | None, *, whole: bool) -> Items:
    """What one township's result consists of: `whole`, or only what it comes to.

    Not submitted, it consists of nothing but consequences.
    """
    if standing is None:
        return {}
    found: dict[Key, Item] = {
        Key(What.OUTCOME, outcome): Item(outcome) for outcome in standing.outcomes
    }
    card = standing.scorecard
    if card is None:
        return found
    found[Key(What.SUBMISSION)] = Item("submitted")
    found[Key(What.SCORE)] = Item(card.score)
    found |= rank_items(standing)
    if standing.band is not None:
        found[Key(What.GRADE)] = Item(standing.band.id)
    for paid in standing.payments:
        found[Key(What.PAYMENT, paid.payment.id)] = Item(paid.amount)
    return found | dict(_of_card(card)) if whole else found


def rank_items(standing: Standing | None) -> dict[Key, Item]:
    """Where a township stands; nothing where it is not ranked."""
    if standing is None or standing.rank is None:
        return {}
    return {_RANK: Item(Place(standing.rank, standing.tied))}


_RANK = Key(What.RANK)


def _of_card(card: Scorecard) -> Iterator[tuple[Key, Item]]:
    seen: dict[Key, int] = {}
    for section in card.sections:
        for key, item in _charged(section):
            seen[key] = again = seen.get(key, -1) + 1
            yield _again(key, again), item
    for one in card.adjustments:
        records = one.charge.deduction.records if one.charge else ()
        key = Key(What.ADJUSTMENT, one.id, records=records)
        seen[key] = again = seen.get(key, -1) + 1
        yield _again(key, again), Item(one.points, next(iter(one.sources), None), one.reason)
    for excluded in card.excluded:
        yield _excluded(excluded)
    for change in card.submission.changes:
        replaced = Replaced(
            change.reported, change.value, change.reason, change.document, change.correction
        )
        yield Key(What.FACT, change.fact), Item(replaced, change.location)


def _again(key: Key, again: int) -> Key:
    return Key(key.what, key.subject, key.part, key.clause, key.records, again)


def _charged(section: SectionScore) -> Iterator[tuple[Key, Item]]:
    for score in section.clauses:
        for charge in score.charges:
            what = What.AWARD if charge.deduction.award else What.DEDUCTION
            deduction = charge.deduction
            subject, records = deduction.rule, deduction.records
            yield Key(what, subject, section.part, score.clause.id, records), _item(charge)


def _item(charge: Charge) -> Item:
    place = next(iter(charge.deduction.sources), None)
    return Item(Asked(charge.deduction.points, charge.points), place, charge.deduction.reason)


def _excluded(excluded: Exclusion) -> tuple[Key, Item]:
    key = Key(What.EXCLUSION, excluded.record.address, clause=excluded.ground.clause)
    return key, Item(excluded.ground.id, next(iter(excluded.sources), None))
