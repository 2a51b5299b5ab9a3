"""Units assessed by maxima, weights or clauses of their own: a rulebook as one group sees it.

Owns which group a unit is in. Must not judge anything.
"""

from collections.abc import Iterable
from dataclasses import replace

from generator.engine.above import ByGroup
from generator.engine.book import Clause, Rulebook, Section
from generator.engine.measures import Figure
from generator.engine.model import Township


def group_of(rulebook: Rulebook, township: Township) -> str | None:
    """The group that a unit is in, None where the rulebook has none for it."""
    grouping = rulebook.above.grouping
    if grouping is None:
        return None
    of = {"group": township.group, "kind": township.kind, "id": township.id}[grouping.by]
    return of if any(group.id == of for group in grouping.groups) else None


def groups_of(rulebook: Rulebook, townships: Iterable[Township]) -> dict[str, str]:
    """The group of every unit that is in one."""
    found = {township.id: group_of(rulebook, township) for township in townships}
    return {unit: group for unit, group in found.items() if group is not None}


def of_group(rulebook: Rulebook, group: str | None) -> Rulebook:
    """The rulebook with one group's clauses, points and weights; without one, what all have."""
    if rulebook.above.grouping is None:
        return rulebook
    mine = [section for section in rulebook.sections if for_group(section.groups, group)]
    pools = tuple(pool for pool in rulebook.above.pools if for_group(pool.groups, group))
    payments = tuple(
        replace(payment, per_point=_own(payment.per_point, payment.per_point_by_group, group))
        for payment in rulebook.above.payments
    )
    return replace(
        rulebook,
        total=_own(rulebook.total, rulebook.total_by_group, group),
        sections=tuple(_section(section, group) for section in mine),
        above=replace(rulebook.above, pools=pools, payments=payments),
    )


def for_group(groups: tuple[str, ...], group: str | None) -> bool:
    """Whether something meant for these groups is meant for this one; none named, for all."""
    return not groups or group in groups


def _section(section: Section, group: str | None) -> Section:
    weight = section.weight_by_group.get(group or "", section.weight)
    clauses = (clause for clause in section.clauses if for_group(clause.groups, group))
    return replace(
        section,
        points=_own(section.points, section.points_by_group, group),
        weight=weight,
        clauses=tuple(_clause(clause, group) for clause in clauses),
    )


def _clause(clause: Clause, group: str | None) -> Clause:
    return replace(clause, points=_own(clause.points, clause.points_by_group, group))


def _own(general: Figure, by_group: ByGroup, group: str | None) -> Figure:
    return general if group is None else by_group.get(group, general)
