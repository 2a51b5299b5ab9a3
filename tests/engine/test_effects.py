"""The short way to an effect finds what the long way finds, whatever the rulebook."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

import pytest
from hypothesis import given

from generator.engine import effects
from generator.engine.book import (
    Group,
    Grouping,
    Line,
    NotApplicable,
    Part,
    Rulebook,
    TieBreaker,
    Veto,
)
from generator.engine.effects import Border, Edge, Effects, Without, borders
from generator.engine.facts import within
from generator.engine.kinds.ceiling import Ceiling
from generator.engine.kinds.recurrence import Recurrence
from generator.engine.kinds.target import Target
from generator.engine.measures import Bounds, Figure
from generator.engine.quantities import (
    BestQuantity,
    CountQuantity,
    FactQuantity,
    FigureQuantity,
    RankQuantity,
)
from generator.engine.rank import judged, placed, scored
from generator.engine.records import without_record
from generator.engine.score import LeftOut
from generator.engine.year import Charge, Standing, YearResult
from tests.builders import (
    a_year,
    above,
    clause,
    decision,
    event,
    events,
    exactly,
    figure,
    finding,
    give,
    inputs,
    is_so,
    lies,
    one_clause,
    rulebook,
    section,
    submission,
    take,
    task,
    tasks,
    text,
    where,
)
from tests.engine.test_any_rulebook import REGISTER, Reports, reports, rulebooks
from tests.engine.test_rank import EACH, line, standing, year_of


def both_ways(result: YearResult) -> None:
    """Each effect found shortly is the one found at length."""
    effects = Effects(result)
    for one in result.standings:
        made = charges(one) if one.scorecard else []
        assert [each.charge for each in effects.of(one)] == made
        for each in effects.of(one):
            then = at_length(result, one, each)
            assert then.scorecard is not None
            assert each.score == then.scorecard.score
            assert (each.rank, each.tied) == (then.rank, then.tied)
            assert effects.outcomes(one, each) == then.outcomes


def at_length(result: YearResult, unit: Standing, effect: Without) -> Standing:
    """Where the unit would stand, everybody judged afresh without what was left out."""
    assert unit.scorecard is not None
    inputs, name, gone = result.inputs, unit.township.id, effect.charge.deduction
    sent = {s.township.id: s.scorecard.submission for s in result.standings if s.scorecard}
    without: LeftOut | None = LeftOut(name, gone)
    if effect.record is not None:
        rule = next(rule for rule in inputs.rulebook.rules() if rule.id == gone.rule)
        assert rule.records is not None
        path = (*within(effect.part), *rule.records)
        sent[name], without = without_record(sent[name], path, effect.record), None
    then = placed(inputs, scored(inputs, sent, without))
    return next(standing for standing in then if standing.township.id == name)


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


def test_a_finding_moves_who_counts_what_the_others_have() -> None:
    book = rulebook(section("1", clause("1.1", 10, take("bad"), applies=AWAY)))
    ash = submission({"road": True, "bad": 2}, finding("F-1", "3"), township="ash")
    elm = submission({"road": False, "bad": 0}, township="elm")
    result = judged(inputs(book, {"ash": ash, "elm": elm}))
    assert _effects(result, "ash") == [(7, 1), (8, 1)]
    both_ways(result)


def test_a_record_moves_others_wherever_it_costs_first() -> None:
    """Under 1.2 it costs only its own unit; under 1.1 the same record moves who has no road."""
    again = replace(EACH, id="again")
    book = rulebook(section("1", clause("1.1", 10, EACH, applies=AWAY), clause("1.2", 10, again)))
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
    best = TieBreaker(text(""), "lower", quantity=RankQuantity(FactQuantity(("have",)), "higher"))
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


# --- without one thing ----------------------------------------------------------------


def charges(standing: Standing) -> list[Charge]:
    assert standing.scorecard is not None
    return [c for score in standing.scorecard.clauses() for c in score.charges]


def _effects(result: YearResult, name: str) -> list[tuple[int, int]]:
    effects = Effects(result).of(standing(result, name))
    return [(exactly(effect.score), effect.rank) for effect in effects]


def _left_out(result: YearResult, name: str) -> list[str | None]:
    return [effect.record for effect in Effects(result).of(standing(result, name))]


def test_without_one_record_the_score_rises_and_the_rank_may() -> None:
    result = year_of({"oak": 2, "elm": 1, "ash": 0})
    assert _effects(result, "elm") == [(10, 1)]
    assert _effects(result, "oak") == [(8, 2), (8, 2)]


def test_below_the_floor_one_record_less_changes_nothing() -> None:
    result = year_of({"oak": 7, "elm": 6})
    assert _effects(result, "oak") == [(0, 1)] * 7


def test_a_record_thought_away_is_gone_from_every_rule() -> None:
    received = FactQuantity(("received",))
    limit = Ceiling(
        id="limit", label=text(""), unit=text(""), selection=events(), limit=received,
        amount=figure(3),
    )  # fmt: skip
    again = Recurrence(
        id="again", label=text(""), unit=text(""), selection=events(), order_by=("on",),
        first_where=where(level="low"), first=figure(1), later=figure(1),
    )  # fmt: skip
    book = one_clause(50, EACH, limit, again)
    days = ["2025-01-01", "2025-02-01"]
    reported = [event(f"E-{n}", day, "low") for n, day in enumerate(days, start=1)]
    report = submission({"received": 1, "events": reported}, township="oak")
    result = judged(inputs(book, {"oak": report}))
    # 2 + 2 for each, 3 for the one beyond, 1 + 1 for recurrence: 41; with either alone 50 − 2 − 1
    assert standing(result, "oak").scorecard is not None
    assert _effects(result, "oak") == [(47, 1)] * 5


def test_without_a_deduction_that_no_record_made() -> None:
    staff = Target(
        id="staff",
        label=text(""),
        unit=text(""),
        actual=FactQuantity(("staff",)),
        side="at_least",
        bound=FigureQuantity(figure(2)),
        amount=figure(1),
        step=None,
        steps="exact",
    )
    report = submission({"staff": 0}, finding("F-01", "3"), township="oak")
    other = submission({"staff": 1}, township="elm")
    result = judged(inputs(one_clause(4, staff), {"oak": report, "elm": other}))
    assert [(c.deduction.rule, exactly(c.points)) for c in charges(standing(result, "oak"))] == [
        ("staff", 2),
        ("finding", 2),
    ]
    assert _effects(result, "oak") == [(1, 2), (2, 2)]
    assert _left_out(result, "oak") == [None] * 2


def test_what_was_left_out_can_be_named() -> None:
    result = year_of({"oak": 2})
    named = _left_out(result, "oak")
    assert named == ["E-1", "E-2"]


# --- without one thing, where units are compared --------------------------------------


def test_where_units_are_compared_everybody_is_judged_afresh() -> None:
    least = BestQuantity(CountQuantity(events()), "lower")
    more = take("more", actual=CountQuantity(events()), bound=least)
    book = one_clause(10, more, take("bad"))
    counts = {"ash": 1, "elm": 3}
    reports = {
        name: {"bad": 1, "events": [event(f"E-{n}") for n in range(count)]}
        for name, count in counts.items()
    }
    result = judged(a_year(book, reports))
    assert {s.township.id: s.scorecard.score for s in result.standings if s.scorecard} == {
        "ash": 9,
        "elm": 7,
    }
    assert _left_out(result, "elm") == [None, None]
    assert _effects(result, "elm") == [(9, 1), (8, 2)]


def test_a_record_is_thought_away_for_all_who_are_compared() -> None:
    away = NotApplicable((is_so("road"),), "mean")
    book = rulebook(section("1", clause("1.1", 10, EACH, applies=away)))
    reports = {
        "ash": {"road": True, "events": [event("E-1"), event("E-2")]},
        "elm": {"road": False, "events": []},
    }
    result = judged(a_year(book, reports))
    # elm counts what ash has: without one record of ash both have 8
    assert _effects(result, "ash") == [(8, 1), (8, 1)]
    assert Effects(result).of(standing(result, "ash"))[0].tied


def test_a_record_of_a_period_is_thought_away_there() -> None:
    halves = tuple(
        Part(name, text(name), start, end, figure(50))
        for name, start, end in (("H1", "01-01", "06-30"), ("H2", "07-01", "12-31"))
    )
    book = above(rulebook(section("1", clause("1.1", 10, EACH), each="period")), parts=halves)
    inside = {"H1": {"events": [event("E-1")]}, "H2": {"events": [event("E-1"), event("E-2")]}}
    result = judged(a_year(book, {"oak": {"periods": inside}, "elm": {"periods": {}}}))
    assert _left_out(result, "oak") == ["E-1", "E-1", "E-2"]
    oak = standing(result, "oak").scorecard
    assert oak is not None
    assert oak.score == 7
    assert _effects(result, "oak") == [(8, 2)] * 3


def test_a_record_by_which_something_is_measured_is_not_thought_away() -> None:
    many = take("many", actual=CountQuantity(events()), bound=FigureQuantity(figure(1)))
    book = rulebook(section("1", clause("1.1", 10, EACH), clause("1.2", 10, many)))
    result = judged(a_year(book, {"oak": {"events": [event("E-1"), event("E-2")]}}))
    assert _left_out(result, "oak") == [None] * 3
    assert _effects(result, "oak") == [(17, 1), (17, 1), (16, 1)]


def test_an_award_is_thought_away_by_itself() -> None:
    gift = replace(EACH, id="gift", award=True)
    book = rulebook(section("1", clause("1.1", 10, gift, starts="zero")))
    reports = {"oak": {"events": [event("E-1"), event("E-2")]}, "elm": {"events": [event("E-3")]}}
    result = judged(a_year(book, reports))
    assert _left_out(result, "oak") == [None, None]
    assert _effects(result, "oak") == [(2, 1), (2, 1)]


def test_what_a_rule_may_ask_is_left_to_the_others() -> None:
    gift = replace(EACH, id="gift", award=True, most=figure(5))
    book = rulebook(section("1", clause("1.1", 10, gift, starts="zero")))
    three = {"events": [event(f"E-{n}") for n in (1, 2, 3)]}
    result = judged(a_year(book, {"oak": three}))
    # 2 + 2 + 1: without any one of them the other two give 2 each
    assert [exactly(c.points) for c in charges(standing(result, "oak"))] == [2, 2, 1]
    assert _effects(result, "oak") == [(4, 1)] * 3


# --- who stands nearest to a line on either side, and what small thing keep -----------


def drawn(
    lost: Mapping[str, Any], *lines: Line, decisions: Any = (), **changed: Any
) -> list[Border]:
    """The lines among units that lost so much of 20 points under two clauses."""
    book = rulebook(
        section("1", clause("1.1", 10, take("bad")), clause("1.2", 10, take("worse"))), lines=lines
    )
    reports = {name: {"bad": 0, "worse": 0, **values} for name, values in lost.items()}
    groups = {name: "x" if name < "d" else "y" for name in lost} if "grouping" in changed else None
    book = above(book, **changed)
    return list(borders(Effects(judged(a_year(book, reports, groups=groups, decisions=decisions)))))


def bad(*points: int) -> dict[str, Any]:
    """Units a, b, c … that lost so much."""
    return {name: {"bad": lost} for name, lost in zip("abcdefg", points, strict=False)}


def edge(units: str, score: int, gap: int | None) -> Edge:
    return Edge(tuple(units), Fraction(score), None if gap is None else Fraction(gap))


def test_the_last_inside_and_the_first_outside_with_what_is_between() -> None:
    (first,) = drawn(bad(0, 1, 4, 5), line())
    assert (first.places, first.listed, first.across) == ((1, 2), ("a", "b"), ())
    assert (first.inside, first.outside) == (edge("b", 19, 3), edge("c", 16, 3))
    assert first.group is None
    assert not first.decided
    # without its one deduction c is first with a, and b out; nobody is moved by less
    assert first.crossing is not None
    assert (first.crossing.unit, first.crossing.side) == ("c", "inside")
    assert (first.crossing.without.score, first.crossing.without.rank) == (Fraction(20), 1)


def test_the_smallest_thing_counts_whoever_it_is_about() -> None:
    lost = {"a": {}, "b": {"bad": 1}, "c": {"bad": 2, "worse": 3}, "d": {"bad": 6, "worse": 4}}
    (last,) = drawn(lost, line("last", places=figure(1)))
    assert (last.places, last.listed) == ((4, 4), ("d",))
    assert (last.inside, last.outside) == (edge("d", 10, 5), edge("c", 15, 5))
    assert last.crossing is not None
    assert (last.crossing.unit, last.crossing.side) == ("d", "outside")
    assert last.crossing.without.clause.id == "1.1"


def test_of_two_things_that_keep_one_on_a_side_the_smaller_counts() -> None:
    (last,) = drawn(
        {"a": {}, "b": {"bad": 7}, "c": {"bad": 6, "worse": 2}}, line("last", places=figure(1))
    )
    assert last.crossing is not None
    assert (last.crossing.unit, last.crossing.without.clause.id) == ("c", "1.2")


def test_of_equal_things_that_of_the_best_placed_counts() -> None:
    lost = {"a": {"bad": 6, "worse": 1}, "b": {"bad": 1}, "c": {"bad": 6}, "d": {}}
    (first,) = drawn(lost, line())
    assert first.listed == ("b", "d")
    # 6 points less would take c, the third, inside, and let a, the last, be tied with b
    assert first.crossing is not None
    assert (first.crossing.unit, first.crossing.side) == ("c", "inside")


def test_who_is_tied_across_has_a_gap_on_either_side() -> None:
    (first,) = drawn(bad(0, 3, 3, 5), line())
    assert first.across == ("b", "c")
    assert (first.inside, first.outside) == (edge("a", 20, 3), edge("d", 15, 2))
    assert first.crossing is not None
    assert (first.crossing.unit, first.crossing.side) == ("b", "inside")
    (decided,) = drawn(bad(0, 3, 3, 5), line(), decisions=(decision("first", "c"),))
    assert decided.decided
    assert decided.listed == ("a", "c")


def test_a_bound_may_be_nearer_than_the_next_one() -> None:
    (first,) = drawn(bad(0, 1, 9, 9), line(places=figure(3), bounds=Bounds(at_least=figure(15))))
    assert (first.inside, first.outside) == (edge("b", 19, 4), edge("cd", 11, 4))
    (out,) = drawn(bad(0, 1, 9), line(places=figure(1), bounds=Bounds(at_least=figure(12))))
    assert (out.inside, out.outside) == (edge("a", 20, 1), edge("b", 19, 1))
    # to come in, b must win 2 to reach the bound and 10 to be level with a
    (far,) = drawn(bad(0, 10), line(places=figure(1), bounds=Bounds(at_least=figure(12))))
    assert far.outside == edge("b", 10, 10)


def test_of_the_last_the_best_is_nearest_whatever_the_bound() -> None:
    (last,) = drawn(
        bad(0, 1, 4, 9), line("last", places=figure(3), bounds=Bounds(at_least=figure(12)))
    )
    assert last.inside == edge("b", 19, 7)


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        (Bounds(at_least=figure(18)), edge("b", 19, 1), edge("c", 14, 4)),
        (Bounds(above=figure(18)), edge("b", 19, 1), edge("c", 14, 4)),
        (Bounds(below=figure(18)), edge("c", 14, 4), edge("b", 19, 1)),
        (Bounds(at_most=figure(9)), None, edge("d", 13, 4)),
        (Bounds(at_least=figure(1)), edge("d", 13, 12), None),
    ],
)
def test_a_line_drawn_by_the_score_alone(
    bounds: Bounds, inside: Edge | None, outside: Edge | None
) -> None:
    (one,) = drawn(
        bad(0, 1, 6, 7), line(None, id="only", places=None, bounds=bounds, outcomes=("on",))
    )
    assert one.places is None
    assert (one.inside, one.outside) == (inside, outside)


def test_who_is_not_eligible_stands_on_no_side() -> None:
    veto = Veto("veto", text(""), "4", (is_so("guilty"),), outcomes=(), bars=("first",))
    lost = bad(0, 1, 4, 5) | {"b": {"bad": 1, "guilty": True}}
    (first,) = drawn(lost, line(), vetoes=(veto,))
    assert (first.listed, first.outside) == (("a",), edge("c", 16, 4))
    (nobody,) = drawn({"a": {"guilty": True}}, line(), vetoes=(veto,))
    assert (nobody.inside, nobody.outside, nobody.crossing) == (None, None, None)


def test_groups_that_rank_apart_have_lines_of_their_own() -> None:
    """In the order of the rulebook."""
    named = tuple(Group(name, text(name)) for name in "yx")
    found = drawn(
        bad(0, 1, 2, 0, 5),
        line(places=figure(1)),
        line("last", places=figure(1), groups=("y",)),
        grouping=Grouping("group", named, apart=True),
    )
    assert [(one.line.id, one.group, one.listed) for one in found] == [
        ("first", "y", ("d",)),
        ("first", "x", ("a",)),
        ("last", "y", ("e",)),
    ]
    (together,) = drawn(bad(0, 1), line(), grouping=Grouping("group", named, apart=False))
    assert together.group is None


def test_nobody_is_ranked() -> None:
    assert drawn({}, line()) == []
