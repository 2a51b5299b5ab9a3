"""Who may speak about what, and when; whatever is wrong, what stands is still told."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from generator.engine.problem import Problem
from generator.year.load import check
from tests.cases import VALID, files_below, laid_out, rewritten

SONGHE = "data/2025/townships/songhe.yaml"
INSPECTION = "data/2025/inspections/songhe.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return laid_out(VALID / "corrections", tmp_path)


def edited(root: Path, path: str, *pairs: tuple[str, str]) -> Sequence[Problem]:
    """What a check finds after texts in one file were replaced."""
    rewritten(root / path, *pairs)
    return check(files_below(root))


def filed(day: str) -> tuple[str, str]:
    """One more change, of the day on which a case was filed."""
    change = f"  - {{fact: cases.C-001.filed, value: {day}, occasion: routine, "
    return "changes:\n", f"changes:\n{change}date: 2025-12-20, reason: 抄错, document: 一号}}\n"


def told(problems: Sequence[Problem]) -> list[tuple[str, str, str]]:
    return [(p.location.path, p.code, p.location.address) for p in problems]


def test_what_a_report_with_a_wrong_shape_means_is_looked_at_all_the_same(root: Path) -> None:
    found = edited(
        root, SONGHE, ("receptions: 126", "receptions: many"), ("2025-02-10", "2025-02-30")
    )
    assert sorted(told(found)) == [
        (SONGHE, "bad-date", "cases.C-001.filed"),
        (SONGHE, "wrong-type", "receptions"),
    ]


MISTAKES = (
    ("year: 2025\n", "year\uff1a2025\n"),
    ("receptions: 126\n", "receptions: 126\u4ef6\n"),
    ("  leading_group: true\n", "  leading_group: \u662f\n"),
    ("  staff: 2\n", "  staff:2\n"),
    ("[office, computer,", "[office\uff0c computer,"),
    ("[2025-Q1, 2025-Q2, 2025-Q3, 2025-Q4]", "\uff3b2025-Q1, 2025-Q2, 2025-Q3, 2025-Q4\uff3d"),
    ("date: 2025-09-02,", "date: 2026-09-02,"),
    ("  register_complete: true\n", "  register_complete: true\u3000\n"),
    ("origin: national\n", "origin: nationl\n"),
    ("filed: 2025-04-01\n", "filed: 2025.4.1\n"),
    ("id: C-003\n", "id: C-002\n    agrement: true\n"),
    ("archived: true\n  - id: C-002", "archived:\n  - id: C-002"),
)
"""What a clerk means, and the slip of the hand in its place; each in lines of its own."""


def test_a_clerks_usual_mistakes_are_mended_in_two_rounds(root: Path) -> None:
    path, left = root / SONGHE, list(MISTAKES)
    rewritten(path, *MISTAKES)
    for _ in range(2):
        text = path.read_text(encoding="utf-8")
        lines = {p.location.line for p in check(files_below(root)) if p.location.path == SONGHE}
        for right, wrong in MISTAKES:
            start = text.count("\n", 0, text.find(wrong)) + 1
            told = lines & set(range(start, start + max(wrong.count("\n"), 1)))
            if (right, wrong) in left and wrong in text and told:
                left.remove((right, wrong))
                rewritten(path, (wrong, right))
    assert left == []
    assert check(files_below(root)) == []


def test_what_the_report_says_wrong_is_told_once_though_checked_twice(root: Path) -> None:
    found = edited(root, SONGHE, ("filed: 2025-02-10", "filed: 2025-03-21"))
    assert told(found) == [(SONGHE, "date-order", "cases.C-001.closed")]


def test_a_change_that_mends_the_report_does_not_hide_what_was_reported(root: Path) -> None:
    edited(root, SONGHE, ("filed: 2025-02-10", "filed: 2025-03-21"))
    found = edited(root, INSPECTION, filed("2025-02-10"))
    assert told(found) == [(SONGHE, "date-order", "cases.C-001.closed")]


def test_a_change_that_breaks_the_facts_is_told_at_the_change(root: Path) -> None:
    found = edited(root, INSPECTION, filed("2025-03-21"))
    assert told(found) == [(INSPECTION, "date-order", "cases.C-001.closed")]


def test_a_correction_that_breaks_the_facts_is_told_in_the_correction(root: Path) -> None:
    path = "data/2025/corrections/02.yaml"
    found = edited(root, path, ("value: province", "value: moon"))
    assert told(found) == [(path, "unknown-value", "visits.V-001.level")]
    found = edited(
        root, path, ("value: moon", "value: province"), ("date: 2025-08-19", "date: 2024-08-19")
    )
    assert told(found) == [(path, "date-outside-period", "visits.V-003.date")]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2025-01-01", None),
        ("2026-02-20", None),
        ("2026-02-21", "date-outside-period"),
        ("2024-12-31", "date-outside-period"),
        ("2025-02-29", "bad-date"),
    ],
)
def test_findings_fall_between_the_start_and_the_final_date(
    day: str, code: str | None, root: Path
) -> None:
    found = edited(root, INSPECTION, ("date: 2025-06-12", f"date: {day}"))
    assert told(found) == ([(INSPECTION, code, "findings.F-01.date")] if code else [])


@pytest.mark.parametrize(("points", "refused"), [("4", False), ("0.01", False), ("4.01", True)])
def test_a_finding_takes_no_more_than_its_clause_has(
    points: str, refused: bool, root: Path
) -> None:
    found = edited(root, INSPECTION, ("deduct: 2", f"deduct: {points}"))
    assert [p.code for p in found] == ["deduct-over-maximum"] * refused


def test_an_inspection_is_checked_without_a_report(root: Path) -> None:
    (root / SONGHE).unlink()
    for number in ("01", "02"):
        (root / f"data/2025/corrections/{number}.yaml").unlink()
    found = edited(root, INSPECTION, ('clause: "2.6"', 'clause: "2.9"'))
    assert told(found) == [(INSPECTION, "unknown-clause", "findings.F-01.clause")]
