"""The figures of a rule in words: what each is for, how it is written, what it stands on.

One walk over a rule's fields finds them all: a field's type says how its figures are written, a
table of purposes what they are for. A kind of rule that is new needs purposes, no new walk. Must
not compute a deduction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from typing import Any

from generator.engine.kinds import (
    AmountTable,
    CheckList,
    Choice,
    Coverage,
    Factor,
    PerRecord,
    Rule,
    RuleBase,
    Scale,
    Scorer,
    Target,
)
from generator.engine.measures import (
    Bounds,
    Condition,
    Figure,
    FigureQuantity,
    PercentQuantity,
    Selection,
)
from generator.engine.problem import Message
from generator.pages.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Entry:
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
    rows: tuple[tuple[str, tuple[Entry, ...]], ...]


Said = tuple[Message, Message]
"""What a figure is for in a rule that takes, and in one that gives."""


def _both(message: Message) -> Said:
    return message, message


_PURPOSES: Mapping[tuple[str, str], Said] = {
    ("Requirement", "amount"): (Message("if not fulfilled"), Message("if fulfilled, added")),
    ("CheckList", "amount"): (
        Message("for each one missing of: {items}"),
        Message("for each one there of: {items}, added"),
    ),
    ("PerRecord", "amount"): (Message("for each one"), Message("for each one, added")),
    ("Ceiling", "limit"): _both(Message("allowed")),
    ("Ceiling", "amount"): (Message("for each one beyond"), Message("for each one beyond, added")),
    ("Recurrence", "first"): (
        Message("for the first one, if not in time"),
        Message("for the first one, if in time, added"),
    ),
    ("Recurrence", "later"): (
        Message("for every later one"),
        Message("for every later one, added"),
    ),
    ("Target", "bound"): _both(Message("target")),
    ("Scale", "value"): _both(Message("in the number asked about")),
    ("Scale", "otherwise"): (Message("where there is no such number"),) * 2,
    ("Discretion", "least"): _both(Message("given at least")),
    ("Discretion", "greatest"): _both(Message("given at most")),
}
_MOST = (Message("taken at most, all together"), Message("given at most, all together"))
_SPANS: Mapping[str, Said] = {
    "week": (Message("for each week missing"), Message("for each week covered, added")),
    "month": (Message("for each month missing"), Message("for each month covered, added")),
    "quarter": (Message("for each quarter missing"), Message("for each quarter covered, added")),
    "half": (Message("for each half-year missing"), Message("for each half-year covered, added")),
}
_DELAYS: Mapping[str, Said] = {
    "day": _both(Message("for each one, a day late")),
    "week": _both(Message("for each one, a week begun late")),
    "month": _both(Message("for each one, a month begun late")),
}
_SHORT, _OVER, _AWAY = Message("short"), Message("over"), Message("away")
_LESS = Message("less")
_DISTANCE: Mapping[tuple[str, bool], Message] = {
    ("at_least", False): _SHORT,
    ("at_most", False): _OVER,
    ("around", False): _AWAY,
    ("at_least", True): _OVER,
    ("at_most", True): _LESS,
    ("around", True): _AWAY,
}
_STEPS = {
    "exact": Message("for every {step} {away}"),
    "started": Message("for every {step} {away}, a part counts as a whole"),
    "full": Message("for every full {step} {away}"),
}
_ONCE = (Message("if not reached"), Message("if reached, added"))


class Figures:
    """The numbers of rules, in the words of one rulebook."""

    def __init__(self, phrases: Phrases) -> None:
        self._p, self._w = phrases, phrases.w

    def of(self, rule: Rule) -> list[Entry]:
        """Every number of a rule but those of a matrix, in the order of the rulebook's keys."""
        named = [one.name for one in fields(rule)]
        shared = {one.name for one in fields(RuleBase)}
        found = [name for name in named if name not in shared]
        return [entry for name in (*found, "most") for entry in self._field(rule, name)]

    def matrix(self, rule: Rule) -> Matrix | None:
        """Amounts that depend on two fields or more."""
        if not isinstance(rule, PerRecord) or not isinstance(rule.amount, AmountTable):
            return None
        table, records = rule.amount, rule.selection.records
        if len(table.by) < 2:
            return None
        labels = [
            [self._p.value(records, f, v) for v in _distinct(table, n)]
            for n, f in enumerate(table.by)
        ]
        rows = []
        for keys, cells in groupby(table.figures.items(), key=lambda item: item[0][:-1]):
            names = (self._p.value(records, f, v) for f, v in zip(table.by, keys, strict=False))
            entries = tuple(self.points("", figure) for _, figure in cells)
            rows.append((self._w.listed(names), entries))
        down = self._w.listed(self._p.field(records, by) for by in table.by[:-1])
        across = self._p.field(records, table.by[-1])
        return Matrix(down, across, tuple(labels[-1]), tuple(rows))

    def points(self, what: str, figure: Figure) -> Entry:
        """A figure in the unit of account."""
        return Entry(what, self._w.points(figure.value), figure)

    def percent(self, what: str, figure: Figure) -> Entry:
        """A figure in per cent."""
        return Entry(what, f"{self._w.number(figure.value)}%", figure)

    def number(self, what: str, figure: Figure, sign: str = "") -> Entry:
        """A figure of no unit, or with a sign behind it."""
        return Entry(what, self._w.number(figure.value) + sign, figure)

    # --- the walk ---------------------------------------------------------------------

    def _field(self, rule: Rule, name: str) -> Iterator[Entry]:
        yield from self._value(rule, self._purpose(rule, name), getattr(rule, name))

    def _value(self, rule: Rule, what: str, value: object) -> Iterator[Entry]:
        """The figures of a value, whatever it is."""
        if isinstance(value, Figure):
            yield self.points(what, value)
        elif isinstance(value, AmountTable):
            yield from self._table(rule, what, value)
        elif isinstance(value, Selection):
            yield from self.conditions(value)
        elif isinstance(value, Mapping):
            for key, one in value.items():
                yield from self._keyed(rule, key, one)
        elif isinstance(value, tuple):
            yield from self._several(rule, value)
        elif is_quantity(value):
            sign = "%" if isinstance(rule, Target) and self._p.percent(rule.actual) else ""
            yield from self.quantity(what, value, sign)

    def _several(self, rule: Rule, values: tuple[object, ...]) -> Iterator[Entry]:
        if isinstance(rule, Scale):
            yield from self._along(rule)
        for one in values:
            if isinstance(one, Factor):
                what = self._w._("times, where: {label}", label=one.label)
                yield Entry(what, f"× {self._w.number(one.by.value)}", one.by)

    def _purpose(self, rule: Rule, name: str) -> str:
        said = _PURPOSES.get((type(rule).__name__, name))
        args: dict[str, object] = {}
        if name == "most":
            said = _MOST
        elif isinstance(rule, Coverage):
            said = _SPANS[rule.every]
        elif isinstance(rule, CheckList):
            args = {"items": tuple(rule.items.values())}
        elif isinstance(rule, PerRecord) and rule.delay:
            said = _DELAYS[rule.delay.every]
        elif isinstance(rule, Target) and name == "amount":
            return self._step(rule)
        elif isinstance(rule, Target) and name == "step":
            return self._w._("one step")
        return self._w.render(replace(said[rule.award], args=args)) if said else ""

    def _step(self, rule: Target) -> str:
        if rule.steps == "once":
            return self._w.render(_ONCE[rule.award])
        number = self._w.number(rule.step.value) if rule.step else "1"
        step = number + self._unit(rule)
        args = {"step": step, "away": _DISTANCE[rule.side, rule.award]}
        told = self._w.render(replace(_STEPS[rule.steps], args=args))
        return (
            self._w._("{what}, added", what=told)
            if rule.award
            else self._w._("{what}, taken", what=told)
        )

    def _unit(self, rule: Target) -> str:
        if self._p.percent(rule.actual):
            return self._w._(" percentage points")
        unit = self._w.text(rule.unit)
        return unit if self._w.catalogue.lang == "zh" or not unit else f" {unit}"

    def _table(self, rule: Rule, what: str, table: AmountTable) -> Iterator[Entry]:
        if len(table.by) > 1 or not isinstance(rule, PerRecord):
            return
        for (key, *_), figure in table.figures.items():
            value = self._p.value(rule.selection.records, table.by[0], key)
            yield self.points(self._w._("{what}: {value}", what=what, value=value), figure)

    def _keyed(self, rule: Rule, key: str, value: object) -> Iterator[Entry]:
        if isinstance(value, Scorer):
            name = self._w.text(value.label)
            yield self.percent(self._w._("weight of {name}", name=name), value.weight)
        elif isinstance(value, Figure) and isinstance(rule, Choice):
            named = {"true": self._w._("yes"), "false": self._w._("no")}
            name = self._w.text(rule.names[key]) if key in rule.names else named.get(key, key)
            yield self.points(self._w._("where it says: {value}", value=name), value)

    def _along(self, rule: Scale) -> Iterator[Entry]:
        """The points of a scale; where one is fixed only where that has another ground."""
        sign = "%" if self._p.percent(rule.value) else self._w.text(rule.unit)
        for point in rule.along:
            at = self._w.number(point.at.value) + sign
            said = self._w._("from {at} on", at=at) if rule.stepped else self._w._("at {at}", at=at)
            yield self.points(said, point.points)
            if replace(point.at, value=point.points.value) != point.points:
                yield Entry(self._w._("where the scale is fixed"), at, point.at)

    def conditions(self, selection: Selection) -> Iterator[Entry]:
        """The bounds by which records count."""
        for condition in selection.where:
            yield from self._bounds(selection, condition)

    def _bounds(self, selection: Selection, condition: Condition) -> Iterator[Entry]:
        if condition.bounds is not None:
            name = self._p.field(selection.records, condition.field)
            what = self._w._("counts only by: {field}", field=name)
            yield from self.bounds(what, condition.bounds)

    def bounds(self, what: str, bounds: Bounds, sign: str = "") -> Iterator[Entry]:
        """Each figure of the bounds."""
        for one in fields(bounds):
            figure = getattr(bounds, one.name)
            if figure is not None:
                alone = replace(Bounds(), **{one.name: figure})
                yield Entry(what, self._p.bounds(alone, sign), figure)

    def quantity(self, what: str, quantity: object, sign: str = "") -> Iterator[Entry]:
        """The figures inside a number that is asked about, or inside what it selects."""
        if isinstance(quantity, FigureQuantity):
            yield self.number(what, quantity.figure, sign)
        elif isinstance(quantity, PercentQuantity):
            of = self._p.quantity(quantity.of)
            written = f"{self._w.number(quantity.percent.value)}%"
            if quantity.rounding:
                rounding = self._p.rounding(quantity.rounding)
                written = self._w._("{what}, {rounding}", what=written, rounding=rounding)
            yield Entry(self._w._("{what}, of {of}", what=what, of=of), written, quantity.percent)
            yield from self.quantity(what, quantity.of)
        elif isinstance(quantity, Selection):
            yield from self.conditions(quantity)
        else:
            for inner in _inside(quantity):
                yield from self.quantity(what, inner)


def is_quantity(value: object) -> bool:
    """Whether a value is one that rules compare."""
    return type(value).__name__.endswith("Quantity")


def _inside(quantity: object) -> Iterator[Any]:
    """The quantities and selections inside one, in the order of its fields."""
    for one in fields(quantity):  # type: ignore[arg-type]  # every quantity is a dataclass
        value = getattr(quantity, one.name)
        for inner in value if isinstance(value, tuple) else (value,):
            if is_quantity(inner) or isinstance(inner, Selection):
                yield inner


def _distinct(table: AmountTable, number: int) -> Sequence[str]:
    """The values of one field of a table, in the rulebook's order."""
    return list(dict.fromkeys(keys[number] for keys in table.figures))
