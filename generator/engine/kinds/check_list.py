"""Things that a list has to name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from generator.engine.facts import Facts
from generator.engine.measures import Asks, Figure, Names
from generator.engine.problem import Message, Path, Text
from generator.engine.rules import FactRule, deduction, entries, words
from generator.engine.year import Deduction


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckList(FactRule):
    """`amount` for each of `items` that the list at `fact` lacks (or has: a rule that awards)."""

    kind = "check_list"
    fact: Annotated[Path, Asks(frozenset(("values",)), table="items")]
    items: Mapping[str, Text]
    amount: Figure

    def deductions(self, facts: Facts) -> Iterator[Deduction]:
        present = set(entries(facts, self.fact))
        counted = tuple(item for item in self.items if (item in present) == self.award)
        if counted:
            points = len(counted) * self.amount.value
            args = words(self, facts, points, self.amount)
            args |= {"count": len(counted), "of": len(self.items)}
            args |= {"names": tuple(self.items[item] for item in counted)}
            reason = (_THERE if self.award else _LACKING).about(args)
            places = facts.sources(self.fact)
            yield deduction(self, points, reason, (self.amount,), places, counted)

    def purpose(self, field: str, names: Names) -> object:
        args = {"items": tuple(self.items.values())}
        if field != "amount":
            return FactRule.purpose(self, field, names)
        if self.award:
            return Message("for each one there of: {items}, added", args)
        return Message("for each one missing of: {items}", args)


_LACKING = Message("{label}: {count} of {of} items missing ({names}), {amount} each, {asked}")
_THERE = Message("{label}: {count} of {of} items ({names}), {amount} each, {asked}")
