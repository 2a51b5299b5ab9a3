"""Past years under another rulebook: who would have stood elsewhere, or why nobody can say."""

import shutil
from pathlib import Path

import pytest

from generator.engine.problem import Severity
from generator.year.load import load
from generator.year.supposed import Impact, impacts
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


def found(root: Path, version: int, *years: int) -> list[Impact]:
    files = files_below(root)
    loaded, problems = load(files)
    assert loaded is not None
    assert problems == []
    return list(impacts(files, loaded, ("river", version), years))


def test_the_same_rulebook_moves_nobody(root: Path) -> None:
    (one,) = found(root, 1, 2026)
    assert one.new is not None
    assert (one.moved, one.problems) == ((), ())


def test_years_come_oldest_first_and_only_those_asked_for(root: Path) -> None:
    assert [one.old.inputs.assessment.year for one in found(root, 2, 2026, 2025, 1999)] == [
        2025,
        2026,
    ]
    assert found(root, 2) == []


def test_who_would_have_stood_elsewhere_and_by_which_clause(root: Path) -> None:
    one = found(root, 2, 2026)[0]
    assert one.new is not None
    assert one.new.inputs.rulebook.version == 2
    assert one.old.inputs.rulebook.version == 1
    moved = {who.township.id: who for who in one.moved}
    assert "north" not in moved  # no litter there
    # one litter costs 300 more
    assert int(moved["east"].points) == -300
    assert [(c.part, c.clause) for c in moved["east"].clauses] == [("Q2", "1.1")]


def test_facts_that_the_other_rulebook_does_not_find_are_told(root: Path) -> None:
    (root / BOOK / "2" / "rulebook.yaml").unlink()
    shutil.rmtree(root / BOOK / "2")
    loaded, _ = load(files_below(root))
    assert loaded is not None
    (one,) = list(impacts(files_below(root), loaded, ("forest-fire", 1), (2026,)))
    assert one.new is None
    assert one.moved == ()
    assert {p.severity for p in one.problems} == {Severity.ERROR}
    assert {p.location.path.rpartition("/")[0] for p in one.problems} >= {"data/2026/townships"}
