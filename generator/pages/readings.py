"""The page of a year's other readings: what each would move, and who could have which rank."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from generator.engine.book import Alternative, Reading, Rulebook
from generator.engine.difference import Moved
from generator.engine.problem import Message, Text
from generator.pages import charts
from generator.pages.layout import Site
from generator.pages.wording import Words
from generator.pages.year import YearView
from generator.review.readings import Otherwise, Range, YearReadings
from generator.words.messages import Safe
from generator.words.whatif import how_many, left_out, lists_moved, nothing_more, place, span

SHOWN = 40
"""So many townships whose rank moves are named under one reading; the others are counted."""


@dataclass(frozen=True, slots=True)
class Way:
    """One alternative: how the phrase is read then, what that moves, and what there is to say."""

    reading: Reading
    alternative: Alternative
    note: Text | None
    found: Otherwise | None

    @property
    def moves(self) -> bool:
        """Whether a rank or a list is another."""
        return self.found is not None and bool(self.found.ranks or self.found.listed)

    @property
    def judged(self) -> bool:
        """Whether the year was judged so."""
        return self.found is not None and self.found.standings is not None

    @property
    def ranks(self) -> Sequence[Moved]:
        return sorted(
            self.found.ranks if self.found else (),
            key=lambda one: (one.new.rank or 0, one.old.rank),
        )[:SHOWN]

    @property
    def more(self) -> int:
        """How many more there are whose rank moves."""
        return max(len(self.found.ranks) - SHOWN, 0) if self.found else 0

    def lists(self, book: Rulebook) -> list[tuple[Moved, Message]]:
        """Who comes onto a list or leaves one, and which ones."""
        those = self.found.listed if self.found else ()
        return [(one, lists_moved(one, book)) for one in those]

    @property
    def nothing(self) -> Message | None:
        return nothing_more(self.found) if self.found else None


@dataclass(frozen=True, slots=True)
class Phrase:
    """An ambiguous phrase with the alternatives that are shown of it here."""

    reading: Reading
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """The possible ranks of those who rank together; `drawn` beside each, the same as `said`."""

    name: str
    rows: list[tuple[Range, Safe, Message]]


class View:
    """A year's readings as its page shows them; `found` is None where nothing was judged."""

    def __init__(self, words: Words, year: YearView, found: YearReadings | None) -> None:
        self._w, self.year, self.found = words, year, found

    @cached_property
    def ways(self) -> list[Way]:
        """Every alternative of the rulebook, in its order."""
        board = self.found.board if self.found else None
        options = {(o.reading, o.id): o for o in board.options} if board else {}
        judged = {one.option: one for one in self.found.found} if self.found else {}
        found = []
        for reading in self.year.book.readings:
            for one in reading.alternatives:
                option = options.get((reading.id, one.id))
                result = judged.get(option) if option else None
                found.append(Way(reading, one, option.note if option else None, result))
        return found

    @property
    def moving(self) -> list[Phrase]:
        """Those under which a rank or a list is another."""
        return _phrases(way for way in self.ways if way.moves)

    @property
    def still(self) -> list[Way]:
        """Those under which none is."""
        return [way for way in self.ways if way.judged and not way.moves]

    @property
    def texts(self) -> list[Way]:
        """Those that are not judged: by any year, or by this one."""
        return [way for way in self.ways if not way.judged]

    @property
    def over(self) -> Message | None:
        """Over how many combinations the ranks are."""
        return how_many(self.found.ranges) if self.found and self.found.ranges else None

    @property
    def out(self) -> Message | None:
        """The readings that no combination holds, because the year cannot be judged so."""
        ranges = self.found.ranges if self.found else None
        return left_out(self.year.book, ranges.left_out) if ranges and ranges.left_out else None

    @cached_property
    def spreads(self) -> list[Spread]:
        """Everybody's possible ranks, among those who rank together."""
        ranges = self.found.ranges if self.found else None
        by_id = {one.township.id: one for one in ranges.ranges} if ranges else {}
        found = []
        for group in self.year.rank_groups:
            units = [by_id[s.township.id] for s in group.standings if s.township.id in by_id]
            rows = [(u, charts.span(u.best, u.worst, u.rank, len(units)), span(u)) for u in units]
            if rows:
                found.append(Spread(self._w.text(group.group.label) if group.group else "", rows))
        return found

    def place(self, one: Moved) -> str:
        """A rank before and after."""
        return " → ".join(self._w._("{words}", words=place(s)) for s in (one.old, one.new))


def _phrases(ways: Iterator[Way]) -> list[Phrase]:
    found: dict[str, list[Way]] = {}
    for way in ways:
        found.setdefault(way.reading.id, []).append(way)
    return [Phrase(those[0].reading, tuple(those)) for those in found.values()]


def readings(site: Site, year: YearView, found: YearReadings | None) -> str:
    """The page of a year's other readings."""
    site = site.under(year.book)
    return site.year_page(
        "readings.md.j2",
        year,
        "readings",
        site.words._("{year}: read otherwise", year=year.number),
        view=View(site.words, year, found),
    )
