"""A rulebook may be worth nothing, a city may have nobody: the pages are made all the same."""

import re

import pytest

from generator.engine.rank import judged
from generator.pages.render import pages
from generator.shape.documents import files_of
from generator.words.messages import LANGUAGES, catalogue
from generator.year.load import load
from tests.trees import Written, valid

FIGURE = re.compile(r"(?<=value: )[0-9.]+")


def worth_nothing(name: str) -> dict[str, str]:
    texts = valid(name)
    return {
        path: FIGURE.sub("0", text) if path.endswith("/rulebook.yaml") else text
        for path, text in texts.items()
    }


CITIES = {
    "every figure 0": worth_nothing("ranking-and-owners"),
    "numbers that prove nothing": valid("numbers-prove-nothing"),
    "nobody submitted": {
        path: text
        for path, text in valid("changes-of-every-kind").items()
        if not re.search("/(townships|inspections)/", path)
    },
    "no township": valid("no-townships"),
}


@pytest.mark.parametrize("name", CITIES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_is_a_site(name: str, lang: str) -> None:
    loaded, problems = load(files_of(Written(CITIES[name])))
    assert loaded is not None, problems
    results = [judged(inputs) for inputs in loaded.years]
    forms = {key: book.form for key, book in loaded.books.items()}
    made = pages(loaded.city, results, catalogue(lang), forms=forms, alone=True)
    assert {f"results/{inputs.assessment.year}/index.md" for inputs in loaded.years} <= set(made)
