"""A year under other readings of its rulebook, one by one and very many together."""

import re
import shutil
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.difference import moved
from generator.engine.problem import Location
from generator.engine.rank import standings
from generator.engine.year import Standing
from generator.review.readings import (
    EXACT,
    SAMPLED,
    Reader,
    _ranks,
    by_clause,
    lone_clauses,
    otherwise,
    ranges,
    readings_of,
    sample,
)
from generator.rulebook.books import Option
from generator.year.load import Years, load
from tests.cases import FIRST_BOOK, ROOT, files_below
from tests.review.readings import LINJIANG, board, files, loaded, option, reader, result

YEARS = (2023, 2024, 2025)


def seen(standing: Standing) -> object:
    """All that people go by, and what every clause has."""
    card = standing.scorecard
    clauses = [(c.clause.id, c.points) for c in card.clauses()] if card else []
    score = card.score if card else None
    place = (standing.rank, standing.tied, standing.outcomes)
    return standing.township.id, score, place, clauses


def edited(root: Path, edit: Callable[[str], str]) -> Path:
    """The demonstration city with its rulebook edited, and nothing published."""
    for name in ("data", "schema"):
        unpublished = shutil.ignore_patterns("published.json", "readings.yaml")
        shutil.copytree(ROOT / name, root / name, ignore=unpublished)
    book = root / FIRST_BOOK
    before = book.read_text(encoding="utf-8")
    after = edit(before)
    assert after != before
    book.write_text(after, encoding="utf-8")
    return root


def replaced(old: str, new: str, count: int) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert text.count(old) == count
        return text.replace(old, new)

    return edit


def negative(text: str) -> str:
    return re.sub(r"^( {8})(points: \{)", r"\1below_zero: true\n\1\2", text, flags=re.MULTILINE)


BY_HAND = {
    "prefecture-ceiling=city": replaced("where: {level: prefecture}", "where: {level: city}", 1),
    "ceiling-rounding=up": replaced("round: down", "round: up", 3),
    "ceiling-rounding=half-up": replaced("round: down", "round: half_up", 3),
    "floor=negative": negative,
    "one-event=heaviest": replaced("\npreamble:", "\ncounted_once: heaviest\npreamble:", 1),
    "one-event=first": replaced("\npreamble:", "\ncounted_once: first\npreamble:", 1),
    "archives-closed=every-case": replaced(
        "where: {closed: {present: true}, archived: false}", "where: {archived: false}", 1
    ),
    "day-count=working-days": replaced("unit: days", "unit: working_days", 1),
    "stranding=any": replaced("              where: {return: [late, overdue]}\n", "", 1),
    "open-overdue=year-due": replaced(
        "where: {closing: [overdue, overdue_earlier]}", "where: {closing: [overdue]}", 1
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_it_is_what_the_rulebook_edited_by_hand_comes_to(name: str, tmp_path: Path) -> None:
    found, problems = load(files_below(edited(tmp_path, BY_HAND[name])))
    assert found is not None, problems
    for inputs in found.years:
        year = inputs.assessment.year
        by_hand = standings(inputs, inputs.submissions)
        mine = reader(year).inputs((option(name),))
        assert not isinstance(mine, tuple), mine
        assert list(map(seen, standings(mine, mine.submissions))) == list(map(seen, by_hand))


@pytest.mark.parametrize("year", YEARS)
def test_no_other_reading_is_the_published_result(year: int) -> None:
    inputs = reader(year).inputs(())
    assert not isinstance(inputs, tuple)
    assert standings(inputs, inputs.submissions) == result(year).standings
    assert board().under(()) == result(year).inputs.rulebook


@pytest.mark.parametrize("year", YEARS)
def test_every_reading_that_can_be_computed_is_tried(year: int) -> None:
    found = list(otherwise(reader(year)))
    assert [one.option for one in found] == list(board().executable)
    for one in found:
        assert one.standings is not None, one.problems
        known = {id(each) for each in one.moved}
        assert all(id(each) in known for each in (*one.ranks, *one.listed))


def test_an_exemption_that_is_refused_then_is_taken_away() -> None:
    name = "within-deadline-levels=city"
    (one,) = (one for one in otherwise(reader(2025)) if one.option.name == name)
    inputs = reader(2025).inputs((option(name),))
    assert not isinstance(inputs, tuple)
    visits = inputs.submissions["songhe"].facts["visits"]
    assert isinstance(visits, list)
    (visit,) = (visit for visit in visits if visit["id"] == "V-005")
    assert "exempt" not in visit
    assert one.problems == ()


def test_where_the_facts_do_not_tell_the_year_is_left_out(tmp_path: Path) -> None:
    for name in ("data", "schema"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "data" / "holidays" / "2023.yaml").unlink()
    files = files_below(tmp_path)
    found, problems = load(files)
    assert found is not None, problems
    own = Reader(Years(files, found.books), board(), result(2023))
    name = "day-count=working-days"
    (one,) = (one for one in otherwise(own) if one.option.name == name)
    assert one.standings is None
    assert one.moved == one.ranks == one.listed == ()
    assert {problem.code for problem in one.problems} == {"missing-holidays"}
    assert name not in [each.name for each in own.fitting]


def test_another_city_is_read_otherwise_as_well() -> None:
    for year in (2024, 2025):
        assert all(one.standings for one in otherwise(reader(year, LINJIANG)))


# --- combinations: all where there are few, else always the same sample --------------

OPTIONS = [
    Option(reading, name, (), None, Location("data/rulebooks/a/1/readings.yaml", 1, 1))
    for reading, name in ("ax", "ay", "bx", "cx", "cy", "cz", "dx")
]


def never(_: Option, __: Option) -> bool:
    return False


def test_few_are_all_looked_at_and_the_first_is_the_rulebook_as_it_stands() -> None:
    found = sample(OPTIONS, never, 48, 1, "")
    assert (found.total, len(found.chosen)) == (48, 48)
    assert found.chosen[0] == ()
    assert len(set(found.chosen)) == 48


def test_nothing_to_choose_is_one_way() -> None:
    assert sample([], never, 10, 10, "").chosen == sample(OPTIONS, never, 0, 0, "").chosen == ((),)


def test_too_many_are_sampled_with_every_reading_by_itself() -> None:
    found = sample(OPTIONS, never, 47, 20, "seed")
    assert (found.total, len(found.chosen)) == (48, 20)
    assert found.chosen[: len(OPTIONS) + 1] == ((), *((one,) for one in OPTIONS))
    assert len(set(found.chosen)) == 20
    for chosen in found.chosen:
        readings = [one.reading for one in chosen]
        assert readings == sorted(set(readings))


def test_the_sample_is_the_same_twice_and_follows_from_its_seed() -> None:
    assert sample(OPTIONS, never, 1, 30, "a") == sample(OPTIONS, never, 1, 30, "a")
    assert sample(OPTIONS, never, 1, 30, "a") != sample(OPTIONS, never, 1, 30, "b")


@given(pairs=st.sets(st.sampled_from(list(combinations(range(7), 2)))))
def test_what_clashes_is_never_chosen_together_and_never_counted(
    pairs: set[tuple[int, int]],
) -> None:
    apart = {frozenset((OPTIONS[a].name, OPTIONS[b].name)) for a, b in pairs}

    def clash(one: Option, other: Option) -> bool:
        return frozenset((one.name, other.name)) in apart

    fitting = [
        chosen
        for chosen in sample(OPTIONS, never, 48, 1, "").chosen
        if not any(clash(a, b) for a, b in combinations(chosen, 2))
    ]
    found = sample(OPTIONS, clash, 48, 1, "")
    assert list(found.chosen) == fitting
    assert found.total == len(fitting)
    many = min(9, len(fitting))
    drawn = sample(OPTIONS, clash, 0, many, "")
    assert set(drawn.chosen) <= set(fitting)
    assert drawn.total == len(fitting)


@pytest.mark.parametrize("sampled", [1, 3])
def test_a_sample_may_be_smaller_than_the_readings_are_many(sampled: int) -> None:
    assert len(sample(OPTIONS, never, 1, sampled, "").chosen) == sampled


# --- sums of clauses come to what judging does ----------------------------------------


@pytest.mark.parametrize("year", YEARS)
def test_a_sum_of_clauses_ranks_as_judging_the_whole_does(year: int) -> None:
    own = reader(year)
    sums = by_clause(own)
    assert sums is not None
    for chosen in sample(own.fitting, board().clash, 0, 60, f"test {year}").chosen:
        assert sums.ranks(chosen) == _ranks(own, chosen), [one.name for one in chosen]


@pytest.mark.parametrize("year", YEARS)
def test_one_reading_by_sums_moves_the_same_as_judged(year: int) -> None:
    own = reader(year)
    sums = by_clause(own)
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
    found = ranges(reader(year), by_clause(reader(year)))
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
    found = ranges(reader(2025), by_clause(reader(2025)))
    assert found == ranges(reader(2025), by_clause(reader(2025)))
    assert not found.complete
    assert found.total * many > EXACT
    assert found.judged == SAMPLED // many
    assert found.left_out == ()


def test_where_more_than_clauses_adds_up_the_whole_is_judged() -> None:
    own = reader(2025, LINJIANG)
    assert by_clause(own) is None
    assert lone_clauses(board(LINJIANG), own.fitting) == []
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

    found = lone_clauses(board(), board().executable)
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
