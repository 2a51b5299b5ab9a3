"""A year under one other reading is what the rulebook edited by hand would make of it."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.engine.rank import standings
from generator.engine.year import Standing
from generator.review.readings import Reader, otherwise
from generator.year.load import load
from generator.year.supposed import Years
from tests.cases import FIRST_BOOK, ROOT, files_below
from tests.review.readings import LINJIANG, board, option, reader, result

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
    found = otherwise(reader(year))
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
