"""Working days are counted by the arrangements of the years that a report touches."""

from datetime import date
from pathlib import Path

import pytest

from generator.engine.problem import Problem
from generator.engine.year import Submission
from generator.year.holidays import holidays, years_needed
from generator.year.load import check
from tests.cases import VALID, files_below, laid_out, loaded, rewritten


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return laid_out(VALID / "general-rulebook", tmp_path)


def needed(root: Path, *complaints: dict[str, object]) -> list[int]:
    inputs = loaded(root).years[-1]
    facts = {"complaints": list(complaints), "tasks": []}
    found = years_needed(Submission("songhe", facts, {}), inputs.rulebook, inputs.calendar)
    return sorted(found)


def complaint(on: str, **more: object) -> dict[str, object]:
    return {"id": "K-1", "date": on, "people": 1, **more}


def test_a_calendar_is_that_of_all_sound_files(root: Path) -> None:
    problems: list[Problem] = []
    found = holidays(files_below(root), problems)
    assert problems == []
    assert sorted(found.files) == [2026, 2027]
    works = found.calendar.works
    # A Thursday off, the Saturday worked in its place, an ordinary Friday and an ordinary Sunday.
    days = (date(2026, 10, 1), date(2026, 10, 10), date(2026, 10, 9), date(2026, 10, 11))
    assert [works(day) for day in days] == [False, True, True, False]


def test_a_wrong_file_is_there_but_says_nothing(root: Path) -> None:
    rewritten(root / "data/holidays/2026.yaml", ("10-10", "10-32"))
    problems: list[Problem] = []
    found = holidays(files_below(root), problems)
    assert [problem.code for problem in problems] == ["bad-date"]
    assert sorted(found.files) == [2026, 2027]
    assert date(2026, 10, 1) not in found.calendar.holidays
    assert {problem.code for problem in check(files_below(root))} == {"bad-date"}


@pytest.mark.parametrize(
    ("on", "years"),
    [
        ("2027-12-24", [2027]),  # five days on: Friday the 31st
        ("2027-12-27", [2027, 2028]),
        ("2026-12-31", [2026, 2027]),
        ("2027-03-01", [2027]),
    ],
)
def test_a_limit_touches_the_years_from_its_start_to_its_last_day(
    on: str, years: list[int], root: Path
) -> None:
    assert needed(root, complaint(on)) == years
    assert needed(root) == []


def test_a_year_rests_on_the_files_that_it_needs_and_no_other(root: Path) -> None:
    for inputs in loaded(root).years[1:]:
        paths = {file.path for file in inputs.files if "/holidays/" in file.path}
        assert f"data/holidays/{inputs.assessment.year}.yaml" in paths


def test_a_missing_year_is_told_once_and_as_an_error_where_a_result_rests_on_it(root: Path) -> None:
    for year in (2026, 2027):
        (root / f"data/holidays/{year}.yaml").unlink()
    found = check(files_below(root))
    assert [(problem.location.path, problem.severity.value) for problem in found] == [
        ("data/holidays/2026.yaml", "error"),
        ("data/holidays/2027.yaml", "error"),
    ]
