"""Some files of a tree, as if there were no others.

Owns nothing but the choice; what is no file of ours is left out as well.
"""

from collections.abc import Callable, Mapping

from generator.engine.problem import Problem
from generator.reading.files import DataFile, Tree, classify


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
