"""What stands beside the clauses: who has still to rate, and the score before it is converted."""

from dataclasses import replace
from typing import Any

import pytest

from generator.engine.book import Conversion, NotApplicable, Rulebook
from generator.engine.kinds.discretion import Discretion, Scorer
from generator.engine.rank import judged
from generator.engine.score import scorecard
from generator.engine.year import Rating, YearResult
from generator.words.explain import comparison, explanation, unrated
from generator.words.messages import catalogue
from generator.words.report import scores
from tests.builders import (
    a_year,
    above,
    clause,
    figure,
    is_so,
    one_clause,
    rating,
    rulebook,
    section,
    submission,
    take,
    text,
    year,
)

EN, ZH = catalogue("en"), catalogue("zh")
ORDER = Discretion(
    id="order",
    label=text("Order"),
    unit=text(""),
    award=True,
    scorers={name: Scorer(text(name.title()), figure(50)) for name in ("bureau", "panel")},
    least=figure(0),
    greatest=figure(4),
)


# --- ratings --------------------------------------------------------------------------


def waiting(*ratings: Rating, **more: Any) -> str:
    book = rulebook(section("1", clause("1.1", 4, ORDER, starts="zero", **more)))
    card = scorecard(replace(submission({}), ratings=ratings), book, year(2025))
    return unrated(next(card.clauses()), None, card, EN)


@pytest.mark.parametrize(
    ("ratings", "told"),
    [
        ((), "Not rated yet by: Bureau, Panel"),
        ((rating("bureau", 3, "order"),), "Not rated yet by: Panel"),
        ((rating("bureau", 3, "order"), rating("panel", 0, "order")), ""),  # 0 is a rating
        ((rating("bureau", 3, "order", "H1"),), "Not rated yet by: Bureau, Panel"),
    ],
)
def test_who_has_not_rated_is_named(ratings: tuple[Rating, ...], told: str) -> None:
    assert waiting(*ratings) == told


def test_nobody_rates_what_does_not_apply() -> None:
    assert waiting(applies=NotApplicable((is_so("road"),), "full")) == ""


def test_an_explanation_says_that_nobody_has_rated() -> None:
    book = rulebook(section("1", clause("1.1", 4, ORDER, starts="zero")))
    result = judged(a_year(book, {"oak": {}}))
    assert "    Not rated yet by: Bureau, Panel" in explanation(result, result.standings[0], EN)


# --- conversion -----------------------------------------------------------------------


def converted(book: Rulebook) -> YearResult:
    step = Conversion("thirty", text("Thirty"), figure(100), figure(30))
    whole = above(book, conversions=(step,), round_score=figure(1))
    return judged(a_year(whole, {"oak": {"bad": 7}, "elm": {"bad": 20}}))


def test_a_table_shows_the_score_before_conversion_and_nothing_as_taken() -> None:
    result = converted(one_clause(100, take("bad")))
    told = scores(result, result.standings, EN)
    heads = told.splitlines()[2]
    assert "Before conversion" in heads
    assert "Added or taken" not in heads
    assert [line.split()[:5] for line in told.splitlines()[3:]] == [
        ["1", "oak", "27.90", "93.00", "93.00"],
        ["2", "elm", "24.00", "80.00", "80.00"],
    ]


def test_a_comparison_keeps_the_conversion_apart() -> None:
    oak, elm = sorted(
        converted(one_clause(100, take("bad"))).standings, key=lambda one: one.rank or 0
    )
    rows = [line.split() for line in comparison(elm, oak, EN).splitlines() if line]
    assert ["By", "conversion", "-56.00", "-65.10", "−9.1"] in rows
    assert not [row for row in rows if row[0] in ("Added", "After")]


def test_money_adds_up_to_an_amount() -> None:
    book = one_clause(100, take("bad"))
    yuan = replace(book, wording=replace(book.wording, unit=text("yuan")))
    result = converted(yuan)
    told = explanation(result, result.standings[0], ZH)
    assert "数额：" in told
    assert "得分：" not in told
