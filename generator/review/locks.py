"""What a published year has locked and a look at the new tree alone cannot miss: its receipt.

Owns comparing receipts before and after. Must not judge a result.
"""

from collections.abc import Iterator
from hashlib import sha256
from json import loads
from typing import Any

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


def inputs_kept(base: Tree, head: Tree) -> Iterator[Problem]:
    """Files that a receipt of `base` rests on and that are not as it says."""
    there = frozenset(head.paths())
    for receipt in _receipts(base):
        for path, digest in _resting(base.read(receipt.path)):
            data = head.read(path).replace(b"\r\n", b"\n") if path in there else None
            if data is None or sha256(data).hexdigest() != digest:
                message = Message(
                    "{year} has been published and this file is locked ({receipt}). Put it back "
                    "as it was.",
                    {"year": receipt.year, "receipt": receipt.path},
                )
                yield Problem(Location(path, 1, 1), "locked-file-changed", message)


def _receipts(tree: Tree) -> Iterator[DataFile]:
    for path in tree.paths():
        file = classify(path)
        if isinstance(file, DataFile) and file.kind is Kind.PUBLISHED:
            yield file


def _resting(data: bytes) -> Iterator[tuple[str, str]]:
    """The files that a receipt names, with their digests; none where it is no receipt."""
    try:
        value: Any = loads(data)
        book = value["rulebook"]
        named = [(one["path"], one["sha256"]) for one in value["inputs"]]
        path = f"data/rulebooks/{book['id']}/{book['version']}/rulebook.yaml"
        yield from (*named, (path, book["sha256"]))
    except (ValueError, KeyError, TypeError):
        return
