"""The pages of a year: front page, ranking, all deductions. Owns what they gather.

Must not judge: ranks and outcomes come from the engine, sums are of what it charged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.engine.amount import shown
from generator.engine.book import Clause
from generator.engine.model import Scorecard, Standing
from generator.pages import charts
from generator.pages.annual import Year
from generator.pages.layout import Site, book_folder, year_crumbs
from generator.pages.listpages import short_lists
from generator.words.escape import Safe

MOVERS = 5

FRONT_ROWS = 40
"""More ranked townships than these, and the front page shows the two ends of the ranking."""

LISTED_DEDUCTIONS = 3000
"""More deductions than these are counted on their page; each stands in the table file."""


def front(site: Site, years: Sequence[Year]) -> str:
    """The site's front page: the newest year at a glance."""
    year, w = years[-1], site.words
    shown_rows, left_out = year.ranked, 0
    if len(year.ranked) > FRONT_ROWS:
        shown_rows = year.ranked[: FRONT_ROWS // 2] + year.ranked[-FRONT_ROWS // 4 :]
        left_out = len(year.ranked) - len(shown_rows)
    name = w._("{city}: petition work, {year}", city=site.city.name, year=year.number)
    return site.page(
        "index.md.j2",
        "index.md",
        name,
        year=year,
        book=year.book,
        book_address=book_folder(year.book),
        rows=shown_rows,
        left_out=left_out,
        cut=FRONT_ROWS // 2,
        columns=6 if year.previous else 4,
        lists=list(short_lists(site, year)),
        movers=_movers(year),
        hide=("navigation", "toc"),
    )


def ranking(site: Site, year: Year) -> str:
    """A year's ranking with the points of each section."""
    w = site.words
    return site.page(
        "year.md.j2",
        f"results/{year.number}/index.md",
        w._("{year}: ranking", year=year.number),
        crumbs=(("results/", w._("Years")),),
        year=year,
        book=year.book,
        book_address=book_folder(year.book),
        chart=_ranking_chart(site, year),
        hide=("navigation", "toc"),
    )


def years_index(site: Site, years: Sequence[Year]) -> str:
    """All years, the newest first."""
    name = site.words._("Years")
    return site.page("years.md.j2", "results/index.md", name, years=years[::-1], book=None)


def deductions(site: Site, year: Year) -> str:
    """Every deduction of a year, clause by clause."""
    w = site.words
    clauses = [ClauseDeductions(year, clause) for clause in year.book.clauses()]
    count = sum(clause.count for clause in clauses)
    return site.page(
        "deductions.md.j2",
        f"results/{year.number}/deductions.md",
        w._("{year}: all deductions", year=year.number),
        crumbs=year_crumbs(site, year.number),
        year=year,
        book=year.book,
        clauses={clause.clause.id: clause for clause in clauses},
        count=count,
        listed=count <= LISTED_DEDUCTIONS,
    )


# --- deductions by clause -------------------------------------------------------------


class ClauseDeductions:
    """What one clause cost whom in a year."""

    def __init__(self, year: Year, clause: Clause) -> None:
        self.clause = clause
        self.rows = year.charged.get(clause.id, [])
        self.count = sum(len(charges) for _, charges in self.rows)
        self.points = sum((c.points for _, charges in self.rows for c in charges), Fraction())


# --- moves, chart ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mover:
    """A township whose rank moved, and the clause that did most of it."""

    now: Standing
    before: Standing
    points: Fraction | None
    clause: Clause | None
    clause_points: Fraction

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
    past = old.scorecard.clauses() if old.scorecard else ()
    before = {score.clause.id: score.points for score in past}
    moved = [
        (score.points - before[score.clause.id], score.clause)
        for score in (now.scorecard.clauses() if now.scorecard else ())
        if points is not None and score.clause.id in before
    ]
    most, clause = max(moved, key=lambda entry: abs(entry[0]), default=(Fraction(), None))
    return Mover(now, old, points, clause if most else None, most)


def _ranking_chart(site: Site, year: Year) -> Safe | None:
    w = site.words
    rows = [
        chart_row(f"{s.rank} {w.text(s.township.name)}", s.scorecard)
        for s in year.ranked
        if s.scorecard
    ]
    if not rows:
        return None
    return charts.lanes(
        rows,
        title=w._("Points by section, {year}", year=year.number),
        description=w._(
            "One bar per township in the order of rank, one lane per section ({sections});"
            " the numbers are in the table.",
            sections=tuple(section.title for section in year.book.sections),
        ),
    )


def chart_row(label: str, card: Scorecard) -> charts.Row:
    """A township's sections as lanes."""
    lanes = tuple(charts.Lane(s.points, s.section.points.value) for s in card.sections)
    return charts.Row(label, shown(card.score), lanes)
