"""`python -m benchmarks.quality`: what `make quality` prints, and writes into docs/quality.md.

Owns the order of the measuring and the table. Ends with 1 if anything asked is not met.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.kept import keep
from benchmarks.quality.browsing import (
    BROWSER,
    DESKTOP,
    FLAGS,
    VISITORS,
    Walk,
    sheets,
    violations,
    walked,
)
from benchmarks.quality.lighthouse import CATEGORIES, Marks, marks
from benchmarks.quality.places import places
from benchmarks.quality.serving import served

HOME = Path(__file__).resolve().parent.parent.parent
SITE = HOME / "site"
LIGHTHOUSE = HOME / ".cache" / "quality" / "node_modules" / ".bin" / "lighthouse"
ASKED: Mapping[str, int] = {
    "performance": 95,
    "accessibility": 100,
    "best-practices": 100,
    "seo": 100,
}
FIRST_LOAD = 250
SHEETS = 3
SCORECARD = "longest scorecard"
LANGUAGES = {"zh": "", "en": "en/"}


@dataclass(frozen=True, slots=True)
class Look:
    """One page in the browser: violations by visitor, the walk by keyboard, sheets of paper."""

    violations: Mapping[str, list[str]]
    walk: Walk
    sheets: int | None


def main() -> None:
    """Measure, print, keep the table; say what is not met."""
    parser = argparse.ArgumentParser(description="The quality of the built site.")
    parser.add_argument("--runs", type=int, default=5, help="Lighthouse runs of each page")
    options = parser.parse_args()
    if not BROWSER:
        sys.exit("no browser here: install chromium")
    wanted = {
        f"{kind}, {lang}": f"{below}{address}"
        for lang, below in LANGUAGES.items()
        for kind, address in places(SITE / below).items()
    }
    with served(SITE) as base:
        looks = dict(_looks(base, wanted))
        found = {
            name: marks(base + address, LIGHTHOUSE, BROWSER, options.runs)
            for name, address in wanted.items()
        }
    lines = [*_head(options.runs), *_marks_table(found), *_looks_table(looks)]
    unmet = [*_unmet_marks(found), *_unmet_looks(looks)]
    lines += ["", "Everything asked is met." if not unmet else "Not met:", ""]
    lines += [f"- {one}" for one in unmet]
    print("\n".join(lines))
    keep("quality", lines)
    sys.exit(bool(unmet))


def _head(runs: int) -> Iterator[str]:
    version = subprocess.run([BROWSER, "--version"], capture_output=True, text=True, check=True)
    browser = version.stdout.split(" built ")[0].strip()
    yield f"{browser}; Lighthouse's marks are medians of {runs} runs."


# --- looking -----------------------------------------------------------------------------------


def _looks(base: str, wanted: Mapping[str, str]) -> Iterator[tuple[str, Look]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        for name, address in wanted.items():
            yield name, _look(browser, base + address, paper=name.startswith(SCORECARD))
        browser.close()


def _look(browser: Browser, url: str, *, paper: bool) -> Look:
    found = {}
    for visitor, settings in VISITORS.items():
        found[visitor] = violations(_opened(browser, url, **settings))
    page = _opened(browser, url, viewport=DESKTOP)
    walk = walked(page)
    with tempfile.TemporaryDirectory() as folder:
        printed = sheets(_opened(browser, url, viewport=DESKTOP), Path(folder)) if paper else None
    for context in browser.contexts:
        context.close()
    return Look(found, walk, None if printed is None else len(printed))


def _opened(browser: Browser, url: str, **visitor: object) -> Page:
    page = browser.new_context(locale="zh-CN", **visitor).new_page()  # type: ignore[arg-type]
    page.goto(url, wait_until="networkidle")
    return page


# --- telling -----------------------------------------------------------------------------------


def _marks_table(found: Mapping[str, Marks]) -> Iterator[str]:
    yield "\n### Lighthouse, mobile preset, served with gzip\n"
    yield (
        "| page | performance (lowest–highest) | accessibility | best practices | SEO |"
        " first load, kB | search index, kB |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for name, one in found.items():
        low, high = one.span
        rest = " | ".join(str(one.scores[category]) for category in CATEGORIES[1:])
        yield (
            f"| {name} | {one.scores['performance']} ({low}–{high}) | {rest} |"
            f" {one.first_load:.0f} | {one.index:.0f} |"
        )


def _looks_table(looks: Mapping[str, Look]) -> Iterator[str]:
    yield "\n### axe-core violations, Tab through the page, sheets of A4\n"
    yield "| page | light | dark | phone | reached by Tab | focus not shown | sheets |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for name, one in looks.items():
        counts = " | ".join(str(len(one.violations[visitor])) for visitor in VISITORS)
        reached = f"{one.walk.all - len(one.walk.missed)} of {one.walk.all}"
        paper = "" if one.sheets is None else str(one.sheets)
        yield f"| {name} | {counts} | {reached} | {len(one.walk.unseen)} | {paper} |"


def _unmet_marks(found: Mapping[str, Marks]) -> Iterator[str]:
    for name, one in found.items():
        for category, least in ASKED.items():
            if one.scores[category] < least:
                why = ", ".join(one.failed)
                yield f"{name}: {category} {one.scores[category]} of {least} {why}".rstrip()
        if one.first_load >= FIRST_LOAD:
            yield f"{name}: first load {one.first_load:.0f} kB of {FIRST_LOAD}"


def _unmet_looks(looks: Mapping[str, Look]) -> Iterator[str]:
    for name, one in looks.items():
        for visitor, those in one.violations.items():
            yield from (f"{name}, {visitor}: `{violation}`" for violation in those)
        yield from (f"{name}: not reached by Tab: `{missed}`" for missed in one.walk.missed)
        yield from (f"{name}: focus not shown: `{unseen}`" for unseen in one.walk.unseen)
        if one.sheets is not None and one.sheets > SHEETS:
            yield f"{name}: {one.sheets} sheets of {SHEETS}"


main()
