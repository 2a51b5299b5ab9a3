"""Everybody's ranks over combinations of readings: sums of clauses come to what judging does."""

import pytest

from generator.engine.difference import moved
from generator.review.readings import (
    EXACT,
    SAMPLED,
    _Whole,
    cells,
    otherwise,
    picked,
    ranges,
    readings_of,
    sums_of,
)
from generator.rulebook.readings import Option
from generator.year.supposed import Years
from tests.review.readings import LINJIANG, board, files, loaded, option, reader, result

YEARS = (2023, 2024, 2025)


@pytest.mark.parametrize("year", YEARS)
def test_a_sum_of_clauses_ranks_as_judging_the_whole_does(year: int) -> None:
    own = reader(year)
    sums, whole = sums_of(own), _Whole(own)
    assert sums is not None
    for chosen in picked(own.fitting, board().clash, 0, 60, f"test {year}").chosen:
        assert sums.ranks(chosen) == whole.ranks(chosen), [one.name for one in chosen]


@pytest.mark.parametrize("year", YEARS)
def test_one_reading_by_sums_moves_the_same_as_judged(year: int) -> None:
    own = reader(year)
    sums = sums_of(own)
    assert sums is not None
    for judged, added in zip(otherwise(own), otherwise(own, sums.cards), strict=True):
        assert [(m.township, m.points, m.ranks, m.clauses) for m in judged.moved] == [
            (m.township, m.points, m.ranks, m.clauses) for m in added.moved
        ]
        assert judged.standings is not None
        assert added.standings is not None
        assert moved(judged.standings, added.standings) == ()


@pytest.mark.parametrize("year", YEARS)
def test_a_range_holds_the_rank_and_those_of_every_single_reading(year: int) -> None:
    found = ranges(reader(year), sums_of(reader(year)))
    ranked = {s.township.id: s.rank for s in result(year).standings if s.rank}
    assert {one.township.id: one.rank for one in found.ranges} == ranked
    assert [one.rank for one in found.ranges] == sorted(ranked.values())
    spans = {one.township.id: range(one.best, one.worst + 1) for one in found.ranges}
    assert all(1 <= one.best <= one.rank <= one.worst <= len(ranked) for one in found.ranges)
    for single in otherwise(reader(year)):
        for standing in single.standings or ():
            assert standing.rank is None or standing.rank in spans[standing.township.id]


def test_too_many_are_sampled_the_same_way_twice() -> None:
    many = len(result(2025).inputs.submissions)
    found = ranges(reader(2025), sums_of(reader(2025)))
    assert found == ranges(reader(2025), sums_of(reader(2025)))
    assert not found.complete
    assert found.total * many > EXACT
    assert found.judged == SAMPLED // many
    assert found.left_out == ()


def test_where_more_than_clauses_adds_up_the_whole_is_judged() -> None:
    own = reader(2025, LINJIANG)
    assert sums_of(own) is None
    assert cells(board(LINJIANG), own.fitting) == []
    found = ranges(own, slow=40)
    many = len(own.result.inputs.submissions)
    assert (found.judged, found.complete) == (40 // many, False)
    groups = {s.township.id: s.group for s in own.result.standings}
    sizes = list(groups.values())
    for one in found.ranges:
        assert one.worst <= sizes.count(groups[one.township.id])


def test_a_clause_knows_the_readings_that_bear_on_it() -> None:
    def bearing(number: int) -> set[str]:
        return {one.reading for one in found[number].options}

    found = cells(board(), board().executable)
    names = [clause.id for clause in result(2025).inputs.rulebook.clauses()]
    always = {"floor", "points-split"}
    assert bearing(names.index("1.3")) == {*always, "own-cases"}
    assert bearing(names.index("2.3")) == {
        *always, "judged-cases", "day-count", "open-overdue", "special",
    }  # fmt: skip
    assert bearing(names.index("3.1")) == {
        "floor", "ceiling-rounding", "prefecture-ceiling", "within-deadline-levels",
    }  # fmt: skip


def test_the_work_for_a_site_is_bounded() -> None:
    years = Years(files(), loaded().books)
    results = [result(year) for year in YEARS]
    book = result(2025).inputs.rulebook
    boards = {(book.id, book.version): board()}
    one = (len(board().executable) + 1) * len(result(2025).inputs.submissions)
    assert list(readings_of(years, boards, results, most=one)) == [2025]
    assert readings_of(years, boards, results, most=one - 1) == {}
    assert readings_of(years, {}, results, most=one) == {}
    found = readings_of(years, boards, results, most=one)[2025]
    assert found.ranges is not None
    assert [each.option for each in found.of("floor")] == [option("floor=negative")]


def test_what_touches_the_same_place_cannot_be_meant_together() -> None:
    def clash(one: Option, other: Option) -> bool:
        assert board().clash(one, other) == board().clash(other, one)
        return board().clash(one, other)

    special, due = option("special=limits-only"), option("open-overdue=year-due")
    assert clash(special, due)
    assert clash(due, option("open-overdue=all-open"))
    assert not clash(due, due)
    assert not clash(special, option("floor=negative"))
