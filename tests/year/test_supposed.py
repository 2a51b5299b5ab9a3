"""A year read as it would be: with other facts, or under another rulebook."""

import shutil
from pathlib import Path

import pytest

from generator.engine.difference import moved
from generator.engine.problem import Problem, Severity
from generator.engine.rank import judged, standings
from generator.engine.year import YearInputs
from generator.review.diff import beside
from generator.year.supposed import Years, supposed
from tests.cases import VALID, files_below, laid_out, rewritten
from tests.cases import loaded as tree
from tests.cities import LINJIANG
from tests.review.readings import board, files, loaded, option, result

Problems = tuple[Problem, ...]
BOOK = ("family-planning-petitions", 1)


def years() -> Years:
    return Years(files(), loaded().books)


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_nothing_supposed_is_the_year_as_it_is(year: int) -> None:
    inputs, problems = years().read(year, loaded().books[BOOK])
    assert problems == ()
    assert inputs is not None
    assert judged(inputs).standings == result(year).standings


def test_a_year_that_looks_back_is_read_with_the_one_before() -> None:
    (book,) = loaded(LINJIANG).books.values()
    inputs, _ = Years(files(LINJIANG), loaded(LINJIANG).books).read(2025, book)
    assert inputs is not None
    assert judged(inputs).standings == result(2025, LINJIANG).standings


def test_a_supposed_fact_comes_after_what_the_office_changed() -> None:
    changes = {"songhe": [("receptions", "50"), ("visits.V-005.exempt", "null")]}
    inputs, _ = years().read(2025, loaded().books[BOOK], None, changes)
    assert inputs is not None
    facts = inputs.submissions["songhe"].facts
    assert facts["receptions"] == 50
    assert result(2025).inputs.submissions["songhe"].facts["receptions"] == 120
    own = inputs.submissions["songhe"]
    assert own.changes == result(2025).inputs.submissions["songhe"].changes
    assert own.places["receptions"][0].path == "data/2025/inspections/songhe.yaml"
    first = inputs.first_submissions["songhe"]
    assert first.facts["receptions"] == 120


def test_what_cannot_be_supposed_is_told_at_what_was_asked() -> None:
    changes = {"songhe": [("receptons", "1"), ("receptions", "many")]}
    inputs, problems = years().read(2025, loaded().books[BOOK], None, changes)
    assert inputs is None
    assert {(p.location.path, p.code) for p in problems} >= {("--set", "unknown-fact")}


def test_a_value_is_one_value_of_yaml() -> None:
    document, problems = supposed([("visits.V-001", "{a: [1, 2025-01-01]}"), ("b", "")])
    assert problems == []
    assert document is not None
    values = [change["value"] for change in document.value["changes"]]
    assert values == [{"a": [1, "2025-01-01"]}, None]
    document, problems = supposed([("a", "[1"), ("b", "2")])
    assert document is None
    assert [problem.code for problem in problems] == ["syntax"]


def test_another_rulebook_that_the_facts_do_not_fit_says_so() -> None:
    other = loaded().books["village-stars", 1]
    inputs, problems = years().read(2025, other)
    assert inputs is None
    assert problems


def test_a_year_that_is_not_there_has_nothing_to_say() -> None:
    inputs, problems = years().read(1999, loaded().books[BOOK])
    assert (inputs, problems) == (None, ())


def test_refused_exemptions_are_taken_away_and_other_problems_stay() -> None:
    read_as = board().under((option("within-deadline-levels=city"),))
    book = loaded().books[BOOK]
    inputs, problems = years().read(2025, book, read_as)
    assert inputs is not None
    assert standings(inputs, inputs.submissions)
    inputs, problems = years().read(2025, book, read_as, {"songhe": [("receptions", "many")]})
    assert inputs is None
    assert "wrong-type" in {problem.code for problem in problems}


RIVER = "data/rulebooks/river"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A city with a second version of its rulebook: litter costs 800, not 500."""
    folder = laid_out(VALID / "river-funds", tmp_path)
    shutil.copytree(folder / RIVER / "1", folder / RIVER / "2")
    shutil.rmtree(folder / RIVER / "2" / "examples")
    dearer = ("{value: 500, basis", "{value: 800, basis")
    rewritten(folder / RIVER / "2/rulebook.yaml", dearer, ("\nversion: 1\n", "\nversion: 2\n"))
    return folder


def read_again(root: Path, book: tuple[str, int]) -> tuple[YearInputs, YearInputs | None, Problems]:
    """The year 2026 as it is, and under another rulebook."""
    city = tree(root)
    now = next(year for year in city.years if year.assessment.year == 2026)
    return now, *Years(files_below(root), city.books).read(2026, city.books[book])


def test_the_same_rulebook_moves_nobody(root: Path) -> None:
    now, again, problems = read_again(root, ("river", 1))
    assert problems == ()
    assert again is not None
    assert moved(judged(now).standings, judged(again).standings) == ()


def test_who_would_have_stood_elsewhere_and_by_which_clause(root: Path) -> None:
    now, again, _ = read_again(root, ("river", 2))
    assert again is not None
    assert (now.rulebook.version, again.rulebook.version) == (1, 2)
    changed = {
        change.township.id: change for change in beside(judged(now), judged(again)).townships
    }
    assert "north" not in changed  # no litter there
    # one litter costs 300 more
    assert int(changed["east"].points) == -300
    keys = [caused.difference.key for caused in changed["east"].found]
    assert [(key.part, key.clause) for key in keys if key.clause] == [("Q2", "1.1")]


def test_facts_that_the_other_rulebook_does_not_find_are_told(root: Path) -> None:
    shutil.rmtree(root / RIVER / "2")
    _, again, problems = read_again(root, ("forest-fire", 1))
    assert again is None
    assert {problem.severity for problem in problems} == {Severity.ERROR}
    folders = {problem.location.path.rpartition("/")[0] for problem in problems}
    assert folders >= {"data/2026/townships"}
