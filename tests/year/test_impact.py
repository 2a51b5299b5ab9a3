"""Past years under another rulebook: who would have stood elsewhere, or why nobody can say."""

import shutil
from pathlib import Path

import pytest

from generator.engine.effects import moved
from generator.engine.problem import Severity
from generator.engine.rank import judged
from generator.engine.year import YearInputs
from generator.review.diff import beside
from generator.year.load import load
from generator.year.supposed import Again, Years
from tests.cases import VALID, files_below, laid_out

BOOK = "data/rulebooks/river"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A city with a second version of its rulebook: litter costs 800, not 500."""
    folder = laid_out(VALID / "river-funds", tmp_path)
    shutil.copytree(folder / BOOK / "1", folder / BOOK / "2")
    shutil.rmtree(folder / BOOK / "2" / "examples")
    rewritten(folder, "{value: 500, basis", "{value: 800, basis")
    rewritten(folder, "\nversion: 1\n", "\nversion: 2\n")
    return folder


def rewritten(root: Path, old: str, new: str) -> None:
    book = root / BOOK / "2" / "rulebook.yaml"
    text = book.read_text(encoding="utf-8")
    assert text.count(old) == 1
    book.write_text(text.replace(old, new), encoding="utf-8")


def read_again(root: Path, book: tuple[str, int]) -> tuple[YearInputs, Again]:
    """The year 2026 as it is, and under another rulebook."""
    files = files_below(root)
    loaded, problems = load(files)
    assert loaded is not None
    assert problems == []
    now = next(year for year in loaded.years if year.assessment.year == 2026)
    return now, Years(files, loaded.books).again(2026, loaded.books[book])


def test_the_same_rulebook_moves_nobody(root: Path) -> None:
    now, again = read_again(root, ("river", 1))
    assert again.problems == ()
    assert again.inputs is not None
    assert moved(judged(now).standings, judged(again.inputs).standings) == ()


def test_who_would_have_stood_elsewhere_and_by_which_clause(root: Path) -> None:
    now, again = read_again(root, ("river", 2))
    assert again.inputs is not None
    assert (now.rulebook.version, again.inputs.rulebook.version) == (1, 2)
    found = beside(judged(now), judged(again.inputs))
    changed = {township.township.id: township for township in found.townships}
    assert "north" not in changed  # no litter there
    # one litter costs 300 more
    assert int(changed["east"].points) == -300
    keys = [caused.difference.key for caused in changed["east"].found]
    assert [(key.part, key.clause) for key in keys if key.clause] == [("Q2", "1.1")]


def test_facts_that_the_other_rulebook_does_not_find_are_told(root: Path) -> None:
    shutil.rmtree(root / BOOK / "2")
    _, again = read_again(root, ("forest-fire", 1))
    assert again.inputs is None
    assert {p.severity for p in again.problems} == {Severity.ERROR}
    assert {p.location.path.rpartition("/")[0] for p in again.problems} >= {"data/2026/townships"}
