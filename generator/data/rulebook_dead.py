"""Parts of a rulebook that can never make a difference, as their names alone show.

Owns finding them: figures and clauses for groups that are not asked, values that exclude each
other, what is asked of a part that is absent. Looks only at rulebooks that are sound otherwise.
Must not reckon with numbers: what a figure does rests on every rule around it, and a rule
called dead by mistake is worse than a dead one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.data.rulebook_measures import Value, conditions, tests
from generator.data.rulebook_paths import inner_quantities
from generator.data.rulebook_walk import Keys, places
from generator.engine.book import DeadlineState
from generator.engine.measures import Condition
from generator.engine.problem import Message, Path, Problem, Severity
from generator.reading.source import Document

_LATE = frozenset((DeadlineState.LATE, DeadlineState.OVERDUE, DeadlineState.OVERDUE_EARLIER))
"""States in which a limit has been passed, so that a delay can be counted."""


def dead_problems(document: Document) -> list[Problem]:
    """A warning for everything that can never make a difference."""
    checker = _Checker(document)
    problems: list[Problem] = []
    for keys, section in places(document.value, "sections.*"):
        problems += checker.section(keys, section)
    return [*problems, *checker.above()]


@dataclass(frozen=True, slots=True)
class _Checker:
    document: Document

    def dead(self, keys: Keys, why: Message, *, key: bool = False) -> Problem:
        message = Message(
            "This can never make a difference: {why}. Mend it or delete it.", {"why": why}
        )
        place = self.document.location(keys, key=key)
        return Problem(place, "dead-rule", message, Severity.WARNING)

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
        for keys, breaker in places(value, "tie_breakers.*"):
            yield from self.quantity(keys, breaker)
        yield from self.period_grades()

    def period_grades(self) -> Iterator[Problem]:
        """Consequences of grades, where not the year but every period has its grade."""
        bands = self.document.value.get("bands", {})
        for keys, _ in places(bands, "list.*.outcomes") if bands.get("of") == "period" else ():
            why = Message(
                "only the grade of the year has outcomes of its own; what follows from grades of "
                "periods is a streak, of one period if need be"
            )
            yield self.dead(("bands", *keys), why, key=True)

    # --- rules ---

    def rule(self, keys: Keys, rule: Value) -> Iterator[Problem]:
        if "records" in rule:
            yield from self.choosing(keys, rule)
        for name in ("actual", "at_least", "at_most", "around", "limit", "value"):
            if name in rule:
                yield from self.quantity((*keys, name), rule[name])

    def choosing(self, keys: Keys, rule: Value) -> Iterator[Problem]:
        """The rule's condition, and with it those of its parts."""
        where = conditions(rule.get("where", {}))
        found = list(self.where((*keys, "where"), where))
        yield from found
        if found:
            return
        for here, inner in (*places(rule, "first.where"), *places(rule, "factors.*.where")):
            yield from self.where((*keys, *here), (*where, *conditions(inner)))
        for here, delay in places(rule, "delay"):
            states = [set(c.values) for c in where if c.field == (delay["deadline"],)]
            if states and not states[0] & _LATE:
                why = Message("none of these records is late")
                yield self.dead((*keys, *here), why, key=True)

    # --- conditions ---

    def quantity(self, keys: Keys, value: Value) -> Iterator[Problem]:
        for kind in ("count", "sum"):
            if kind in value:
                where = conditions(value.get("where", {}))
                yield from self.where((*keys, "where"), where)
        for here, inner in inner_quantities(value):
            yield from self.quantity((*keys, *here), inner)

    def where(self, keys: Keys, where: Sequence[Condition]) -> Iterator[Problem]:
        """Conditions on one record that contradict each other."""
        absent = [c.field for c in where if c.present is False]
        for field in dict.fromkeys(condition.field for condition in where):
            mine = [c for c in where if c.field == field]
            asked = any(c.present is not False for c in mine)
            gone = any(field[: len(above)] == above for above in absent)
            if (asked and gone) or _exclusive([c.values for c in mine if c.values]):
                why = Message(
                    "no record meets what is asked of «{path}»", {"path": ".".join(field)}
                )
                yield self.dead(keys, why, key=True)

    def tests(self, keys: Keys, where: Sequence[Value]) -> Iterator[Problem]:
        """Tests of one unit that contradict each other."""
        for number, test in enumerate(where):
            yield from self.quantity((*keys, number), test)
        values: dict[Path, list[tuple[object, ...]]] = {}
        for one in tests(where):
            if one.values:
                values.setdefault(one.fact, []).append(one.values)
        if any(map(_exclusive, values.values())):
            yield self.dead(keys, Message("no unit passes all of these tests"), key=True)


def _exclusive(lists: Sequence[tuple[object, ...]]) -> bool:
    """Whether there are lists of values, and no value is in all of them."""
    return bool(lists) and not set(lists[0]).intersection(*lists[1:])
