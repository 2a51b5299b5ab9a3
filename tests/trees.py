"""Trees of files held in memory: quick to make, change and mix; they count what is read."""

import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from generator.engine.rank import judged
from generator.engine.year import YearResult
from generator.reading.files import DATA, SCHEMA, Tree, blobs, tree_below
from generator.shape.schema import files_of
from generator.year.load import load
from tests.cases import ROOT, VALID, bytes_below, laid_out

Texts = Mapping[str, str]
"""The text of every file of a tree, by its path."""

QINGSHAN = "data/2025/townships/qingshan.yaml"
SONGHE = "data/2025/townships/songhe.yaml"
LIULIN = "data/2025/townships/liulin.yaml"
REGISTER = "data/townships.yaml"
YEAR = "data/2025/assessment.yaml"


@dataclass(frozen=True, slots=True)
class Text:
    """A file held in memory; `reads` notes its path whenever it is opened."""

    path: str
    text: str
    reads: Counter[str]

    @property
    def id(self) -> str:
        return sha256(self.text.encode()).hexdigest()

    def read(self) -> bytes:
        self.reads[self.path] += 1
        return self.text.encode()


class Written(dict[str, Text]):
    """A tree of texts; `reads` says how often each file was opened."""

    def __init__(self, texts: Texts) -> None:
        self.texts, self.reads = dict(texts), Counter[str]()
        super().__init__((path, Text(path, texts[path], self.reads)) for path in sorted(texts))


def content(tree: Tree, path: str) -> bytes:
    return blobs(tree)[path].read()


def texts_below(root: Path) -> dict[str, str]:
    """What stands in `data/` and `schema/` of a folder."""
    files = {
        f"{top}/{p}": data for top in (DATA, SCHEMA) for p, data in bytes_below(root / top).items()
    }
    return {path: data.decode() for path, data in files.items()}


@cache
def _valid(name: str) -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        return texts_below(laid_out(VALID / name, Path(folder)))


def valid(name: str) -> dict[str, str]:
    return dict(_valid(name))


@cache
def _demonstration() -> Texts:
    return texts_below(ROOT)


def demonstration() -> dict[str, str]:
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


def folder_of(texts: Texts, root: Path) -> Tree:
    """The same as files below a folder."""
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    return tree_below(root)
