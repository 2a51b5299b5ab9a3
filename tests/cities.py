"""Whole cities under rulebooks of every kind: the second city, and small ones for each rulebook.

A small city's reports are those of the rulebook's worked examples, each spoilt a little more
than the one before it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import yaml

from generator.engine.rank import judged
from generator.engine.year import YearResult
from generator.pages.render import Content, pages
from generator.pages.year import collected
from generator.shape.schema import Files, files_of
from generator.words.messages import catalogue
from generator.year.load import Loaded, load
from generator.year.published import published
from tests.cases import ROOT, document
from tests.trees import REGISTER, YEAR, Texts, Written, demonstration, texts_below, valid

LINJIANG = ROOT / "examples" / "linjiang"
BOOKS = ("village-petition-rewards", "judicial-office-performance", "village-stars")
WHOLE = ("general-rulebook", "school-canteens", "river-funds")
"""Cities of tests/valid whose rulebooks say much of what can be said."""
CITIES = ("linjiang", *WHOLE, *BOOKS)
UNITS = ("shangcun", "xiacun", "shiqiao", "nanwan")


@dataclass(frozen=True)
class Made:
    """A city with its results and, as soon as anybody asks, its pages."""

    files: Files
    loaded: Loaded
    results: tuple[YearResult, ...]

    @property
    def newest(self) -> YearResult:
        return self.results[-1]

    def rendered(self, lang: str) -> Mapping[str, Content]:
        forms = {key: book.form for key, book in self.loaded.books.items()}
        locked = published(self.files, self.loaded)
        words = catalogue(lang)
        of = (self.loaded.city, self.results, words)
        reports = collected(self.loaded)
        return pages(*of, forms=forms, published=locked, collected=reports)

    @cached_property
    def pages(self) -> Mapping[str, Content]:
        return self.rendered("zh")

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
    # Pages do not judge an open year, and these tests look at judgements.
    open_years, provisional = "status: open", "status: provisional"
    files = files_of(
        Written({p: t.replace(open_years, provisional) for p, t in texts(name).items()})
    )
    loaded, problems = load(files)
    assert loaded is not None, problems
    return Made(files, loaded, tuple(map(judged, loaded.years)))


@cache
def texts(name: str) -> Texts:
    """The files of the demonstration, of the second city, of a valid case, or under a rulebook."""
    if name in BOOKS:
        return {**reported(name), **dict(_spoilt(name))}
    if name == "linjiang":
        return texts_below(LINJIANG)
    return demonstration() if name == "demonstration" else valid(name)


_PARTS = ("rulebook", "examples/facts/base")
_CITY = """\
city: {zh: 示例县, en: Shili}
office: {zh: 示例县信访局, en: Petition Office}
demonstration: true
townships:
"""
_YEAR = """\
year: 2025
rulebook: BOOK
version: 1
period: {from: 2025-01-01, to: 2025-12-31}
status: provisional
dates: {submit_by: 2026-01-10, published: 2026-02-06}
"""


def reported(book: str) -> dict[str, str]:
    """A city in which everybody reports what the rulebook's worked examples begin from."""
    of_book = (f"data/rulebooks/{book}/", f"schema/submissions/{book}/")
    ours = {p: text for p, text in demonstration().items() if p.startswith(of_book)}
    theirs = texts_below(LINJIANG).items()
    texts = ours | {p: text for p, text in theirs if p.startswith(("data/holidays/", *of_book))}
    rules, base = (texts[f"data/rulebooks/{book}/1/{name}.yaml"] for name in _PARTS)
    groups = [group["id"] for group in _value(rules).get("groups", {}).get("list", [{"id": "a"}])]
    texts |= {REGISTER: _CITY, YEAR: _YEAR.replace("BOOK", book)}
    for number, unit in enumerate(UNITS):
        group = groups[number % len(groups)]
        kind = group if group == "subdistrict" else "township"
        name = f"{{zh: 第{number + 1}村, en: {unit.title()}}}"
        entry = f"{{id: {unit}, name: {name}, kind: {kind}, group: {group}, from: 2025}}"
        texts[REGISTER] += f"- {entry}\n"
        texts[f"data/2025/townships/{unit}.yaml"] = base.replace("example", unit)
    return texts


def _spoilt(book: str) -> Iterator[tuple[str, str]]:
    """The reports, each lacking more than the one before it, and the ratings by the office."""
    rules = _value(demonstration()[f"data/rulebooks/{book}/1/rulebook.yaml"])
    for number, unit in enumerate(UNITS):
        path = f"data/2025/townships/{unit}.yaml"
        yield path, _text(_lacking(_value(reported(book)[path]), number))
        if ratings := list(_ratings(rules, number)):
            inspection = {"township": unit, "year": 2025, "ratings": ratings}
            yield path.replace("townships", "inspections"), _text(inspection)


def _lacking(report: Any, number: int) -> Any:
    """A report that lacks so many entries of its lists, or has so many more events."""
    for part in report.get("periods", {}).values():
        for key in {"ledgers", "meetings"} & part.keys():
            part[key] = part[key][number:]
    if "honours" in report and number == 1:
        report["honours"] = [{"id": "H-01", "date": "2025-05-01", "level": "county"}]
    for event in range(number if "events" in report else 0):
        more = {"level": "beijing", "collective": True, "people": 12, "special_group": event == 1}
        report["events"].append({"id": f"E-00{event + 1}", "date": f"2025-0{event + 1}-10", **more})
    return report


def _ratings(rules: Any, number: int) -> Iterator[dict[str, Any]]:
    """A rating by every scorer for every rule that is left to discretion, in every period."""
    seen = {"date": "2025-12-20", "reason": "现场查看", "document": "〔2025〕12号"}
    clauses = (clause for section in rules["sections"] for clause in section["clauses"])
    for rule in (rule for clause in clauses for rule in clause["rules"]):
        for period in rules.get("periods", []) if rule["kind"] == "discretion" else ():
            for scorer in rule["scorers"]:
                points = int(rule["greatest"]["value"]) - number
                given = {"scorer": scorer, "period": period["id"], "points": points}
                yield {"rule": rule["id"], **given, **seen}


def _value(text: str) -> Any:
    return document("", text).value


def _text(value: object) -> str:
    """A file as ours are, in which dates stand bare."""
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    return re.sub(r"'(\d{4}-\d\d(?:-\d\d)?)'", r"\1", text)
