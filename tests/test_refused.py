"""Every case below `tests/refused/<code>/` is refused by the gate as its `expected.txt` says.

A case is laid over a city with owners and a final year: `case.yaml` names the account that
asks (`author`), whether the year is published, and a push of another kind than forward (`push:
delete`, `push: rewrite`); `after/` is what the push changes, `meanwhile/` what came into the
branch since it began. They are laid over as those of `tests/invalid/` are.
"""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.commands import cli
from tests.cases import laid_over, refused_cases
from tests.repositories import NOTHING, begun, commit, git
from tests.texts import CHINESE

CASES = refused_cases()


class Stdin(io.TextIOWrapper):
    """What a hook is told."""

    def __init__(self, text: str) -> None:
        super().__init__(io.BytesIO(text.encode()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_change_is_refused_exactly(
    case: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    about = yaml.safe_load((case / "case.yaml").read_text(encoding="utf-8"))
    root = begun(tmp_path / "city", published="published" in about)
    arguments = pushed(case, about, root, monkeypatch)
    monkeypatch.chdir(root)
    for lang in ("zh", "en"):
        with pytest.raises(SystemExit) as stopped:
            cli.main(["gate", *arguments(), "--format", "json", "--lang", lang])
        found = json.loads(capsys.readouterr().out)["problems"]
        assert stopped.value.code == 1
        lines = [f"{p['path']}:{p['line']}:{p['column']} {p['code']}" for p in found]
        assert lines == (case / "expected.txt").read_text(encoding="utf-8").splitlines()
        assert case.parent.name in {problem["code"] for problem in found}
        for problem in found:
            assert (lang == "zh") == bool(CHINESE.search(problem["message"]))


def pushed(case: Path, about: dict[str, Any], root: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make the change; what gives the arguments, and the input, of the command each time."""
    old = git(root, "rev-parse", "HEAD")
    git(root, "switch", "-q", "-c", "change")
    if (case / "after").is_dir():
        laid_over(case / "after", root)
    new = commit(root, "改动", *(["--amend"] if about.get("push") == "rewrite" else []))
    git(root, "switch", "-q", "main")
    if (case / "meanwhile").is_dir():
        laid_over(case / "meanwhile", root)
        commit(root, "别人的改动")
        return lambda: ["main", "change", "--author", about["author"]]
    line = f"{old} {NOTHING if about.get('push') == 'delete' else new} refs/heads/main\n"
    monkeypatch.setenv("REMOTE_USER", about["author"])
    monkeypatch.delenv("GL_USER", raising=False)

    def hook() -> list[str]:
        monkeypatch.setattr(sys, "stdin", Stdin(line))
        return []

    return hook
