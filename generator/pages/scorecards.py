"""A township's pages: its scorecard of a year, and its years side by side.

Owns what they gather. Must not judge: what was asked and charged comes from the engine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.engine.amount import exact, shown
from generator.engine.book import Clause, Rulebook
from generator.engine.model import (
    Change,
    Charge,
    ClauseScore,
    Correction,
    Scorecard,
    SectionScore,
    Standing,
    Township,
)
from generator.pages import charts
from generator.pages.annual import Year
from generator.pages.layout import Site, book_folder, year_crumbs
from generator.pages.yearpages import chart_row
from generator.words.escape import Safe


@dataclass(frozen=True, slots=True)
class Card:
    """One township in one year, with what its page looks up."""

    year: Year
    standing: Standing
    scorecard: Scorecard

    def lost(self, score: ClauseScore | SectionScore) -> Fraction:
        """Points short of what the clause or section carries."""
        part = score.clause if isinstance(score, ClauseScore) else score.section
        return part.points.value - score.points

    @property
    def lost_in_all(self) -> Fraction:
        return self.year.book.total.value - self.scorecard.score

    @property
    def above(self) -> Standing | None:
        """The nearest township with more points."""
        place = (self.standing.rank or 1) - 2
        return self.year.ranked[place] if place >= 0 else None

    @property
    def below(self) -> Standing | None:
        """The nearest township with fewer points."""
        following = self.year.ranked[self.standing.rank or 0 :]
        return next((other for other in following if other.rank != self.standing.rank), None)

    def gap(self, other: Standing) -> Fraction:
        """Points between this township and another one."""
        return abs(self.year.scores[other.township.id] - self.scorecard.score)

    def rank_without(self, score: ClauseScore) -> int:
        """The rank had the clause cost nothing, the other townships' scores standing."""
        return self.year.rank_of(self.scorecard.score + self.lost(score))

    def change_behind(self, charge: Charge) -> Change | None:
        """The office's change of a fact that the deduction rests on."""
        places = charge.deduction.sources
        changes = self.scorecard.submission.changes
        return next((change for change in changes if change.location in places), None)

    @property
    def corrections(self) -> list[Correction]:
        """What was asked and decided for this township after publication."""
        return [
            correction
            for correction in self.year.result.inputs.corrections
            if correction.township == self.standing.township.id
        ]

    @property
    def first(self) -> Standing:
        """Where it stood before any correction of that year."""
        return self.year.firsts[self.standing.township.id]


class Parts:
    """Pieces of a scorecard that say the same for every township, by clause, written once."""

    def __init__(self, site: Site, book: Rulebook) -> None:
        self._w = site.words
        clauses = list(book.clauses())
        self.head = {clause.id: self._head(clause) for clause in clauses}
        self.heading = {clause.id: self._heading(clause) for clause in clauses}
        self.quoted = {clause.id: self._quoted(clause) for clause in clauses}
        self.full_row = {clause.id: self._full_row(clause) for clause in clauses}
        self.full_clause = {clause.id: self._full_clause(clause) for clause in clauses}

    def _head(self, clause: Clause) -> Safe:
        return Safe(
            '<th scope="row"><a href="#{anchor}">{id} {title}</a></th><td class="n">{full}</td>'
        ).format(full=self._w.number(clause.points.value), **self._names(clause))

    def _heading(self, clause: Clause) -> Safe:
        return Safe("### {id} {title} {{ #{anchor} }}").format(**self._names(clause))

    def _quoted(self, clause: Clause) -> Safe:
        text = '<blockquote class="k-text" data-search-exclude>{}</blockquote>'
        return Safe(text).format(clause.text)

    def _full_row(self, clause: Clause) -> Safe:
        cells = (self._w.loss(Fraction()), self._w.score(clause.points.value))
        row = '<tr class="k-none">{}<td class="n">{}</td><td class="n">{}</td><td></td></tr>'
        return Safe(row).format(self.head[clause.id], *cells)

    def _full_clause(self, clause: Clause) -> Safe:
        full = clause.points.value
        return Safe(
            '{}\n\n<div class="k-clause">\n<p class="k-subtotal">{} / {}</p>\n{}\n</div>'
        ).format(
            self.heading[clause.id],
            self._w.score(full),
            self._w.number(full),
            self.quoted[clause.id],
        )

    def _names(self, clause: Clause) -> dict[str, object]:
        w = self._w
        return {"anchor": w.anchor(clause.id), "id": clause.id, "title": w.text(clause.title)}


def scorecard(site: Site, parts: Parts, year: Year, standing: Standing) -> str:
    """A township's year: every clause, every deduction, every fact behind it."""
    w, township = site.words, standing.township
    card = Card(year, standing, standing.scorecard) if standing.scorecard else None
    name = w._("{township}, {year}", township=township.name, year=year.number)
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
        parts=parts,
        chart=_waterfall(site, card) if card else None,
        scale_start=exact(charts.scale_start(card.scorecard.score, year.book.total.value))
        if card
        else "",
    )


def _summary(site: Site, name: str, card: Card | None) -> str:
    if card is None:
        return name
    rank = site.words.rank(card.standing)
    score = shown(card.scorecard.score)
    return site.words._("{name}: {score} points, {rank}", name=name, score=score, rank=rank)


def _waterfall(site: Site, card: Card) -> Safe | None:
    """The chart from full marks down to the score; none where nothing was lost."""
    w, full = site.words, card.year.book.total.value
    steps = [
        charts.Step(
            f"{score.clause.id} {w.text(score.clause.title)}",
            f"−{shown(lost)}",
            lost,
        )
        for score in card.scorecard.clauses()
        if (lost := card.lost(score))
    ]
    if not steps:
        return None
    args = {"full": full, "score": shown(card.scorecard.score)}
    return charts.waterfall(
        full,
        steps,
        title=w._("From {full} points down to {score}", **args),
        description=w._(
            "One step per clause that cost points; the scale runs from {start} to {full}.",
            start=exact(charts.scale_start(card.scorecard.score, full)),
            full=full,
        ),
    )


# --- over the years -------------------------------------------------------------------


def township(site: Site, years: Sequence[Year], one: Township) -> str:
    """A township over the years: scores, ranks, outcomes, and what each clause cost."""
    w = site.words
    rows = [(year, found) for year in years if (found := year.by_id.get(one.id))]
    return site.page(
        "township.md.j2",
        f"townships/{one.id}.md",
        w.text(one.name),
        crumbs=(("townships/", w._("Townships")),),
        township=one,
        rows=rows[::-1],
        clauses=list(_losses(rows)),
        chart=_years_chart(site, rows[::-1]),
    )


def townships(site: Site, years: Sequence[Year]) -> str:
    """All townships with their newest results."""
    newest = years[-1]
    standings = {standing.township.id: standing for standing in newest.result.standings}
    return site.page(
        "townships.md.j2",
        "townships/index.md",
        site.words._("Townships"),
        townships=[(one, standings.get(one.id)) for one in site.city.townships],
        year=newest,
        book=newest.book,
    )


def _losses(
    rows: Sequence[tuple[Year, Standing]],
) -> Iterator[tuple[Clause, list[ClauseScore | None]]]:
    """Every clause of the newest rulebook with its scores, the newest year first.

    Years under a rulebook of another name have none.
    """
    if not rows:
        return
    book = rows[-1][0].book
    scores = [
        {c.clause.id: c for c in standing.scorecard.clauses()}
        if standing.scorecard and year.book.id == book.id
        else {}
        for year, standing in reversed(rows)
    ]
    for clause in book.clauses():
        yield clause, [of_year.get(clause.id) for of_year in scores]


def _years_chart(site: Site, rows: Sequence[tuple[Year, Standing]]) -> Safe | None:
    w = site.words
    bars = [
        chart_row(f"{year.number} {w.rank(standing)}", standing.scorecard)
        for year, standing in rows
        if standing.scorecard
    ]
    if not bars:
        return None
    return charts.lanes(
        bars,
        title=w._("Points by section over the years"),
        description=w._("One bar per year, one lane per section; the numbers are in the table."),
    )
