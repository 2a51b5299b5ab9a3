"""`python -m benchmarks`: what `make bench` prints, and writes into docs/benchmarks.md and .en.md.

Every comparison runs side by side on the same files in one run; ratios are what counts, for
seconds belong to the machine. `--small` tries everything out on a tenth of the data.
"""

import argparse
import io
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.city import SCHEMA, write_city
from benchmarks.kept import keep
from benchmarks.reviewing import COMMITS, YEARS, reviewing
from benchmarks.timing import Figures, side_by_side

HOME = Path(__file__).resolve().parent.parent
BEFORE = "9d4610f"
"""The last commit whose engine knew one regulation only: generality is measured against it."""
STILL = {"NO_MKDOCS_2_WARNING": "1", "NO_COLOR": "1", "SOURCE_DATE_EPOCH": "1767139200"}


def main() -> None:
    """Measure, print, and keep the table."""
    parser = argparse.ArgumentParser(description="Speed, side by side.")
    parser.add_argument("--runs", type=int, default=3, help="runs of each command")
    parser.add_argument("--small", action="store_true", help="a tenth of the data, nothing kept")
    options = parser.parse_args()
    scale = 10 if options.small else 1
    lines = [_machine(options.runs)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        lines += _checking(place, options.runs, 10_000 // scale)
        lines += _scoring(place, options.runs, 1_000 // scale)
        lines += _building(place, options.runs, 1_000 // scale)
        lines += _reviewing(place, options.runs, 1_000 // scale)
    print("\n".join(lines))
    if not options.small:
        keep("benchmarks", lines)


def _machine(runs: int) -> str:
    return f"Python {platform.python_version()}, {platform.machine()}; medians of {runs} runs."


def _checking(place: Path, runs: int, many: int) -> Iterator[str]:
    """`kaohe check` against check-jsonschema, and against itself on a tenth of the files."""
    files = write_city(place / "many", HOME, many)
    write_city(place / "few", HOME, many // 10)
    lines = sum(path.read_text(encoding="utf-8").count("\n") for path in files) // len(files)
    kaohe = [sys.executable, "-m", "generator", "check", "--root"]
    other = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--schemafile",
        str(HOME / "schema" / SCHEMA),
    ]
    ours = {"few": [*kaohe, str(place / "few")], "many": [*kaohe, str(place / "many")]}
    theirs = [*other, *map(str, files)]
    found = side_by_side({**ours, "other": theirs}, HOME, runs, STILL)
    yield f"\n### Check of {many:,} reports of {lines} lines\n"
    yield from _table(
        {
            f"kaohe check, {many // 10:,} files": found["few"],
            f"kaohe check, {many:,} files": found["many"],
            f"check-jsonschema, {many:,} files (shape only)": found["other"],
        }
    )
    yield f"\n- kaohe ÷ check-jsonschema: {_ratio(found['many'], found['other'])} (at most 1/10)"
    yield f"- ten times the files: {_ratio(found['many'], found['few'])} × the time (at most 11 ×)"
    yield f"- peak memory: {found['many'].memory:.0f} MiB (under 200)"


def _scoring(place: Path, runs: int, townships: int) -> Iterator[str]:
    """The engine alone against the one before any regulation could be judged, turn by turn."""
    yield f"\n### Scoring of {townships:,} townships, the engine alone\n"
    command = ["git", "archive", BEFORE, "generator", "schema", "data/rulebooks"]
    archive = subprocess.run(command, cwd=HOME, capture_output=True, check=False)
    if archive.returncode:
        yield f"Not measured: this copy has no commit {BEFORE} to compare with."
        return
    old = place / "old"
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(old, filter="data")
    (old / "benchmarks").mkdir()
    shutil.copy(HOME / "benchmarks" / "scoring.py", old / "benchmarks")
    found: dict[Path, list[float]] = {old: [], HOME: []}
    for home in found:
        write_city(place / f"scored-{home.name}", home, townships)
    for _ in range(runs):
        for home, taken in found.items():
            root = str(place / f"scored-{home.name}")
            ran = [sys.executable, "-m", "benchmarks.scoring", root]
            taken.append(float(subprocess.check_output(ran, cwd=home)))
    before, now = (median(taken) for taken in found.values())
    yield "| engine | seconds |\n|---|---:|"
    yield f"| before, one regulation | {before:.2f} |\n| now, any regulation | {now:.2f} |"
    yield f"\n- now ÷ before: {now / before:.3f} (at most 1.3)"


def _building(place: Path, runs: int, townships: int) -> Iterator[str]:
    """`kaohe build` against `mkdocs build` alone on the same rendered pages."""
    root = place / "site"
    write_city(root, HOME, townships)
    shutil.copy(HOME / "mkdocs.yml", root)
    shutil.copytree(HOME / "docs", root / "docs")
    shutil.copytree(HOME / "overrides", root / "overrides")
    kaohe = [sys.executable, "-m", "generator", "build", "--root", str(root)]
    mkdocs = [sys.executable, "-W", "ignore", "-m", "mkdocs", "build", "--strict"]
    alone = [*mkdocs, "--config-file", str(root / "mkdocs.yml"), "--site-dir", str(place / "alone")]
    side_by_side({"pages": [*kaohe[:3], "render", *kaohe[4:]]}, HOME, 1, STILL)
    found = side_by_side({"kaohe": kaohe, "alone": alone}, root, runs, STILL)
    pages = sum(1 for _ in (root / "docs").rglob("*.md"))
    yield f"\n### Site of {townships:,} townships, {pages:,} pages\n"
    yield from _table(
        {
            "kaohe build (check, score, render, MkDocs)": found["kaohe"],
            "mkdocs build alone, on the pages rendered before": found["alone"],
        }
    )
    yield f"\n- kaohe build ÷ mkdocs build: {_ratio(found['kaohe'], found['alone'])} (at most 1.15)"


def _reviewing(place: Path, runs: int, townships: int) -> Iterator[str]:
    """`kaohe diff` against `dvc metrics diff`, and the whole history against one check."""
    found = reviewing(place / "repository", HOME, runs, townships, STILL)
    yield f"\n### Revisions: {townships:,} townships, {YEARS} years, {COMMITS} commits\n"
    names = {
        "check": "kaohe check, the newest revision",
        "cold": "kaohe diff HEAD~1 HEAD, nothing kept",
        "warm": "kaohe diff HEAD~1 HEAD, warm",
        "dvc": "dvc metrics diff HEAD~1 HEAD, one results.json a year",
        "history": "kaohe history, nothing kept",
        "again": "kaohe history, warm",
    }
    yield from _table({names[one]: found[one] for one in names if one in found})
    if "dvc" in found:
        cold = _ratio(found["cold"], found["dvc"])
        yield f"\n- kaohe diff, warm ÷ dvc: {_ratio(found['warm'], found['dvc'])} (at most 1/5)"
        yield f"- kaohe diff, nothing kept ÷ dvc: {cold}"
    else:
        yield "\n- DVC is not there (`make bench` installs it): nothing was compared with it."
    yield f"- kaohe history ÷ check: {_ratio(found['history'], found['check'])} (at most 2)"
    yield f"- kaohe history, warm ÷ check: {_ratio(found['again'], found['check'])}"


def _ratio(one: Figures, other: Figures) -> str:
    return f"{one.wall / other.wall:.3f}"


def _table(rows: dict[str, Figures]) -> Iterator[str]:
    yield "| command | seconds | processor seconds | peak memory, MiB |"
    yield "|---|---:|---:|---:|"
    for name, figures in rows.items():
        yield f"| {name} | {figures.wall:.2f} | {figures.cpu:.2f} | {figures.memory:.0f} |"


main()
