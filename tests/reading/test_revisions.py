"""Trees out of a Git repository: what stands in them, and what no name can break."""

from pathlib import Path

import pytest

from generator.engine.problem import Problem, Stop
from generator.reading.files import blobs, link, tree_below, unexpected
from generator.reading.git import Altered, Repository
from generator.reading.slips import MAX_BYTES
from tests.repositories import commit, git, put
from tests.trees import content

FILES = {
    "data/townships.yaml": "a: 1\n",
    "data/2025/townships/中文 名.yaml": "b: 2\n",
    "schema/submissions/own/1.schema.json": "{}",
    "docs/elsewhere.md": "not read",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    for path, text in FILES.items():
        put(tmp_path, path, text)
    commit(tmp_path, "first")
    return tmp_path


def test_a_revision_is_the_tree_that_a_folder_was(root: Path) -> None:
    folder, revision = tree_below(root), Repository(root).revision("HEAD")
    assert list(revision) == list(folder) == sorted(path for path in FILES if "docs" not in path)
    for path, blob in blobs(revision).items():
        assert blob.read() == content(folder, path) == FILES[path].encode()
        assert blob.id == blobs(folder)[path].id


def test_a_folder_names_content_as_git_does_whatever_its_line_ends(root: Path) -> None:
    (root / "data/townships.yaml").write_bytes(b"a: 1\r\n")
    old = Repository(root).revision("HEAD")
    assert blobs(tree_below(root))["data/townships.yaml"].id == blobs(old)["data/townships.yaml"].id


def test_a_folder_inside_a_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    put(tmp_path, "城 市/data/townships.yaml", "a: 1\n")
    put(tmp_path, "data/townships.yaml", "another: 1\n")
    commit(tmp_path, "both")
    repository = Repository(tmp_path / "城 市")
    assert repository.prefix == "城 市/"
    assert content(repository.revision("HEAD"), "data/townships.yaml") == b"a: 1\n"
    assert [altered.path for _, all_ in repository.history() for altered in all_] == [
        "data/townships.yaml"
    ]


def test_links_and_repositories_inside_are_told(root: Path) -> None:
    (root / "data/link.yaml").symlink_to("/etc/passwd")
    git(root, "init", "-q", "data/inner")
    put(root, "data/inner/x", "x")
    commit(root / "data/inner", "x")
    commit(root, "strange")
    revision = Repository(root).revision("HEAD")
    assert {path: entry for path, entry in revision.items() if isinstance(entry, Problem)} == {
        "data/inner": unexpected("data/inner"),
        "data/link.yaml": link("data/link.yaml"),
    }
    assert "data/link.yaml" not in blobs(revision)


def test_of_a_file_that_is_too_large_enough_is_read_to_see_that(root: Path) -> None:
    put(root, "data/large.yaml", "x" * (3 * MAX_BYTES))
    commit(root, "large")
    revision = Repository(root).revision("HEAD")
    assert len(content(revision, "data/large.yaml")) == MAX_BYTES + 1
    assert content(revision, "data/townships.yaml") == b"a: 1\n"


def test_history_is_newest_first_and_a_merge_is_one_step(root: Path) -> None:
    first = git(root, "rev-parse", "HEAD")
    git(root, "checkout", "-q", "-b", "clerk")
    put(root, "data/townships.yaml", "a: 3\n")
    commit(root, "a clerk's")
    put(root, "data/2025/new.yaml", "c: 1\n")
    commit(root, "a clerk's again")
    git(root, "checkout", "-q", "main")
    put(root, "docs/elsewhere.md", "changed")
    aside = commit(root, "no data")
    git(root, "merge", "-q", "clerk", "-m", "合并：一件")
    merged = git(root, "rev-parse", "HEAD")
    found = list(Repository(root).history())
    assert [(made.id, made.subject, made.author) for made, _ in found] == [
        (merged, "合并：一件", "书记员"),
        (first, "first", "书记员"),
    ]
    assert found[0][0].parents == (aside, git(root, "rev-parse", "clerk"))
    assert [(a.path, a.old is None, a.new is None) for a in found[0][1]] == [
        ("data/2025/new.yaml", True, False),
        ("data/townships.yaml", False, False),
    ]
    assert all(altered.old is None for altered in found[1][1])


@pytest.mark.parametrize("subject", ["\x01" + "0" * 40, ":100644 100644 a b M", "x\n\n:000000"])
def test_no_subject_can_break_the_history(root: Path, subject: str) -> None:
    put(root, "data/townships.yaml", "a: 4\n")
    made = commit(root, subject)
    found = list(Repository(root).history())
    assert [len(altered) for _, altered in found] == [1, 3]
    assert found[0][0].id == made
    assert isinstance(found[0][1][0], Altered)


def test_changed_names_every_path_of_the_repository(root: Path) -> None:
    old = git(root, "rev-parse", "HEAD")
    put(root, "docs/elsewhere.md", "changed")
    put(root, "data/2025/townships/中文 名.yaml", "b: 3\n")
    new = commit(root, "second")
    assert Repository(root).changed(old, new) == [
        "data/2025/townships/中文 名.yaml",
        "docs/elsewhere.md",
    ]


@pytest.mark.parametrize("name", ["nothing", "--all", "-h", "HEAD:data", "", "HEAD^{tree}", "a b"])
def test_what_is_no_revision_is_said(root: Path, name: str) -> None:
    with pytest.raises(Stop, match="revision"):
        Repository(root).revision(name)


def test_no_repository_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(Stop, match="repository"):
        Repository(tmp_path)


def test_no_git_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(root))
    with pytest.raises(Stop, match="installed"):
        Repository(root)


def test_a_shallow_clone_says_so(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    put(root, "data/townships.yaml", "a: 5\n")
    commit(root, "second")
    copy = tmp_path_factory.mktemp("shallow")
    git(copy, "clone", "-q", "--depth", "1", f"file://{root}", ".")
    assert Repository(copy).cut == {git(root, "rev-parse", "HEAD")}
    assert Repository(root).cut == set()


def test_what_may_be_deleted_stands_in_gits_own_folder(root: Path) -> None:
    inside = Repository(root / "data").private
    assert inside.resolve() == (root / ".git" / "kaohe").resolve()


def test_a_bare_repository_is_read_as_well(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bare = tmp_path_factory.mktemp("bare")
    git(bare, "clone", "-q", "--bare", str(root), ".")
    revision = Repository(bare).revision("main")
    assert content(revision, "data/townships.yaml") == b"a: 1\n"
    assert Repository(bare).private.resolve() == (bare / "kaohe").resolve()


# --- what a review asks ---------------------------------------------------------------


def test_where_two_commits_meet(root: Path) -> None:
    first = git(root, "rev-parse", "HEAD")
    git(root, "checkout", "-q", "-b", "clerk")
    put(root, "data/townships.yaml", "a: 3\n")
    clerk = commit(root, "a clerk's")
    git(root, "checkout", "-q", "main")
    put(root, "docs/elsewhere.md", "changed")
    main = commit(root, "no data")
    repository = Repository(root)
    assert repository.meeting(main, clerk) == first
    assert repository.meeting(first, clerk) == first
    git(root, "checkout", "-q", "--orphan", "other")
    assert repository.meeting(main, commit(root, "other")) is None
    assert repository.meeting(main, "0" * 40) is None


def test_the_index_is_a_tree_like_another(root: Path) -> None:
    put(root, "data/2025/townships/中文 名.yaml", "b: 3\n")
    put(root, "data/new.yaml", "c: 1\n")
    git(root, "add", "--all")
    put(root, "data/2025/townships/中文 名.yaml", "b: 4\n")
    git(root, "rm", "-q", "--cached", "data/townships.yaml", "docs/elsewhere.md")
    repository = Repository(root / "data")
    assert repository.staged_changes() == [
        "data/2025/townships/中文 名.yaml",
        "data/new.yaml",
        "data/townships.yaml",
        "docs/elsewhere.md",
    ]
    staged = Repository(root).staged()
    assert list(staged) == [
        *("data/2025/townships/中文 名.yaml", "data/new.yaml"),
        "schema/submissions/own/1.schema.json",
    ]
    assert content(staged, "data/2025/townships/中文 名.yaml") == b"b: 3\n"
    assert content(staged, "schema/submissions/own/1.schema.json") == b"{}"


def test_a_work_tree_is_told_from_gits_own_folder(
    root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path_factory.mktemp("bare")
    git(bare, "clone", "-q", "--bare", str(root), ".")
    assert Repository(root).works
    assert Repository(root / "data").works
    assert not Repository(bare).works
    assert not Repository(root / ".git").works
    monkeypatch.setenv("GIT_DIR", ".")  # as a hook has it
    assert not Repository(root / ".git").works
    assert not Repository(bare).works


def test_whether_there_is_a_commit_of_that_name(root: Path) -> None:
    repository = Repository(root)
    assert repository.has("main")
    assert not repository.has("nothing")
    assert not repository.has("--all")
