"""Parts of a rulebook that can never make a difference, whatever is reported.

Owns finding them: conditions that nothing meets, amounts of nothing, targets that nobody can
miss, clauses for nobody. Looks only at rulebooks that are sound otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from generator.data.rulebook import inside
from generator.data.rulebook_measures import Value, conditions, path, quantity, tests
from generator.data.rulebook_paths import inner_quantities
from generator.data.rulebook_ranges import Range, range_of, range_of_bounds, range_of_field
from generator.data.rulebook_walk import Keys, figures, places
from generator.engine.book import DeadlineState
from generator.engine.measures import Bounds, Condition, FactQuantity, Quantity, Test
from generator.engine.problem import Message, Path, Problem
from generator.reading.source import Document
from generator.shape.form import Form

_AMOUNTS = ("amount", "amounts", "later", "otherwise", "greatest")
_LATE = frozenset((DeadlineState.LATE, DeadlineState.OVERDUE, DeadlineState.OVERDUE_EARLIER))
"""States in which a limit has been passed, so that a delay can be counted."""


def dead_problems(document: Document, form: Form) -> list[Problem]:
    """Everything that can never make a difference."""
    value = document.value
    problems: list[Problem] = []
    for keys, section in places(value, "sections.*"):
        periods = value.get("periods", [])
        in_parts = section.get("each") == "period"
        here = _Checker(document, inside(form, periods[0]["id"]) if in_parts else form)
        problems += here.section(keys, section)
    problems += _Checker(document, form).above()
    return problems


@dataclass(frozen=True, slots=True)
class _Checker:
    document: Document
    form: Form

    def dead(self, keys: Keys, why: Message, *, key: bool = False) -> Problem:
        message = Message(
            "This can never make a difference: {why}. Mend it or delete it.", {"why": why}
        )
        return Problem(self.document.location(keys, key=key), "dead-rule", message)

    def section(self, keys: Keys, section: Value) -> Iterator[Problem]:
        groups = section.get("groups", ())
        yield from self.groups(keys, section, groups)
        for here, clause in places(section, "clauses.*"):
            at = (*keys, *here)
            mine = clause.get("groups", ())
            both = [group for group in mine if group in groups] if groups and mine else mine
            if mine and not both:
                why = Message("none of these groups has this section")
                yield self.dead((*at, "groups"), why, key=True)
            yield from self.groups(at, clause, both or groups)
            yield from self.clause(at, clause)

    def groups(self, keys: Keys, value: Value, groups: Sequence[str]) -> Iterator[Problem]:
        """Figures of groups to which it does not apply."""
        for table in ("points_by_group", "weight_by_group"):
            for here, group in places(value, f"{table}.@"):
                if groups and group not in groups:
                    why = Message("it does not apply to the group «{group}»", {"group": group})
                    yield self.dead((*keys, *here), why, key=True)

    def clause(self, keys: Keys, clause: Value) -> Iterator[Problem]:
        for here, where in places(clause, "applies.where"):
            yield from self.tests((*keys, *here), where)
        for here, rule in places(clause, "rules.*"):
            yield from self.rule((*keys, *here), rule)

    def above(self) -> Iterator[Problem]:
        value = self.document.value
        for pattern in ("pools.*.where", "vetoes.*.where"):
            for keys, where in places(value, pattern):
                yield from self.tests(keys, where)
        for keys, rule in places(value, "pools.*.rules.*"):
            yield from self.rule(keys, rule)
        for keys, cap in places(value, "pools.*.cap"):
            if not cap["value"]:
                yield self.dead((*keys, "value"), Message("nothing is given below a cap of 0"))
        for keys, breaker in places(value, "tie_breakers.*"):
            yield from self.quantity(keys, breaker)
        yield from self.period_grades()
        yield from self.beyond()

    def period_grades(self) -> Iterator[Problem]:
        """Consequences of grades, where not the year but every period has its grade."""
        bands = self.document.value.get("bands", {})
        for keys, _ in places(bands, "list.*.outcomes") if bands.get("of") == "period" else ():
            why = Message(
                "only the grade of the year has outcomes of its own; what follows from grades of "
                "periods is a streak, of one period if need be"
            )
            yield self.dead(("bands", *keys), why, key=True)

    def beyond(self) -> Iterator[Problem]:
        """Scores that nobody can have, once the whole has been converted."""
        conversions = self.document.value.get("conversions", ())
        if not conversions:
            return
        most = Fraction(conversions[-1]["to"]["value"])
        for pattern in ("vetoes.*.score", "vetoes.*.at_most"):
            for keys, figure in places(self.document.value, pattern):
                if Fraction(figure["value"]) > most:
                    why = Message(
                        "the score has been converted to one out of {most} before this",
                        {"most": most},
                    )
                    yield self.dead((*keys, "value"), why)

    # --- rules ---

    def rule(self, keys: Keys, rule: Value) -> Iterator[Problem]:
        if not any(figure["value"] for figure in _amounts(rule)) or _is_0(rule.get("most")):
            yield self.dead((*keys, "id"), Message("all its amounts are 0"))
        if "records" in rule:
            yield from self.choosing(keys, rule)
        for name in ("actual", "at_least", "at_most", "around", "limit", "value"):
            if name in rule:
                yield from self.quantity((*keys, name), rule[name])
        if rule["kind"] == "target":
            yield from self.target(keys, rule)

    def choosing(self, keys: Keys, rule: Value) -> Iterator[Problem]:
        """The rule's condition, and with it those of its parts."""
        records, where = path(rule["records"]), conditions(rule.get("where", {}))
        found = list(self.where((*keys, "where"), records, where))
        yield from found
        if found:
            return
        for here, inner in (*places(rule, "first.where"), *places(rule, "factors.*.where")):
            yield from self.where((*keys, *here), records, (*where, *conditions(inner)))
        for here, delay in places(rule, "delay"):
            states = [set(c.values) for c in where if c.field == (delay["deadline"],)]
            if states and not states[0] & _LATE:
                why = Message("none of these records is late")
                yield self.dead((*keys, *here), why, key=True)

    def target(self, keys: Keys, rule: Value) -> Iterator[Problem]:
        """A target of a rule that deducts must be one that can be missed."""
        side = next((side for side in ("at_least", "at_most") if side in rule), None)
        if side is None or rule.get("effect") == "award":
            return
        actual, bound = (range_of(quantity(rule[name]), self.form) for name in ("actual", side))
        if side == "at_most":
            actual, bound = bound, actual
        if actual.low is not None and bound.high is not None and actual.low >= bound.high:
            why = Message("nobody can miss this target")
            yield self.dead((*keys, side), why, key=True)

    # --- conditions ---

    def quantity(self, keys: Keys, value: Value) -> Iterator[Problem]:
        for kind in ("count", "sum"):
            if kind in value:
                where = conditions(value.get("where", {}))
                yield from self.where((*keys, "where"), path(value[kind]), where)
        for here, inner in inner_quantities(value):
            yield from self.quantity((*keys, *here), inner)

    def where(self, keys: Keys, records: Path, where: Sequence[Condition]) -> Iterator[Problem]:
        """Conditions on one record that contradict each other, or the form."""
        absent = [c.field for c in where if c.present is False]
        for field in dict.fromkeys(condition.field for condition in where):
            asked = [c for c in where if c.field == field and c.present is None]
            there = asked or [c for c in where if c.field == field and c.present]
            gone = any(field[: len(above)] == above for above in absent)
            bounds = [c.bounds for c in asked if c.bounds]
            possible = range_of_field(self.form.at((*records, *field)))
            if (there and gone) or _never([c.values for c in asked if c.values], bounds, possible):
                why = Message(
                    "no record meets what is asked of «{path}»", {"path": ".".join(field)}
                )
                yield self.dead(keys, why, key=True)

    def tests(self, keys: Keys, where: Sequence[Value]) -> Iterator[Problem]:
        """Tests of one unit that contradict each other, or the form."""
        for number, test in enumerate(where):
            yield from self.quantity((*keys, number), test)
        by_quantity: dict[Quantity, list[Test]] = {}
        for one in tests(where):
            by_quantity.setdefault(one.quantity or FactQuantity(one.fact), []).append(one)
        for measured, those in by_quantity.items():
            values = [test.values for test in those if test.values]
            bounds = [test.bounds for test in those if test.bounds]
            if _never(values, bounds, range_of(measured, self.form)):
                why = Message("no unit passes all of these tests")
                yield self.dead(keys, why, key=True)


def _never(values: Sequence[tuple[object, ...]], bounds: Sequence[Bounds], possible: Range) -> bool:
    """Whether nothing is one of the values in every list and lies in all bounds."""
    for one in bounds:
        possible = possible.meets(range_of_bounds(one))
    if possible.empty:
        return True
    return bool(values) and not [
        value
        for value in values[0]
        if all(value in others for others in values)
        and all(isinstance(value, int) and one.hold(value) for one in bounds)
    ]


def _amounts(rule: Value) -> Iterator[Value]:
    """The numbers of points that a rule can give or take."""
    held = [rule[name] for name in _AMOUNTS if name in rule]
    held += [points for _, points in places(rule, "along.*.points")]
    held += [amount for _, amount in places(rule, "first.amount")]
    for one in held:
        yield from (figure for _, figure in figures(one))


def _is_0(figure: Mapping[str, Any] | None) -> bool:
    return figure is not None and not figure["value"]
