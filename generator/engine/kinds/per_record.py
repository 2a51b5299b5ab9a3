"""An amount for each record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

from generator.engine.book import Deadline
from generator.engine.facts import Facts
from generator.engine.measures import TABLED, Asks, Condition, DelayUnit, Figure, Names, bounds_in
from generator.engine.problem import Message, Path, Text
from generator.engine.records import delay, lookup, meets
from generator.engine.rules import RecordRule, deduction, key, record_told, words
from generator.engine.year import Deduction, Record


@dataclass(frozen=True, slots=True)
class AmountTable:
    """Points by the values of one or more fields; every combination has a figure."""

    by: Annotated[tuple[Path, ...], Asks(TABLED, each=True, always=True, table="figures")]
    figures: Mapping[tuple[str, ...], Figure]


@dataclass(frozen=True, slots=True)
class Factor:
    """What an amount is multiplied by for a record that meets `where`; `label` says why."""

    label: Text
    where: tuple[Condition, ...]
    by: Figure


@dataclass(frozen=True, slots=True)
class Delay:
    """An amount for every day, week or month begun after the end of a limit."""

    deadline: str
    every: DelayUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class PerRecord(RecordRule):
    """An amount for each selected record: fixed or by values, times factors, times the delay."""

    kind = "per_record"
    purposes: ClassVar = {"amount": (Message("for each one"), Message("for each one, added"))}
    one_by_one = True
    apart = True
    amount: Figure | AmountTable
    factors: tuple[Factor, ...] = ()
    delay: Delay | None = None

    def deductions(self, facts: Facts) -> Iterator[Deduction]:
        deadline = facts.deadline(self.selection.where)
        name = self.delay.deadline if self.delay else None
        late = next((limit for limit in facts.rulebook.deadlines if limit.id == name), None)
        bounds = bounds_in(self.selection.where)
        for record in facts.select(self.selection):
            figure = self._amount(record)
            factors = [factor for factor in self.factors if meets(record, factor.where)]
            points = figure.value
            for factor in factors:
                points *= factor.by.value
            begun = 0
            if self.delay and late:
                begun = delay(record, late, self.delay.every, facts.period, facts.calendar)
                points *= begun
            reason = self._working(facts, record, deadline or late, figure, factors, begun, points)
            by = (factor.by for factor in factors)
            figures = (figure, *by, *facts.limits(deadline, (record,)), *bounds)
            places = facts.record_sources(record)
            yield deduction(self, points, reason, figures, places, (record.id,))

    def _amount(self, record: Record) -> Figure:
        if isinstance(self.amount, Figure):
            return self.amount
        values = (key(lookup(record.fields, path)) for path in self.amount.by)
        return self.amount.figures[tuple(values)]

    def _working(
        self,
        facts: Facts,
        record: Record,
        deadline: Deadline | None,
        figure: Figure,
        factors: Sequence[Factor],
        begun: int,
        points: Fraction,
    ) -> Message:
        details: list[object] = [record_told(record, self.records, facts, deadline)]
        if isinstance(self.amount, AmountTable):
            details += [_value(record, self.records, by, facts) for by in self.amount.by]
        args = words(self, facts, points) | {"detail": _row(details)}
        amount, made = facts.amount(figure.value), list[object]()
        if self.delay:
            made.append(_BEGUN[self.delay.every].about({"count": begun, "amount": amount}))
        elif factors:
            made.append(amount)
        for factor in factors:
            by = {"factor": factor.by.value, "label": factor.label}
            made.append(Message("× {factor} ({label})", by))
        if not made:
            return Message("{label}: {detail}, {asked}", args)
        return Message("{label}: {detail}, {made}, {asked}", args | {"made": _row(made, _SPACE)})

    def purpose(self, field: str, names: Names) -> object:
        if field == "amount" and self.delay:
            return _DELAYS[self.delay.every]
        return RecordRule.purpose(self, field, names)


_DELAYS = {
    "day": Message("for each one, a day late"),
    "week": Message("for each one, a week begun late"),
    "month": Message("for each one, a month begun late"),
}
_BEGUN = {
    "day": Message("{count} days late, {amount} each"),
    "week": Message("{count} weeks begun late, {amount} each"),
    "month": Message("{count} months begun late, {amount} each"),
}


def _value(record: Record, records: Path, by: Path, facts: Facts) -> object:
    """The value that an amount goes by, as the form calls it."""
    value = lookup(record.fields, by)
    named = facts.rulebook.records[records]
    if isinstance(value, bool):
        name = named.names.get(by, by[-1])
        return Message("{name}: {value}", {"name": name, "value": _YES_NO[value]})
    return named.labels.get(by, {}).get(str(value), str(value))


_YES_NO = {True: Message("yes"), False: Message("no")}
_COMMA, _SPACE = Message("{first}, {rest}"), Message("{first} {rest}")


def _row(items: Sequence[object], between: Message = _COMMA) -> object:
    """Several things one after the other in a sentence."""
    first, *rest = items
    return between.about({"first": first, "rest": _row(rest, between)}) if rest else first
