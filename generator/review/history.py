"""The commits that moved scores, newest first, each with what it moved.

Owns what is compared with what: a commit that cannot be judged is taken together with the
next one that can. Must not read Git by itself or print.
"""

from collections.abc import Iterable
from dataclasses import replace

from generator.reading.files import DataFile, Kind, classify
from generator.reading.git import Altered, Commit, Repository
from generator.reading.screen import masked
from generator.review.diff import Entry, History, diff
from generator.review.judge import Judge, Snapshot, snapshot


def history(repository: Repository, judge: Judge) -> History:
    """Everything that moved a score, from the newest commit back to the first."""
    cut = repository.cut
    after = before = snapshot(repository.revision("HEAD"))
    entries, waiting, years = list[Entry](), list[Commit](), set[int]()
    for commit, altered in repository.history():
        if commit.id in cut:
            return History(tuple(entries), cut=True)
        before = before.before(altered)
        # What people say of themselves and of their work may hold personal numbers.
        author, subject = masked(commit.author), masked(commit.subject)
        waiting.append(replace(commit, author=author, subject=subject))
        years |= _years(before, after, altered)
        moved = diff(judge, before, after, years, whole=False)
        if moved.old_problems and not moved.new_problems:
            continue  # what moved is known only against an older commit
        if moved.years:
            entries.append(Entry(tuple(waiting), moved))
        after = before
        waiting.clear()
        years.clear()
    return History(tuple(entries), cut=False)


def _years(before: Snapshot, after: Snapshot, altered: Iterable[Altered]) -> set[int]:
    """The years that a commit can have moved: also the next one, which may look back."""
    years = set[int]()
    for change in altered:
        file = classify(change.path)
        if not isinstance(file, DataFile) or file.kind is Kind.HOLIDAYS or not file.year:
            return before.numbers() | after.numbers()
        years |= {file.year, file.year + 1}
    return years
