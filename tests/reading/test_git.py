"""Whatever a repository, its configuration or the environment says, Git answers the same.

Every public method of `Repository` is asked in a folder full of traps: a new one must be put into
`ASKED`, and is then held to all of them.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.engine.problem import Problem, Stop
from generator.reading.files import Tree, blobs, link, tree_below, unexpected
from generator.reading.git import Altered, NoRepository, Repository
from generator.reading.slips import MAX_BYTES
from generator.words.messages import catalogue
from tests.repositories import NOTHING, commit, forged, git, put, stored, tried
from tests.trees import content

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
        Repository(tmp_path / "partial").git.blob(blob)
    git(tmp_path / "partial", "fetch", "-q", "--refetch", "--no-filter")
    assert Repository(tmp_path / "partial").git.blob(blob) == b"receptions: 2\n"


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
    # Git's own check does not open such a folder either, and is no advice.
    assert "new clone or the last backup" in said(stopped.value)


def test_a_repository_before_its_first_commit_is_no_trouble(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    repository = Repository(tmp_path)
    assert not repository.has("HEAD")
    assert not repository.has("refs/heads/main")
    with pytest.raises(Stop, match="no commit yet"):
        repository.revision("main")


@pytest.mark.parametrize(
    ("path", "text", "advice"),
    [
        (".git", "gitdir: /nowhere/.git/worktrees/x\n", "worktree repair"),
        (".git/config", "[core\n", "configuration"),
        (".git/config", "[core]\nrepositoryformatversion = 99\n", "newer Git"),
    ],
)
def test_each_refusal_has_its_own_advice(tmp_path: Path, path: str, text: str, advice: str) -> None:
    if path != ".git":
        git(tmp_path, "init", "-q")
    (tmp_path / path).write_text(text)
    with pytest.raises(Stop, match=advice):
        Repository(tmp_path)


# --- Trees out of a Git repository: what stands in them, and what no name can break ---


FILES = {
    "data/townships.yaml": "a: 1\n",
    "data/2025/townships/中文 名.yaml": "b: 2\n",
    "schema/submissions/own/1.schema.json": "{}",
    "docs/elsewhere.md": "not read",
}


@pytest.fixture
def city(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    for path, text in FILES.items():
        put(tmp_path, path, text)
    commit(tmp_path, "first")
    return tmp_path


def test_a_revision_is_the_tree_that_a_folder_was(city: Path) -> None:
    folder, revision = tree_below(city), Repository(city).revision("HEAD")
    assert list(revision) == list(folder) == sorted(path for path in FILES if "docs" not in path)
    for path, blob in blobs(revision).items():
        assert blob.read() == content(folder, path) == FILES[path].encode()
        assert blob.id == blobs(folder)[path].id


def test_a_folder_names_content_as_git_does_whatever_its_line_ends(city: Path) -> None:
    (city / "data/townships.yaml").write_bytes(b"a: 1\r\n")
    old = Repository(city).revision("HEAD")
    assert blobs(tree_below(city))["data/townships.yaml"].id == blobs(old)["data/townships.yaml"].id


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


def test_links_and_repositories_inside_are_told(city: Path) -> None:
    (city / "data/link.yaml").symlink_to("/etc/passwd")
    git(city, "init", "-q", "data/inner")
    put(city, "data/inner/x", "x")
    commit(city / "data/inner", "x")
    commit(city, "strange")
    revision = Repository(city).revision("HEAD")
    assert {path: entry for path, entry in revision.items() if isinstance(entry, Problem)} == {
        "data/inner": unexpected("data/inner"),
        "data/link.yaml": link("data/link.yaml"),
    }
    assert "data/link.yaml" not in blobs(revision)


def test_of_a_file_that_is_too_large_enough_is_read_to_see_that(city: Path) -> None:
    put(city, "data/large.yaml", "x" * (3 * MAX_BYTES))
    commit(city, "large")
    revision = Repository(city).revision("HEAD")
    assert len(content(revision, "data/large.yaml")) == MAX_BYTES + 1
    assert content(revision, "data/townships.yaml") == b"a: 1\n"


def test_history_is_newest_first_and_a_merge_is_one_step(city: Path) -> None:
    first = git(city, "rev-parse", "HEAD")
    git(city, "checkout", "-q", "-b", "clerk")
    put(city, "data/townships.yaml", "a: 3\n")
    commit(city, "a clerk's")
    put(city, "data/2025/new.yaml", "c: 1\n")
    commit(city, "a clerk's again")
    git(city, "checkout", "-q", "main")
    put(city, "docs/elsewhere.md", "changed")
    aside = commit(city, "no data")
    git(city, "merge", "-q", "clerk", "-m", "合并：一件")
    merged = git(city, "rev-parse", "HEAD")
    found = list(Repository(city).history())
    assert [(made.id, made.subject, made.author) for made, _ in found] == [
        (merged, "合并：一件", "书记员"),
        (first, "first", "书记员"),
    ]
    assert found[0][0].parents == (aside, git(city, "rev-parse", "clerk"))
    assert [(a.path, a.old is None, a.new is None) for a in found[0][1]] == [
        ("data/2025/new.yaml", True, False),
        ("data/townships.yaml", False, False),
    ]
    assert all(altered.old is None for altered in found[1][1])


@pytest.mark.parametrize("subject", ["\x01" + "0" * 40, ":100644 100644 a b M", "x\n\n:000000"])
def test_no_subject_can_break_the_history(city: Path, subject: str) -> None:
    put(city, "data/townships.yaml", "a: 4\n")
    made = commit(city, subject)
    found = list(Repository(city).history())
    assert [len(altered) for _, altered in found] == [1, 3]
    assert found[0][0].id == made
    assert isinstance(found[0][1][0], Altered)


def test_changed_names_every_path_of_the_repository(city: Path) -> None:
    old = git(city, "rev-parse", "HEAD")
    put(city, "docs/elsewhere.md", "changed")
    put(city, "data/2025/townships/中文 名.yaml", "b: 3\n")
    new = commit(city, "second")
    assert Repository(city).changed(old, new) == [
        "data/2025/townships/中文 名.yaml",
        "docs/elsewhere.md",
    ]


@pytest.mark.parametrize("name", ["nothing", "--all", "-h", "HEAD:data", "", "HEAD^{tree}", "a b"])
def test_what_is_no_revision_is_said(city: Path, name: str) -> None:
    with pytest.raises(Stop, match="revision"):
        Repository(city).revision(name)


def test_no_repository_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(Stop, match="repository"):
        Repository(tmp_path)


def test_no_git_is_said(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(city))
    with pytest.raises(Stop, match="installed"):
        Repository(city)


def test_a_shallow_clone_says_so(city: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    put(city, "data/townships.yaml", "a: 5\n")
    commit(city, "second")
    copy = tmp_path_factory.mktemp("shallow")
    git(copy, "clone", "-q", "--depth", "1", f"file://{city}", ".")
    assert Repository(copy).cut == {git(city, "rev-parse", "HEAD")}
    assert Repository(city).cut == set()


def test_what_may_be_deleted_stands_in_gits_own_folder(city: Path) -> None:
    inside = Repository(city / "data").private
    assert inside.resolve() == (city / ".git" / "kaohe").resolve()


@pytest.fixture
def bare(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("bare")
    git(copy, "clone", "-q", "--bare", str(city), ".")
    return copy


def test_a_bare_repository_is_read_as_well(bare: Path) -> None:
    revision = Repository(bare).revision("main")
    assert content(revision, "data/townships.yaml") == b"a: 1\n"
    assert Repository(bare).private.resolve() == (bare / "kaohe").resolve()


# --- what a review asks ---------------------------------------------------------------


def test_where_two_commits_meet(city: Path) -> None:
    first = git(city, "rev-parse", "HEAD")
    git(city, "checkout", "-q", "-b", "clerk")
    put(city, "data/townships.yaml", "a: 3\n")
    clerk = commit(city, "a clerk's")
    git(city, "checkout", "-q", "main")
    put(city, "docs/elsewhere.md", "changed")
    main = commit(city, "no data")
    repository = Repository(city)
    assert repository.meeting(main, clerk) == first
    assert repository.meeting(first, clerk) == first
    git(city, "checkout", "-q", "--orphan", "other")
    assert repository.meeting(main, commit(city, "other")) is None
    assert repository.meeting(main, "0" * 40) is None


def test_the_index_is_a_tree_like_another(city: Path) -> None:
    put(city, "data/2025/townships/中文 名.yaml", "b: 3\n")
    put(city, "data/new.yaml", "c: 1\n")
    git(city, "add", "--all")
    put(city, "data/2025/townships/中文 名.yaml", "b: 4\n")
    git(city, "rm", "-q", "--cached", "data/townships.yaml", "docs/elsewhere.md")
    repository = Repository(city / "data")
    assert repository.staged_changes() == [
        "data/2025/townships/中文 名.yaml",
        "data/new.yaml",
        "data/townships.yaml",
        "docs/elsewhere.md",
    ]
    staged = Repository(city).staged()
    assert list(staged) == [
        *("data/2025/townships/中文 名.yaml", "data/new.yaml"),
        "schema/submissions/own/1.schema.json",
    ]
    assert content(staged, "data/2025/townships/中文 名.yaml") == b"b: 3\n"
    assert content(staged, "schema/submissions/own/1.schema.json") == b"{}"


def test_a_work_tree_is_told_from_gits_own_folder(
    city: Path, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Repository(city).works
    assert Repository(city / "data").works
    assert not Repository(bare).works
    assert not Repository(city / ".git").works
    monkeypatch.setenv("GIT_DIR", ".")  # as a hook has it
    assert not Repository(city / ".git").works
    assert not Repository(bare).works


def test_whether_there_is_a_commit_of_that_name(city: Path) -> None:
    repository = Repository(city)
    assert repository.has("main")
    assert not repository.has("nothing")
    assert not repository.has("--all")


# --- What Git has stored: refused where it is not sound, told where it is missing or damaged ---


ABSENT = "1234567890" * 4
DATA = "data/townships.yaml"


@pytest.fixture
def two(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    put(tmp_path, DATA, "a: 1\n")
    commit(tmp_path, "first")
    put(tmp_path, DATA, "a: 2\n")
    commit(tmp_path, "second")
    return tmp_path


# --- what is new is sound -------------------------------------------------------------


def blob_and_tree(two: Path) -> tuple[str, str]:
    return git(two, "rev-parse", f"main:{DATA}"), git(two, "rev-parse", "main:data")


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
    two: Path, entries: list[tuple[str, str, str]], said: str
) -> None:
    blob, tree = blob_and_tree(two)
    ids = {"b": blob, "B": git(two, "rev-parse", f"main~1:{DATA}"), "t": tree, NOTHING: NOTHING}
    head = forged(two, *((mode, name, ids[what]) for mode, name, what in entries))
    assert said in (Repository(two).fault(head, [git(two, "rev-parse", "main")]) or "")


@pytest.mark.parametrize(
    "make",
    [
        lambda two: stored(two, "tree", b"100644 a\0short"),
        lambda two: stored(two, "tree", b"no tree"),
        lambda two: stored(two, "commit", b"tree " + ABSENT.encode() + b"\n"),
        lambda two: stored(two, "tag", b"object " + ABSENT.encode() + b"\n\nx"),
        lambda two: stored(two, "commit", b"x"),
    ],
)
def test_what_is_hardly_an_object_does_not_pass(two: Path, make: Callable[[Path], str]) -> None:
    head = make(two)
    try:
        fault = Repository(two).fault(head)
    except Stop:
        return
    assert fault


def test_faults_are_looked_for_in_all_that_is_new(two: Path) -> None:
    """Below a folder, and in a commit whose tree has been put right again."""
    blob, _ = blob_and_tree(two)
    row = b"100644 a\0" + bytes.fromhex(blob)
    twice = stored(two, "tree", row + row)
    main = git(two, "rev-parse", "main")
    below = forged(two, ("40000", "data", twice))
    after = git(two, "commit-tree", "-p", below, "-m", "right again", "main^{tree}")
    repository = Repository(two)
    for head in (below, after):
        assert "duplicateEntries" in (repository.fault(head, [main]) or "")
    assert repository.fault(after, [below]) is None
    assert repository.fault(main) is None
    assert repository.fault(main, [main]) is None
    assert repository.fault(git(two, "rev-parse", "main^{tree}"), [main]) is None


def test_looking_writes_nothing(two: Path) -> None:
    before = sorted(str(path) for path in two.rglob("*"))
    Repository(two).fault(git(two, "rev-parse", "main"))
    assert sorted(str(path) for path in two.rglob("*")) == before


# --- what is not there, or damaged ----------------------------------------------------


def file_of(two: Path, name: str) -> Path:
    found = git(two, "rev-parse", name)
    path = two / ".git/objects" / found[:2] / found[2:]
    path.chmod(0o644)
    return path


DAMAGE: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-7]),
    "garbage": lambda path: path.write_bytes(b"garbage" * 9),
}
QUESTIONS: dict[str, Callable[[Repository], object]] = {
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
def test_a_damaged_object_is_said(two: Path, what: str, asked: tuple[str, ...], how: str) -> None:
    DAMAGE[how](file_of(two, what))
    for name in asked:
        with pytest.raises(Stop) as stopped:
            QUESTIONS[name](Repository(two))
        assert "git fsck" in catalogue("en").render(stopped.value.message), name


def test_the_next_question_is_answered_after_one_that_was_not(two: Path) -> None:
    DAMAGE["truncated"](file_of(two, f"HEAD:{DATA}"))
    repository = Repository(two)
    for _ in range(2):
        with pytest.raises(Stop, match="could not read"):
            content(repository.revision("HEAD"), DATA)
        assert content(repository.revision("HEAD~1"), DATA) == b"a: 1\n"


def test_what_is_no_blob_is_not_read_for_one(two: Path) -> None:
    for name in ("HEAD", "HEAD:data", "main", ABSENT, NOTHING):
        with pytest.raises(Stop, match="could not read"):
            Repository(two).git.blob(git(two, "rev-parse", name) if name != "main" else "main")


def test_git_that_ends_in_the_middle_is_said(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository(two)
    revision = repository.revision("HEAD")
    assert content(revision, DATA) == b"a: 2\n"
    process = repository.git._blobs
    assert process is not None
    process.kill()
    process.wait()
    with pytest.raises(Stop, match="could not read"):
        content(revision, DATA)
    assert content(revision, DATA) == b"a: 2\n"
