"""The page of a year's other readings: what each would move, and who could have which rank."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

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
    result: Otherwise | None

    @property
    def moves(self) -> bool:
        """Whether a rank or a list is another."""
        return self.result is not None and bool(self.result.ranks or self.result.listed)

    @property
    def judged(self) -> bool:
        """Whether the year was judged so."""
        return self.result is not None and self.result.standings is not None

    @property
    def ranks(self) -> Sequence[Moved]:
        ranks = self.result.ranks if self.result else ()
        return sorted(ranks, key=lambda move: (move.new.rank or 0, move.old.rank))[:SHOWN]

    @property
    def more(self) -> int:
        """How many more there are whose rank moves."""
        return max(len(self.result.ranks) - SHOWN, 0) if self.result else 0

    def lists(self, book: Rulebook) -> list[tuple[Moved, Message]]:
        """Who comes onto a list or leaves one, and which ones."""
        return [(m, lists_moved(m, book)) for m in (self.result.listed if self.result else ())]

    @property
    def nothing(self) -> Message | None:
        return nothing_more(self.result) if self.result else None


class View:
    """A year's readings as its page shows them; `results` is None where nothing was judged."""

    def __init__(self, words: Words, year: YearView, results: YearReadings | None) -> None:
        self._w, self.year, self.results = words, year, results
        self._ranges = results.ranges if results else None

    @cached_property
    def ways(self) -> list[Way]:
        """Every alternative of the rulebook, in its order."""
        options, judged = {}, {}
        if self.results:
            judged = {result.option: result for result in self.results.found}
            options = {(o.reading, o.id): o for o in self.results.board.options}
        alternatives = ((r, a) for r in self.year.book.readings for a in r.alternatives)
        return [
            Way(reading, alternative, option.note, judged.get(option))
            if (option := options.get((reading.id, alternative.id)))
            else Way(reading, alternative, None, None)
            for reading, alternative in alternatives
        ]

    @property
    def moving(self) -> list[tuple[Reading, list[Way]]]:
        """Those under which a rank or a list is another, by what they read otherwise."""
        moving = (way for way in self.ways if way.moves)
        return [(reading, list(ways)) for reading, ways in groupby(moving, lambda w: w.reading)]

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
        return how_many(self._ranges) if self._ranges else None

    @property
    def out(self) -> Message | None:
        """The readings that no combination holds, because the year cannot be judged so."""
        left = self._ranges.left_out if self._ranges else ()
        return left_out(self.year.book, left) if left else None

    @cached_property
    def spreads(self) -> list[tuple[str, list[tuple[Range, Safe, Message]]]]:
        """The possible ranks of those who rank together, under their name: drawn, and in words."""
        ranges = {r.township.id: r for r in self._ranges.ranges} if self._ranges else {}
        spreads = []
        for group in self.year.rank_groups:
            units = [ranges[s.township.id] for s in group.standings if s.township.id in ranges]
            rows = [(u, charts.span(u.best, u.worst, u.rank, len(units)), span(u)) for u in units]
            if rows:
                spreads.append((self._w.label(group.group), rows))
        return spreads

    def place(self, move: Moved) -> str:
        """A rank before and after."""
        return " → ".join(self._w._("{words}", words=place(s)) for s in (move.old, move.new))


def readings(site: Site, year: YearView, results: YearReadings | None, *, tried: bool) -> str:
    """The page of a year's other readings; `tried`: unless it was too much for this year."""
    return site.year_page(
        "readings.md.j2",
        year,
        "readings",
        site.words._("{year}: read otherwise", year=year.number),
        view=View(site.words, year, results),
        tried=tried,
    )
