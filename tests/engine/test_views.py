"""When the periods of a year are, and what stands before each of them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from generator.engine.book import Group, Grouping, Part, Rulebook
from generator.engine.facts import Views, past_views, views_of
from generator.engine.quantities import (
    BeforeQuantity,
    BestQuantity,
    DifferenceQuantity,
    FactQuantity,
    YearBeforeQuantity,
)
from generator.engine.rank import judged
from generator.engine.year import Calendar, Period, Submission
from tests.builders import (
    a_year,
    above,
    clause,
    figure,
    give,
    one_clause,
    rulebook,
    section,
    submission,
    text,
    year,
)

HAVE = FactQuantity(("have",))
BEFORE = BeforeQuantity(HAVE)
YEAR_BEFORE = YearBeforeQuantity(HAVE)
HALVES = (
    Part("H1", text("H1"), "01-01", "06-30", figure(50)),
    Part("H2", text("H2"), "07-01", "12-31", figure(50)),
)
RISEN = give("risen", actual=DifferenceQuantity(HAVE, BEFORE))


def halves() -> Rulebook:
    book = rulebook(section("1", clause("1.1", 100, RISEN, starts="zero"), each="period"))
    return above(book, parts=HALVES)


def sent(h1: Any, h2: Any, whole: Any = 0) -> dict[str, Any]:
    """A report for two halves; None where there is nothing for one of them."""
    halves = {"H1": h1, "H2": h2}
    return {
        "have": whole,
        "periods": {name: {"have": n} for name, n in halves.items() if n is not None},
    }


def views(book: Rulebook, now: dict[str, Any], last: dict[str, Any] | None = None) -> Views:
    before: dict[str, Submission] = {} if last is None else {"alder": submission(last)}
    sent_in = {"alder": submission(now)}
    return views_of(sent_in, book, year(2025), {}, before, Calendar())["alder"]


def test_the_periods_of_a_year_have_their_own_days() -> None:
    found = views(halves(), sent(1, 2))
    assert {part: view.period for part, view in found.items()} == {
        None: year(2025),
        "H1": Period(date(2025, 1, 1), date(2025, 6, 30)),
        "H2": Period(date(2025, 7, 1), date(2025, 12, 31)),
    }
    assert [view.value(("have",)) for view in found.values()] == [0, 1, 2]


@pytest.mark.parametrize(("number", "end"), [(2024, 29), (2025, 28), (2028, 29)])
def test_a_period_to_the_end_of_february_ends_on_it(number: int, end: int) -> None:
    parts = (
        Part("P1", text("P1"), "01-01", "02-29", figure(20)),
        Part("P2", text("P2"), "03-01", "12-31", figure(80)),
    )
    book = above(one_clause(10), parts=parts)
    found = views_of({"a": submission({})}, book, year(number), {}, {}, Calendar())["a"]
    assert found["P1"].period.end == date(number, 2, end)


def test_a_period_comes_after_the_one_before_across_the_years_as_well() -> None:
    found = views(halves(), sent(7, 9, 16), sent(2, 4, 6))
    assert {part: BEFORE.measure(view).value for part, view in found.items()} == {
        None: 6,
        "H1": 4,  # the second half of the year before
        "H2": 7,
    }


def test_a_year_before_a_period_is_the_same_one() -> None:
    found = views(halves(), sent(7, 9, 16), sent(2, 4, 6))
    values = {part: YEAR_BEFORE.measure(view).value for part, view in found.items()}
    assert values == {None: 6, "H1": 2, "H2": 4}
    found = views(halves(), sent(7, 9, 16), sent(None, 4, 6))
    assert YEAR_BEFORE.measure(found["H1"]).value is None


@pytest.mark.parametrize(
    ("last", "before"),
    [(None, None), ({}, None), (sent(2, None), 2), ({"periods": 3, "have": 1}, None)],
)
def test_the_last_period_that_was_reported_comes_before_the_first(last: Any, before: Any) -> None:
    assert BEFORE.measure(views(halves(), sent(7, 9), last)["H1"]).value == before


def test_what_was_before_does_not_matter_to_a_rulebook_that_never_asks() -> None:
    assert views(one_clause(10), {"have": 3}, {"have": 2})[None].before is None


def test_rises_are_counted_from_period_to_period() -> None:
    given = a_year(halves(), {"oak": sent(7, 9), "elm": sent(3, 2)}, before={"oak": sent(0, 4)})
    cards = [s.scorecard for s in judged(given).standings]
    scores = [[int(s.points * 2) for s in card.sections] for card in cards if card]
    assert scores == [[0, 0], [3, 2]]  # elm has no past and falls; oak: 4 → 7 → 9


def test_the_year_before_ends_on_its_own_last_day_of_february() -> None:
    span = Period(date(2024, 2, 1), date(2024, 2, 29))
    book = one_clause(10)
    found = past_views({"oak": submission({})}, book, span, {}, Calendar())
    assert found["oak"][None].period == Period(date(2023, 2, 1), date(2023, 2, 28))
    assert past_views({}, book, span, {}, Calendar()) == {}


GROUPS = (Group("x", text("X")), Group("y", text("Y")))


@pytest.mark.parametrize(("apart", "found"), [(True, [3, 8, 3]), (False, [8, 8, 8])])
def test_units_were_compared_the_year_before_with_those_ranked_with_them(
    apart: bool, found: list[int]
) -> None:
    best = give("best", actual=BeforeQuantity(BestQuantity(HAVE, "higher")))
    book = rulebook(section("1", clause("1.1", 100, best, starts="zero")))
    book = above(book, grouping=Grouping("group", GROUPS, apart=apart))
    before = {"a": {"have": 3}, "b": {"have": 8}, "c": {"have": 2}}
    now: dict[str, Any] = {name: {"have": 0} for name in before}
    groups = {"a": "x", "b": "y", "c": "x"}
    result = judged(a_year(book, now, groups=groups, before=before))
    assert [s.scorecard.score for s in result.standings if s.scorecard] == found


def test_units_are_compared_with_those_ranked_with_them() -> None:
    grouping = Grouping("group", GROUPS, apart=True)
    best = give("best", actual=BestQuantity(HAVE, "higher"))
    book = above(rulebook(section("1", clause("1.1", 100, best, starts="zero"))), grouping=grouping)
    reports = {"a": {"have": 3}, "b": {"have": 8}, "c": {"have": 5}}
    groups = {"a": "x", "b": "y", "c": "x"}
    found = [s.scorecard for s in judged(a_year(book, reports, groups=groups)).standings]
    assert [card.score for card in found if card] == [5, 8, 5]
    together = above(book, grouping=replace(grouping, apart=False))
    found = [s.scorecard for s in judged(a_year(together, reports, groups=groups)).standings]
    assert [card.score for card in found if card] == [8, 8, 8]
