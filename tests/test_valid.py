"""The trees below `tests/valid/` are sound: nothing is found, and everything can be judged."""

import json
from pathlib import Path

import pytest

from generator.engine.rank import judged
from generator.engine.year import YearResult
from generator.shape.schema import shape
from generator.words.explain import comparison, explanation, explanation_object
from generator.words.messages import LANGUAGES, catalogue
from generator.words.report import scores
from generator.words.results import result_object
from generator.year.load import check, load
from tests.cases import ROOT, files_below, found_in, laid_out, valid_cases
from tests.texts import PLACE

CASES = valid_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_is_found(case: Path, tmp_path: Path) -> None:
    assert found_in(laid_out(case, tmp_path)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_year_is_judged_and_explained(case: Path, tmp_path: Path) -> None:
    loaded, problems = load(files_below(laid_out(case, tmp_path)))
    assert loaded is not None
    assert problems == []
    for inputs in loaded.years:
        result = judged(inputs)
        for first in (False, True):
            written = json.loads(json.dumps(result_object(result, first=first)))
            assert shape("results").is_valid(written)
        for lang in LANGUAGES:
            _explained(result, lang)


def _explained(result: YearResult, lang: str) -> None:
    words = catalogue(lang)
    texts = [scores(result, result.standings, words)] if result.standings else []
    for standing in result.standings:
        texts.append(explanation(result, standing, words))
        texts += [comparison(standing, other, words) for other in result.standings]
        assert explanation_object(result, standing)["id"] == standing.township.id
    assert not any(PLACE.search(text) for text in texts)


def test_a_check_finds_what_loading_finds(tmp_path: Path) -> None:
    files = files_below(laid_out(ROOT / "tests" / "valid" / "corrections", tmp_path))
    assert check(files) == load(files)[1] == []
