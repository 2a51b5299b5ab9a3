"""What a rulebook counts and asks, in words: facts, conditions, tests, figures and grounds.

Names come from the form, so that they are those of the report. One walk over a rule's fields finds
its figures: a field's type says how they are written, a table of purposes what they are for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from typing import Any

from generator.engine.book import DeadlineState, Line, Rulebook
from generator.engine.effects import Without
from generator.engine.facts import PARTS
from generator.engine.kinds import (
    AmountTable,
    CheckList,
    Choice,
    Coverage,
    Discretion,
    Factor,
    PerRecord,
    Rule,
    RuleBase,
    Scale,
    Scorer,
    Target,
)
from generator.engine.measures import (
    BeforeQuantity,
    Bounds,
    Condition,
    CountQuantity,
    DifferenceQuantity,
    FactQuantity,
    Figure,
    FigureQuantity,
    IncreaseQuantity,
    PeerQuantity,
    PercentQuantity,
    Rounding,
    Selection,
    ShareQuantity,
    SumQuantity,
    Test,
    TotalQuantity,
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
_SIDES = {
    "at_least": Message("{actual}; not below {bound}"),
    "at_most": Message("{actual}; not above {bound}"),
    "around": Message("{actual}; measured against {bound}"),
}
_BOUNDS = {
    "at_least": Message("{number} or more"),
    "above": Message("more than {number}"),
    "at_most": Message("{number} or less"),
    "below": Message("less than {number}"),
}
_QUANTITIES: Mapping[tuple[object, ...], Message] = {
    (FactQuantity,): Message("{fact}"),
    (FigureQuantity,): Message("{figure}"),
    (CountQuantity,): Message("number of {records}"),
    (SumQuantity,): Message("sum of {field} of {records}"),
    (IncreaseQuantity, "week"): Message("how much {records} rise from week to week"),
    (IncreaseQuantity, "month"): Message("how much {records} rise from month to month"),
    (IncreaseQuantity, "quarter"): Message("how much {records} rise from quarter to quarter"),
    (IncreaseQuantity, "half"): Message("how much {records} rise from half-year to half-year"),
    (PercentQuantity,): Message("{percent}% of {of}"),
    (ShareQuantity,): Message("share of {part} in {whole}"),
    (TotalQuantity,): Message("{parts}"),
    (DifferenceQuantity,): Message("{first} − {less}"),
    (BeforeQuantity, False): Message("{of} of the year before"),
    (BeforeQuantity, True): Message("{of} of the year before"),
    (BeforeQuantity, False, "periods"): Message("{of} of the period before"),
    (BeforeQuantity, True, "periods"): Message("{of} of the same period a year before"),
    (PeerQuantity, "best", "higher"): Message("highest {of} of those ranked together"),
    (PeerQuantity, "best", "lower"): Message("lowest {of} of those ranked together"),
    (PeerQuantity, "mean", "higher"): Message("mean {of} of those ranked together"),
    (PeerQuantity, "mean", "lower"): Message("mean {of} of those ranked together"),
    (PeerQuantity, "rank", "higher"): Message("own rank by {of}, the highest first"),
    (PeerQuantity, "rank", "lower"): Message("own rank by {of}, the lowest first"),
}
"""How a number comes about, by the type of the quantity, by what it chooses among, and by whether
the year has periods. The places are its fields; `records` are those of its selection. A quantity
of another type tells it itself, as its class's `said`."""
_PLACES = {
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

    # --- facts and records ------------------------------------------------------------

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
        known = self._known(path)
        return self.w.value(value, self.form, known.path if known else path)

    # --- quantities -------------------------------------------------------------------

    def quantity(self, quantity: Any) -> str:
        """How a number comes about."""
        values = {one.name: getattr(quantity, one.name) for one in fields(quantity)}
        key = type(quantity), *(value for value in values.values() if isinstance(value, str | bool))
        periods = (*key, "periods") if self.book.above.parts else key
        message = _QUANTITIES.get(periods) or _QUANTITIES.get(key) or type(quantity).said
        args = {name: self._inside(quantity, value) for name, value in values.items()}
        args["records"] = args.get("selection", "")
        return self.rounded(self.w.render(message.about(args)), values.get("rounding"))

    def _inside(self, quantity: Any, value: Any) -> object:
        """What a field of a quantity says."""
        if isinstance(value, Selection):
            return self.selection(value)
        if isinstance(value, Figure):
            return self.w.number(value.value)
        if is_quantity(value):
            return self.quantity(value)
        if not isinstance(value, tuple):
            return value
        if any(map(is_quantity, value)):
            return " + ".join(map(self.quantity, value))
        selection = getattr(quantity, "selection", None)
        return self.field(selection.records, value) if selection else self.fact(value)

    def rounded(self, told: str, rounding: Rounding | None) -> str:
        """A number as said, and how it is made rounder."""
        if rounding is None:
            return told
        return self.w._("{what}, {rounding}", what=told, rounding=self.rounding(rounding))

    # --- numbers ----------------------------------------------------------------------

    def bounds(self, bounds: Bounds, sign: str = "") -> str:
        """Where a number has to lie."""
        limits = ((message, getattr(bounds, name)) for name, message in _BOUNDS.items())
        return self.w._(", ").join(
            self.w.render(message.about({"number": self.w.number(limit.value) + sign}))
            for message, limit in limits
            if limit
        )

    def rounding(self, rounding: Rounding) -> str:
        """How a number is made rounder."""
        if rounding.places:
            message = _TO_PLACES[rounding.mode]
            return self.w.render(message.about({"places": rounding.places}))
        return self.w.render(_ROUNDINGS[rounding.mode])

    def percent(self, quantity: Any) -> bool:
        """Whether the quantity counts per cent: a share, or what is made of nothing else."""
        if isinstance(quantity, ShareQuantity):
            return True
        if isinstance(quantity, PercentQuantity) or getattr(quantity, "what", "") == "rank":
            return False
        inner = [one for one in _inside(quantity) if is_quantity(one)]
        return bool(inner) and all(map(self.percent, inner))

    # --- lines ------------------------------------------------------------------------

    def line(self, line: Line) -> str:
        """What a line says: places or a share of those ranked, bounds of the score, for whom."""
        told, w = [], self.w
        if line.places:
            places = _PLACES["last" if line.end == "last" else "first"]
            told.append(w.render(places.about({"places": line.places.value})))
        elif line.percent:
            share = _SHARES["last" if line.end == "last" else "first"]
            said = w.render(share.about({"percent": line.percent.value}))
            told.append(f"{said} ({self.rounding(line.rounding)})" if line.rounding else said)
        for name, message in _LIMITS.items():
            if limit := getattr(line.bounds, name):
                told.append(w.render(message.about({"points": w.points(limit.value)})))
        rule = told[0]
        for more in told[1:]:
            rule = w._("{first}, and {second}", first=rule, second=more)
        grouping = self.book.above.grouping
        if line.groups and grouping:
            names = tuple(group.label for group in grouping.groups if group.id in line.groups)
            return w._("{groups}: {rule}", groups=names, rule=rule)
        return rule

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
            return self.w.render(_SIDES[rule.side].about(args))
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

    def of(self, rule: Rule) -> list[NamedFigure]:
        """Every number of a rule but those of a matrix, in the order of the rulebook's keys."""
        named = [one.name for one in fields(rule)]
        shared = {one.name for one in fields(RuleBase)}
        found = [name for name in named if name not in shared]
        return [
            entry
            for name in (*found, "most")
            for entry in self._value(rule, self._purpose(rule, name), getattr(rule, name))
        ]

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

    def _several(self, rule: Rule, values: tuple[object, ...]) -> Iterator[NamedFigure]:
        if isinstance(rule, Scale):
            yield from self._along(rule)
        for one in values:
            if isinstance(one, Factor):
                what = self._w._("times, where: {label}", label=one.label)
                yield NamedFigure(what, f"× {self._w.number(one.by.value)}", one.by)

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
        return self._w.render(said[rule.award].about(args)) if said else ""

    def _step(self, rule: Target) -> str:
        if rule.steps == "once":
            return self._w.render(_ONCE[rule.award])
        number = self._w.number(rule.step.value) if rule.step else "1"
        step = number + self._unit(rule)
        args = {"step": step, "away": _DISTANCE[rule.side, rule.award]}
        told = self._w.render(_STEPS[rule.steps].about(args))
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

    def _table(self, rule: Rule, what: str, table: AmountTable) -> Iterator[NamedFigure]:
        if len(table.by) > 1 or not isinstance(rule, PerRecord):
            return
        for (key, *_), figure in table.figures.items():
            value = self._p.value(rule.selection.records, table.by[0], key)
            yield self.points(self._w._("{what}: {value}", what=what, value=value), figure)

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
        sign = "%" if self._p.percent(rule.value) else self._w.text(rule.unit)
        for point in rule.along:
            at = self._w.number(point.at.value) + sign
            said = self._w._("from {at} on", at=at) if rule.stepped else self._w._("at {at}", at=at)
            yield self.points(said, point.points)
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
        for one in fields(bounds):
            figure = getattr(bounds, one.name)
            if figure is not None:
                alone = replace(Bounds(), **{one.name: figure})
                yield NamedFigure(what, self._p.bounds(alone, sign), figure)

    def quantity(self, what: str, quantity: object, sign: str = "") -> Iterator[NamedFigure]:
        """The figures inside a number that is asked about, or inside what it selects."""
        if isinstance(quantity, FigureQuantity):
            yield self.number(what, quantity.figure, sign)
        elif isinstance(quantity, PercentQuantity):
            of = self._p.quantity(quantity.of)
            share = f"{self._w.number(quantity.percent.value)}%"
            written = self._p.rounded(share, quantity.rounding)
            yield NamedFigure(
                self._w._("{what}, of {of}", what=what, of=of), written, quantity.percent
            )
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


@dataclass(frozen=True, slots=True)
class ChargeEffect:
    """A charge with what would stand without it, said; `moves` where the rank is another then."""

    without: Without
    told: Safe
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
    if not moves:
        return ChargeEffect(without, Safe("{}{}").format(head, w._("the same rank")), moves)
    old, new = w.rank(standing), w.place(without.rank, tied=without.tied)
    return ChargeEffect(without, Safe("{}{} → <b>{}</b>").format(head, old, new), moves)
