"""Whatever a repository, its configuration or the environment says, Git answers the same.

Every public method of `Repository` is asked in a folder full of traps: a new one must be put into
`ASKED`, and is then held to all of them.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.engine.problem import Stop
from generator.reading.files import Tree, blobs, unexpected
from generator.reading.git import NoRepository, Repository
from generator.words.messages import catalogue
from tests.repositories import commit, git, put, tried

CITY = "市"
REPORT = "data/2025/townships/songhe.yaml"


def told(tree: Tree) -> object:
    return [(path, blob.id, blob.read()) for path, blob in blobs(tree).items()]


ASKED: dict[str, Callable[[Repository], object]] = {
    "commit": lambda r: [r.commit(name) for name in ("main", "HEAD", "HEAD~1", "main^")],
    "has": lambda r: [r.has(name) for name in ("main", "nothing", "HEAD~9")],
    "revision": lambda r: [told(r.revision(name)) for name in ("main", "HEAD~1")],
    "changed": lambda r: r.changed(r.commit("HEAD~1"), r.commit("HEAD")),
    "meeting": lambda r: r.meeting(r.commit("HEAD~1"), r.commit("HEAD")),
    "fault": lambda r: r.fault(r.commit("HEAD"), [r.commit("HEAD~1")]),
    "staged": lambda r: told(r.staged()),
    "staged_changes": lambda r: r.staged_changes(),
    "history": lambda r: list(r.history()),
    "works": lambda r: r.works,
    "cut": lambda r: r.cut,
    "private": lambda r: r.private,
}


def all_of(root: Path) -> dict[str, object]:
    return {name: ask(Repository(root / CITY)) for name, ask in ASKED.items()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "城 city"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    put(root, f"{CITY}/{REPORT}", "receptions: 1\n")
    put(root, f"{CITY}/data/townships.yaml", "a: 1\n")
    commit(root, "first")
    put(root, f"{CITY}/{REPORT}", "receptions: 2\n")
    put(root, "docs/中文.md", "x\n")
    commit(root, "第二次")
    put(root, f"{CITY}/data/townships.yaml", "a: 2\n")
    git(root, "add", "--all")
    return root


def test_every_public_method_is_asked() -> None:
    assert set(ASKED) == {name for name in vars(Repository) if not name.startswith("_")}


# --- objects as they are --------------------------------------------------------------


def test_nothing_laid_over_an_object_is_seen(root: Path) -> None:
    before = all_of(root)
    assert before["fault"] is None
    index = (root / ".git/index").read_bytes()
    put(root, f"{CITY}/{REPORT}", "receptions: 999\n")
    git(root, "switch", "-q", "-c", "evil")
    evil = commit(root, "evil")
    git(root, "symbolic-ref", "HEAD", "refs/heads/main")
    (root / ".git/index").write_bytes(index)
    assert all_of(root) == before
    whats = ("", "^{tree}", f":{CITY}/{REPORT}", f":{CITY}/data")
    pairs = [[git(root, "rev-parse", name + what) for name in ("main", evil)] for what in whats]
    for old, new in pairs:
        git(root, "replace", old, new)
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/grafts").write_text(f"{git(root, 'rev-parse', 'main')} {evil}\n")
    assert "999" in tried(root, "show", f"main:{CITY}/{REPORT}").text  # Git itself is taken in
    assert all_of(root) == before


@pytest.mark.parametrize(
    "names",
    [
        ("GIT_OBJECT_DIRECTORY",),
        ("GIT_ALTERNATE_OBJECT_DIRECTORIES",),
        ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH"),
    ],
)
def test_no_objects_from_elsewhere_are_read(
    root: Path, tmp_path: Path, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only Git's quarantine, which stands beside the repository's own objects."""
    before = all_of(root)
    other = tmp_path / "other"
    git(tmp_path, "init", "-q", str(other))
    put(other, "x", "from elsewhere")
    there = commit(other)
    for name in names:
        monkeypatch.setenv(name, str(other / ".git" / "objects"))
    assert all_of(root) == before
    assert not Repository(root).has(there)


def test_a_quarantine_is_read(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = root / ".git" / "objects"
    waiting = own / "tmp_objdir-incoming-x"
    waiting.mkdir()
    env = {"GIT_OBJECT_DIRECTORY": str(waiting), "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(own)}
    new = git(root, "commit-tree", "-m", "x", "HEAD^{tree}", **env)
    assert not Repository(root).has(new)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert Repository(root).has(new)
    assert Repository(root).fault(new, [Repository(root).commit("HEAD")]) is None
    monkeypatch.setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", f"{own}:{tmp_path}")
    assert not Repository(root).has(new)


@pytest.mark.parametrize("where", ["config", "file"])
def test_no_repository_inside_is_hidden(root: Path, where: str) -> None:
    """Its place in a tree is a change like another, whatever is to be ignored of it."""
    path = f"{CITY}/data/inner"
    for number in (1, 2):
        id_ = str(number) * 40
        git(root, "update-index", "--add", "--cacheinfo", f"160000,{id_},{path}")
        git(root, "commit", "-q", "-m", f"inner {number}")
    git(root, "update-index", "--cacheinfo", f"160000,{'3' * 40},{path}")
    if where == "config":
        git(root, "config", "diff.ignoreSubmodules", "all")
        git(root, "config", "submodule.inner.ignore", "all")
    put(root, ".gitmodules", f'[submodule "inner"]\n\tpath = {path}\n\tignore = all\n')
    repository = Repository(root / CITY)
    assert repository.changed(repository.commit("HEAD~1"), repository.commit("HEAD")) == [path]
    assert repository.staged_changes() == [path]
    assert [change.path for change in next(repository.history())[1]] == ["data/inner"]
    assert repository.revision("HEAD")["data/inner"] == unexpected("data/inner")


# --- nothing is run, nothing is configured --------------------------------------------

SCRIPTS = (
    *("core.fsmonitor", "gpg.program", "diff.external", "core.pager", "pager.log", "core.editor"),
    *("core.sshCommand", "core.askPass", "core.alternateRefsCommand", "core.gitProxy"),
    *("filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.command", "diff.x.textconv"),
    *("uploadpack.packObjectsHook", "remote.origin.uploadpack", "interactive.diffFilter"),
)
STRANGE = {
    "log.showSignature": "true",
    "log.follow": "true",
    "log.diffMerges": "off",
    "log.showRoot": "false",
    "log.mailmap": "true",
    "log.date": "relative",
    "format.pretty": "oneline",
    "diff.relative": "true",
    "diff.noprefix": "true",
    "diff.ignoreSubmodules": "all",
    "diff.renames": "copies",
    "core.abbrev": "4",
    "core.quotePath": "true",
    "core.untrackedCache": "true",
    "color.ui": "always",
    "color.diff": "always",
    "i18n.logOutputEncoding": "GBK",
    "notes.displayRef": "refs/notes/*",
    "remote.origin.url": "ext::touch {trap}",
    "remote.origin.promisor": "true",
    "protocol.ext.allow": "always",
}
ENVIRONMENT = (
    *("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_SSH_COMMAND", "GIT_SSH", "GIT_ASKPASS", "GIT_EDITOR"),
    *("GIT_PROXY_COMMAND", "PAGER"),
)


def set_traps(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Whatever Git could be made to run touches the file that is given back."""
    trap = root.parent / "trap"
    script = root.parent / "script"
    script.write_text(f'#!/bin/sh\ntouch "{trap}"\n', encoding="utf-8")
    script.chmod(0o755)
    hooks = root.parent / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "reference-transaction", "pre-auto-gc", "fsmonitor-watchman"):
        (hooks / name).symlink_to(script)
    settings = {name: str(script) for name in SCRIPTS}
    settings |= {name: value.format(trap=trap) for name, value in STRANGE.items()}
    for command in ("log", "cat-file", "rev-parse", "ls-tree", "diff-tree", "show-ref"):
        settings[f"alias.{command}"] = f"!{script}"
    settings |= {"diff.orderFile": str(root.parent / "order"), "core.hooksPath": str(hooks)}
    with (root / ".git/config").open("a", encoding="utf-8") as file:
        file.writelines(map(setting, settings.items()))
    (root.parent / "order").write_text("docs/*\n*townships.yaml\n", encoding="utf-8")
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/attributes").write_text("* filter=x diff=x\n", encoding="utf-8")
    for name in ENVIRONMENT:
        monkeypatch.setenv(name, str(script))
    for name in ("GIT_TRACE", "GIT_TRACE2_EVENT", "GIT_TRACE_SETUP"):
        monkeypatch.setenv(name, str(trap))
    monkeypatch.setenv("GIT_ICASE_PATHSPECS", "1")
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(script))
    return trap


def setting(item: tuple[str, str]) -> str:
    """As it stands in a file of settings; the middle of a name may have dots."""
    section, _, key = item[0].rpartition(".")
    first, _, rest = section.partition(".")
    return (
        f'[{first} "{rest}"]\n{key} = "{item[1]}"\n'
        if rest
        else (f'[{first}]\n{key} = "{item[1]}"\n')
    )


def signed(root: Path) -> None:
    """A commit that looks signed, so that whoever shows signatures asks for it."""
    text = git(root, "cat-file", "commit", "HEAD")
    head, _, rest = text.partition("\n\n")
    sign = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    file = root.parent / "signed"
    file.write_text(f"{head}\n{sign}\n\n{rest}\n", encoding="utf-8")
    made = git(root, "hash-object", "-t", "commit", "-w", str(file))
    git(root, "update-ref", "HEAD", made)


@pytest.fixture
def trapped(root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path, dict[str, object]]:
    signed(root)
    before = all_of(root)
    return root, set_traps(root, monkeypatch), before


@pytest.mark.parametrize("name", ASKED)
def test_nothing_configured_is_run_and_nothing_changes_the_answer(
    trapped: tuple[Path, Path, dict[str, object]], name: str
) -> None:
    root, trap, before = trapped
    assert not trap.exists()
    assert ASKED[name](Repository(root / CITY)) == before[name]
    assert not trap.exists()


@pytest.mark.parametrize(
    "command", [("log", "--show-signature"), ("status",), ("diff", "HEAD~1"), ("ls-files", "-m")]
)
def test_the_traps_are_traps(
    root: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """Git by itself steps into them."""
    signed(root)
    trap = set_traps(root, monkeypatch)
    for name in ("GIT_TRACE", "GIT_TRACE2_EVENT", "GIT_TRACE_SETUP"):
        monkeypatch.delenv(name)
    tried(root, *command)
    assert trap.exists()


def test_what_a_partial_clone_lacks_is_not_fetched(root: Path, tmp_path: Path) -> None:
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        git(root, "config", name, "true")
    arguments = ("--no-checkout", "--filter=blob:none", f"file://{root}", "partial")
    git(tmp_path, "clone", "-q", *arguments)
    blob = git(root, "rev-parse", f"HEAD:{CITY}/{REPORT}")
    with pytest.raises(Stop, match="partial clone"):
        Repository(tmp_path / "partial").objects.blob(blob)
    git(tmp_path / "partial", "fetch", "-q", "--refetch", "--no-filter")
    assert Repository(tmp_path / "partial").objects.blob(blob) == b"receptions: 2\n"


# --- names ----------------------------------------------------------------------------


def test_a_branch_comes_before_a_tag(root: Path) -> None:
    """Anybody may push a tag, and Git itself would take it."""
    main, first = git(root, "rev-parse", "main"), git(root, "rev-parse", "main~1")
    git(root, "update-ref", "refs/remotes/origin/main", main)
    git(root, "update-ref", "refs/remotes/origin/HEAD", main)
    for name in ("main", "origin/main", "heads/main", "refs/heads/main", "HEAD"):
        git(root, "update-ref", f"refs/tags/{name}", first)
    for name in ("HEAD", "heads/main", "refs/heads/main", "x/main"):
        git(root, "update-ref", f"refs/heads/{name}", first)
    repository = Repository(root)
    for name in ("main", "origin/main", "origin", "heads/main", "refs/heads/main", "HEAD", "@"):
        assert repository.commit(name) == main, name
        assert repository.commit(f"{name}~1") == first, name
    for name in ("tags/main", "refs/tags/main", "x/main"):
        assert repository.commit(name) == first


def test_a_full_name_is_no_other(root: Path) -> None:
    for place in ("heads", "tags"):
        git(root, "update-ref", f"refs/{place}/refs/heads/trunk", "HEAD")
    assert not Repository(root).has("refs/heads/trunk")


def test_an_id_comes_before_a_name_that_looks_like_it(root: Path) -> None:
    main, first = git(root, "rev-parse", "main"), git(root, "rev-parse", "main~1")
    absent = "1234567890" * 4
    for place in ("heads", "tags"):
        for name in (main, main[:7], main[:12], absent, "cafe"):
            git(root, "update-ref", f"refs/{place}/{name}", first)
    repository = Repository(root)
    for name in (main, main[:7], main[:12]):
        assert repository.commit(name) == main
        assert repository.commit(f"{name}^") == first
    assert not repository.has(absent)
    assert repository.commit("cafe") == first


def test_names_that_git_knows_are_known(root: Path) -> None:
    git(root, "tag", "-a", "-m", "x", "v1", "HEAD~1")
    git(root, "switch", "-q", "-c", "user@host")
    first = git(root, "rev-parse", "HEAD~1")
    repository = Repository(root)
    for name in ("v1", "v1^{}", "@{-1}~1", "user@host~1", "main@{0}~1", "v1^0"):
        assert repository.commit(name) == first, name


# --- where Git refuses ----------------------------------------------------------------


def said(stop: Stop) -> str:
    return catalogue("en").render(stop.message)


def test_a_folder_of_somebody_else_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    with pytest.raises(Stop) as stopped:
        Repository(root)
    assert not isinstance(stopped.value, NoRepository)
    assert f"safe.directory {root}" in said(stopped.value)


def test_a_shallow_clone_is_said(root: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", "shallow")
    repository = Repository(tmp_path / "shallow")
    for name in ("HEAD~1", "nothing"):
        with pytest.raises(Stop) as stopped:
            repository.commit(name)
        assert "--unshallow" in said(stopped.value)


@pytest.mark.parametrize("how", ["garbage", "empty", "link", "loop", "gone"])
def test_a_damaged_head_is_said(root: Path, how: str) -> None:
    head = root / ".git" / "HEAD"
    head.unlink()
    if how in ("garbage", "empty"):
        head.write_text("x" if how == "garbage" else "", encoding="utf-8")
    elif how != "gone":
        head.symlink_to("/etc/passwd" if how == "link" else "HEAD")
    with pytest.raises(Stop) as stopped:
        Repository(root)
    assert not isinstance(stopped.value, NoRepository)
    assert "git fsck" in said(stopped.value)


def test_a_repository_before_its_first_commit_is_no_trouble(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    repository = Repository(tmp_path)
    assert not repository.has("HEAD")
    assert not repository.has("refs/heads/main")
    with pytest.raises(Stop, match="revision"):
        repository.revision("main")
