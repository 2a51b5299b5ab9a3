"""Every rulebook that comes along is sound, and so is the second city that shows them at work."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.engine.problem import Problem
from generator.engine.rank import judged
from generator.reading.files import tree_below
from generator.rulebook.books import books
from generator.shape.documents import Files, files_of
from generator.shape.schema import shape
from generator.words.messages import LANGUAGES, catalogue
from generator.words.report import scores
from generator.words.results import as_json, result_object
from generator.year.examples import Tried, card_of, coverage, examples_of, run
from generator.year.load import load
from tests.cases import ROOT

CITIES = [ROOT, *sorted(ROOT.glob("examples/*/"))]
RULEBOOKS = sorted(
    book.parent for city in CITIES for book in city.glob("data/rulebooks/*/*/rulebook.yaml")
)


def below(city: Path) -> Files:
    return files_of(tree_below(city))


@pytest.mark.parametrize("folder", RULEBOOKS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_rulebook_is_sound_and_every_rule_and_number_in_it_is_tried(folder: Path) -> None:
    problems: list[Problem] = []
    files = below(folder.parents[3])
    book = books(files, problems)[folder.parent.name, int(folder.name)]
    examples = examples_of(files, book, problems)
    assert problems == []
    assert examples
    failing = [problem for example in examples for problem in run(example, book.rulebook)]
    assert [catalogue("en").render(problem.message) for problem in failing] == []
    tried = [Tried(card_of(one, book.rulebook), one.clause, one.inner) for one in examples]
    assert [one.rule.id for one in coverage(book.rulebook, tried) if not one.complete] == []


@pytest.mark.parametrize("city", CITIES, ids=lambda path: path.name)
def test_a_city_checks_and_is_scored_the_same_each_time(city: Path) -> None:
    first, second = (list(results(city)) for _ in range(2))
    assert first
    assert first == second


def results(city: Path) -> Iterator[str]:
    """Every year's result as data, which fits its schema, and as text in both languages."""
    loaded, problems = load(below(city))
    assert problems == []
    assert loaded is not None
    for inputs in loaded.years:
        result = judged(inputs)
        for first in (False, True):
            written = as_json(result_object(result, first=first))
            assert shape("results").is_valid(json.loads(written))
            yield written
        for lang in LANGUAGES:
            yield scores(result, result.standings, catalogue(lang))


@pytest.mark.parametrize("book", sorted({folder.parent.name for folder in RULEBOOKS}))
def test_a_small_city_is_assessed_by_any_of_them(book: str, tmp_path: Path) -> None:
    """Everybody reports what the examples begin from, so all in a group are tied."""
    city = next(folder.parents[3] for folder in RULEBOOKS if folder.parent.name == book)
    for name in ("schema", "data/rulebooks", "data/holidays"):
        if (city / name).is_dir():
            shutil.copytree(city / name, tmp_path / name)
    problems: list[Problem] = []
    known = books(below(tmp_path), problems)[book, 1].rulebook
    groups = known.above.grouping.groups if known.above.grouping else ()
    names = [group.id for group in groups] if groups else ["a"]
    write(tmp_path, "townships.yaml", register([f"{name}-{n}" for name in names for n in (1, 2)]))
    for name in names:
        for n in (1, 2):
            base = tmp_path / "data/rulebooks" / book / "1/examples/facts/base.yaml"
            text = base.read_text(encoding="utf-8").replace(
                "township: example", f"township: {name}-{n}"
            )
            write(tmp_path, f"2025/townships/{name}-{n}.yaml", text)
    write(tmp_path, "2025/assessment.yaml", YEAR.replace("BOOK", book))
    assert list(results(tmp_path)) == list(results(tmp_path))
    loaded, _ = load(below(tmp_path))
    assert loaded is not None
    standings = judged(loaded.years[0]).standings
    assert {standing.rank for standing in standings} == {1}
    assert all(standing.tied for standing in standings)


YEAR = """year: 2025
rulebook: BOOK
version: 1
period: {from: 2025-01-01, to: 2025-12-31}
status: open
"""


def register(names: list[str]) -> str:
    rows = (
        f"  - {{id: {name}, name: {{zh: 某单位, en: Unit {name}}}, kind: {kind(name)}, "
        f"group: {name.rpartition('-')[0]}, from: 2020}}\n"
        for name in names
    )
    head = "city: {zh: 某市, en: City}\noffice: {zh: 某局, en: Office}\ndemonstration: true\n"
    return f"{head}townships:\n{''.join(rows)}"


def kind(name: str) -> str:
    return "subdistrict" if name.startswith("subdistrict") else "township"


def write(root: Path, name: str, text: str) -> None:
    (root / "data" / name).parent.mkdir(parents=True, exist_ok=True)
    (root / "data" / name).write_text(text, encoding="utf-8")
