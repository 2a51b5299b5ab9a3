"""The commits that moved scores, as text and as plain data.

Owns the wording of a commit and of what it moved. Must not compare.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from generator.engine.problem import Message
from generator.reading.revisions import Commit
from generator.review.diff import TownshipDiff, YearDiff
from generator.review.history import Entry, History
from generator.words.diff import because, moved_by_others, ranks_moved, scores_moved
from generator.words.diff_data import FORMAT, year_object
from generator.words.messages import Catalogue
from generator.words.report import Style, plain, printable

SHORT = 9
"""So many characters of a commit's id tell it apart."""

_MANY = 10
"""So many townships of a commit are named one by one."""


def history_text(found: History, catalogue: Catalogue, style: Style = plain) -> str:
    """Newest first: when, who, why; then whose score and rank moved, and because of what."""
    lines: list[str] = []
    for entry in found.entries:
        lines += (style(printable(commit_line(one)), "strong") for one in entry.commits)
        for year in entry.diff.years:
            lines += _year(year, catalogue)
        lines.append("")
    if found.cut:
        lines.append(catalogue.render(CUT))
    elif not found.entries:
        lines.append(catalogue._("No commit has moved a score yet."))
    return "\n".join(lines).rstrip("\n")


CUT = Message(
    "This clone holds only the newest commits; «git fetch --unshallow» brings the older ones."
)


def commit_line(commit: Commit) -> str:
    """When, by which name, by whom, and what it says of itself."""
    return f"{commit.day[:10]} {commit.id[:SHORT]} {commit.author}  {commit.subject}"


def history_object(found: History) -> dict[str, Any]:
    """The same as data (`schema/history.schema.json`)."""
    commits = [_entry(entry) for entry in found.entries]
    return {"format": FORMAT, "complete": not found.cut, "commits": commits}


def _entry(entry: Entry) -> dict[str, Any]:
    made = [
        {"id": one.id, "date": one.day, "author": one.author, "subject": one.subject}
        for one in entry.commits
    ]
    newest = made[0]
    more = {"together_with": made[1:]} if made[1:] else {}
    return newest | more | {"years": [year_object(year) for year in entry.diff.years]}


def _year(year: YearDiff, catalogue: Catalogue) -> Iterator[str]:
    mine = [one for one in year.townships if not moved_by_others(one)]
    yield f"  {year.year}"
    for one in mine[:_MANY]:
        yield f"    {printable(moved_line(one, year, catalogue))}"
    if len(mine) > _MANY:
        yield "    " + catalogue._("and {count} more", count=len(mine) - _MANY)
    passed = len(year.townships) - len(mine)
    if passed:
        yield "    " + catalogue._("ranks moved by others: {count}", count=passed)


def moved_line(one: TownshipDiff, year: YearDiff, catalogue: Catalogue) -> str:
    """Whose score and rank moved from what to what, and because of what."""
    name = catalogue.text(one.township.name)
    moved = tuple(filter(None, (scores_moved(one, year, catalogue), ranks_moved(one, catalogue))))
    others = one.by_others
    causes = tuple(because(causes, catalogue, others=others) for causes in causes_of(one))
    return catalogue._("{township}: {moved} [{causes}]", township=name, moved=moved, causes=causes)


def causes_of(one: TownshipDiff) -> Sequence[Any]:
    """What brought all of it about, each once, in order."""
    return list({causes: None for each in one.found for causes in each.causes})
