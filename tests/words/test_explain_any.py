"""Scores and explanations as text under rulebooks that give, weigh, group, grade and pay."""

from fractions import Fraction

import pytest

from generator.engine.amount import exact
from generator.words.explain import comparison, explanation, explanation_object, ranked_with
from generator.words.messages import LANGUAGES, catalogue, in_unit
from generator.words.report import scores
from tests.cities import CITIES, city

ZH, EN = catalogue("zh"), catalogue("en")
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
