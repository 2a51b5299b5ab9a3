"""Why a township stands where it does: every point, its working, its place, its effect."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from generator.engine.book import Conversion, NotApplicable, Rulebook
from generator.engine.kinds.discretion import Discretion, Scorer
from generator.engine.measures import exact
from generator.engine.problem import Amount
from generator.engine.rank import judged
from generator.engine.year import Rating, Standing, YearResult
from generator.reading.files import tree_below
from generator.reading.source import Document, read
from generator.shape.schema import files_of
from generator.words.explain import (
    comparison,
    explanation,
    explanation_object,
    fact,
    ranked_with,
    trace,
    unrated,
)
from generator.words.messages import LANGUAGES, catalogue, in_unit
from generator.words.report import scores
from generator.year.load import load
from tests.builders import (
    a_year,
    above,
    clause,
    figure,
    is_so,
    one_clause,
    rating,
    rulebook,
    scorecard,
    section,
    submission,
    take,
    text,
    year,
)
from tests.cases import ROOT, VALID
from tests.cities import CITIES, LINJIANG, WHOLE, city
from tests.small_city import year as small_year

ZH, EN = catalogue("zh"), catalogue("en")


@pytest.fixture(scope="module")
def result() -> YearResult:
    return small_year(2025)


def standing(result: YearResult, name: str) -> Standing:
    return next(s for s in result.standings if s.township.id == name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_point_lost_is_explained(lang: str, result: YearResult) -> None:
    for one in result.standings:
        told = explanation(result, one, catalogue(lang))
        if one.scorecard is None:
            assert "\n" not in told
            continue
        charges = [charge for score in one.scorecard.clauses() for charge in score.charges]
        assert told.count("    − ") == len(charges)
        for charge in charges:
            assert catalogue(lang).render(charge.deduction.reason) in told
            for place in charge.deduction.sources:
                assert f"{place.path}:{place.line}" in told


def test_text_of_a_clause_stands_where_it_cost_something(result: YearResult) -> None:
    songhe = standing(result, "songhe")
    told = explanation(result, songhe, ZH)
    assert songhe.scorecard
    for score in songhe.scorecard.clauses():
        lost = score.points != score.clause.points.value
        assert (score.clause.text in told) == lost
    only = explanation(result, songhe, ZH, clause="3.1")
    assert "3.1" in only
    assert "1.1" not in only.splitlines()[1:]
    assert "登记簿只有100件次" not in only


def test_changes_and_exclusions_are_told_with_their_places(result: YearResult) -> None:
    told = explanation(result, standing(result, "songhe"), EN)
    assert "receptions: reported 126, judged 100; 登记簿只有100件次" in told
    assert "data/2025/inspections/songhe.yaml:5" in told
    assert "V-004: " in told


def test_what_was_charged_differs_from_what_was_asked_at_the_floor() -> None:
    loaded, _ = load(files_of(tree_below(ROOT)))
    assert loaded
    told = 0
    for result in map(judged, loaded.years):
        for one in result.standings:
            clauses = one.scorecard.clauses() if one.scorecard else ()
            charges = [charge for score in clauses for charge in score.charges]
            short = [c for c in charges if c.points != c.deduction.points]
            lines = explanation(result, one, EN).count("the clause has no more points to lose")
            assert lines == len(short)
            told += lines
    assert told


def test_effect_on_the_rank_is_told(result: YearResult) -> None:
    told = explanation(result, standing(result, "songhe"), EN)
    assert "Without V-001: " in told
    written = explanation_object(result, standing(result, "songhe"))
    deductions = [
        deduction
        for section in written["sections"]
        for clause in section["clauses"]
        for deduction in clause["deductions"]
    ]
    for deduction in deductions:
        assert Fraction(deduction["score_without"]) >= Fraction(written["score"])
        assert deduction["rank_without"] <= written["rank"]
    only = explanation_object(result, standing(result, "songhe"), "3.1")
    assert [c["id"] for s in only["sections"] for c in s["clauses"]] == ["3.1"]


def test_a_comparison_tells_only_what_differs(result: YearResult) -> None:
    songhe, first = standing(result, "songhe"), standing(result, "chengguan")
    told = comparison(songhe, first, EN)
    assert songhe.scorecard
    assert first.scorecard
    gap = first.scorecard.score - songhe.scorecard.score
    assert f"+{float(gap):g} points" in told.splitlines()[0]
    rows = [line.split()[0] for line in told.splitlines()[2:] if line[:1].isdigit()]
    pairs = zip(songhe.scorecard.clauses(), first.scorecard.clauses(), strict=True)
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


# --- scores and explanations as text under rulebooks that give, weigh, group, grade and pay ---


EVERY = pytest.mark.parametrize("name", CITIES)


@EVERY
@pytest.mark.parametrize("lang", LANGUAGES)
def test_awards_steps_grades_and_payments_are_explained(name: str, lang: str) -> None:
    words = catalogue(lang)
    for result in city(name).results:
        for standing in result.standings:
            card = standing.scorecard
            if card is None:
                continue
            told = explanation(result, standing, words)
            charges = [c for score in card.clauses() for c in score.charges]
            gained = [c for c in charges if c.deduction.award]
            stepped = [a for a in card.adjustments if a.points >= 0]
            assert told.count("\n    + ") == len(gained) + len(stepped)
            for adjustment in card.adjustments:
                assert words.render(adjustment.reason) in told
            for paid in standing.payments:
                assert in_unit(paid.amount, paid.payment.unit, words) in told
            assert standing.band is None or words.text(standing.band.label) in told
            for score in card.clauses():
                assert score.instead is None or words.render(score.instead) in told


@EVERY
def test_a_comparison_adds_up(name: str) -> None:
    result = city(name).newest
    unit = result.inputs.rulebook.wording.unit
    for one in result.standings:
        for other in ranked_with(result, one):
            if one.scorecard is None or other.scorecard is None or one is other:
                continue
            told = comparison(one, other, EN, unit).splitlines()
            gap = other.scorecard.score - one.scorecard.score
            assert told[0].endswith(f"{exact(abs(gap))} {unit.en}")
            rows = [line for line in told[2:] if line.split()[-1:] and line.split()[-1][0] in "+−"]
            parts = [line.split()[-1].replace("−", "-") for line in rows]
            assert sum(map(Fraction, parts), Fraction()) == gap


def test_groups_that_rank_apart_are_listed_apart() -> None:
    result = city("linjiang").newest
    told = scores(result, result.standings, ZH)
    grouping = result.inputs.rulebook.above.grouping
    assert grouping
    lines = told.splitlines()
    assert [line for line in lines if line in {g.label.zh for g in grouping.groups}] == [
        g.label.zh for g in grouping.groups
    ]
    assert told.count("名次") == len(grouping.groups)


def test_scores_tell_units_periods_and_payments() -> None:
    yuan = city("village-petition-rewards").newest
    assert "数额" in scores(yuan, yuan.standings, ZH)
    offices = city("judicial-office-performance").newest
    told = scores(offices, offices.standings, ZH)
    for part in offices.inputs.rulebook.above.parts:
        assert part.label.zh in told
    for standing in offices.standings:
        for paid in standing.payments:
            assert in_unit(paid.amount, paid.payment.unit, ZH) in told


def test_awards_have_their_effect_in_the_object() -> None:
    result = city("linjiang").newest
    written = explanation_object(result, result.standings[0])
    clauses = [clause for section in written["sections"] for clause in section["clauses"]]
    awards = [award for clause in clauses for award in clause.get("awards", ())]
    assert awards
    assert all("score_without" in award for award in awards)


# --- one clause from facts to charge --------------------------------------------------


def document(path: str) -> Document:
    """A rulebook's file, from whichever folder a city took it."""
    tops = (ROOT, LINJIANG, *(VALID / name for name in WHOLE))
    file = next(top / path for top in tops if (top / path).exists())
    found, problems = read(path, file.read_bytes())
    assert found is not None, problems
    return found


@EVERY
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_trace_ends_with_the_points_and_names_every_place(name: str, lang: str) -> None:
    words, result = catalogue(lang), city(name).newest
    book = result.inputs.rulebook
    rulebook = document(book.path)
    for standing in result.standings:
        for part in standing.scorecard.sections if standing.scorecard else ():
            for score in part.clauses:
                told = trace(result, standing, score.clause.id, rulebook, words)
                end = words._(
                    "The clause comes to {points}.", points=Amount(score.points, book.wording.unit)
                )
                assert f"  {end}" in told.splitlines()
                for charge in score.charges:
                    assert words.render(charge.deduction.reason) in told
                    for place in charge.deduction.sources:
                        assert f"{place.path}:{place.line}:{place.column} {place.address}" in told
                for rule in score.clause.rules:
                    assert f" {rule.id}" in told
                for line in told.splitlines():
                    if f"{book.path}:" in line:
                        number = int(line.partition(f"{book.path}:")[2].split(":")[0])
                        assert 0 < number <= rulebook.text.count("\n") + 1


# --- what stands beside the clauses ---


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
