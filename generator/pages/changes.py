"""The record of changes: which commits moved a year's scores and ranks, and because of what.

Owns how two sides of a score, a rank and consequences are written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from generator.engine.book import Rulebook
from generator.engine.difference import Cause
from generator.engine.problem import Message
from generator.pages.layout import Site
from generator.pages.wording import Words
from generator.pages.year import YearView, scores_of
from generator.reading.git import Commit
from generator.review.diff import Brought, Caused, History, TownshipDiff, YearDiff
from generator.words.diff import described, names_in, paper_line, sentence, summary
from generator.words.messages import CAUSES, Safe, escape
from generator.words.report import in_rank_order

NO_GIT = Message(
    "These pages were not built from a Git repository, so nobody can see here which change "
    "moved which score."
)
CUT = Message(
    "These pages were built from a shallow clone: only its newest commits are shown, older ones "
    "are in the repository."
)

MADE = Message(
    "The units and their figures are fictional, and so is this history: it was made from the "
    "files as they are now, to show what such a record tells."
)

SHOWN = 60
"""So many townships of a commit are shown; the others are counted."""


@dataclass(frozen=True, slots=True)
class Move:
    """What one commit, with those before it that had errors, moved for one unit."""

    moves: "Moves"
    change: TownshipDiff

    @property
    def commits(self) -> tuple[Commit, ...]:
        """The commits of which it is one result, the newest first."""
        return self.moves.commits

    def touched(self, clause: str, part: str | None) -> bool:
        """Whether a clause got other points by it, were it the first ones."""
        cards = (s.scorecard if s else None for s in (self.change.old, self.change.new))
        old, new = (scores_of(card).get((clause, part)) for card in cards)
        return (old.points if old else None) != (new.points if new else None)

    @property
    def first(self) -> bool:
        """Whether the unit had no points before."""
        return not (self.change.old and self.change.old.scorecard)

    @property
    def causes(self) -> Sequence[Cause]:
        """The inputs that brought it about, each once, in their order."""
        causes = {c for effect in self.change.found for pair in effect.causes for c in pair}
        return [cause for cause in Cause if cause in causes]


@dataclass(frozen=True, slots=True)
class Moves:
    """What one commit moved in a year, and the documents it brought; `more` are only counted."""

    commits: tuple[Commit, ...]
    year: YearDiff
    papers: tuple[Brought, ...] = ()

    @property
    def every(self) -> list[Move]:
        return [Move(self, change) for change in self.year.townships]

    @property
    def more(self) -> int:
        return max(len(self.year.townships) - SHOWN, 0)


@dataclass(frozen=True)
class ChangeRecord:
    """A year's commits, the newest first; `note` says what is missing, and why.

    `made`: they are made up, and nowhere to be looked up.
    """

    entries: tuple[Moves, ...]
    note: Message | None = None
    made: bool = False

    @cached_property
    def by_township(self) -> Mapping[str, list[Move]]:
        """What moved each unit, the newest first."""
        moves: dict[str, list[Move]] = {}
        for move in (move for entry in self.entries for move in entry.every):
            moves.setdefault(move.change.township.id, []).append(move)
        return moves


def record_of(history: History | None, year: int) -> ChangeRecord:
    """What of a history is about one year; without a history that is said."""
    if history is None:
        return ChangeRecord((), NO_GIT)
    entries = history.of(year).entries
    moves = tuple(
        Moves(entry.commits, told, tuple(p for p in entry.papers if p.year == year))
        for entry in entries
        for diff in entry.diff.years
        if (told := _in_public(diff)) is not None
    )
    note = MADE if history.made else CUT if history.cut else None
    return ChangeRecord(moves, note, made=history.made)


def _in_public(diff: YearDiff) -> YearDiff | None:
    """What is told of a change: nothing while its year was open, then only what it came to."""
    if diff.new is not None and diff.new.inputs.assessment.status == "open":
        return None
    if diff.old is None or diff.old.inputs.assessment.status != "open":
        return diff
    if diff.new is None:
        return None
    # What nobody saw before is new to them, whether or not this commit moved it.
    ranked = in_rank_order(diff.new.standings)
    townships = tuple(TownshipDiff(s.township, None, s, (), (), None) for s in ranked)
    return replace(diff, old=None, townships=townships)


def changes(site: Site, year: YearView, record: ChangeRecord) -> str:
    """The page of a year's commits."""
    return site.year_page(
        "record.md.j2",
        year,
        "changes",
        site.words._("{year}: record of changes", year=year.number),
        record=record,
        shown=SHOWN,
        changed=ChangeWords(site.words),
    )


_SHORT = 9
"""So many characters of a commit's id tell it apart."""


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """One language's way of writing changes."""

    words: Words

    def commit(self, commit: Commit, *, made: bool = False) -> Safe:
        """A commit by the beginning of its id, a link where there is a repository that has it."""
        short = Safe("<code>{}</code>").format(commit.id[:_SHORT])
        repository = self.words.repository or ""
        # In GitHub's way; a pattern of lines says nothing of commits.
        if made or not repository.startswith(("https://", "http://")) or "{" in repository:
            return short
        address = f"{repository.rstrip('/')}/commit/{commit.id}"
        return Safe('<a href="{}">{}</a>').format(address, short)

    def title(self, moves: Moves) -> str:
        """What a commit did, in a line: the documents it brought, else what it changed.

        Its own subject is in one language, and of a merge it seldom says anything.
        """
        if moves.papers:
            return summary(moves.papers, names_in(moves.year), self.words.catalogue)
        for change in moves.year.general:
            said = described(change.difference, *moves.year.books, moves.year.form)
            return self.words.render(said).rstrip(".\u3002")
        return moves.commits[0].subject

    def paper(self, paper: Brought, moves: Moves) -> str:
        """A document that a commit brought, with its reason, number and day."""
        return paper_line(paper, names_in(moves.year), self.words.catalogue)

    def difference(self, difference: Caused, year: YearDiff) -> str:
        """A difference that is about no unit."""
        return sentence(difference, year, self.words.catalogue)

    def causes(self, causes: Iterable[Cause]) -> str:
        """What brought something about; a dash for what only became public."""
        said = self.words.listed(self.words.render(CAUSES[cause]) for cause in causes)
        return said or "–"

    def score(self, change: TownshipDiff) -> Safe:
        """The score on both sides, and by how much it moved."""
        cards = (s.scorecard if s else None for s in (change.old, change.new))
        old, new = (card.score if card else None for card in cards)
        sides = ["–" if score is None else self.words.score(score) for score in (old, new)]
        if old == new or change.old is None:
            return escape(sides[1])
        arrow = Safe("{} → <b>{}</b>").format(*sides)
        if old is None or new is None:
            return arrow
        return Safe("{} <small>{}</small>").format(arrow, self.words.signed(change.points))

    def rank(self, change: TownshipDiff) -> Safe:
        """The rank on both sides."""
        old, new = (self.words.rank(s) if s and s.rank else "–" for s in (change.old, change.new))
        if old == new or change.old is None:
            return escape(new)
        return Safe("{} → <b>{}</b>").format(old, new)

    def outcomes(self, change: TownshipDiff, book: Rulebook) -> str:
        """What follows now and did not, or did and does no longer."""
        old, new = (s.outcomes if s else () for s in (change.old, change.new))
        labels = {name: book.outcomes.get(name, name) for name in (*old, *new)}
        w, gained = self.words, tuple(labels[name] for name in new if name not in old)
        lost = tuple(labels[name] for name in old if name not in new)
        sentences = [w._("Now: {outcome}", outcome=gained)] if gained else []
        sentences += [w._("No longer: {outcome}", outcome=lost)] if lost else []
        return w._("; ").join(sentences) or "–"
