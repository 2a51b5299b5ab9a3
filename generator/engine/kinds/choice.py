"""An amount for each of the values that a fact can take."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from generator.engine.facts import Facts
from generator.engine.measures import TABLED, Asks, Figure
from generator.engine.problem import Message, Path, Text
from generator.engine.rules import FactRule, deduction, key, words
from generator.engine.year import Deduction


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(FactRule):
    """An amount by the value of one fact; what has no amount of its own asks nothing."""

    kind = "choice"
    fact: Annotated[Path, Asks(TABLED, always=True, table="figures")]
    figures: Mapping[str, Figure]
    names: Mapping[str, Text]

    def deductions(self, facts: Facts) -> Iterator[Deduction]:
        value = key(facts.value(self.fact))
        if (figure := self.figures.get(value)) is not None:
            args = words(self, facts, figure.value) | {"value": self.names.get(value, value)}
            reason = Message("{label}: {value}, {asked}", args)
            yield deduction(self, figure.value, reason, (figure,), facts.sources(self.fact))
