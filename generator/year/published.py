"""A published year: what is asked before, computed again from its receipt, and taken away.

Owns which files of a tree belong to a published year. Works in a folder that holds nothing else,
without Git or network. Must not write or print.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from generator.engine.problem import errors
from generator.reading.files import SCHEMA, DataFile, Kind, classify
from generator.reading.source import placed
from generator.shape.schema import Files, files_of, submission_schema
from generator.year.load import Loaded, load
from generator.year.receipt import (
    Receipt,
    Verified,
    data_file,
    entry_faults,
    file_problems,
    read_receipt,
    result_problems,
)

_OF_A_BOOK = (Kind.RULEBOOK, Kind.RENDERING, Kind.EXAMPLE, Kind.FACTS)
_OF_ALL_YEARS = (Kind.TOWNSHIPS, Kind.HOLIDAYS)


@dataclass(frozen=True, slots=True)
class Published:
    """A published year: its receipt, and all that is needed to check it, path → bytes."""

    receipt: Receipt
    files: Mapping[str, bytes]


def verify(files: Files, file: DataFile) -> Verified:
    """A receipt of the tree against the files that it names; other years do not matter."""
    receipt, problems = read_receipt(files, file)
    if receipt is None:
        return Verified(None, (), tuple(problems))
    part = files_of({p: b for p, b in files.tree.items() if _belongs(p, receipt)})
    loaded, wrong = load(part, locks=False)
    problems += errors(wrong)
    problems += file_problems(part, receipt)
    if loaded is not None:
        problems += placed(loaded.register, entry_faults(receipt, loaded.city))
        for inputs in loaded.years:
            if inputs.assessment.year == receipt.year:
                problems += result_problems(receipt, inputs)
    later = tuple(file.id for file in part.of(Kind.CORRECTION, year=receipt.year))
    return Verified(receipt, later, tuple(problems))


def _belongs(path: str, receipt: Receipt) -> bool:
    """Whether a file may have a say in a published year's result."""
    file = classify(path)
    if not isinstance(file, DataFile):
        return path.startswith(f"{SCHEMA}/")
    if file.kind in _OF_A_BOOK:
        book = receipt.rulebook
        same = file.version == book["version"] or len(_years(receipt)) > 1
        return file.id == book["id"] and same
    return file.kind in _OF_ALL_YEARS or file.year in _years(receipt)


def _years(receipt: Receipt) -> set[int]:
    """The years whose reports its result rests on: its own, perhaps the one before."""
    files = (data_file(file.path) for file in receipt.inputs)
    return {receipt.year, *(f.year for f in files if f and f.kind is not Kind.HOLIDAYS)}


# --- to be taken away -----------------------------------------------------------------


def published(files: Files, loaded: Loaded) -> dict[int, Published]:
    """Every published year of a sound tree, with its files."""
    collected = {}
    judged = {inputs.assessment.year: inputs for inputs in loaded.years}
    for year, receipt in loaded.receipts.items():
        rulebooks = [judged[number].rulebook for number in judged.keys() & _years(receipt)]
        books = {(book.id, book.version) for book in rulebooks}
        # The receipt, what results rest on with all corrections, the rulebook and its examples.
        paths = {receipt.path, *(file.path for file in judged[year].files)}
        paths |= {
            file.path
            for file in files.listed
            if file.kind in _OF_A_BOOK and (file.id, file.version) in books
        }
        content = {path: files.tree[path].read() for path in sorted(paths)}
        for form in (loaded.books[name].schema for name in sorted(books)):
            if (schema := submission_schema(files.tree, form)) is not None:
                content[f"{SCHEMA}/{form}"] = schema
        # On every machine with the ends of lines that the SHA-256 is of.
        content = {path: data.replace(b"\r\n", b"\n") for path, data in content.items()}
        collected[year] = Published(receipt, content)
    return collected
