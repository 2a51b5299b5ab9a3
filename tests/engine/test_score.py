"""Charging: in which order, down to which floor, what was asked and what was taken."""

from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

import pytest

from generator.engine.book import (
    Band,
    Clause,
    Conversion,
    Exclusions,
    Ground,
    Group,
    Grouping,
    NotApplicable,
    Part,
    Pool,
    Rulebook,
    Veto,
)
from generator.engine.kinds.ceiling import Ceiling
from generator.engine.kinds.coverage import Coverage
from generator.engine.kinds.per_record import PerRecord
from generator.engine.kinds.recurrence import Recurrence
from generator.engine.kinds.requirement import Requirement
from generator.engine.measures import Basis, Rounding, Selection
from generator.engine.quantities import FigureQuantity
from generator.engine.score import (
    LeftOut,
    band,
    cards,
    charge,
    lists_by_rule,
    once,
)
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
    has,
    is_so,
    lies,
    one_clause,
    rulebook,
    scorecard,
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
    assert instead(book, {"c": REPORTS["c"]}) == "does not apply, nor to the others: counts in full"
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


# --- one event under one clause only: which one, and what stays where it wa -----------


def book(how: Literal["heaviest", "first"] | None) -> Rulebook:
    """Three clauses, two of which any event meets; the third deducts for a number."""
    found = rulebook(
        section(
            "1",
            clause("1.1", 10, each("any", "2"), take("few")),
            clause("1.2", 10, each("low", "3", level="low"), each("also-low", "1", level="low")),
            clause("1.3", 10, each("again", "2"), replace(each("praise", "1"), award=True)),
        )
    )
    return replace(found, counted_once=how)


FACTS = {"events": [event("E-1", level="low"), event("E-2")], "few": 2}


def charged_under(card: Scorecard) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (score.clause.id, charge.deduction.rule, charge.deduction.records)
        for score in card.clauses()
        for charge in score.charges
    ]


def judged_by(how: Literal["heaviest", "first"] | None, facts: dict[str, Any]) -> Scorecard:
    return scorecard(submission(facts, finding("F-01", "1")), book(how), year(2025))


def test_silent_it_counts_under_every_clause() -> None:
    assert sum(records == ("E-1",) for _, _, records in charged_under(judged_by(None, FACTS))) == 5


@pytest.mark.parametrize(
    ("how", "kept"),
    [
        ("heaviest", [("1.1", "E-2"), ("1.2", "E-1"), ("1.2", "E-1")]),
        ("first", [("1.1", "E-1"), ("1.1", "E-2")]),
    ],
)
def test_a_record_counts_under_one_clause(how: Any, kept: list[tuple[str, str]]) -> None:
    found = charged_under(judged_by(how, FACTS))
    rules = ("any", "low", "also-low", "again")
    assert [(name, records[0]) for name, rule, records in found if rule in rules] == kept
    assert ("1.1", "finding", ("F-01",)) in found
    assert [rule for _, rule, _ in found].count("praise") == 2
    assert [rule for _, rule, _ in found].count("take-few") == 1


@pytest.mark.parametrize(("how", "kept"), [("heaviest", "each"), ("first", "limit")])
def test_one_beyond_a_limit_and_one_in_a_row_count_under_one_clause_as_well(
    how: Any, kept: str
) -> None:
    about: dict[str, Any] = {"label": text(""), "unit": text(""), "selection": events()}
    none = FigureQuantity(figure(0))
    limit = Ceiling(id="limit", limit=none, amount=figure(1), **about)
    row = Recurrence(
        id="limit", order_by=("on",), first_where=(), first=figure(1), later=figure(1), **about
    )
    for rule in (limit, row):
        clauses = clause("1.1", 10, rule), clause("1.2", 10, each("each", "2"))
        one_of = replace(rulebook(section("1", *clauses)), counted_once=how)
        card = scorecard(submission({"events": [event("E-1")]}), one_of, year(2025))
        assert [name for _, name, _ in charged_under(card)] == [kept]


def test_what_counts_here_alone_says_so() -> None:
    card = judged_by("heaviest", FACTS)
    said = [
        catalogue("en").render(charge.deduction.reason)
        for score in card.clauses()
        for charge in score.charges
        if charge.deduction.records == ("E-1",) and not charge.deduction.award
    ]
    assert len(said) == 2
    assert all(one.endswith("; counted here and not under 1.1, 1.3 as well") for one in said)


def test_what_would_count_nowhere_else_says_nothing() -> None:
    clauses = (
        clause("1.1", 10, each("any", "2")),
        clause("1.2", 10, each("low", "3", level="low")),
    )
    sections = replace(rulebook(section("1", *clauses)), counted_once="first")
    card = scorecard(submission(FACTS), sections, year(2025))
    said = {
        charge.deduction.records[0]: catalogue("en").render(charge.deduction.reason)
        for score in card.clauses()
        for charge in score.charges
    }
    assert said["E-1"].endswith("; counted here and not under 1.2 as well")
    assert "counted here" not in said["E-2"]


def test_nothing_is_touched_where_nothing_is_shared() -> None:
    alone = {"1.1": judged_by("first", {"events": [], "few": 2}).sections[0].clauses[0].charges}
    asked = {name: tuple(c.deduction for c in charges) for name, charges in alone.items()}
    assert once(asked, lists_by_rule(book("first").rules()), "first") is asked


# --- from the sections to the score: scaling, pools, conversion, rounding,  -----------


def adjusted_card(book: Rulebook, **reported: Any) -> Scorecard:
    card = scorecard(submission(reported), book, year(2025))
    own = sum((section.points for section in card.sections), Fraction())
    assert own + sum((a.points for a in card.adjustments), Fraction()) == card.score
    return card


def told(card: Scorecard) -> list[tuple[str, str, str]]:
    """Every adjustment: its id, its points, its reason."""
    en = catalogue("en")
    return [(a.id, str(a.points), en.render(a.reason)) for a in card.adjustments]


# --- what does not apply --------------------------------------------------------------


def away(counts: Any, name: str, points: int, road: str = "road") -> Any:
    applies = NotApplicable((is_so(road),), counts)
    return clause(name, points, take(f"minus{name}", actual=take("minus").actual), applies=applies)


def roads(counts: Any) -> Rulebook:
    """25 of 100 points are about a road."""
    return rulebook(
        section("1", away(counts, "1.1", 25), clause("1.2", 25, take("less"))),
        section("2", clause("2.1", 50, take("short"))),
    )


def test_a_section_is_scaled_up_from_what_applies() -> None:
    card = adjusted_card(roads("section"), road=False, less=5, short=8)
    # 20 of 25 becomes 40 of 50
    assert told(card) == [("scaled-section", "20", "1: 25 of 50 do not apply; 20 × 50 ÷ 25")]
    assert card.score == 82
    assert adjusted_card(roads("section"), road=True, less=5, short=8).adjustments == ()


def test_the_total_is_scaled_up_from_what_applies() -> None:
    card = adjusted_card(roads("total"), road=False, less=5, short=10)
    # 60 of 75, × 4/3
    assert told(card) == [("scaled-total", "20", "Rules: 25 of 100 do not apply; 60 × 100 ÷ 75")]
    assert card.score == 80
    assert adjusted_card(roads("total"), road=False, less=4, short=10).score == Fraction(244, 3)


def test_scaling_keeps_to_weights_and_comes_section_first() -> None:
    book = rulebook(
        section("1", away("section", "1.1", 10), clause("1.2", 10, take("less"))),
        section("2", away("total", "2.1", 20, "rail"), clause("2.2", 60, take("short"))),
    )
    card = adjusted_card(book, road=False, rail=False, less=2, short=20)
    # 8 of 10 becomes 16 of 20; then 16 + 40 = 56 of 80 becomes 70 of 100
    assert [(a.id, exactly(a.points)) for a in card.adjustments] == [
        ("scaled-section", 8),
        ("scaled-total", 14),
    ]
    assert card.score == 70
    half = rulebook(
        section("1", away("section", "1.1", 50), clause("1.2", 50, take("less")), weight=figure(50))
    )
    assert adjusted_card(half, road=False, less=10).score == 40


def test_where_nothing_applies_everything_counts_in_full() -> None:
    whole = rulebook(section("1", away("section", "1.1", 30)), section("2", clause("2.1", 70)))
    assert adjusted_card(whole, road=False).score == 100
    nothing = rulebook(section("1", away("total", "1.1", 100)))
    assert adjusted_card(nothing, road=False).score == 100


def test_a_period_is_scaled_by_itself() -> None:
    parts = (
        Part("H1", text("H1"), "01-01", "06-30", figure(40)),
        Part("H2", text("H2"), "07-01", "12-31", figure(60)),
    )
    one = section("1", away("section", "1.1", 50), clause("1.2", 50, take("less")), each="period")
    book = above(rulebook(one), parts=parts)
    card = adjusted_card(book, periods={"H1": {"road": False, "less": 10}, "H2": {"road": True}})
    assert [(part.part, exactly(part.score)) for part in card.parts] == [("H1", 80), ("H2", 100)]
    assert card.score == 80 * Fraction(40, 100) + 60


def test_a_section_that_only_gives_is_not_scaled() -> None:
    """It has no points of its own: what it gave stands, and the rest is scaled by the total."""
    book = rulebook(
        section("1", away("total", "1.1", 50), clause("1.2", 50, take("less"))),
        section("2", clause("2.1", 0, give("plus"), starts="zero", above_points=True)),
    )
    # 40 + 5 of 50 become 90 of 100
    assert adjusted_card(book, road=False, less=10, plus=5).score == 90


# --- pools ----------------------------------------------------------------------------


def pool(*rules: Any, **changed: Any) -> Pool:
    return Pool("bonus", text("Bonus"), "so it says", rules, **changed)


def pooled(one: Pool, **reported: Any) -> Scorecard:
    book = above(one_clause(100, take("minus")), pools=(one,))
    return adjusted_card(book, **{"minus": 0, "plus": 0, "more": 0, "fault": 0} | reported)


def test_a_pool_gives_beside_the_sections() -> None:
    card = pooled(pool(give("plus")), plus=3, minus=10)
    assert told(card) == [
        ("give-plus", "3", "plus: 3, above 0 by 3, 1 point added each, add 3 points")
    ]
    assert [card.score, card.total] == [93, 100]
    (adjustment,) = card.adjustments
    assert adjustment.charge is not None
    assert [place.address for place in adjustment.sources] == ["plus"]


def test_a_pool_gives_up_to_its_cap() -> None:
    card = pooled(pool(give("plus"), give("more"), cap=figure(5)), plus=3, more=4)
    assert [a.points for a in card.adjustments] == [3, 2]
    assert told(card)[1][2].endswith("add 4 points; at most 5 points in all, so 2 points")
    empty = pooled(pool(give("plus"), give("more"), cap=figure(3)), plus=3, more=4)
    assert [a.points for a in empty.adjustments] == [3, 0]
    assert empty.score == 103


def test_what_a_pool_takes_is_not_capped_and_may_go_below_nought() -> None:
    card = pooled(pool(give("plus"), take("fault"), cap=figure(5)), plus=9, fault=7)
    assert [a.points for a in card.adjustments] == [5, -7]
    assert pooled(pool(take("fault")), minus=99, fault=7).score == -6


@pytest.mark.parametrize(
    ("changed", "minus", "given"),
    [
        ({"minimum": figure(90)}, 10, 3),
        ({"minimum": figure(90)}, 11, 0),
        ({"where": (lies("minus", below=5),)}, 4, 3),
        ({"where": (lies("minus", below=5),)}, 5, 0),
        ({"where": (lies("minus", below=5), has("plus", 3))}, 4, 3),
        ({"where": (lies("minus", below=5), has("plus", 4))}, 4, 0),
    ],
)
def test_a_pool_gives_on_its_conditions_and_takes_in_any_case(
    changed: dict[str, Any], minus: int, given: int
) -> None:
    card = pooled(pool(give("plus"), take("fault"), **changed), plus=3, fault=2, minus=minus)
    assert [a.points for a in card.adjustments] == [given, -2]
    if not given:
        assert told(card)[0][2].endswith("add 3 points; not given: the condition is not met")


def test_the_condition_of_a_pool_is_the_score_before_all_pools() -> None:
    pools = (pool(give("plus")), pool(give("more"), minimum=figure(100)))
    book = above(one_clause(100, take("minus")), pools=pools)
    assert adjusted_card(book, minus=1, plus=3, more=4).score == 102
    assert adjusted_card(book, minus=0, plus=3, more=4).score == 107


def test_a_pool_may_be_meant_for_some_groups() -> None:
    grouping = Grouping("group", (Group("x", text("X")), Group("y", text("Y"))), apart=False)
    book = above(one_clause(10), pools=(pool(give("plus"), groups=("x",)),), grouping=grouping)
    sent = {name: submission({"plus": 2}, township=name) for name in "abc"}
    found = cards(sent, book, year(2025), groups={"a": "x", "b": "y"})
    assert {name: card.score for name, card in found.items()} == {"a": 12, "b": 10, "c": 10}


# --- conversion and rounding ----------------------------------------------------------


def test_scores_are_converted_one_after_the_other() -> None:
    steps = (
        Conversion("hundred", text("Hundred"), figure(1000), figure(100)),
        Conversion("thirty", text("Thirty"), figure(100), figure(30), Rounding("half_up", 2)),
    )
    card = adjusted_card(above(one_clause(1000, take("minus")), conversions=steps), minus=124)
    # 876 → 87.6 → 26.28
    assert told(card) == [
        ("hundred", "-3942/5", "Hundred: 876 × 100 ÷ 1000 = 87.6"),
        ("thirty", "-1533/25", "Thirty: 87.6 × 30 ÷ 100 = 26.28"),
    ]
    assert [card.score, card.total] == [Fraction("26.28"), 30]


@pytest.mark.parametrize(
    ("rounding", "score"),
    [(None, "26.295"), (Rounding("half_up", 2), "26.3"), (Rounding("down", 2), "26.29"),
     (Rounding("up"), "27"), (Rounding("half_up"), "26")],
)  # fmt: skip
def test_a_conversion_rounds_as_it_says(rounding: Any, score: str) -> None:
    step = Conversion("thirty", text("Thirty"), figure(1000), figure(30), rounding)
    card = adjusted_card(above(one_clause("876.5"), conversions=(step,)))
    assert card.score == Fraction(score)


def test_the_score_is_rounded_at_the_end_if_at_all() -> None:
    third = take("minus", amount=figure("1/3"))
    book = above(one_clause(100, third), round_score=figure(2))
    card = adjusted_card(book, minus=1)
    assert told(card) == [("rounding", "1/300", "299/3 rounded to 2 places: 99.67")]
    assert card.score == Fraction("99.67")
    assert adjusted_card(book, minus=3).adjustments == ()
    pools = (pool(give("plus", amount=figure("1/3"))),)
    assert (
        adjusted_card(above(book, pools=pools), minus=1, plus=1).adjustments[-1].id == "give-plus"
    )


def test_the_score_before_conversion_is_kept_apart() -> None:
    """What is added to the sections, in their points, and what comes after in others."""
    book = above(one_clause(100, take("minus")), pools=(pool(give("plus")),))
    plain = adjusted_card(book, minus=7, plus=3)
    assert [plain.in_sections, plain.beside] == [93, 3]
    assert plain.unconverted is None
    step = Conversion("thirty", text("Thirty"), figure(100), figure(30))
    whole = above(book, conversions=(step,), round_score=figure(1))
    card = adjusted_card(whole, minus=7, plus=3)
    assert [card.in_sections, card.beside, card.unconverted] == [93, 3, 96]
    assert card.score == Fraction("28.8")
    assert [one.converts for one in card.adjustments] == [False, True]


# --- vetoes ---------------------------------------------------------------------------


def veto(name: str = "veto", **changed: Any) -> Veto:
    given: dict[str, Any] = {"where": (lies("deaths", at_least=1),)}
    return Veto(name, text("Veto"), "5", **given | changed)


def vetoed(*vetoes: Veto, deaths: int = 1, minus: int = 0, **more: Any) -> Scorecard:
    book = above(one_clause(100, take("minus")), "struck", vetoes=vetoes, **more)
    return adjusted_card(book, deaths=deaths, minus=minus)


@pytest.mark.parametrize(
    ("changed", "minus", "score"),
    [
        ({"score": figure(0)}, 5, "0"),
        ({"score": figure(60)}, 50, "60"),  # fixed is fixed, upwards too
        ({"at_most": figure(60)}, 5, "60"),
        ({"at_most": figure(60)}, 50, "50"),
        ({"score": figure(70), "at_most": figure(60)}, 5, "60"),
        ({"last": True}, 5, "95"),
    ],
)
def test_a_veto_fixes_or_limits_the_score(changed: dict[str, Any], minus: int, score: str) -> None:
    card = vetoed(veto(**changed), minus=minus)
    assert card.score == Fraction(score)
    moved = card.score != 100 - minus
    assert [a.id for a in card.adjustments] == (["veto"] if moved else [])
    assert vetoed(veto(**changed), minus=minus, deaths=0).score == 100 - minus


def test_a_veto_says_what_the_score_becomes() -> None:
    assert told(vetoed(veto(score=figure(0)), minus=5)) == [
        ("veto", "-95", "Veto: it becomes 0 points")
    ]


def test_vetoes_bring_last_places_outcomes_and_lines_with_them() -> None:
    one = veto("one", last=True, outcomes=("struck",))
    other = veto("other", at_most=figure(50), bars=("first",), where=(lies("deaths", at_least=2),))
    first, both, none = (vetoed(one, other, deaths=deaths) for deaths in (1, 2, 0))
    assert [(c.last, c.outcomes, c.barred) for c in (first, both, none)] == [
        (True, ("struck",), ()),
        (True, ("struck",), ("first",)),
        (False, (), ()),
    ]
    assert [exactly(c.score) for c in (first, both, none)] == [100, 50, 100]


def test_every_test_of_a_veto_must_hold() -> None:
    both = veto(score=figure(0), where=(lies("deaths", at_least=1), lies("minus", above=3)))
    assert [vetoed(both, minus=minus).score for minus in (3, 4)] == [97, 0]


def test_vetoes_come_after_conversion_and_rounding() -> None:
    step = Conversion("ten", text("Ten"), figure(100), figure(10))
    card = vetoed(veto(at_most=figure(6)), minus=5, conversions=(step,), round_score=figure(0))
    assert [a.id for a in card.adjustments] == ["ten", "rounding", "veto"]
    assert card.score == 6


# --- grades ---------------------------------------------------------------------------

GRADES = (
    Band("good", text("Good"), figure(90), None),
    Band("fair", text("Fair"), figure(60), figure(90)),
    Band("poor", text("Poor"), None, figure(60)),
)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("120", "good"),
        ("90", "good"),
        ("89.999", "fair"),
        ("269/3", "fair"),
        ("60", "fair"),
        ("179/3", "poor"),
        ("-3", "poor"),
    ],
)
def test_bands_are_half_open(score: str, grade: str) -> None:
    for grades in (GRADES, GRADES[::-1]):
        found = band(grades, Fraction(score))
        assert found is not None
        assert found.id == grade


def test_a_score_may_lie_in_no_band() -> None:
    assert band(GRADES[:2], Fraction(59)) is None
    assert band((), Fraction(59)) is None


def test_a_period_in_which_nothing_is_judged_has_no_score() -> None:
    parts = (Part("H1", text("H1"), "01-01", "12-31", figure(100)),)
    assert adjusted_card(above(one_clause(10), parts=parts)).parts == ()
