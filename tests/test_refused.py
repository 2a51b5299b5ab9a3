"""Every case below `tests/refused/<code>/` is refused by the gate as its `expected.txt` says.

A case is laid over a city with owners and a final year: `case.yaml` names the account that
asks (`author`), the one that gitolite names besides (`gitolite`), whether the year is published,
the reference that is pushed (`ref`), and a push of another kind than forward (`push: delete`,
`push: rewrite`, `push: twice` with a tree that has a name twice). `before/` is what the city has
besides, `after/` what the push changes, `meanwhile/` what came into the branch since it began; they
are laid over as those of `tests/invalid/` are. `make` says of paths what they become: a link, a
folder, executable.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cases import REFUSED, expected, laid_over
from tests.repositories import NOTHING, begun, commit, forged, git
from tests.running import kaohe
from tests.texts import CHINESE

CASES = sorted(REFUSED.glob("*/*/"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_change_is_refused_exactly(case: Path, tmp_path: Path) -> None:
    about = yaml.safe_load((case / "case.yaml").read_text(encoding="utf-8"))
    root = begun(tmp_path / "city", published="published" in about)
    line = pushed(case, about, root)
    hook = {"REMOTE_USER": about["author"], "GL_USER": about.get("gitolite", "")}
    by_hand = ("main", "change", "--author", about["author"])
    arguments, env = ((), hook) if line else (by_hand, {})
    for lang in ("zh", "en"):
        asked = ("gate", *arguments, "--format", "json", "--lang", lang)
        done = kaohe(*asked, root=root, env=env, stdin=line.encode())
        problems = json.loads(done.out)["problems"]
        assert done.code == 1
        lines = [f"{p['path']}:{p['line']}:{p['column']} {p['code']}" for p in problems]
        assert lines == expected(case)
        assert case.parent.name in {problem["code"] for problem in problems}
        for problem in problems:
            assert (lang == "zh") == bool(CHINESE.search(problem["message"]))


def pushed(case: Path, about: dict[str, Any], root: Path) -> str:
    """Make the change; what a hook is told, nothing where the change is only asked about."""
    if (case / "before").is_dir():
        laid_over(case / "before", root)
        commit(root, "以前的")
    old = git(root, "rev-parse", "HEAD")
    git(root, "switch", "-q", "-c", "change")
    if (case / "after").is_dir():
        laid_over(case / "after", root)
    for path, what in about.get("make", {}).items():
        become(root / path, what)
    new = commit(root, "改动", *(["--amend"] if about.get("push") == "rewrite" else []))
    git(root, "switch", "-q", "main")
    if (case / "meanwhile").is_dir():
        laid_over(case / "meanwhile", root)
        commit(root, "别人的改动")
        return ""
    new = {"delete": NOTHING, "twice": twice(root)}.get(about.get("push", ""), new)
    return f"{old} {new} {about.get('ref', 'refs/heads/main')}\n"


def become(path: Path, what: str) -> None:
    if what == "executable":
        path.chmod(0o755)
        return
    content = path.read_bytes()
    path.unlink()
    if what == "link":
        path.symlink_to("elsewhere.yaml")
    else:
        path.mkdir()
        (path / "01.yaml").write_bytes(content)


def twice(root: Path) -> str:
    """A commit on main whose tree has data twice: once as it is, once as it was before."""
    rows = git(root, "ls-tree", "HEAD").splitlines()
    ids = {row.split("\t")[1]: row.split()[2] for row in rows}
    entries = [("data", ids["data"]), ("data", ids["schema"]), ("schema", ids["schema"])]
    return forged(root, *(("40000", name, id_) for name, id_ in entries))
