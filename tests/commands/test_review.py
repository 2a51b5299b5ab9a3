"""diff and history as a user meets them: what is said, where, and with which exit code."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from generator.shape.schema import shape
from tests.differing import BOOK, INSPECTION, ONE_POINT, PAIRS, inspection, published
from tests.repositories import begin, commit_files, git, put
from tests.running import kaohe
from tests.texts import CHINESE
from tests.trees import QINGSHAN, SONGHE, YEAR, changed, three_townships, valid

LESS_STAFF = ("staff: 2", "staff: 1")
NOTHING = "No score, rank or list is different.\n"
DIFF = ("diff", "one", "two")


def edited(path: str, *changes: tuple[str, str]) -> dict[str, str]:
    return {path: changed(three_townships(), path, *changes)[path]}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two commits, tagged one and two; the second takes a clerk from Songhe."""
    root = begin(tmp_path_factory.mktemp("市 city") / "数据")
    commit_files(root, "first", three_townships())
    git(root, "tag", "one")
    commit_files(root, "a clerk less", edited(SONGHE, LESS_STAFF))
    git(root, "tag", "two")
    commit_files(root, "a comment", {QINGSHAN: f"{three_townships()[QINGSHAN]}# x\n"})
    return root


def test_what_changed_is_told_and_is_1(city: Path) -> None:
    done = kaohe("diff", "one", "two", "--lang", "en", root=city)
    assert done.code == 1
    assert done.err == ""
    assert done.out.splitlines()[:2] == [
        "2025: changes in results",
        "  Songhe: 100.00 points → 99.00 points (−1), rank 1 (tied) → 3",
    ]
    chinese = kaohe("diff", "one", "two", root=city)
    assert chinese.out.splitlines()[1] == "  松河镇：100.00分 → 99.00分（−1）、名次1（并列） → 3"
    assert "data/2025/townships/songhe.yaml:" in chinese.out


def test_nothing_changed_is_0_and_one_line(city: Path) -> None:
    for sides in (("one", "one"), ("two", "HEAD"), ("HEAD",), ("two",)):
        assert kaohe("diff", *sides, "--lang", "en", root=city) == (0, NOTHING, "")
    chinese = kaohe("diff", "HEAD", root=city)
    assert (chinese.code, chinese.out.count("\n")) == (0, 1)
    assert CHINESE.search(chinese.out)
    assert kaohe("diff", "HEAD", "-q", "--lang", "en", root=city).out == NOTHING
    assert kaohe("diff", "HEAD", "--format", "github", root=city) == (0, "", "")
    assert kaohe("diff", "HEAD", "--format", "markdown", "--lang", "en", root=city).out == NOTHING


def test_an_open_year_is_told_in_public_by_counts(city: Path, tmp_path: Path) -> None:
    """Scores of a year that is still open are the office's, whoever reads the review."""
    root = shutil.copytree(city, tmp_path / "copy")
    texts = changed(three_townships(), YEAR, ("status: provisional", "status: open"))
    handed_in = {SONGHE: f"{texts[SONGHE]}submitted: 2026-01-05\n"}
    commit_files(root, "open", {**texts, **handed_in})
    later = {QINGSHAN: f"{texts[QINGSHAN]}submitted: 2026-01-06\n"}
    commit_files(root, "another", later)
    asked = ("diff", "HEAD^", "HEAD", "--lang", "en")
    assert "Qingshan" in kaohe(*asked, root=root).out
    for form in ("text", "markdown"):
        done = kaohe(*asked, "--public", "--format", form, root=root)
        assert done.code == 1
        assert done.out == (
            "2025 is still open: reports handed in 1 → 2; errors: 0, still to be filled in: 0. "
            "Scores of an open year are not told in public.\n"
        )
    assert json.loads(kaohe(*asked, "--public", "--format", "json", root=root).out)["years"] == []


def test_a_review_says_what_undoing_does_to_what_is_public(city: Path, tmp_path: Path) -> None:
    root = shutil.copytree(city, tmp_path / "copy")
    texts = three_townships()
    opened = changed(texts, YEAR, ("status: provisional", "status: open"))
    reports = [path for path in opened if path.startswith("data/2025/townships/")]
    opened |= {path: f"{texts[path]}submitted: 2026-01-05\n" for path in reports}
    commit_files(root, "provisional", texts)
    commit_files(root, "open again", opened)
    commit_files(root, "taken back", {SONGHE: texts[SONGHE]})
    asked = ("diff", "--lang", "en", "--public", "--format", "markdown")
    reopened = kaohe(*asked, "HEAD~2", "HEAD~1", root=root)
    assert reopened.code == 1
    assert reopened.out.endswith(
        "The year was provisional and is open for submission: its scores, ranks and lists are "
        "taken off the public pages, which only say who has reported.\n"
    )
    back = kaohe(*asked, "HEAD~1", "HEAD", root=root).out
    assert "Taken back, and no longer among those who have reported: Songhe." in back
    assert "points" not in back
    closed = kaohe(*asked, "HEAD~1", "HEAD~2", root=root).out
    assert "become public" in closed


def test_the_working_tree_is_the_newer_side(city: Path, tmp_path: Path) -> None:
    root = shutil.copytree(city, tmp_path / "copy")
    put(root, SONGHE, edited(SONGHE, ("staff: 2", "staff: 0"))[SONGHE])
    done = kaohe("diff", "HEAD", "--lang", "en", root=root)
    assert done.code == 1
    assert "Songhe: 99.00 points → 98.00 points (−1), rank 3 as before" in done.out
    written = json.loads(kaohe("diff", "HEAD", "--format", "json", root=root).out)
    assert (written["old"], written["new"]) == (git(root, "rev-parse", "HEAD"), None)
    assert git(root, "status", "--porcelain") == f"M {SONGHE}"  # nothing is left behind
    (root / SONGHE).unlink()
    gone = kaohe("diff", "HEAD", "--lang", "en", root=root)
    assert "99.00 points → –, rank 3 → –" in gone.out


def test_revisions_go_by_any_name(city: Path) -> None:
    whole = kaohe(*DIFF, root=city)
    commit = git(city, "rev-parse", "two")
    for sides in (("HEAD~2", "HEAD~1"), ("one", commit), ("one", commit[:9]), ("one", "main")):
        assert kaohe("diff", *sides, root=city) == whole


def test_only_a_year_or_a_township_can_be_asked_for(city: Path) -> None:
    whole = kaohe(*DIFF, root=city)
    assert kaohe(*DIFF, "--year", "2025", root=city) == whole
    for name in ("songhe", "松河镇", "Songhe"):
        assert kaohe(*DIFF, "--township", name, root=city) == whole
    other = kaohe(*DIFF, "--township", "青杉镇", "--lang", "en", root=city)
    assert other == (0, NOTHING, "")  # its place stayed the same
    data = json.loads(kaohe(*DIFF, "--township", "松河镇", "--format", "json", root=city).out)
    assert [row["id"] for row in data["years"][0]["townships"]] == ["songhe"]


CANNOT: list[tuple[list[str], str]] = [
    (["diff"], "OLD"),
    (["diff", "nowhere"], "nowhere"),
    (["diff", "one", "nowhere"], "nowhere"),
    (["diff", "--", "-h"], "-h"),
    (["diff", "one", "two", "--township", "nobody"], "nobody"),
    (["diff", "one", "two", "--year", "1999"], "1999"),
    (["diff", "one", "two", "--year", "x"], "--year"),
    (["diff", "one", "two", "three"], "three"),
    (["history", "nobody"], "nobody"),
    (["history", "--year", "1999"], "1999"),
]


@pytest.mark.parametrize(("arguments", "named"), CANNOT, ids=str)
def test_what_cannot_be_done_is_2(arguments: list[str], named: str, city: Path) -> None:
    chinese = kaohe("--lang", "zh", *arguments, root=city)
    assert (chinese.code, chinese.out) == (2, "")
    assert named in chinese.err
    assert CHINESE.search(chinese.err)
    assert kaohe("--lang", "en", *arguments, root=city).code == 2


@pytest.mark.parametrize("command", [["diff", "HEAD"], ["history"]])
def test_without_a_repository_it_cannot_be_done(command: list[str], tmp_path: Path) -> None:
    for path, text in three_townships().items():
        put(tmp_path, path, text)
    env = {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    done = kaohe(*command, root=tmp_path, env=env)
    assert (done.code, done.out) == (2, "")
    assert "git init" in done.err
    begin(tmp_path)  # and without a commit
    done = kaohe(*command, root=tmp_path, env=env)
    assert (done.code, done.out) == (2, "")
    assert "git commit" in done.err


def test_a_side_with_errors_is_told_and_is_1(city: Path, tmp_path: Path) -> None:
    root = shutil.copytree(city, tmp_path / "copy")
    put(root, SONGHE, edited(SONGHE, ("staff: 2", "staff: two"))[SONGHE])
    done = kaohe("diff", "one", "--lang", "en", root=root)
    assert done.code == 1
    assert re.match(r"data/2025/townships/songhe\.yaml:\d+:\d+: error\[wrong-type\] ", done.out)
    assert done.out.count("\n") == 1
    assert done.err == "the working tree: errors: 1; no result.\n"
    assert kaohe("diff", "one", "-q", root=root).err == ""
    data = json.loads(kaohe("diff", "one", "--format", "json", root=root).out)
    assert [problem["code"] for problem in data["problems"]] == ["wrong-type"]
    commit_files(root, "broken", {})
    back = kaohe("diff", "HEAD", "one", "--lang", "en", root=root)
    assert (back.code, back.err) == (1, "HEAD: errors: 1; no result.\n")
    # What is wrong comes before whom it was asked about.
    for path in ("data/townships.yaml", YEAR):
        put(root, path, "x: [\n")
        asked = kaohe("diff", "one", "--township", "songhe", "--year", "2025", root=root)
        assert (asked.code, bool(asked.out)) == (1, True)


def test_the_changes_validate(tmp_path: Path) -> None:
    """Every kind of change there is, as one history of one city after the other."""
    root = begin(tmp_path)
    for name, pair in PAIRS.items():
        for side, texts in zip(("old", "new"), pair(), strict=True):
            shutil.rmtree(root / "data", ignore_errors=True)
            shutil.rmtree(root / "schema", ignore_errors=True)
            commit_files(root, f"{name} {side}", dict(texts))
        for sides in (("HEAD~1", "HEAD"), ("HEAD", "HEAD~1")):
            valid_data(root, "diff", *sides)
    data = valid_data(root, "history")
    assert data["complete"] is True
    assert len(data["commits"]) > len(PAIRS)


def valid_data(root: Path, command: str, *arguments: str) -> Any:
    """What a command says as data, which fits its schema."""
    done = kaohe(command, *arguments, "--format", "json", root=root)
    data = json.loads(done.out)
    assert shape(command).is_valid(data)
    assert done.code == 0 or command == "diff"
    return data


def test_a_city_in_a_folder_of_a_repository(tmp_path: Path) -> None:
    begin(tmp_path)
    texts = three_townships()
    commit_files(tmp_path, "one", {f"市/{path}": text for path, text in texts.items()})
    commit_files(tmp_path, "other", {f"县/{path}": text for path, text in texts.items()})
    less = edited(SONGHE, LESS_STAFF)[SONGHE]
    commit_files(tmp_path, "less", {f"县/{SONGHE}": less})
    assert kaohe("diff", "HEAD~1", root=tmp_path / "县").code == 1
    assert kaohe("diff", "HEAD~1", "HEAD", root=tmp_path / "县" / "data" / "2025").code == 1
    assert kaohe("diff", "HEAD~1", root=tmp_path / "市").code == 0
    assert kaohe("diff", "HEAD~1", "--root", "县", root=tmp_path).code == 1
    rows = kaohe("history", "--lang", "en", root=tmp_path / "县").out.splitlines()
    assert [row.split("  ")[-1] for row in rows if "书记员" in row] == ["less", "other"]


def test_for_a_review(city: Path) -> None:
    lines = kaohe("diff", "one", "two", "--format", "github", root=city).out.splitlines()
    assert lines
    for line in lines:
        assert re.match(r"::notice file=[^,:]+,line=\d+,col=\d+,title=diff::松河镇：.", line)
    table = kaohe("diff", "one", "two", "--format", "markdown", root=city).out.splitlines()
    assert table[0] == "### 2025年考核结果的变化"
    assert table[3] == "|---|---|---|---|---|"
    rows = [line for line in table if line.startswith("| ")]
    assert {row.count("|") for row in rows} == {6}


def test_what_is_kept_stands_in_gits_folder_and_may_go(city: Path, tmp_path: Path) -> None:
    root = shutil.copytree(city, tmp_path / "copy")
    shutil.rmtree(root / ".git/kaohe", ignore_errors=True)
    whole = kaohe(*DIFF, root=root)
    file = root / ".git/kaohe/scores.sqlite"
    assert file.stat().st_size
    for garbage in (b"garbage" * 999, b""):
        file.write_bytes(garbage)
        assert kaohe(*DIFF, root=root) == whole
    shutil.rmtree(root / ".git/kaohe")
    (root / ".git/kaohe").write_text("a file")
    assert kaohe(*DIFF, root=root) == whole


def test_the_history_is_told_newest_first(city: Path) -> None:
    done = kaohe("history", "--lang", "en", root=city)
    assert (done.code, done.err) == (0, "")
    first, second = (git(city, "rev-parse", name)[:9] for name in ("one", "two"))
    heads = [line for line in done.out.splitlines() if line and not line.startswith(" ")]
    day = git(city, "log", "-1", "--format=%as", "one")
    assert heads == [f"{day} {second} 书记员  a clerk less", f"{day} {first} 书记员  first"]
    moved = "    Songhe: 100.00 points → 99.00 points (−1), rank 1 (tied) → 3 [self-report]"
    assert moved in done.out
    qingshan = kaohe("history", "青杉镇", "--year", "2025", root=city)
    assert qingshan.code == 0
    assert "松河镇" not in qingshan.out


def test_a_year_or_township_without_a_move_has_no_history(tmp_path: Path) -> None:
    root = begin(tmp_path)
    commit_files(root, "first", valid("nothing-but-a-register"))
    done = kaohe("history", "songhe", "--lang", "en", root=root)
    assert done == (0, "No commit has moved a score yet.\n", "")


def test_a_shallow_clone_says_so(city: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{city}", "copy")
    done = kaohe("history", "--lang", "en", root=tmp_path / "copy")
    assert done.code == 0
    assert "git fetch --unshallow" in done.out
    nothing = {"format": 1, "complete": False, "commits": []}
    assert valid_data(tmp_path / "copy", "history") == nothing
    done = kaohe("diff", "HEAD~1", "--lang", "en", root=tmp_path / "copy")
    assert (done.code, done.out) == (2, "")
    assert "HEAD~1" in done.err
    assert "git fetch --unshallow" in done.err


def test_whose_change_it_was_is_told(tmp_path: Path) -> None:
    """Rules and data in one commit: the points of each, and what each alone would have done."""
    root = begin(tmp_path)
    texts = published(three_townships())
    commit_files(root, "first", texts)
    rule = (ONE_POINT, ONE_POINT.replace("value: 1,", "value: 2,"))
    new = changed(changed(texts, BOOK, rule), SONGHE, LESS_STAFF)
    commit_files(root, "both", new | {INSPECTION: inspection(findings=("F-01 2.6 2",))})
    done = kaohe("diff", "HEAD~1", "HEAD", "--lang", "en", root=root)
    assert "      of which: self-report −2 rank 1 → 3, inspection −2" in done.out.splitlines()
    alone = "with only the rules changed: 100.00 points rank 1 (tied); with only the data changed: "
    assert f"      {alone}97.00 points rank 3" in done.out.splitlines()


def test_a_folder_of_another_account_is_said(city: Path) -> None:
    env = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    done = kaohe("diff", "HEAD~1", "--lang", "en", root=city, env=env)
    assert (done.code, done.out) == (2, "")
    assert f"safe.directory {city}" in done.err


@pytest.mark.parametrize(
    "command", [("diff", "HEAD~1"), ("history",), ("gate", "HEAD~1", "HEAD"), ("render",)]
)
def test_a_damaged_object_is_trouble_and_said(
    city: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Also for the pages, which would else lack their record of changes without a word."""
    root = shutil.copytree(city, tmp_path / "copy")
    blob = git(root, "rev-parse", f"HEAD:{SONGHE}")
    object_ = root / ".git" / "objects" / blob[:2] / blob[2:]
    object_.chmod(0o644)
    object_.write_bytes(object_.read_bytes()[:40])
    shutil.rmtree(root / ".git" / "kaohe", ignore_errors=True)
    done = kaohe(*command, "--lang", "en", "-q", root=root)
    assert (done.code, done.out) == (2, "")
    assert blob in done.err
    assert "git fsck" in done.err
