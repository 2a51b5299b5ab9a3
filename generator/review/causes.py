"""Because of what a result changes: which input a file is, and trees with some inputs swapped.

Owns the order in which inputs are swapped. Must not judge.
"""

from collections.abc import Callable, Collection
from enum import StrEnum

from generator.engine.problem import Problem
from generator.reading.files import SCHEMA, DataFile, Kind, Tree
from generator.reading.mixed import Mixed
from generator.review.listed import Listed, listed, what


class Cause(StrEnum):
    """What one input of a result is, in the order in which they are swapped.

    Who is assessed, by which rules, as decided; then what is reported, inspected and corrected:
    each can be read with all that come before it.
    """

    REGISTRY = "registry"
    RULEBOOK = "rulebook"
    ASSESSMENT = "assessment"
    REPORT = "report"
    INSPECTION = "inspection"
    CORRECTION = "correction"


_OF = {
    Kind.TOWNSHIPS: Cause.REGISTRY,
    Kind.RULEBOOK: Cause.RULEBOOK,
    Kind.EXAMPLE: Cause.RULEBOOK,
    Kind.RENDERING: Cause.RULEBOOK,
    Kind.FACTS: Cause.RULEBOOK,
    Kind.HOLIDAYS: Cause.RULEBOOK,
    Kind.ASSESSMENT: Cause.ASSESSMENT,
    Kind.RANKING: Cause.ASSESSMENT,
    Kind.REPORT: Cause.REPORT,
    Kind.INSPECTION: Cause.INSPECTION,
    Kind.CORRECTION: Cause.CORRECTION,
}


def cause_of(path: str) -> Cause | None:
    """The input that a file belongs to, None where no result rests on it."""
    if path.startswith(f"{SCHEMA}/"):
        return Cause.RULEBOOK
    file = what(path)
    return None if file is None or isinstance(file, Problem) else _OF.get(file.kind)


def present(old: Listed, new: Listed, year: int) -> tuple[Cause, ...]:
    """The inputs of a year's result that differ, in their order."""
    paths = {path for path, _ in _contents(old, year) ^ _contents(new, year)}
    found = {cause_of(path) for path in paths}
    return tuple(cause for cause in Cause if cause in found)


def _contents(tree: Listed, year: int) -> set[tuple[str, str]]:
    """What belongs to no year, to this one, or to the one before, with which it is compared."""
    near = (0, year - 1, year)
    found = {one for one in tree.office.items() if _year_of(one[0]) in near}
    for number in near:
        townships = tree.years.get(number, {}).values()
        found |= {(file.path, blob) for sent in townships for file, blob in sent}
    return found


def _year_of(path: str) -> int:
    file = what(path)
    # Holidays of any year may be needed.
    return file.year if isinstance(file, DataFile) and file.kind is not Kind.HOLIDAYS else 0


def swapped(old: Tree, new: Tree, causes: Collection[Cause]) -> Listed:
    """The old tree with these inputs as they are in the new one."""
    return listed(Mixed(new, old, _among(causes)))


def _among(causes: Collection[Cause]) -> Callable[[str], bool]:
    return lambda path: cause_of(path) in causes
