"""What must hold for every report under the first rulebook, whatever a township reports."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.effects import Effects
from generator.engine.rank import judged, ranks
from generator.engine.year import Finding, Scorecard, YearResult
from generator.words.results import result_object
from generator.year.facts import fact_faults
from tests import builders
from tests.builders import first_book, scorecard, submission, year
from tests.reports import FACILITIES, YEAR, Sent, city_years, findings, reports, visits, year_of

BOOK = first_book().rulebook
PERIOD = year(YEAR)

LISTS = ("cases", "visits", "long_term_petitioners")
NESTED = {
    "leadership": ("meetings", "reception_days", "facilities"),
    "work": ("city_meetings", "screening_reports", "statements", "articles"),
}
Facts = dict[str, Any]


def card(facts: Facts, faults: tuple[Finding, ...] = ()) -> Scorecard:
    return scorecard(submission(facts, *faults), BOOK, PERIOD)


def points(of: Scorecard) -> dict[str, Fraction]:
    return {score.clause.id: score.points for score in of.clauses()}


def without_sources(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: without_sources(v) for key, v in value.items() if key != "sources"}
    return [without_sources(v) for v in value] if isinstance(value, list) else value


def judged_year(sent: Mapping[str, Sent]) -> YearResult:
    return judged(year_of(sent))


@given(reports(), findings())
def test_made_up_reports_are_valid(facts: Facts, faults: tuple[Finding, ...]) -> None:
    book = first_book()
    assert book.shape.is_valid(facts)
    assert list(fact_faults(facts, book.form, BOOK, PERIOD)) == []
    maximum = {clause.id: clause.points.value for clause in BOOK.clauses()}
    assert all(0 < finding.points <= maximum[finding.clause] for finding in faults)


@given(reports(), findings())
def test_points_stay_within_their_bounds(facts: Facts, faults: tuple[Finding, ...]) -> None:
    result = card(facts, faults)
    assert 0 <= result.score <= BOOK.total.value
    for section in result.sections:
        assert 0 <= section.points <= section.section.points.value
    for clause in result.clauses():
        assert 0 <= clause.points <= clause.clause.points.value


@given(reports(), findings())
def test_sums_are_exact_everywhere(facts: Facts, faults: tuple[Finding, ...]) -> None:
    result = card(facts, faults)
    for clause in result.clauses():
        assert isinstance(clause.points, Fraction)
        charged = sum((charge.points for charge in clause.charges), Fraction())
        assert charged == clause.clause.points.value - clause.points
    for section in result.sections:
        assert section.points == sum((c.points for c in section.clauses), Fraction())
    assert result.score == sum((s.points for s in result.sections), Fraction())


@given(reports(), findings())
def test_the_floor_takes_what_is_asked_until_nothing_is_left(
    facts: Facts, faults: tuple[Finding, ...]
) -> None:
    for clause in card(facts, faults).clauses():
        wanted = sum((charge.deduction.points for charge in clause.charges), Fraction())
        left = clause.clause.points.value
        assert clause.points == max(Fraction(), left - wanted)
        for charge in clause.charges:
            assert charge.deduction.points > 0
            assert charge.points == min(charge.deduction.points, left)
            left -= charge.points


@given(reports(), findings())
def test_written_amounts_add_up_as_well(facts: Facts, faults: tuple[Finding, ...]) -> None:
    (township,) = result_object(judged_year({"alder": (facts, faults)}))["townships"][:1]
    clauses = [clause for section in township["sections"] for clause in section["clauses"]]
    for clause in clauses:
        charged = sum((Fraction(d["charged"]) for d in clause["deductions"]), Fraction())
        assert charged == Fraction(clause["max"]) - Fraction(clause["points"])
    assert sum((Fraction(c["points"]) for c in clauses), Fraction()) == Fraction(township["score"])
    assert [clause["id"] for clause in clauses] == [clause.id for clause in BOOK.clauses()]


@given(reports())
def test_every_deduction_says_why_and_from_where(facts: Facts) -> None:
    for clause in card(facts).clauses():
        for charge in clause.charges:
            assert charge.deduction.sources
            said = list(builders.spoken(charge.deduction.reason))
            assert [r.label for r in clause.clause.rules if r.label in said]


@given(reports(), findings(), visits(exempt=False))
def test_one_more_counted_visit_never_raises_a_score(
    facts: Facts, faults: tuple[Finding, ...], visit: Facts
) -> None:
    before = points(card(facts, faults))
    after = points(card({**facts, "visits": [*facts["visits"], visit]}, faults))
    assert all(after[clause] <= before[clause] for clause in before)


@given(st.data())
def test_an_exempt_visit_changes_only_the_excluded_list(data: st.DataObject) -> None:
    facts = data.draw(reports())
    persons = [person["id"] for person in facts["long_term_petitioners"]]
    visit = data.draw(visits(persons=persons, exempt=True))
    more = {**facts, "visits": [*facts["visits"], visit]}
    before, after = card(facts), card(more)
    assert [c.deduction for s in before.clauses() for c in s.charges] == [
        replace(c.deduction, sources=d.deduction.sources)
        for s, t in zip(after.clauses(), before.clauses(), strict=True)
        for c, d in zip(s.charges, t.charges, strict=True)
    ]
    assert points(before) == points(after)
    left_out = [exclusion.record.id for exclusion in after.excluded]
    assert sorted(left_out) == sorted(
        [visit["id"], *(exclusion.record.id for exclusion in before.excluded)]
    )


@given(st.data())
def test_an_exempt_visit_that_is_struck_costs_no_less(data: st.DataObject) -> None:
    facts = data.draw(reports())
    counted = [{k: v for k, v in visit.items() if k != "exempt"} for visit in facts["visits"]]
    assert card({**facts, "visits": counted}).score <= card(facts).score


@given(reports(), findings(most=4))
def test_one_more_finding_never_raises_a_score(facts: Facts, faults: tuple[Finding, ...]) -> None:
    scores = [card(facts, faults[:number]).score for number in range(len(faults) + 1)]
    assert scores == sorted(scores, reverse=True)


WORSE = [
    ("leadership", "leading_group", False),
    ("leadership", "staff", 0),
    ("leadership", "difficult_by_appointment", 0),
    ("work", "register_complete", False),
    *((group, name, []) for group, names in NESTED.items() for name in names),
]


@given(reports(), st.sampled_from(WORSE))
def test_doing_less_never_raises_a_score(facts: Facts, worse: tuple[str, str, Any]) -> None:
    group, name, value = worse
    less = {**facts, group: {**facts[group], name: value}}
    assert card(less).score <= card(facts).score


@given(reports(), st.integers(0, 300))
def test_more_receptions_never_lower_a_score(facts: Facts, more: int) -> None:
    assert card({**facts, "receptions": facts["receptions"] + more}).score >= card(facts).score


def shuffled(facts: Facts, data: st.DataObject) -> Facts:
    moved = {name: data.draw(st.permutations(facts[name])) for name in LISTS}
    inner = {
        group: {**facts[group], **{n: data.draw(st.permutations(facts[group][n])) for n in names}}
        for group, names in NESTED.items()
    }
    return {**facts, **moved, **inner}


@given(st.data())
def test_the_order_of_records_files_and_findings_changes_nothing_but_lines(
    data: st.DataObject,
) -> None:
    sent = data.draw(city_years())
    names = data.draw(st.permutations(list(sent)))
    moved = {
        name: (shuffled(sent[name][0], data), tuple(data.draw(st.permutations(sent[name][1]))))
        for name in names
    }
    results = [without_sources(result_object(judged_year(year))) for year in (sent, moved)]
    assert results[0] == results[1]


@given(reports(), findings(), st.data())
def test_the_names_of_records_do_not_matter_to_a_score(
    facts: Facts, faults: tuple[Finding, ...], data: st.DataObject
) -> None:
    numbers = count(500)
    names = [entry["id"] for name in LISTS for entry in facts[name]]
    shuffled_names = data.draw(st.permutations(names))
    new = {old: f"{old[0]}-{next(numbers)}" for old in shuffled_names}
    renamed = {name: [{**e, "id": new[e["id"]]} for e in facts[name]] for name in LISTS}
    for visit in renamed["visits"]:
        if "petitioner" in visit.get("exempt", {}):
            visit["exempt"] = {**visit["exempt"], "petitioner": new[visit["exempt"]["petitioner"]]}
    assert points(card({**facts, **renamed}, faults)) == points(card(facts, faults))


@given(city_years())
def test_ranks_agree_with_scores(sent: dict[str, Sent]) -> None:
    result = judged_year(sent)
    placed = {s.township.id: s for s in result.standings if s.scorecard}
    scores = {name: s.scorecard.score for name, s in placed.items() if s.scorecard}
    for name, standing in placed.items():
        above = sum(score > scores[name] for score in scores.values())
        assert standing.rank == 1 + above
        assert standing.tied == (list(scores.values()).count(scores[name]) > 1)
    assert [s.township.id for s in result.standings if s.rank is None] == ["zzz"]
    assert sorted(placed) == list(placed)


@given(st.lists(st.fractions(0, 100, max_denominator=3), max_size=12))
def test_ranks_are_those_of_a_competition(scores: list[Fraction]) -> None:
    named = {str(number): score for number, score in enumerate(scores)}
    assert ranks(named) == {name: 1 + sum(s > t for s in scores) for name, t in named.items()}


@given(city_years())
def test_outcomes_agree_with_ranks(sent: dict[str, Sent]) -> None:
    result = judged_year(sent)
    ranked = [s for s in result.standings if s.scorecard and s.rank]
    for standing in ranked:
        assert standing.scorecard is not None
        score = standing.scorecard.score
        if "commended" in standing.outcomes:
            assert standing.rank is not None
            assert standing.rank <= 3
            assert score >= 90
            assert "criticised" not in standing.outcomes
        below = [s for s in ranked if s.scorecard and s.scorecard.score < score]
        if "criticised" in standing.outcomes:
            assert len(below) < 2
            assert all("criticised" in s.outcomes for s in below)
        assert ("criticised" in standing.outcomes) == ("barred" in standing.outcomes)
    settled = sum("criticised" in s.outcomes for s in ranked)
    waiting = any("at-criticism-line" in s.outcomes for s in ranked)
    assert settled <= 2
    assert waiting or settled == min(2, len(ranked))


@given(city_years())
def test_a_visit_or_finding_thought_away_never_lowers_a_score(sent: dict[str, Sent]) -> None:
    result = judged_year(sent)
    effects = Effects(result)
    for standing in result.standings:
        if standing.scorecard is None or standing.rank is None:
            continue
        for effect in effects.of(standing):
            if effect.clause.id.startswith("3.") or effect.charge.deduction.finding:
                assert effect.score >= standing.scorecard.score
                assert effect.rank <= standing.rank


@pytest.mark.parametrize("number", [2020, 2024, 2025, 2026])
def test_a_faultless_report_has_full_marks_in_any_year(number: int) -> None:
    months = [f"{number}-{month:02}" for month in range(1, 13)]
    period = year(number)
    weekly = [(period.start + timedelta(7 * n)).isoformat() for n in range(53)]
    leadership: Facts = {"leading_group": True, "meetings": [f"{month}-28" for month in months]}
    leadership |= {"reception_days": weekly, "difficult_cases": 0, "difficult_by_appointment": 0}
    leadership |= {"staff": 2, "facilities": FACILITIES}
    kinds = {"05-10": "information", "09-02": "case_analysis"}
    articles = [{"date": f"{number}-{day}", "kind": kind} for day, kind in kinds.items()]
    work: Facts = {"articles": articles, "city_meetings": months, "screening_reports": months}
    work |= {"statements": [f"{number}-Q{quarter}" for quarter in range(1, 5)]}
    work |= {"register_complete": True}
    facts: Facts = {"receptions": 0, "leadership": leadership, "work": work}
    facts |= {"cases": [], "visits": [], "long_term_petitioners": []}
    assert scorecard(submission(facts), BOOK, period).score == 100
