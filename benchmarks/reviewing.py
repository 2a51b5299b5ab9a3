"""What looking at revisions costs: `kaohe diff` beside `dvc metrics diff`, `kaohe history`.

Owns this comparison. DVC reads one committed results.json a year, as its users would keep them.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.repository import commit_results, write_repository
from benchmarks.timing import Figures, side_by_side

YEARS, COMMITS = 20, 500
DVC = Path(".cache", "rivals", "bin", "dvc")
FOUND = 1
"""What `kaohe diff` ends with where something is different."""


def reviewing(
    root: Path, home: Path, runs: int, townships: int, still: Mapping[str, str]
) -> dict[str, Figures]:
    """Every command's figures on the same repository; no `dvc` where that is not installed."""
    write_repository(root, home, townships, YEARS, COMMITS)
    commit_results(root, YEARS, lambda city: _scored(home, city))
    kaohe = [sys.executable, "-m", "generator"]
    asked = ["--root", str(root), "--quiet"]
    two = ["HEAD~1", "HEAD"]
    commands = {
        "check": [*kaohe, "check", *asked],
        "cold": [*kaohe, "diff", *two, *asked],
        "warm": [*kaohe, "diff", *two, *asked],
        "history": [*kaohe, "history", *asked],
        "again": [*kaohe, "history", *asked],
    }
    if (home / DVC).is_file():
        dvc = [str(home / DVC)]
        subprocess.run([*dvc, "init", "-q"], cwd=root, check=True)
        commands["dvc"] = [*dvc, "--cd", str(root), "metrics", "diff", *two, "--json"]

    def forget() -> None:
        shutil.rmtree(root / ".git" / "kaohe", ignore_errors=True)

    before = {"cold": forget, "history": forget}
    return side_by_side(commands, home, runs, still, before=before, ends=(0, FOUND))


def _scored(home: Path, city: Path) -> str:
    command = [sys.executable, "-m", "benchmarks.all_results", str(city)]
    return subprocess.check_output(command, cwd=home, text=True)
