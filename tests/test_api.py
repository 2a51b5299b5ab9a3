"""A city for programs of one's own: what it gives, what it refuses, and what HACKING.md shows."""

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

import generator
from generator import Unsound, load
from generator.engine.problem import Severity
from tests.cases import INVALID, ROOT, laid_out


def test_the_session_of_the_manual_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = (ROOT / "HACKING.md").read_text(encoding="utf-8")
    (session,) = re.findall(r"^```pycon\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert session.count(">>>") > 5
    monkeypatch.chdir(ROOT)
    test = doctest.DocTestParser().get_doctest(session, {}, "HACKING.md", None, 0)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_an_unsound_city_says_all_of_its_problems_at_once(tmp_path: Path) -> None:
    root = laid_out(INVALID / "unknown-value" / "level", tmp_path)
    with pytest.raises(Unsound) as raised:
        load(root)
    problems = raised.value.problems
    assert Severity.ERROR in {problem.severity for problem in problems}
    assert str(raised.value).count("\n") == len(problems) - 1
    assert "error[unknown-value] visits.V-001.level: «bejing»" in str(raised.value)


def test_what_is_not_there_is_a_key_error() -> None:
    city = load(ROOT / "examples" / "linjiang")
    year = city.year(2025)
    assert city.year(2025) is year
    assert year.standing("tingchao") is year.standing("听潮街道")
    with pytest.raises(KeyError):
        city.year(1999)
    with pytest.raises(KeyError):
        year.card("nobody")
    with pytest.raises(AttributeError):
        generator.nothing  # type: ignore[attr-defined]  # noqa: B018 - asking is the test


def test_the_version_imports_nothing_that_judges() -> None:
    for module, others in (
        ("generator; generator.__version__", ("generator.engine",)),
        ("generator.commands.cli", ("babel", "yaml", "jinja2", "generator.year")),
    ):
        program = f"import sys, {module}; print(*(m for m in {others} if m in sys.modules))"
        command = [sys.executable, "-c", program]
        assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout == "\n"
