"""A tree is read whole: every problem of a run at once, every year's inputs, in any order."""

import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generator.engine.rank import judged
from generator.reading.files import listing, tree_below
from generator.shape.schema import Files, files_of
from generator.year.load import Loaded, by_township, check, load, newest_date
from tests.cases import (
    FIRST_BOOK,
    INVALID,
    VALID,
    files_below,
    laid_out,
    lines,
    loaded,
    rewritten,
)


def sound(name: str, folder: Path) -> Loaded:
    root = laid_out(VALID / name, folder)
    assert check(files_below(root)) == []
    return loaded(root)


def test_a_year_holds_what_its_files_say(tmp_path: Path) -> None:
    tree = sound("ranking-and-owners", tmp_path)
    (inputs,) = tree.years
    assert (inputs.assessment.year, inputs.assessment.status) == (2025, "provisional")
    assert [township.id for township in inputs.townships] == ["songhe", "qingshan"]
    assert set(inputs.submissions) == {"songhe", "qingshan"}
    assert inputs.submissions == inputs.first_submissions
    assert inputs.ranking is not None
    assert inputs.ranking.ranks == {"songhe": 29}
    paths = [file.path for file in inputs.files]
    assert paths == sorted(paths)
    assert "data/townships.yaml" in paths
    assert "data/2025/prefecture-ranking.yaml" in paths
    assert "data/owners.yaml" not in paths
    assert all(len(file.sha256) == 64 for file in inputs.files)


def test_years_come_oldest_first_with_their_own_townships(tmp_path: Path) -> None:
    tree = sound("dissolved-township", tmp_path)
    assert [inputs.assessment.year for inputs in tree.years] == [2024, 2025]
    first, second = ({t.id for t in inputs.townships} for inputs in tree.years)
    assert first - second == {"maigang"}


def test_two_regulations_live_side_by_side(tmp_path: Path) -> None:
    tree = sound("another-regulation", tmp_path)
    assert sorted(tree.books) == [("family-planning-petitions", 1), ("forest-fire", 1)]
    old, new = tree.years
    assert (old.rulebook.id, new.rulebook.id) == ("family-planning-petitions", "forest-fire")
    (card,) = (s.scorecard for s in judged(new).standings if s.scorecard)
    # Reported: one week of 51 patrolled; one fire in the field, one more made so by a change, both
    # put out late; the third was planned.
    assert [(e.record.id, e.ground.id) for e in card.excluded] == [("F-2", "planned")]
    charged = {c.deduction.rule: c.deduction.records for s in card.clauses() for c in s.charges}
    assert charged["slow"] == ("F-1",)


def test_corrections_leave_the_first_result_beside_the_new_one(tmp_path: Path) -> None:
    (inputs,) = sound("corrections", tmp_path).years
    now, first = inputs.submissions["songhe"], inputs.first_submissions["songhe"]
    assert first.facts["receptions"] == 120
    assert now.facts["receptions"] == 126
    assert [change.correction for change in now.changes] == [None, None, "01", "02", "02"]
    assert [change.reported for change in now.changes][:3] == [126, now.changes[1].reported, 126]
    assert [finding.id for finding in first.findings] == ["F-01", "F-02"]
    assert [finding.id for finding in now.findings] == ["F-01"]
    assert [c.effective for c in inputs.corrections] == [True, True, False, True]
    assert (
        inputs.first_submissions["qingshan"].facts["work"] != inputs.submissions["qingshan"].facts
    )


def test_an_inspection_waits_for_its_report(tmp_path: Path) -> None:
    (inputs,) = sound("inspection-before-the-report", tmp_path).years
    assert set(inputs.submissions) == {"qingshan"}
    standing = next(s for s in judged(inputs).standings if s.township.id == "songhe")
    assert standing.scorecard is None


def test_the_newest_date_is_what_the_data_speak_of(tmp_path: Path) -> None:
    assert newest_date(sound("empty-lists", tmp_path / "a").years) == date(2026, 2, 10)
    assert newest_date(sound("corrections", tmp_path / "b").years) == date(2026, 3, 1)
    assert newest_date(sound("decision-at-a-tie", tmp_path / "c").years) == date(2026, 2, 20)


# --- problems -------------------------------------------------------------------------


def overlaid(folder: Path, *cases: str) -> Files:
    """Several wrong files in one tree."""
    laid_out(VALID / "empty-lists", folder)
    for case in cases:
        shutil.copytree(INVALID / case / "data", folder / "data", dirs_exist_ok=True)
    return files_below(folder)


def test_all_problems_of_a_run_are_told_at_once(tmp_path: Path) -> None:
    files = overlaid(
        tmp_path,
        "unfilled/number",
        "deduct-over-maximum/finding",
        "unregistered-township/inspection",
        "unknown-township/ranking",
        "points-do-not-add-up/total",
        "missing-file/assessment",
        "unknown-key/owners",
    )
    codes = {line.split()[1] for line in lines(check(files))}
    assert codes == {
        *("unfilled", "deduct-over-maximum", "unregistered-township", "unknown-township"),
        *("points-do-not-add-up", "missing-file", "unknown-key"),
    }
    loaded, _ = load(files)
    assert loaded is not None
    assert [*loaded.faulty] == [2025, 2026]
    assert loaded.years == ()


def test_an_unsound_rulebook_is_told_once(tmp_path: Path) -> None:
    root = laid_out(INVALID / "unknown-path" / "fact", tmp_path)
    for year in (2026, 2027):
        assessment = root / f"data/{year}/assessment.yaml"
        assessment.parent.mkdir()
        text = f"year: {year}\nrulebook: forest-fire\nversion: 1\nstatus: open\n"
        text += f"period: {{from: {year}-01-01, to: {year}-12-31}}\n"
        assessment.write_text(text, encoding="utf-8")
    assert [problem.code for problem in check(files_below(root))] == ["unknown-path"]


def test_examples_and_their_facts_are_screened_with_the_rest(tmp_path: Path) -> None:
    root = laid_out(INVALID / "example-fails" / "points", tmp_path)
    for name in ("examples/1.1.yaml", "examples/facts/base.yaml"):
        path = root / "data/rulebooks/forest-fire/1" / name
        path.write_text(path.read_text(encoding="utf-8") + "# 13812345678\n", encoding="utf-8")
    assert [problem.code for problem in check(files_below(root))] == ["personal-data"] * 2


def test_loading_follows_its_progress(tmp_path: Path) -> None:
    followed: list[int] = []

    def track(items: Sequence[Any]) -> Iterable[Any]:
        followed.append(len(items))
        return items

    check(files_below(laid_out(VALID / "empty-lists", tmp_path)), track)
    assert followed == [2]


@pytest.mark.parametrize("case", ["unknown-fact/deep", "not-carried-over/open-case"])
def test_the_order_of_files_does_not_matter(case: str, tmp_path: Path) -> None:
    root = laid_out(INVALID / case, tmp_path)
    tree = tree_below(root)
    shuffled = check(files_of({path: tree[path] for path in sorted(tree, key=lambda p: p[::-1])}))
    assert sorted(lines(shuffled)) == sorted(lines(check(files_below(root))))


def test_by_township_over_the_years(tmp_path: Path) -> None:
    paths = [
        f"data/{year}/{kind}/b.yaml"
        for year in (2023, 2024)
        for kind in ("inspections", "townships")
    ]
    for path in ("data/townships.yaml", "data/2024/townships/a.yaml", *paths):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x\n", encoding="utf-8")
    files, problems = listing(tree_below(tmp_path))
    assert problems == []
    grouped = by_township(files)
    assert list(grouped) == ["a", "b"]
    assert [file.path for file in grouped["b"]] == paths


# --- the life of a year ---------------------------------------------------------------

OPEN = ("status: provisional", "status: open")
SONGHE = "data/2025/townships/songhe.yaml"


def opened(folder: Path, name: str = "empty-lists") -> Path:
    """A sound city whose year is still open; Songhe has not handed its report in."""
    root = laid_out(VALID / name, folder)
    rewritten(root / "data/2025/assessment.yaml", OPEN)
    return root


def severities(root: Path) -> set[tuple[str, str]]:
    return {(p.location.path, p.severity.value) for p in check(files_below(root))}


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [("receptions: 0", "receptions:")],
        [("receptions: 0", "receptions: many"), ("year: 2025", "year: 2024")],
        [("reception_days: []", "reception_days: [2025-02-30]")],
        [("register_complete: true\n", "")],
    ],
)
def test_what_a_pending_report_lacks_is_noted(
    tmp_path: Path, changes: Sequence[tuple[str, str]]
) -> None:
    """Until it is handed in it counts as none; then everything is asked of it."""
    root = opened(tmp_path)
    rewritten(root / SONGHE, *changes)
    assert severities(root) <= {(SONGHE, "note")}
    assert bool(severities(root)) == bool(changes)
    (inputs,) = loaded(root).years
    assert "songhe" not in inputs.submissions
    report = root / SONGHE
    report.write_text(f"{report.read_text('utf-8')}submitted: 2026-01-08\n", encoding="utf-8")
    assert severities(root) == ({(SONGHE, "error")} if changes else set())
    tree, _ = load(files_below(root))
    assert tree is not None
    assert [*tree.faulty] == ([2025] if changes else [])


def test_what_nobody_can_read_or_may_write_is_an_error_in_a_pending_report_too(
    tmp_path: Path,
) -> None:
    root = opened(tmp_path)
    report = root / SONGHE
    whole = report.read_text(encoding="utf-8")
    for text in (f"{whole}# 13812345678\n", f"{whole}visits: [\n", ""):
        report.write_text(text, encoding="utf-8")
        assert severities(root) == {(SONGHE, "error")}


def test_a_report_of_a_year_not_open_counts_as_handed_in(tmp_path: Path) -> None:
    root = laid_out(VALID / "empty-lists", tmp_path)
    (inputs,) = loaded(root).years
    assert "days_late" not in inputs.submissions["songhe"].facts
    report = root / SONGHE
    whole = report.read_text(encoding="utf-8")
    for day, late in (("2026-01-10", 0), ("2026-01-11", 1), ("2026-03-01", 50)):
        report.write_text(f"{whole}submitted: {day}\n", encoding="utf-8")
        (inputs,) = loaded(root).years
        sent = inputs.submissions["songhe"]
        assert sent.facts["days_late"] == late
        assert sent.places["days_late"] == sent.places["submitted"]


@pytest.mark.parametrize(
    ("path", "text", "faulty"),
    [
        ("data/2024/townships/songhe.yaml", "x: 1\n", [2024]),
        ("data/2025/townships/qingshan.yaml", "x: 1\n", [2025]),
        ("data/2025/correction/01.yaml", "x: 1\n", [2025]),
        ("data/2025/objections/songhe-01.yaml", "x: 1\n", []),
        ("data/owners.yaml", "x: 1\n", []),
        ("data/holidays/2019.yaml", "x: 1\n", []),
        ("data/notes.yaml", "x: 1\n", []),
        ("data/townships.yaml", "townships: []\n", None),
        (f"{FIRST_BOOK}", "x: 1\n", [2024, 2025]),
        ("schema/submissions/family-planning-petitions/1.schema.json", "{}\n", [2024, 2025]),
    ],
)
def test_a_year_stands_on_its_own_files(
    tmp_path: Path, path: str, text: str, faulty: list[int] | None
) -> None:
    """What is wrong elsewhere is told and withholds nothing."""
    root = laid_out(VALID / "dissolved-township", tmp_path)
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")
    tree, problems = load(files_below(root))
    assert problems or path.startswith("data/notes")
    assert (None if tree is None else sorted(tree.faulty)) == faulty
    if tree is not None:
        years = [inputs.assessment.year for inputs in tree.years]
        assert years == [year for year in (2024, 2025) if year not in tree.faulty]
        assert set(map(repr, tree.errors())) <= set(map(repr, problems))


def test_open_cases_of_a_unit_that_ends_go_on_with_its_successors(tmp_path: Path) -> None:
    root = laid_out(VALID / "dissolved-township", tmp_path)
    maigang = "data/2024/townships/maigang.yaml"
    rewritten(root / maigang, (", closed: 2024-12-20", ""), ("C-001", "C-909"))
    (told,) = check(files_below(root))
    assert (told.location.path, told.code) == (maigang, "not-carried-over")
    register = root / "data/townships.yaml"
    for heirs, paths in (
        ("songhe", [SONGHE]),
        ("[songhe, qingshan]", [SONGHE.replace("songhe", "qingshan"), SONGHE]),
    ):
        rewritten(register, ("until: 2024}", f"until: 2024, successor: {heirs}}}"))
        found = check(files_below(root))
        assert sorted(p.location.path for p in found) == sorted(paths)
        assert {p.code for p in found} == {"not-carried-over"}
        rewritten(register, (f", successor: {heirs}", ""))
    rewritten(register, ("until: 2024}", "until: 2024, successor: [songhe, qingshan]}"))
    carried = (root / maigang).read_text(encoding="utf-8").split("\ncases:")[1].split("\nvisits")[0]
    rewritten(root / SONGHE, ("\ncases:", f"\ncases:{carried}"))
    assert check(files_below(root)) == []
