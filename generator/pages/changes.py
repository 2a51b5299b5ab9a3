"""The record of changes: which commits moved a year's scores and ranks, and because of what.

Owns how two sides of a score, a rank and consequences are written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from generator.engine.difference import Cause
from generator.engine.problem import Message
from generator.engine.year import Standing
from generator.pages.layout import Site, year_crumbs
from generator.pages.year import Year
from generator.reading.git import Commit
from generator.review.diff import History, TownshipDiff, YearDiff

NO_GIT = Message(
    "These pages were not built from a Git repository, so nobody can see here which change "
    "moved which score."
)
CUT = Message(
    "These pages were built from a shallow clone: only its newest commits are shown, older ones "
    "are in the repository."
)

SHOWN = 60
"""So many townships of a commit are shown; the others are counted."""


@dataclass(frozen=True, slots=True)
class Move:
    """What one commit, with those before it that had errors, moved for one township."""

    commits: tuple[Commit, ...]
    one: TownshipDiff

    def touched(self, clause: str, part: str | None) -> bool:
        """Whether a clause got other points by it, were it the first ones."""
        return _points(self.one.old, clause, part) != _points(self.one.new, clause, part)

    @property
    def first(self) -> bool:
        """Whether the township had no points before."""
        return not (self.one.old and self.one.old.scorecard)

    @property
    def causes(self) -> Sequence[Cause]:
        """The inputs that brought it about, each once, in their order."""
        found = {cause for each in self.one.found for causes in each.causes for cause in causes}
        return [cause for cause in Cause if cause in found]


@dataclass(frozen=True, slots=True)
class Moves:
    """What one commit moved in a year; `more` townships are only counted."""

    commits: tuple[Commit, ...]
    year: YearDiff

    @property
    def shown(self) -> list[Move]:
        return [Move(self.commits, one) for one in self.year.townships[:SHOWN]]

    @property
    def more(self) -> int:
        return max(len(self.year.townships) - SHOWN, 0)


@dataclass(frozen=True)
class Record:
    """A year's record, the newest commit first; `note` says what is missing, and why."""

    entries: tuple[Moves, ...]
    note: Message | None = None

    @cached_property
    def by_township(self) -> Mapping[str, list[Move]]:
        """What moved each township, the newest first."""
        found: dict[str, list[Move]] = {}
        for entry in self.entries:
            for one in entry.year.townships:
                found.setdefault(one.township.id, []).append(Move(entry.commits, one))
        return found


def _points(standing: Standing | None, clause: str, part: str | None) -> Fraction | None:
    for section in standing.scorecard.sections if standing and standing.scorecard else ():
        for score in section.clauses if section.part == part else ():
            if score.clause.id == clause:
                return score.points
    return None


def record_of(history: History | None, year: int) -> Record:
    """What of a history is about one year; without a history that is said."""
    if history is None:
        return Record((), NO_GIT)
    return Record(tuple(_moves(history, year)), CUT if history.cut else None)


def _moves(history: History, year: int) -> Iterator[Moves]:
    for entry in history.of(year).entries:
        for one in entry.diff.years:
            yield Moves(entry.commits, one)


def changes(site: Site, year: Year, record: Record) -> str:
    """The page of a year's commits."""
    site = site.under(year.book)
    return site.page(
        "record.md.j2",
        f"results/{year.number}/changes.md",
        site.words._("{year}: record of changes", year=year.number),
        crumbs=year_crumbs(site, year.number),
        year=year,
        book=year.book,
        record=record,
    )
