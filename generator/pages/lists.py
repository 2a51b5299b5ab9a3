"""Who is commended, criticised, at a line, outside the ranking or not submitted, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from generator.engine.book import Line
from generator.engine.effects import Border, Crossing
from generator.engine.measures import Basis
from generator.engine.rank import ranks, width_of
from generator.engine.year import Decision, Standing
from generator.pages.layout import Site
from generator.pages.phrases import ChargeEffect, Phrases, charge_effect
from generator.pages.year import RankGroup, YearView


def lists(site: Site, year: YearView) -> str:
    """Commended, criticised, at a line and why, decided, outside the ranking, not submitted."""
    site = site.under(year.book)
    return site.year_page(
        "lists.md.j2",
        year,
        "lists",
        site.words._("{year}: lists", year=year.number),
        lines=[LineView(site, year, line) for line in year.book.lines],
        outside=year.outside,
        others=list(year.other_lists()),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line among those ranked together: who is listed, who stands across it, and why."""

    name: str
    width: str
    listed: list[Standing]
    across: list[Standing]
    why: str
    barred: tuple[str, ...]
    edges: list["EdgeRow"]
    crossing: Crossing | None
    crossed: ChargeEffect | None


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """Those nearest to a line on one side of it, or on it, and how far from the other side."""

    where: str
    standings: list[Standing]
    gap: Fraction | None


class LineView:
    """One line of the rulebook: what it says, whom the engine drew, what was decided."""

    def __init__(self, site: Site, year: YearView, line: Line) -> None:
        self._w, self._year, self.line = site.words, year, line
        decisions = year.assessment.decisions
        self.decision: Decision | None = next((d for d in decisions if d.line == line.id), None)
        names = {s.township.id: s.township.name for s in year.result.standings}
        self.decided = tuple(names[t] for t in self.decision.listed) if self.decision else ()
        groups = (group for group in year.rank_groups if group.field.of(line).scores)
        borders = (border for border in year.borders if border.line.id == line.id)
        self.drawn = [self._drawn(*both) for both in zip(groups, borders, strict=True)]

    @property
    def rule(self) -> str:
        """What the line says, in words."""
        return Phrases(self._w, self._year.book, self._year.form).line(self.line)

    @property
    def basis(self) -> Basis:
        """What the line's number stands on."""
        line, bounds = self.line, self.line.bounds
        limits = (bounds.at_least, bounds.above, bounds.at_most, bounds.below)
        figures = (line.places, line.percent, *limits)
        return next(figure.basis for figure in figures if figure)

    def _drawn(self, group: RankGroup, border: Border) -> Drawn:
        line, w, crossing = self.line, self._w, border.crossing
        about, standings, width = group.field.of(line), group.standings, ""
        if line.percent:
            width = w._("that is {places} places here", places=width_of(line, len(about.scores)))
        barred = {name for name in about.scores if line.id in about.barred.get(name, ())}
        unit = self._year.by_id[crossing.unit] if crossing else None
        return Drawn(
            w.text(group.group.label) if group.group else "",
            width,
            [s for s in standings if s.township.id in border.listed],
            [s for s in standings if s.township.id in border.across],
            self._why(group, border) if border.across else "",
            tuple(w.text(s.township.name) for s in standings if s.township.id in barred),
            list(self._edges(border)),
            crossing,
            charge_effect(w, unit, crossing.without) if crossing and unit else None,
        )

    def _edges(self, border: Border) -> Iterator[EdgeRow]:
        """From the inside to the outside."""
        _, inside, outside = self._w._, border.inside, border.outside
        edges = (
            (_("nearest inside"), inside.units if inside else (), inside.gap if inside else None),
            (_("tied across the line"), border.across, None),
            (
                _("nearest outside"),
                outside.units if outside else (),
                outside.gap if outside else None,
            ),
        )
        for where, names, gap in edges:
            if names:
                yield EdgeRow(where, [self._year.by_id[name] for name in names], gap)

    def _why(self, group: RankGroup, border: Border) -> str:
        """Why those across the line are on no list by themselves."""
        about, places = group.field.of(self.line), border.places or (0, 0)
        inside = places[0] - 1 if self.line.end == "last" else places[1]
        first = ranks(about.keys)[border.across[0]]
        return self._w._(
            "{count} are tied with {score} and fill places {first} to {last};"
            " the line lies between places {inside} and {outside}.",
            count=len(border.across),
            score=self._w.scored(about.scores[border.across[0]]),
            first=first,
            last=first + len(border.across) - 1,
            inside=inside,
            outside=inside + 1,
        )
