"""Records that weigh otherwise when they come again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from generator.engine.facts import Facts
from generator.engine.measures import DATED, Asks, Condition, Figure
from generator.engine.problem import Message, Path
from generator.engine.records import in_order, meets
from generator.engine.rules import RecordRule, deduction, record_told, words
from generator.engine.year import Deduction


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence(RecordRule):
    """Selected records in the order of a time.

    `first` for the first one if it meets `first_where`, `later` for each one after it.
    """

    kind = "recurrence"
    purposes: ClassVar = {
        "first": (
            Message("for the first one, if not in time"),
            Message("for the first one, if in time, added"),
        ),
        "later": (Message("for every later one"), Message("for every later one, added")),
    }
    one_by_one = True
    order_by: Annotated[Path, Asks(DATED, each=True)]
    first_where: tuple[Condition, ...]
    first: Figure
    later: Figure

    def deductions(self, facts: Facts) -> Iterator[Deduction]:
        deadline = facts.deadline(self.first_where)
        records = in_order(facts.select(self.selection), self.order_by)
        for number, record in enumerate(records, start=1):
            if number == 1 and not meets(record, self.first_where):
                continue
            figure, by = self.later, tuple[Figure, ...]()
            sentence = Message("{label}: {detail}, occurrence no. {number}, {asked}")
            if number == 1:
                figure = self.first
                by = facts.figures((*self.selection.where, *self.first_where), (record,))
                sentence = Message("{label}: {detail}, the first one, {asked}")
            detail = record_told(record, self.records, facts, deadline)
            args = words(self, facts, figure.value) | {"detail": detail, "number": number}
            reason, places = sentence.about(args), facts.record_sources(record)
            yield deduction(self, figure.value, reason, (figure, *by), places, (record.id,))
