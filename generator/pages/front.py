"""The front page, the years, a year's ranking, lists and deductions, and how to submit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from generator.engine.book import Clause, Line
from generator.engine.effects import Border, Crossing
from generator.engine.measures import Basis, Bounds
from generator.engine.problem import Message, Text
from generator.engine.rank import ranks, width_of
from generator.engine.year import Decision, Paid, PartScore, Scorecard, Standing
from generator.pages import charts
from generator.pages.charts import events, heat, lane_charts
from generator.pages.layout import Site
from generator.pages.phrases import ChargeEffect, Phrases, charge_effect
from generator.pages.wording import Words
from generator.pages.year import AnyYear, Collected, RankGroup, YearView
from generator.shape.form import Field, FieldType
from generator.words.messages import Safe, escape
from generator.words.report import AMOUNTS, Key, RankingColumn, columns


def lists(site: Site, year: YearView) -> str:
    """Commended, criticised, at a line and why, decided, outside the ranking, not submitted."""
    return site.year_page(
        "lists.md.j2",
        year,
        "lists",
        site.words._("{year}: lists", year=year.number),
        lines=[LineView(site, year, line) for line in year.book.lines],
        outside=year.outside,
        others=list(year.other_lists()),
    )


_Edge: TypeAlias = tuple[str, list[Standing], Fraction | None]
"""Where those stand who are nearest to a line, or on it, and how far from the other side."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line among those ranked together: who is listed, who stands across it, and why."""

    name: str
    width: str
    listed: list[Standing]
    across: list[Standing]
    why: str
    barred: tuple[str, ...]
    edges: list[_Edge]
    crossing: Crossing | None
    crossed: ChargeEffect | None


class LineView:
    """One line of the rulebook: what it says, whom the engine drew, what was decided."""

    def __init__(self, site: Site, year: YearView, line: Line) -> None:
        self._w, self._year, self.line = site.words, year, line
        decisions = year.result.inputs.decisions
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
        figures = (self.line.places, self.line.percent, *self.line.bounds.figures())
        return next(figure.basis for figure in figures if figure)

    def _drawn(self, group: RankGroup, border: Border) -> Drawn:
        line, w, crossing = self.line, self._w, border.crossing
        about, standings, width = group.field.of(line), group.standings, ""
        if line.percent:
            width = w._("that is {places} places here", places=width_of(line, len(about.scores)))
        barred = {name for name in about.scores if line.id in about.barred.get(name, ())}
        unit = self._year.by_id[crossing.unit] if crossing else None
        return Drawn(
            w.label(group.group),
            width,
            [s for s in standings if s.township.id in border.listed],
            [s for s in standings if s.township.id in border.across],
            self._why(group, border) if border.across else "",
            tuple(w.text(s.township.name) for s in standings if s.township.id in barred),
            self._edges(border),
            crossing,
            charge_effect(w, unit, crossing.without) if crossing and unit else None,
        )

    def _edges(self, border: Border) -> list[_Edge]:
        """From the inside to the outside."""
        _, by_id = self._w._, self._year.by_id
        inside, outside = (
            (edge.units, edge.gap) if edge else ((), None)
            for edge in (border.inside, border.outside)
        )
        edges = (
            (_("nearest inside"), *inside),
            (_("tied across the line"), border.across, None),
            (_("nearest outside"), *outside),
        )
        return [(where, [by_id[n] for n in units], gap) for where, units, gap in edges if units]

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


MOVERS = 5

FRONT_ROWS = 40
"""More ranked townships than these, and the front page shows the two ends of the ranking."""

LISTED_DEDUCTIONS = 3000
"""More deductions than these are counted on their page; each stands in the table file."""


def front(site: Site, years: Sequence[YearView], opened: Sequence[Collected] = ()) -> str:
    """The front page: the newest year that is no longer open at a glance, or who has reported."""
    if not years:
        return collected(site, opened[-1], "index.md")
    year = years[-1]
    w = site.words
    return site.page(
        "index.md.j2",
        "index.md",
        w._("{city}: petition work, {year}", city=site.city.name, year=year.number),
        year=year,
        opened=opened[::-1],
        tables=list(_rankings(year, w, sections=False, most=FRONT_ROWS)),
        lists=list(year.lists()),
        movers=_movers(year),
        settled=next((y for y in years[-2::-1] if y.assessment.status == "final"), None),
        hide=("navigation", "toc"),
    )


def collected(site: Site, year: Collected, path: str) -> str:
    """An open year: who has reported, and which dates stand. No score, rank, list or label."""
    w, on_front = site.words, path == "index.md"
    name = w._("{year}: who has reported", year=year.number)
    if on_front:
        name = w._("{city}: petition work, {year}", city=site.city.name, year=year.number)
    return site.page(
        "collected.md.j2",
        path,
        name,
        crumbs=() if on_front else (("results/", w._("Years")),),
        year=year,
        calendar="" if not on_front else f"results/{year.number}/",
        hide=("navigation", "toc"),
    )


def ranking(site: Site, year: YearView) -> str:
    """A year's ranking with the points of each section, and from which score on is which grade."""
    w, bands = site.words, year.book.above.bands
    phrases = Phrases(w, year.book, year.form)
    grades = w._("; ").join(
        w._(
            "{grade}: {bounds}",
            grade=band.label,
            bounds=phrases.bounds(Bounds(band.at_least, below=band.below)),
        )
        for band in (bands.bands if bands else ())
    )
    return site.page(
        "year.md.j2",
        f"results/{year.number}/index.md",
        w._("{year}: ranking", year=year.number),
        crumbs=(("results/", w._("Years")),),
        year=year,
        tables=list(_rankings(year, w, sections=True)),
        grades=grades,
        charts=list(lane_charts(w, year)),
        hide=("navigation", "toc"),
    )


def years_index(site: Site, years: Sequence[YearView], opened: Sequence[Collected] = ()) -> str:
    """All years, the newest first."""
    return site.page(
        "years.md.j2",
        "results/index.md",
        site.words._("Years"),
        years=years[::-1],
        opened=opened[::-1],
        courses=list(charts.ranks(site.words, years)),
    )


def deductions(site: Site, year: YearView) -> str:
    """Every deduction and award of a year, clause by clause."""
    w = site.words
    clauses = {clause.id: year.charges(clause) for clause in year.book.clauses()}
    count = sum(charges.count for charges in clauses.values())
    return site.year_page(
        "deductions.md.j2",
        year,
        "deductions",
        w._("{year}: all deductions", year=year.number)
        if year.plain
        else w._("{year}: all deductions and awards", year=year.number),
        clauses=clauses,
        count=count,
        listed=count <= LISTED_DEDUCTIONS,
        heat=list(heat(w, year)),
        events=list(events(w, year)),
        beside=[s for s in year.ranked if s.scorecard and s.scorecard.adjustments],
    )


# --- the ranking ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RankingTable:
    """The ranking of those ranked together; of very many rows the middle is left out.

    `left_out` of them follow after `cut`.
    """

    words: Words
    caption: str
    group: RankGroup
    rows: list[Standing]
    parts: list[RankingColumn]
    results: list[RankingColumn]
    left_out: int = 0
    cut: int = 0

    def about(self, column: RankingColumn) -> str:
        """What could be had there, or how much it counts."""
        about, w = column.about, self.words
        if about is None:
            return ""
        return w.points(about) if isinstance(about, Fraction) else w.render(about)

    def is_amount(self, column: RankingColumn) -> bool:
        return column.key in AMOUNTS

    def cell(self, column: RankingColumn, standing: Standing) -> Safe:
        """What stands there for a unit."""
        w = self.words
        match column.of(standing):
            case Fraction() as value:
                return w.signed(value) if column.key is Key.BESIDE else w.score(value)
            case PartScore(score=score, band=band):
                grade = Safe(" <small>{}</small>").format(w.text(band.label)) if band else Safe("")
                return Safe("{}{}").format(w.score(score), grade)
            case Paid() as paid:
                return w.paid(paid)
            case Text() as text:
                return escape(w.text(text))
        return Safe("–")


_PARTS = frozenset({Key.SECTION, Key.PERIOD, Key.BESIDE, Key.UNCONVERTED})


def _rankings(
    year: YearView, w: Words, *, sections: bool, most: int | None = None
) -> Iterator[RankingTable]:
    """A table for all who are ranked together; `most`: so many rows at most."""
    results = {Key.GRADE, Key.PAYMENT}
    if year.book.above.grouping and not year.book.above.grouping.apart:
        results.add(Key.GROUP)
    for group in year.rank_groups:
        rows, cut, ends = group.standings, 0, group.standings
        if most is not None and len(rows) > most:
            cut = most // 2
            ends = rows[:cut] + rows[-most // 4 :]
        # A conversion changes what can be had, which each scorecard says.
        totals = (s.scorecard.total for s in rows if s.scorecard)
        args = {"ranked": len(rows), "full": w.points(next(totals, group.book.total.value))}
        caption = w.term("ranking", year=year.number, **args)
        if group.group:
            name = w.text(group.group.label)
            caption = w._("{group}: {ranked} ranked, of {full}", group=name, **args)
        yield RankingTable(
            w,
            caption,
            group,
            ends,
            columns(group.book, rows, _PARTS) if sections else [],
            columns(group.book, rows, results),
            len(rows) - len(ends),
            cut,
        )


# --- those who moved ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mover:
    """A unit whose rank moved, and the clause that did most of it; none: what is beside them."""

    now: Standing
    before: Standing
    points: Fraction | None
    clause: Clause | None
    clause_points: Fraction
    part: str | None


def _movers(year: YearView) -> list[Mover]:
    """The units whose rank moved most since last year."""
    pairs = [(s, year.before.get(s.township.id)) for s in year.ranked]
    moves = [
        (abs(new.rank - old.rank), new, old) for new, old in pairs if old and old.rank and new.rank
    ]
    moves.sort(key=lambda move: -move[0])
    return [_mover(year, new, old) for places, new, old in moves[:MOVERS] if places]


def _mover(year: YearView, now: Standing, old: Standing) -> Mover:
    points = year.score_moved(now)
    if points is None or now.scorecard is None or old.scorecard is None:
        return Mover(now, old, points, None, Fraction(), None)
    before, after = _counted(old.scorecard), _counted(now.scorecard)
    moves = [
        (counted - before[place][0], clause, place[1])
        for place, (counted, clause) in after.items()
        if place in before
    ]
    nothing = (Fraction(), None, None)
    most, clause, part = max(moves, key=lambda move: abs(move[0]), default=nothing)
    aside = now.scorecard.beside - old.scorecard.beside
    if abs(aside) > abs(most):
        most, clause, part = aside, None, None
    return Mover(now, old, points, clause if most else None, most, part)


def _counted(card: Scorecard) -> dict[tuple[str, str | None], tuple[Fraction, Clause]]:
    """What every clause counts in the total, by its id and the period inside the year."""
    return {
        (score.clause.id, section.part): (score.points * section.weight, score.clause)
        for section in card.sections
        for score in section.clauses
    }


# --- the form -------------------------------------------------------------------------


def submit(site: Site, years: Sequence[YearView], opened: Sequence[Collected] = ()) -> str:
    """How to submit, in the newest year, and how to object, in the newest that is not open."""
    any_year: list[AnyYear] = [*years, *opened]
    w, newest = site.words, max(any_year, key=lambda year: year.number)
    site = site.under(newest.book)
    fields = newest.form.fields.values() if newest.form else ()
    units = sorted(u.id for u in site.city.townships if u.assessed_in(newest.number))
    return site.page(
        "submit.md.j2",
        "submit.md",
        w._("Submitting and objecting"),
        year=newest,
        example=next(iter(units), "…"),
        judged=years[-1] if years else None,
        asked=[(field, _kind(field, w)) for field in fields],
    )


def _kind(field: Field, w: Words) -> str:
    """What to write, in words; the values to choose from where there are any."""
    several = field.type is FieldType.VALUES
    if field.values:
        values = tuple(
            w._("{value} ({label})", value=value, label=label)
            for value, label in field.values.items()
        )
        if several:
            return w._("a list of: {values}", values=values)
        return w._("one of: {values}", values=values)
    if several:
        return w._("a list, each: {kind}", kind=_TYPES[field.entry or FieldType.TEXT])
    return w.render(_TYPES[field.type]) if field.type in _TYPES else ""


_TYPES = {
    FieldType.BOOLEAN: Message("true or false"),
    FieldType.INTEGER: Message("whole number"),
    FieldType.NUMBER: Message("number"),
    FieldType.TEXT: Message("text"),
    FieldType.DATE: Message("date, like 2025-05-02"),
    FieldType.DATE_MINUTE: Message("time, like 2025-05-02T09:00"),
    FieldType.MONTH: Message("month, like 2025-01"),
    FieldType.QUARTER: Message("quarter, like 2025-Q1"),
    FieldType.RECORDS: Message("a list of records; [] when nothing happened"),
    FieldType.VALUES: Message("a list"),
}
"""What to write for a field; a group of fields asks for nothing itself."""
