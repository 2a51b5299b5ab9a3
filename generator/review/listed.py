"""A tree by year and township, so that what a commit altered is found without reading the rest.

Owns which files are a township's own and which the office's. Must not read what is in them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from generator.data.tree import Files
from generator.engine.problem import Problem
from generator.reading.files import DataFile, Kind, Tree, classify, is_form
from generator.reading.revisions import Altered, Revision

Sent = tuple[DataFile, str]
"""A township's file of one year, with what names its content."""

Years = Mapping[int, Mapping[str, tuple[Sent, ...]]]
"""What townships have sent and what inspections say of them, by year and township."""


@dataclass(frozen=True, slots=True)
class Listed:
    """`office` names the content of every other file, the forms of reports too, by its path.

    `strange` is what does not belong into the tree.
    """

    tree: Tree
    office: Mapping[str, str]
    years: Years
    strange: tuple[Problem, ...]

    def files(self) -> Files:
        """The tree's files as the loader knows them."""
        found = [f for path in self.office if isinstance(f := what(path), DataFile)]
        for townships in self.years.values():
            found += [file for sent in townships.values() for file, _ in sent]
        found.sort(key=lambda file: file.path)
        return Files(self.tree, tuple(found), self.strange)

    def numbers(self) -> set[int]:
        """Every year of an assessment that has a file."""
        found = (what(path) for path in self.office)
        mine = {f.year for f in found if isinstance(f, DataFile) and f.kind is not Kind.HOLIDAYS}
        return (mine | self.years.keys()) - {0}

    def reported(self) -> dict[int, frozenset[str]]:
        """Who has sent a report, by year; an inspection alone is none."""
        return {
            year: frozenset(
                file.id
                for sent in townships.values()
                for file, _ in sent
                if file.kind is Kind.REPORT
            )
            for year, townships in self.years.items()
        }

    def before(self, commit: str, changes: Iterable[Altered]) -> "Listed":
        """The tree before a commit's changes, if this is the one after; it must be a revision."""
        assert isinstance(self.tree, Revision)  # noqa: S101 - nothing else has a history
        changed = list(changes)
        tree = self.tree.before(commit, changed)
        if any(not _is_sent(what(change.path)) for change in changed):
            return listed(tree)
        years = dict(self.years)
        for change in changed:
            file = what(change.path)
            assert isinstance(file, DataFile)  # noqa: S101 - no other is sent
            year = dict(years.get(file.year, {}))
            rest = [one for one in year.get(file.id, ()) if one[0] != file]
            if change.old is not None:
                rest.append((file, change.old[1]))
            year[file.id] = tuple(sorted(rest, key=lambda one: one[0].path))
            if not rest:
                del year[file.id]
            years[file.year] = year
            if not year:
                del years[file.year]
        return Listed(tree, self.office, years, self.strange)


def listed(tree: Tree) -> Listed:
    """What a tree holds; content is named, not read."""
    office = {path: name for path, name in tree.schemas().items() if is_form(path)}
    strange = tree.problems()
    years: dict[int, dict[str, tuple[Sent, ...]]] = {}
    for path in tree.paths():
        file, blob = what(path), tree.blob(path)
        if isinstance(file, DataFile) and _is_sent(file):
            year = years.setdefault(file.year, {})
            year[file.id] = (*year.get(file.id, ()), (file, blob))
            continue
        office[path] = blob
        if isinstance(file, Problem):
            strange.append(file)
    return Listed(tree, office, years, tuple(strange))


@cache
def what(path: str) -> DataFile | Problem | None:
    """What a file is by its path: the same paths are asked about at every commit."""
    return classify(path)


def _is_sent(file: DataFile | Problem | None) -> bool:
    return isinstance(file, DataFile) and file.kind in (Kind.REPORT, Kind.INSPECTION)
