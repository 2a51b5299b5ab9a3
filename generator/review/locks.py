"""What a published year has locked and a look at the new tree alone cannot miss: its receipt.

Owns comparing receipts before and after; what a receipt locks is `data.locked`'s.
"""

from collections.abc import Iterator

from generator.engine.problem import Location, Message, Problem
from generator.reading.files import DataFile, Kind, Tree, classify


def receipts_kept(base: Tree, head: Tree) -> Iterator[Problem]:
    """Receipts that are gone, or not byte for byte as they were."""
    there = frozenset(head.paths())
    for file in _receipts(base):
        about = {"year": file.year}
        if file.path not in there:
            message = Message(
                "{year} has been published, and its receipt cannot be taken away; put it back. "
                "What was wrong goes into data/{year}/corrections.",
                about,
            )
            yield Problem(Location(file.path, 1, 1), "receipt-removed", message)
        elif base.read(file.path) != head.read(file.path):
            message = Message(
                "{year} has been published, and its receipt cannot be written again; put it back "
                "as it was. What was wrong goes into data/{year}/corrections.",
                about,
            )
            yield Problem(Location(file.path, 1, 1), "receipt-rewritten", message)


def _receipts(tree: Tree) -> Iterator[DataFile]:
    for path in tree.paths():
        file = classify(path)
        if isinstance(file, DataFile) and file.kind is Kind.PUBLISHED:
            yield file
