"""A tree of files as a mapping from path to content; and what each file is by its path alone.

Owns the names that files may have. Opens nothing but what was listed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha1
from pathlib import Path
from typing import Protocol

from generator.engine.problem import Location, Message, Problem, Severity
from generator.reading.disk import EntryKind, beginning, entries, printable
from generator.reading.slips import MAX_BYTES, meant, nearest

DATA = "data"
SCHEMA = "schema"


class Blob(Protocol):
    """The content of a file; `id` names it: the same for the same content."""

    @property
    def id(self) -> str: ...
    def read(self) -> bytes:
        """The bytes; of a file that is too large, enough to see that."""


Tree = Mapping[str, Blob | Problem]
"""What stands below `data/` and `schema/`, by its path from the root, parts joined by `/`.

In the place of what is no ordinary file stands the problem that it is.
"""


class Kind(StrEnum):
    TOWNSHIPS = "townships"
    OWNERS = "owners"
    RULEBOOK = "rulebook"
    RENDERING = "rendering"
    READINGS = "readings"
    EXAMPLE = "example"
    FACTS = "facts"
    ASSESSMENT = "assessment"
    RANKING = "prefecture-ranking"
    REPORT = "report"
    INSPECTION = "inspection"
    CORRECTION = "correction"
    OBJECTION = "objection"
    PUBLISHED = "published"
    HOLIDAYS = "holidays"


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file by its path: `id` is the township's, the rulebook's or the correction's.

    `version` is the rulebook's. 0 or "" where a file has none: a rulebook's have no year.
    """

    path: str
    kind: Kind
    year: int = 0
    id: str = ""
    version: int = 0


_ID = r"(?P<id>[a-z][a-z0-9-]*)"
_YEAR = r"data/(?P<year>[1-9][0-9]{3})/"
_BOOK = rf"data/rulebooks/{_ID}/(?P<version>[1-9][0-9]{{0,5}})/"
_NAME = r"[a-z0-9][a-z0-9._-]*"
_PATTERNS = (
    (Kind.REPORT, re.compile(rf"{_YEAR}townships/{_ID}\.yaml")),
    (Kind.INSPECTION, re.compile(rf"{_YEAR}inspections/{_ID}\.yaml")),
    (Kind.CORRECTION, re.compile(rf"{_YEAR}corrections/(?P<id>[0-9]{{2,3}})\.yaml")),
    (
        Kind.OBJECTION,
        re.compile(rf"{_YEAR}objections/(?P<id>[a-z][a-z0-9-]*-[0-9]{{2,3}})\.yaml"),
    ),
    (Kind.ASSESSMENT, re.compile(rf"{_YEAR}assessment\.yaml")),
    (Kind.RANKING, re.compile(rf"{_YEAR}prefecture-ranking\.yaml")),
    (Kind.PUBLISHED, re.compile(rf"{_YEAR}published\.json")),
    (Kind.RULEBOOK, re.compile(rf"{_BOOK}rulebook\.yaml")),
    (Kind.RENDERING, re.compile(rf"{_BOOK}english\.yaml")),
    (Kind.READINGS, re.compile(rf"{_BOOK}readings\.yaml")),
    (Kind.FACTS, re.compile(rf"{_BOOK}examples/facts/(?:{_NAME}/)*{_NAME}\.yaml")),
    (Kind.EXAMPLE, re.compile(rf"{_BOOK}examples/(?:{_NAME}/)*{_NAME}\.yaml")),
    (Kind.HOLIDAYS, re.compile(r"data/holidays/(?P<year>[1-9][0-9]{3})\.yaml")),
    (Kind.TOWNSHIPS, re.compile(r"data/townships\.yaml")),
    (Kind.OWNERS, re.compile(r"data/owners\.yaml")),
)
_FORM = re.compile(rf"{SCHEMA}/submissions/[a-z][a-z0-9-]*/[1-9][0-9]*\.schema\.json")
_OUR_NAMES = (
    *("townships", "inspections", "corrections", "objections", "holidays", "rulebooks", "examples"),
    *("owners", "assessment", "prefecture-ranking", "rulebook", "readings", "english", "facts"),
    "published",
)
_FREELY_NAMED = (Kind.REPORT, Kind.INSPECTION, Kind.EXAMPLE, Kind.FACTS)
_BESIDE = frozenset(("README.md", ".gitkeep", ".gitignore"))
_LEFT_BY_PROGRAMS = re.compile(
    r"Thumbs\.db|desktop\.ini|\.DS_Store|\._.*|~\$.*|\.~.*|.*~|\..*\.sw[a-p]|.*\.tmp", re.IGNORECASE
)
_OUR_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*", re.ASCII)


def blobs(tree: Tree) -> dict[str, Blob]:
    """The files of a tree."""
    return {path: entry for path, entry in tree.items() if not isinstance(entry, Problem)}


def listing(tree: Tree) -> tuple[list[DataFile], list[Problem]]:
    """Every data file with its kind, in the tree's order, and what does not belong there."""
    known = [classify(path) for path in blobs(tree) if not path.startswith(f"{SCHEMA}/")]
    strange = [entry for entry in tree.values() if isinstance(entry, Problem)]
    strange.sort(key=lambda problem: problem.location)
    return (
        [file for file in known if isinstance(file, DataFile)],
        [*strange, *(file for file in known if isinstance(file, Problem))],
    )


def merged(old: Tree, new: Tree, from_new: Callable[[str], bool]) -> Tree:
    """The old tree with some paths as they are in the new one."""
    kept = {path: entry for path, entry in old.items() if not from_new(path)}
    taken = {path: entry for path, entry in new.items() if from_new(path)}
    return dict(sorted({**kept, **taken}.items()))


@cache
def classify(path: str) -> DataFile | Problem | None:
    """What a file is; a problem if it does not belong there, None if it is left alone."""
    for kind, pattern in _PATTERNS:
        if match := pattern.fullmatch(path):
            parts = match.groupdict()
            year, version = int(parts.get("year") or 0), int(parts.get("version") or 0)
            return DataFile(path, kind, year, parts.get("id") or "", version)
    return None if path.rpartition("/")[2] in _BESIDE else unexpected(path)


def most_bytes(path: str) -> int:
    """How large a file may be: a receipt holds the results of a whole year, made by us."""
    receipt = path.startswith(f"{DATA}/") and path.endswith("/published.json")
    return 32 * MAX_BYTES if receipt else MAX_BYTES


def is_form(path: str) -> bool:
    """Whether a rulebook may name the file as the form of its reports."""
    return _FORM.fullmatch(path) is not None


def unexpected(path: str) -> Problem:
    """What is said of something that does not belong there, or is neither file nor folder."""
    name = path.rpartition("/")[2]
    location = Location(printable(path), 1, 1)
    args = {"name": printable(name)}
    if _LEFT_BY_PROGRAMS.fullmatch(name):
        message = Message(
            "{name} was left behind by a program and is not read; delete it, and do not commit it",
            args,
        )
        return Problem(location, "unexpected-file", message, Severity.WARNING)
    if name.lower().endswith((".yml", ".yaml")) and not name.endswith(".yaml"):
        message = Message("{name} does not end in .yaml and is not read; rename it", args)
    elif not all(_OUR_NAME.fullmatch(part) for part in path.split("/")):
        message = Message(
            "the name of {name} or of its folder is not an id; rename it with small letters a to "
            "z, digits and hyphens",
            args,
        )
    else:
        message = Message(
            "{name} does not belong here and is not read; move it to its place or out of data/",
            args,
        )
        message = meant(message, _place_of(path))
    return Problem(location, "unexpected-file", message)


def _place_of(path: str) -> str | None:
    """The path that was meant where one name in it is mistyped."""
    parts = path.split("/")
    for number, part in enumerate(parts):
        stem, dot, suffix = part.partition(".")
        near = nearest(stem, _OUR_NAMES)
        name = "/".join((*parts[:number], f"{near}{dot}{suffix}", *parts[number + 1 :]))
        found = classify(name) if near and near != stem else None
        if isinstance(found, DataFile) and not (dot and found.kind in _FREELY_NAMED):
            return name
    return None


def link(path: str) -> Problem:
    """What is said of a symbolic link."""
    message = Message(
        "{name} is a symbolic link and is not followed; put the file or folder itself here",
        {"name": printable(path)},
    )
    return Problem(Location(printable(path), 1, 1), "symbolic-link", message)


@dataclass(frozen=True, slots=True)
class _OnDisk:
    """A file below a folder, opened when asked for, with Git's id: one cache serves both."""

    root: Path
    path: str

    @property
    def id(self) -> str:
        data = self.read().replace(b"\r\n", b"\n")  # Git keeps a text with LF
        return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()

    def read(self) -> bytes:
        return beginning(self.root, self.path, most_bytes(self.path))


def tree_below(root: Path) -> Tree:
    """The tree of a folder, listed now; links are never followed."""
    strange = {EntryKind.LINK: link, EntryKind.SPECIAL: unexpected}
    return {
        path: strange[kind](path) if kind in strange else _OnDisk(root, path)
        for path, kind in sorted(entries(root, DATA, SCHEMA))
        if kind is not EntryKind.FOLDER
    }
