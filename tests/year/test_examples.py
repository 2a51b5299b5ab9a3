"""Every worked example of every rulebook, one by one; and what is said of one that is wrong."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from generator.engine.problem import Problem
from generator.engine.year import Calendar, Period
from generator.reading.source import Document, read
from generator.words.messages import catalogue
from generator.year.examples import Example, examples, run
from generator.year.holidays import Holidays
from tests.builders import first_book, worked_examples, year

BOOK = first_book().rulebook


def _place(example: Example) -> str:
    """Like 2.3.yaml:14, which a terminal can open."""
    return f"{example.location.path.rpartition('/')[2]}:{example.location.line}"


@pytest.mark.parametrize("example", worked_examples(), ids=_place)
def test_the_rules_agree_with_the_example(example: Example) -> None:
    said = [catalogue("en").render(p.message) for p in run(example, BOOK)]
    assert said == []


def test_every_clause_has_at_least_three_examples_and_no_two_share_a_name() -> None:
    clauses = Counter(example.clause for example in worked_examples())
    assert sorted(clauses) == [clause.id for clause in BOOK.clauses()]
    assert min(clauses.values()) >= 3
    names = Counter((example.clause, example.name) for example in worked_examples())
    assert set(names.values()) == {1}


def test_every_rule_bites_in_some_example() -> None:
    wanted = {rule.id for clause in BOOK.clauses() for rule in clause.rules}
    found = {row["rule"] for e in worked_examples() for row in e.expect.get("deductions", ())}
    assert wanted <= found


def test_every_ground_for_leaving_out_has_an_example() -> None:
    assert BOOK.exclusions is not None
    grounds = {
        visit["exempt"]["ground"]
        for example in worked_examples()
        for visit in example.facts["visits"]
        if visit["id"] in example.expect.get("excluded", ())
    }
    assert grounds == set(BOOK.exclusions.grounds)


# --- an example that the rules do not agree with --------------------------------------


def _example(clause: str, **expect: Any) -> Example:
    """Two visits to Beijing with 50 receptions, of which one is beyond; one more is exempt."""
    base = next(e for e in worked_examples() if e.clause == "2.6")
    visits: list[dict[str, Any]] = [
        {"id": f"V-{n}", "date": f"2025-0{n}-01", "level": "beijing"}
        | {"collective": False, "repeat": False}
        for n in (1, 2, 3)
    ]
    visits[2]["exempt"] = {"ground": "consultation", "document": "No. 17"}
    facts = {**base.facts, "receptions": 50, "visits": visits}
    return replace(
        base, clause=clause, name="N", period=year(2025), facts=facts, findings=(), expect=expect
    )


ROW = {"rule": "beijing-ceiling", "records": ["V-2"], "points": 5, "charged": 5}


@pytest.mark.parametrize(
    "expect",
    [
        {"points": 10},
        {"points": "10", "deductions": [ROW]},
        {"points": Fraction(10), "deductions": [{"rule": "beijing-ceiling", "points": 5}]},
        {"points": 10, "excluded": ["V-3"]},
    ],
)
def test_an_example_need_not_say_everything(expect: Mapping[str, Any]) -> None:
    assert run(_example("3.1", **expect), BOOK) == ()


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ({"points": 15}, "N: 15 points expected, the rules leave 10."),
        ({"points": "29/3"}, "N: 29/3 points expected, the rules leave 10."),
        (
            {"points": 10, "deductions": []},
            "N: the deductions nothing are expected, the rules make beijing-ceiling[V-2] 5.",
        ),
        (
            {"points": 10, "deductions": [ROW | {"rule": "province-ceiling"}]},
            (
                "N: the deductions province-ceiling[V-2] 5 are expected, "
                "the rules make beijing-ceiling[V-2] 5."
            ),
        ),
        (
            {"points": 10, "deductions": [ROW | {"records": ["V-1"]}]},
            (
                "N: the deductions beijing-ceiling[V-1] 5 are expected, "
                "the rules make beijing-ceiling[V-2] 5."
            ),
        ),
        (
            {"points": 10, "deductions": [ROW | {"points": 4, "charged": 4}]},
            (
                "N: the deductions beijing-ceiling[V-2] 4 are expected, "
                "the rules make beijing-ceiling[V-2] 5."
            ),
        ),
        (
            {"points": 10, "deductions": [ROW | {"charged": 4}]},
            (
                "N: the deductions beijing-ceiling[V-2] 5→4 are expected, "
                "the rules make beijing-ceiling[V-2] 5."
            ),
        ),
        (
            {"points": 10, "deductions": [ROW, ROW]},
            (
                "N: the deductions beijing-ceiling[V-2] 5, beijing-ceiling[V-2] 5 are expected, "
                "the rules make beijing-ceiling[V-2] 5."
            ),
        ),
        (
            {"points": 10, "excluded": []},
            "N: the excluded records nothing are expected, the rules exclude V-3.",
        ),
        (
            {"points": 10, "excluded": ["V-2", "V-3"]},
            "N: the excluded records V-2, V-3 are expected, the rules exclude V-3.",
        ),
    ],
)
def test_what_an_example_expected_and_what_the_rules_make(
    expect: Mapping[str, Any], words: str
) -> None:
    example = _example("3.1", **expect)
    (problem,) = run(example, BOOK)
    assert (problem.code, problem.location) == ("example-fails", example.location)
    assert catalogue("en").render(problem.message) == words
    assert "{" not in catalogue("zh").render(problem.message)


def test_each_way_of_failing_is_a_problem_of_its_own() -> None:
    example = _example("3.1", points=3, deductions=[], excluded=[])
    assert [p.code for p in run(example, BOOK)] == ["example-fails"] * 3


def test_a_deduction_that_the_floor_cut_is_said_to_be() -> None:
    example = _example("3.5", points=0, deductions=[])
    stranded = {"notified": "2025-01-01T09:00"}
    visits = [{**visit, "stranded": stranded} for visit in example.facts["visits"]]
    (problem,) = run(replace(example, facts={**example.facts, "visits": visits}), BOOK)
    assert "stranded[V-1] 5, stranded[V-2] 5→0." in catalogue("en").render(problem.message)


# --- a file of examples ---------------------------------------------------------------


def _document(text: str) -> Document:
    document, problems = read("data/rulebooks/x/1/examples/3.1.yaml", text.encode())
    assert not problems
    assert document is not None
    return document


def _read(text: str) -> list[Example | Problem]:
    base = next(e for e in worked_examples() if e.clause == "2.6").facts
    bases = {"base.yaml": base, "bad.yaml": None}
    return list(examples(_document(text), bases, first_book(), Holidays(Calendar(), {})))


FILE = """\
clause: "3.1"
base: base.yaml
examples:
  - name: one
    {extra}
    expect: {{points: 15}}
"""


def _only(extra: str, file: str = FILE) -> Example | Problem:
    (found,) = _read(file.format(extra=extra))
    return found


def test_an_example_is_the_base_with_what_is_given() -> None:
    found = _only("given: {receptions: 7, leadership.staff: 1}")
    assert isinstance(found, Example)
    assert (found.facts["receptions"], found.facts["leadership"]["staff"]) == (7, 1)
    assert found.facts["leadership"]["leading_group"] is True
    assert (found.name, found.clause, found.period) == ("one", "3.1", year(2025))
    assert found.location.line == 4


def test_an_example_may_have_findings_and_a_period_of_its_own() -> None:
    found = _only(
        "findings: [{id: F-01, deduct: 0.25}]\n    period: {from: 2024-01-01, to: 2025-12-31}"
    )
    assert isinstance(found, Example)
    assert found.period == Period(date(2024, 1, 1), date(2025, 12, 31))
    assert [(f.id, f.points, f.clause) for f in found.findings] == [("F-01", Fraction(1, 4), "3.1")]


@pytest.mark.parametrize(
    ("extra", "code", "line"),
    [
        ("base: other.yaml", "missing-file", 4),
        ("period: {from: 2025-02-30, to: 2025-12-31}", "bad-date", 4),
        ("period: {from: 2025-01-01, to: 2025-06-31}", "bad-date", 4),
        ("period: {from: 1999-01-01, to: 1999-12-31}", "date-outside-period", 4),
        ("period: {from: 2026-01-01, to: 2025-12-31}", "date-outside-period", 4),
        ("given: {reception: 7}", "unknown-fact", 5),
        ("given: {leadership.staf: 7}", "unknown-fact", 5),
        ("given: {receptions.count: 7}", "unknown-fact", 5),
    ],
)
def test_an_example_that_cannot_be_run_is_a_problem(extra: str, code: str, line: int) -> None:
    found = _only(extra)
    assert isinstance(found, Problem)
    assert (found.code, found.location.line) == (code, line)
    for lang in ("zh", "en"):
        assert "{" not in catalogue(lang).render(found.message)


def test_what_is_wrong_with_a_base_is_not_told_again_for_each_example() -> None:
    assert _read(FILE.format(extra="base: bad.yaml")) == []


def test_without_any_base_there_is_nothing_to_begin_from() -> None:
    found = _only("given: {}", FILE.replace("base: base.yaml\n", ""))
    assert isinstance(found, Problem)
    assert found.code == "missing-file"
    assert "bad.yaml, base.yaml" in catalogue("en").render(found.message)
