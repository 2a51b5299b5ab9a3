"""Who is commended, criticised, at a line, outside the ranking or not submitted, and why.

Owns the page of a year's lists and their short form on the front page. Must not draw a line:
that is the engine's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.engine.above import Line
from generator.engine.amount import shown
from generator.engine.lines import at_line, plain_field
from generator.engine.model import Decision, Standing
from generator.pages.annual import Year
from generator.pages.layout import Site, book_folder, year_crumbs


def lists(site: Site, year: Year) -> str:
    """Commended, criticised, at a line and why, decided, outside the ranking, not submitted."""
    w = site.words
    return site.page(
        "lists.md.j2",
        f"results/{year.number}/lists.md",
        w._("{year}: lists", year=year.number),
        crumbs=year_crumbs(site, year.number),
        year=year,
        book=year.book,
        book_address=book_folder(year.book),
        lines=[LineView(site, year, line) for line in year.book.lines],
        outside=_outside(year),
    )


class LineView:
    """One line of the rulebook: who is listed, who stands across it and why, what was decided."""

    def __init__(self, site: Site, year: Year, line: Line) -> None:
        self._w, self._year, self.line = site.words, year, line
        _, across = at_line(line, year.book, plain_field(year.scores))
        listed = set(line.outcomes)
        self.listed = [s for s in year.ranked if listed <= set(s.outcomes)]
        self.across = [s for s in year.ranked if s.township.id in across]
        self.undecided = [s for s in self.across if line.undecided in s.outcomes]
        decisions = year.assessment.decisions
        self.decision: Decision | None = next((d for d in decisions if d.line == line.id), None)
        names = {s.township.id: s.township.name for s in year.result.standings}
        self.decided = tuple(names[t] for t in self.decision.listed) if self.decision else ()

    @property
    def rule(self) -> str:
        """What the line says, in words."""
        places = self.line.places.value
        if self.line.end == "last":
            return self._w._("last {places} places", places=places)
        if self.line.bounds.at_least is None:
            return self._w._("first {places} places", places=places)
        return self._w._(
            "first {places} places, at least {least} points",
            places=places,
            least=self.line.bounds.at_least.value,
        )

    @property
    def why(self) -> str:
        """Why the group across the line is on no list by itself."""
        first, ranked = self.across[0], len(self._year.ranked)
        rank = first.rank or 0  # only ranked townships stand at a line
        width = int(self.line.places.value)
        border = ranked - width if self.line.end == "last" else self._inner_width(width, ranked)
        return self._w._(
            "{count} townships are tied with {score} points and fill places {first} to {last};"
            " the line lies between places {inside} and {outside}.",
            count=len(self.across),
            score=shown(self._year.scores[first.township.id]),
            first=rank,
            last=rank + len(self.across) - 1,
            inside=border,
            outside=border + 1,
        )

    def _inner_width(self, width: int, ranked: int) -> int:
        """Places of a line at the top, less those that another line takes from below."""
        line, lines = self.line, self._year.book.lines
        other = next((other for other in lines if other.id == line.yields_to), None)
        if other is None or line.yields_below is None or ranked >= line.yields_below.value:
            return width
        return min(width, ranked - int(other.places.value))


@dataclass(frozen=True, slots=True)
class Listed:
    """One list of the front page."""

    name: str
    kind: str
    standings: Sequence[Standing]


def short_lists(site: Site, year: Year) -> Iterator[Listed]:
    """Every outcome that somebody has, or that a line gives, then those who have not submitted."""
    text = site.words.text
    for line in year.book.lines:
        for outcome in (line.outcomes[0], line.undecided):
            having = [s for s in year.ranked if outcome in s.outcomes]
            if having or outcome != line.undecided:
                yield Listed(_joined(site, year, line, outcome), outcome, having)
    rule, outside = year.book.outside_ranking, _outside(year)
    if rule and outside:
        yield Listed(text(year.book.outcomes[rule.outcome]), rule.outcome, outside)
    if year.unsubmitted:
        yield Listed(site.words._("Not submitted"), "unsubmitted", year.unsubmitted)


def _joined(site: Site, year: Year, line: Line, outcome: str) -> str:
    """A list's name; outcomes that always come together share one."""
    names = line.outcomes if outcome in line.outcomes else (outcome,)
    return site.words.listed(site.words.text(year.book.outcomes[name]) for name in names)


def _outside(year: Year) -> list[Standing]:
    """Those to whom a ranking made by somebody else brings a consequence."""
    rule = year.book.outside_ranking
    return [s for s in year.ranked if rule and rule.outcome in s.outcomes]
