"""What several tests share: the demonstration city's site, built once by each engine."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from generator.pages.layout import OWNED_FILES, OWNED_FOLDERS

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "city/assessment"
"""The site stands below this path in the tests: nowhere may it rely on standing at the top."""

# The same made-up values on every run, however slow the machine; at night many others.
settings.register_profile(
    "ci",
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile(
    "nightly", settings.get_profile("ci"), max_examples=1_000, derandomize=False, print_blob=True
)
settings.load_profile("ci")

LONGEST = 600
"""So many seconds a lane waits for what another one makes."""

FIRST = ("test_reproducible.py", "browser")
"""What waits most, for a site or a browser, begins first, and its tests go to any lane."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests stay in one lane, with what they make for each other."""
    here = Path(__file__).parent
    ahead = {item: item.path.relative_to(here).parts[0] in FIRST for item in items}
    items.sort(key=lambda item: not ahead[item])
    for item in items:
        if not ahead[item]:
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(here).as_posix()))


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that whichever lane of the run asks first makes; the others wait for it."""
    lanes = "PYTEST_XDIST_WORKER" in os.environ
    top = factory.getbasetemp().parent if lanes else factory.getbasetemp()
    folder, made, failed = (top / f"{name}{end}" for end in ("", ".made", ".failed"))
    try:
        folder.mkdir()
    except FileExistsError:
        for _ in range(LONGEST * 10):
            if made.exists():
                return folder
            assert not failed.exists(), f"another lane could not make {name}"
            time.sleep(0.1)
        raise
    try:
        make(folder)
    except BaseException:
        failed.touch()
        raise
    made.touch()
    return folder


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demonstration city, without anything generated."""
    generated = {ROOT / "docs" / name for name in OWNED_FILES + OWNED_FOLDERS}

    def made(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if Path(folder) / name in generated]

    def copied(root: Path) -> None:
        for name in ("data", "schema", "overrides", "docs"):
            shutil.copytree(ROOT / name, root / name, ignore=made)
        for name in ("mkdocs.yml", "mkdocs.en.yml"):
            shutil.copy(ROOT / name, root / name)

    return once(tmp_path_factory, "根 root", copied)


def build(city: Path, out: Path, *options: str) -> None:
    """The city's site, by the command that users give."""
    command = [sys.executable, "-m", "generator", "build", "--root", str(city), *options]
    done = subprocess.run([*command, "--out", str(out)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def web_root(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to serve; the built site stands in it at ADDRESS."""
    return once(tmp_path_factory, "www", lambda folder: build(city, folder / ADDRESS))


@pytest.fixture(scope="session")
def zensical_root(city: Path, web_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same by the other engine, from the pages that are there by then."""
    if importlib.util.find_spec("zensical") is None:
        pytest.skip("no zensical here")
    by_it = ("--engine", "zensical")
    return once(tmp_path_factory, "zensical", lambda to: build(city, to / ADDRESS, *by_it))


@pytest.fixture(scope="session")
def pages(web_root: Path) -> list[str]:
    """The address of every page of the site, from its front page."""
    site = web_root / ADDRESS
    folders = (page.parent.relative_to(site).as_posix() for page in site.rglob("index.html"))
    return sorted("" if path == "." else f"{path}/" for path in folders)
