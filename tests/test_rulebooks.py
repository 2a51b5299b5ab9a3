"""Every rulebook that comes along is sound, and so is the second city that shows them at work."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.engine.problem import Problem, Severity
from generator.engine.rank import judged
from generator.rulebook.books import books
from generator.shape.schema import Files, files_of, shape
from generator.words.messages import LANGUAGES, catalogue
from generator.words.report import scores
from generator.words.results import as_json, result_object
from generator.year.examples import Tried, card_of, coverage, examples_of, run
from generator.year.load import load
from tests.cases import ROOT, files_below
from tests.cities import reported
from tests.trees import YEAR, Written, changed

CITIES = [ROOT, *sorted(ROOT.glob("examples/*/"))]
RULEBOOKS = sorted(
    book.parent for city in CITIES for book in city.glob("data/rulebooks/*/*/rulebook.yaml")
)


@pytest.mark.parametrize("folder", RULEBOOKS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_rulebook_is_sound_and_every_rule_and_number_in_it_is_tried(folder: Path) -> None:
    problems: list[Problem] = []
    files = files_below(folder.parents[3])
    book = books(files, problems)[folder.parent.name, int(folder.name)]
    examples = examples_of(files, book, problems)
    assert problems == []
    assert examples
    failing = [problem for example in examples for problem in run(example, book.rulebook)]
    assert [catalogue("en").render(problem.message) for problem in failing] == []
    tried = [Tried(card_of(e, book.rulebook), e.clause, e.inner) for e in examples]
    assert [rule.rule.id for rule in coverage(book.rulebook, tried) if not rule.complete] == []


@pytest.mark.parametrize("city", CITIES, ids=lambda path: path.name)
def test_a_city_checks_and_is_scored_the_same_each_time(city: Path) -> None:
    first, second = (list(results(files_below(city))) for _ in range(2))
    assert first
    assert first == second


def results(files: Files) -> Iterator[str]:
    """Every year's result as data, which fits its schema, and as text in both languages."""
    loaded, problems = load(files)
    assert [p for p in problems if p.severity is not Severity.NOTE] == []
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
def test_a_small_city_is_assessed_by_any_of_them(book: str) -> None:
    """Everybody reports what the examples begin from, so all in a group are tied."""
    texts = changed(reported(book), YEAR, ("status: provisional", "status: open"))
    handed_in = {
        path: f"{text}submitted: 2026-01-05\n"
        for path, text in texts.items()
        if "/townships/" in path
    }
    files = files_of(Written(texts | handed_in))
    assert list(results(files)) == list(results(files))
    loaded, _ = load(files)
    assert loaded is not None
    places = {(standing.rank, standing.tied) for standing in judged(loaded.years[0]).standings}
    assert places == {(1, True)}
