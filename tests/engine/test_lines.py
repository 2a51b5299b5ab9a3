"""Lines by the score, by a share of those ranked, in groups; plain ones are in `test_rank`."""

from fractions import Fraction
from string import ascii_lowercase
from typing import Any

import pytest

from generator.engine.book import Line, Rulebook
from generator.engine.measures import Bounds, Rounding
from generator.engine.rank import Field, at_line, drawn, outcomes, places_of, plain_field
from tests.builders import decision, figure, inputs, rulebook, section, text


def line(name: str = "line", **changed: Any) -> Line:
    given: dict[str, Any] = {
        "id": name,
        "label": text(name),
        "clause": "4",
        "end": "first",
        "places": None,
        "bounds": Bounds(),
        "yields_to": None,
        "yields_below": None,
        "outcomes": (name,),
        "undecided": f"at-{name}",
    }
    return Line(**given | changed)


def book(*lines: Line) -> Rulebook:
    return rulebook(section("1"), lines=lines)


def scores(*points: Any) -> dict[str, Fraction]:
    return {letter: Fraction(p) for letter, p in zip(ascii_lowercase, points, strict=False)}


def found(one: Line, *points: Any) -> tuple[str, str]:
    inside, across = at_line(one, book(one), plain_field(scores(*points)))
    return "".join(inside), "".join(across)


# --- by the score ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounds", "inside"),
    [
        (Bounds(at_least=figure(80)), "abc"),
        (Bounds(above=figure(80)), "ab"),
        (Bounds(below=figure(80)), "de"),
        (Bounds(at_most=figure(80)), "cde"),
        (Bounds(at_least=figure(70), below=figure(90)), "cd"),
        (Bounds(), "abcde"),
    ],
)
def test_a_line_may_be_drawn_by_the_score_alone(bounds: Bounds, inside: str) -> None:
    assert found(line(end=None, bounds=bounds), 95, 90, 80, 70, 60) == (inside, "")


def test_nobody_waits_at_a_line_that_is_drawn_by_the_score() -> None:
    assert found(line(end=None, bounds=Bounds(below=figure(80))), 70, 70, 70) == ("abc", "")
    assert found(line(end="last", bounds=Bounds(below=figure(80))), 90, 70) == ("b", "")


# --- by a share of those ranked -------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "rounding", "ranked", "places"),
    [
        (20, None, 10, 2),
        (20, None, 9, 1),  # 1.8, downwards where nothing is said
        (20, Rounding("down"), 9, 1),
        (20, Rounding("up"), 9, 2),
        (20, Rounding("half_up"), 9, 2),
        (20, Rounding("half_up"), 7, 1),  # 1.4
        (50, Rounding("half_up"), 5, 3),
        (10, Rounding("down"), 9, 0),
        (33, None, 3, 0),  # 0.99
        (100, None, 4, 4),
        (30, None, 0, 0),
    ],
)
def test_a_share_of_places_is_made_whole(
    percent: int, rounding: Rounding | None, ranked: int, places: int
) -> None:
    one = line(percent=figure(percent), rounding=rounding)
    assert places_of(one, book(one), ranked) == set(range(1, places + 1))
    last = line(end="last", percent=figure(percent), rounding=rounding)
    assert places_of(last, book(last), ranked) == set(range(ranked - places + 1, ranked + 1))


def test_more_places_than_units_are_all_of_them() -> None:
    assert places_of(line(places=figure(9)), book(), 3) == {1, 2, 3}
    assert places_of(line(places=figure(9), end="last"), book(), 3) == {1, 2, 3}


def test_a_share_and_a_threshold_hold_together() -> None:
    one = line(percent=figure(50), bounds=Bounds(at_least=figure(90)))
    assert found(one, 99, 95, 91, 85, 80, 75) == ("abc", "")
    assert found(one, 99, 95, 89, 85, 80, 75) == ("ab", "")
    assert found(one, 99, 95, 91, 91, 80, 75) == ("ab", "cd")  # tied over the third place
    assert found(one, 99, 95, 89, 89, 80, 75) == ("ab", "")  # tied, but below the threshold


# --- groups and those who are not eligible --------------------------------------------


def field(points: dict[str, Fraction], groups: dict[str, Any], **barred: Any) -> Field:
    return Field(points, points, groups, barred)


GROUPS = {"a": "x", "b": "y", "c": "x", "d": "y", "e": "x", "f": None}


def test_a_line_of_a_group_counts_the_places_of_that_group() -> None:
    everybody = field(scores(99, 98, 97, 96, 95, 94), GROUPS)
    for groups, inside in (((), "ab"), (("x",), "ac"), (("y",), "bd"), (("x", "y"), "ab")):
        one = line(places=figure(2), groups=groups)
        assert at_line(one, book(one), everybody) == (tuple(inside), ())
    last = line(end="last", places=figure(1), groups=("x",))
    assert at_line(last, book(last), everybody) == (("e",), ())


def test_who_is_not_eligible_fills_a_place_all_the_same() -> None:
    one, other = line(places=figure(2)), line("other", places=figure(2))
    everybody = field(scores(99, 98, 97), {}, a=("line",))
    assert at_line(one, book(one), everybody) == (("b",), ())
    assert at_line(other, book(other), everybody) == (("a", "b"), ())
    of_x = line(places=figure(1), groups=("x",))
    among = Field(scores(99, 98, 97), scores(99, 98, 97), GROUPS, {"a": ("line",)})
    assert at_line(of_x, book(of_x), among) == ((), ())


def test_a_line_of_a_group_yields_by_the_number_of_that_group() -> None:
    first = line("first", places=figure(2), yields_to="last", yields_below=figure(4), groups=("x",))
    last = line("last", end="last", places=figure(1), groups=("x",))
    everybody = field(scores(99, 98, 95, 94, 95, 93), GROUPS)
    # a is first of x, c and e share its second and third place
    assert drawn(last, book(first, last), everybody, {}) == ((), ("c", "e"))
    assert drawn(first, book(first, last), everybody, {}) == (("a",), ("c", "e"))
    decided = {"last": ("c",)}
    assert drawn(first, book(first, last), everybody, decided) == (("a",), ("e",))


def test_lines_of_fields_ranked_apart_are_drawn_in_each() -> None:
    one = line(places=figure(1))
    fields = [plain_field(scores(99, 98)), plain_field({"y": Fraction(50), "z": Fraction(50)})]
    given = inputs(book(one), {}, missing=["a", "b", "y", "z"])
    more: dict[str, tuple[str, ...]] = {"a": (), "b": ("line",), "y": (), "z": ()}
    assert outcomes(given, fields, more) == {
        "a": ("line",),
        "b": ("line",),  # for another reason
        "y": ("at-line",),
        "z": ("at-line",),
    }
    decided = inputs(book(one), {}, missing=["a"], decisions=(decision("line", "z"),))
    assert outcomes(decided, fields, more)["z"] == ("line",)
    assert outcomes(decided, fields, more)["y"] == ()
