"""One unit in one year, as its scorecard looks it up, and the pieces that scorecards share.

Owns these views. Must not judge: what was asked and charged comes from the engine.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from generator.engine.above import Group, Part
from generator.engine.book import Clause
from generator.engine.groups import for_group
from generator.engine.model import Change, Correction
from generator.engine.problem import Text
from generator.engine.result import (
    Adjustment,
    Charge,
    ClauseScore,
    PartScore,
    Scorecard,
    SectionScore,
    Standing,
)
from generator.pages.annual import Year
from generator.pages.costs import Cost, cost, place
from generator.pages.layout import Site, book_folder
from generator.pages.listpages import line_rule
from generator.pages.phrases import Phrases
from generator.pages.records import Move
from generator.pages.wording import Words
from generator.words.counted import unrated
from generator.words.escape import Safe
from generator.words.register import matters

COSTLIEST = 3
"""So many of what cost most places open a scorecard."""

_UP = "../../../"
"""From a scorecard to the site's top."""
_HEADING = "### {id} {title} {{ #{anchor} data-search-exclude }}"
"""Out of the search: the same headings on every scorecard would hide the clause itself and the page
of all deductions, where each township stands under its clause."""


@dataclass(frozen=True, slots=True)
class InPeriod:
    """The sections of the year, or of a period inside it with its own score and grade."""

    part: Part | None
    score: PartScore | None
    sections: tuple[SectionScore, ...]

    @property
    def counted(self) -> Fraction:
        """What they count for together."""
        return sum((section.points for section in self.sections), Fraction())


@dataclass(frozen=True)
class Card:
    """One township in one year, with what its page looks up."""

    year: Year
    standing: Standing
    scorecard: Scorecard
    words: Words
    moves: Sequence[Move] = ()

    @cached_property
    def costs(self) -> Mapping[int, Cost]:
        """What each charge did to the rank, by its identity: two may be alike."""
        found = self.year.effects.of(self.standing)
        return {id(one.charge): cost(self.words, self.standing, one) for one in found}

    def cost(self, charge: Charge) -> Cost | None:
        """What a charge did to the rank, where that is worked out."""
        return self.costs.get(id(charge))

    @property
    def costliest(self) -> list[Cost]:
        """What cost most places, then most points."""
        found = self.year.effects.costliest(self.standing, COSTLIEST)
        return [self.costs[id(one.charge)] for one in found]

    def brought(self, score: ClauseScore, part: str | None) -> Move | None:
        """The newest move by which the clause got other points, were they its first."""
        return next((move for move in self.moves if move.touched(score.clause.id, part)), None)

    @property
    def full(self) -> Fraction:
        """What could be had."""
        return self.scorecard.total

    @property
    def periods(self) -> list[InPeriod]:
        """The sections, those of the year first, then period by period."""
        parts = {section.part: None for section in self.scorecard.sections}
        scores = {one.part: one for one in self.scorecard.parts}
        return [
            InPeriod(
                self.year.part(part),
                scores.get(part or ""),
                tuple(s for s in self.scorecard.sections if s.part == part),
            )
            for part in parts
        ]

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
    def group(self) -> Group | None:
        """The group among which it ranks, where they rank apart."""
        return self.year.group_of(self.standing)

    @property
    def other_group(self) -> Group | None:
        """The group by which it is assessed, where all groups rank together."""
        grouping = self.year.book.above.grouping
        groups = grouping.groups if grouping and not grouping.apart else ()
        return next((group for group in groups if group.id == self.standing.group), None)

    def taken(self, score: ClauseScore | SectionScore) -> Fraction:
        """What was charged in a clause or section."""
        return sum((c.points for c in _charges(score) if not c.deduction.award), Fraction())

    def given(self, score: ClauseScore | SectionScore) -> Fraction:
        """What was awarded in a clause or section."""
        return sum((c.points for c in _charges(score) if c.deduction.award), Fraction())

    def own(self, score: SectionScore) -> Fraction:
        """A section's points before it counts by its weight."""
        return sum((clause.points for clause in score.clauses), Fraction())

    def lost(self, score: ClauseScore | SectionScore) -> Fraction:
        """Points short of what the clause or section carries."""
        if isinstance(score, ClauseScore):
            return score.clause.points.value - score.points
        return score.maximum - score.points

    @property
    def lost_in_all(self) -> Fraction:
        return self.full - self.scorecard.score

    @property
    def ranked(self) -> list[Standing]:
        """Those it is ranked with, the first one first."""
        return self.year.table_of(self.standing).standings

    @property
    def above(self) -> Standing | None:
        """The nearest township that ranks higher."""
        place = (self.standing.rank or 1) - 2
        return self.ranked[place] if place >= 0 else None

    @property
    def below(self) -> Standing | None:
        """The nearest township that ranks lower."""
        following = self.ranked[self.standing.rank or 0 :]
        return next((other for other in following if other.rank != self.standing.rank), None)

    def gap(self, other: Standing) -> Fraction:
        """Points between this township and another one."""
        return abs(self.year.scores[other.township.id] - self.scorecard.score)

    def rank_without(self, score: ClauseScore) -> int:
        """The rank had the clause cost nothing, the other townships' scores standing."""
        return self.year.rank_of(self.scorecard.score + self.lost(score))

    @property
    def together(self) -> str:
        """Where it would stand without any loss under a clause, if no single deduction decided."""
        if any(one.moves for one in self.costs.values()):
            return ""
        w, own = self.words, self.standing.rank
        ranks = {s.clause.id: self.rank_without(s) for s in self.scorecard.clauses() if s.charges}
        moved = [
            f"{name}{w._(': ')}{place(w, n, tied=False)}" for name, n in ranks.items() if n != own
        ]
        return w._("; ").join(moved)

    @property
    def grounds(self) -> str:
        """What the lines say by which something follows for the township."""
        w, year = self.words, self.year
        phrases = Phrases(w, year.book, year.form)
        mine = (n for n in year.book.lines if set(n.outcomes) & set(self.standing.outcomes))
        told = [f"{w.text(n.label)}{w._(': ')}{line_rule(n, w, phrases)}" for n in mine]
        return w._("; ").join(told)

    @property
    def barred(self) -> tuple[Text, ...]:
        """The lines at which a veto makes it not eligible."""
        mine = (n for n in self.year.book.lines if for_group(n.groups, self.standing.group))
        return tuple(line.label for line in mine if line.id in self.scorecard.barred)

    def change_behind(self, charge: Charge) -> Change | None:
        """The office's change of a fact that the deduction rests on."""
        places = charge.deduction.sources
        changes = self.scorecard.submission.changes
        return next((change for change in changes if change.location in places), None)

    def replaced(self, change: Change) -> str:
        """150 → 120, of a change from one plain value to another."""
        both = (change.reported, change.value)
        if any(value is None or isinstance(value, Mapping | list) for value in both):
            return ""
        return " → ".join(self.words.changed(v, change.fact, self.year.form) for v in both)

    @property
    def corrections(self) -> list[Correction]:
        """What was asked and decided for this township after publication."""
        return [
            correction
            for correction in self.year.result.inputs.corrections
            if correction.township == self.standing.township.id
        ]

    @property
    def moved(self) -> bool:
        """Whether corrections changed anything for it, were they about others."""
        return any(one.township.id == self.standing.township.id for one in self.year.moved)

    @property
    def first(self) -> Standing:
        """Where it stood before any correction of that year."""
        return self.year.firsts[self.standing.township.id]


def _charges(score: ClauseScore | SectionScore) -> Iterator[Charge]:
    for clause in score.clauses if isinstance(score, SectionScore) else (score,):
        yield from clause.charges


class Parts:
    """Pieces of a scorecard that say the same for every township, by clause, written once."""

    def __init__(self, site: Site, year: Year) -> None:
        self.site = site.under(year.book)
        self._w, self._book = self.site.words, year.book
        self._phrases = Phrases(self._w, year.book, year.form)
        clauses = list(year.book.clauses())
        self.open = {clause.id: self._open(clause) for clause in clauses}
        self.quoted = {clause.id: self._quoted(clause) for clause in clauses}
        self.applies = {c.id: self._phrases.tests(c.applies.where) for c in clauses if c.applies}
        self.head = {clause.id: self._head(clause) for clause in clauses}
        self.heading = {clause.id: self.heading_in(clause, None) for clause in clauses}
        self.full_row = {clause.id: self._full_row(clause) for clause in clauses}
        self.full_clause = {clause.id: self._full_clause(clause) for clause in clauses}

    def heading_in(self, clause: Clause, part: str | None) -> Safe:
        """A clause's heading, with the address it has in a period inside the year."""
        return Safe(_HEADING).format(**self._names(clause, part))

    def _full_heading(self, clause: Clause) -> Safe:
        """On paper the table of clauses says enough of one that cost nothing."""
        heading = Safe(_HEADING.replace(" }}", " .k-full }}"))
        return heading.format(**self._names(clause, None))

    def link(self, clause: Clause, part: str | None) -> Safe:
        """A link down to the clause."""
        return Safe('<a href="#{anchor}">{id} {title}</a>').format(**self._names(clause, part))

    def unrated(self, card: "Card", score: ClauseScore, part: str | None) -> str:
        """Who has still to rate what the clause leaves to discretion."""
        return unrated(score, part, card.scorecard, self._w.catalogue)

    def _head(self, clause: Clause) -> Safe:
        return Safe('<th scope="row">{}</th><td class="n">{}</td>').format(
            self.link(clause, None), self._w.number(clause.points.value)
        )

    def _quoted(self, clause: Clause) -> Safe:
        text = (
            '<blockquote class="k-text" data-search-exclude>{}'
            ' <a href="{}#{}">{}</a>{}</blockquote>{}'
        )
        page = _UP + book_folder(self._book)
        link = (page, self._w.anchor(clause.id), self._w._("clause {clause}", clause=clause.id))
        rendering = self.site.beside.of(clause.text, marked=True)
        return Safe(text).format(clause.text, *link, rendering, self.open[clause.id])

    def _open(self, clause: Clause) -> Safe:
        """What is open about the clause, each with its place in the register."""
        found, w = matters(self._book, clause), self._w
        page = f"{_UP}{book_folder(self._book)}register/"
        told = []
        if found.readings:
            links = [(f"{page}#r-{one.id}", one.phrase) for one in found.readings]
            told.append(self._linked(w._("Readings:"), links))
            other = w._("what other readings would move")
            told.append(Safe('<a href="../readings/">{}</a>').format(other))
        if found.assumed:
            said = w._("numbers set by us: {count}", count=len(found.assumed))
            told.append(Safe('<a href="{}">{}</a>').format(f"{page}#assumed", said))
        if found.undecidable:
            links = [(f"{page}#u-{one.id}", one.phrase) for one in found.undecidable]
            told.append(self._linked(w._("No machine can decide:"), links))
        if not told:
            return Safe("")
        inner = Safe(" · ").join(told)
        return Safe('\n<p class="k-open" data-search-exclude>{}</p>').format(inner)

    def _linked(self, name: str, links: list[tuple[str, str]]) -> Safe:
        made = (
            Safe('<a href="{}">{}</a>').format(
                address, self._w._("“{phrase}”", phrase=self.site.beside.instead(phrase))
            )
            for address, phrase in links
        )
        return Safe("{} {}").format(name, Safe(" ").join(made))

    def _full_row(self, clause: Clause) -> Safe:
        cells = (self._w.loss(Fraction()), self._w.score(clause.points.value))
        row = '<tr class="k-none">{}<td class="n">{}</td><td class="n">{}</td><td></td></tr>'
        return Safe(row).format(self.head[clause.id], *cells)

    def _full_clause(self, clause: Clause) -> Safe:
        full = clause.points.value
        return Safe(
            '{}\n\n<div class="k-clause k-full">\n<p class="k-subtotal">{} / {}</p>\n{}\n</div>'
        ).format(
            self._full_heading(clause),
            self._w.score(full),
            self._w.number(full),
            self.quoted[clause.id],
        )

    def _names(self, clause: Clause, part: str | None) -> dict[str, object]:
        w = self._w
        return {"anchor": w.anchor(clause.id, part), "id": clause.id, "title": w.text(clause.title)}
