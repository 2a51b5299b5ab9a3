"""What several tests share: the demonstration city's site, built once."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.pages.render import OWNED_FILES, OWNED_FOLDERS

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "city/assessment"
"""The site stands below this path in the tests: nowhere may it rely on standing at the top."""


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demonstration city, without anything generated."""
    root = tmp_path_factory.mktemp("根 root")
    for name in ("data", "schema", "overrides", "mkdocs.yml", "mkdocs.en.yml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)
    generated = {ROOT / "docs" / name for name in OWNED_FILES + OWNED_FOLDERS}
    shutil.copytree(
        ROOT / "docs",
        root / "docs",
        ignore=lambda folder, names: [n for n in names if Path(folder) / n in generated],
    )
    return root


def build(city: Path, out: Path, *options: str) -> None:
    """The city's site, by the command that users give."""
    command = [sys.executable, "-m", "generator", "build", "--root", str(city), *options]
    done = subprocess.run([*command, "--out", str(out)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def web_root(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to serve; the built site stands in it at ADDRESS."""
    folder = tmp_path_factory.mktemp("www")
    build(city, folder / ADDRESS)
    return folder


@pytest.fixture(scope="session")
def pages(web_root: Path) -> list[str]:
    """The address of every page of the site, from its front page."""
    site = web_root / ADDRESS
    found = (page.parent.relative_to(site).as_posix() for page in site.rglob("index.html"))
    return sorted("" if path == "." else f"{path}/" for path in found)
