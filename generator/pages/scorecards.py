"""A township's pages: its scorecard of a year, and its years side by side.

Owns what they gather. Must not judge: what was asked and charged comes from the engine.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from generator.engine.amount import exact, shown
from generator.engine.book import Clause, Wording
from generator.engine.measures import Basis
from generator.engine.model import Township
from generator.engine.result import ClauseScore, Scorecard, Standing
from generator.pages import charts
from generator.pages.annual import Year
from generator.pages.cards import Card, Parts
from generator.pages.layout import Site, book_folder, year_crumbs
from generator.pages.records import Record
from generator.pages.wording import Words
from generator.pages.yearpages import chart_row, in_lanes, lane_name
from generator.words.escape import Safe


def scorecard(parts: Parts, year: Year, standing: Standing, record: Record) -> str:
    """A township's year: every clause, every deduction, every fact behind it."""
    site, township = parts.site, standing.township
    w = site.words
    moves = record.by_township.get(township.id, ())
    card = Card(year, standing, standing.scorecard, w, moves) if standing.scorecard else None
    name = w.term("card", township=township.name, year=year.number)
    return site.page(
        "scorecard.md.j2" if card else "unsubmitted.md.j2",
        f"results/{year.number}/{township.id}.md",
        name,
        summary=_summary(site, name, card),
        crumbs=year_crumbs(site, year.number),
        year=year,
        book=year.book,
        book_address=book_folder(year.book),
        standing=standing,
        township=township,
        card=card,
        basis=Basis,
        parts=parts,
        chart=_chart(w, card) if card else None,
        scale_start=_start(card) if card and year.plain else "",
        moves=moves,
        record=record,
    )


def _summary(site: Site, name: str, card: Card | None) -> str:
    if card is None:
        return name
    rank = site.words.rank(card.standing)
    score = site.words.scored(card.scorecard.score)
    return site.words._("{name}: {score}, {rank}", name=name, score=score, rank=rank)


# --- the chart ------------------------------------------------------------------------


def _start(card: Card) -> str:
    return exact(charts.scale_start(card.scorecard.score, card.full))


def _chart(w: Words, card: Card) -> Safe | None:
    return _waterfall(w, card) if card.year.plain else _bars(w, card)


def _waterfall(w: Words, card: Card) -> Safe | None:
    """The chart from full marks down to the score; none where nothing was lost."""
    full = left = card.full
    steps = []
    for score in card.scorecard.clauses():
        if lost := card.lost(score):
            left -= lost
            label, value = f"{score.clause.id} {w.text(score.clause.title)}", f"−{shown(lost)}"
            told = w._(
                "{clause}: {lost}, leaves {left}", clause=label, lost=value, left=shown(left)
            )
            steps.append(charts.Step(label, value, lost, told))
    if not steps:
        return None
    args = {"full": w.points(full), "score": w.scored(card.scorecard.score)}
    return charts.waterfall(
        full,
        steps,
        title=w._("From {full} down to {score}", **args),
        description=w._(
            "One step per clause that cost points; the scale runs from {start} to {full}.",
            start=_start(card),
            full=full,
        ),
    )


def _bars(w: Words, card: Card) -> Safe | None:
    """What each section counts, and what is added or taken beside them, all on one scale."""
    bars = []
    for period in card.periods:
        for section in period.sections:
            title = f"{section.section.id} {w.text(section.section.title)}"
            if period.part:
                title = w._("{period}: {section}", period=period.part.label, section=title)
            value = f"{shown(section.points)} / {shown(section.maximum)}"
            kept = min(max(section.points, Fraction()), section.maximum)
            bars.append(charts.Bar(title, value, kept, section.maximum - kept))
    beside = card.scorecard.beside
    if beside:
        value = ("+" if beside > 0 else "−") + shown(abs(beside))
        given, taken = max(beside, Fraction()), max(-beside, Fraction())
        bars.append(charts.Bar(w._("Beside the sections"), value, given, taken))
    if not any(bar.kept or bar.lost for bar in bars):
        return None
    return charts.bars(
        bars,
        title=w._("How {score} come about", score=w.scored(card.scorecard.score)),
        description=w._("One bar per section, all on one scale; the numbers are in the table."),
    )


# --- over the years -------------------------------------------------------------------


def township(site: Site, years: Sequence[Year], one: Township) -> str:
    """A township over the years: scores, ranks, outcomes, and what each clause cost."""
    rows = [(year, found) for year in years if (found := year.by_id.get(one.id))]
    newest = rows[-1][0] if rows else None
    site = site.under(newest.book) if newest else site
    w = site.words
    return site.page(
        "township.md.j2",
        f"townships/{one.id}.md",
        w.text(one.name),
        crumbs=(("townships/", w.assessed_head),),
        township=one,
        rows=rows[::-1],
        newest=newest,
        kind=kind_of(w, newest, one),
        group=group_name(w, newest, one),
        clauses=list(_by_clause(rows)),
        graded=any(standing.band for _year, standing in rows),
        chart=_years_chart(site, rows[::-1]),
    )


def townships(site: Site, years: Sequence[Year]) -> str:
    """All townships with their newest results."""
    newest = years[-1]
    site = site.under(newest.book)
    standings = {standing.township.id: standing for standing in newest.result.standings}
    return site.page(
        "townships.md.j2",
        "townships/index.md",
        site.words.assessed_head,
        townships=[
            (
                one,
                kind_of(site.words, newest, one),
                group_name(site.words, newest, one),
                standings.get(one.id),
            )
            for one in site.city.townships
        ],
        year=newest,
        book=newest.book,
    )


def kind_of(w: Words, year: Year | None, one: Township) -> str:
    """What kind of unit it is: by the rulebook's word where that has one of its own."""
    usual = Wording().assessed
    if year is None or year.book.wording.assessed == usual:
        return w.kind(one.kind)
    grouping = year.book.above.grouping
    kinds = grouping.groups if grouping and grouping.by == "kind" else ()
    return next((w.text(kind.label) for kind in kinds if kind.id == one.kind), w.assessed)


def group_name(w: Words, year: Year | None, one: Township) -> str:
    """The register's group: by the rulebook's name for it where that goes by these groups."""
    grouping = year.book.above.grouping if year else None
    if grouping and grouping.by == "group":
        return next((w.text(g.label) for g in grouping.groups if g.id == one.group), "")
    return w._("group {group}", group=one.group.upper()) if one.group else ""


def _by_clause(
    rows: Sequence[tuple[Year, Standing]],
) -> Iterator[tuple[Clause, str | None, list[ClauseScore | None]]]:
    """Every clause of the newest rulebook with its scores, the newest year first.

    Once for each period inside the year that it is judged in. Years under a rulebook of another
    name have none.
    """
    if not rows:
        return
    book = rows[-1][0].book
    scores = [
        {
            (c.clause.id, section.part): c
            for section in standing.scorecard.sections
            for c in section.clauses
        }
        if standing.scorecard and year.book.id == book.id
        else {}
        for year, standing in reversed(rows)
    ]
    for section in book.sections:
        parts = [p.id for p in book.above.parts] if section.each == "period" else [None]
        for clause in section.clauses:
            for part in parts:
                yield clause, part, [of_year.get((clause.id, part)) for of_year in scores]


def _titles(w: Words, year: Year, card: Scorecard) -> list[str]:
    """What the lanes of a card are called."""
    return [lane_name(w, year, those[0]) for those in in_lanes(card)]


def _years_chart(site: Site, rows: Sequence[tuple[Year, Standing]]) -> Safe | None:
    w = site.words
    bars = [
        chart_row(f"{year.number} {w.rank(standing)}", standing.scorecard, _titles(w, year, card))
        for year, standing in rows
        if (card := standing.scorecard)
    ]
    if not bars:
        return None
    return charts.lanes(
        bars,
        title=w.term("sections_over_years"),
        description=w._("One bar per year, one lane per section; the numbers are in the table."),
    )
