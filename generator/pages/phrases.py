"""What a rulebook counts and asks, in words: facts, records, quantities, conditions, tests.

Owns these phrases; names come from the form, so that they are those of the report. Must not
work anything out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.engine.book import DeadlineState, Rulebook
from generator.engine.facts import PARTS
from generator.engine.kinds import Coverage, Discretion, Rule, Scale, Target
from generator.engine.measures import (
    BeforeQuantity,
    Bounds,
    Condition,
    CountQuantity,
    DifferenceQuantity,
    FactQuantity,
    FigureQuantity,
    IncreaseQuantity,
    PeerQuantity,
    PercentQuantity,
    Quantity,
    Rounding,
    Selection,
    ShareQuantity,
    SumQuantity,
    Test,
    TotalQuantity,
)
from generator.engine.problem import Message, Path
from generator.pages.wording import Words
from generator.shape.form import Form

_STATES: Mapping[str, Message] = {
    DeadlineState.EXCUSED: Message("exempt from the limit"),
    DeadlineState.PENDING: Message("not due yet"),
    DeadlineState.ON_TIME: Message("ended in time"),
    DeadlineState.LATE: Message("ended late"),
    DeadlineState.OVERDUE: Message("overdue and still open"),
    DeadlineState.SETTLED_EARLIER: Message("judged earlier, ended since"),
    DeadlineState.OVERDUE_EARLIER: Message("overdue from earlier, still open"),
}
_ROUNDINGS = {
    "up": Message("rounded up"),
    "down": Message("rounded down"),
    "half_up": Message("rounded half up"),
}
_TO_PLACES = {
    "up": Message("rounded up to {places} places"),
    "down": Message("cut off after {places} places"),
    "half_up": Message("rounded half up to {places} places"),
}
_SIDES = {
    "at_least": Message("{actual}; not below {bound}"),
    "at_most": Message("{actual}; not above {bound}"),
    "around": Message("{actual}; measured against {bound}"),
}
_PEERS = {
    ("best", "higher"): Message("highest {of} of those ranked together"),
    ("best", "lower"): Message("lowest {of} of those ranked together"),
    ("mean", "higher"): Message("mean {of} of those ranked together"),
    ("mean", "lower"): Message("mean {of} of those ranked together"),
    ("rank", "higher"): Message("own rank by {of}, the highest first"),
    ("rank", "lower"): Message("own rank by {of}, the lowest first"),
}


@dataclass(frozen=True, slots=True)
class Phrases:
    """One rulebook's facts and questions in one language."""

    w: Words
    book: Rulebook
    form: Form | None

    # --- facts and records ------------------------------------------------------------

    def fact(self, path: Path) -> str:
        """A fact by its label; one of a period inside the year by that of the first period."""
        inner = (PARTS, self.book.above.parts[0].id) if self.book.above.parts else ()
        known = self.form and (self.form.at(path) or self.form.at((*inner, *path)))
        return self.w.text(known.label) if known else ".".join(path)

    def records(self, path: Path) -> str:
        """A list of records by its name."""
        kind = self.book.records.get(path)
        return self.w.text(kind.name) if kind else self.fact(path)

    def field(self, records: Path, field: Path) -> str:
        """A field of a list's records; a time limit by what it is."""
        if any((deadline.id,) == field for deadline in self.book.deadlines):
            return self.w._("time limit")
        kind = self.book.records.get(records)
        named = kind.names.get(field) if kind else None
        return self.w.text(named) if named else self.fact((*records, *field))

    def value(self, records: Path, field: Path, value: object) -> str:
        """A value of a record's field, by its label."""
        if any((deadline.id,) == field for deadline in self.book.deadlines):
            return self.w.render(_STATES[str(value)])
        if isinstance(value, bool) or value in ("true", "false"):
            return self.w._("yes") if value in (True, "true") else self.w._("no")
        kind = self.book.records.get(records)
        labels = kind.labels.get(field, {}) if kind else {}
        return self.w.text(labels[str(value)]) if str(value) in labels else str(value)

    def selection(self, selection: Selection) -> str:
        """The records that count."""
        name = self.records(selection.records)
        if not selection.where:
            return name
        those = (self.condition(selection.records, condition) for condition in selection.where)
        conditions = self.w._("; ").join(those)
        return self.w._("{records} ({conditions})", records=name, conditions=conditions)

    def condition(self, records: Path, condition: Condition) -> str:
        """What is asked of a record."""
        name = self.field(records, condition.field)
        if condition.present is not None:
            if condition.present:
                return self.w._("with {field}", field=name)
            return self.w._("without {field}", field=name)
        if condition.bounds is not None:
            return self.w._("{what} {bounds}", what=name, bounds=self.bounds(condition.bounds))
        values = tuple(self.value(records, condition.field, v) for v in condition.values)
        return self.w._("{name}: {value}", name=name, value=values)

    def tests(self, tests: Iterable[Test]) -> str:
        """Questions about one unit that all have to hold."""
        return self.w._(", ").join(map(self._test, tests))

    def _test(self, test: Test) -> str:
        if test.quantity is None or test.bounds is None:
            values = tuple(self._fact_value(test.fact, value) for value in test.values)
            return self.w._("{name}: {value}", name=self.fact(test.fact), value=values)
        sign = "%" if self.percent(test.quantity) else ""
        what, bounds = self.quantity(test.quantity), self.bounds(test.bounds, sign)
        return self.w._("{what} {bounds}", what=what, bounds=bounds)

    def _fact_value(self, path: Path, value: object) -> str:
        inner = (PARTS, self.book.above.parts[0].id) if self.book.above.parts else ()
        known = self.form and (self.form.at(path) or self.form.at((*inner, *path)))
        return self.w.value(value, self.form, known.path if known else path)

    # --- quantities -------------------------------------------------------------------

    def quantity(self, quantity: Quantity) -> str:
        """How a number comes about."""
        _ = self.w._
        if isinstance(quantity, FactQuantity):
            return self.fact(quantity.fact)
        if isinstance(quantity, CountQuantity):
            return _("number of {records}", records=self.selection(quantity.selection))
        if isinstance(quantity, SumQuantity):
            name = self.field(quantity.selection.records, quantity.field)
            records = self.selection(quantity.selection)
            return _("sum of {field} of {records}", field=name, records=records)
        if isinstance(quantity, IncreaseQuantity):
            records = self.selection(quantity.selection)
            return self.w.render(_INCREASES[quantity.every].about({"records": records}))
        if isinstance(quantity, FigureQuantity):
            return self.w.number(quantity.figure.value)
        return self._made(quantity)

    def _made(self, quantity: Quantity) -> str:
        """A number made of others."""
        _ = self.w._
        if isinstance(quantity, PercentQuantity):
            of = self.quantity(quantity.of)
            told = _("{percent}% of {of}", percent=quantity.percent.value, of=of)
            return self._rounder(told, quantity.rounding)
        if isinstance(quantity, ShareQuantity):
            part, whole = self.quantity(quantity.part), self.quantity(quantity.whole)
            return self._rounder(
                _("share of {part} in {whole}", part=part, whole=whole), quantity.rounding
            )
        if isinstance(quantity, TotalQuantity):
            return " + ".join(map(self.quantity, quantity.parts))
        if isinstance(quantity, DifferenceQuantity):
            return f"{self.quantity(quantity.first)} − {self.quantity(quantity.less)}"
        if isinstance(quantity, BeforeQuantity):
            of = self.quantity(quantity.of)
            if quantity.year and self.book.above.parts:
                return _("{of} of the same period a year before", of=of)
            if self.book.above.parts:
                return _("{of} of the period before", of=of)
            return _("{of} of the year before", of=of)
        if isinstance(quantity, PeerQuantity):
            message = _PEERS[quantity.what, quantity.better]
            return self.w.render(replace(message, args={"of": self.quantity(quantity.of)}))
        return ""

    def _rounder(self, told: str, rounding: Rounding | None) -> str:
        if rounding is None:
            return told
        return self.w._("{what}, {rounding}", what=told, rounding=self.rounding(rounding))

    # --- numbers ----------------------------------------------------------------------

    def bounds(self, bounds: Bounds, sign: str = "") -> str:
        """Where a number has to lie."""
        _, number = self.w._, self.w.number
        told = []
        if bounds.at_least:
            told.append(_("{number} or more", number=number(bounds.at_least.value) + sign))
        if bounds.above:
            told.append(_("more than {number}", number=number(bounds.above.value) + sign))
        if bounds.at_most:
            told.append(_("{number} or less", number=number(bounds.at_most.value) + sign))
        if bounds.below:
            told.append(_("less than {number}", number=number(bounds.below.value) + sign))
        return _(", ").join(told)

    def rounding(self, rounding: Rounding) -> str:
        """How a number is made rounder."""
        if rounding.places:
            message = _TO_PLACES[rounding.mode]
            return self.w.render(replace(message, args={"places": rounding.places}))
        return self.w.render(_ROUNDINGS[rounding.mode])

    def percent(self, quantity: Quantity) -> bool:
        """Whether the quantity counts per cent."""
        if isinstance(quantity, BeforeQuantity | PeerQuantity):
            rank = isinstance(quantity, PeerQuantity) and quantity.what == "rank"
            return not rank and self.percent(quantity.of)
        if isinstance(quantity, TotalQuantity):
            return all(map(self.percent, quantity.parts))
        if isinstance(quantity, DifferenceQuantity):
            return self.percent(quantity.first) and self.percent(quantity.less)
        return isinstance(quantity, ShareQuantity)

    # --- rules ------------------------------------------------------------------------

    def rule(self, rule: Rule) -> str:
        """What a rule counts or compares, in a phrase; empty where its label says as much."""
        told = self._about(rule)
        return "" if told == self.w.text(rule.label) else told

    def _about(self, rule: Any) -> str:
        _ = self.w._
        if isinstance(rule, Target):
            args = {"actual": self.quantity(rule.actual), "bound": self.quantity(rule.bound)}
            if self.percent(rule.actual) and not self.percent(rule.bound):
                args["bound"] += "%"
            return self.w.render(replace(_SIDES[rule.side], args=args))
        if isinstance(rule, Scale):
            value = self.quantity(rule.value)
            if rule.stepped:
                return _("by steps of: {value}", value=value)
            return _("along a line by: {value}", value=value)
        if isinstance(rule, Discretion):
            return _("rated by: {scorers}", scorers=tuple(s.label for s in rule.scorers.values()))
        if isinstance(rule, Coverage):
            by_list = rule.on is None
            what = self.fact(rule.selection.records) if by_list else self.selection(rule.selection)
            if rule.excepted:
                return _(
                    "{what}; not asked for: {units}", what=what, units=self.fact(rule.excepted)
                )
            return what
        if hasattr(rule, "selection"):
            return self.selection(rule.selection)
        return self.fact(rule.fact)


_INCREASES = {
    "week": Message("how much {records} rise from week to week"),
    "month": Message("how much {records} rise from month to month"),
    "quarter": Message("how much {records} rise from quarter to quarter"),
    "half": Message("how much {records} rise from half-year to half-year"),
}
