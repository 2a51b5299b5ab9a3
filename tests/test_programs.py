"""The comparison of two programs on the same data: `.ci/engine`."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.cases import ROOT, laid_out
from tests.ci import run, script
from tests.repositories import FINAL_CITY, Said, begun, commit, git

programs = script("programs")
ENGINE = ROOT / ".ci" / "engine"

PROGRAM = """#!/bin/sh
case "$1" in
    build) mkdir -p site; echo page > site/index.html; printf '\\000' > site/table.xlsx ;;
    publish) echo receipt > "data/$2/published.json" ;;
    check) grep -L many data/2025/townships/*.yaml ;;
    rules) exit 1 ;;
    status) echo "::error::$0" ;;
    history) git log --format=%H; pwd ;;
esac
echo "$@"
"""
"""A program that is quicker than ours and prints or writes whatever ours does."""


def checkout(folder: Path, program: str = PROGRAM) -> Path:
    """A checkout with a program and with a small city."""
    command = folder / ".venv" / "bin" / "kaohe"
    command.parent.mkdir(parents=True)
    command.write_text(program, encoding="utf-8")
    command.chmod(0o755)
    return laid_out(FINAL_CITY, folder)


def compared(old: Path, new: Path) -> Said:
    """What `.ci/engine` says of two checkouts, and puts into the summary of a workflow."""
    summary = new.parent / "summary.md"
    said = run(ENGINE, old.name, new.name, cwd=new.parent, GITHUB_STEP_SUMMARY=str(summary))
    assert said.code == 2 or summary.read_text(encoding="utf-8")
    return said


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return checkout(tmp_path / "old 旧")


def test_equal_programs_are_told_equal(old: Path, tmp_path: Path) -> None:
    """Their own folders, which they may name, and what the day is make no difference."""
    said = compared(old, checkout(tmp_path / "new"))
    assert said.code == 0, said.text
    assert "程序前后的输出完全相同" in said.text
    assert "Nothing differs in " in said.text


def test_whatever_differs_is_shown(old: Path, tmp_path: Path) -> None:
    """Pages, tables, files too many, receipts, exit codes, and what is printed to either side."""
    planted = [
        ("echo page", "echo pages", ["--- site/index.html (old)", "-page", "+pages"]),
        ("printf '\\000'", "printf '\\000\\001'", ["site/table.xlsx: 1 bytes → 2 bytes"]),
        ("mkdir -p site;", "mkdir -p site; : > site/more;", ["site/more: 无 none → 0 bytes"]),
        ("echo receipt", "echo other", ["--- data/2025/published.json, anew (old)", "+other"]),
        ("exit 1", "exit 3", ["--- kaohe rules check (old)", "-exit 1", "+exit 3"]),
        ("-L many", "-c many", ["--- kaohe check (of a damaged report) (old)"]),
        ("grep", "echo trouble >&2; grep", ["--- kaohe check --format json (old)", "+trouble"]),
        ('status) echo "', 'status) echo "::', ["-::error::PROGRAM/", "+::::error::PROGRAM/"]),
    ]
    program, words = PROGRAM, []
    for line, other, shown in planted:
        assert line in program
        program = program.replace(line, other)
        words += shown
    said = compared(old, checkout(tmp_path / "new", program))
    assert said.code == 1, said.text
    assert [word for word in words if word not in said.text] == []
    summary = (tmp_path / "summary.md").read_text("utf-8")
    assert summary.startswith("## 换用新程序以后\n\n````diff\n")


def test_what_is_printed_is_no_command_to_the_server(old: Path, tmp_path: Path) -> None:
    """Where everything differs the output begins with it, whatever it is."""
    other = PROGRAM.replace('\necho "$@"', "\nprintf '\\n::add-mask::x\\n##[error]x\\n'")
    said = compared(old, checkout(tmp_path / "new", other))
    assert said.code == 1
    assert "::add-mask::x" in said.text
    assert not any(line.startswith(("::", "##[")) for line in said.text.splitlines())


def test_of_much_that_differs_the_first_is_shown_and_the_rest_named(
    old: Path, tmp_path: Path
) -> None:
    many = "seq 9000 > site/long; for n in $(seq 60); do : > site/$n; done; echo page"
    said = compared(old, checkout(tmp_path / "new", PROGRAM.replace("echo page", many)))
    assert said.code == 1
    assert "site/60" in said.text
    assert len(said.text.splitlines()) < 200


def test_a_long_line_is_compared_in_pieces() -> None:
    before, after = (", ".join(["same"] * 500 + [word] + ["same"] * 500) for word in ("a", "b"))
    shown = list(programs.shown(programs.Difference("x", before.encode(), after.encode())))
    assert shown[3:] == ["  same,", "- a,", "+ b,", "  same,"]


@pytest.mark.parametrize("lack", ["program", "data", "start", "check"])
def test_what_cannot_be_tried_is_neither_equal_nor_different(tmp_path: Path, lack: str) -> None:
    """Least of all where both programs fail in the same way."""
    stops = {"start": "#!/bin/sh\nexit 1\n", "check": PROGRAM.replace("check)", "check) exit 2;;")}
    old, new = (checkout(tmp_path / name, stops.get(lack, PROGRAM)) for name in ("old", "new"))
    if lack in ("program", "data"):
        shutil.rmtree(new / {"program": ".venv", "data": "data"}[lack])
    said = compared(old, new)
    assert said.code == 2
    assert "It could not be tried: " in said.text


def test_two_revisions_are_compared_in_checkouts_of_their_own(tmp_path: Path) -> None:
    root = tmp_path / "城 city"
    begun(root)
    shutil.copytree(ROOT / ".ci", root / ".ci")
    recipe = "\tmkdir -p .venv/bin && cp kaohe .venv/bin && chmod +x .venv/bin/kaohe && touch $@\n"
    (root / "Makefile").write_text(f".venv/site:\n{recipe}", encoding="utf-8")
    (root / ".gitignore").write_text(".cache\n.venv\n", encoding="utf-8")
    for program in (PROGRAM, PROGRAM.replace("echo page", "echo pages")):
        (root / "kaohe").write_text(program, encoding="utf-8")
        commit(root)
    answers = {"HEAD": (0, "Nothing differs"), "nowhere": (2, "no such revision: nowhere")}
    for old, (code, words) in {"HEAD~1": (1, "+pages"), **answers}.items():
        said = run(root / ".ci" / "compare", old, cwd=tmp_path)
        assert said.code == code, said.text
        assert words in said.text
    assert git(root, "status", "--porcelain") == ""


def test_a_planted_line_is_found_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own program; one line of a copy adds points up wrongly."""
    run = f'#!/bin/sh\nPYTHONPATH="${{0%/.venv/*}}" exec "{sys.executable}" -m generator "$@"\n'
    old, new = (checkout(tmp_path / name, run) for name in ("old", "new"))
    for folder in (old, new):
        shutil.copytree(ROOT / "generator", folder / "generator")
        shutil.copytree(ROOT / "schema", folder / "schema", dirs_exist_ok=True)
    edited = new / "generator" / "engine" / "score.py"
    text = edited.read_text(encoding="utf-8")
    right, wrong = "(part.points for part in parts), Fraction())", "Fraction(-1))"
    assert text.count(right) == 1
    edited.write_text(text.replace(right, right.replace("Fraction())", wrong)), encoding="utf-8")
    asked = [("score", "--format", "json"), ("owners",), ("render",)]
    monkeypatch.setattr(programs, "commands", lambda place: asked)
    before, after = programs.outputs(old, new)
    names = {difference.name for difference in programs.differences(before, after)}
    moved = {"kaohe score --format json", "data/2025/published.json, anew"}
    assert names >= moved | {"docs/results/2025/songhe.md", "docs/results/2025/results.xlsx"}
    same = {"kaohe owners", "docs/rulebooks/index.md", "data/2025/townships/songhe.yaml"}
    assert same <= before.keys() - names
