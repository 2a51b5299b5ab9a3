"""The trees below `tests/valid/` are sound: nothing is found, and everything can be judged."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.engine.rank import judged
from generator.engine.year import YearResult
from generator.shape.schema import shape
from generator.words.explain import comparison, explanation, explanation_object
from generator.words.messages import LANGUAGES, Catalogue, catalogue
from generator.words.report import scores
from generator.words.results import result_object
from generator.year.load import check, load
from tests.cases import ROOT, files_below, found_in, laid_out, valid_cases
from tests.texts import PLACE

CASES = valid_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_is_found_and_every_year_is_judged_and_explained(
    case: Path, tmp_path: Path
) -> None:
    assert found_in(laid_out(case, tmp_path)) == []
    city, problems = load(files_below(tmp_path))
    assert city is not None
    assert problems == []
    for result in map(judged, city.years):
        for first in (False, True):
            written = json.loads(json.dumps(result_object(result, first=first)))
            assert shape("results").is_valid(written)
        for standing in result.standings:
            assert explanation_object(result, standing)["id"] == standing.township.id
        for text in (text for lang in LANGUAGES for text in _texts(result, catalogue(lang))):
            assert not PLACE.search(text)


def _texts(result: YearResult, words: Catalogue) -> Iterator[str]:
    if result.standings:
        yield scores(result, result.standings, words)
    for standing in result.standings:
        yield explanation(result, standing, words)
        yield from (comparison(standing, other, words) for other in result.standings)


def test_a_check_finds_what_loading_finds(tmp_path: Path) -> None:
    files = files_below(laid_out(ROOT / "tests" / "valid" / "corrections", tmp_path))
    assert check(files) == load(files)[1] == []
