"""A tree by year and township, and the trees before it, found from what a commit altered."""

from itertools import pairwise
from pathlib import Path

import pytest

from generator.engine.problem import Problem
from generator.reading.files import DataFile, classify, tree_below
from generator.reading.git import Repository
from generator.review.judge import Snapshot, snapshot
from tests.differing import INSPECTION, inspection
from tests.repositories import begin, commit, commit_files, git
from tests.trees import LIULIN, QINGSHAN, REGISTER, SONGHE, YEAR, Written, three_townships

STRANGE = "data/2025/Notes.txt"


def test_what_a_township_sent_stands_by_year_and_township() -> None:
    texts = {**three_townships(), INSPECTION: inspection("receptions: 120")}
    tree = Written(texts)
    found = snapshot(tree)
    assert set(found.years) == {2025}
    assert set(found.years[2025]) == {"qingshan", "songhe", "liulin"}
    assert [(file.path, blob) for file, blob in found.years[2025]["songhe"]] == [
        (path, tree[path].id) for path in (INSPECTION, SONGHE)
    ]
    assert found.numbers() == {2025}
    assert tree.reads == {}


def test_who_has_reported_is_known_by_year() -> None:
    texts = {**three_townships(), INSPECTION: inspection("receptions: 120")}
    del texts[SONGHE]
    texts[LIULIN.replace("2025", "2024")] = "x: 1\n"
    found = snapshot(Written(texts))
    assert found.reported() == {
        2025: frozenset(("qingshan", "liulin")),
        2024: frozenset(("liulin",)),
    }
    assert "songhe" in found.years[2025]


def test_everything_else_is_the_offices() -> None:
    texts = {**three_townships(), "schema/submissions/own/1.schema.json": "{}"}
    found = snapshot(Written(texts))
    sent = {file.path for those in found.years[2025].values() for file, _ in those}
    assert set(found.office) == texts.keys() - sent
    assert {REGISTER, YEAR, "schema/submissions/own/1.schema.json"} <= set(found.office)


def test_what_does_not_belong_there_is_strange() -> None:
    found = snapshot(Written({**three_townships(), STRANGE: "x"}))
    assert [(p.code, p.location.path) for p in found.strange] == [("unexpected-file", STRANGE)]
    assert STRANGE in found.office  # its content makes another tree
    assert isinstance(classify(STRANGE), Problem)
    assert isinstance(classify(SONGHE), DataFile)
    assert classify("data/README.md") is None


def test_the_loader_gets_all_files() -> None:
    texts = {**three_townships(), SONGHE.replace("2025", "2024"): "township: songhe\n"}
    found = snapshot(Written(texts))
    whole = [path for path in sorted(texts) if path.startswith("data/")]
    assert [file.path for file in found.files().listed] == whole
    assert found.files().problems == found.strange


def same(one: Snapshot, other: Snapshot) -> bool:
    files, others = one.files().listed, other.files().listed
    return (one.office, one.years, one.strange, files) == (
        *(other.office, other.years, other.strange, others),
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A history in which files of every kind come, change and go."""
    texts = three_townships()
    begin(tmp_path)
    commit_files(tmp_path, "first", texts)
    commit_files(tmp_path, "changed", {SONGHE: f"{texts[SONGHE]}# x\n"})
    commit_files(tmp_path, "inspected", {INSPECTION: inspection("receptions: 120")})
    commit_files(tmp_path, "gone", {LIULIN: None, INSPECTION: None})
    commit_files(tmp_path, "office", {YEAR: f"{texts[YEAR]}# x\n", QINGSHAN: "x: 1\n"})
    commit_files(tmp_path, "another year", {SONGHE.replace("2025", "2024"): "x: 1\n"})
    commit_files(tmp_path, "strange", {STRANGE: "x"})
    (tmp_path / "data/2025/link.yaml").symlink_to("assessment.yaml")
    commit(tmp_path, "a link")
    (tmp_path / "data/2025/link.yaml").unlink()
    commit_files(tmp_path, "sound again", {STRANGE: None, SONGHE: texts[SONGHE]})
    return tmp_path


def test_the_trees_before_are_those_that_git_has(root: Path) -> None:
    repository = Repository(root)
    known = snapshot(repository.revision("HEAD"))
    commits = list(repository.history())
    assert len(commits) == 9
    for (_, altered), (before, _) in pairwise(commits):
        known = known.before(altered)
        assert same(known, snapshot(repository.revision(before.id))), before.subject
        assert known.tree == repository.revision(before.id)


def test_before_the_first_commit_there_is_nothing(root: Path) -> None:
    first = git(root, "rev-list", "--max-parents=0", "HEAD")
    repository = Repository(root)
    ((_, altered),) = list(repository.history(first))
    nothing = snapshot(repository.revision(first)).before(altered)
    assert same(nothing, snapshot(Written({})))


def test_a_year_that_had_one_file_is_gone_before_it(tmp_path: Path) -> None:
    begin(tmp_path)
    commit_files(tmp_path, "first", {SONGHE: "x: 1\n"})
    repository = Repository(tmp_path)
    ((_, altered),) = list(repository.history())
    assert snapshot(repository.revision("HEAD")).before(altered).years == {}


def test_a_folder_is_listed_like_the_commit_of_it(root: Path) -> None:
    assert same(snapshot(tree_below(root)), snapshot(Repository(root).revision("HEAD")))
