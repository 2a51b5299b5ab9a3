"""Each unit's facts as rules see them: of the year, its periods, the year before, the unit's group.

Owns which records are excluded, when a period is, who is compared with whom, and the rulebook as
one group sees it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from generator.engine.book import ByGroup, Deadline, Rulebook, looks_back
from generator.engine.measures import Condition, Figure, Quantity, Selection, bounds_in
from generator.engine.problem import Amount, Location, Path
from generator.engine.records import (
    due,
    in_order,
    limit,
    listed,
    lookup,
    meets,
    sources,
    with_state,
)
from generator.engine.year import Calendar, Exclusion, Period, Record, Submission, Township

_PLAIN = Calendar()
PARTS = "periods"
"""Where a report keeps the facts of the periods inside the year, by their ids."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One submission as rules see it; `records` holds only those that count.

    `part` is the period inside the year whose facts these are, None for the year's own.
    `before` is the same a period (or year) earlier, `year_before` a year earlier, `peers` who is
    ranked together.
    """

    submission: Submission
    rulebook: Rulebook
    period: Period
    records: Mapping[Path, tuple[Record, ...]]
    excluded: tuple[Exclusion, ...]
    part: str | None = None
    calendar: Calendar = field(default_factory=Calendar)
    before: "Facts | None" = None
    year_before: "Facts | None" = None
    peers: "Peers" = field(default_factory=lambda: Peers())  # noqa: PLW0108 - defined below

    def value(self, path: Path) -> object:
        """The fact at `path`, None where there is none."""
        return lookup(self.submission.facts, (*within(self.part), *path))

    def select(self, selection: Selection) -> tuple[Record, ...]:
        """The selected records that count, by date, then id."""
        chosen = (r for r in self.records.get(selection.records, ()) if meets(r, selection.where))
        return in_order(chosen, self.rulebook.records[selection.records].date)

    def deadline(self, conditions: Iterable[Condition]) -> Deadline | None:
        """The deadline that the conditions ask about, if they do."""
        asked = {condition.field for condition in conditions}
        return next((d for d in self.rulebook.deadlines if (d.id,) in asked), None)

    def limits(self, deadline: Deadline | None, records: Iterable[Record]) -> tuple[Figure, ...]:
        """The limits of a deadline by which records were judged."""
        if deadline is None:
            return ()
        return tuple(limit(r, deadline) for r in records if due(r, deadline, self.calendar))

    def figures(
        self, conditions: Sequence[Condition], records: Iterable[Record]
    ) -> tuple[Figure, ...]:
        """The limits by which records were judged, and the bounds they were chosen by."""
        if not conditions:
            return ()
        return (*self.limits(self.deadline(conditions), records), *bounds_in(conditions))

    def sources(self, path: Path) -> tuple[Location, ...]:
        """Where the fact at `path` stands, as `sources` finds it."""
        return sources(self.submission, ".".join((*within(self.part), *path)))

    def record_sources(self, record: Record) -> tuple[Location, ...]:
        """Where a record stands."""
        return sources(self.submission, record.address)

    def amount(self, value: Fraction) -> Amount:
        """So many of the rulebook's unit of account."""
        return Amount(value, self.rulebook.wording.unit)


@dataclass(frozen=True, slots=True, eq=False)
class Peers:
    """The units ranked together, as seen in one period; what they measure is kept."""

    views: dict[str, Facts] = field(default_factory=dict)
    measured: dict[Quantity, Collection[Fraction]] = field(default_factory=dict)


def facts(
    submission: Submission,
    rulebook: Rulebook,
    period: Period,
    *,
    part: str | None = None,
    calendar: Calendar = _PLAIN,
    before: Facts | None = None,
    year_before: Facts | None = None,
    peers: Peers | None = None,
) -> Facts:
    """The view of a submission under a rulebook; `period` is that of the part, if there is one."""
    excluded: tuple[Exclusion, ...] = ()
    prefix = within(part)
    records = {path: listed(submission, (*prefix, *path)) for path in rulebook.records}
    if rule := rulebook.exclusions:
        reported = records[rule.records]
        left_out = (r for r in reported if r.fields.get(rule.field) is not None)
        order = rulebook.records[rule.records].date
        excluded = tuple(
            Exclusion(
                record,
                rule.grounds[str(lookup(record.fields, (rule.field, "ground")))],
                sources(submission, f"{record.address}.{rule.field}"),
            )
            for record in in_order(left_out, order)
        )
        records[rule.records] = tuple(r for r in reported if r.fields.get(rule.field) is None)
    for deadline in rulebook.deadlines:
        records[deadline.records] = tuple(
            with_state(record, deadline, period, calendar) for record in records[deadline.records]
        )
    seen = submission, rulebook, period, records, excluded, part, calendar, before, year_before
    return Facts(*seen, Peers() if peers is None else peers)


def within(part: str | None) -> Path:
    """The keys that lead to the facts of a period inside the year."""
    return () if part is None else (PARTS, part)


Views: TypeAlias = Mapping[str | None, Facts]
"""One unit's facts: of the year (None), and of each period inside it."""


def views_of(
    submissions: Mapping[str, Submission],
    rulebook: Rulebook,
    period: Period,
    groups: Mapping[str, str],
    before: Mapping[str, Submission],
    calendar: Calendar,
) -> dict[str, Views]:
    """The facts of every unit under its group's rulebook, with its past and who it ranks with."""
    remembered = before if looks_back(rulebook) else {}
    then = {unit: remembered[unit] for unit in submissions if unit in remembered}
    past = past_views(then, rulebook, period, groups, calendar)
    return _views(submissions, rulebook, period, groups, calendar, past)


def apart(book: Rulebook) -> bool:
    """Whether its groups are ranked each by itself."""
    return book.above.grouping is not None and book.above.grouping.apart


def past_views(
    before: Mapping[str, Submission],
    rulebook: Rulebook,
    period: Period,
    groups: Mapping[str, str],
    calendar: Calendar,
) -> dict[str, Views]:
    """The facts of the year before of all who reported then, each knowing the others."""
    earlier = Period(_year_before(period.start), _year_before(period.end))
    return _views(before, rulebook, earlier, groups, calendar, None)


def _views(
    submissions: Mapping[str, Submission],
    rulebook: Rulebook,
    period: Period,
    groups: Mapping[str, str],
    calendar: Calendar,
    past: Mapping[str, Views] | None,
) -> dict[str, Views]:
    """The facts of every unit; None as `past`: without one, and only the periods reported."""
    together: dict[tuple[str | None, str | None], Peers] = {}
    units: dict[str, Views] = {}
    books = {group: of_group(rulebook, group) for group in {None, *groups.values()}}
    for unit, submission in submissions.items():
        group = groups.get(unit)
        book = books[group]
        own_group = group if apart(book) else None
        parts = [part.id for part in book.above.parts]
        if past is None:
            reported = submission.facts.get(PARTS)
            parts = [part for part in parts if isinstance(reported, Mapping) and part in reported]
        last = past.get(unit, {}) if past else {}
        views: dict[str | None, Facts] = {}
        for part in (None, *parts):
            peers = together.setdefault((own_group, part), Peers())
            earlier = last.get(part) if part is None else (_newest(views) or _newest(last))
            views[part] = facts(
                submission,
                book,
                _span(book, part, period),
                part=part,
                calendar=calendar,
                before=earlier if past is not None else None,
                year_before=last.get(part),
                peers=peers,
            )
            peers.views[unit] = views[part]
        units[unit] = views
    return units


def _year_before(day: date) -> date:
    last = date(day.year - 1, day.month, 28)
    return last if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def _newest(views: Views) -> Facts | None:
    """The facts of the last of the periods inside a year."""
    inner = [view for part, view in views.items() if part is not None]
    return inner[-1] if inner else None


def _span(book: Rulebook, part: str | None, year: Period) -> Period:
    """When a period inside the year is."""
    if part is None:
        return year
    inner = next(each for each in book.above.parts if each.id == part)
    return Period(_day(inner.start, year.start.year), _day(inner.end, year.start.year))


def _day(month_and_day: str, year: int) -> date:
    month, day = map(int, month_and_day.split("-"))
    if (month, day) == (2, 29):  # the end of February, whichever day that is
        return date.fromordinal(date(year, 3, 1).toordinal() - 1)
    return date(year, month, day)


def group_of(rulebook: Rulebook, township: Township) -> str | None:
    """The group that a unit is in, None where the rulebook has none for it."""
    grouping = rulebook.above.grouping
    if grouping is None:
        return None
    of = {"group": township.group, "kind": township.kind, "id": township.id}[grouping.by]
    return of if any(group.id == of for group in grouping.groups) else None


def groups_of(rulebook: Rulebook, townships: Iterable[Township]) -> dict[str, str]:
    """The group of every unit that is in one."""
    groups = {township.id: group_of(rulebook, township) for township in townships}
    return {unit: group for unit, group in groups.items() if group is not None}


def of_group(rulebook: Rulebook, group: str | None) -> Rulebook:
    """The rulebook with one group's clauses, points and weights; without one, what all have."""
    if rulebook.above.grouping is None:
        return rulebook
    sections = tuple(
        replace(
            section,
            points=_own(section.points, section.points_by_group, group),
            weight=section.weight_by_group.get(group or "", section.weight),
            clauses=tuple(
                replace(clause, points=_own(clause.points, clause.points_by_group, group))
                for clause in section.clauses
                if for_group(clause.groups, group)
            ),
        )
        for section in rulebook.sections
        if for_group(section.groups, group)
    )
    pools = tuple(pool for pool in rulebook.above.pools if for_group(pool.groups, group))
    payments = tuple(
        replace(payment, per_point=_own(payment.per_point, payment.per_point_by_group, group))
        for payment in rulebook.above.payments
    )
    return replace(
        rulebook,
        total=_own(rulebook.total, rulebook.total_by_group, group),
        sections=sections,
        above=replace(rulebook.above, pools=pools, payments=payments),
    )


def for_group(groups: tuple[str, ...], group: str | None) -> bool:
    """Whether something meant for these groups is meant for this one; none named, for all."""
    return not groups or group in groups


def _own(general: Figure, by_group: ByGroup, group: str | None) -> Figure:
    return general if group is None else by_group.get(group, general)
