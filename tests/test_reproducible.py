"""The same data give the same bytes: in any folder, time zone, language and order of files."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.pages.render import OWNED_FILES, OWNED_FOLDERS
from tests.conftest import ADDRESS, ROOT

ELSEWHERE = {
    "TZ": "Pacific/Kiritimati",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "C",
    "PYTHONHASHSEED": "4711",
    "PYTHONUTF8": "0",
    "SOURCE_DATE_EPOCH": "1",
    "COLUMNS": "40",
}


def kaohe(*arguments: str | Path, **environment: str) -> str:
    """What the command says; the other computer's settings come as `environment`."""
    command = [sys.executable, "-m", "generator", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def generated(root: Path) -> Mapping[str, bytes]:
    """The rendered pages and files of a city."""
    found = content(root / "docs")
    owned = tuple(f"{folder}/" for folder in OWNED_FOLDERS)
    return {name: data for name, data in found.items() if name in OWNED_FILES or name.startswith(owned)}  # fmt: skip  # noqa: E501


@pytest.fixture(scope="session")
def other_city(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same city elsewhere: its files made one by one, the last one first, on another day."""
    root = tmp_path_factory.mktemp("别处") / "a b"
    for path in sorted((path for path in city.rglob("*") if path.is_file()), reverse=True):
        if path.is_relative_to(city / "docs") and path.relative_to(city / "docs").as_posix() in generated(city):  # fmt: skip  # noqa: E501
            continue
        copy = root / path.relative_to(city)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
        os.utime(copy, (1, 1))
    return root
