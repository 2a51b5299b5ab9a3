"""Worked examples held to the rulebook and its form, in periods, groups and years before."""

from pathlib import Path

import pytest

from generator.engine.problem import Problem, errors
from generator.rulebook.books import books
from generator.words.messages import LANGUAGES, catalogue
from generator.year.examples import Example, examples_of, run
from tests.cases import VALID, files_below, laid_out

FOLDER = "data/rulebooks/clean-villages/1/examples"
BASE = """township: example
year: 2026
chief: true
grade: good
households: 1
income: 10
tools: [cart, broom]
patrols: []
tasks: []
complaints: []
periods:
  H1: {drills: [2026-01-01, 2026-02-01, 2026-03-01, 2026-04-01, 2026-05-01, 2026-06-01], dumps: []}
  H2: {drills: [], dumps: []}
"""
DUMP = "{id: D-1, date: 2026-08-01, size: small, again: false}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = laid_out(VALID / "general-rulebook", tmp_path)
    facts = folder / FOLDER / "facts" / "base.yaml"
    facts.parent.mkdir(parents=True)
    facts.write_text(BASE, encoding="utf-8")
    return folder


def read(root: Path, clause: str, given: str) -> tuple[list[Example], list[Problem]]:
    """One example about a clause, and what is wrong with it beside the clauses without one."""
    text = f'clause: "{clause}"\nbase: base.yaml\nexamples:\n  - name: N\n'
    text += "    period: {from: 2026-01-01, to: 2026-12-31}\n"
    text += "".join(f"    {line}\n" for line in given.split("\n"))
    (root / FOLDER / f"{clause}.yaml").write_text(text, encoding="utf-8")
    files, problems = files_below(root), list[Problem]()
    book = books(files, problems)["clean-villages", 1]
    found = examples_of(files, book, problems)
    told = errors(problems)
    told += [problem for example in found for problem in run(example, book.rulebook)]
    return found, told


@pytest.mark.parametrize(
    ("clause", "given"),
    [
        # Six months without a clearing: 20 − 6.
        ("1.1", "inner: H2\nexpect: {points: 14, deductions: [{rule: drills, points: 6}]}"),
        ("1.1", "inner: H1\nexpect: {points: 20, deductions: []}"),
        # 5 × 60% + 10 × 40% = 7, given and not taken.
        (
            "1.2",
            (
                "inner: H1\nratings: [{rule: tidiness, scorer: office, points: 5}, "
                "{rule: tidiness, scorer: town, points: 10}]\nexpect: {points: 7}"
            ),
        ),
        # None in the first half, one in the second: one more than before.
        ("1.3", f"inner: H2\ngiven: {{periods.H2.dumps: [{DUMP}]}}\nexpect: {{points: 9}}"),
        # Before the first half lies the second of the year before.
        ("1.3", f"inner: H1\nbefore: {{periods.H2.dumps: [{DUMP}]}}\nexpect: {{points: 10}}"),
        # The best of three by income has 5, the second 1, everybody after that 1 as well.
        ("2.3", "peers: [{income: 20}, {income: 5}]\ngroup: township\nexpect: {points: 4}"),
        ("2.3", "peers: [{income: 9}]\ngroup: township\nexpect: {points: 8}"),
        # 12 for a subdistrict; a complaint of 2 March is to be answered within 5 working days.
        (
            "2.2",
            (
                "group: subdistrict\n"
                "given:\n"
                "  complaints: [{id: K-1, date: 2026-03-02, answered: 2026-03-10, people: 1}]\n"
                "expect: {points: 11}"
            ),
        ),
        (
            "2.2",
            (
                "group: subdistrict\n"
                "given:\n"
                "  complaints: [{id: K-1, date: 2026-03-02, answered: 2026-03-09, people: 1}]\n"
                "expect: {points: 12}"
            ),
        ),
    ],
)
def test_an_example_may_speak_of_more_than_one_report(clause: str, given: str, root: Path) -> None:
    found, told = read(root, clause, given)
    assert [catalogue("en").render(problem.message) for problem in told] == []
    assert len(found) == 1


@pytest.mark.parametrize(
    ("clause", "given", "codes"),
    [
        ("1.1", "expect: {points: 14}", ["period-missing"]),
        ("2.1", "inner: H1\nexpect: {points: 9}", ["period-superfluous"]),
        ("1.1", "inner: Q1\nexpect: {points: 14}", ["unknown-period"]),
        ("2.1", "group: village\nexpect: {points: 9}", ["unknown-value"]),
        ("2.4", "group: subdistrict\nexpect: {points: 9}", ["example-fails"]),
        ("2.1", "before: {chiefs: true}\nexpect: {points: 9}", ["unknown-fact"]),
        ("2.1", "peers: [{}, {chiefs: true}]\nexpect: {points: 9}", ["unknown-fact"]),
        ("2.1", "before: {grade: bad}\nexpect: {points: 9}", ["unknown-value"]),
        ("2.1", "peers: [{year: 1}]\nexpect: {points: 9}", ["out-of-range"]),
        (
            "1.2",
            (
                "inner: H1\nratings: [{rule: chief, scorer: office, points: 1}, "
                "{rule: tidiness, scorer: city, points: 1}, "
                "{rule: tidiness, scorer: town, points: 10.01}]\nexpect: {points: 7}"
            ),
            ["unknown-rule", "unknown-scorer", "out-of-range"],
        ),
        (
            "2.2",
            "given: {complaints: [{id: K-1, date: 2026-12-30, people: 1}]}\nexpect: {points: 10}",
            ["missing-holidays"],
        ),
        (
            "2.1",
            "expect: {points: 9, deductions: [{rule: late, points: 1}]}",
            ["example-without-rule"],
        ),
        ("bonus", "group: township\nexpect: {points: 1}", ["example-fails"]),
    ],
)
def test_an_example_that_no_unit_could_be_is_told(
    clause: str, given: str, codes: list[str], root: Path
) -> None:
    if codes == ["missing-holidays"]:
        (root / "data/holidays/2027.yaml").unlink()
    _, told = read(root, clause, given)
    assert [problem.code for problem in told] == codes
    for problem in told:
        assert problem.location.path.endswith(f"{clause}.yaml")
        for lang in LANGUAGES:
            assert "{" not in catalogue(lang).render(problem.message)
