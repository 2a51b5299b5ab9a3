"""Charging: in which order, down to which floor, what was asked and what was taken."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from generator.engine.book import (
    Clause,
    Exclusions,
    Ground,
    Group,
    Grouping,
    NotApplicable,
    Part,
    Pool,
    Rulebook,
)
from generator.engine.kinds.coverage import Coverage
from generator.engine.kinds.per_record import PerRecord
from generator.engine.kinds.requirement import Requirement
from generator.engine.measures import Basis, Selection
from generator.engine.score import LeftOut, cards, charge, scorecard
from generator.engine.year import FINDING, Scorecard, Submission
from generator.words.messages import catalogue
from tests.builders import (
    EVENTS,
    above,
    asked,
    clause,
    event,
    events,
    exactly,
    figure,
    finding,
    first_book,
    give,
    is_so,
    one_clause,
    rulebook,
    section,
    submission,
    take,
    text,
    year,
)


def each(name: str, points: str, **fields: object) -> PerRecord:
    return PerRecord(
        id=name, label=text(name), unit=text(""), selection=events(**fields), amount=figure(points)
    )


def needed(name: str, points: str) -> Requirement:
    return Requirement(
        id=name, label=text(name), unit=text(""), fact=(name,), amount=figure(points)
    )


def judged(book: Rulebook, values: dict[str, Any], *findings: Any) -> Scorecard:
    return scorecard(submission(values, *findings), book, year(2025))


def charged(card: Scorecard) -> list[tuple[str, str, str, str]]:
    """Rule, records, asked and charged, in charging order."""
    return [
        (c.deduction.rule, ",".join(c.deduction.records), str(c.deduction.points), str(c.points))
        for score in card.clauses()
        for c in score.charges
    ]


@pytest.mark.parametrize(
    ("points", "wanted", "taken"),
    [
        ("5", [], []),
        ("5", ["2", "3"], ["2", "3"]),
        ("5", ["2", "3", "1"], ["2", "3", "0"]),
        ("5", ["3", "3", "3"], ["3", "2", "0"]),
        ("5", ["9"], ["5"]),
        ("0", ["1"], ["0"]),
        ("1/3", ["1/4", "1/4"], ["1/4", "1/12"]),
    ],
)
def test_each_deduction_takes_what_is_left(
    points: str, wanted: list[str], taken: list[str]
) -> None:
    rule = each("r", "1")
    (plain,) = asked(rule, {"events": [event("E-1")]})
    deductions = [
        type(plain)(plain.rule, Fraction(p), (), plain.reason, plain.basis, ()) for p in wanted
    ]
    charges = charge(deductions, Fraction(points))
    assert [c.points for c in charges] == [Fraction(p) for p in taken]
    assert [c.deduction.points for c in charges] == [Fraction(p) for p in wanted]


def test_rules_charge_in_the_order_of_the_rulebook_then_by_date_then_findings() -> None:
    book = one_clause("6", each("late", "2", level="low"), each("any", "1"), needed("kept", "1"))
    values = {
        "events": [event("E-3", "2025-08-01"), event("E-1", "2025-09-01", "low")],
        "kept": False,
    }
    card = judged(
        book,
        values,
        finding("F-02", "0.25", "2025-03-01"),
        finding("F-01", "0.5", "2025-03-01"),
        finding("F-03", "1", "2025-01-05"),
    )
    assert charged(card) == [
        ("late", "E-1", "2", "2"),
        ("any", "E-3", "1", "1"),
        ("any", "E-1", "1", "1"),
        ("kept", "", "1", "1"),
        (FINDING, "F-03", "1", "1"),
        (FINDING, "F-01", "1/2", "0"),
        (FINDING, "F-02", "1/4", "0"),
    ]
    assert card.score == 0


def test_a_clause_never_goes_below_nought_and_takes_nothing_from_another() -> None:
    book = rulebook(
        section("1", clause("1.1", "3", each("first", "2")), clause("1.2", "4", each("next", "1"))),
        section("2", clause("2.1", "5")),
    )
    card = judged(book, {"events": [event("E-1"), event("E-2")]}, finding("F-01", "4", of="2.1"))
    assert [score.points for score in card.clauses()] == [0, 2, 1]
    assert [score.points for score in card.sections] == [2, 1]
    assert card.score == 3
    assert charged(card)[:2] == [("first", "E-1", "2", "2"), ("first", "E-2", "2", "1")]


def test_a_finding_deducts_on_its_own_ground() -> None:
    book = one_clause("4")
    noted = finding("F-01", "1.25")
    card = judged(book, {}, noted, finding("F-02", "1", of="9.9"))
    ((taken,),) = [score.charges for score in card.clauses()]
    found = taken.deduction
    assert (found.rule, found.records, found.basis) == (FINDING, ("F-01",), Basis.FINDING)
    assert found.finding is noted
    assert found.sources == (noted.location,)
    assert catalogue("en").render(found.reason) == (
        "Finding F-01 of 2025-06-12: written later (No. 12), deduct 1.25 points"
    )
    assert card.score == Fraction("2.75")


def test_a_faultless_report_has_full_marks() -> None:
    card = judged(one_clause("7.5", each("r", "2")), {"events": []})
    assert card.score == Fraction("7.5")
    assert charged(card) == []


def test_an_excluded_record_costs_nothing_anywhere() -> None:
    ground = Ground("asked", "4.1", text("Asked"), (), (), (), {}, {})
    book = one_clause(
        "9", each("any", "2"), exclusions=Exclusions(EVENTS, "exempt", {"asked": ground})
    )
    values = {"events": [event("E-1"), event("E-2", exempt={"ground": "asked"})]}
    card = judged(book, values)
    assert charged(card) == [("any", "E-1", "2", "2")]
    assert [e.record.id for e in card.excluded] == ["E-2"]


def test_without_one_deduction_the_rest_is_charged_afresh() -> None:
    book = one_clause("3", each("any", "2"))
    reported: Submission = submission({"events": [event("E-1"), event("E-2")]})
    first, second = next(scorecard(reported, book, year(2025)).clauses()).charges
    assert [c.points for c in (first, second)] == [2, 1]
    rest = scorecard(reported, book, year(2025), without=first.deduction)
    assert charged(rest) == [("any", "E-2", "2", "2")]
    assert rest.score == 1


def test_a_deduction_is_left_out_of_one_unit_alone() -> None:
    pool = Pool("bonus", text("Bonus"), "", (replace(each("gift", "3"), award=True),))
    book = above(one_clause("9", each("any", "2")), pools=(pool,))
    sent = dict.fromkeys("ab", submission({"events": [event("E-1")]}))  # of the very same places
    card = cards(sent, book, year(2025))["a"]
    assert card.score == 10
    taken = next(card.clauses()).charges[0].deduction
    left = cards(sent, book, year(2025), without=LeftOut("a", taken))
    assert {name: card.score for name, card in left.items()} == {"a": 12, "b": 10}


def test_one_event_counts_under_every_clause_that_it_meets() -> None:
    book = rulebook(
        section("1", clause("1.1", "5", each("any", "1")), clause("1.2", "5", each("high", "2")))
    )
    assert judged(book, {"events": [event("E-1")]}).score == 7


# --- what a clause starts from, and how far it goes -----------------------------------


def card_of(*clauses: Clause, reported: dict[str, Any], **more: Any) -> Scorecard:
    return scorecard(submission(reported), rulebook(section("1", *clauses, **more)), year(2025))


@pytest.mark.parametrize(
    ("changed", "plus", "minus", "points"),
    [
        ({}, 0, 3, 7),
        ({}, 2, 3, 7),  # full already, nothing to give; then three taken
        ({}, 0, 13, 0),
        ({"below_zero": True}, 0, 13, -3),
        ({"above_points": True}, 2, 0, 12),
        ({"starts": "zero"}, 4, 0, 4),
        ({"starts": "zero"}, 14, 0, 10),
        ({"starts": "zero"}, 4, 1, 3),
        ({"starts": "zero"}, 4, 6, 0),
        ({"starts": "zero", "below_zero": True}, 4, 6, -2),
        ({"starts": "zero", "above_points": True}, 14, 0, 14),
        ({"starts": "zero", "above_points": True, "below_zero": True}, 14, 20, -6),
    ],
)
def test_a_clause_counts_up_or_down_between_its_floor_and_its_cap(
    changed: dict[str, Any], plus: int, minus: int, points: int
) -> None:
    one = clause("1.1", 10, give("plus"), take("minus"), **changed)
    card = card_of(one, reported={"plus": plus, "minus": minus})
    assert card.score == points
    start = 0 if changed.get("starts") == "zero" else 10
    assert start + sum(c.signed for c in next(card.clauses()).charges) == points


def test_what_is_given_after_something_was_taken_fills_the_clause_up_to_its_cap() -> None:
    one = clause("1.1", 10, take("minus"), give("plus"))
    card = card_of(one, reported={"plus": 5, "minus": 3})
    assert [int(c.signed) for c in next(card.clauses()).charges] == [-3, 3]
    assert card.score == 10


def test_findings_come_last_and_take_from_what_was_earned() -> None:
    book = rulebook(section("1", clause("1.1", 10, give("plus"), starts="zero")))
    card = scorecard(submission({"plus": 4}, finding("F-01", "3")), book, year(2025))
    assert card.score == 1


# --- where a clause does not apply ----------------------------------------------------

HAS_ROAD = (is_so("road"),)


def applies(counts: Any, points: int | None = None) -> NotApplicable:
    return NotApplicable(HAS_ROAD, counts, None if points is None else figure(points))


@pytest.mark.parametrize(
    ("counts", "points", "words"),
    [
        (applies("full"), 10, "does not apply: counts in full"),
        (applies("zero"), 0, "does not apply: counts 0"),
        (applies("points", 6), 6, "does not apply: counts a fixed number of points"),
    ],
)
def test_a_clause_that_does_not_apply_counts_what_it_says(
    counts: NotApplicable, points: int, words: str
) -> None:
    one = clause("1.1", 10, take("minus"), applies=counts)
    without = card_of(one, reported={"road": False, "minus": 3})
    (score,) = without.clauses()
    assert (exactly(score.points), score.charges) == (points, ())
    assert score.instead is not None
    assert catalogue("en").render(score.instead) == words
    applied = card_of(one, reported={"road": True, "minus": 3})
    assert (exactly(applied.score), next(applied.clauses()).instead) == (7, None)


@pytest.mark.parametrize(
    ("road", "river", "score"), [(True, True, 7), (True, False, 10), (False, True, 10)]
)
def test_a_clause_applies_where_every_condition_is_met(road: bool, river: bool, score: int) -> None:
    both = NotApplicable((is_so("road"), is_so("river")), "full")
    one = clause("1.1", 10, take("minus"), applies=both)
    assert card_of(one, reported={"road": road, "river": river, "minus": 3}).score == score


def everybody(book: Rulebook, reports: dict[str, Any], **more: Any) -> dict[str, Fraction]:
    sent = {name: submission(reported, township=name) for name, reported in reports.items()}
    return {name: card.score for name, card in cards(sent, book, year(2025), **more).items()}


MEAN = clause("1.1", 10, take("minus"), applies=applies("mean"))
REPORTS = {
    "a": {"road": True, "minus": 1},
    "b": {"road": True, "minus": 4},
    "c": {"road": False, "minus": 9},
}


def test_a_clause_may_count_what_the_others_have_on_average() -> None:
    book = rulebook(section("1", MEAN, clause("1.2", 5), weight=figure(50)))
    assert everybody(book, REPORTS) == {"a": 7, "b": Fraction("5.5"), "c": Fraction("6.25")}


def instead(book: Rulebook, reports: dict[str, dict[str, Any]]) -> str:
    """What is said of the first clause of unit c."""
    sent = {name: submission(reported) for name, reported in reports.items()}
    told = next(cards(sent, book, year(2025))["c"].clauses()).instead
    return catalogue("en").render(told) if told else ""


def test_a_mean_says_how_it_came_about() -> None:
    told = instead(rulebook(section("1", MEAN)), REPORTS)
    assert told == "does not apply: counts 7.5, what the 2 others have on average"


def test_with_nobody_else_the_mean_is_full_points() -> None:
    book = rulebook(section("1", MEAN))
    assert everybody(book, {"c": REPORTS["c"]}) == {"c": 10}
    assert (
        instead(book, {"c": REPORTS["c"]})
        == "does not apply, to the others neither: counts in full"
    )
    assert everybody(book, {"c": REPORTS["c"], "d": REPORTS["c"]}) == {"c": 10, "d": 10}


def test_the_mean_is_of_those_ranked_together() -> None:
    grouping = Grouping("group", (Group("x", text("X")), Group("y", text("Y"))), apart=True)
    groups = {"a": "x", "b": "y", "c": "y"}
    apart = above(rulebook(section("1", MEAN)), grouping=grouping)
    assert everybody(apart, REPORTS, groups=groups) == {"a": 9, "b": 6, "c": 6}
    together = above(apart, grouping=replace(grouping, apart=False))
    assert everybody(together, REPORTS, groups=groups)["c"] == Fraction("7.5")


# --- sections, weights, periods -------------------------------------------------------


def test_a_weight_is_of_a_section_s_points() -> None:
    book = rulebook(
        section("1", clause("1.1", 100, take("minus")), weight=figure(60)),
        section("2", clause("2.1", 100), weight=figure(40)),
    )
    card = scorecard(submission({"minus": 7}), book, year(2025))
    assert [[s.points, s.maximum, s.weight] for s in card.sections] == [
        [Fraction("55.8"), 60, Fraction("0.6")],
        [40, 40, Fraction("0.4")],
    ]
    assert card.score == Fraction("95.8")


HALVES = (
    Part("H1", text("H1"), "01-01", "06-30", figure(40)),
    Part("H2", text("H2"), "07-01", "12-31", figure(60)),
)


def test_a_section_by_period_counts_once_by_the_weights_of_the_periods() -> None:
    book = above(
        rulebook(
            section("1", clause("1.1", 20, take("minus"))),
            section("2", clause("2.1", 80, take("minus")), each="period", weight=figure(50)),
        ),
        parts=HALVES,
    )
    reported = {"minus": 5, "periods": {"H1": {"minus": 10}, "H2": {"minus": 30}}}
    card = scorecard(submission(reported), book, year(2025))
    # 20 − 5; (80 − 10) × 50 % × 40 %; (80 − 30) × 50 % × 60 %
    assert [(s.part, exactly(s.points)) for s in card.sections] == [
        (None, 15),
        ("H1", 14),
        ("H2", 15),
    ]
    assert card.score == 44
    assert [(p.part, exactly(p.score), p.band) for p in card.parts] == [
        ("H1", 35, None),
        ("H2", 25, None),
    ]
    whole = above(book, parts=tuple(replace(part, weight=None) for part in HALVES))
    card = scorecard(submission(reported), whole, year(2025))
    assert [(s.part, exactly(s.points)) for s in card.sections] == [
        (None, 15),
        ("H1", 35),
        ("H2", 25),
    ]
    h1, h2 = (s.clauses[0].charges[0].deduction for s in card.sections[1:])
    assert [h1.sources[0].address, h2.sources[0].address] == [
        "periods.H1.minus",
        "periods.H2.minus",
    ]


def test_findings_belong_to_their_period() -> None:
    book = rulebook(section("1", clause("1.1", 10), each="period"))
    book = above(book, parts=HALVES)
    found = [replace(finding(f"F-0{n}", str(n)), part=part) for n, part in ((1, "H1"), (2, "H2"))]
    card = scorecard(submission({}, *found, finding("F-03", "3")), book, year(2025))
    assert [[c.deduction.records for c in s.clauses[0].charges] for s in card.sections] == [
        [("F-01",)],
        [("F-02",)],
    ]
    assert card.score == Fraction(9 * 40 + 8 * 60, 100)


def test_dated_units_of_a_period_are_those_inside_it() -> None:
    rule = Coverage(
        id="held", label=text("Held"), unit=text(""), selection=Selection(("held",)), on=None,
        every="month", amount=figure(1),
    )  # fmt: skip
    book = above(rulebook(section("1", clause("1.1", 10, rule), each="period")), parts=HALVES)
    reported = {"periods": {"H1": {"held": ["2025-01", "2025-06"]}, "H2": {"held": ["2025-09"]}}}
    card = scorecard(submission(reported), book, year(2025))
    assert [s.clauses[0].charges[0].deduction.records for s in card.sections] == [
        ("2025-02", "2025-03", "2025-04", "2025-05"),
        ("2025-07", "2025-08", "2025-10", "2025-11", "2025-12"),
    ]


# --- the first rulebook ---------------------------------------------------------------

LEVELS = {"beijing": 0, "province": 1, "prefecture": 2, "city": 3}
TABLE = [
    ("3.2", "repeat", "level", "visits", [5, 3, 2, 1]),
    ("3.3", "collective", "level", "visits", [10, 8, 5, 2]),
]


def test_the_first_rulebook_has_fifteen_clauses_with_the_points_of_the_specification() -> None:
    book = first_book().rulebook
    points = {c.id: int(c.points.value) for c in book.clauses()}
    assert points == {
        "1.1": 6,
        "1.2": 6,
        "1.3": 7,
        "1.4": 6,
        "2.1": 4,
        "2.2": 4,
        "2.3": 5,
        "2.4": 4,
        "2.5": 4,
        "2.6": 4,
        "3.1": 15,
        "3.2": 10,
        "3.3": 10,
        "3.4": 10,
        "3.5": 5,
    }
    assert [int(s.points.value) for s in book.sections] == [25, 25, 50]
    assert book.total.value == 100
    assert book.status == "historical"


def test_the_first_rulebook_charges_in_the_order_of_the_specification() -> None:
    order = {c.id: [rule.id for rule in c.rules] for c in first_book().rulebook.clauses()}
    assert order == {
        "1.1": ["leading-group", "monthly-meetings"],
        "1.2": ["weekly-reception", "appointments"],
        "1.3": ["leader-in-charge", "leader-signed"],
        "1.4": ["staff", "facilities"],
        "2.1": ["city-meetings"],
        "2.2": ["agreements", "opinions"],
        "2.3": ["on-time-rate", "open-overdue", "over-limit"],
        "2.4": ["screening-reports", "articles", "case-analysis", "statements"],
        "2.5": ["register", "archives"],
        "2.6": [],
        "3.1": ["beijing-ceiling", "province-ceiling", "prefecture-ceiling"],
        "3.2": ["repeat"],
        "3.3": ["collective"],
        "3.4": ["long-term"],
        "3.5": ["stranded"],
    }


@pytest.mark.parametrize(("of", "field", "by", "records", "points"), TABLE)
@pytest.mark.parametrize("level", LEVELS)
def test_a_repeat_or_collective_event_costs_by_its_level(
    of: str, field: str, by: str, records: str, points: list[int], level: str
) -> None:
    fields = {"id": "V-1", "date": "2025-05-05", by: level, "collective": False, "repeat": False}
    values: dict[str, Any] = {"receptions": 1000, "leadership": {}, "work": {}}
    values["leadership"] = {"difficult_cases": 0, "difficult_by_appointment": 0, "staff": 2}
    card = judged(first_book().rulebook, {**values, records: [fields | {field: True}]})
    score = next(s for s in card.clauses() if s.clause.id == of)
    assert [exactly(c.deduction.points) for c in score.charges] == [points[LEVELS[level]]]
    assert {c.deduction.basis for c in score.charges} == {Basis.TEXT}
