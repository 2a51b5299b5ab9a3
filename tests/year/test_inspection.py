"""Findings and ratings: which clause and rule they may be about, and what is still to be rated."""

from collections.abc import Sequence

import pytest

from generator.engine.book import Group, Grouping, Part, Pool, Rulebook
from generator.engine.kinds.discretion import Discretion, Scorer
from generator.engine.problem import Problem, Severity
from generator.engine.year import Rating
from generator.reading.source import Document, read
from generator.words.messages import catalogue
from generator.year.report import (
    Asked,
    asked,
    findings,
    missing_ratings,
    part_faults,
    rating_faults,
    ratings,
)
from tests.builders import PLACE, above, clause, figure, rating, rulebook, section, take, text

PATH = "data/2025/inspections/alder.yaml"


def left(name: str, *scorers: str) -> Discretion:
    weight = figure(100 // len(scorers))
    return Discretion(
        id=name,
        label=text(name.title()),
        unit=text(""),
        scorers={scorer: Scorer(text(scorer.title()), weight) for scorer in scorers},
        least=figure(0),
        greatest=figure(4),
    )


def book() -> Rulebook:
    """A clause of the year, one of every half, one for towns only, and a pool."""
    grouping = Grouping(
        "group", (Group("town", text("Town")), Group("wood", text("Wood"))), apart=False
    )
    towns = clause("1.2", 5, left("streets", "bureau"), groups=("town",))
    halves = tuple(
        Part(name, text(name), start, end, figure(50))
        for name, start, end in (("H1", "01-01", "06-30"), ("H2", "07-01", "12-31"))
    )
    made = rulebook(
        section("1", clause("1.1", 10, left("order", "bureau", "panel"), take("bad")), towns),
        section("2", clause("2.1", 20, left("care", "panel")), each="period"),
    )
    pool = Pool("bonus", text("Bonus"), "bonus", (left("spirit", "bureau"),))
    return above(made, grouping=grouping, parts=halves, pools=(pool,))


WANTED = asked(book(), "town")


def said(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    return [(problem.code, catalogue("en").render(problem.message)) for problem in problems]


def inspection(text_of_it: str) -> Document:
    document, problems = read(PATH, text_of_it.encode())
    assert problems == []
    assert document is not None
    return document


# --- what is asked --------------------------------------------------------------------


def test_a_unit_is_asked_the_clauses_and_the_rules_of_its_group() -> None:
    assert {name: int(place.points) for name, place in WANTED.clauses.items()} == {
        "1.1": 10,
        "1.2": 5,
        "2.1": 20,
    }
    assert {name: one.each for name, one in WANTED.left.items()} == {
        "order": False,
        "streets": False,
        "care": True,
        "spirit": False,
    }
    assert WANTED.parts == ("H1", "H2")
    assert "1.2" not in asked(book(), "wood").clauses
    assert "streets" not in asked(book(), None).left


# --- findings -------------------------------------------------------------------------


def finding(name: str, of: str, deduct: str, more: str = "") -> str:
    return (
        f"  - {{id: {name}, clause: '{of}', deduct: {deduct}, occasion: routine, "
        f"date: 2025-06-01, reason: so, document: No. 1{more}}}\n"
    )


def test_findings_are_read_and_the_wrong_ones_told() -> None:
    rows = [
        finding("F-1", "1.1", "2"),
        finding("F-1", "1.1", "11"),
        finding("F-2", "9.9", "1"),
        finding("F-3", "2.1", "1"),
        finding("F-4", "2.1", "1", ", period: H3"),
    ]
    found, problems = findings(inspection("findings:\n" + "".join(rows)), WANTED)
    assert [(one.id, int(one.points), one.part) for one in found] == [
        ("F-1", 2, None),
        ("F-1", 11, None),
        ("F-2", 1, None),
        ("F-3", 1, None),
        ("F-4", 1, "H3"),
    ]
    assert [(p.code, p.location.line) for p in problems] == [
        ("duplicate-id", 3),
        ("deduct-over-maximum", 3),
        ("unknown-clause", 4),
        ("period-missing", 5),
        ("unknown-period", 6),
    ]


# --- ratings --------------------------------------------------------------------------


def faults(one: Rating, *earlier: Rating, wanted: Asked = WANTED) -> list[str]:
    return [code for _, code, _ in rating_faults(one, wanted, earlier)]


@pytest.mark.parametrize(
    ("one", "codes"),
    [
        (rating("bureau", 3, "order"), []),
        (rating("bureau", 3, "bad"), ["unknown-rule"]),
        (rating("mayor", 3, "order"), ["unknown-scorer"]),
        (rating("bureau", 5, "order"), ["out-of-range"]),
        (rating("bureau", 3, "order", "H1"), ["period-superfluous"]),
        (rating("panel", 3, "care"), ["period-missing"]),
        (rating("panel", 3, "care", "H9"), ["unknown-period"]),
        (rating("panel", 3, "care", "H2"), []),
        (rating("mayor", 9, "care"), ["unknown-scorer", "out-of-range", "period-missing"]),
    ],
)
def test_what_may_be_wrong_with_a_rating(one: Rating, codes: list[str]) -> None:
    assert faults(one) == codes


def test_one_scorer_rates_a_rule_once_in_a_period() -> None:
    once = rating("bureau", 3, "order")
    assert faults(once, once) == ["duplicate-rating"]
    assert faults(rating("panel", 3, "care", "H1"), rating("panel", 3, "care", "H2")) == []
    (fault,) = rating_faults(once, WANTED, [once])
    assert catalogue("en").render(fault[2]).startswith("«Bureau» rates «Order» twice")


def test_a_rating_beyond_its_limits_is_told_by_the_name_of_the_rule() -> None:
    row = "  - {rule: order, scorer: bureau, points: 7, date: 2025-06-01, reason: so, document: 1}"
    found, problems = ratings(inspection(f"ratings:\n{row}\n"), WANTED)
    assert [int(one.points) for one in found] == [7]
    assert said(problems) == [("out-of-range", "«Order» is rated with 0 to 4 points, not 7.")]
    assert problems[0].location.address == "ratings.1.points"


def waiting(*given: Rating, group: str = "town") -> list[str]:
    found = list(missing_ratings(given, book(), group, PLACE))
    assert {one.severity for one in found} <= {Severity.WARNING}
    assert {one.code for one in found} <= {"rating-missing"}
    return [message for _, message in said(found)]


def test_what_is_still_to_be_rated_is_told_by_names() -> None:
    assert waiting() == [
        "«Order» still waits for the rating by: Bureau, Panel.",
        "«Streets» still waits for the rating by: Bureau.",
        "«Care» in H1 still waits for the rating by: Panel.",
        "«Care» in H2 still waits for the rating by: Panel.",
        "«Spirit» still waits for the rating by: Bureau.",
    ]
    assert len(waiting(group="wood")) == 4


def test_who_has_rated_is_not_waited_for() -> None:
    told = waiting(rating("panel", 3, "order"), rating("panel", 0, "care", "H2"))
    assert "«Order» still waits for the rating by: Bureau." in told
    assert "«Care» in H2 still waits for the rating by: Panel." not in told


def test_a_wrong_rating_is_not_a_missing_one_as_well() -> None:
    told = waiting(rating("bureua", 3, "order"))
    assert not [one for one in told if "Order" in one]
    assert len(told) == 4  # the other rules still wait
    assert not [one for one in waiting(rating("panel", 3, "care")) if "Care" in one]
    assert waiting(rating("bureau", 3, "odrer")) == []  # any of them may have been meant


# --- periods --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "each", "codes"),
    [
        (None, True, [("", "period-missing")]),
        (None, False, []),
        ("H1", True, []),
        ("H1", False, [("inner", "period-superfluous")]),
        ("H3", True, [("inner", "unknown-period")]),
    ],
)
def test_a_period_is_named_where_every_period_is_judged(
    part: str | None, each: bool, codes: list[tuple[str, str]]
) -> None:
    found = part_faults(part, ("H1", "H2"), each=each, key="inner")
    assert [(key, code) for key, code, _ in found] == codes
