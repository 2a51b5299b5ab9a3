"""Cases as data: a folder laid over the small sound city in `tests/base/`.

A case may hold `expected.txt` (lines `path:line:column code`), `delete.txt` (files of the base
to leave out), and anything below `data/` and `schema/`. What is expected is never written by
the tests.
"""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from generator.data.books import books
from generator.data.load import check
from generator.data.tree import Files, files_of
from generator.data.trials import run
from generator.data.worked import examples_of
from generator.engine.problem import Problem
from generator.reading.files import Folder
from generator.words.report import errors

TESTS = Path(__file__).parent
ROOT = TESTS.parent
INVALID, VALID = TESTS / "invalid", TESTS / "valid"
_OURS = ("expected.txt", "delete.txt")


def invalid_cases() -> list[Path]:
    """Every case folder below `tests/invalid/<code>/`."""
    return sorted(case for code in INVALID.iterdir() if code.is_dir() for case in code.iterdir())


def valid_cases() -> list[Path]:
    """Every case folder below `tests/valid/`."""
    return sorted(case for case in VALID.iterdir() if case.is_dir())


def laid_out(case: Path, folder: Path) -> Path:
    """The tree of a case, written into an empty folder: base, the city's rulebooks, the case."""
    for name in ("data", "schema"):
        shutil.copytree(TESTS / "base" / name, folder / name, dirs_exist_ok=True)
    for book in ROOT.glob("data/rulebooks/*/*/rulebook.yaml"):
        (folder / book.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(book, folder / book.relative_to(ROOT))
    deleted = case / "delete.txt"
    for name in deleted.read_text(encoding="utf-8").split() if deleted.exists() else ():
        (folder / name).unlink()
    ours = shutil.ignore_patterns(*_OURS)
    shutil.copytree(case, folder, symlinks=True, dirs_exist_ok=True, ignore=ours)
    return folder


def files_below(folder: Path) -> Files:
    return files_of(Folder(folder), folder)


def found_in(folder: Path) -> list[Problem]:
    """What `kaohe check` finds, and in a tree without errors what `kaohe rules test` finds."""
    files = files_below(folder)
    problems = check(files)
    if not errors(problems):
        problems += failing_examples(files)
    return problems


def failing_examples(files: Files) -> Iterator[Problem]:
    for book in books(files, []).values():
        for example in examples_of(files, book, []):
            yield from run(example, book.rulebook)


def lines(problems: list[Problem]) -> list[str]:
    """As in `expected.txt`, in the order in which problems are shown."""
    shown = sorted(problems, key=lambda problem: (problem.location, problem.code))
    return [f"{p.location.path}:{p.location.line}:{p.location.column} {p.code}" for p in shown]


@cache
def expected(case: Path) -> list[str]:
    return (case / "expected.txt").read_text(encoding="utf-8").splitlines()
