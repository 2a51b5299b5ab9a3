"""The front page, the years, a year's ranking and deductions, and how to submit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.engine.book import Clause
from generator.engine.measures import Bounds
from generator.engine.problem import Message, Text
from generator.engine.year import Paid, PartScore, Scorecard, Standing
from generator.pages.charts import events, heat, lane_charts, ranks
from generator.pages.layout import Site, book_folder
from generator.pages.phrases import Phrases
from generator.pages.wording import Words
from generator.pages.year import RankGroup, YearView
from generator.shape.form import Field, FieldType, Form
from generator.words.columns import AMOUNTS, Key, RankingColumn, columns
from generator.words.messages import Safe, escape

MOVERS = 5

FRONT_ROWS = 40
"""More ranked townships than these, and the front page shows the two ends of the ranking."""

LISTED_DEDUCTIONS = 3000
"""More deductions than these are counted on their page; each stands in the table file."""


def front(site: Site, years: Sequence[YearView]) -> str:
    """The site's front page: the newest year at a glance."""
    year = years[-1]
    site = site.under(year.book)
    w = site.words
    name = w._("{city}: petition work, {year}", city=site.city.name, year=year.number)
    return site.page(
        "index.md.j2",
        "index.md",
        name,
        year=year,
        book=year.book,
        book_address=book_folder(year.book),
        tables=list(_rankings(year, w, sections=False, most=FRONT_ROWS)),
        lists=list(year.lists()),
        movers=_movers(year),
        settled=next((y for y in years[-2::-1] if y.assessment.status == "final"), None),
        hide=("navigation", "toc"),
    )


def ranking(site: Site, year: YearView) -> str:
    """A year's ranking with the points of each section."""
    site = site.under(year.book)
    w = site.words
    return site.page(
        "year.md.j2",
        f"results/{year.number}/index.md",
        w._("{year}: ranking", year=year.number),
        crumbs=(("results/", w._("Years")),),
        year=year,
        book=year.book,
        book_address=book_folder(year.book),
        tables=list(_rankings(year, w, sections=True)),
        grades=_grades(site, year),
        charts=list(lane_charts(w, year)),
        hide=("navigation", "toc"),
    )


def years_index(site: Site, years: Sequence[YearView]) -> str:
    """All years, the newest first."""
    name = site.words._("Years")
    return site.page(
        "years.md.j2",
        "results/index.md",
        name,
        years=years[::-1],
        book=None,
        courses=list(ranks(site.words, years)),
    )


def deductions(site: Site, year: YearView) -> str:
    """Every deduction and award of a year, clause by clause."""
    site = site.under(year.book)
    w = site.words
    clauses = {clause.id: year.charges(clause) for clause in year.book.clauses()}
    count = sum(charges.count for charges in clauses.values())
    plain = w._("{year}: all deductions", year=year.number)
    return site.year_page(
        "deductions.md.j2",
        year,
        "deductions",
        plain if year.plain else w._("{year}: all deductions and awards", year=year.number),
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

    def head(self, column: RankingColumn) -> str:
        """What a column is called."""
        return self.words.render(column.head)

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
        yield RankingTable(
            w,
            _caption(year, group, w),
            group,
            ends,
            columns(group.book, rows, _PARTS) if sections else [],
            columns(group.book, rows, results),
            len(rows) - len(ends),
            cut,
        )


def _caption(year: YearView, group: RankGroup, w: Words) -> str:
    # A conversion changes what can be had, which each scorecard says.
    totals = (s.scorecard.total for s in group.standings if s.scorecard)
    full = w.points(next(totals, group.book.total.value))
    args: dict[str, object] = {"ranked": len(group.standings), "full": full}
    if group.group:
        name = w.text(group.group.label)
        return w._("{group}: {ranked} ranked, of {full}", group=name, **args)
    return w.term("ranking", year=year.number, **args)


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

    @property
    def places(self) -> int:
        return abs((self.now.rank or 0) - (self.before.rank or 0))


def _movers(year: YearView) -> list[Mover]:
    """The units whose rank moved most since last year."""
    pairs = [(s, old) for s in year.ranked if (old := year.before.get(s.township.id)) and old.rank]
    movers = [_mover(year, now, old) for now, old in pairs if now.rank != old.rank]
    return sorted(movers, key=lambda mover: -mover.places)[:MOVERS]


def _mover(year: YearView, now: Standing, old: Standing) -> Mover:
    points = year.score_moved(now)
    if points is None or now.scorecard is None or old.scorecard is None:
        return Mover(now, old, points, None, Fraction(), None)
    before = {key: counted for key, _clause, counted in _counted(old.scorecard)}
    moved = [
        (counted - before[key], clause, key[1])
        for key, clause, counted in _counted(now.scorecard)
        if key in before
    ]
    nothing = (Fraction(), None, None)
    most, clause, part = max(moved, key=lambda change: abs(change[0]), default=nothing)
    aside = now.scorecard.beside - old.scorecard.beside
    if abs(aside) > abs(most):
        return Mover(now, old, points, None, aside, None)
    return Mover(now, old, points, clause if most else None, most, part)


def _counted(card: Scorecard) -> Iterator[tuple[tuple[str, str | None], Clause, Fraction]]:
    """Every clause, by its id and the period inside the year, with what it counts in the total."""
    for section in card.sections:
        for score in section.clauses:
            yield (score.clause.id, section.part), score.clause, score.points * section.weight


# --- grades, the form -----------------------------------------------------------------


def _grades(site: Site, year: YearView) -> str:
    """From which score on there is which grade."""
    bands, w = year.book.above.bands, site.words
    phrases = Phrases(w, year.book, year.form)
    told = [
        w._(
            "{grade}: {bounds}",
            grade=band.label,
            bounds=phrases.bounds(Bounds(band.at_least, below=band.below)),
        )
        for band in (bands.bands if bands else ())
    ]
    return w._("; ").join(told)


@dataclass(frozen=True, slots=True)
class FormLine:
    """One line of the form: how deep it lies, what it is called, what to write."""

    depth: int
    field: Field
    label: str
    kind: str
    is_group: bool


def submit(site: Site, years: Sequence[YearView]) -> str:
    """How to submit and how to object."""
    w, newest = site.words, years[-1]
    return site.page(
        "submit.md.j2",
        "submit.md",
        w._("Submitting and objecting"),
        year=newest,
        book=newest.book,
        example=next((s.township.id for s in newest.result.standings), "…"),
        asked=list(_form_lines(newest.form, w)) if newest.form else [],
    )


def _form_lines(form: Form, w: Words) -> Iterator[FormLine]:
    for field in form.fields.values():
        is_group = field.type in (FieldType.GROUP, FieldType.RECORDS)
        label, kind = w.text(field.label), _kind(field, w)
        yield FormLine(len(field.path) - 1, field, label, kind, is_group)


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
