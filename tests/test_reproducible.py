"""The same data give the same bytes: in any folder, time zone, language and order of files."""

import os
from pathlib import Path

import pytest

from generator.pages.layout import OWNED_FILES, OWNED_FOLDERS
from tests.cases import bytes_below
from tests.conftest import ADDRESS, ROOT
from tests.running import Environment, kaohe_alone

ELSEWHERE = {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "C"}
ELSEWHERE |= {"PYTHONHASHSEED": "4711", "SOURCE_DATE_EPOCH": "1", "COLUMNS": "40"}
"""What may differ on another computer."""


def kaohe(*arguments: str | Path, env: Environment | None = None) -> None:
    done = kaohe_alone(*map(str, arguments), root=ROOT, env=env)
    assert done.code == 0, done.out + done.err


def assert_same(folder: Path, other: Path) -> None:
    left, right = bytes_below(folder), bytes_below(other)
    assert left
    assert left.keys() == right.keys()
    assert [name for name in left if left[name] != right[name]] == []


@pytest.fixture(scope="module")
def other_city(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same city elsewhere: its files made one by one, the last one first, on another day."""
    root = tmp_path_factory.mktemp("别处") / "a b"
    generated = tuple(f"docs/{name}" for name in (*OWNED_FILES, *OWNED_FOLDERS))
    for name, data in sorted(bytes_below(city).items(), reverse=True):
        if not name.startswith(generated):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
            os.utime(root / name, (1, 1))
    return root


def test_the_site_is_the_same_bytes_elsewhere(
    web_root: Path, city: Path, other_city: Path, tmp_path: Path
) -> None:
    kaohe("build", "--root", other_city, "--out", tmp_path / "elsewhere", env=ELSEWHERE)
    assert_same(city / "docs", other_city / "docs")
    assert_same(web_root / ADDRESS, tmp_path / "elsewhere")


def test_pages_rendered_again_are_not_even_touched(other_city: Path) -> None:
    kaohe("render", "--root", other_city)
    docs = other_city / "docs"
    before = {name: (docs / name).stat().st_mtime_ns for name in bytes_below(docs)}
    content = bytes_below(docs)
    kaohe("render", "--root", other_city, env=ELSEWHERE)
    assert bytes_below(docs) == content
    assert {name: (docs / name).stat().st_mtime_ns for name in content} == before


@pytest.mark.nightly
def test_the_site_by_the_other_engine_is_the_same_bytes_elsewhere(
    zensical_root: Path, other_city: Path, tmp_path: Path
) -> None:
    build = ("build", "--engine", "zensical")
    kaohe(*build, "--root", other_city, "--out", tmp_path / "elsewhere", env=ELSEWHERE)
    assert_same(zensical_root / ADDRESS, tmp_path / "elsewhere")
