"""The short way to an effect finds what the long way finds, whatever the rulebook."""

from dataclasses import replace
from typing import Any, Literal

import pytest
from hypothesis import given

from generator.engine import effects
from generator.engine.book import NotApplicable, Part, Rulebook, TieBreaker, Veto
from generator.engine.effects import Effects
from generator.engine.kinds import Ceiling
from generator.engine.measures import (
    CountQuantity,
    FactQuantity,
    Figure,
    FigureQuantity,
    PeerQuantity,
)
from generator.engine.rank import effect_of, judged, left_out
from generator.engine.year import YearResult
from tests.builders import (
    a_year,
    above,
    clause,
    event,
    events,
    figure,
    give,
    is_so,
    lies,
    rulebook,
    section,
    take,
    task,
    tasks,
    text,
)
from tests.engine.test_any_rulebook import REGISTER, Reports, reports, rulebooks
from tests.engine.test_rank import EACH, standing


def both_ways(result: YearResult) -> None:
    """Each effect found shortly is the one found at length."""
    found = Effects(result)
    for one in result.standings:
        charges = [c for s in one.scorecard.clauses() for c in s.charges] if one.scorecard else []
        assert [each.charge for each in found.of(one)] == charges
        for each in found.of(one):
            other = effect_of(result, one, each.charge)
            assert other is not None
            assert (each.score, each.rank, each.tied) == (other.score, other.rank, other.tied)
            assert each.record == left_out(result, one, each.charge)


@given(rulebooks(), reports(), reports())
def test_the_short_way_finds_what_the_long_way_finds(
    book: Rulebook, sent: Reports, before: Reports
) -> None:
    both_ways(judged(a_year(book, sent, groups=REGISTER, before=before)))


EVENTS = {
    "ash": {"road": True, "events": [event("E-1"), event("E-2")]},
    "elm": {"road": False, "events": []},
}
AWAY = NotApplicable((is_so("road"),), "mean")


def test_who_counts_what_the_others_have_is_moved_with_them() -> None:
    rules = (EACH, take("bad"))
    book = rulebook(
        section(
            "1", clause("1.1", 10, *rules, applies=AWAY), clause("1.2", 9, take("bad", id="again"))
        )
    )
    both_ways(judged(a_year(book, {name: {**e, "bad": 1} for name, e in EVENTS.items()})))


def test_a_record_moves_others_wherever_it_costs_first() -> None:
    """Under 1.2 it costs only its own unit; under 1.1 the same record moves who has no road."""
    again = replace(EACH, id="again")
    book = rulebook(
        section("1", clause("1.1", 10, EACH, applies=AWAY), clause("1.2", 10, again)),
    )
    both_ways(judged(a_year(book, EVENTS)))


def test_a_list_that_decides_whether_a_clause_applies_is_counted_anew() -> None:
    few = NotApplicable((lies(CountQuantity(events()), at_most=1),), "full")
    book = rulebook(
        section("1", clause("1.1", 10, EACH), clause("1.2", 9, take("bad"), applies=few))
    )
    both_ways(judged(a_year(book, {name: {**e, "bad": 1} for name, e in EVENTS.items()})))


@pytest.mark.parametrize("counts", ["section", "total"])
def test_what_does_not_apply_is_made_up_for_anew(counts: Literal["section", "total"]) -> None:
    away = NotApplicable((is_so("road"),), counts)
    book = rulebook(
        section("1", clause("1.1", 10, take("bad"), applies=away), clause("1.2", 10, EACH))
    )
    elm = {"road": False, "events": [event("E-3"), event("E-4")]}
    both_ways(judged(a_year(book, {"ash": EVENTS["ash"] | {"bad": 1}, "elm": elm})))


def test_a_record_is_left_out_of_what_stands_above_the_clauses() -> None:
    often = lies(CountQuantity(events()), at_least=2)
    veto = Veto("often", text(""), "5", (often,), outcomes=(), at_most=figure(1))
    book = above(rulebook(section("1", clause("1.1", 10, EACH))), vetoes=(veto,))
    both_ways(judged(a_year(book, EVENTS)))


def test_a_record_is_not_charged_where_the_clause_does_not_apply() -> None:
    alone, again = NotApplicable((is_so("road"),), "zero"), replace(EACH, id="again")
    book = rulebook(section("1", clause("1.1", 10, EACH, applies=alone), clause("1.2", 10, again)))
    elm = {"road": False, "events": [event("E-3"), event("E-4")]}
    both_ways(judged(a_year(book, EVENTS | {"elm": elm})))


def test_among_very_many_what_moves_others_is_not_worked_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(effects, "MOST_AT_LENGTH", 1)
    book = rulebook(section("1", clause("1.1", 10, EACH, applies=AWAY)))
    result = judged(a_year(book, EVENTS))
    assert Effects(result).of(standing(result, "ash")) == ()


def test_among_very_many_what_moves_nobody_else_is_worked_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A clause that does not apply to others counts in full for them, whatever this one has."""
    monkeypatch.setattr(effects, "MOST_AT_LENGTH", 1)
    alone = NotApplicable((is_so("road"),), "full")
    result = judged(a_year(rulebook(section("1", clause("1.1", 10, EACH, applies=alone))), EVENTS))
    assert [one.record for one in Effects(result).of(standing(result, "ash"))] == ["E-1", "E-2"]
    mean = clause("1.1", 10, take("bad"), applies=AWAY)
    book = rulebook(section("1", mean, clause("1.2", 10, EACH)))
    result = judged(a_year(book, {name: {**e, "bad": 1} for name, e in EVENTS.items()}))
    assert [one.record for one in Effects(result).of(standing(result, "ash"))] == ["E-1", "E-2"]


def test_a_list_that_decides_between_equal_scores_is_counted_anew() -> None:
    fewer = TieBreaker(text(""), "lower", quantity=CountQuantity(events()))
    book = above(rulebook(section("1", clause("1.1", 10, EACH))), tie_breakers=(fewer,))
    both_ways(judged(a_year(book, EVENTS | {"fir": {"events": [event("E-3")]}})))


def test_a_place_among_the_others_decides_between_equal_scores() -> None:
    best = TieBreaker(
        text(""), "lower", quantity=PeerQuantity(FactQuantity(("have",)), "rank", "higher")
    )
    book = above(rulebook(section("1", clause("1.1", 10, EACH))), tie_breakers=(best,))
    reports = {
        "ash": {"have": 1, "events": [event("E-1")]},
        "elm": {"have": 5, "events": []},
        "oak": {"have": 3, "events": [event("E-2")]},
    }
    both_ways(judged(a_year(book, reports, missing=["fir"])))


@pytest.mark.parametrize("most", [None, figure(9)])
def test_a_record_that_is_counted_once_may_count_elsewhere_then(most: Figure | None) -> None:
    again = replace(EACH, id="again", amount=figure(3))
    lighter = replace(EACH, most=most)
    book = rulebook(section("1", clause("1.1", 10, lighter), clause("1.2", 10, again)))
    both_ways(judged(a_year(replace(book, counted_once="heaviest"), EVENTS)))


def test_records_of_two_lists_may_have_the_same_id() -> None:
    other = replace(EACH, id="other", selection=tasks())
    book = rulebook(section("1", clause("1.1", 10, EACH, other), clause("1.2", 10, other)))
    ash = {"events": [event("1"), event("2")], "tasks": [task("1"), task("2")]}
    both_ways(judged(a_year(book, {"ash": ash})))


def test_what_a_rule_may_ask_in_all_is_left_to_its_others() -> None:
    gift = replace(EACH, id="gift", award=True, most=figure(3))
    book = rulebook(section("1", clause("1.1", 10, gift, starts="zero")))
    both_ways(judged(a_year(book, EVENTS)))


@pytest.mark.parametrize(("others", "found"), [(199, ["E-1", "E-2"]), (200, [])])
def test_what_moves_others_is_worked_out_among_two_hundred(others: int, found: list[str]) -> None:
    book = rulebook(section("1", clause("1.1", 10, EACH, applies=AWAY)))
    many: dict[str, Any] = {f"u{n}": {"events": []} for n in range(others)}
    result = judged(a_year(book, {"ash": EVENTS["ash"], **many}))
    assert [one.record for one in Effects(result).of(standing(result, "ash"))] == found


def test_what_cost_most_places_comes_first_and_each_record_once() -> None:
    twice = replace(EACH, id="twice", amount=figure(3))
    most = replace(EACH, id="most", selection=events(level="high"), most=figure(3))
    up_to = Ceiling(
        id="limit", label=text(""), unit=text(""), selection=events(), amount=figure("0.5"),
        limit=FigureQuantity(figure(1)),
    )  # fmt: skip
    gift = give("plus")
    book = rulebook(
        section(
            "1",
            clause("1.1", 40, EACH, twice, up_to),
            clause("1.2", 20, most, gift, above_points=True),
        )
    )
    reports = {
        "ash": {"plus": 0, "events": [event("E-1", level="high"), event("E-2", level="high")]},
        "elm": {"plus": 1, "events": [event("E-3"), event("E-4")]},
        "fir": {"plus": 0, "events": [event("E-5")]},
    }
    result = judged(a_year(book, reports, missing=["oak"]))
    both_ways(result)
    found = Effects(result)
    ash = standing(result, "ash")
    assert [one.record for one in found.costliest(ash, 3)] == ["E-1", "E-2"]
    assert found.costliest(ash, 1) == found.costliest(ash, 3)[:1]
    assert [one.record for one in found.costliest(standing(result, "elm"), 3)] == ["E-3", "E-4"]
    assert found.costliest(standing(result, "oak"), 3) == []


def test_what_took_nothing_cost_nothing() -> None:
    """Below the floor of its clause one record less changes nothing."""
    book = rulebook(section("1", clause("1.1", 1, EACH), clause("1.2", 10, take("bad"))))
    result = judged(a_year(book, {"ash": {"bad": 1, **EVENTS["ash"]}}))
    found = Effects(result).costliest(standing(result, "ash"), 9)
    assert [one.charge.deduction.rule for one in found] == ["take-bad"]


def test_what_is_no_record_counts_for_itself_and_a_record_of_each_period() -> None:
    parts = (
        Part("H1", text("H1"), "01-01", "06-30", figure(50)),
        Part("H2", text("H2"), "07-01", "12-31", figure(50)),
    )
    book = rulebook(
        section("1", clause("1.1", 10, take("bad"), take("worse"), take("none"))),
        section("2", clause("2.1", 10, EACH), each="period"),
    )
    halves = {"H1": {"events": [event("E-1")]}, "H2": {"events": [event("E-1"), event("E-2")]}}
    ash = {"bad": 3, "worse": 4, "none": 0, "periods": halves}
    result = judged(a_year(above(book, parts=parts), {"ash": ash}))
    both_ways(result)
    # what stands above the clauses looks at the year, whatever the period of a record
    veto = Veto("ill", text(""), "5", (lies("bad", at_least=3),), outcomes=(), at_most=figure(2))
    both_ways(judged(a_year(above(book, parts=parts, vetoes=(veto,)), {"ash": ash})))
    found = Effects(result).costliest(standing(result, "ash"), 9)
    assert [(one.charge.deduction.rule, one.part) for one in found] == [
        ("take-worse", None),
        ("take-bad", None),
        (EACH.id, "H1"),
        (EACH.id, "H2"),
        (EACH.id, "H2"),
    ]
