"""More records than are allowed."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from typing import ClassVar

from generator.engine.facts import Facts
from generator.engine.measures import Figure, Quantity
from generator.engine.problem import Message
from generator.engine.rules import RecordRule, deduction, record_told, unique, words
from generator.engine.year import Deduction


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling(RecordRule):
    """`amount` for each selected record beyond `limit`, counted in order of date, then id."""

    kind = "ceiling"
    purposes: ClassVar = {
        "limit": (Message("allowed"),) * 2,
        "amount": (Message("for each one beyond"), Message("for each one beyond, added")),
    }
    one_by_one = True
    limit: Quantity
    amount: Figure

    def deductions(self, facts: Facts) -> Iterator[Deduction]:
        records, allowed = facts.select(self.selection), self.limit.measure(facts)
        if allowed.value is None:
            return
        beyond = records[max(floor(allowed.value), 0) :]
        by = facts.figures(self.selection.where, ())
        figures = (self.amount, *allowed.figures, *by)
        args = words(self, facts, self.amount.value)
        args |= {"count": len(records), "limit": allowed.working, "over": len(beyond)}
        for number, record in enumerate(beyond, start=1):
            reason = Message(
                "{label}: {count}{unit}, limit {limit}{unit}, {over}{unit} over, {asked}", args
            )
            if len(beyond) > 1:
                detail = record_told(record, self.records, facts, None)
                reason = Message(
                    "{label}: {count}{unit}, limit {limit}{unit}, {over}{unit} over, "
                    "of these no. {number}: {detail}, {asked}",
                    args | {"number": number, "detail": detail},
                )
            places = unique(facts.record_sources(record) + allowed.sources)
            yield deduction(self, self.amount.value, reason, figures, places, (record.id,))
