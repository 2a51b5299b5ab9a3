"""What worked examples try of a rulebook: from both sides, with every number, in its period."""

from typing import Any

from generator.engine.book import Part, Pool, Rulebook
from generator.engine.kinds.per_record import AmountTable, PerRecord
from generator.engine.kinds.scale import Point, Scale
from generator.engine.measures import Figure
from generator.engine.quantities import FactQuantity
from generator.engine.score import scorecard
from generator.year.examples import RuleCoverage, Tried, coverage
from tests.builders import (
    above,
    clause,
    event,
    events,
    figure,
    give,
    one_clause,
    rulebook,
    section,
    submission,
    take,
    text,
    year,
)


def tried(
    book: Rulebook, values: dict[str, Any], of: str | None = "1.1", part: str | None = None
) -> Tried:
    return Tried(scorecard(submission(values), book, year(2025)), of, part)


def numbers(one: RuleCoverage) -> list[int]:
    return [int(found.value) for found in one.unused]


BY_LEVEL = PerRecord(
    id="events",
    label=text("events"),
    unit=text(""),
    selection=events(),
    amount=AmountTable(
        (("level",),), {("high",): figure(3), ("low",): figure(1), ("none",): figure(0)}
    ),
)


def test_a_rule_is_tried_from_both_sides_and_with_every_number() -> None:
    book = one_clause(10, BY_LEVEL)
    nothing, high = tried(book, {"events": []}), tried(book, {"events": [event("E-1")]})
    low = tried(book, {"events": [event("E-1", level="low")]})
    (one,) = coverage(book, [])
    assert (one.of, one.asks, one.silent, one.complete) == ("1.1", False, False, False)
    (one,) = coverage(book, [high])
    assert (one.asks, one.silent, numbers(one)) == (True, False, [1])
    (one,) = coverage(book, [high, nothing])
    assert (one.asks, one.silent, numbers(one), one.complete) == (True, True, [1], False)
    (one,) = coverage(book, [high, nothing, low])
    assert (numbers(one), one.complete) == ([], True)


def test_the_same_number_in_two_places_is_two_numbers() -> None:
    figures: dict[tuple[str, ...], Figure] = {("high",): figure(2), ("low",): figure(2)}
    twice = PerRecord(
        id="events",
        label=text("events"),
        unit=text(""),
        selection=events(),
        amount=AmountTable((("level",),), figures),
    )
    book = one_clause(10, twice)
    (one,) = coverage(book, [tried(book, {"events": [event("E-1")]})])
    assert [id(found) for found in one.unused] == [id(figures["low",])]


def test_an_example_tries_its_own_clause_or_pool_alone() -> None:
    book = rulebook(section("1", clause("1.1", 5, take("bad")), clause("1.2", 5, take("ill"))))
    pool = Pool("bonus", text("Bonus"), "bonus", (give("good", actual=FactQuantity(("good",))),))
    book = above(book, pools=(pool,))
    values = {"bad": 1, "ill": 1, "good": 1}
    asks = {one.rule.id: one.asks for one in coverage(book, [tried(book, values, "1.2")])}
    assert asks == {"take-bad": False, "take-ill": True, "give-good": False}
    asks = {one.rule.id: one.asks for one in coverage(book, [tried(book, values, "bonus")])}
    assert asks == {"take-bad": False, "take-ill": False, "give-good": True}
    assert all(one.asks for one in coverage(book, [tried(book, values, None)]))


def test_a_clause_of_every_period_is_looked_at_in_one() -> None:
    parts = (
        Part("H1", text("H1"), "01-01", "06-30", figure(50)),
        Part("H2", text("H2"), "07-01", "12-31", figure(50)),
    )
    book = above(rulebook(section("1", clause("1.1", 5, take("bad")), each="period")), parts=parts)
    values = {"periods": {"H1": {"bad": 1}, "H2": {"bad": 0}}}
    first, second = (tried(book, values, "1.1", part) for part in ("H1", "H2"))
    (one,) = coverage(book, [first])
    assert (one.asks, one.silent) == (True, False)
    (one,) = coverage(book, [second])
    assert (one.asks, one.silent) == (False, True)
    (one,) = coverage(book, [first, second])
    assert one.complete


def test_where_a_scale_is_at_0_there_is_nothing_to_try() -> None:
    along = tuple(Point(figure(at), figure(points)) for at, points in ((1, 8), (2, 6), (3, 0)))
    places = Scale(
        id="places",
        label=text("places"),
        unit=text(""),
        award=True,
        value=FactQuantity(("have",)),
        along=along,
        stepped=True,
        otherwise=None,
    )
    book = rulebook(section("1", clause("1.1", 10, places, starts="zero")))
    (one,) = coverage(book, [tried(book, {"have": n}) for n in (1, 3)])
    assert numbers(one) == [2, 6]
    (one,) = coverage(book, [tried(book, {"have": n}) for n in (1, 2, 3)])
    assert one.complete
