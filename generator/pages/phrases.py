"""What a rulebook counts and asks, in words: facts, conditions, tests, figures and grounds.

Names come from the form, so that they are those of the report. One walk over a rule's fields finds
its figures: a field's type says how they are written, a table of purposes what they are for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import groupby

from generator.engine.book import DeadlineState, Line, Rule, Rulebook
from generator.engine.effects import Without
from generator.engine.facts import PARTS
from generator.engine.kinds.choice import Choice
from generator.engine.kinds.discretion import Scorer
from generator.engine.kinds.per_record import AmountTable, Factor
from generator.engine.kinds.scale import Scale
from generator.engine.measures import (
    Bounds,
    Condition,
    FactTest,
    Figure,
    Quantity,
    Rounding,
    Selection,
    Test,
    held,
)
from generator.engine.problem import Message, Path
from generator.engine.year import Standing
from generator.pages.wording import Words
from generator.shape.form import Field, Form
from generator.words.messages import Safe

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
_BOUNDS = {
    "at_least": Message("{number} or more"),
    "above": Message("more than {number}"),
    "at_most": Message("{number} or less"),
    "below": Message("less than {number}"),
}
_PLACES = {"first": Message("first {places} places"), "last": Message("last {places} places")}
_SHARES = {
    "first": Message("first {percent}% of those ranked"),
    "last": Message("last {percent}% of those ranked"),
}
_LIMITS = {
    "at_least": Message("at least {points}"),
    "above": Message("above {points}"),
    "at_most": Message("at most {points}"),
    "below": Message("below {points}"),
}


@dataclass(frozen=True, slots=True)
class Phrases:
    """One rulebook's facts and questions in one language."""

    w: Words
    book: Rulebook
    form: Form | None

    def fact(self, path: Path) -> str:
        """A fact by its label; one of a period inside the year by that of the first period."""
        known = self._known(path)
        return self.w.text(known.label) if known else ".".join(path)

    def _known(self, path: Path) -> Field | None:
        inner = (PARTS, self.book.above.parts[0].id) if self.book.above.parts else ()
        return (self.form.at(path) or self.form.at((*inner, *path))) if self.form else None

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
        conditions = self.w._("; ").join(
            self.condition(selection.records, c) for c in selection.where
        )
        return self.w._("{records} ({conditions})", records=name, conditions=conditions)

    def condition(self, records: Path, condition: Condition) -> str:
        """What is asked of a record."""
        name = self.field(records, condition.field)
        if condition.present:
            return self.w._("with {field}", field=name)
        if condition.present is not None:
            return self.w._("without {field}", field=name)
        if condition.bounds is not None:
            return self.w._("{what} {bounds}", what=name, bounds=self.bounds(condition.bounds))
        values = tuple(self.value(records, condition.field, v) for v in condition.values)
        return self.w._("{name}: {value}", name=name, value=values)

    def tests(self, tests: Iterable[Test]) -> str:
        """Questions about one unit that all have to hold."""
        return self.w._(", ").join(map(self._test, tests))

    def _test(self, test: Test) -> str:
        if isinstance(test, FactTest):
            path = known.path if (known := self._known(test.fact)) else test.fact
            values = tuple(self.w.value(value, self.form, path) for value in test.values)
            return self.w._("{name}: {value}", name=self.fact(test.fact), value=values)
        sign = "%" if test.quantity.counts_percent() else ""
        what, bounds = self.quantity(test.quantity), self.bounds(test.bounds, sign)
        return self.w._("{what} {bounds}", what=what, bounds=bounds)

    @property
    def by_period(self) -> bool:
        """Whether there are periods inside the year."""
        return bool(self.book.above.parts)

    def said(self, phrase: object) -> str:
        """A message in the reader's words, or what is in words already."""
        return self.w.render(phrase) if isinstance(phrase, Message) else str(phrase)

    def quantity(self, quantity: Quantity) -> str:
        """How a number comes about."""
        return self.said(quantity.phrase(self))

    def rounded(self, phrase: object, rounding: Rounding | None) -> object:
        """A number's phrase, with how it is rounded."""
        if rounding is None:
            return phrase
        return Message("{what}, {rounding}", {"what": phrase, "rounding": self.rounding(rounding)})

    def bounds(self, bounds: Bounds, sign: str = "") -> str:
        """Where a number has to lie."""
        return self.w._(", ").join(
            self.w.render(message.about({"number": self.w.number(limit.value) + sign}))
            for name, message in _BOUNDS.items()
            if (limit := getattr(bounds, name))
        )

    def rounding(self, rounding: Rounding) -> str:
        """How a number is made rounder."""
        if rounding.places:
            message = _TO_PLACES[rounding.mode]
            return self.w.render(message.about({"places": rounding.places}))
        return self.w.render(_ROUNDINGS[rounding.mode])

    def line(self, line: Line) -> str:
        """What a line says: places or a share of those ranked, bounds of the score, for whom."""
        w, end, terms = self.w, "last" if line.end == "last" else "first", list[str]()
        if line.places:
            terms.append(w.render(_PLACES[end].about({"places": line.places.value})))
        elif line.percent:
            share = w.render(_SHARES[end].about({"percent": line.percent.value}))
            terms.append(f"{share} ({self.rounding(line.rounding)})" if line.rounding else share)
        for name, message in _LIMITS.items():
            if limit := getattr(line.bounds, name):
                terms.append(w.render(message.about({"points": w.points(limit.value)})))
        rule = terms[0]
        for term in terms[1:]:
            rule = w._("{first}, and {second}", first=rule, second=term)
        grouping = self.book.above.grouping
        groups = grouping.groups if grouping else ()
        if names := tuple(group.label for group in groups if group.id in line.groups):
            return w._("{groups}: {rule}", groups=names, rule=rule)
        return rule

    def rule(self, rule: Rule) -> str:
        """What a rule counts or compares, in a phrase; empty where its label says as much."""
        phrase = self.said(rule.phrase(self))
        return "" if phrase == self.w.text(rule.label) else phrase


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """One number of the rulebook: what it is for, how it is written, what it stands on."""

    what: str
    written: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Matrix:
    """Amounts by the values of two fields or more: the last one across, the others down."""

    down: str
    across: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[NamedFigure, ...]], ...]


class Figures:
    """The numbers of rules, in the words of one rulebook."""

    def __init__(self, phrases: Phrases) -> None:
        self._p, self._w = phrases, phrases.w

    def of(self, rule: Rule) -> list[NamedFigure]:
        """Every number of a rule but those of a matrix, in the order of the rulebook's keys."""
        shared = {field.name for field in fields(Rule)}
        names = [field.name for field in fields(rule) if field.name not in shared]
        return [
            entry
            for name in (*names, "most")
            for entry in self._value(
                rule, self._p.said(rule.purpose(name, self._p)), getattr(rule, name)
            )
        ]

    def matrix(self, rule: Rule) -> Matrix | None:
        """Amounts that depend on two fields or more."""
        tables, records = held(rule, AmountTable), rule.records
        if records is None or not tables or len(tables[0].by) < 2:
            return None
        by, figures = tables[0].by, tables[0].figures
        # The values of the last field, in the rulebook's order.
        last = dict.fromkeys(keys[-1] for keys in figures)
        rows = []
        for keys, cells in groupby(figures.items(), key=lambda item: item[0][:-1]):
            names = (self._p.value(records, f, v) for f, v in zip(by, keys, strict=False))
            entries = tuple(self.points("", figure) for _, figure in cells)
            rows.append((self._w.listed(names), entries))
        down = self._w.listed(self._p.field(records, field) for field in by[:-1])
        columns = tuple(self._p.value(records, by[-1], value) for value in last)
        return Matrix(down, self._p.field(records, by[-1]), columns, tuple(rows))

    def points(self, what: str, figure: Figure) -> NamedFigure:
        """A figure in the unit of account."""
        return NamedFigure(what, self._w.points(figure.value), figure)

    def percent(self, what: str, figure: Figure) -> NamedFigure:
        """A figure in per cent."""
        return NamedFigure(what, f"{self._w.number(figure.value)}%", figure)

    def number(self, what: str, figure: Figure, sign: str = "") -> NamedFigure:
        """A figure of no unit, or with a sign behind it."""
        return NamedFigure(what, self._w.number(figure.value) + sign, figure)

    # --- the walk ---------------------------------------------------------------------

    def _value(self, rule: Rule, what: str, value: object) -> Iterator[NamedFigure]:
        """The figures of a value, whatever it is."""
        if isinstance(value, Figure):
            yield self.points(what, value)
        elif isinstance(value, AmountTable):
            simple = rule.records is not None and len(value.by) == 1  # others are a matrix
            for (key, *_), figure in value.figures.items() if simple else ():
                name = self._p.value(rule.records or (), value.by[0], key)
                yield self.points(self._w._("{what}: {value}", what=what, value=name), figure)
        elif isinstance(value, Selection):
            yield from self.conditions(value)
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                yield from self._keyed(rule, key, inner)
        elif isinstance(value, tuple):
            yield from self._along(rule) if isinstance(rule, Scale) else ()
            for factor in (inner for inner in value if isinstance(inner, Factor)):
                label = self._w._("times, where: {label}", label=factor.label)
                yield NamedFigure(label, f"× {self._w.number(factor.by.value)}", factor.by)
        elif isinstance(value, Quantity):
            sign = "%" if held(rule, Quantity)[0].counts_percent() else ""
            yield from self.quantity(what, value, sign)

    def _keyed(self, rule: Rule, key: str, value: object) -> Iterator[NamedFigure]:
        if isinstance(value, Scorer):
            name = self._w.text(value.label)
            yield self.percent(self._w._("weight of {name}", name=name), value.weight)
        elif isinstance(value, Figure) and isinstance(rule, Choice):
            named = {"true": self._w._("yes"), "false": self._w._("no")}
            name = self._w.text(rule.names[key]) if key in rule.names else named.get(key, key)
            yield self.points(self._w._("where it says: {value}", value=name), value)

    def _along(self, rule: Scale) -> Iterator[NamedFigure]:
        """The points of a scale; where one is fixed only where that has another ground."""
        sign = "%" if rule.value.counts_percent() else self._w.text(rule.unit)
        for point in rule.along:
            at = self._w.number(point.at.value) + sign
            name = self._w._("from {at} on", at=at) if rule.stepped else self._w._("at {at}", at=at)
            yield self.points(name, point.points)
            if replace(point.at, value=point.points.value) != point.points:
                yield NamedFigure(self._w._("where the scale is fixed"), at, point.at)

    def conditions(self, selection: Selection) -> Iterator[NamedFigure]:
        """The bounds by which records count."""
        for condition in selection.where:
            if condition.bounds is not None:
                name = self._p.field(selection.records, condition.field)
                what = self._w._("counts only by: {field}", field=name)
                yield from self.bounds(what, condition.bounds)

    def bounds(self, what: str, bounds: Bounds, sign: str = "") -> Iterator[NamedFigure]:
        """Each figure of the bounds."""
        for name in (field.name for field in fields(bounds)):
            if figure := getattr(bounds, name):
                alone = replace(Bounds(), **{name: figure})
                yield NamedFigure(what, self._p.bounds(alone, sign), figure)

    def quantity(self, what: str, quantity: Quantity, sign: str = "") -> Iterator[NamedFigure]:
        """The figures inside a number that is asked about, or inside what it selects."""
        for number in quantity.numbers(self._p, what, sign):
            name, written = self._p.said(number.what), self._p.said(number.written)
            yield NamedFigure(name, written, number.figure)
        for selection in held(quantity, Selection):
            yield from self.conditions(selection)
        for inner in held(quantity, Quantity):
            yield from self.quantity(what, inner)


@dataclass(frozen=True, slots=True)
class ChargeEffect:
    """A charge with what would stand without it, said; `moves` where the rank is another then."""

    without: Without
    text: Safe
    moves: bool


def charge_effect(w: Words, standing: Standing, without: Without) -> ChargeEffect:
    """Without V-003: 91.45, rank 6 → rank 4.

    A record is left out of every clause, where others may be charged in its place.
    """
    kept = standing.scorecard.score if standing.scorecard else None
    if without.record is not None and without.score == kept:
        message = Message("Without {what} other records cost as much: {score}, ")
    elif without.record is not None:
        message = Message("Without {what} in any clause: {score}, ")
    elif without.charge.deduction.award:
        message = Message("Without this award: {score}, ")
    else:
        message = Message("Without this deduction: {score}, ")
    moves = (without.rank, without.tied) != (standing.rank, standing.tied)
    head = w.render(message.about({"what": without.record, "score": w.scored(without.score)}))
    text = Safe("{}{}").format(head, w._("the same rank"))
    if moves:
        old, new = w.rank(standing), w.place(without.rank, tied=without.tied)
        text = Safe("{}{} → <b>{}</b>").format(head, old, new)
    return ChargeEffect(without, text, moves)
