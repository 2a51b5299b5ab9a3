"""A number held against another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import ClassVar, Literal

from generator.engine.book import Rule
from generator.engine.facts import Facts
from generator.engine.measures import Figure, Measure, Names, Quantity, exact
from generator.engine.problem import Message, Text
from generator.engine.rules import deduction, unique, words
from generator.engine.year import Deduction


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Rule):
    """`amount` for what `actual` is away from `bound`, on the wrong side of it.

    `side`: "at_least" and "at_most" ask on one side, "around" on both. `steps` says how the
    distance is counted in units of `step`: "exact" with fractions, "started" or "full" in whole
    steps, "once" not at all. A rule that awards gives for the distance on the good side, or with
    "once" for the target reached. Not applicable, nothing asked.
    """

    kind = "target"
    purposes: ClassVar = {"bound": (Message("target"),) * 2, "step": (Message("one step"),) * 2}
    actual: Quantity
    side: Literal["at_least", "at_most", "around"]
    bound: Quantity
    amount: Figure
    step: Figure | None
    steps: Literal["exact", "started", "full", "once"]

    def deductions(self, facts: Facts) -> Iterator[Deduction]:
        actual, bound = self.actual.measure(facts), self.bound.measure(facts)
        if actual.value is None or bound.value is None:
            return
        distance = actual.value - bound.value
        if self.side == "around":
            distance = abs(distance)
        elif (self.side == "at_least") != self.award:
            distance = -distance
        reached = distance >= 0 if self.award and self.steps == "once" else distance > 0
        if not reached:
            return
        steps = self._steps(distance)
        step = (self.step,) if self.step else ()
        figures = (self.amount, *step, *actual.figures, *bound.figures)
        reason = self._working(facts, actual, bound, distance, steps)
        places = unique(actual.sources + bound.sources)
        yield deduction(self, steps * self.amount.value, reason, figures, places, actual.records)

    def _steps(self, distance: Fraction) -> Fraction:
        """How often the amount is asked for that distance."""
        if self.steps == "once":
            return Fraction(1)
        steps = distance / self.step.value if self.step else distance
        if self.steps == "started":
            return Fraction(ceil(steps))
        return Fraction(floor(steps)) if self.steps == "full" else steps

    def _working(
        self, facts: Facts, actual: Measure, bound: Measure, distance: Fraction, steps: Fraction
    ) -> Message:
        args = words(self, facts, steps * self.amount.value, self.amount)
        args |= {"actual": actual.working, "bound": bound.working, "distance": distance}
        args |= {"step": self.step.value if self.step else Fraction(1), "steps": steps}
        if actual.percent:
            unit = _POINT if args["step"] == 1 else _POINTS
            args |= {"unit": unit, "bound": bound.in_per_cent}
        heads = _PERCENT if actual.percent else _NUMBER
        head = heads[self.side, self.award].about(args)
        if actual.ordinal:
            head = _RANKED[self.award].about(args | {"bound": bound.value})
        elif self.award and self.steps == "once":
            head = _REACHED[actual.percent].about(args)
        if self.steps == "once":
            return Message("{head}, {asked}", {"head": head, "asked": args["asked"]})
        counted = self.steps if self.step or self.steps != "exact" else "each"
        args = {"head": head, "each": _FOR_EACH[counted].about(args), "asked": args["asked"]}
        return Message("{head}, {each}, {asked}", args)

    def phrase(self, names: Names) -> object:
        bound = names.quantity(self.bound)
        if self.actual.counts_percent() and not self.bound.counts_percent():
            bound += "%"
        return _SIDES[self.side].about({"actual": names.quantity(self.actual), "bound": bound})

    def purpose(self, field: str, names: Names) -> object:
        if field != "amount":
            return Rule.purpose(self, field, names)
        if self.steps == "once":
            return Message("if reached, added") if self.award else Message("if not reached")
        unit = Text(self.unit.zh, f" {self.unit.en}" if self.unit.en else "")
        if self.actual.counts_percent():
            unit = _POINTS
        step = exact(self.step.value) if self.step else "1"
        args = {"step": Text(step + unit.zh, step + unit.en)}
        what = _STEPS[self.steps].about(args | {"away": _DISTANCES[self.side, self.award]})
        if self.award:
            return Message("{what}, added", {"what": what})
        return Message("{what}, taken", {"what": what})


_SIDES = {
    "at_least": Message("{actual}; not below {bound}"),
    "at_most": Message("{actual}; not above {bound}"),
    "around": Message("{actual}; measured against {bound}"),
}
_SHORT, _OVER, _AWAY = Message("short"), Message("over"), Message("away")
_DISTANCES = {
    ("at_least", False): _SHORT,
    ("at_most", False): _OVER,
    ("around", False): _AWAY,
    ("at_least", True): _OVER,
    ("at_most", True): Message("less"),
    ("around", True): _AWAY,
}
_STEPS = {
    "exact": Message("for every {step} {away}"),
    "started": Message("for every {step} {away}, a part counts as a whole"),
    "full": Message("for every full {step} {away}"),
}
_POINT = Text("个百分点", " percentage point")
_POINTS = Text("个百分点", " percentage points")
_NUMBER_AWAY = Message("{label}: {actual}{unit}, base {bound}{unit}, {distance}{unit} away")
_PERCENT_AWAY = Message("{label}: {actual}, base {bound}, {distance} percentage points away")
_NUMBER = {
    ("at_least", False): Message(
        "{label}: {actual}{unit}, needed {bound}{unit}, short {distance}{unit}"
    ),
    ("at_most", False): Message(
        "{label}: {actual}{unit}, at most {bound}{unit}, {distance}{unit} over"
    ),
    ("around", False): _NUMBER_AWAY,
    ("at_least", True): Message("{label}: {actual}{unit}, above {bound}{unit} by {distance}{unit}"),
    ("at_most", True): Message("{label}: {actual}{unit}, below {bound}{unit} by {distance}{unit}"),
    ("around", True): _NUMBER_AWAY,
}
_PERCENT = {
    ("at_least", False): Message(
        "{label}: {actual}, below {bound}, short {distance} percentage points"
    ),
    ("at_most", False): Message(
        "{label}: {actual}, above {bound}, {distance} percentage points over"
    ),
    ("around", False): _PERCENT_AWAY,
    ("at_least", True): Message("{label}: {actual}, {distance} percentage points above {bound}"),
    ("at_most", True): Message("{label}: {actual}, {distance} percentage points below {bound}"),
    ("around", True): _PERCENT_AWAY,
}
_RANKED = {
    False: Message("{label}: {actual}, should be no. {bound}, {distance} away"),
    True: Message("{label}: {actual}, target no. {bound}, {distance} better"),
}
_REACHED = {
    False: Message("{label}: {actual}{unit}, target {bound}{unit} reached"),
    True: Message("{label}: {actual}, target {bound} reached"),
}
_FOR_EACH = {
    "each": Message("{amount} each{unit}"),
    "exact": Message("{amount} for every {step}{unit}"),
    "started": Message("{amount} for every {step}{unit} begun, {steps} times"),
    "full": Message("{amount} for every full {step}{unit}, {steps} times"),
}
