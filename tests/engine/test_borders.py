"""Who stands nearest to a line on either side, and what small thing keeps them there."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from generator.engine.book import Group, Grouping, Line, Veto
from generator.engine.effects import Border, Edge, Effects, borders
from generator.engine.measures import Bounds
from generator.engine.rank import judged
from tests.builders import (
    a_year,
    above,
    clause,
    decision,
    figure,
    is_so,
    rulebook,
    section,
    take,
    text,
)
from tests.engine.test_rank import line


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
