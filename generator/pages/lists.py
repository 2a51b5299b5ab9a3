"""Who is commended, criticised, at a line, outside the ranking or not submitted, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.engine.book import Line
from generator.engine.effects import Border, Crossing
from generator.engine.measures import Basis, Bounds
from generator.engine.rank import Field, at_line, drawn, places_of, ranks, width_of
from generator.engine.year import Decision, Standing
from generator.pages.layout import Site, book_folder, year_crumbs
from generator.pages.phrases import Cost, Phrases, cost
from generator.pages.wording import Words
from generator.pages.year import Table, Year


def lists(site: Site, year: Year) -> str:
    """Commended, criticised, at a line and why, decided, outside the ranking, not submitted."""
    site = site.under(year.book)
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
        others=list(_others(site, year)),
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
    crossed: Cost | None


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """Those nearest to a line on one side of it, or on it, and how far from the other side."""

    where: str
    standings: list[Standing]
    gap: Fraction | None


class LineView:
    """One line of the rulebook: what it says, whom the engine drew, what was decided."""

    def __init__(self, site: Site, year: Year, line: Line) -> None:
        self._w, self._year, self.line = site.words, year, line
        decisions = year.assessment.decisions
        self.decision: Decision | None = next((d for d in decisions if d.line == line.id), None)
        names = {s.township.id: s.township.name for s in year.result.standings}
        self.decided = tuple(names[t] for t in self.decision.listed) if self.decision else ()
        decided = {d.line: d.listed for d in decisions}
        tables = [table for table in year.tables if table.field.of(line).scores]
        self.drawn = [self._drawn(table, decided) for table in tables]

    @property
    def across(self) -> bool:
        """Whether anybody stands across the line."""
        return any(one.across for one in self.drawn)

    @property
    def rule(self) -> str:
        """What the line says, in words."""
        return line_rule(self.line, self._w, Phrases(self._w, self._year.book, self._year.form))

    @property
    def basis(self) -> Basis:
        """What the line's number stands on."""
        line, bounds = self.line, self.line.bounds
        limits = (bounds.at_least, bounds.above, bounds.at_most, bounds.below)
        figures = (line.places, line.percent, *limits)
        return next(figure.basis for figure in figures if figure)

    def _drawn(self, table: Table, decided: dict[str, tuple[str, ...]]) -> Drawn:
        line, book, w = self.line, self._year.book, self._w
        listed, _ = drawn(line, book, table.field, decided)
        _, across = at_line(line, book, table.field)
        mine = table.field.of(line)
        barred = {name for name in mine.scores if line.id in mine.barred.get(name, ())}
        width, border = "", self._border(table)
        crossing = border.crossing if border else None
        if line.percent:
            width = w._("that is {places} places here", places=width_of(line, len(mine.scores)))
        return Drawn(
            w.text(table.group.label) if table.group else "",
            width,
            [s for s in table.standings if s.township.id in listed],
            [s for s in table.standings if s.township.id in across],
            self._why(mine, across) if across else "",
            tuple(w.text(s.township.name) for s in table.standings if s.township.id in barred),
            list(self._edges(border)) if border else [],
            crossing,
            cost(w, self._year.by_id[crossing.unit], crossing.without) if crossing else None,
        )

    def _border(self, table: Table) -> Border | None:
        group = table.group.id if table.group else None
        mine = (one for one in self._year.borders if one.line.id == self.line.id)
        return next((one for one in mine if one.group == group), None)

    def _edges(self, border: Border) -> Iterator[EdgeRow]:
        """From the inside to the outside."""
        w, by_id = self._w, self._year.by_id
        rows = (
            (w._("nearest inside"), border.inside),
            (w._("tied across the line"), None),
            (w._("nearest outside"), border.outside),
        )
        for where, edge in rows:
            names = edge.units if edge else ()
            if where == rows[1][0]:
                names = border.across
            if names:
                yield EdgeRow(where, [by_id[name] for name in names], edge.gap if edge else None)

    def _why(self, mine: Field, across: Sequence[str]) -> str:
        """Why the group across the line is on no list by itself."""
        ranked = ranks(mine.keys)
        places = places_of(self.line, self._year.book, len(mine.scores))
        border = min(places) - 1 if self.line.end == "last" else max(places)
        first = ranked[across[0]]
        return self._w._(
            "{count} are tied with {score} and fill places {first} to {last};"
            " the line lies between places {inside} and {outside}.",
            count=len(across),
            score=self._w.scored(mine.scores[across[0]]),
            first=first,
            last=first + len(across) - 1,
            inside=border,
            outside=border + 1,
        )


def line_rule(line: Line, w: Words, phrases: Phrases) -> str:
    """What a line says: places or a share of those ranked, bounds of the score, for whom."""
    told = []
    if line.places:
        places = line.places.value
        last = line.end == "last"
        told.append(
            w._("last {places} places", places=places)
            if last
            else w._("first {places} places", places=places)
        )
    elif line.percent:
        share = _share(line, w)
        told.append(f"{share} ({phrases.rounding(line.rounding)})" if line.rounding else share)
    told += list(_bounds(line.bounds, w))
    rule = told[0]
    for more in told[1:]:
        rule = w._("{first}, and {second}", first=rule, second=more)
    grouping = phrases.book.above.grouping
    if line.groups and grouping:
        names = tuple(group.label for group in grouping.groups if group.id in line.groups)
        return w._("{groups}: {rule}", groups=names, rule=rule)
    return rule


def _share(line: Line, w: Words) -> str:
    percent = line.percent.value if line.percent else Fraction()
    if line.end == "last":
        return w._("last {percent}% of those ranked", percent=percent)
    return w._("first {percent}% of those ranked", percent=percent)


def _bounds(bounds: Bounds, w: Words) -> Iterator[str]:
    if bounds.at_least:
        yield w._("at least {points}", points=w.points(bounds.at_least.value))
    if bounds.above:
        yield w._("above {points}", points=w.points(bounds.above.value))
    if bounds.at_most:
        yield w._("at most {points}", points=w.points(bounds.at_most.value))
    if bounds.below:
        yield w._("below {points}", points=w.points(bounds.below.value))


@dataclass(frozen=True, slots=True)
class Listed:
    """One list of the front page."""

    name: str
    kind: str
    standings: Sequence[Standing]


def short_lists(site: Site, year: Year) -> Iterator[Listed]:
    """Every outcome that somebody has, or that a line gives, then those who have not submitted."""
    text = site.words.text
    seen = set[str]()
    for line in year.book.lines:
        for outcome in (line.outcomes[0], line.undecided):
            if outcome is None or outcome in seen:
                continue
            seen.add(outcome)
            having = [s for s in year.ranked if outcome in s.outcomes]
            if having or outcome != line.undecided:
                yield Listed(_joined(site, year, line, outcome), outcome, having)
    yield from _others(site, year)
    rule, outside = year.book.outside_ranking, _outside(year)
    if rule and outside:
        yield Listed(text(year.book.outcomes[rule.outcome]), rule.outcome, outside)
    if year.unsubmitted:
        yield Listed(site.words._("Not submitted"), "unsubmitted", year.unsubmitted)


def _others(site: Site, year: Year) -> Iterator[Listed]:
    """Outcomes that no line gives: of vetoes, grades, periods in a row."""
    book = year.book
    given = {o for line in book.lines for o in (*line.outcomes, line.undecided)}
    given.add(book.outside_ranking.outcome if book.outside_ranking else None)
    for outcome, label in book.outcomes.items():
        having = [s for s in year.ranked if outcome in s.outcomes]
        if outcome not in given and having:
            yield Listed(site.words.text(label), outcome, having)


def _joined(site: Site, year: Year, line: Line, outcome: str) -> str:
    """A list's name; outcomes that always come together share one."""
    names = line.outcomes if outcome in line.outcomes else (outcome,)
    return site.words.listed(site.words.text(year.book.outcomes[name]) for name in names)


def _outside(year: Year) -> list[Standing]:
    """Those to whom a ranking made by somebody else brings a consequence."""
    rule, ranking = year.book.outside_ranking, year.result.inputs.ranking
    if rule is None or ranking is None:
        return []
    # The same may follow from a line or a veto as well, so the outcome alone does not tell.
    bound = ranking.of - rule.last.value
    return [s for s in year.ranked if ranking.ranks.get(s.township.id, 0) > bound]
