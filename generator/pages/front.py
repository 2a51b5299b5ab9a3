"""The front page, the years, a year's ranking and deductions, and how to submit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from generator.engine.amount import exact, shown
from generator.engine.book import Clause
from generator.engine.measures import Bounds
from generator.engine.year import Scorecard, SectionScore, Standing
from generator.pages import charts
from generator.pages.charts import events, heat, ranks
from generator.pages.layout import Site, book_folder, year_crumbs
from generator.pages.lists import short_lists
from generator.pages.phrases import Phrases
from generator.pages.wording import Words
from generator.pages.year import Table, Year, rankings
from generator.shape.form import Field, FieldType, Form
from generator.words.messages import Safe

MOVERS = 5

FRONT_ROWS = 40
"""More ranked townships than these, and the front page shows the two ends of the ranking."""

LISTED_DEDUCTIONS = 3000
"""More deductions than these are counted on their page; each stands in the table file."""


def front(site: Site, years: Sequence[Year]) -> str:
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
        tables=rankings(year, w, sections=False, most=FRONT_ROWS),
        lists=list(short_lists(site, year)),
        movers=_movers(year),
        settled=next((y for y in years[-2::-1] if y.assessment.status == "final"), None),
        hide=("navigation", "toc"),
    )


def ranking(site: Site, year: Year) -> str:
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
        tables=rankings(year, w, sections=True),
        grades=_grades(site, year),
        charts=list(_charts(site, year)),
        hide=("navigation", "toc"),
    )


def years_index(site: Site, years: Sequence[Year]) -> str:
    """All years, the newest first."""
    name = site.words._("Years")
    return site.page(
        "years.md.j2",
        "results/index.md",
        name,
        years=years[::-1],
        book=None,
        courses=list(ranks(site, years)),
    )


def deductions(site: Site, year: Year) -> str:
    """Every deduction and award of a year, clause by clause."""
    site = site.under(year.book)
    w = site.words
    clauses = [ClauseDeductions(year, clause) for clause in year.book.clauses()]
    count = sum(clause.count for clause in clauses)
    return site.page(
        "deductions.md.j2",
        f"results/{year.number}/deductions.md",
        w._("{year}: all deductions", year=year.number)
        if year.plain
        else w._("{year}: all deductions and awards", year=year.number),
        crumbs=year_crumbs(site, year.number),
        year=year,
        book=year.book,
        clauses={clause.clause.id: clause for clause in clauses},
        count=count,
        listed=count <= LISTED_DEDUCTIONS,
        heat=list(heat(site, year)),
        events=list(events(site, year)),
        beside=[s for s in year.ranked if s.scorecard and s.scorecard.adjustments],
    )


# --- deductions by clause -------------------------------------------------------------


class ClauseDeductions:
    """What one clause cost or gave whom in a year."""

    def __init__(self, year: Year, clause: Clause) -> None:
        self.clause = clause
        self.rows = year.charged.get(clause.id, [])
        self.count = sum(len(one.charges) for one in self.rows)
        self.points = sum((c.signed for one in self.rows for c in one.charges), Fraction())
        self.touched = len({one.standing.township.id for one in self.rows})


# --- moves, chart ---------------------------------------------------------------------


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


def _movers(year: Year) -> list[Mover]:
    """The townships whose rank moved most since last year."""
    pairs = [(s, old) for s in year.ranked if (old := year.before.get(s.township.id)) and old.rank]
    movers = [_mover(year, now, old) for now, old in pairs if now.rank != old.rank]
    return sorted(movers, key=lambda mover: -mover.places)[:MOVERS]


def _mover(year: Year, now: Standing, old: Standing) -> Mover:
    points = year.score_moved(now)
    before = {key: counted for key, _clause, counted in _by_place(old)}
    moved = [
        (counted - before[key], clause, key[1])
        for key, clause, counted in _by_place(now)
        if points is not None and key in before
    ]
    nothing = (Fraction(), None, None)
    most, clause, part = max(moved, key=lambda entry: abs(entry[0]), default=nothing)
    if points is not None and now.scorecard and old.scorecard:
        aside = now.scorecard.beside - old.scorecard.beside
        if abs(aside) > abs(most):
            return Mover(now, old, points, None, aside, None)
    return Mover(now, old, points, clause if most else None, most, part)


def _by_place(
    standing: Standing,
) -> Iterator[tuple[tuple[str, str | None], Clause, Fraction]]:
    """Every clause, by its id and the period inside the year, with what it counts in the total."""
    for section in standing.scorecard.sections if standing.scorecard else ():
        for score in section.clauses:
            place = score.clause.id, section.part
            yield place, score.clause, score.points * section.weight


# --- charts ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of those ranked together; `beside`: scores hold more than the bars show."""

    name: str
    drawing: Safe
    lanes: list[str]
    beside: bool


def _charts(site: Site, year: Year) -> Iterator[Chart]:
    for table in year.tables:
        if table.standings:
            yield _chart(site, year, table)


def _chart(site: Site, year: Year, table: Table) -> Chart:
    w = site.words
    pairs = [(s, s.scorecard) for s in table.standings if s.scorecard]
    first = pairs[0][1]
    named = [lane_name(w, year, those[0]) for those in in_lanes(first)]
    rows = [chart_row(f"{s.rank} {w.text(s.township.name)}", card, named) for s, card in pairs]
    lanes = [
        f"{lane_name(w, year, those[0])} {w.points(sum((s.maximum for s in those), Fraction()))}"
        for those in in_lanes(first)
    ]
    drawing = charts.lanes(
        rows,
        title=w.term("by_section", year=year.number),
        description=w._(
            "One bar for each {assessed} in the order of rank, one lane per section ({sections});"
            " the numbers are in the table.",
            assessed=w.assessed,
            sections=tuple(named),
        ),
    )
    name = w.text(table.group.label) if table.group else ""
    return Chart(name, drawing, lanes, any(card.adjustments for _, card in pairs))


def lane_name(w: Words, year: Year, section: SectionScore) -> str:
    """What a lane is called: its section, or the period inside the year."""
    part = year.part(section.part)
    return w.text(part.label if part else section.section.title)


def chart_row(label: str, card: Scorecard, named: Sequence[str]) -> charts.Row:
    """A township's sections as lanes; what lies outside of one is drawn at its end."""
    lanes = list(_in_sums(card))
    drawn = tuple(charts.Lane(min(max(points, Fraction()), full), full) for points, full in lanes)
    told = (f"{n} {shown(p)}/{exact(f)}" for n, (p, f) in zip(named, lanes, strict=False))
    return charts.Row(label, shown(card.score), drawn, " · ".join((label, *told)))


def _in_sums(card: Scorecard) -> Iterator[tuple[Fraction, Fraction]]:
    """What was reached of each lane's full points."""
    return (
        (
            sum((s.points for s in those), Fraction()),
            sum((s.maximum for s in those), Fraction()),
        )
        for those in in_lanes(card)
    )


def in_lanes(card: Scorecard) -> list[list[SectionScore]]:
    """The sections of the year one by one, those of a period inside it together."""
    periods = groupby(card.sections, key=lambda s: s.section.id if s.part is None else (s.part,))
    return [list(those) for _, those in periods]


def _grades(site: Site, year: Year) -> str:
    """From which score on there is which grade."""
    bands, w = year.book.above.bands, site.words
    if bands is None:
        return ""
    phrases = Phrases(w, year.book, year.form)
    told = (
        w._(
            "{grade}: {bounds}",
            grade=one.label,
            bounds=phrases.bounds(Bounds(one.at_least, below=one.below)),
        )
        for one in bands.bands
    )
    return w._("; ").join(told)


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the form: how deep it lies, what it is called, what to write."""

    depth: int
    field: Field
    label: str
    kind: str
    is_group: bool


def submit(site: Site, years: Sequence[Year]) -> str:
    """How to submit and how to object."""
    w, newest = site.words, years[-1]
    return site.page(
        "submit.md.j2",
        "submit.md",
        w._("Submitting and objecting"),
        year=newest,
        book=newest.book,
        example=next((s.township.id for s in newest.result.standings), "…"),
        asked=list(_asked(newest.form, w)) if newest.form else [],
    )


def _asked(form: Form, w: Words) -> Iterator[Asked]:
    for field in form.fields.values():
        is_group = field.type in (FieldType.GROUP, FieldType.RECORDS)
        label, kind = w.text(field.label), _kind(field, w)
        yield Asked(len(field.path) - 1, field, label, kind, is_group)


def _kind(field: Field, w: Words) -> str:
    """What to write, in words; the values to choose from where there are any."""
    if field.values:
        values = tuple(
            w._("{value} ({label})", value=value, label=label)
            for value, label in field.values.items()
        )
        if field.type is FieldType.VALUES:
            return w._("a list of: {values}", values=values)
        return w._("one of: {values}", values=values)
    if field.type is FieldType.VALUES:
        return w._("a list, each: {kind}", kind=_type(field.entry or FieldType.TEXT, w))
    return _type(field.type, w)


def _type(type_: FieldType, w: Words) -> str:
    return {
        FieldType.BOOLEAN: w._("true or false"),
        FieldType.INTEGER: w._("whole number"),
        FieldType.NUMBER: w._("number"),
        FieldType.TEXT: w._("text"),
        FieldType.DATE: w._("date, like 2025-05-02"),
        FieldType.DATE_MINUTE: w._("time, like 2025-05-02T09:00"),
        FieldType.MONTH: w._("month, like 2025-01"),
        FieldType.QUARTER: w._("quarter, like 2025-Q1"),
        FieldType.GROUP: "",
        FieldType.RECORDS: w._("a list of records; [] when nothing happened"),
        FieldType.VALUES: w._("a list"),
    }[type_]
