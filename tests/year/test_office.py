"""What the office writes: edges of its dates, names near a misspelt one."""

from pathlib import Path

import pytest

from generator.engine.rank import judged
from generator.words.messages import catalogue
from generator.year.load import check, load
from tests.cases import VALID, files_below, laid_out

ASSESSMENT = "data/2025/assessment.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return laid_out(VALID / "corrections", tmp_path)


def codes(root: Path, path: str, *pairs: tuple[str, str]) -> list[str]:
    file = root / path
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    return [problem.code for problem in check(files_below(root))]


def test_dates_of_a_year_may_fall_on_one_day(root: Path) -> None:
    same = [(day, "2026-02-05") for day in ("2026-02-01", "2026-02-10")]
    assert codes(root, ASSESSMENT, *same) == []


def test_dates_not_known_yet_are_left_out_but_missed_once_the_year_is_published(root: Path) -> None:
    text = (root / ASSESSMENT).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("dates"))
    assert codes(root, ASSESSMENT, (f"{line}\n", "")) == ["missing-date"]
    assert "missing-date" not in codes(root, ASSESSMENT, ("status: final", "status: open"))


def test_a_period_may_be_part_of_its_year(root: Path) -> None:
    old = "{from: 2025-01-01, to: 2025-12-31}"
    found = codes(root, ASSESSMENT, (old, "{from: 2025-01-01, to: 2025-12-30}"))
    assert found == []
    assert codes(root, ASSESSMENT, ("to: 2025-12-30", "to: 2026-01-01")) == ["date-outside-period"]


@pytest.mark.parametrize(
    ("asked", "decided", "expected"),
    [
        ("2026-02-01", "2026-02-01", []),
        ("2026-01-31", "2026-02-18", ["correction-too-early"]),
        ("2026-02-19", "2026-02-18", ["date-order"]),
    ],
)
def test_a_correction_follows_publication(
    asked: str, decided: str, expected: list[str], root: Path
) -> None:
    path = "data/2025/corrections/01.yaml"
    pairs = (("asked_on: 2026-02-05", f"asked_on: {asked}"), ("2026-02-18", decided))
    assert codes(root, path, *pairs) == expected


def test_a_rejected_correction_needs_no_report(root: Path) -> None:
    (root / "data/2025/townships/songhe.yaml").unlink()
    (root / "data/2025/inspections/songhe.yaml").unlink()
    for number in ("01", "02"):
        (root / f"data/2025/corrections/{number}.yaml").unlink()
    assert check(files_below(root)) == []


def test_townships_near_a_misspelt_one_are_named(root: Path) -> None:
    path = root / "data/2025/corrections/04.yaml"
    text = path.read_text(encoding="utf-8").replace("asked_by: songhe", "asked_by: sonhge")
    path.write_text(text, encoding="utf-8")
    (problem,) = check(files_below(root))
    assert problem.code == "unknown-township"
    assert "did you mean one of: songhe, qingshan?" in catalogue("en").render(problem.message)


def test_a_decision_lists_whom_it_names_and_nobody_else(tmp_path: Path) -> None:
    root = laid_out(VALID / "decision-at-a-tie", tmp_path)
    loaded, _ = load(files_below(root))
    assert loaded is not None
    standings = {s.township.id: s.outcomes for s in judged(loaded.years[0]).standings}
    assert "criticised" in standings["songhe"]
    assert not any("at-criticism-line" in outcomes for outcomes in standings.values())
