"""What stands for good once it is merged, and a look at the new tree alone cannot miss.

Owns which files may only be added: receipts, and corrections that are decided. What a receipt
locks is `data.locked`'s.
"""

from collections.abc import Collection, Iterator

from generator.engine.problem import Location, Message, Problem
from generator.reading.files import DataFile, Kind, Tree, classify

_FOR_GOOD = (Kind.PUBLISHED, Kind.CORRECTION)


def kept(base: Tree, head: Tree, changed: Collection[str]) -> Iterator[Problem]:
    """Receipts and corrections that are gone, or not byte for byte what they were."""
    there = frozenset(head.paths())
    for path in base.paths():
        file = classify(path) if path in changed else None
        if isinstance(file, DataFile) and file.kind in _FOR_GOOD:
            yield _rewritten(file) if path in there else _removed(file)


def _removed(file: DataFile) -> Problem:
    place = Location(file.path, 1, 1)
    if file.kind is Kind.CORRECTION:
        message = Message(
            "A correction that has been decided cannot be taken away; put it back. What is decided "
            "otherwise later is a correction of its own."
        )
        return Problem(place, "correction-removed", message)
    message = Message(
        "{year} has been published, and its receipt cannot be taken away; put it back. "
        "What was wrong goes into data/{year}/corrections.",
        {"year": file.year},
    )
    return Problem(place, "receipt-removed", message)


def _rewritten(file: DataFile) -> Problem:
    place = Location(file.path, 1, 1)
    if file.kind is Kind.CORRECTION:
        message = Message(
            "A correction that has been decided cannot be written again; put it back as it was. "
            "What is decided otherwise later is a correction of its own."
        )
        return Problem(place, "correction-rewritten", message)
    message = Message(
        "{year} has been published, and its receipt cannot be written again; put it back "
        "as it was. What was wrong goes into data/{year}/corrections.",
        {"year": file.year},
    )
    return Problem(place, "receipt-rewritten", message)
