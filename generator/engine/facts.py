"""The view of one submission that rules look at, for the year or for a period inside it.

Owns what that view holds: excluded records taken out, deadline states added. Must not deduct
anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from generator.engine.book import Deadline, Exclusions, Rulebook
from generator.engine.deadlines import with_state
from generator.engine.measures import Condition, Selection
from generator.engine.model import Calendar, Exclusion, Period, Record, Submission
from generator.engine.problem import Amount, Location, Path
from generator.engine.records import in_order, listed, lookup, meets, sources

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

    def deadline_by(self, name: str) -> Deadline | None:
        """The deadline of that id."""
        return next((d for d in self.rulebook.deadlines if d.id == name), None)

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
    measured: dict[Any, Mapping[str, Fraction]] = field(default_factory=dict)


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
        excluded = tuple(_exclusion(submission, rule, r) for r in in_order(left_out, order))
        records[rule.records] = tuple(r for r in reported if r.fields.get(rule.field) is None)
    for deadline in rulebook.deadlines:
        records[deadline.records] = tuple(
            with_state(record, deadline, period, calendar) for record in records[deadline.records]
        )
    known = Peers() if peers is None else peers
    return Facts(
        *(submission, rulebook, period, records, excluded, part, calendar),
        before=before,
        year_before=year_before,
        peers=known,
    )


def within(part: str | None) -> Path:
    """The keys that lead to the facts of a period inside the year."""
    return () if part is None else (PARTS, part)


def _exclusion(submission: Submission, rule: Exclusions, record: Record) -> Exclusion:
    ground = rule.grounds[str(lookup(record.fields, (rule.field, "ground")))]
    return Exclusion(record, ground, sources(submission, f"{record.address}.{rule.field}"))
