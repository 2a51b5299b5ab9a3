"""A number that leads to a person is never printed, wherever somebody put it and whatever fails."""

import re
from collections.abc import Iterator, Mapping
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.data.load import check
from generator.data.tree import files_of
from generator.engine.amount import exact
from generator.engine.problem import Message, Problem
from generator.reading.screen import masked
from generator.words.messages import LANGUAGES, catalogue
from generator.words.report import problems
from tests.trees import Written, valid

PERSONS = {
    "mobile": "13812345678",
    "mobile in groups": "138-1234-5678",
    "mobile with spaces": "138 1234 5678",
    "mobile in full width": "１３８１２３４５６７８",
    "mobile with country": "+8613812345678",
    "landline": "0391-6612345",
    "identity number": "110101199003074530",
    "identity number with X": "11010119900307109X",
    "identity number, groups": "110101 19900307 4530",
    "identity number of old": "410882560307453",
    "bank card": "6222021234567890128",
    "e-mail": "zhang.san@example.org",
}
PLACES_OF_ANY = ("{}", "'{}'", '"{}"', "[{}]", "# {}", "甲{}", "{}: 1", "{{{}: {}}}", "- {}")
CITIES = (
    *("general-rulebook", "corrections", "ranking-and-owners", "readings-as-switches"),
    *("changes-of-every-kind", "published-year"),
)
_TOKEN = re.compile(r"[^\s:,\[\]{}\"'#]+")


def hidden(text: str, number: str) -> bool:
    """Whether the number is nowhere in the text, however it is written."""
    text, number = normalize("NFKC", text), normalize("NFKC", number)
    digits = re.sub("[ -]", "", number)
    return number not in text and digits not in re.sub("[ -]", "", text)


def said(found: list[Problem]) -> Iterator[str]:
    for lang in LANGUAGES:
        for form in ("text", "json", "markdown", "github"):
            yield problems(found, catalogue(lang), form)


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[Mapping[str, str], str]:
    """The files of a city, one token of one of them replaced by a number; and the number."""
    texts = dict(valid(draw(st.sampled_from(CITIES))))
    path = draw(st.sampled_from(sorted(texts)))
    number = draw(st.sampled_from(sorted(PERSONS.values())))
    token = draw(st.sampled_from(list(_TOKEN.finditer(texts[path]))))
    shape = draw(st.sampled_from(PLACES_OF_ANY)).replace("{}", number)
    texts[path] = texts[path][: token.start()] + shape + texts[path][token.end() :]
    if draw(st.booleans()):
        texts[path.replace("/", f"/{number.replace(' ', '')}-", 1)] = texts[path]
    return texts, number


@given(spoilt())
@settings(max_examples=150, deadline=None)
def test_no_problem_repeats_what_stands_in_a_file(case: tuple[Mapping[str, str], str]) -> None:
    texts, number = case
    for text in said(check(files_of(Written(texts)))):
        assert hidden(text, number)


@pytest.mark.parametrize("number", PERSONS.values(), ids=PERSONS)
def test_a_text_is_masked_and_nothing_else_in_it(number: str) -> None:
    for text in (number, f"甲{number}乙", f"a: {number}, {number}\n"):
        assert hidden(masked(text), number)
        assert masked(masked(text)) == masked(text)
    assert (
        masked(f"第3款 {number} 2025-01-17")
        == f"第3款 {normalize('NFKC', number)[:3]}*** 2025-01-17"
    )


@pytest.mark.parametrize(
    "text", ["2025-01-17 2025-02-19", "e3b0c4" * 10 + "13812345678f", "91.50", ""]
)
def test_what_is_no_persons_stays(text: str) -> None:
    assert masked(text) == text


def test_exact_amounts_are_computed_and_stay() -> None:
    from fractions import Fraction

    amount = Fraction(13812345678, 161)
    told = catalogue("en").told(Message("{points}", {"points": amount}))
    assert told == exact(amount)
    assert "13812345678" in told
