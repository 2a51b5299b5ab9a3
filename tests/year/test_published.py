"""A published year is computed again from its own files alone, and can be taken away whole."""

from pathlib import Path

import pytest

from generator.reading.files import DataFile, Kind
from generator.year.load import check
from generator.year.published import published, verify
from generator.year.receipt import Verified, content
from tests.cases import ROOT, VALID, files_below, laid_out, loaded, rewritten

RECEIPT = DataFile("data/2025/published.json", Kind.PUBLISHED, 2025)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return laid_out(VALID / "published-year", tmp_path / "city")


def found_in(root: Path) -> Verified:
    return verify(files_below(root), RECEIPT)


def codes(root: Path) -> set[str]:
    return {problem.code for problem in found_in(root).problems}


def test_nothing_differs_and_corrections_are_told(root: Path) -> None:
    found = found_in(root)
    assert found.receipt is not None
    assert found.problems == ()
    assert found.corrections == ("01", "02")


def test_other_years_and_rulebooks_do_not_matter(root: Path) -> None:
    (root / "data/2026").mkdir()
    (root / "data/2026/assessment.yaml").write_text("x\n", encoding="utf-8")
    (root / "data/rulebooks/forest-fire/1/rulebook.yaml").write_text("x\n", encoding="utf-8")
    (root / "data/notes.txt").write_text("x\n", encoding="utf-8")
    assert check(files_below(root))
    assert codes(root) == set()


def test_cause_and_effect_are_told_together(root: Path) -> None:
    rewritten(root / "data/2025/townships/qingshan.yaml", ("staff: 2", "staff: 1"))
    assert codes(root) == {"locked-file-changed", "locked-result-differs"}


def test_a_register_in_which_a_township_has_another_name(root: Path) -> None:
    rewritten(root / "data/townships.yaml", ("青杉镇", "青山镇"))
    assert codes(root) == {"locked-entry-changed"}


def test_files_that_cannot_be_judged_are_told_with_what_was_changed(root: Path) -> None:
    rewritten(root / "data/2025/townships/qingshan.yaml", ("receptions: 80", "receptions: many"))
    assert codes(root) == {"locked-file-changed", "wrong-type"}
    (root / "data/townships.yaml").unlink()
    assert "missing-file" in codes(root)


def test_what_is_no_receipt_is_compared_with_nothing(root: Path) -> None:
    (root / RECEIPT.path).write_text("{}\n", encoding="utf-8")
    found = found_in(root)
    assert found.receipt is None
    assert {problem.code for problem in found.problems} == {"missing-key"}


def test_an_altered_receipt_is_compared_all_the_same(root: Path) -> None:
    rewritten(root / RECEIPT.path, ('"score":"100"', '"score":"99"'))
    assert codes(root) == {"receipt-altered", "locked-result-differs"}


# --- to be taken away -----------------------------------------------------------------


def test_every_published_year_can_be_taken_away(tmp_path: Path) -> None:
    taken = published(files_below(ROOT), loaded(ROOT))
    assert sorted(taken) == [2023, 2024]
    for year, one in taken.items():
        folder = tmp_path / str(year)
        for path, data in one.files.items():
            assert path.startswith(("data/", "schema/"))
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        assert check(files_below(folder)) == []
        receipt = DataFile(f"data/{year}/published.json", Kind.PUBLISHED, year)
        assert verify(files_below(folder), receipt).problems == ()
        assert not [path for path in one.files if str(year + 1) in path and "example" not in path]


def test_what_is_taken_away_has_the_ends_of_lines_of_its_hashes(root: Path) -> None:
    before = _taken(root)
    for path in root.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert _taken(root) == before
    assert content(before[RECEIPT.path])["year"] == 2025
    assert "data/2025/corrections/02.yaml" in before


def _taken(root: Path) -> dict[str, bytes]:
    return dict(published(files_below(root), loaded(root))[2025].files)


@pytest.mark.parametrize("year", [2023, 2024])
def test_what_was_published_before_the_demonstration_was_published_anew_still_holds(
    year: int,
) -> None:
    """The first receipts of the demonstration, with all the files that they lock."""
    files = files_below(ROOT / "tests" / "before")
    (receipt,) = (file for file in files.of(Kind.PUBLISHED, year=year))
    assert verify(files, receipt).problems == ()
