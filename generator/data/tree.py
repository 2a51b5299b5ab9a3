"""The files of a tree, opened one by one: bytes in, a document of the right shape out.

Owns what happens to every file whatever it is: strict reading, screening, shape. Must not
know what any file says.
"""

import re
from dataclasses import dataclass
from typing import Any

from generator.engine.model import InputFile
from generator.engine.problem import Location, Message, Problem
from generator.reading.files import DataFile, Kind, Tree, listing
from generator.reading.lint import cut_off, decode
from generator.reading.screen import screen
from generator.reading.source import Document, read
from generator.shape.schema import Shape

REGISTER = "data/townships.yaml"
_TELEPHONE = re.compile(r"^  telephone: *[\"']?([0-9 -]+?)[\"']? *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Files:
    """A tree with what each of its files is, and what does not belong there."""

    tree: Tree
    listed: tuple[DataFile, ...]
    problems: tuple[Problem, ...]

    def of(self, kind: Kind, year: int | None = None) -> list[DataFile]:
        """The files of one kind, of one year if given, in the order of their paths."""
        return [f for f in self.listed if f.kind is kind and year in (None, f.year)]

    def years(self) -> list[int]:
        """Every year of an assessment that has a file; holidays are known for others as well."""
        return sorted({f.year for f in self.listed if f.kind is not Kind.HOLIDAYS} - {0})


def files_of(tree: Tree) -> Files:
    """The files of a tree, by what each of them is."""
    listed, problems = listing(tree)
    return Files(tree, tuple(listed), tuple(problems))


def document_of(
    files: Files, path: str, wanted: Shape | None, problems: list[Problem]
) -> Document | None:
    """The file if it can be read and has the shape; what is wrong goes to `problems`."""
    data = files.tree.read(path)
    document, found = read(path, data)
    if document is None:
        text = decode(path, data)[0]
        telephone = _written_telephone(path, text or "")
        problems += [*found, *(screen(path, text, telephone=telephone) if text else ())]
        return None
    shapeless = wanted.problems(document) if wanted else []
    problems += [*screen(path, document.text, telephone=_telephone(document)), *shapeless]
    problems += cut_off(path, document.text)
    return None if shapeless else document


def _telephone(document: Document) -> str | None:
    """The office's own telephone, the one number that may stand, and in the register only."""
    value: Any = document.value if document.path == REGISTER else None
    office = value.get("office") if isinstance(value, dict) else None
    telephone = office.get("telephone") if isinstance(office, dict) else None
    return telephone if isinstance(telephone, str) else None


def _written_telephone(path: str, text: str) -> str | None:
    """The office's own telephone as it stands in a register that cannot be read otherwise."""
    found = _TELEPHONE.search(text) if path == REGISTER else None
    return found[1] if found else None


def missing(path: str, message: Message) -> Problem:
    return Problem(Location(path, 1, 1), "missing-file", message)


def used(document: Document) -> InputFile:
    return InputFile(document.path, document.sha256)
