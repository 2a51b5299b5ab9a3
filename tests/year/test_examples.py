"""Worked examples: each of them, what is said of a wrong one, and what they try of a rulebook."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from generator.engine.book import Part, Pool, Rulebook
from generator.engine.kinds.per_record import AmountTable, PerRecord
from generator.engine.kinds.scale import Point, Scale
from generator.engine.measures import Figure
from generator.engine.problem import Problem, errors
from generator.engine.quantities import FactQuantity
from generator.engine.year import Calendar, Period
from generator.rulebook.books import books
from generator.words.messages import LANGUAGES, catalogue
from generator.year.examples import (
    Example,
    RuleCoverage,
    Tried,
    coverage,
    examples,
    examples_of,
    run,
)
from generator.year.holidays import Holidays
from tests.builders import (
    above,
    clause,
    event,
    events,
    figure,
    first_book,
    give,
    one_clause,
    rulebook,
    scorecard,
    section,
    submission,
    take,
    text,
    worked_examples,
    year,
)
from tests.cases import VALID, document, files_below, laid_out

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


def _deducted(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"points": 10, "deductions": list(rows)}


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ({"points": 15}, "15 points expected, the rules leave 10."),
        ({"points": "29/3"}, "29/3 points expected, the rules leave 10."),
        (_deducted(), "nothing"),
        (_deducted(ROW | {"rule": "province-ceiling"}), "province-ceiling[V-2] 5"),
        (_deducted(ROW | {"records": ["V-1"]}), "beijing-ceiling[V-1] 5"),
        (_deducted(ROW | {"points": 4, "charged": 4}), "beijing-ceiling[V-2] 4"),
        (_deducted(ROW | {"charged": 4}), "beijing-ceiling[V-2] 5→4"),
        (_deducted(ROW, ROW), "beijing-ceiling[V-2] 5, beijing-ceiling[V-2] 5"),
        (
            {"points": 10, "excluded": []},
            "the excluded records nothing are expected, the rules exclude V-3.",
        ),
        (
            {"points": 10, "excluded": ["V-2", "V-3"]},
            "the excluded records V-2, V-3 are expected, the rules exclude V-3.",
        ),
    ],
)
def test_what_an_example_expected_and_what_the_rules_make(
    expect: Mapping[str, Any], words: str
) -> None:
    example = _example("3.1", **expect)
    (problem,) = run(example, BOOK)
    assert (problem.code, problem.location) == ("example-fails", example.location)
    if "deductions" in expect:
        words = f"the deductions {words} are expected, the rules make beijing-ceiling[V-2] 5."
    assert catalogue("en").render(problem.message) == f"N: {words}"
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


def _read(text: str) -> list[Example | Problem]:
    base = next(e for e in worked_examples() if e.clause == "2.6").facts
    bases = {"base.yaml": base, "bad.yaml": None}
    file = document("data/rulebooks/x/1/examples/3.1.yaml", text)
    sound, wrong = examples(file, bases, first_book(), Holidays(Calendar(), {}))
    return [*sound, *wrong]


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


# --- examples held to the rulebook and its form ---------------------------------------

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
LATE = "{rule: late, points: 1}"
COMPLAINT = """group: subdistrict
given: {{complaints: [{{id: K-1, date: {}, people: 1}}]}}
expect: {{points: {}}}"""
DUMP = "{id: D-1, date: 2026-08-01, size: small, again: false}"


def rated(*ratings: tuple[str, str, float]) -> str:
    rows = ", ".join(f"{{rule: {r}, scorer: {who}, points: {n}}}" for r, who, n in ratings)
    return f"inner: H1\nratings: [{rows}]\nexpect: {{points: 7}}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = laid_out(VALID / "general-rulebook", tmp_path)
    facts = folder / FOLDER / "facts" / "base.yaml"
    facts.parent.mkdir(parents=True)
    facts.write_text(BASE, encoding="utf-8")
    return folder


def put(root: Path, clause: str, given: str) -> tuple[list[Example], list[Problem]]:
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
        ("1.2", rated(("tidiness", "office", 5), ("tidiness", "town", 10))),
        # None in the first half, one in the second: one more than before.
        ("1.3", f"inner: H2\ngiven: {{periods.H2.dumps: [{DUMP}]}}\nexpect: {{points: 9}}"),
        # Before the first half lies the second of the year before.
        ("1.3", f"inner: H1\nbefore: {{periods.H2.dumps: [{DUMP}]}}\nexpect: {{points: 10}}"),
        # The best of three by income has 5, the second 1, everybody after that 1 as well.
        ("2.3", "peers: [{income: 20}, {income: 5}]\ngroup: township\nexpect: {points: 4}"),
        ("2.3", "peers: [{income: 9}]\ngroup: township\nexpect: {points: 8}"),
        # 12 for a subdistrict; a complaint of 2 March is to be answered within 5 working days.
        ("2.2", COMPLAINT.format("2026-03-02, answered: 2026-03-10", 11)),
        ("2.2", COMPLAINT.format("2026-03-02, answered: 2026-03-09", 12)),
    ],
)
def test_an_example_may_speak_of_more_than_one_report(clause: str, given: str, root: Path) -> None:
    found, told = put(root, clause, given)
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
            rated(("chief", "office", 1), ("tidiness", "city", 1), ("tidiness", "town", 10.01)),
            ["unknown-rule", "unknown-scorer", "out-of-range"],
        ),
        ("2.2", COMPLAINT.format("2026-12-30", 10), ["missing-holidays"]),
        ("2.1", f"expect: {{points: 9, deductions: [{LATE}]}}", ["example-without-rule"]),
        ("bonus", "group: township\nexpect: {points: 1}", ["example-fails"]),
    ],
)
def test_an_example_that_no_unit_could_be_is_told(
    clause: str, given: str, codes: list[str], root: Path
) -> None:
    if codes == ["missing-holidays"]:
        (root / "data/holidays/2027.yaml").unlink()
    _, told = put(root, clause, given)
    assert [problem.code for problem in told] == codes
    for problem in told:
        assert problem.location.path.endswith(f"{clause}.yaml")
        for lang in LANGUAGES:
            assert "{" not in catalogue(lang).render(problem.message)


# --- what examples try of a rulebook --------------------------------------------------


def tried(
    book: Rulebook, values: dict[str, Any], of: str | None = "1.1", part: str | None = None
) -> Tried:
    return Tried(scorecard(submission(values), book, year(2025)), of, part)


def numbers(one: RuleCoverage) -> list[int]:
    return [int(found.value) for found in one.unused]


def by_level(**points: int) -> Rulebook:
    """A rulebook of one rule, which asks so many points of an event of each level."""
    table: dict[tuple[str, ...], Figure] = {
        (level,): figure(asked) for level, asked in points.items()
    }
    return one_clause(
        10,
        PerRecord(
            id="events",
            label=text("events"),
            unit=text(""),
            selection=events(),
            amount=AmountTable((("level",),), table),
        ),
    )


def test_a_rule_is_tried_from_both_sides_and_with_every_number() -> None:
    book = by_level(high=3, low=1, none=0)
    nothing, high = tried(book, {"events": []}), tried(book, {"events": [event("E-1")]})
    low = tried(book, {"events": [event("E-1", level="low")]})
    (one,) = coverage(book, [])
    assert (one.of, one.asks, one.silent, one.complete) == ("1.1", False, False, False)
    (one,) = coverage(book, [high])
    assert (one.asks, one.silent, numbers(one)) == (True, False, [1])
    (one,) = coverage(book, [high, nothing])
    assert (one.asks, one.silent, numbers(one), one.complete) == (True, True, [1], False)
    (one,) = coverage(book, [high, nothing, low])
    assert (numbers(one), one.complete) == ([], True)


def test_the_same_number_in_two_places_is_two_numbers() -> None:
    book = by_level(high=2, low=2)
    (one,) = coverage(book, [tried(book, {"events": [event("E-1")]})])
    (rule,) = (rule for clause in book.clauses() for rule in clause.rules)
    assert isinstance(rule, PerRecord)
    assert isinstance(rule.amount, AmountTable)
    assert [id(unused) for unused in one.unused] == [id(rule.amount.figures["low",])]


def test_an_example_tries_its_own_clause_or_pool_alone() -> None:
    book = rulebook(section("1", clause("1.1", 5, take("bad")), clause("1.2", 5, take("ill"))))
    pool = Pool("bonus", text("Bonus"), "bonus", (give("good", actual=FactQuantity(("good",))),))
    book = above(book, pools=(pool,))
    values = {"bad": 1, "ill": 1, "good": 1}
    asks = {one.rule.id: one.asks for one in coverage(book, [tried(book, values, "1.2")])}
    assert asks == {"take-bad": False, "take-ill": True, "give-good": False}
    asks = {one.rule.id: one.asks for one in coverage(book, [tried(book, values, "bonus")])}
    assert asks == {"take-bad": False, "take-ill": False, "give-good": True}
    assert all(one.asks for one in coverage(book, [tried(book, values, None)]))


def test_a_clause_of_every_period_is_looked_at_in_one() -> None:
    parts = (
        Part("H1", text("H1"), "01-01", "06-30", figure(50)),
        Part("H2", text("H2"), "07-01", "12-31", figure(50)),
    )
    book = above(rulebook(section("1", clause("1.1", 5, take("bad")), each="period")), parts=parts)
    values = {"periods": {"H1": {"bad": 1}, "H2": {"bad": 0}}}
    first, second = (tried(book, values, "1.1", part) for part in ("H1", "H2"))
    (one,) = coverage(book, [first])
    assert (one.asks, one.silent) == (True, False)
    (one,) = coverage(book, [second])
    assert (one.asks, one.silent) == (False, True)
    (one,) = coverage(book, [first, second])
    assert one.complete


def test_where_a_scale_is_at_0_there_is_nothing_to_try() -> None:
    along = tuple(Point(figure(at), figure(points)) for at, points in ((1, 8), (2, 6), (3, 0)))
    places = Scale(
        id="places",
        label=text("places"),
        unit=text(""),
        award=True,
        value=FactQuantity(("have",)),
        along=along,
        stepped=True,
        otherwise=None,
    )
    book = rulebook(section("1", clause("1.1", 10, places, starts="zero")))
    (one,) = coverage(book, [tried(book, {"have": n}) for n in (1, 3)])
    assert numbers(one) == [2, 6]
    (one,) = coverage(book, [tried(book, {"have": n}) for n in (1, 2, 3)])
    assert one.complete
