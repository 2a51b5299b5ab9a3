"""What a rulebook counts and asks, in words: facts, conditions, tests, figures and grounds.

Names come from the form, so that they are those of the report. One walk over a rule's fields finds
its figures: a field's type says how they are written, a table of purposes what they are for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from typing import Any

from generator.engine.book import DeadlineState, Rulebook
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
    FactTest,
    Figure,
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
from generator.engine.year import Standing
from generator.pages.wording import Words
from generator.shape.form import Form
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
        if isinstance(test, FactTest):
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


@dataclass(frozen=True, slots=True)
class Cost:
    """A charge with what would stand without it, said; `moves` where the rank is another then."""

    without: Without
    told: Safe
    moves: bool


def cost(w: Words, standing: Standing, one: Without) -> Cost:
    """Without V-003: 91.45, rank 6 → rank 4.

    A record is left out of every clause, where others may be charged in its place.
    """
    score = w.scored(one.score)
    scorecard = standing.scorecard
    if one.record is not None and scorecard and one.score == scorecard.score:
        head = w._(
            "Without {what} other records cost as much: {score}, ", what=one.record, score=score
        )
    elif one.record is not None:
        head = w._("Without {what} in any clause: {score}, ", what=one.record, score=score)
    elif one.charge.deduction.award:
        head = w._("Without this award: {score}, ", score=score)
    else:
        head = w._("Without this deduction: {score}, ", score=score)
    moves = (one.rank, one.tied) != (standing.rank, standing.tied)
    if not moves:
        return Cost(one, Safe("{}{}").format(head, w._("the same rank")), moves)
    old, new = w.rank(standing), place(w, one.rank, tied=one.tied)
    return Cost(one, Safe("{}{} → <b>{}</b>").format(head, old, new), moves)


def place(w: Words, rank: int, *, tied: bool) -> str:
    """A rank as pages say it: 第4名, 并列第4名."""
    if tied:
        return w._("Tied at rank {rank}", rank=rank)
    return w._("Rank {rank}", rank=rank)
