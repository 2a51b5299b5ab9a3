"""The mistakes that are planted in the engine (`python -m benchmarks.mutants`)."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.mutants.equivalents import equivalents
from benchmarks.mutants.mutations import mutants
from tests.cases import ROOT
from tests.repositories import put

SORTED = ("sorted(a, key=b)", "sorted(a, reverse=True)", "sorted(a, key=b, reverse=False)")


@pytest.mark.parametrize(
    ("line", "mutated"),
    [
        ("a < b", ["a <= b", "a > b"]),
        ("a <= b < c", ["a < b < c", "a >= b < c", "a <= b <= c", "a <= b > c"]),
        ("a is not b", ["a is b"]),
        ("a + b", ["a - b"]),
        ("a | b", ["a", "b"]),
        ("a and b", ["a or b", "b", "a"]),
        ("not a", ["a"]),
        ("a + 0", ["a - 0", "a + 1", "a + -1"]),
        ("f(True)", ["f(False)"]),
        ("f('x')", ["f('')"]),
        ("f('')", ["f('mutated')"]),
        ("f(a, b, c)", ["f(b, a, c)"]),
        ("f(*a, b)", []),
        ("f(a, a)", []),  # it would be the same
        ("max(a, b)", ["min(a, b)"]),
        ("min(a)", ["max(a)"]),
        ("any(a)", ["all(a)"]),
        ("replace(a, b=c)", ["a"]),
        ("sorted(a)", ["list(a)", "sorted(a, reverse=True)"]),
        ("sorted(a, key=b, reverse=True)", ["list(a)", *SORTED]),
        ("a.get(b, c)", ["a.get(b)"]),
        ("a[b:]", ["a[:]", "a[b + 1:]"]),
        ("[a for a in b if c]", ["[a for a in b]"]),
        ("a if b else c", ["a if True else c", "a if False else c"]),
        ("Message('text', a)", []),
        ("f'{a + b}'", []),
    ],
)
def test_a_line_becomes(line: str, mutated: list[str]) -> None:
    made = [mutant.name for mutant in mutants("m.py", f"def f():\n    x = {line}\n")]
    assert {name.original for name in made} <= {f"x = {line}"}
    assert [_bare(name.mutated) for name in made] == [_bare(f"x = {text}") for text in mutated]


def _bare(text: str) -> str:
    return "".join(sign for sign in text if sign not in "() ")


def test_statements_are_left_out_and_conditions_decided() -> None:
    head, text = "def f(a: int = 1) -> int | None:", '"Text."'
    source = "\n    ".join([head, text, "while a:", "    g()", "return a"])
    made = {(mutant.name.mutated, mutant.called) for mutant in mutants("m.py", source)}
    default = {(f"def f(a: int = {n}) -> int | None:", "") for n in (0, 2)}
    inside = {("while False:", "f"), ("pass", "f"), ("return None", "f")}
    assert made == default | inside


def test_a_class_is_loaded_and_its_methods_called() -> None:
    source = "class A(B):\n    n: int = 1\n\n    @c(1)\n    def f(self):\n        g()\n"
    made = [(mutant.name.function, mutant.called) for mutant in mutants("m.py", source)]
    assert made == [("A", ""), ("A", ""), ("A.f", "A.f")]


def test_every_mutant_of_the_engine_is_python_and_has_a_name_and_equivalents_are_some() -> None:
    engine = {path.relative_to(ROOT): path for path in ROOT.glob("generator/engine/**/*.py")}
    texts = {name.as_posix(): path.read_text(encoding="utf-8") for name, path in engine.items()}
    made = [mutant for name, text in texts.items() for mutant in mutants(name, text)]
    names = {mutant.name for mutant in made}
    assert 3000 < len(made) == len(names)
    for mutant in made[::10]:
        compile(mutant.source, mutant.name.module, "exec")
    assert [name for name in equivalents() if name not in names] == []
    assert all(equivalents().values())


SUMS = """
from functools import cache

FACTOR = 3
UNUSED = 3


def times(a):
    return a * FACTOR


def unheld(a):
    return a + FACTOR


class Sum:
    @cache
    def of(a, b):
        return a + b
"""
TEST = """
from generator.engine.sums import Sum, times, unheld


def test_sums():
    assert times(2) == 6
    assert Sum.of(1, 2) == 3
    unheld(2)
"""


def test_what_a_test_notices_is_killed(tmp_path: Path) -> None:
    """In functions, in methods behind a cache, and in what is computed at load."""
    said = tried(tmp_path, TEST)
    assert said.returncode == 1, said.stderr
    survivors = [line.strip() for line in said.stdout.splitlines() if line.startswith("  + ")]
    unseen = ["+ UNUSED = 4", "+ UNUSED = 2", "+ return None", "+ return (a - FACTOR)"]
    assert sorted(survivors) == sorted(unseen)
    assert "\n6 of 10 killed, 60.0 % (at least 97 %)" in said.stdout


def test_one_module_can_be_tried_alone(tmp_path: Path) -> None:
    assert "6 of 10 killed" in tried(tmp_path, TEST, "--only", "sums").stdout
    said = tried(tmp_path, TEST, "--only", "some")
    assert said.returncode == 2
    assert "There is no module generator/engine/some.py." in said.stderr


def test_tests_that_fail_by_themselves_say_nothing(tmp_path: Path) -> None:
    said = tried(tmp_path, TEST.replace("== 6", "== 7"))
    assert said.returncode == 2
    assert "tests/engine/test_sums.py::test_sums" in said.stderr


def tried(root: Path, test: str, *more: str) -> subprocess.CompletedProcess[str]:
    """All the mutants of a tree with one module and one test."""
    texts = {"generator/__init__.py": "", "generator/engine/__init__.py": ""}
    texts |= {"generator/engine/sums.py": SUMS, "tests/engine/test_sums.py": test}
    for name, text in texts.items():
        put(root, name, text)
    command = [sys.executable, "-m", "benchmarks.mutants", "--sample", "0", "--root", str(root)]
    return subprocess.run([*command, *more], cwd=ROOT, capture_output=True, text=True)
