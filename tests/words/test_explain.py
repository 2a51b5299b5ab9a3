"""Why a township stands where it does: every point, its working, its place, its effect."""

from fractions import Fraction

import pytest

from generator.engine.rank import judged
from generator.engine.year import Standing, YearResult
from generator.reading.files import tree_below
from generator.shape.documents import files_of
from generator.words.explain import comparison, explanation, explanation_object, fact
from generator.words.messages import LANGUAGES, catalogue
from generator.year.load import load
from tests.cases import ROOT
from tests.small_city import year

ZH, EN = catalogue("zh"), catalogue("en")


@pytest.fixture(scope="module")
def result() -> YearResult:
    return year(2025)


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
