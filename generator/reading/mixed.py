"""Trees made of other trees: of two, each path from one of them; of one, read beforehand.

Owns nothing but the choice. A path that the chosen tree does not have is not there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from generator.engine.problem import Problem
from generator.reading.files import SCHEMA, Tree


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
