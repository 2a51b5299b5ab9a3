"""Periods in a row in the same grades, across the end of the year as well."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from generator.engine.book import (
    Band,
    Bands,
    Group,
    Grouping,
    NotApplicable,
    Part,
    Rulebook,
    Section,
    Streak,
)
from generator.engine.quantities import FactQuantity, FigureQuantity, RankQuantity
from generator.engine.rank import judged, reached
from generator.engine.year import PartScore
from tests.builders import (
    a_year,
    above,
    clause,
    figure,
    is_so,
    rulebook,
    section,
    take,
    text,
)

QUARTERS = tuple(
    Part(f"Q{n}", text(f"Q{n}"), start, end, figure(25))
    for n, (start, end) in enumerate(
        [("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31")], start=1
    )
)
GOOD = Band("good", text("Good"), figure(90), None, ("praised",))
FAIR = Band("fair", text("Fair"), figure(60), figure(90))
POOR = Band("poor", text("Poor"), None, figure(60))
GRADES = {"g": GOOD, "f": FAIR, "p": POOR}
POINTS = {"g": 5, "f": 20, "p": 70}


def streak(bands: tuple[str, ...] = ("fair", "poor"), periods: int = 3) -> Streak:
    return Streak("weak", text("Weak"), "5", bands, figure(periods), ("warned",))


def parts(grades: str) -> tuple[PartScore, ...]:
    return tuple(PartScore(f"Q{n}", Fraction(80), GRADES.get(g)) for n, g in enumerate(grades, 1))


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ("", "fff", True),
        ("", "ffg", False),
        ("", "fpf", True),  # either grade
        ("", "gfff", True),
        ("", "ffgf", False),
        ("ggff", "fggg", True),  # two of the year before, one of this
        ("gggf", "ffgg", True),
        ("gfff", "gggg", False),  # ended with the year before
        ("gggf", "gffg", False),
        ("fffg", "ffgg", False),
        ("gf-f", "fggg", False),  # a period without a grade ends the row
        ("ffff", "", False),
        ("", "", False),
    ],
)
def test_a_row_is_long_enough_where_it_ends_in_this_year(
    before: str, now: str, found: bool
) -> None:
    assert reached(streak(), parts(before), parts(now)) is found


def book(**more: Any) -> Rulebook:
    one = section("1", clause("1.1", 100, take("bad")), each="period")
    given: dict[str, Any] = {
        "parts": QUARTERS,
        "bands": Bands("period", (GOOD, FAIR, POOR)),
        "streaks": (streak(),),
    }
    return above(rulebook(one), "praised", "warned", **given | more)


def reported(grades: str) -> dict[str, Any]:
    return {"periods": {f"Q{n}": {"bad": POINTS[grade]} for n, grade in enumerate(grades, start=1)}}


@pytest.mark.parametrize(
    ("before", "now", "outcomes"),
    [
        (None, "fffg", ("warned",)),
        (None, "ffgf", ()),
        ("ggff", "fggg", ("warned",)),
        ("ggfg", "ffgg", ()),
        ("ff", "fggg", ("warned",)),  # only two quarters of it were reported
    ],
)
def test_what_follows_from_a_row_across_the_year_s_end(
    before: str | None, now: str, outcomes: tuple[str, ...]
) -> None:
    last = {} if before is None else {"oak": reported(before)}
    (standing,) = judged(a_year(book(), {"oak": reported(now)}, before=last)).standings
    assert standing.outcomes == outcomes
    assert standing.scorecard is not None
    grades = [part.band.id[0] for part in standing.scorecard.parts if part.band]
    assert "".join(grades) == now


def test_the_year_before_is_judged_with_all_who_reported_then() -> None:
    """Grades that hang on the others: by rank, and by what they have on average."""
    rank = RankQuantity(FactQuantity(("have",)), "higher")
    first = take("first", actual=rank, bound=FigureQuantity(figure(1)), amount=figure(50))
    applies = NotApplicable((is_so("road"),), "mean")
    by_rank = section("1", clause("1.1", 100, first), each="period")
    by_mean = section("1", clause("1.1", 100, take("bad"), applies=applies), each="period")
    weak = replace(streak(("poor",), 2), outcomes=("warned",))

    def quarters(*facts: dict[str, Any]) -> dict[str, Any]:
        return {"periods": {f"Q{n}": one for n, one in enumerate(facts, 1)}}

    def told(
        one: Section, now: dict[str, Any], last: dict[str, Any], *, apart: bool = False
    ) -> dict[str, Any]:
        named = tuple(Group(name, text(name)) for name in "xy")
        judging = above(book(), streaks=(weak,), grouping=Grouping("group", named, apart=apart))
        judging = replace(judging, sections=(one,))
        groups = {"oak": "x", "elm": "y"}
        found = judged(a_year(judging, now, groups=groups, before=last)).standings
        return {s.township.id: s.outcomes for s in found}

    high, low = {"have": 9}, {"have": 1}
    now = {"oak": quarters(low, high, high, high), "elm": quarters(high, high, high, high)}
    last = {"oak": quarters(high, high, high, low), "elm": quarters(high, high, high, high)}
    assert told(by_rank, now, last) == {"oak": ("warned",), "elm": ()}
    last["oak"] = quarters(high, high, high, high)
    assert told(by_rank, now, last) == {"oak": (), "elm": ()}
    bad, away, good = {"road": True, "bad": 70}, {"road": False}, {"road": True, "bad": 0}
    now = {"oak": quarters(bad, good, good, good), "elm": quarters(good, good, good, good)}
    last = {"oak": quarters(good, good, good, away), "elm": quarters(good, good, good, bad)}
    assert told(by_mean, now, last)["oak"] == ("warned",)
    assert told(by_mean, now, last, apart=True)["oak"] == ()  # ranked with nobody
    last["elm"] = quarters(good, good, good, good)
    assert told(by_mean, now, last)["oak"] == ()


def test_grades_of_the_year_have_consequences_of_their_own() -> None:
    yearly = book(bands=Bands("year", (GOOD, FAIR, POOR)), streaks=())
    reports = {"oak": reported("gggg"), "elm": reported("ffff"), "ash": reported("pppp")}
    given = a_year(yearly, reports, missing=["fir"])
    found = {s.township.id: s for s in judged(given).standings}
    assert {name: s.band.id for name, s in found.items() if s.band} == {
        "oak": "good",
        "elm": "fair",
        "ash": "poor",
    }
    assert {name: s.outcomes for name, s in found.items()} == {
        "oak": ("praised",),
        "elm": (),
        "ash": (),
        "fir": (),  # has sent no report
    }
    assert all(p.band is None for s in found.values() if s.scorecard for p in s.scorecard.parts)
