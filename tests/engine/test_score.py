"""Charging: in which order, down to which floor, what was asked and what was taken."""

from fractions import Fraction
from typing import Any

import pytest

from generator.engine.book import Exclusions, Ground, Rulebook
from generator.engine.kinds import PerRecord, Requirement
from generator.engine.measures import Basis
from generator.engine.model import Submission
from generator.engine.result import Scorecard
from generator.engine.score import FINDING, charge, scorecard
from generator.words.messages import catalogue
from tests.builders import (
    EVENTS,
    asked,
    clause,
    event,
    events,
    figure,
    finding,
    first_book,
    one_clause,
    rulebook,
    section,
    submission,
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


def test_one_event_counts_under_every_clause_that_it_meets() -> None:
    book = rulebook(
        section("1", clause("1.1", "5", each("any", "1")), clause("1.2", "5", each("high", "2")))
    )
    assert judged(book, {"events": [event("E-1")]}).score == 7


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
    assert [int(c.deduction.points) for c in score.charges] == [points[LEVELS[level]]]
    assert {c.deduction.basis for c in score.charges} == {Basis.TEXT}
