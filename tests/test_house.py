"""The house's own rules, where no linter knows them."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import grimp
import pytest

from generator.pages.layout import OWNED_FILES, OWNED_FOLDERS
from tests.conftest import ROOT

MODULES = sorted((ROOT / "generator").rglob("*.py"))
LONGEST_FUNCTION = 50
MOST_MODULES = 97
DEEPEST_IMPORT = 22


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_a_module_says_what_it_owns_and_its_functions_fit_a_screen(path: Path) -> None:
    tree = ast.parse(source(path))
    assert ast.get_docstring(tree), "no docstring"
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))
    long = [n.name for n in functions if (n.end_lineno or 0) - n.lineno >= LONGEST_FUNCTION]
    assert not long, f"longer than {LONGEST_FUNCTION} lines"


def test_the_house_has_few_rooms() -> None:
    assert len(MODULES) <= MOST_MODULES


def test_no_chain_of_imports_is_long() -> None:
    graph = grimp.build_graph("generator", cache_dir=None)

    @cache
    def chain(module: str) -> tuple[str, ...]:
        below = map(chain, graph.find_modules_directly_imported_by(module))
        return (module, *max(below, key=len, default=()))

    longest = max(map(chain, graph.modules), key=len)
    assert len(longest) <= DEEPEST_IMPORT, " → ".join(longest)


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


def test_make_help_lists_every_command_of_the_readme() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True)
    offered = set(re.findall(r"^  make (\w+)", done.stdout, re.MULTILINE))
    pages = source(ROOT / "README.md") + source(ROOT / "HACKING.md")
    assert set(re.findall(r"`make (\w+)", pages)) <= offered
