"""The gate as a command: as a hook, for a CI, before a commit; and CODEOWNERS."""

import shutil
from pathlib import Path

import pytest

from tests import repositories
from tests.repositories import NOTHING, append, begun, commit, forged, git, replace, tried
from tests.running import Done, kaohe
from tests.trees import QINGSHAN, SONGHE


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return begun(tmp_path / "城 city")


def hook(root: Path, *lines: str, more: tuple[str, ...] = (), **env: str) -> Done:
    """What the gate says when Git tells it these lines."""
    stdin = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    nobody = {"GL_USER": None, "REMOTE_USER": None}
    return kaohe("gate", "--lang", "en", *more, root=root, env={**nobody, **env}, stdin=stdin)


def changed(root: Path, path: str = QINGSHAN, ref: str = "refs/heads/main") -> str:
    """A commit more, as the line by which Git tells a hook of it."""
    old = git(root, "rev-parse", "HEAD")
    append(root, path, "# 改")
    return f"{old} {commit(root)} {ref}"


def test_what_may_go_in_is_0_and_says_nothing(root: Path) -> None:
    changed(root)
    done = kaohe("gate", "HEAD^", "HEAD", "--author", "office", root=root)
    assert done == Done(0, "", "")


def test_what_may_not_is_1_and_a_line_each(root: Path) -> None:
    changed(root)
    arguments = ("gate", "HEAD^", "HEAD", "--author", "songhe-clerk")
    done = kaohe(*arguments, "--lang", "en", root=root / "data")
    assert done.code == 1
    assert done.out.startswith(f"{QINGSHAN}:1:1: error[not-yours]: «songhe-clerk» may not change")
    assert "qingshan-clerk, office" in done.out
    assert done.err == "Refused, errors: 1. Nothing has gone in.\n"
    github = kaohe(*arguments, "--format", "github", root=root).out
    assert github.startswith(f"::error file={QINGSHAN},line=1,col=1,title=not-yours::")
    assert "not-yours" in kaohe(*arguments, "--format", "markdown", root=root).out


def test_without_an_account_nobody_asks_who_may(root: Path) -> None:
    changed(root)
    done = kaohe("gate", "HEAD^", "HEAD", "--lang", "en", root=root)
    assert (done.code, done.out) == (0, "")
    assert "--author" in done.err
    assert kaohe("gate", "HEAD^", "HEAD", "--author", "", root=root).code == 1


def test_without_owners_that_is_said(root: Path) -> None:
    git(root, "rm", "-q", "data/owners.yaml")
    commit(root)
    changed(root)
    done = kaohe("gate", "HEAD^", "HEAD", "--author", "x", "--lang", "en", root=root)
    assert (done.code, done.out) == (0, "")
    assert "no data/owners.yaml yet" in done.err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["main"], "BASE HEAD"),
        (["main", "HEAD", "--staged"], "BASE HEAD"),
        (["main", "HEAD", "more"], "more"),
        (["main", "nothing"], "nothing"),
        (["--all", "HEAD"], "--all"),
        ([], "BASE HEAD"),
    ],
)
def test_what_cannot_be_asked_is_said(root: Path, arguments: list[str], named: str) -> None:
    done = hook(root, more=tuple(arguments))
    assert (done.code, done.out) == (2, "")
    assert named in done.err


def test_outside_any_repository_that_is_said(tmp_path: Path) -> None:
    done = hook(tmp_path, "a b c", GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert done.code == 2
    assert "git init" in done.err


@pytest.mark.parametrize("lines", [("x",), ("a b",), ("",)])
def test_what_git_never_says_is_no_consent(root: Path, lines: tuple[str, ...]) -> None:
    assert hook(root, *lines).code == 2


def test_whoever_pushes_is_told_by_the_environment(root: Path) -> None:
    line, office = changed(root), ("--author", "office")
    assert hook(root, line, GL_USER="office").code == 0
    assert hook(root, line, REMOTE_USER="office").code == 0
    for account in ("", "office"):
        assert hook(root, line, GL_USER=account, REMOTE_USER="office").code == 0
    assert hook(root, line, REMOTE_USER="songhe-clerk").code == 1
    assert hook(root, line, more=office, REMOTE_USER="songhe-clerk").code == 0
    for gitolite, remote in (("office", "songhe-clerk"), ("songhe-clerk", "office")):
        done = hook(root, line, more=office, GL_USER=gitolite, REMOTE_USER=remote)
        assert done.code == 0
        for done in (hook(root, line, GL_USER=gitolite, REMOTE_USER=remote), hook(root, line)):
            assert done.code == 1
            assert "[unknown-author]" in done.out


def test_other_branches_are_proposals(root: Path) -> None:
    old, new, _ = changed(root, SONGHE).split()
    replace(root, SONGHE, "receptions: 126", "receptions: x")
    bad = commit(root)
    git(root, "update-ref", "refs/heads/main", old)
    for ref in ("refs/heads/idea", "refs/tags/v1", "refs/heads/main/x"):
        assert hook(root, f"{NOTHING} {bad} {ref}", REMOTE_USER="x") == Done(0, "", "")
    every = ("--all-branches",)
    line = f"{NOTHING} {bad} refs/heads/idea"
    assert "[wrong-type]" in hook(root, line, more=every, REMOTE_USER="office").out
    good = f"{NOTHING} {new} refs/heads/idea"
    assert hook(root, good, more=every, REMOTE_USER="songhe-clerk").code == 0
    assert hook(root, good, more=every, REMOTE_USER="qingshan-clerk").code == 1
    gone = f"{bad} {NOTHING} refs/heads/idea"
    assert hook(root, gone, f"{NOTHING} {bad} refs/tags/x", more=every).code == 0
    away = ("--branch", "trunk")
    assert hook(root, f"{old} {bad} refs/heads/main", more=away).code == 0
    assert hook(root, line, more=(*away, *every), REMOTE_USER="x").code == 1


STRANGE = ("refs/replace/x", "refs/notes/x", "refs/pull/1/head", "refs/x", "HEAD", "refs/headsx/y")


def test_other_references_are_refused(root: Path) -> None:
    """Neither made nor moved nor taken away, whoever asks."""
    head = git(root, "rev-parse", "HEAD")
    pairs = ((NOTHING, head), (head, head), (head, NOTHING))
    lines = [f"{old} {new} {ref}" for ref in STRANGE for old, new in pairs]
    said = hook(root, *lines, REMOTE_USER="office")
    assert said.code == 1
    for ref in STRANGE:
        assert said.out.count(f"{ref}:1:1: error[strange-reference]") == len(pairs)


@pytest.mark.parametrize(
    "name", ["tags/main", "tags/origin/main", "tags/refs/heads/main", "heads/heads/main"]
)
def test_nothing_else_is_called_like_the_guarded_branch(root: Path, name: str) -> None:
    """Git would show it instead: everybody's «git diff main» and «git push origin main»."""
    head = git(root, "rev-parse", "HEAD")
    said = hook(root, f"{NOTHING} {head} refs/{name}", REMOTE_USER="office")
    assert (said.code, said.out.count("error[")) == (1, 1)
    assert said.out.startswith(f"refs/{name}:1:1: error[strange-reference]")
    assert hook(root, f"{head} {NOTHING} refs/{name}", REMOTE_USER="office").code == 0
    away = ("--branch", "trunk", "--also", "refs/pull/")
    assert hook(root, f"{NOTHING} {head} refs/{name}", more=away).code == 0
    assert hook(root, f"{NOTHING} {head} refs/pull/main", more=away).code == 0


def test_a_code_host_may_have_references_of_its_own(root: Path) -> None:
    head = git(root, "rev-parse", "HEAD")
    also = ("--also", "refs/pull/", "--also", "refs/x/")
    lines = [f"{NOTHING} {head} {ref}" for ref in ("refs/pull/1/head", "refs/x/y", "refs/pulls")]
    said = hook(root, *lines, more=also)
    assert (said.code, said.out.count("error[")) == (1, 1)
    assert said.out.startswith("refs/pulls:1:1: error[strange-reference]")


def test_what_git_fsck_refuses_is_no_proposal(root: Path) -> None:
    blob = git(root, "rev-parse", "HEAD:data/owners.yaml")
    bad = forged(root, ("100644", "a", blob), ("100644", "a", blob))
    refs = ("refs/heads/idea", "refs/tags/v1", "refs/heads/main")
    said = hook(root, *(f"{NOTHING} {bad} {ref}" for ref in refs), REMOTE_USER="office")
    assert said.code == 1
    assert said.out.count("[broken-object]") == len(refs)
    done = kaohe("gate", "main", bad, "--lang", "en", root=root)
    assert done.code == 1
    assert "[broken-object]" in done.out
    assert "duplicateEntries" in done.out


def test_nobody_wins_by_the_name_of_a_tag(root: Path) -> None:
    """A tag called main would be what Git takes for main."""
    _, new, _ = changed(root).split()
    git(root, "tag", "main", new)
    git(root, "update-ref", "refs/heads/main", "HEAD~1")
    git(root, "switch", "-q", "--detach", new)
    done = kaohe("gate", "main", "HEAD", "--author", "songhe-clerk", root=root)
    assert done.code == 1
    assert "[not-yours]" in done.out


def test_the_branch_that_is_guarded_has_any_name(root: Path) -> None:
    line = changed(root, ref="refs/heads/主线")
    assert hook(root, line, more=("--branch", "主线"), REMOTE_USER="songhe-clerk").code == 1


def test_the_first_push_has_nothing_before_it(root: Path) -> None:
    head = git(root, "rev-parse", "HEAD")
    first = hook(root, f"{NOTHING} {head} refs/heads/main")
    assert (first.code, first.out) == (0, "")
    assert "anybody" in first.err


def test_a_bare_repository_is_not_taken_for_what_stands_around_it(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder data/ upwards of it is somebody else's."""
    (tmp_path / "data").mkdir()
    bare = tmp_path / "projects" / "city.git"
    git(tmp_path, "clone", "-q", "--bare", str(root), str(bare))
    line = changed(root)
    git(bare, "fetch", "-q", str(root), "main:refs/x")
    there = hook(tmp_path, line, more=("--root", str(bare)), REMOTE_USER="office")
    assert there == Done(0, "", "")
    for _ in range(2):
        assert hook(bare, line, REMOTE_USER="office") == Done(0, "", "")
        assert "[not-yours]" in hook(bare, line, REMOTE_USER="songhe-clerk").out
        monkeypatch.setenv("GIT_DIR", ".")  # as git starts a hook


def test_a_repository_with_files_beside_it_can_be_pushed_to(root: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(root), "clone")
    git(root, "config", "receive.denyCurrentBranch", "updateInstead")
    repositories.hook(root / ".git", "pre-receive", "gate")
    _, new, _ = changed(tmp_path / "clone").split()
    push = (tmp_path / "clone", "push", "origin", "HEAD:main")
    refused = tried(*push, REMOTE_USER="songhe-clerk")
    assert f"remote: {QINGSHAN}:1:1: error[not-yours]" in refused.text
    assert tried(*push, REMOTE_USER="office").code == 0
    assert git(root, "rev-parse", "main") == new


@pytest.mark.parametrize("arguments", [(), ("-a",), (SONGHE,)])
def test_a_bad_file_is_not_committed(root: Path, arguments: tuple[str, ...]) -> None:
    """The hook of the manual; for each way to commit git has an index of its own."""
    repositories.hook(root / ".git", "pre-commit", "gate --staged")
    words = f"{SONGHE}:5:13: error[wrong-type]"
    for old, new, subject, refused in (("126", "x", "坏的", True), ("x", "127", "好的", False)):
        replace(root, SONGHE, f"receptions: {old}", f"receptions: {new}")
        if not arguments:
            git(root, "add", "--all")
        said = tried(root, "commit", "-m", subject, *arguments)
        assert (said.code, words in said.text) == (int(refused), refused)


def test_a_city_in_a_folder_is_found_before_a_commit(root: Path, tmp_path: Path) -> None:
    top = tmp_path / "larger"
    top.mkdir()
    shutil.copytree(root, top / "城", ignore=shutil.ignore_patterns(".git"))
    git(top, "init", "-q")
    commit(top)
    replace(top / "城", SONGHE, "receptions: 126", "receptions: x")
    git(top, "add", "--all")
    done = kaohe("gate", "--staged", "--root", "城", root=top, env={"GIT_INDEX_FILE": ".git/index"})
    assert f"{SONGHE}:5:13: error[wrong-type]" in done.out


def test_codeowners_are_printed(root: Path) -> None:
    done = kaohe("owners", "--lang", "en", root=root)
    assert done.code == 0
    assert done.out.splitlines() == [
        "# Made by «kaohe owners» from data/owners.yaml; change that file.",
        "/data/ @office",
        "/schema/ @office @office-rules",
        "/data/rulebooks/ @office @office-rules",
        "/data/*/townships/qingshan.yaml @qingshan-clerk @office",
        "/data/*/townships/songhe.yaml @songhe-clerk @office",
        "/data/*/objections/qingshan-*.yaml @qingshan-clerk @office",
        "/data/*/objections/songhe-*.yaml @songhe-clerk @office",
    ]


def test_without_sound_owners_there_are_no_codeowners(root: Path) -> None:
    (root / "data/owners.yaml").write_text("x: 1\n", encoding="utf-8")
    assert "unknown-key" in kaohe("owners", root=root).out
    (root / "data/owners.yaml").unlink()
    assert kaohe("owners", root=root).code == 2
