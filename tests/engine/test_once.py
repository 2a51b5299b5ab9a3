"""One event under one clause only: which one, and what stays where it was."""

from dataclasses import replace
from typing import Any, Literal

import pytest

from generator.engine.book import Rulebook
from generator.engine.kinds.ceiling import Ceiling
from generator.engine.kinds.per_record import PerRecord
from generator.engine.kinds.recurrence import Recurrence
from generator.engine.quantities import FigureQuantity
from generator.engine.score import lists_by_rule, once, scorecard
from generator.engine.year import Scorecard
from generator.words.messages import catalogue
from tests.builders import (
    clause,
    event,
    events,
    figure,
    finding,
    rulebook,
    section,
    submission,
    take,
    text,
    year,
)


def each(name: str, points: str, *, award: bool = False, **fields: object) -> PerRecord:
    return PerRecord(
        id=name,
        label=text(name),
        unit=text(""),
        selection=events(**fields),
        amount=figure(points),
        award=award,
    )


def book(how: Literal["heaviest", "first"] | None) -> Rulebook:
    """Three clauses, two of which any event meets; the third deducts for a number."""
    found = rulebook(
        section(
            "1",
            clause("1.1", 10, each("any", "2"), take("few")),
            clause("1.2", 10, each("low", "3", level="low"), each("also-low", "1", level="low")),
            clause("1.3", 10, each("again", "2"), each("praise", "1", award=True)),
        )
    )
    return replace(found, counted_once=how)


FACTS = {"events": [event("E-1", level="low"), event("E-2")], "few": 2}


def charged(card: Scorecard) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (score.clause.id, charge.deduction.rule, charge.deduction.records)
        for score in card.clauses()
        for charge in score.charges
    ]


def judged(how: Literal["heaviest", "first"] | None, facts: dict[str, Any]) -> Scorecard:
    return scorecard(submission(facts, finding("F-01", "1")), book(how), year(2025))


def test_silent_it_counts_under_every_clause() -> None:
    assert sum(records == ("E-1",) for _, _, records in charged(judged(None, FACTS))) == 5


@pytest.mark.parametrize(
    ("how", "kept"),
    [
        ("heaviest", [("1.1", "E-2"), ("1.2", "E-1"), ("1.2", "E-1")]),
        ("first", [("1.1", "E-1"), ("1.1", "E-2")]),
    ],
)
def test_a_record_counts_under_one_clause(how: Any, kept: list[tuple[str, str]]) -> None:
    found = charged(judged(how, FACTS))
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
        assert [name for _, name, _ in charged(card)] == [kept]


def test_what_counts_here_alone_says_so() -> None:
    card = judged("heaviest", FACTS)
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
    alone = {"1.1": judged("first", {"events": [], "few": 2}).sections[0].clauses[0].charges}
    asked = {name: tuple(c.deduction for c in charges) for name, charges in alone.items()}
    assert once(asked, lists_by_rule(book("first").rules()), "first") is asked
