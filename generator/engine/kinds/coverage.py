"""Weeks, months, quarters or halves of the period in each of which something must be."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated

from generator.engine.facts import Facts
from generator.engine.measures import DATED, Asks, Figure, Names, Span
from generator.engine.problem import Message, Path, Text
from generator.engine.records import covering, lookup, spans
from generator.engine.rules import RecordRule, deduction, entries, unique, words
from generator.engine.year import Deduction


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(RecordRule):
    """`amount` for each calendar unit of the period that nothing covers.

    Either the entries of the list at `fact` cover it, or (with `on`) the dates of the selected
    records there. Weeks are ISO weeks lying wholly inside the period. A rule that awards gives
    the amount for each unit covered. Units in which an entry of the list at `excepted` lies are
    not asked about.
    """

    kind = "coverage"
    on: Annotated[Path | None, Asks(DATED, each=True, always=True, spans=True)]
    every: Span
    amount: Figure
    excepted: Annotated[Path | None, Asks(frozenset(("values",)), spans=True)] = None

    def deductions(self, facts: Facts) -> Iterator[Deduction]:
        left_out = covering(self.every, entries(facts, self.excepted)) if self.excepted else set()
        every = spans(facts.period, self.every)
        units = [unit for unit in every if unit not in left_out]
        covered = covering(self.every, self._dates(facts))
        counted = tuple(unit for unit in units if (unit in covered) == self.award)
        if not counted:
            return
        points = len(counted) * self.amount.value
        args = words(self, facts, points, self.amount)
        args |= {"count": len(counted), "of": len(units), "units": spans_told(self.every, counted)}
        reason = _WORKINGS[self.every][self.award].about(args)
        places = facts.sources(self.selection.records)
        if self.excepted and (excepted := [unit for unit in every if unit in left_out]):
            args = {"reason": reason, "units": spans_told(self.every, excepted)}
            reason = Message("{reason}; not asked for: {units}", args)
            if self.every == "week":
                reason = Message("{reason}; not asked for: weeks (Mondays: {units})", args)
            places = unique(places + facts.sources(self.excepted))
        yield deduction(self, points, reason, (self.amount,), places, counted)

    def _dates(self, facts: Facts) -> Iterable[str]:
        if self.on is None:
            return entries(facts, self.selection.records)
        values = (lookup(record.fields, self.on) for record in facts.select(self.selection))
        return [value for value in values if isinstance(value, str)]

    def phrase(self, names: Names) -> object:
        records = self.selection.records
        what = names.fact(records) if self.on is None else names.selection(self.selection)
        if self.excepted is None:
            return what
        args = {"what": what, "units": names.fact(self.excepted)}
        return Message("{what}; not asked for: {units}", args)

    def purpose(self, field: str, names: Names) -> object:
        if field == "amount":
            return _PURPOSES[self.every][self.award]
        return RecordRule.purpose(self, field, names)


_PURPOSES = {
    "week": (Message("for each week missing"), Message("for each week covered, added")),
    "month": (Message("for each month missing"), Message("for each month covered, added")),
    "quarter": (Message("for each quarter missing"), Message("for each quarter covered, added")),
    "half": (Message("for each half-year missing"), Message("for each half-year covered, added")),
}
_WORKINGS = {
    "week": (
        Message(
            "{label}: {count} of {of} weeks missing (Mondays: {units}), {amount} each, {asked}"
        ),
        Message("{label}: {count} of {of} weeks (Mondays: {units}), {amount} each, {asked}"),
    ),
    "month": (
        Message("{label}: {count} of {of} months missing ({units}), {amount} each, {asked}"),
        Message("{label}: {count} of {of} months ({units}), {amount} each, {asked}"),
    ),
    "quarter": (
        Message("{label}: {count} of {of} quarters missing ({units}), {amount} each, {asked}"),
        Message("{label}: {count} of {of} quarters ({units}), {amount} each, {asked}"),
    ),
    "half": (
        Message("{label}: {count} of {of} halves missing ({units}), {amount} each, {asked}"),
        Message("{label}: {count} of {of} halves ({units}), {amount} each, {asked}"),
    ),
}


def spans_told(every: Span, names: Sequence[str]) -> tuple[object, ...]:
    """Spans by the names that reports give them; weeks, which nobody knows by number, by Monday."""
    return tuple(map(_monday, names)) if every == "week" else tuple(names)


@lru_cache(maxsize=4096)
def _monday(week: str) -> Text:
    """2025-W21 is the week of 19 May."""
    day = date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
    return Text(f"{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]}")


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
