"""Trees of files held in memory: quick to make, change and mix; they count what is read."""

import tempfile
from collections import Counter
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from generator.engine.problem import Problem
from generator.engine.rank import judged
from generator.engine.year import YearResult
from generator.reading.files import DATA, SCHEMA, Tree
from generator.shape.documents import files_of
from generator.year.load import load
from tests.cases import ROOT, VALID, laid_out

Texts = Mapping[str, str]
"""The text of every file of a tree, by its path."""

QINGSHAN = "data/2025/townships/qingshan.yaml"
SONGHE = "data/2025/townships/songhe.yaml"
LIULIN = "data/2025/townships/liulin.yaml"
REGISTER = "data/townships.yaml"
YEAR = "data/2025/assessment.yaml"


class Written:
    """A tree of texts; `reads` says how often each file was opened."""

    def __init__(self, texts: Texts) -> None:
        self.texts = dict(texts)
        self.reads = Counter[str]()

    def paths(self) -> list[str]:
        """Every file below `data/`, sorted."""
        return sorted(path for path in self.texts if path.startswith(f"{DATA}/"))

    def read(self, path: str) -> bytes:
        """The bytes of one of `paths()`."""
        self.reads[path] += 1
        return self.texts[path].encode()

    def blob(self, path: str) -> str:
        """What names the content of one of `paths()`."""
        return sha256(self.texts[path].encode()).hexdigest()

    def schema(self, name: str) -> bytes | None:
        """A file below `schema/`, None where there is none."""
        found = self.texts.get(f"{SCHEMA}/{name}")
        return None if found is None else found.encode()

    def schemas(self) -> dict[str, str]:
        """What names the content of every file below `schema/`, by its path."""
        return {path: self.blob(path) for path in self.texts if path.startswith(f"{SCHEMA}/")}

    def problems(self) -> list[Problem]:
        """Nothing but regular files can be written here."""
        return []


def texts_below(root: Path) -> dict[str, str]:
    """What stands in `data/` and `schema/` of a folder."""
    files = (path for name in (DATA, SCHEMA) for path in (root / name).rglob("*"))
    return {
        path.relative_to(root).as_posix(): path.read_bytes().decode()
        for path in files
        if path.is_file()
    }


@cache
def _valid(name: str) -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        return texts_below(laid_out(VALID / name, Path(folder)))


def valid(name: str) -> dict[str, str]:
    """The texts of a sound case of `tests/valid/`."""
    return dict(_valid(name))


@cache
def _demonstration() -> Texts:
    return texts_below(ROOT)


def demonstration() -> dict[str, str]:
    """The texts of the demonstration city."""
    return dict(_demonstration())


def three_townships() -> dict[str, str]:
    """The small sound city with a third township, whose report is that of the first.

    Qingshan and Liulin have full marks, Songhe lost some.
    """
    whole = valid("changes-of-every-kind")
    texts = {path: text for path, text in whole.items() if "forest-fire" not in path}
    del texts["data/2025/inspections/songhe.yaml"]
    texts[LIULIN] = whole[QINGSHAN].replace("qingshan", "liulin").replace("青杉", "柳林")
    entry = "  - {id: liulin, name: {zh: 柳林镇, en: Liulin}, kind: township, group: a, from: 2023}"
    texts[REGISTER] = f"{whole[REGISTER]}{entry}\n"
    return texts


def changed(texts: Texts, path: str, *changes: tuple[str, str]) -> dict[str, str]:
    """The texts with other words in the place of some, each of which must be there once."""
    text = texts[path]
    for old, new in changes:
        assert text.count(old) == 1, (path, old)
        text = text.replace(old, new)
    return {**texts, path: text}


def results(tree: Tree) -> dict[int, YearResult]:
    """Every year judged as `kaohe score` does it; the tree must be sound."""
    loaded, problems = load(files_of(tree))
    assert loaded is not None, problems
    return {inputs.assessment.year: judged(inputs) for inputs in loaded.years}
