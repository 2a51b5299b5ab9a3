"""Two results of one year side by side: who is treated otherwise, and where."""

from typing import Any

from generator.engine.book import Band, Bands, Part, Payment, Rulebook
from generator.engine.difference import ClauseMoved, Moved, moved
from generator.engine.rank import judged
from tests.builders import (
    a_year,
    above,
    clause,
    exactly,
    figure,
    rulebook,
    section,
    take,
    text,
)

PLAIN = rulebook(
    section("1", clause("1.1", 50, take("bad"))), section("2", clause("2.1", 50, take("ill")))
)
REPORTS = {
    "oak": {"bad": 5, "ill": 1},
    "elm": {"bad": 3, "ill": 7},
    "ash": {"bad": 0, "ill": 20},
    "fir": {"bad": 40, "ill": 0},
}


def between(
    old: Rulebook, new: Rulebook, reports: Any = REPORTS, later: Any = None, **more: Any
) -> tuple[Moved, ...]:
    before = judged(a_year(old, reports, **more)).standings
    return moved(before, judged(a_year(new, later or reports, **more)).standings)


def test_nobody_moves_where_nothing_differs() -> None:
    assert between(PLAIN, PLAIN) == ()
    assert between(PLAIN, PLAIN, missing=["yew"]) == ()


def test_those_who_move_come_by_places_then_by_points() -> None:
    doubled = rulebook(
        section("1", clause("1.1", 50, take("bad", amount=figure(4)))), PLAIN.sections[1]
    )
    # 94, 90, 80, 60 become 79, 81, 80, 50: oak 1 → 3, elm 2 → 1, ash 3 → 2, fir stays fourth
    found = between(PLAIN, doubled)
    assert [(m.township.id, m.ranks, exactly(m.points)) for m in found] == [
        ("oak", 2, -15),
        ("elm", 1, -9),
        ("ash", 1, 0),
        ("fir", 0, -10),  # 10 of 50 left, and no less than nothing
    ]
    assert found[0].clauses == (ClauseMoved(None, "1.1", figure(45).value, figure(30).value),)
    assert found[2].clauses == ()


def test_points_that_go_from_one_clause_to_another_are_a_move() -> None:
    later = {**REPORTS, "oak": {"bad": 1, "ill": 5}}
    (oak,) = between(PLAIN, PLAIN, later=later)
    assert (oak.ranks, exactly(oak.points)) == (0, 0)
    assert [(c.clause, int(c.old or 0), int(c.new or 0)) for c in oak.clauses] == [
        ("1.1", 45, 49),
        ("2.1", 49, 45),
    ]


def test_a_clause_that_is_in_one_rulebook_only_has_no_points_in_the_other() -> None:
    more = rulebook(*PLAIN.sections, section("3", clause("3.1", 5)))
    found = between(PLAIN, more)
    assert [m.township.id for m in found] == ["ash", "elm", "fir", "oak"]
    assert {m.clauses for m in found} == {(ClauseMoved(None, "3.1", None, figure(5).value),)}
    back = between(more, PLAIN)
    assert {m.clauses for m in back} == {(ClauseMoved(None, "3.1", figure(5).value, None),)}


def test_periods_are_told_apart() -> None:
    halves = tuple(
        Part(name, text(name), start, end, figure(50))
        for name, start, end in (("H1", "01-01", "06-30"), ("H2", "07-01", "12-31"))
    )
    book = above(
        rulebook(section("1", clause("1.1", 50, take("bad")), each="period")), parts=halves
    )
    one = {"oak": {"periods": {"H1": {"bad": 5}, "H2": {"bad": 8}}}}
    other = {"oak": {"periods": {"H1": {"bad": 5}, "H2": {"bad": 2}}}}
    (oak,) = between(book, book, one, other)
    assert oak.clauses == (ClauseMoved("H2", "1.1", figure(42).value, figure(48).value),)
    assert oak.points == 3


def test_grades_payments_and_consequences_are_moves_too() -> None:
    grades = (Band("a", text("A"), figure(90), None), Band("b", text("B"), None, figure(90)))
    lower = (Band("a", text("A"), figure(80), None), Band("b", text("B"), None, figure(80)))
    old, new = (above(PLAIN, bands=Bands("year", bands)) for bands in (grades, lower))
    assert [m.township.id for m in between(old, new)] == ["ash"]
    for rate, same in ((10, True), (20, False)):
        pay = [
            Payment("pay", text("Pay"), "6", text("yuan"), figure(per_point))
            for per_point in (10, rate)
        ]
        first, second = (above(PLAIN, payments=(one,)) for one in pay)
        assert (between(first, second) == ()) is same


def test_who_is_in_one_result_only_or_had_not_submitted() -> None:
    (oak,) = between(
        PLAIN, PLAIN, {"oak": REPORTS["oak"]}, {"oak": {"bad": 0, "ill": 0}, "elm": {}}
    )
    assert oak.township.id == "oak"
    before = judged(a_year(PLAIN, {}, missing=["oak"])).standings
    after = judged(a_year(PLAIN, {"oak": REPORTS["oak"]})).standings
    (oak,) = moved(before, after)
    assert (oak.ranks, exactly(oak.points)) == (1, 94)
    assert [c.old for c in oak.clauses] == [None, None]
    (oak,) = moved(after, before)
    assert (oak.ranks, exactly(oak.points)) == (1, -94)
