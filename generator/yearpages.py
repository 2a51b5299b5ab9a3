"""The pages of a year: front page, ranking, all deductions. Owns what they gather.

Must not judge: ranks and outcomes come from the engine, sums are of what it charged.
"""

from collections.abc import Sequence
from fractions import Fraction

from generator import charts
from generator.amount import shown
from generator.annual import Year
from generator.escape import Safe
from generator.frame import Site, book_folder, year_crumbs
from generator.listpages import short_lists
from generator.model import Charge, Clause, Scorecard, Standing

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
        self.rows: list[tuple[Standing, tuple[Charge, ...]]] = [
            (standing, charges)
            for standing in year.ranked
            if (charges := _charges(standing.scorecard, clause))
        ]
        self.count = sum(len(charges) for _, charges in self.rows)
        self.points = sum((c.points for _, charges in self.rows for c in charges), Fraction())


def _charges(card: Scorecard | None, clause: Clause) -> tuple[Charge, ...]:
    scores = card.clauses() if card else ()
    return next((score.charges for score in scores if score.clause.id == clause.id), ())


# --- moves, chart ---------------------------------------------------------------------


def _movers(year: Year) -> list[tuple[Standing, Standing]]:
    """The townships whose rank moved most since last year, with their old standing."""
    pairs = [(s, year.before[s.township.id]) for s in year.ranked if s.township.id in year.before]
    moved = [(abs((s.rank or 0) - old.rank), s, old) for s, old in pairs if old.rank is not None]
    moved.sort(key=lambda entry: (-entry[0], entry[1].rank))
    return [(standing, old) for places, standing, old in moved[:5] if places]


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
