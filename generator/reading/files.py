"""Trees of files, one folder, two mixed, a part of one; and what each file is by its path alone.

Owns the names that files may have. Opens nothing but what was listed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha1
from pathlib import Path
from typing import Protocol

from generator.engine.problem import Location, Message, Problem, Severity
from generator.reading.disk import EntryKind, beginning, entries, printable
from generator.reading.slips import MAX_BYTES

DATA = "data"
SCHEMA = "schema"


class Tree(Protocol):
    """Where files come from: a folder, or a Git revision."""

    def paths(self) -> Sequence[str]:
        """Every regular file below `data/`, sorted, from the root, parts joined by `/`."""

    def read(self, path: str) -> bytes:
        """The bytes of one of `paths()`; of a file that is too large, enough to see that."""

    def blob(self, path: str) -> str:
        """What names the content of one of `paths()`: the same for the same content."""

    def schema(self, name: str) -> bytes | None:
        """A file below the root's `schema/`, None where there is none."""

    def schemas(self) -> Mapping[str, str]:
        """What names the content of the files below `schema/` that a rulebook may name, by path."""

    def problems(self) -> list[Problem]:
        """What the tree holds besides regular files."""


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
_BESIDE = frozenset(("README.md", ".gitkeep", ".gitignore"))
_LEFT_BY_PROGRAMS = re.compile(
    r"Thumbs\.db|desktop\.ini|\.DS_Store|\._.*|~\$.*|\.~.*|.*~|\..*\.sw[a-p]|.*\.tmp", re.IGNORECASE
)
_OUR_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*", re.ASCII)


def listing(tree: Tree) -> tuple[list[DataFile], list[Problem]]:
    """Every file with its kind, in the order of the paths, and what does not belong there."""
    files: list[DataFile] = []
    problems = tree.problems()
    for path in tree.paths():
        found = classify(path)
        if isinstance(found, DataFile):
            files.append(found)
        elif found is not None:
            problems.append(found)
    return files, problems


def by_township(files: Iterable[DataFile]) -> dict[str, list[DataFile]]:
    """The reports and inspections of each township over the years, oldest first."""
    grouped: dict[str, list[DataFile]] = {}
    for file in files:
        if file.kind in (Kind.REPORT, Kind.INSPECTION):
            grouped.setdefault(file.id, []).append(file)
    return {township: grouped[township] for township in sorted(grouped)}


def classify(path: str) -> DataFile | Problem | None:
    """What a file is; a problem if it does not belong there, None if it is left alone."""
    for kind, pattern in _PATTERNS:
        if match := pattern.fullmatch(path):
            parts = match.groupdict()
            return DataFile(
                path,
                kind,
                int(parts.get("year") or 0),
                parts.get("id") or "",
                int(parts.get("version") or 0),
            )
    name = path.rpartition("/")[2]
    return None if name in _BESIDE else _unexpected(path, name)


def most_bytes(path: str) -> int:
    """How large a file may be: a receipt holds the results of a whole year, made by us."""
    return 32 * MAX_BYTES if path.endswith("/published.json") else MAX_BYTES


def is_form(path: str) -> bool:
    """Whether a rulebook may name the file as the form of its reports."""
    return _FORM.fullmatch(path) is not None


def irregular(path: str) -> Problem:
    """What is said of something that is neither a file nor a folder."""
    return _unexpected(path, path.rpartition("/")[2])


def _unexpected(path: str, name: str) -> Problem:
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
    return Problem(location, "unexpected-file", message)


class Folder:
    """The tree below the folder `root`, as it is when first asked."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._paths: list[str] | None = None
        self._known: frozenset[str] = frozenset()
        self._schemas: frozenset[str] = frozenset()
        self._problems: list[Problem] = []

    def paths(self) -> list[str]:
        """Every regular file below `data/`, sorted."""
        return list(self._listed())

    def problems(self) -> list[Problem]:
        """Symbolic links, which are never followed, and what is neither file nor folder."""
        self._listed()
        return list(self._problems)

    def read(self, path: str) -> bytes:
        """The bytes of a listed file, and no more of them than can be of use."""
        self._listed()
        if path not in self._known:
            raise FileNotFoundError(path)
        return beginning(self.root, path, most_bytes(path))

    def blob(self, path: str) -> str:
        """The id that Git gives to the file's text, so that one cache serves both."""
        return _named(self.read(path))

    def schema(self, name: str) -> bytes | None:
        """A file below the root's `schema/`, None where there is none."""
        self._listed()
        path = f"{SCHEMA}/{name}"
        return beginning(self.root, path, MAX_BYTES) if path in self._schemas else None

    def schemas(self) -> dict[str, str]:
        """What names the content of the files below `schema/` that a rulebook may name, by path."""
        self._listed()
        forms = sorted(filter(is_form, self._schemas))
        return {path: _named(beginning(self.root, path, MAX_BYTES)) for path in forms}

    def _listed(self) -> list[str]:
        if self._paths is None:
            data, schemas = (list(entries(self.root, top)) for top in (DATA, SCHEMA))
            self._paths = sorted(path for path, what in data if what is EntryKind.FILE)
            self._known = frozenset(self._paths)
            self._schemas = frozenset(path for path, what in schemas if what is EntryKind.FILE)
            self._problems = sorted(_strange(data + schemas), key=lambda problem: problem.location)
        return self._paths


def _strange(entries: Iterable[tuple[str, EntryKind]]) -> Iterator[Problem]:
    for path, what in entries:
        if what is EntryKind.LINK:
            yield link(path)
        elif what is EntryKind.SPECIAL:
            yield irregular(path)


def link(path: str) -> Problem:
    """What is said of a symbolic link."""
    message = Message(
        "{name} is a symbolic link and is not followed; put the file or folder itself here",
        {"name": printable(path)},
    )
    return Problem(Location(printable(path), 1, 1), "symbolic-link", message)


def _named(content: bytes) -> str:
    """The id that Git gives to a text, which it keeps with LF."""
    data = content.replace(b"\r\n", b"\n")
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


class Mixed:
    """`one` where `from_one` says so of a path, `other` elsewhere."""

    def __init__(self, one: Tree, other: Tree, from_one: Callable[[str], bool]) -> None:
        self.one = one
        self.other = other
        self.from_one = from_one

    def paths(self) -> list[str]:
        """Every regular file below `data/`, sorted."""
        mine = [path for path in self.one.paths() if self.from_one(path)]
        return sorted(mine + [path for path in self.other.paths() if not self.from_one(path)])

    def read(self, path: str) -> bytes:
        """The bytes of one of `paths()`."""
        return self._of(path).read(path)

    def blob(self, path: str) -> str:
        """What names the content of one of `paths()`."""
        return self._of(path).blob(path)

    def schema(self, name: str) -> bytes | None:
        """A file below `schema/`, None where there is none."""
        return self._of(f"{SCHEMA}/{name}").schema(name)

    def schemas(self) -> dict[str, str]:
        """What names the content of every file below `schema/`, by its path."""
        mine = {p: blob for p, blob in self.one.schemas().items() if self.from_one(p)}
        return mine | {p: b for p, b in self.other.schemas().items() if not self.from_one(p)}

    def problems(self) -> list[Problem]:
        """What the two hold besides regular files."""
        mine = [found for found in self.one.problems() if self.from_one(found.location.path)]
        rest = [found for found in self.other.problems() if not self.from_one(found.location.path)]
        return sorted(mine + rest, key=lambda found: found.location)

    def _of(self, path: str) -> Tree:
        return self.one if self.from_one(path) else self.other


class Held:
    """A tree some of whose files have been read already, so that its source is asked no more."""

    def __init__(self, tree: Tree, paths: Iterable[str]) -> None:
        self.tree = tree
        self._read = {path: tree.read(path) for path in paths}

    def paths(self) -> Sequence[str]:
        """Every regular file below `data/`, sorted."""
        return self.tree.paths()

    def read(self, path: str) -> bytes:
        """The bytes of a file that was read."""
        return self._read[path]

    def blob(self, path: str) -> str:
        """What names the content of one of `paths()`."""
        return self.tree.blob(path)

    def schema(self, name: str) -> bytes | None:
        """A file below `schema/`, None where there is none."""
        return self.tree.schema(name)

    def schemas(self) -> Mapping[str, str]:
        """What names the content of every file below `schema/`, by its path."""
        return self.tree.schemas()

    def problems(self) -> list[Problem]:
        """What the tree holds besides regular files."""
        return self.tree.problems()


class Part:
    """The data files of `tree` for which `chosen` holds; its schemas are all there."""

    def __init__(self, tree: Tree, chosen: Callable[[DataFile], bool]) -> None:
        self.tree = tree
        self.chosen = chosen

    def paths(self) -> list[str]:
        """The chosen files below `data/`, sorted."""
        known = ((path, classify(path)) for path in self.tree.paths())
        return [path for path, file in known if isinstance(file, DataFile) and self.chosen(file)]

    def read(self, path: str) -> bytes:
        """The bytes of one of `paths()`."""
        return self.tree.read(path)

    def blob(self, path: str) -> str:
        """What names the content of one of `paths()`."""
        return self.tree.blob(path)

    def schema(self, name: str) -> bytes | None:
        """A file below `schema/`, None where there is none."""
        return self.tree.schema(name)

    def schemas(self) -> Mapping[str, str]:
        """What names the content of every file below `schema/`, by its path."""
        return self.tree.schemas()

    def problems(self) -> list[Problem]:
        """Nothing: what is no file of ours is not chosen."""
        return []
