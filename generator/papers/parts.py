"""What an official paper consists of, before it is any file: lines, tables, sheets, annexes.

Frozen values. Must not know a file format, nor what any of it is about.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff\ue000]+")
"""What XML cannot hold, what would break a line, and the sign with which wordings mark data."""


def one_line(text: object) -> str:
    """A text from data as it may stand in a paper: on one line, with nothing unseen in it."""
    return _UNSEEN.sub(" ", str(text)).strip()


class Kind(StrEnum):
    HEADING = "heading"
    SUBHEADING = "subheading"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the body; headings carry their number already."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, how wide it is beside the others, and how its cells are set."""

    head: str
    width: int
    align: str = "center"


@dataclass(frozen=True, slots=True)
class Row:
    """A row; a cell's lines are parted by line feeds. `strong`: a sum or a heading."""

    cells: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as wide as the text; `caption` may be empty, `size` "large" or "small"."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    size: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One unit's score sheet: its name, what it comes to, the table, remarks below."""

    title: str
    result: str
    table: Table | None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    title: str
    content: tuple[Table | Sheet, ...]


@dataclass(frozen=True, slots=True)
class Imprint:
    """The last lines of a paper (版记): who gets copies, who printed it and when."""

    copied: str = ""
    printer: str = ""
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole official paper. `marks` stand at the head of every page; `day` is its date."""

    mark: str
    number: str
    title: str
    addressee: str
    body: tuple[Line | Table, ...]
    annexes: tuple[Annex, ...]
    issuer: str
    date: str
    note: str
    imprint: Imprint = field(default_factory=Imprint)
    marks: tuple[str, ...] = ()
    day: str = ""
