"""What Lighthouse says of a page on its mobile preset, several times.

Owns running it and reading its answer. Which figures are good enough is not known here.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_CHROME = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"


@dataclass(frozen=True, slots=True)
class Marks:
    """One page: medians of marks from 0 to 100, the span of the performance, kilobytes.

    `first_load` is what the first visit transfers without the search index, `index` is that;
    `failed` names the audits that anything was lost by, in any run.
    """

    scores: Mapping[str, int]
    span: tuple[int, int]
    first_load: float
    index: float
    failed: tuple[str, ...]


def marks(url: str, program: Path, browser: str, runs: int) -> Marks:
    """The page measured `runs` times.

    Raises: RuntimeError, with what Lighthouse said, if it could not measure.
    """
    found = [_run(url, program, browser) for _ in range(runs)]
    scores = {name: [_score(one, name) for one in found] for name in CATEGORIES}
    loads = [_transferred(one) for one in found]
    return Marks(
        {name: int(median(those)) for name, those in scores.items()},
        (min(scores["performance"]), max(scores["performance"])),
        median(load for load, _ in loads),
        median(index for _, index in loads),
        tuple(sorted({name for one in found for name in _failed(one)})),
    )


def _run(url: str, program: Path, browser: str) -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = [
            str(program),
            url,
            "--quiet",
            "--output=json",
            f"--output-path={out}",
            f"--chrome-flags={_CHROME}",
            f"--only-categories={','.join(CATEGORIES)}",
            "--no-enable-error-reporting",
        ]
        done = subprocess.run(
            command,
            env=os.environ | {"CHROME_PATH": browser},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        report: Mapping[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return report


def _score(report: Mapping[str, Any], category: str) -> int:
    score: float = report["categories"][category]["score"]
    return round(score * 100)


def _transferred(report: Mapping[str, Any]) -> tuple[float, float]:
    """Kilobytes of the page with all that it asks for, and of the search index."""
    asked: Sequence[Mapping[str, Any]] = report["audits"]["network-requests"]["details"]["items"]
    index = sum(one["transferSize"] for one in asked if "/search/" in one["url"])
    return (sum(one["transferSize"] for one in asked) - index) / 1000, index / 1000


def _failed(report: Mapping[str, Any]) -> list[str]:
    """Audits that cost anything in a category where nothing may be lost."""
    return [
        ref["id"]
        for name in CATEGORIES[1:]
        for ref in report["categories"][name]["auditRefs"]
        if ref["weight"] and (report["audits"][ref["id"]]["score"] or 0) < 1
        if report["audits"][ref["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual")
    ]
