"""One event under one clause only: which clause a record counts under where several deduct for it.

Owns that choice. Must not ask a rule anything, charge, or know what any regulation is about.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Literal, TypeAlias

from generator.engine.kinds import Ceiling, PerRecord, Recurrence, Rule
from generator.engine.problem import Message, Path
from generator.engine.result import Deduction

Asked: TypeAlias = Mapping[str, tuple[Deduction, ...]]
"""What is asked under each clause, by its id, in the rulebook's order."""

Event: TypeAlias = tuple[Path, str]
"""A record: its list and its id."""

Once: TypeAlias = Literal["heaviest", "first"]


def once(asked: Asked, lists: Mapping[str, Path], how: Once) -> Asked:
    """The same, each record under one of the clauses that deduct for it.

    Under the one that asks most for it (the first of equals), or under the first one. Awards,
    findings and what is not about one record stay. `lists` are those of the rules.
    """
    costs: dict[Event, dict[str, Fraction]] = {}
    for clause, deductions in asked.items():
        for one in deductions:
            for event in event_of(one, lists):
                mine = costs.setdefault(event, {})
                mine[clause] = mine.get(clause, Fraction()) + one.points
    shared = {event: by for event, by in costs.items() if len(by) > 1}
    if not shared:
        return asked
    return {
        clause: tuple(_kept(clause, deductions, shared, how, lists))
        for clause, deductions in asked.items()
    }


def _kept(
    clause: str,
    deductions: tuple[Deduction, ...],
    shared: Mapping[Event, Mapping[str, Fraction]],
    how: Once,
    lists: Mapping[str, Path],
) -> Iterator[Deduction]:
    """What stays under a clause; what counts here alone says under which others it would."""
    for one in deductions:
        reason = one.reason
        for event in event_of(one, lists):
            by = shared.get(event, {clause: one.points})
            if clause != _chosen(by, how):
                break
            if others := tuple(other for other in by if other != clause):
                args = {"reason": reason, "clauses": others}
                reason = Message("{reason}; counted here and not under {clauses} as well", args)
        else:
            yield one if reason is one.reason else replace(one, reason=reason)


def _chosen(by: Mapping[str, Fraction], how: Once) -> str:
    """The clause under which a record counts; both ways prefer the earlier one."""
    return next(iter(by)) if how == "first" else max(by, key=by.__getitem__)


def event_of(one: Deduction, lists: Mapping[str, Path]) -> tuple[Event, ...]:
    """The one record that a deduction is about, if it is about one."""
    there = one.rule in lists and not one.award
    return ((lists[one.rule], one.records[0]),) if there else ()


def lists_by_rule(rules: Iterable[Rule]) -> dict[str, Path]:
    """The list of records that each rule goes through one by one."""
    return {
        rule.id: rule.selection.records
        for rule in rules
        if isinstance(rule, PerRecord | Ceiling | Recurrence)
    }
