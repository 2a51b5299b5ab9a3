"""Every case below `tests/invalid/<code>/` gives exactly what its `expected.txt` says."""

import ast
import re
from pathlib import Path

import pytest

from generator.engine.problem import Problem, errors
from generator.words.messages import LANGUAGES, catalogue
from generator.words.report import problems
from tests.cases import INVALID, REFUSED, ROOT, expected, found_in, invalid_cases, laid_out, lines
from tests.texts import CHINESE, PLACE

CASES = invalid_cases()
_ABOUT_A_FILE = (
    *("missing-file", "symbolic-link", "unexpected-file", "empty-file", "not-utf8"),
    *("too-large", "wrong-file-kind", "missing-holidays", "locked-file-changed"),
)
"""Codes whose problems are about a whole file, not about a value in it."""

_BEFORE_VALUES = (
    *("alias", "anchor", "bad-number", "bidi-character", "bom", "control-character"),
    *("cut-off-text", "duplicate-key", "full-width-punctuation", "merge-key", "no-break-space"),
    *("look-alike-character", "merge-conflict", "personal-data", "ruined-text", "second-document"),
    *("syntax", "tab-indentation", "tag", "too-deep"),
)
"""Codes found while reading, before there are values with addresses."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_wrong_file_is_told_exactly(case: Path, tmp_path: Path) -> None:
    problems = found_in(laid_out(case, tmp_path))
    assert sorted(lines(problems)) == sorted(expected(case))
    assert case.parent.name in {problem.code for problem in problems}
    for problem in problems:
        _has_a_place(problem, tmp_path)
        _speaks_both_languages(problem)
    warning = case.name.endswith("is-a-warning") or case.parent.name in _WARNINGS
    assert bool(errors(problems)) is not warning


_WARNINGS = (
    *("change-without-effect", "cut-off-text", "decision-without-tie", "missing-date"),
    *("dead-rule", "idle-holiday", "not-carried-over", "rating-missing", "rule-without-example"),
    "unit-without-group",
)


def _has_a_place(problem: Problem, root: Path) -> None:
    place = problem.location
    if problem.code not in (*_ABOUT_A_FILE, *_BEFORE_VALUES):
        text = (root / place.path).read_text(encoding="utf-8").split("\n")
        assert place.line <= len(text)
        assert place.column <= len(text[place.line - 1]) + 1
        first_key = next(n for n, row in enumerate(text, 1) if row and not row.startswith("#"))
        assert place.address or place.line == first_key


def _speaks_both_languages(problem: Problem) -> None:
    for lang in LANGUAGES:
        text = catalogue(lang).render(problem.message)
        assert text.strip()
        assert not PLACE.search(text)
        assert not re.search(r"(Message|Text|Fraction)\(", text)
        assert (lang == "zh") <= bool(CHINESE.search(text)), text
        for form in ("text", "json", "markdown", "github"):
            assert problem.code in problems([problem], catalogue(lang), form)


def codes() -> set[str]:
    """Every code that the program can give a problem.

    A code is the literal second argument of `Problem`, or handed on from elsewhere in one of
    the packages that find problems: any word with hyphens there that is nothing else.
    """
    codes: set[object] = set()
    for module in (ROOT / "generator").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                hyphened = module.parent.name in _FINDING and _HYPHENED.fullmatch(node.value)
                codes |= {node.value} if hyphened or node.value in _KNOWN else set()
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
                codes |= {arg.value for arg in node.args[1:2] if isinstance(arg, ast.Constant)}
    assert all(isinstance(code, str) for code in codes)
    return {str(code) for code in codes if not _NO_CODE.fullmatch(str(code))}


_FINDING = ("reading", "shape", "rulebook", "year")
_HYPHENED = re.compile("[a-z]+[0-9]*(-[a-z0-9]+)+")
_NO_CODE = re.compile(
    "utf-8|latin-1|x-.*|for-each-ref|date-minute|prefecture-ranking|rev-parse|ls-tree|ls-files|diff-tree|diff-index"
    "|merge-base|cat-file|show-ref|rev-list|pack-objects|index-pack"
)
_KNOWN = frozenset(path.name for top in (INVALID, REFUSED) for path in top.iterdir())
"""Codes with a case: of files that `kaohe check` finds wrong, of changes that the gate refuses."""


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    assert codes() == _KNOWN


@pytest.mark.parametrize("page", ["problems.md", "problems.en.md"])
def test_every_code_is_explained_to_clerks(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    headings = [line[4:].strip("` ") for line in text.splitlines() if line.startswith("### ")]
    assert len(headings) == len(set(headings))
    assert set(headings) == _KNOWN
