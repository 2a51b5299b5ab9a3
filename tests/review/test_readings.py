"""A year under other readings of its rulebook, one by one and very many together."""

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.difference import moved
from generator.engine.problem import Location
from generator.engine.rank import standings
from generator.engine.year import Standing, YearInputs
from generator.review import readings
from generator.review.readings import by_clause, otherwise, ranges, readings_of, sample
from generator.rulebook.books import Option
from generator.year.supposed import Years
from tests.cases import FIRST_BOOK, copied, files_below
from tests.cases import loaded as loaded_below
from tests.cities import LINJIANG
from tests.review.readings import board, files, loaded, option, reader, result

YEARS = (2023, 2024, 2025)


def under(own: readings.Reader, *chosen: Option) -> YearInputs:
    inputs = own.inputs(chosen)
    assert isinstance(inputs, YearInputs), inputs
    return inputs


def seen(standing: Standing) -> object:
    """All that people go by, and what every clause has."""
    card = standing.scorecard
    clauses = [(c.clause.id, c.points) for c in card.clauses()] if card else []
    score = card.score if card else None
    place = (standing.rank, standing.tied, standing.outcomes)
    return standing.township.id, score, place, clauses


def edited(root: Path, edit: Callable[[str], str]) -> Path:
    """The demonstration city with its rulebook edited, and nothing published."""
    copied(root, "published.json", "readings.yaml")
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
    for by_hand in loaded_below(edited(tmp_path, BY_HAND[name])).years:
        if by_hand.assessment.status == "open":
            continue
        inputs = under(reader(by_hand.assessment.year), option(name))
        edited_year, read_year = (standings(i, i.submissions) for i in (by_hand, inputs))
        assert list(map(seen, read_year)) == list(map(seen, edited_year))


@pytest.mark.parametrize("year", YEARS)
def test_no_other_reading_is_the_published_result(year: int) -> None:
    inputs = under(reader(year))
    assert standings(inputs, inputs.submissions) == result(year).standings
    assert board().under(()) == result(year).inputs.rulebook


@pytest.mark.parametrize("year", YEARS)
def test_every_reading_that_can_be_computed_is_tried(year: int) -> None:
    answers = list(otherwise(reader(year)))
    assert [answer.option for answer in answers] == list(board().executable)
    for answer in answers:
        assert answer.standings is not None, answer.problems
        known = set(map(id, answer.moved))
        assert known >= set(map(id, (*answer.ranks, *answer.listed)))


def test_an_exemption_that_is_refused_then_is_taken_away() -> None:
    name = "within-deadline-levels=city"
    (answer,) = (a for a in otherwise(reader(2025)) if a.option.name == name)
    visits = under(reader(2025), option(name)).submissions["songhe"].facts["visits"]
    assert isinstance(visits, list)
    (visit,) = (visit for visit in visits if visit["id"] == "V-005")
    assert "exempt" not in visit
    assert answer.problems == ()


def test_where_the_facts_do_not_tell_the_year_is_left_out(tmp_path: Path) -> None:
    copied(tmp_path)
    (tmp_path / "data" / "holidays" / "2023.yaml").unlink()
    years = Years(files_below(tmp_path), loaded_below(tmp_path).books)
    own = readings.Reader(years, board(), result(2023))
    name = "day-count=working-days"
    (answer,) = (answer for answer in otherwise(own) if answer.option.name == name)
    assert answer.standings is None
    assert answer.moved == answer.ranks == answer.listed == ()
    assert {problem.code for problem in answer.problems} == {"missing-holidays"}
    assert name not in [option.name for option in own.fitting]


def test_another_city_is_read_otherwise_as_well() -> None:
    for year in (2024, 2025):
        assert all(answer.standings for answer in otherwise(reader(year, LINJIANG)))


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

    def clash(option: Option, other: Option) -> bool:
        return frozenset((option.name, other.name)) in apart

    fitting = [
        chosen
        for chosen in sample(OPTIONS, never, 48, 1, "").chosen
        if not any(clash(a, b) for a, b in combinations(chosen, 2))
    ]
    all_ = sample(OPTIONS, clash, 48, 1, "")
    assert list(all_.chosen) == fitting
    drawn = sample(OPTIONS, clash, 0, min(9, len(fitting)), "")
    assert set(drawn.chosen) <= set(fitting)
    assert all_.total == drawn.total == len(fitting)


@pytest.mark.parametrize("sampled", [1, 3])
def test_a_sample_may_be_smaller_than_the_readings_are_many(sampled: int) -> None:
    assert len(sample(OPTIONS, never, 1, sampled, "").chosen) == sampled


@pytest.mark.parametrize("year", YEARS)
def test_a_sum_of_clauses_ranks_as_judging_the_whole_does(year: int) -> None:
    own = reader(year)
    sums = by_clause(own)
    assert sums is not None
    for chosen in sample(own.fitting, board().clash, 0, 60, f"test {year}").chosen:
        inputs = under(own, *chosen)
        judged = standings(inputs, inputs.submissions)
        ranks = {s.township.id: s.rank for s in judged if s.rank is not None}
        assert sums.ranks(chosen) == ranks, [option.name for option in chosen]


@pytest.mark.parametrize("year", YEARS)
def test_one_reading_by_sums_moves_the_same_as_judged(year: int) -> None:
    own = reader(year)
    sums = by_clause(own)
    assert sums is not None
    for judged, added in zip(otherwise(own), otherwise(own, sums.cards), strict=True):
        moves = [
            [(m.township, m.points, m.ranks, m.clauses) for m in answer.moved]
            for answer in (judged, added)
        ]
        assert moves[0] == moves[1]
        assert judged.standings is not None
        assert added.standings is not None
        assert moved(judged.standings, added.standings) == ()


@pytest.mark.parametrize("year", YEARS)
def test_a_range_holds_the_rank_and_those_of_every_single_reading(year: int) -> None:
    spans = ranges(reader(year), by_clause(reader(year))).ranges
    ranked = {s.township.id: s.rank for s in result(year).standings if s.rank}
    assert {span.township.id: span.rank for span in spans} == ranked
    assert [span.rank for span in spans] == sorted(ranked.values())
    assert all(1 <= span.best <= span.rank <= span.worst <= len(ranked) for span in spans)
    reached = {span.township.id: range(span.best, span.worst + 1) for span in spans}
    for answer in otherwise(reader(year)):
        for standing in answer.standings or ():
            assert standing.rank is None or standing.rank in reached[standing.township.id]


def test_too_many_are_sampled_the_same_way_twice() -> None:
    many = len(result(2025).inputs.submissions)
    some, again = (ranges(reader(2025), by_clause(reader(2025))) for _ in range(2))
    assert some == again
    assert not some.complete
    assert some.total * many > readings.EXACT
    assert some.judged == readings.SAMPLED // many
    assert some.left_out == ()


def test_where_more_than_clauses_adds_up_the_whole_is_judged() -> None:
    own = reader(2025, LINJIANG)
    assert by_clause(own) is None
    assert readings.lone_clauses(board(LINJIANG), own.fitting) == []
    some = ranges(own, slow=40)
    many = len(own.result.inputs.submissions)
    assert (some.judged, some.complete) == (40 // many, False)
    groups = {s.township.id: s.group for s in own.result.standings}
    sizes = list(groups.values())
    assert all(span.worst <= sizes.count(groups[span.township.id]) for span in some.ranges)


@pytest.mark.parametrize(
    ("name", "bearing"),
    [
        ("1.3", "floor points-split own-cases"),
        ("2.3", "floor points-split judged-cases day-count open-overdue special"),
        ("3.1", "floor ceiling-rounding prefecture-ceiling within-deadline-levels"),
    ],
)
def test_a_clause_knows_the_readings_that_bear_on_it(name: str, bearing: str) -> None:
    clauses = readings.lone_clauses(board(), board().executable)
    names = [clause.id for clause in result(2025).inputs.rulebook.clauses()]
    options = clauses[names.index(name)].options
    assert {option.reading for option in options} == set(bearing.split())


def test_the_work_for_a_site_is_bounded() -> None:
    years = Years(files(), loaded().books)
    results = [result(year) for year in YEARS]
    book = result(2025).inputs.rulebook
    boards = {(book.id, book.version): board()}
    most = (len(board().executable) + 1) * len(result(2025).inputs.submissions)
    assert readings_of(years, boards, results, most=most - 1) == {}
    assert readings_of(years, {}, results, most=most) == {}
    ((year, answers),) = readings_of(years, boards, results, most=most).items()
    assert year == 2025
    assert answers.ranges is not None
    assert [answer.option for answer in answers.of("floor")] == [option("floor=negative")]


@pytest.mark.parametrize(
    ("name", "other", "clash"),
    [
        ("special=limits-only", "open-overdue=year-due", True),
        ("open-overdue=year-due", "open-overdue=all-open", True),
        ("open-overdue=year-due", "open-overdue=year-due", False),
        ("special=limits-only", "floor=negative", False),
    ],
)
def test_what_touches_the_same_place_cannot_be_meant_together(
    name: str, other: str, clash: bool
) -> None:
    assert board().clash(option(name), option(other)) == clash
    assert board().clash(option(other), option(name)) == clash
