"""What a commit moved, as pages show it.

Owns how a score, a rank and consequences are written on two sides. Must not compare.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from generator.engine.book import Rulebook
from generator.pages.wording import Words
from generator.reading.revisions import Commit
from generator.review.causes import Cause
from generator.review.diff import Caused, TownshipDiff, YearDiff
from generator.words.diff import sentence
from generator.words.escape import Safe, escape
from generator.words.vocabulary import CAUSES

_SHORT = 9
"""So many characters of a commit's id tell it apart."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One language's way of writing changes."""

    words: Words

    def commit(self, commit: Commit) -> Safe:
        """A commit by the beginning of its id, a link where there is a repository."""
        short = Safe(f"<code>{escape(commit.id[:_SHORT])}</code>")
        address = commit_address(self.words.repository, commit.id)
        return Safe(f'<a href="{escape(address)}">{short}</a>') if address else short

    def difference(self, one: Caused, year: YearDiff) -> str:
        """A difference that is about no township."""
        return sentence(one, year, self.words.catalogue)

    def causes(self, causes: Iterable[Cause]) -> str:
        """What brought something about."""
        return self.words.listed(self.words.render(CAUSES[cause]) for cause in causes)

    def score(self, one: TownshipDiff) -> Safe:
        """The score on both sides, and by how much it moved."""
        old, new = (s.scorecard.score if s and s.scorecard else None for s in (one.old, one.new))
        sides = ["–" if score is None else self.words.score(score) for score in (old, new)]
        if old == new or one.old is None:
            return escape(sides[1])
        arrow = Safe("{} → <b>{}</b>").format(*sides)
        if old is None or new is None:
            return arrow
        return Safe("{} <small>{}</small>").format(arrow, self.words.signed(one.points))

    def rank(self, one: TownshipDiff) -> Safe:
        """The rank on both sides."""
        old, new = (self.words.rank(s) if s and s.rank else "–" for s in (one.old, one.new))
        return (
            escape(new)
            if old == new or one.old is None
            else Safe("{} → <b>{}</b>").format(old, new)
        )

    def outcomes(self, one: TownshipDiff, book: Rulebook) -> str:
        """What follows now and did not, or did and does no longer."""
        old, new = (tuple(s.outcomes) if s else () for s in (one.old, one.new))
        names = {name: book.outcomes.get(name, name) for name in (*old, *new)}
        gained = tuple(names[one] for one in new if one not in old)
        lost = tuple(names[one] for one in old if one not in new)
        told = [self.words._("Now: {outcome}", outcome=gained)] if gained else []
        told += [self.words._("No longer: {outcome}", outcome=lost)] if lost else []
        return self.words._("; ").join(told) or "–"


def commit_address(repository: str | None, commit: str) -> str | None:
    """Where a commit can be seen, in GitHub's way; a pattern of lines says nothing of commits."""
    if not repository or not repository.startswith(("https://", "http://")):
        return None
    return None if "{" in repository else f"{repository.rstrip('/')}/commit/{commit}"
