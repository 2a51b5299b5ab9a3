"""The workflows, as far as they can be tried without the servers that run them.

Their form is held to the schemas of GitHub and GitLab that come with check-jsonschema; what
they may do, to the rules below; the script that they share is run on real repositories.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.shape.schema import shape
from tests.cases import FIRST_BOOK, ROOT
from tests.ci import run, script
from tests.repositories import Said, a_branch, append, begun, git, replace, tried
from tests.test_validators import CHECK
from tests.trees import QINGSHAN, SONGHE

WORKFLOWS = sorted((ROOT / ".github" / "workflows").iterdir())
GITLAB = ROOT / ".gitlab-ci.yml"
PINNED = re.compile(r"uses: [\w.-]+/[\w.-]+(/[\w./-]+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+")
SCRIPTS = sorted(path for path in (ROOT / ".ci").iterdir() if path.is_file())


def loaded(path: Path) -> dict[str, Any]:
    value = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - text only
    assert isinstance(value, dict)
    return value


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def checkouts(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    """What each step that checks out is given."""
    ours = (s for s in steps(workflow) if s.get("uses", "").startswith("actions/checkout@"))
    return [step["with"] for step in ours]


@pytest.mark.skipif(CHECK is None, reason="check-jsonschema is not installed")
@pytest.mark.parametrize(
    ("schema", "paths"), [("vendor.github-workflows", WORKFLOWS), ("vendor.gitlab-ci", [GITLAB])]
)
def test_the_form_is_right(schema: str, paths: list[Path]) -> None:
    command = [str(CHECK), "--builtin-schema", schema, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


EVERY = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


@EVERY
def test_a_workflow_may_do_no_more_than_it_must(path: Path) -> None:
    text, workflow = path.read_text(encoding="utf-8"), loaded(path)
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in text
    assert "secrets." not in text
    assert "concurrency" in workflow
    for job in workflow["jobs"].values():
        assert int(job["timeout-minutes"]) <= 60
        rights = set(job["permissions"].items())
        written = {("pull-requests", "write")} if path.name == "comment.yml" else set()
        assert {right for right in rights if right[1] != "read"} == written


@EVERY
def test_an_action_is_one_commit_and_keeps_no_token(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(PINNED.findall(text)) == text.count("uses:")
    assert {given["persist-credentials"] for given in checkouts(loaded(path))} <= {"false"}


@EVERY
def test_nothing_that_others_write_stands_in_a_script(path: Path) -> None:
    """It comes in by the environment, where a shell does not read it as words of its own."""
    assert [step["run"] for step in steps(loaded(path)) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("name", ["review.yml", "comment.yml"])
def test_what_is_reviewed_is_never_checked_out(name: str) -> None:
    workflow = loaded(ROOT / ".github" / "workflows" / name)
    ours = ["env.KAOHE_COMMIT"]
    ours += [f"github.event.{n}" for n in ("pull_request.base.ref", "repository.default_branch")]
    refs = {given["ref"] for given in checkouts(workflow)}
    assert refs <= {f"${{{{ {name} }}}}" for name in ours}
    runs = "\n".join(step.get("run", "") for step in steps(workflow))
    assert not re.search(r"git (checkout|switch|reset|merge|pull|archive|worktree)\b", runs)


def test_gitlab_checks_out_the_target_only() -> None:
    job = loaded(GITLAB)["gate"]
    assert job["variables"]["GIT_CHECKOUT"] == "false"
    checkouts = [line for line in job["script"] if line.startswith("git checkout")]
    assert checkouts == ["git checkout --force --detach refs/remotes/origin/target"]


def test_the_program_itself_is_named_by_nobody_else() -> None:
    """In our own repository the program is the base branch's."""
    env = loaded(ROOT / ".github" / "workflows" / "review.yml")["env"]
    assert set(env.values()) == {""}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_can_be_read(path: Path) -> None:
    if path.suffix != ".py":
        assert os.access(path, os.X_OK)
        assert subprocess.run(["bash", "-n", path], capture_output=True).returncode == 0


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return begun(tmp_path / "城 city")


def gate(root: Path, account: str = "office", out: str = "") -> Said:
    """A run of .ci/gate as on GitHub, for what `change` would bring into `main`."""
    asked = ("main", git(root, "rev-parse", "change"), account, out)
    program = shlex.join([sys.executable, "-m", "generator"])
    env = {"PYTHONPATH": str(ROOT), "KAOHE": program, "GITHUB_ACTIONS": "true"}
    return run(ROOT / ".ci" / "gate", *asked, cwd=root, **env)


def on_a_branch(root: Path, path: str, old: str, new: str) -> None:
    with a_branch(root):
        replace(root, path, old, new)


def summary(root: Path) -> str:
    return (root.parent / "summary.md").read_text(encoding="utf-8")


def test_a_good_change_is_shown_and_packed(root: Path) -> None:
    on_a_branch(root, SONGHE, "leading_group: true", "leading_group: false")
    said = gate(root, "songhe-clerk", "review")
    assert said.code == 0, said.text
    assert "松河镇" in said.text
    assert summary(root).startswith("## 合并以后\n")
    assert "松河镇" in summary(root)
    packed = (root / "review" / "review.json").read_bytes()
    review = script("review").unpacked(packed)
    assert (review.head, review.changed) == (git(root, "rev-parse", "change"), True)
    assert "松河镇" in review.markdown
    assert shape("review").is_valid(yaml.safe_load(packed))


def test_what_changes_no_result_says_so(root: Path) -> None:
    on_a_branch(root, SONGHE, "# 松河镇", "# 松河镇的")
    said = gate(root, "songhe-clerk", "review")
    assert said.code == 0, said.text
    assert "没有变化" in summary(root)
    assert not script("review").unpacked((root / "review" / "review.json").read_bytes()).changed


def test_a_refused_change_is_told_and_leaves_nothing(root: Path) -> None:
    on_a_branch(root, QINGSHAN, "receptions: 80", "receptions: x")
    said = gate(root, "songhe-clerk", "review")
    assert said.code == 1
    assert f"\n{QINGSHAN}:5:13: error[wrong-type] receptions: " in f"\n{said.text}"
    assert f"\n::error file={QINGSHAN},line=1,col=1,title=not-yours::" in said.text
    assert "## 不能合并" in summary(root)
    assert not (root / "review").exists()


def test_no_file_name_is_a_command_to_the_server(root: Path) -> None:
    with a_branch(root):
        append(root, "::add-mask::x", "x")
        append(root, "##[error]x", "x")
    said = gate(root, "songhe-clerk")
    assert said.code == 1
    for line in said.text.splitlines():
        assert line.startswith("::error file=") or not line.startswith(("::", "##["))


def test_a_changed_rulebook_shows_its_impact(root: Path) -> None:
    second = FIRST_BOOK.replace("/1/", "/2/")
    text = (root / FIRST_BOOK).read_text(encoding="utf-8").rstrip("\n")
    with a_branch(root):
        append(root, second, text.replace("\nversion: 1\n", "\nversion: 2\n"))
    said = gate(root, "office-rules", "review")
    assert said.code == 0, said.text
    assert "## 换用 family-planning-petitions/2，以前各年" in summary(root)
    assert "2025" in summary(root)


def test_what_is_no_revision_is_trouble(root: Path) -> None:
    with a_branch(root, "--orphan"):
        pass
    assert gate(root).code == 2
    assert tried(root, "status", "--porcelain").text == ""


def test_the_script_is_taken_in_by_no_name_and_nothing_laid_over(root: Path) -> None:
    """A tag called main is not the branch, and the commit that it was made from is not another."""
    on_a_branch(root, QINGSHAN, "receptions: 80", "receptions: 81")
    git(root, "tag", "main", "change")
    git(root, "replace", "refs/heads/main", "change")
    said = gate(root, "songhe-clerk")
    assert said.code == 1
    assert "not-yours" in said.text
