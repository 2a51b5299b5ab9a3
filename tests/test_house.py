"""The house's own rules, where no linter knows them."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from generator.pages.render import OWNED_FILES, OWNED_FOLDERS
from tests.conftest import ROOT

MODULES = sorted((ROOT / "generator").rglob("*.py"))
ENGINE = sorted((ROOT / "generator" / "engine").glob("*.py"))
SENTENCES = (
    "README.md",
    "CONTRIBUTING.md",
    "mkdocs.yml",
    "mkdocs.en.yml",
    "Makefile",
    "docs/assets/flow.svg",
)
LONGEST_FUNCTION = 50
LONGEST_MODULE = 350


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_a_module_says_what_it_owns_and_stays_small(path: Path) -> None:
    tree = ast.parse(source(path))
    assert ast.get_docstring(tree), "no docstring"
    lines = len(source(path).splitlines())
    assert lines <= LONGEST_MODULE, f"{lines} lines"
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))
    long = [n.name for n in functions if (n.end_lineno or 0) - n.lineno >= LONGEST_FUNCTION]
    assert not long, f"longer than {LONGEST_FUNCTION} lines"


def test_the_engine_may_import_only_what_the_contract_watches() -> None:
    watched = re.findall(r'"generator\.engine\.(\w+)"', source(ROOT / "pyproject.toml"))
    assert sorted(watched) == [path.stem for path in ENGINE if path.stem != "__init__"]


def test_what_is_generated_is_ignored_by_git() -> None:
    ignored = {line.strip("/") for line in source(ROOT / ".gitignore").splitlines()}
    assert {f"docs/{name}" for name in OWNED_FILES + OWNED_FOLDERS} <= ignored


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").iterdir()), ids=str)
def test_locks_name_no_host_and_hash_every_package(path: Path) -> None:
    text = source(path)
    assert "://" not in text
    if path.suffix == ".txt":
        packages = re.findall(r"^\S+==\S+.*\\$\n +--hash=sha256:", text, re.MULTILINE)
        assert len(packages) == len(re.findall(r"^\S+==", text, re.MULTILINE)) > 0


@pytest.mark.parametrize("name", SENTENCES)
def test_chinese_is_punctuated_as_chinese(name: str) -> None:
    han = r"[\u4e00-\u9fff]"
    assert not re.findall(f"{han}[,:;()?!]{han}|{han} {han}", source(ROOT / name))


def test_make_help_lists_every_command_of_the_readme() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True)
    offered = set(re.findall(r"^  make (\w+)", done.stdout, re.MULTILINE))
    pages = source(ROOT / "README.md") + source(ROOT / "HACKING.md")
    assert set(re.findall(r"`make (\w+)", pages)) <= offered
