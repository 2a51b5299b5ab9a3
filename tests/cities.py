"""Whole cities under rulebooks of every kind: the second city, and small ones for each rulebook.

A small city's reports are those of the rulebook's worked examples, each spoilt a little more
than the one before it.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from generator.engine.rank import judged
from generator.engine.year import YearResult
from generator.pages.render import Content, pages
from generator.reading.files import tree_below
from generator.shape.documents import files_of
from generator.words.messages import catalogue
from generator.year.load import Loaded, load
from generator.year.published import published
from tests.cases import ROOT, VALID, laid_out

LINJIANG = ROOT / "examples" / "linjiang"
BOOKS = ("village-petition-rewards", "judicial-office-performance", "village-stars")
WHOLE = ("general-rulebook", "school-canteens", "river-funds")
"""Cities of tests/valid whose rulebooks say much of what can be said."""
CITIES = ("linjiang", *WHOLE, *BOOKS)
UNITS = ("shangcun", "xiacun", "shiqiao", "nanwan")


@dataclass(frozen=True)
class Made:
    """A city with its results and pages."""

    loaded: Loaded
    results: tuple[YearResult, ...]
    pages: Mapping[str, Content]

    @property
    def newest(self) -> YearResult:
        return self.results[-1]

    def page(self, path: str) -> str:
        content = self.pages[path]
        assert isinstance(content, str)
        return content

    @property
    def scorecards(self) -> dict[str, str]:
        """The scorecards of the newest year, by unit."""
        year = self.newest.inputs.assessment.year
        ids = [s.township.id for s in self.newest.standings if s.scorecard]
        return {name: self.page(f"results/{year}/{name}.md") for name in ids}


@cache
def city(name: str) -> Made:
    """The second city, the one of every part of the language, or the small one of a rulebook."""
    if name == "linjiang":
        return _made(LINJIANG)
    folder = Path(tempfile.mkdtemp(prefix="kaohe-"))
    try:
        return _made(laid_out(VALID / name, folder) if name in WHOLE else written(name, folder))
    finally:
        shutil.rmtree(folder)


def _made(root: Path) -> Made:
    files = files_of(tree_below(root))
    loaded, problems = load(files)
    assert loaded is not None, problems
    results = tuple(map(judged, loaded.years))
    forms = {key: book.form for key, book in loaded.books.items()}
    locked = published(files, loaded)
    made = pages(loaded.city, results, catalogue("zh"), forms=forms, published=locked)
    return Made(loaded, results, made)


def written(book: str, root: Path) -> Path:
    """A small city under a rulebook, below an empty folder."""
    data = root / "data"
    shutil.copytree(ROOT / "data" / "rulebooks" / book, data / "rulebooks" / book)
    shutil.copytree(ROOT / "schema" / "submissions" / book, root / "schema/submissions" / book)
    shutil.copytree(LINJIANG / "data" / "holidays", data / "holidays")
    rules = _yaml(data / "rulebooks" / book / "1" / "rulebook.yaml")
    facts = _yaml(data / "rulebooks" / book / "1" / "examples" / "facts" / "base.yaml")
    groups = [group["id"] for group in rules.get("groups", {}).get("list", [{"id": "a"}])]
    _write(data / "townships.yaml", _register(groups))
    _write(data / "2025" / "assessment.yaml", _year(book))
    for number, unit in enumerate(UNITS):
        report = data / "2025" / "townships" / f"{unit}.yaml"
        _write(report, _report({**deepcopy(facts), "township": unit}, number))
        if ratings := list(_ratings(rules, number)):
            inspection = {"township": unit, "year": 2025, "ratings": ratings}
            _write(data / "2025" / "inspections" / f"{unit}.yaml", inspection)
    return root


def _register(groups: list[str]) -> dict[str, Any]:
    units = [
        {
            "id": unit,
            "name": {"zh": f"第{number + 1}村", "en": unit.title()},
            "kind": "township",
            "group": groups[number % len(groups)],
            "from": 2025,
        }
        for number, unit in enumerate(UNITS)
    ]
    return {
        "city": {"zh": "示例县", "en": "Shili"},
        "office": {"zh": "示例县信访局", "en": "Petition Office"},
        "demonstration": True,
        "townships": units,
    }


def _year(book: str) -> dict[str, Any]:
    return {
        "year": 2025,
        "rulebook": book,
        "version": 1,
        "period": {"from": "2025-01-01", "to": "2025-12-31"},
        "status": "provisional",
        "dates": {"submit_by": "2026-01-10", "published": "2026-02-06"},
    }


def _report(report: dict[str, Any], number: int) -> dict[str, Any]:
    """A report that lacks so many entries of its lists, or has so many more events."""
    for part in report.get("periods", {}).values():
        for key in ("ledgers", "meetings"):
            if key in part:
                part[key] = part[key][number:]
    if "honours" in report and number == 1:
        report["honours"] = [{"id": "H-01", "date": "2025-05-01", "level": "county"}]
    for event in range(number if "events" in report else 0):
        more = {"level": "beijing", "collective": True, "people": 12, "special_group": event == 1}
        date = f"2025-0{event + 1}-10"
        report["events"] = [*report["events"], {"id": f"E-00{event + 1}", "date": date, **more}]
    return report


def _ratings(rules: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    """A rating by every scorer for every rule that is left to discretion, in every period."""
    periods = [period["id"] for period in rules.get("periods", [])]
    clauses = (clause for section in rules["sections"] for clause in section["clauses"])
    for rule in (rule for clause in clauses for rule in clause["rules"]):
        for period in periods if rule["kind"] == "discretion" else ():
            for scorer in rule["scorers"]:
                points = int(rule["greatest"]["value"]) - number
                yield {
                    "rule": rule["id"],
                    "scorer": scorer,
                    "period": period,
                    "points": points,
                    "date": "2025-12-20",
                    "reason": "现场查看",
                    "document": "〔2025〕12号",
                }


def _yaml(path: Path) -> dict[str, Any]:
    found = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - text only
    return {key: _typed(value) for key, value in found.items()}


def _typed(value: Any) -> Any:
    """Numbers and truth values as such, dates as the text they are."""
    if isinstance(value, dict):
        return {key: _typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_typed(inner) for inner in value]
    if value in ("true", "false"):
        return value == "true"
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    # Dates stand bare in our files.
    path.write_text(_bare_dates(text), encoding="utf-8")


def _bare_dates(text: str) -> str:
    return re.sub(r"'(\d{4}-\d\d(?:-\d\d)?)'", r"\1", text)
