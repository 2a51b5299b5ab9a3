"""Which group a unit is in, and what the rulebook is to it."""

from dataclasses import replace
from typing import Any

import pytest

from generator.engine.book import Group, Grouping, Payment, Pool, Rulebook
from generator.engine.facts import for_group, group_of, groups_of, of_group
from generator.engine.rank import judged
from tests.builders import (
    a_year,
    above,
    clause,
    figure,
    give,
    rulebook,
    section,
    take,
    text,
    township,
)

GROUPS = (Group("hill", text("Hill")), Group("plain", text("Plain")))


def grouped(by: Any = "group", apart: bool = False, *groups: Group) -> Grouping:
    return Grouping(by, groups or GROUPS, apart)


@pytest.mark.parametrize(
    ("by", "names", "group"),
    [
        ("group", ("hill", "plain"), "hill"),
        ("kind", ("subdistrict", "township"), "township"),
        ("id", ("oak", "elm"), "oak"),
        ("group", ("plain",), None),
        ("id", ("elm",), None),
    ],
)
def test_units_fall_into_groups_by_the_register(
    by: str, names: tuple[str, ...], group: str | None
) -> None:
    grouping = grouped(by, False, *(Group(name, text(name)) for name in names))  # noqa: FBT003
    book = above(rulebook(), grouping=grouping)
    assert group_of(book, township("oak", "hill")) == group
    assert groups_of(book, [township("oak", "hill")]) == ({"oak": group} if group else {})


def test_without_groups_everybody_is_in_none() -> None:
    assert group_of(rulebook(), township("oak", "hill")) is None
    book = rulebook(section("1", clause("1.1", 10)))
    assert of_group(book, "hill") is book


def test_what_is_meant_for_no_group_is_meant_for_all() -> None:
    found = [for_group(of, mine) for of in ((), ("hill",)) for mine in ("hill", "plain", None)]
    assert found == [True, True, True, True, False, False]


def book_of_groups(*, apart: bool = False) -> Rulebook:
    """Hills have 1.1 by 30 points, plains by 20 and 1.2 besides; section 2 weighs by group."""
    roads = clause(
        "1.1", 25, take("bad"), points_by_group={"hill": figure(30), "plain": figure(20)}
    )
    fields = clause("1.2", 10, take("idle"), groups=("plain",))
    woods = clause("2.1", 100, take("cut"))
    book = rulebook(
        section("1", roads, fields, points_by_group={"hill": figure(30), "plain": figure(30)}),
        section("2", woods, weight=figure(70), weight_by_group={"hill": figure(60)}),
        section("3", clause("3.1", 5), groups=("hill",)),
    )
    pools = (Pool("bonus", text("Bonus"), "", (give("plus"),), groups=("hill",)),)
    pay = Payment(
        "bonus-pay", text("Pay"), "4", text("yuan"), figure(10), figure(80), {"hill": figure(20)}
    )
    by_group = {"hill": figure(95), "plain": figure(100)}
    return replace(
        above(book, grouping=grouped("group", apart), pools=pools, payments=(pay,)),
        total_by_group=by_group,
    )


REPORTS = {
    "oak": {"bad": 3, "idle": 9, "cut": 10, "plus": 2},
    "elm": {"bad": 3, "idle": 4, "cut": 10, "plus": 2},
    "yew": {"bad": 3, "idle": 4, "cut": 10, "plus": 2},
}
REGISTER = {"oak": "hill", "elm": "plain", "yew": "town"}


def test_every_group_has_its_own_clauses_points_and_weights() -> None:
    hill, plain, other = (of_group(book_of_groups(), group) for group in ("hill", "plain", None))
    assert [[c.id for c in book.clauses()] for book in (hill, plain, other)] == [
        ["1.1", "2.1", "3.1"],
        ["1.1", "1.2", "2.1"],
        ["1.1", "2.1"],
    ]
    points = [[int(c.points.value) for c in book.clauses()] for book in (hill, plain, other)]
    assert points == [[30, 100, 5], [20, 10, 100], [25, 100]]
    assert [book.sections[0].points.value for book in (hill, plain, other)] == [30, 30, 35]
    weights = [book.sections[1].weight for book in (hill, plain, other)]
    assert [weight.value for weight in weights if weight] == [60, 70, 70]
    assert [book.total.value for book in (hill, plain)] == [95, 100]
    assert [len(book.above.pools) for book in (hill, plain, other)] == [1, 0, 0]
    assert [book.above.payments[0].per_point.value for book in (hill, plain, other)] == [20, 10, 10]


def test_units_are_scored_and_paid_by_their_groups() -> None:
    result = judged(a_year(book_of_groups(), REPORTS, groups=REGISTER))
    found = {s.township.id: s for s in result.standings}
    scores = {name: s.scorecard.score for name, s in found.items() if s.scorecard}
    # 30 − 3 + 90 × 60 % + 5 + 2; 20 − 3 + 10 − 4 + 90 × 70 %; 25 − 3 + 90 × 70 %
    assert scores == {"oak": 88, "elm": 86, "yew": 85}
    assert {n: s.scorecard.total for n, s in found.items() if s.scorecard} == {
        "oak": 95,
        "elm": 100,
        "yew": 140,
    }
    assert {name: s.group for name, s in found.items()} == {
        "oak": "hill",
        "elm": "plain",
        "yew": None,
    }
    assert {name: s.payments[0].amount for name, s in found.items()} == {
        "oak": 1760,
        "elm": 860,
        "yew": 850,
    }
    assert {name: s.rank for name, s in found.items()} == {"oak": 1, "elm": 2, "yew": 3}


def test_groups_may_be_ranked_each_by_itself() -> None:
    reports = REPORTS | {"ash": REPORTS["elm"] | {"bad": 1}, "fir": REPORTS["oak"]}
    register = REGISTER | {"ash": "plain", "fir": "hill"}
    given = a_year(book_of_groups(apart=True), reports, groups=register, missing=["bay"])
    found = {s.township.id: (s.rank, s.tied) for s in judged(given).standings}
    assert found == {
        "oak": (1, True),
        "fir": (1, True),
        "ash": (1, False),
        "elm": (2, False),
        "yew": (1, False),  # in no group: by itself
        "bay": (None, False),
    }
