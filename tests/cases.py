"""Cases as data: a folder laid over the small sound city in `tests/base/`.

A case may hold `expected.txt` (lines `path:line:column code`), `delete.txt` (files of the base
to leave out), `edits.txt` (a few lines changed), and anything below `data/` and `schema/`. What
is expected is never written by the tests.

`edits.txt` begins with `over: NAME` where the case is laid over a sound one of that name. Then
follow paths, and below each the lines to take out, marked `<`, and those to put in their place,
marked `>`; without any to take out they are added at the end of the file.
"""

import shutil
from functools import cache
from itertools import groupby
from pathlib import Path

from generator.engine.problem import Problem, errors
from generator.reading.files import tree_below
from generator.reading.source import Document, read
from generator.rulebook.books import books
from generator.shape.schema import Files, files_of
from generator.year.examples import examples_of, run
from generator.year.load import Loaded, check, load

TESTS = Path(__file__).parent
ROOT = TESTS.parent
INVALID, VALID, REFUSED = TESTS / "invalid", TESTS / "valid", TESTS / "refused"
FIRST_BOOK = "data/rulebooks/family-planning-petitions/1/rulebook.yaml"
_OURS = ("expected.txt", "delete.txt", "edits.txt")


def invalid_cases() -> list[Path]:
    return sorted(INVALID.glob("*/*/"))


def valid_cases() -> list[Path]:
    return sorted(VALID.glob("*/"))


def laid_out(case: Path, folder: Path) -> Path:
    """The tree of a case, written into an empty folder: base, the first rulebook, the case."""
    for name in ("data", "schema"):
        shutil.copytree(TESTS / "base" / name, folder / name, dirs_exist_ok=True)
    (folder / FIRST_BOOK).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / FIRST_BOOK, folder / FIRST_BOOK)
    return laid_over(case, folder)


def copied(folder: Path, *but: str) -> Path:
    """The data and schemas of the demonstration city, but for files of these names."""
    for name in ("data", "schema"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*but))
    return folder


def laid_over(case: Path, folder: Path) -> Path:
    """A case laid over the tree that is there."""
    edits = _lines(case / "edits.txt")
    if edits and edits[0].startswith("over: "):
        _put(VALID / edits.pop(0).removeprefix("over: "), folder)
    for name in _lines(case / "delete.txt"):
        (folder / name).unlink()
    _put(case, folder)
    _edit(folder, edits)
    return folder


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _put(case: Path, folder: Path) -> None:
    ours = shutil.ignore_patterns(*_OURS)
    shutil.copytree(case, folder, symlinks=True, dirs_exist_ok=True, ignore=ours)


def _edit(folder: Path, edits: list[str]) -> None:
    """Change the lines that `edits.txt` names; each must be there once, or it tests nothing."""
    path, at = folder, -1
    for mark, group in groupby(edits, key=lambda line: line[0]):
        rows = list(group)
        text = "".join(f"{row[2:]}\n" for row in rows)
        there = path.read_text(encoding="utf-8") if path.is_file() else ""
        if mark == "<":
            assert there.count(text) == 1, text
            at = there.index(text)
            path.write_text(there.replace(text, ""), encoding="utf-8")
        elif mark == ">":
            end = len(there) if at < 0 else at
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(there[:end] + text + there[end:], encoding="utf-8")
        else:
            path, at = folder / rows[-1], -1


def bytes_below(folder: Path) -> dict[str, bytes]:
    """What every file below a folder holds, by its path from there."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def files_below(folder: Path) -> Files:
    return files_of(tree_below(folder))


def loaded(folder: Path) -> Loaded:
    """A sound tree."""
    tree, problems = load(files_below(folder))
    assert tree is not None, problems
    return tree


def document(path: str, text: str | bytes) -> Document:
    """A file in which nothing is wrong."""
    value, problems = read(path, text if isinstance(text, bytes) else text.encode())
    assert problems == []
    assert value is not None
    return value


def rewritten(path: Path, *pairs: tuple[str, str]) -> None:
    """A file in which texts are replaced, each the first time it stands there."""
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def found_in(folder: Path) -> list[Problem]:
    """What `kaohe check` finds, and in a tree without errors what `kaohe rules test` finds."""
    files = files_below(folder)
    problems = check(files)
    if not errors(problems):
        for book in books(files, []).values():
            for example in examples_of(files, book, []):
                problems += run(example, book.rulebook)
    return problems


def lines(problems: list[Problem]) -> list[str]:
    """As in `expected.txt`, in the order in which problems are shown."""
    shown = sorted(problems, key=lambda problem: (problem.location, problem.code))
    return [f"{p.location.path}:{p.location.line}:{p.location.column} {p.code}" for p in shown]


@cache
def expected(case: Path) -> list[str]:
    return (case / "expected.txt").read_text(encoding="utf-8").splitlines()
