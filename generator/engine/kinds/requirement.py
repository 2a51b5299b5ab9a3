"""Something that must be so."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from generator.engine.facts import Facts
from generator.engine.measures import Asks, Figure
from generator.engine.problem import Message, Path
from generator.engine.rules import FactRule, deduction, words
from generator.engine.year import Deduction


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(FactRule):
    """`fact` must be true, else `amount` once; a rule that awards gives it where it is true."""

    kind = "requirement"
    fact: Annotated[Path, Asks(frozenset(("boolean",)))]
    purposes: ClassVar = {"amount": (Message("if not fulfilled"), Message("if fulfilled, added"))}
    amount: Figure

    def deductions(self, facts: Facts) -> Iterator[Deduction]:
        if (facts.value(self.fact) is True) != self.award:
            return
        points, args = self.amount.value, words(self, facts, self.amount.value)
        reason = Message("{label}: not fulfilled, {asked}", args)
        if self.award:
            reason = Message("{label}: fulfilled, {asked}", args)
        yield deduction(self, points, reason, (self.amount,), facts.sources(self.fact))
