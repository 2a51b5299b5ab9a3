"""Why a township stands where it does: every point, its working, its place, its effect."""

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from generator.engine.book import Conversion, NotApplicable, Rulebook
from generator.engine.kinds.discretion import Discretion, Scorer
from generator.engine.measures import exact
from generator.engine.problem import Amount
from generator.engine.rank import judged
from generator.engine.year import Charge, ClauseScore, Rating, Standing, YearResult
from generator.words import explain
from generator.words.explain import comparison, explanation, explanation_object, fact, trace
from generator.words.messages import LANGUAGES, catalogue, in_unit
from generator.words.report import scores
from tests import builders
from tests.builders import (
    a_year,
    clause,
    figure,
    one_clause,
    rating,
    rulebook,
    scorecard,
    section,
    take,
    text,
)
from tests.cases import document
from tests.cities import CITIES, city, texts
from tests.small_city import year as small_year

ZH, EN = catalogue("zh"), catalogue("en")


@pytest.fixture(scope="module")
def result() -> YearResult:
    return small_year(2025)


def standing(result: YearResult, name: str) -> Standing:
    return next(s for s in result.standings if s.township.id == name)


def scores_of(standing: Standing) -> list[ClauseScore]:
    """The score of every clause; none of a township that has not reported."""
    return list(standing.scorecard.clauses()) if standing.scorecard else []


def charges_of(standing: Standing) -> list[Charge]:
    return [charge for score in scores_of(standing) for charge in score.charges]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_point_lost_is_explained(lang: str, result: YearResult) -> None:
    for standing in result.standings:
        text = explanation(result, standing, catalogue(lang))
        charges = charges_of(standing)
        assert text.count("    − ") == len(charges)
        assert "\n" not in text or standing.scorecard
        for charge in charges:
            assert catalogue(lang).render(charge.deduction.reason) in text
            for place in charge.deduction.sources:
                assert f"{place.path}:{place.line}" in text


def test_text_of_a_clause_stands_where_it_cost_something(result: YearResult) -> None:
    songhe = standing(result, "songhe")
    text = explanation(result, songhe, ZH)
    assert songhe.scorecard
    for score in scores_of(songhe):
        lost = score.points != score.clause.points.value
        assert (score.clause.text in text) == lost
    only = explanation(result, songhe, ZH, clause="3.1")
    assert "3.1" in only
    assert "1.1" not in only.splitlines()[1:]
    assert "登记簿只有100件次" not in only


def test_changes_and_exclusions_are_told_with_their_places(result: YearResult) -> None:
    text = explanation(result, standing(result, "songhe"), EN)
    assert "receptions: reported 126, judged 100; 登记簿只有100件次" in text
    assert "data/2025/inspections/songhe.yaml:5" in text
    assert "V-004: " in text


def test_what_was_charged_differs_from_what_was_asked_at_the_floor() -> None:
    total = 0
    for result in city("demonstration").results:
        for standing in result.standings:
            short = [c for c in charges_of(standing) if c.points != c.deduction.points]
            text = explanation(result, standing, EN)
            assert text.count("the clause has no more points to lose") == len(short)
            total += len(short)
    assert total


def clauses_of(written: Any) -> list[Any]:
    return [clause for section in written["sections"] for clause in section["clauses"]]


def test_effect_on_the_rank_is_told(result: YearResult) -> None:
    songhe = standing(result, "songhe")
    assert "Without V-001: " in explanation(result, songhe, EN)
    written = explanation_object(result, songhe)
    for deduction in (d for c in clauses_of(written) for d in c["deductions"]):
        assert Fraction(deduction["score_without"]) >= Fraction(written["score"])
        assert deduction["rank_without"] <= written["rank"]
    only = explanation_object(result, songhe, "3.1")
    assert [clause["id"] for clause in clauses_of(only)] == ["3.1"]


def test_a_comparison_tells_only_what_differs(result: YearResult) -> None:
    songhe, first = standing(result, "songhe"), standing(result, "chengguan")
    lines = comparison(songhe, first, EN).splitlines()
    assert songhe.scorecard
    assert first.scorecard
    gap = first.scorecard.score - songhe.scorecard.score
    assert f"+{float(gap):g} points" in lines[0]
    rows = [line.split()[0] for line in lines[2:] if line[:1].isdigit()]
    pairs = zip(scores_of(songhe), scores_of(first), strict=True)
    assert set(rows) == {a.clause.id for a, b in pairs if a.points != b.points}
    assert "−" in comparison(first, songhe, EN).splitlines()[0]


def test_a_comparison_with_itself_or_with_nobody(result: YearResult) -> None:
    songhe = standing(result, "songhe")
    absent = next(s for s in result.standings if s.scorecard is None)
    assert len(comparison(songhe, songhe, EN).splitlines()) == 2
    for pair in ((songhe, absent), (absent, songhe), (absent, absent)):
        assert "cannot be compared" in comparison(*pair, EN)
    assert explanation_object(result, absent)["sections"] == []


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "nothing"),
        (True, "true"),
        ([], "[]"),
        (["a", {"b": False}], "[a, {b: false}]"),
        ({"x": None}, "{x: nothing}"),
        (7, "7"),
    ],
)
def test_facts_are_written_in_one_line(value: object, written: str) -> None:
    assert fact(value, EN) == written


EVERY = pytest.mark.parametrize("name", CITIES)


@EVERY
@pytest.mark.parametrize("lang", LANGUAGES)
def test_awards_steps_grades_and_payments_are_explained(name: str, lang: str) -> None:
    words = catalogue(lang)
    for result in city(name).results:
        for standing in (s for s in result.standings if s.scorecard):
            text = explanation(result, standing, words)
            steps = standing.scorecard.adjustments if standing.scorecard else ()
            gained = [c for c in charges_of(standing) if c.deduction.award]
            added = [step for step in steps if step.points >= 0]
            assert text.count("\n    + ") == len(gained) + len(added)
            for paid in standing.payments:
                assert in_unit(paid.amount, paid.payment.unit, words) in text
            assert standing.band is None or words.text(standing.band.label) in text
            reasons = [step.reason for step in steps]
            reasons += [score.instead for score in scores_of(standing) if score.instead]
            assert [why for why in map(words.render, reasons) if why not in text] == []


@EVERY
def test_a_comparison_adds_up(name: str) -> None:
    result = city(name).newest
    unit = result.inputs.rulebook.wording.unit
    pairs = ((s, other) for s in result.standings for other in explain.ranked_with(result, s))
    for standing, other in pairs:
        if standing.scorecard is None or other.scorecard is None or standing is other:
            continue
        lines = comparison(standing, other, EN, unit).splitlines()
        gap = other.scorecard.score - standing.scorecard.score
        assert lines[0].endswith(f"{exact(abs(gap))} {unit.en}")
        rows = [line for line in lines[2:] if line.split()[-1:] and line.split()[-1][0] in "+−"]
        parts = [line.split()[-1].replace("−", "-") for line in rows]
        assert sum(map(Fraction, parts), Fraction()) == gap


def test_groups_that_rank_apart_are_listed_apart() -> None:
    result = city("linjiang").newest
    text = scores(result, result.standings, ZH)
    grouping = result.inputs.rulebook.above.grouping
    assert grouping
    labels = [group.label.zh for group in grouping.groups]
    assert [line for line in text.splitlines() if line in labels] == labels
    assert text.count("名次") == len(labels)


def test_scores_tell_units_periods_and_payments() -> None:
    yuan = city("village-petition-rewards").newest
    assert "数额" in scores(yuan, yuan.standings, ZH)
    offices = city("judicial-office-performance").newest
    text = scores(offices, offices.standings, ZH)
    assert all(part.label.zh in text for part in offices.inputs.rulebook.above.parts)
    for paid in (paid for standing in offices.standings for paid in standing.payments):
        assert in_unit(paid.amount, paid.payment.unit, ZH) in text


def test_awards_have_their_effect_in_the_object() -> None:
    result = city("linjiang").newest
    clauses = clauses_of(explanation_object(result, result.standings[0]))
    awards = [award for clause in clauses for award in clause.get("awards", ())]
    assert awards
    assert all("score_without" in award for award in awards)


@EVERY
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_trace_ends_with_the_points_and_names_every_place(name: str, lang: str) -> None:
    words, result = catalogue(lang), city(name).newest
    book = result.inputs.rulebook
    rulebook = document(book.path, texts(name)[book.path])
    for standing in result.standings:
        for score in scores_of(standing):
            text = trace(result, standing, score.clause.id, rulebook, words)
            points = Amount(score.points, book.wording.unit)
            end = words._("The clause comes to {points}.", points=points)
            assert f"  {end}" in text.splitlines()
            for charge in score.charges:
                assert words.render(charge.deduction.reason) in text
                for place in charge.deduction.sources:
                    assert f"{place.path}:{place.line}:{place.column} {place.address}" in text
            assert all(f" {rule.id}" in text for rule in score.clause.rules)
            for number in re.findall(rf"{re.escape(book.path)}:(\d+)", text):
                assert 0 < int(number) <= rulebook.text.count("\n") + 1


ORDER = Discretion(
    id="order",
    label=text("Order"),
    unit=text(""),
    award=True,
    scorers={name: Scorer(text(name.title()), figure(50)) for name in ("bureau", "panel")},
    least=figure(0),
    greatest=figure(4),
)


def waiting(*ratings: Rating, **more: Any) -> str:
    book = rulebook(section("1", clause("1.1", 4, ORDER, starts="zero", **more)))
    card = scorecard(replace(builders.submission({}), ratings=ratings), book, builders.year(2025))
    return explain.unrated(next(card.clauses()), None, card, EN)


@pytest.mark.parametrize(
    ("ratings", "words"),
    [
        ((), "Not rated yet by: Bureau, Panel"),
        ((rating("bureau", 3, "order"),), "Not rated yet by: Panel"),
        ((rating("bureau", 3, "order"), rating("panel", 0, "order")), ""),  # 0 is a rating
        ((rating("bureau", 3, "order", "H1"),), "Not rated yet by: Bureau, Panel"),
    ],
)
def test_who_has_not_rated_is_named(ratings: tuple[Rating, ...], words: str) -> None:
    assert waiting(*ratings) == words


def test_nobody_rates_what_does_not_apply() -> None:
    assert waiting(applies=NotApplicable((builders.is_so("road"),), "full")) == ""


def test_an_explanation_says_that_nobody_has_rated() -> None:
    book = rulebook(section("1", clause("1.1", 4, ORDER, starts="zero")))
    result = judged(a_year(book, {"oak": {}}))
    assert "    Not rated yet by: Bureau, Panel" in explanation(result, result.standings[0], EN)


def converted(book: Rulebook) -> YearResult:
    step = Conversion("thirty", text("Thirty"), figure(100), figure(30))
    whole = builders.above(book, conversions=(step,), round_score=figure(1))
    return judged(a_year(whole, {"oak": {"bad": 7}, "elm": {"bad": 20}}))


def test_a_table_shows_the_score_before_conversion_and_nothing_as_taken() -> None:
    result = converted(one_clause(100, take("bad")))
    _, _, heads, *rows = scores(result, result.standings, EN).splitlines()
    assert "Before conversion" in heads
    assert "Added or taken" not in heads
    assert [row.split()[:5] for row in rows] == [
        ["1", "oak", "27.90", "93.00", "93.00"],
        ["2", "elm", "24.00", "80.00", "80.00"],
    ]


def test_a_comparison_keeps_the_conversion_apart() -> None:
    result = converted(one_clause(100, take("bad")))
    oak, elm = (standing(result, name) for name in ("oak", "elm"))
    rows = [line.split() for line in comparison(elm, oak, EN).splitlines() if line]
    assert ["By", "conversion", "-56.00", "-65.10", "−9.1"] in rows
    assert not [row for row in rows if row[0] in ("Added", "After")]


def test_money_adds_up_to_an_amount() -> None:
    book = one_clause(100, take("bad"))
    result = converted(replace(book, wording=replace(book.wording, unit=text("yuan"))))
    words = explanation(result, result.standings[0], ZH)
    assert "数额：" in words
    assert "得分：" not in words
