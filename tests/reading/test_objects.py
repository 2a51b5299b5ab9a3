"""What Git has stored: refused where it is not sound, told where it is missing or damaged."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.engine.problem import Stop
from generator.reading.git import Repository
from generator.words.messages import catalogue
from tests.repositories import NOTHING, commit, forged, git, put, stored
from tests.trees import content

ABSENT = "1234567890" * 4
DATA = "data/townships.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    put(tmp_path, DATA, "a: 1\n")
    commit(tmp_path, "first")
    put(tmp_path, DATA, "a: 2\n")
    commit(tmp_path, "second")
    return tmp_path


# --- what is new is sound -------------------------------------------------------------


def blob_and_tree(root: Path) -> tuple[str, str]:
    return git(root, "rev-parse", f"main:{DATA}"), git(root, "rev-parse", "main:data")


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([("100644", "a", "b"), ("100644", "a", "B")], "duplicateEntries"),
        ([("100644", "a", "b"), ("40000", "a", "t")], "duplicateEntries"),
        ([("100644", "b", "b"), ("100644", "a", "b")], "treeNotSorted"),
        ([("40000", ".git", "t")], "hasDotgit"),
        ([("40000", ".GIT", "t")], "hasDotgit"),
        ([("40000", "git~1", "t")], "hasDotgit"),
        ([("40000", "..", "t")], "hasDotdot"),
        ([("100644", "a/b", "b")], "fullPathname"),
        ([("100644", "a", NOTHING)], "0000000"),
        ([("160000", "a", NOTHING)], "nullSha1"),
        ([("40000", "a", "b")], "not a tree"),
        ([("100644", "a", "t")], "not a blob"),
        ([("0100644", "a", "b")], "zeroPaddedFilemode"),
        ([("120000", ".gitmodules", "b")], "gitmodules"),
    ],
)
def test_what_git_fsck_refuses_is_a_fault(
    root: Path, entries: list[tuple[str, str, str]], said: str
) -> None:
    blob, tree = blob_and_tree(root)
    ids = {"b": blob, "B": git(root, "rev-parse", f"main~1:{DATA}"), "t": tree, NOTHING: NOTHING}
    head = forged(root, *((mode, name, ids[what]) for mode, name, what in entries))
    assert said in (Repository(root).fault(head, [git(root, "rev-parse", "main")]) or "")


@pytest.mark.parametrize(
    "make",
    [
        lambda root: stored(root, "tree", b"100644 a\0short"),
        lambda root: stored(root, "tree", b"no tree"),
        lambda root: stored(root, "commit", b"tree " + ABSENT.encode() + b"\n"),
        lambda root: stored(root, "tag", b"object " + ABSENT.encode() + b"\n\nx"),
        lambda root: stored(root, "commit", b"x"),
    ],
)
def test_what_is_hardly_an_object_does_not_pass(root: Path, make: Callable[[Path], str]) -> None:
    head = make(root)
    try:
        fault = Repository(root).fault(head)
    except Stop:
        return
    assert fault


def test_faults_are_looked_for_in_all_that_is_new(root: Path) -> None:
    """Below a folder, and in a commit whose tree has been put right again."""
    blob, _ = blob_and_tree(root)
    row = b"100644 a\0" + bytes.fromhex(blob)
    twice = stored(root, "tree", row + row)
    main = git(root, "rev-parse", "main")
    below = forged(root, ("40000", "data", twice))
    after = git(root, "commit-tree", "-p", below, "-m", "right again", "main^{tree}")
    repository = Repository(root)
    for head in (below, after):
        assert "duplicateEntries" in (repository.fault(head, [main]) or "")
    assert repository.fault(after, [below]) is None
    assert repository.fault(main) is None
    assert repository.fault(main, [main]) is None
    assert repository.fault(git(root, "rev-parse", "main^{tree}"), [main]) is None


def test_looking_writes_nothing(root: Path) -> None:
    before = sorted(str(path) for path in root.rglob("*"))
    Repository(root).fault(git(root, "rev-parse", "main"))
    assert sorted(str(path) for path in root.rglob("*")) == before


# --- what is not there, or damaged ----------------------------------------------------


def file_of(root: Path, name: str) -> Path:
    found = git(root, "rev-parse", name)
    path = root / ".git/objects" / found[:2] / found[2:]
    path.chmod(0o644)
    return path


DAMAGE: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-7]),
    "garbage": lambda path: path.write_bytes(b"garbage" * 9),
}
ASKED: dict[str, Callable[[Repository], object]] = {
    "read": lambda r: content(r.revision("HEAD"), DATA),
    "revision": lambda r: r.revision("HEAD"),
    "old": lambda r: content(r.revision("HEAD~1"), DATA),
    "older": lambda r: r.commit("HEAD~2"),
    "has": lambda r: r.has("HEAD"),
    "history": lambda r: list(r.history()),
    "changed": lambda r: r.changed("HEAD~1", "HEAD"),
    "fault": lambda r: r.fault("HEAD"),
    "staged_changes": lambda r: r.staged_changes(),
    "meeting": lambda r: r.meeting("HEAD~1", "HEAD"),
}


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize(
    ("what", "asked"),
    [
        (f"HEAD:{DATA}", ("read", "fault")),
        ("HEAD:data", ("revision", "read", "history", "changed", "fault")),
        ("HEAD^{tree}", ("revision", "history", "changed", "fault", "staged_changes")),
        ("HEAD", ("revision", "has", "history", "changed", "fault", "meeting")),
        ("HEAD~1", ("old", "older", "history", "changed", "fault", "meeting")),
        ("HEAD~1^{tree}", ("old", "history", "changed", "fault")),
    ],
)
def test_a_damaged_object_is_said(root: Path, what: str, asked: tuple[str, ...], how: str) -> None:
    DAMAGE[how](file_of(root, what))
    for name in asked:
        with pytest.raises(Stop) as stopped:
            ASKED[name](Repository(root))
        assert "git fsck" in catalogue("en").render(stopped.value.message), name


def test_the_next_question_is_answered_after_one_that_was_not(root: Path) -> None:
    DAMAGE["truncated"](file_of(root, f"HEAD:{DATA}"))
    repository = Repository(root)
    for _ in range(2):
        with pytest.raises(Stop, match="could not read"):
            content(repository.revision("HEAD"), DATA)
        assert content(repository.revision("HEAD~1"), DATA) == b"a: 1\n"


def test_what_is_no_blob_is_not_read_for_one(root: Path) -> None:
    for name in ("HEAD", "HEAD:data", "main", ABSENT, NOTHING):
        with pytest.raises(Stop, match="could not read"):
            Repository(root).objects.blob(
                git(root, "rev-parse", name) if name != "main" else "main"
            )


def test_git_that_ends_in_the_middle_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository(root)
    revision = repository.revision("HEAD")
    assert content(revision, DATA) == b"a: 2\n"
    process = repository.objects._blobs
    assert process is not None
    process.kill()
    process.wait()
    with pytest.raises(Stop, match="could not read"):
        content(revision, DATA)
    assert content(revision, DATA) == b"a: 2\n"
