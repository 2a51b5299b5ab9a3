"""The command line as tests run it: within this process, or in one of its own.

Within, nothing has to start, and rulebooks that have been read and tried are not read again
while their files are the same: a tenth of the time. Every command is run in a process of its own
at least once (`tests.commands.test_processes`), and so is whatever is about streams and encodings.
"""

import gc
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from generator.commands import cli
from generator.engine.problem import Problem
from generator.reading.files import is_form
from generator.rulebook.books import Books
from generator.shape.schema import Files
from generator.year import examples, load
from generator.year.examples import unproven
from generator.year.holidays import Holidays
from generator.year.load import Library, library
from tests.cases import ROOT


class Done(NamedTuple):
    code: int
    out: str
    err: str


Environment = Mapping[str, str | None]
"""Variables that differ from those of the tests; None takes one away."""


def kaohe(*arguments: str, root: Path, env: Environment | None = None, stdin: bytes = b"") -> Done:
    """A command given while standing in `root`; with its standard input."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    with (
        chdir(root),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", err),
        patch.dict(os.environ, _environment(env), clear=True),
        patch.object(load, "library", _library),
        patch.object(examples, "unproven", _unproven),
        _collector_kept(),
    ):
        try:
            cli.main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
    return _sound(Done(code, *(_text(stream) for stream in (out, err))))


def kaohe_alone(
    *arguments: str, root: Path, env: Environment | None = None, stdin: bytes = b""
) -> Done:
    """The same in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "generator", *arguments],
        cwd=root,
        capture_output=True,
        input=stdin,
        env=_environment(env) | {"PYTHONPATH": str(ROOT)},
    )
    return _sound(Done(done.returncode, done.stdout.decode(), done.stderr.decode()))


def _environment(env: Environment | None) -> dict[str, str]:
    wanted: Environment = {**os.environ, **(env or {})}
    return {name: value for name, value in wanted.items() if value is not None}


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def _sound(done: Done) -> Done:
    assert "Traceback" not in done.err + done.out
    assert "Internal error" not in done.err
    assert "内部错误" not in done.err
    return done


@contextmanager
def _collector_kept() -> Iterator[None]:
    """A command sets the garbage collector as suits a process that ends soon."""
    before = gc.get_threshold()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


_read: dict[object, Library] = {}
_proven: dict[object, list[Problem]] = {}


def _library(files: Files) -> Library:
    """Rulebooks and holidays, read once for the same content of the same files."""
    key = _content(files)
    if key not in _read:
        _read[key] = library(files)
    return _read[key]


def _unproven(files: Files, shelf: Books, known: Holidays) -> list[Problem]:
    """What the worked examples show, the same."""
    key = _content(files)
    if key not in _proven:
        _proven[key] = unproven(files, shelf, known)
    return [*_proven[key]]


def _content(files: Files) -> object:
    listed = [f for f in files.listed if f.path.startswith(("data/rulebooks/", "data/holidays/"))]
    content = tuple((file.path, files.tree[file.path].id) for file in listed)
    forms = [path for path in files.tree if is_form(path)]
    return content, tuple((path, files.tree[path].id) for path in forms)
