"""A unit's pages: its scorecard of a year, and its years side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from generator.engine.book import Clause, Group, Reading, Undecidable, Wording
from generator.engine.facts import for_group
from generator.engine.measures import Basis, exact, shown
from generator.engine.problem import Text
from generator.engine.year import (
    Adjustment,
    Change,
    Charge,
    ClauseScore,
    SectionScore,
    Standing,
    Township,
)
from generator.pages import charts
from generator.pages.changes import ChangeRecord, ChangeWords, Move
from generator.pages.layout import Site, book_folder
from generator.pages.phrases import ChargeEffect, Phrases, charge_effect
from generator.pages.wording import Words
from generator.pages.year import Card, YearView, clauses_of, scores_of
from generator.words.explain import unrated
from generator.words.messages import KINDS, Safe
from generator.words.results import matters

COSTLIEST = 3
"""So many of what cost most places open a scorecard."""

_UP = "../../../"
"""From a scorecard to the site's top."""
_HEADING = "### {id} {title} {{ #{anchor} data-search-exclude }}"
"""Out of the search: the same headings on every scorecard would hide the clause itself and the page
of all deductions, where each township stands under its clause."""


@dataclass(frozen=True)
class CardView(Card):
    """The same with what needs words, and the commits that moved it."""

    words: Words
    moves: Sequence[Move] = ()

    @cached_property
    def costs(self) -> Mapping[int, ChargeEffect]:
        """What each charge did to the rank, by its identity: two may be alike."""
        effects = self.year.effects.of(self.standing)
        return {id(w.charge): charge_effect(self.words, self.standing, w) for w in effects}

    def cost(self, charge: Charge) -> ChargeEffect | None:
        """What a charge did to the rank, where that is worked out."""
        return self.costs.get(id(charge))

    @property
    def costliest(self) -> list[ChargeEffect]:
        """What cost most places, then most points."""
        effects = self.year.effects.costliest(self.standing, COSTLIEST)
        return [self.costs[id(without.charge)] for without in effects]

    def brought(self, score: ClauseScore, part: str | None) -> Move | None:
        """The newest move by which the clause got other points, were they its first."""
        return next((move for move in self.moves if move.touched(score.clause.id, part)), None)

    @property
    def weighted(self) -> bool:
        """Whether some section counts other than by its points."""
        return any(section.weight != 1 for section in self.scorecard.sections)

    @property
    def steps(self) -> Iterator[tuple[Adjustment, Fraction]]:
        """What stands between the sections and the score, with what it makes so far."""
        so_far = self.scorecard.in_sections
        for adjustment in self.scorecard.adjustments:
            so_far += adjustment.points
            yield adjustment, so_far

    @property
    def gives(self) -> bool:
        """Whether some rule of the clauses gives points."""
        sections = self.scorecard.sections
        return any(r.award for s in sections for c in s.clauses for r in c.clause.rules)

    @property
    def other_group(self) -> Group | None:
        """The group by which it is assessed, where all groups rank together."""
        grouping = self.year.book.above.grouping
        groups = grouping.groups if grouping and not grouping.apart else ()
        return next((group for group in groups if group.id == self.standing.group), None)

    def charged(self, score: ClauseScore | SectionScore, *, award: bool = False) -> Fraction:
        """What a clause or section took, or what it awarded."""
        clauses = score.clauses if isinstance(score, SectionScore) else (score,)
        charges = (charge for clause in clauses for charge in clause.charges)
        return sum((c.points for c in charges if c.deduction.award == award), Fraction())

    def lost(self, score: ClauseScore | SectionScore) -> Fraction:
        """Points short of what the clause or section carries."""
        if isinstance(score, ClauseScore):
            return score.clause.points.value - score.points
        return score.maximum - score.points

    @property
    def scale_start(self) -> str:
        """Where the scale of the chart begins, down to the score."""
        return exact(charts.scale_start(self.scorecard.score, self.full))

    @property
    def ranked(self) -> list[Standing]:
        """Those it is ranked with, the first one first."""
        return self.year.ranked_with(self.standing)

    @property
    def above(self) -> Standing | None:
        """The nearest township that ranks higher."""
        place = (self.standing.rank or 1) - 2
        return self.ranked[place] if place >= 0 else None

    @property
    def below(self) -> Standing | None:
        """The nearest township that ranks lower."""
        following = self.ranked[self.standing.rank or 0 :]
        return next((s for s in following if s.rank != self.standing.rank), None)

    def gap(self, standing: Standing) -> Fraction:
        """Points between this township and another one."""
        return abs(self.year.scores[standing.township.id] - self.scorecard.score)

    def rank_without(self, score: ClauseScore) -> int:
        """The rank had the clause cost nothing, the other townships' scores standing."""
        return self.year.rank_of(self.scorecard.score + self.lost(score))

    @property
    def together(self) -> str:
        """Where it would stand without any loss under a clause, if no single deduction decided."""
        if any(effect.moves for effect in self.costs.values()):
            return ""
        w, own = self.words, self.standing.rank
        ranks = {s.clause.id: self.rank_without(s) for s in self.scorecard.clauses() if s.charges}
        return w._("; ").join(
            f"{name}{w._(': ')}{w.place(n, tied=False)}" for name, n in ranks.items() if n != own
        )

    @property
    def grounds(self) -> str:
        """What the lines say by which something follows for the township."""
        w, year = self.words, self.year
        phrases = Phrases(w, year.book, year.form)
        return w._("; ").join(
            f"{w.text(line.label)}{w._(': ')}{phrases.line(line)}"
            for line in year.book.lines
            if set(line.outcomes) & set(self.standing.outcomes)
        )

    @property
    def barred(self) -> tuple[Text, ...]:
        """The lines at which a veto makes it not eligible."""
        lines = (n for n in self.year.book.lines if for_group(n.groups, self.standing.group))
        return tuple(line.label for line in lines if line.id in self.scorecard.barred)

    def change_behind(self, charge: Charge) -> Change | None:
        """The office's change of a fact that the deduction rests on."""
        places, changes = charge.deduction.sources, self.scorecard.submission.changes
        return next((change for change in changes if change.location in places), None)

    def replaced(self, change: Change) -> str:
        """150 → 120, of a change from one plain value to another."""
        values = (change.reported, change.value)
        if any(value is None or isinstance(value, Mapping | list) for value in values):
            return ""
        return " → ".join(self.words.changed(v, change.fact, self.year.form) for v in values)


class ClausePieces:
    """Pieces of a scorecard that say the same for every township, by clause, written once."""

    def __init__(self, site: Site, year: YearView) -> None:
        self.site = site.under(year.book)
        self._w, self._book = self.site.words, year.book
        self._address = _UP + book_folder(year.book)
        self._register = f"{self._address}register/"
        phrases = Phrases(self._w, year.book, year.form)
        clauses = list(year.book.clauses())
        self.quoted = {clause.id: self._quoted(clause) for clause in clauses}
        self.applies = {c.id: phrases.tests(c.applies.where) for c in clauses if c.applies}
        self.head = {
            c.id: Safe('<th scope="row">{}</th><td class="n">{}</td>').format(
                self.link(c, None), self._w.number(c.points.value)
            )
            for c in clauses
        }
        self.heading = {clause.id: self.heading_in(clause, None) for clause in clauses}
        row = Safe('<tr class="k-none">{}<td class="n">{}</td><td class="n">{}</td><td></td></tr>')
        nothing, score = self._w.loss(Fraction()), self._w.score
        self.full_row = {
            c.id: row.format(self.head[c.id], nothing, score(c.points.value)) for c in clauses
        }
        self.full_clause = {clause.id: self._full_clause(clause) for clause in clauses}

    def heading_in(self, clause: Clause, part: str | None) -> Safe:
        """A clause's heading, with the address it has in a period inside the year."""
        return Safe(_HEADING).format(**self._names(clause, part))

    def link(self, clause: Clause, part: str | None) -> Safe:
        """A link down to the clause."""
        return Safe('<a href="#{anchor}">{id} {title}</a>').format(**self._names(clause, part))

    def unrated(self, card: CardView, score: ClauseScore, part: str | None) -> str:
        """Who has still to rate what the clause leaves to discretion."""
        return unrated(score, part, card.scorecard, self._w.catalogue)

    def _quoted(self, clause: Clause) -> Safe:
        text = (
            '<blockquote class="k-text" data-search-exclude>{}'
            ' <a href="{}#{}">{}</a>{}</blockquote>{}'
        )
        link = self._w.anchor(clause.id), self._w._("clause {clause}", clause=clause.id)
        rendering = self.site.beside.of(clause.text, marked=True)
        return Safe(text).format(clause.text, self._address, *link, rendering, self._open(clause))

    def _open(self, clause: Clause) -> Safe:
        """What is open about the clause, each with its place in the register."""
        w, matter = self._w, matters(self._book, clause)
        links = [*self._linked(w._("Readings:"), "r", matter.readings)]
        if matter.readings:
            moved = w._("what other readings would move")
            links.append(Safe('<a href="../readings/">{}</a>').format(moved))
        if matter.assumed:
            count = w._("numbers set by us: {count}", count=len(matter.assumed))
            address = f"{self._register}#assumed"
            links.append(Safe('<a href="{}">{}</a>').format(address, count))
        links += self._linked(w._("No machine can decide:"), "u", matter.undecidable)
        if not links:
            return Safe("")
        inner = Safe(" · ").join(links)
        return Safe('\n<p class="k-open" data-search-exclude>{}</p>').format(inner)

    def _linked(
        self, name: str, letter: str, entries: Sequence[Reading | Undecidable]
    ) -> Iterator[Safe]:
        """Phrases, each linked to its entry in the register, after a name."""
        instead = self.site.beside.instead
        links = (
            Safe('<a href="{}">{}</a>').format(
                f"{self._register}#{letter}-{entry.id}",
                self._w._("“{phrase}”", phrase=instead(entry.phrase)),
            )
            for entry in entries
        )
        if entries:
            yield Safe("{} {}").format(name, Safe(" ").join(links))

    def _full_clause(self, clause: Clause) -> Safe:
        full = clause.points.value
        # On paper the table of clauses says enough of one that cost nothing.
        heading = Safe(_HEADING.replace(" }}", " .k-full }}")).format(**self._names(clause, None))
        return Safe(
            '{}\n\n<div class="k-clause k-full">\n<p class="k-subtotal">{} / {}</p>\n{}\n</div>'
        ).format(heading, self._w.score(full), self._w.number(full), self.quoted[clause.id])

    def _names(self, clause: Clause, part: str | None) -> dict[str, object]:
        w = self._w
        return {"anchor": w.anchor(clause.id, part), "id": clause.id, "title": w.text(clause.title)}


def scorecard(parts: ClausePieces, year: YearView, standing: Standing, record: ChangeRecord) -> str:
    """A township's year: every clause, every deduction, every fact behind it."""
    site, unit, card = parts.site, standing.township, standing.scorecard
    w, moves = site.words, record.by_township.get(unit.id, ())
    view = CardView(year, standing, card, w, moves) if card else None
    name = w.term("card", township=unit.name, year=year.number)
    summary, chart = name, None
    if view:
        score, rank = w.scored(view.scorecard.score), w.rank(standing)
        summary = w._("{name}: {score}, {rank}", name=name, score=score, rank=rank)
        chart = (_waterfall if year.plain else _bars)(w, view)
    return site.year_page(
        "scorecard.md.j2" if view else "unsubmitted.md.j2",
        year,
        unit.id,
        name,
        summary=summary,
        standing=standing,
        township=unit,
        card=view,
        basis=Basis,
        parts=parts,
        chart=chart,
        moves=moves,
        record=record,
        changed=ChangeWords(w),
    )


def _waterfall(w: Words, card: CardView) -> Safe | None:
    """The chart from full marks down to the score; none where nothing was lost."""
    full = left = card.full
    rows = []
    for score in card.scorecard.clauses():
        if lost := card.lost(score):
            left -= lost
            label, value = f"{score.clause.id} {w.text(score.clause.title)}", f"−{shown(lost)}"
            args = {"clause": label, "lost": value, "left": shown(left)}
            hint = w._("{clause}: {lost}, leaves {left}", **args)
            lane = charts.Lane(score.points, score.clause.points.value)
            rows.append(charts.Row(label, value, (lane,), hint))
    if not rows:
        return None
    args = {"full": w.points(full), "score": w.scored(card.scorecard.score)}
    return charts.waterfall(
        full,
        rows,
        title=w._("From {full} down to {score}", **args),
        description=w._(
            "One step per clause that cost points; the scale runs from {start} to {full}.",
            start=card.scale_start,
            full=full,
        ),
    )


def _bars(w: Words, card: CardView) -> Safe | None:
    """What each section counts, and what is added or taken beside them, all on one scale."""
    rows = []
    for period in card.periods:
        for section in period.sections:
            title = f"{section.section.id} {w.text(section.section.title)}"
            if period.part:
                title = w._("{period}: {section}", period=period.part.label, section=title)
            value = f"{shown(section.points)} / {shown(section.maximum)}"
            rows.append(charts.Row(title, value, (charts.Lane(section.points, section.maximum),)))
    if beside := card.scorecard.beside:
        value = ("+" if beside > 0 else "−") + shown(abs(beside))
        lane = charts.Lane(beside, abs(beside))
        rows.append(charts.Row(w._("Beside the sections"), value, (lane,)))
    if not any(lane.full for row in rows for lane in row.lanes):
        return None
    return charts.bars(
        rows,
        title=w._("How {score} come about", score=w.scored(card.scorecard.score)),
        description=w._("One bar per section, all on one scale; the numbers are in the table."),
    )


# --- over the years -------------------------------------------------------------------


def township(site: Site, years: Sequence[YearView], unit: Township) -> str:
    """A township over the years: scores, ranks, outcomes, and what each clause cost."""
    rows = [(year, standing) for year in years[::-1] if (standing := year.by_id.get(unit.id))]
    newest = rows[0][0] if rows else None
    site = site.under(newest.book) if newest else site
    w, chart = site.words, None
    lanes = [
        charts.lane_row(label, card, charts.lane_names(w, year, card))
        if (card := standing.scorecard)
        else charts.Row(label, "–", ())
        for year, standing in rows
        if (label := f"{year.number} {w.rank(standing)}")
    ]
    if any(row.lanes for row in lanes):
        about = w._("One bar per year, one lane per section; the numbers are in the table.")
        chart = charts.lanes(lanes, title=w.term("sections_over_years"), description=about)
    return site.page(
        "township.md.j2",
        f"townships/{unit.id}.md",
        w.text(unit.name),
        crumbs=(("townships/", w.assessed_head),),
        township=unit,
        rows=rows,
        newest=newest,
        kind=kind_of(w, newest, unit),
        group=group_name(w, newest, unit),
        clauses=list(_by_clause(rows)),
        graded=any(standing.band for _year, standing in rows),
        chart=chart,
        heirs=site.city.heirs(unit, unit.last_year + 1) if unit.last_year else (),
        earlier=[each for each in site.city.townships if unit.id in each.successors],
    )


def succeeded(site: Site, year: YearView, unit: Township, heirs: Sequence[Township]) -> str:
    """Where a scorecard would be of a unit that has ended: who carries on for it in that year."""
    w = site.words
    return site.page(
        "succeeded.md.j2",
        f"results/{year.number}/{unit.id}.md",
        w.text(unit.name),
        crumbs=(("results/", w._("Years")), (f"results/{year.number}/", str(year.number))),
        year=year,
        township=unit,
        heirs=heirs,
    )


def townships(site: Site, years: Sequence[YearView]) -> str:
    """All townships with their newest results."""
    newest, w = years[-1] if years else None, site.words
    return site.page(
        "townships.md.j2",
        "townships/index.md",
        w.assessed_head,
        townships=[
            (
                *(unit, kind_of(w, newest, unit), group_name(w, newest, unit)),
                newest.by_id.get(unit.id) if newest else None,
            )
            for unit in site.city.townships
        ],
        year=newest,
    )


def kind_of(w: Words, year: YearView | None, unit: Township) -> str:
    """What kind of unit it is: by the rulebook's word where that has one of its own."""
    if year is None or year.book.wording.assessed == Wording().assessed:
        return w.render(KINDS[unit.kind])
    grouping = year.book.above.grouping
    kinds = grouping.groups if grouping and grouping.by == "kind" else ()
    return next((w.text(kind.label) for kind in kinds if kind.id == unit.kind), w.assessed)


def group_name(w: Words, year: YearView | None, unit: Township) -> str:
    """The register's group: by the rulebook's name for it where that goes by these groups."""
    grouping = year.book.above.grouping if year else None
    if grouping and grouping.by == "group":
        return next((w.text(g.label) for g in grouping.groups if g.id == unit.group), "")
    return w._("group {group}", group=unit.group.upper()) if unit.group else ""


def _by_clause(
    rows: Sequence[tuple[YearView, Standing]],
) -> Iterator[tuple[Clause, str | None, list[ClauseScore | None]]]:
    """Every clause of the newest rulebook with its scores, the newest year first.

    Once for each period inside the year that it is judged in. Years under a rulebook of another
    name have none.
    """
    if not rows:
        return
    book = rows[0][0].book
    scores = [scores_of(s.scorecard if year.book.id == book.id else None) for year, s in rows]
    order = {clause.id: place for place, clause in enumerate(book.clauses())}
    for clause, part in sorted(clauses_of(book), key=lambda place: order[place[0].id]):
        yield clause, part, [of_year.get((clause.id, part)) for of_year in scores]
