"""The wheel: built, installed into an empty folder, and used where no checkout is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.commands import scaffold
from tests.cases import bytes_below
from tests.conftest import ROOT


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=os.environ | environment, capture_output=True
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode("utf-8", "replace")
    return done.stdout.decode().strip()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel is installed in; its dependencies are those of the tests."""
    wheels, target = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("installed")
    pip = (sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "--no-input")
    alone = ("--no-deps", "--no-build-isolation")
    run(*pip, "wheel", ROOT, *alone, "--wheel-dir", wheels, cwd=wheels)
    run(*pip, "install", *alone, "--target", target, *wheels.glob("*.whl"), cwd=wheels)
    return target


def test_a_city_is_begun_and_built_without_a_checkout(installed: Path, tmp_path: Path) -> None:
    def kaohe(*arguments: str | Path) -> str:
        command = (sys.executable, "-m", "generator", *arguments)
        return run(*command, cwd=tmp_path, PYTHONPATH=str(installed))

    where = (sys.executable, "-c", "import generator; print(generator.__file__)")
    assert Path(run(*where, cwd=tmp_path, PYTHONPATH=str(installed))).is_relative_to(installed)
    kaohe("init", "city")
    assert bytes_below(tmp_path / "city").keys() == scaffold.city(scaffold.UNNAMED, 2026).keys()
    kaohe("new", "--year", "2026", "--root", "city")
    kaohe("check", "--root", "city")
    kaohe("build", "--root", "city")
    site = tmp_path / "city" / "site"
    assert (site / "results" / "2026" / "index.html").is_file()
    assert (site / "en" / "index.html").is_file()


def test_nothing_of_ours_lands_beside_the_package(installed: Path) -> None:
    names = {path.name for path in installed.iterdir()}
    assert {name for name in names if not name.endswith(".dist-info")} <= {"generator", "bin"}
