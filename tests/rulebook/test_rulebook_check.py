"""A rulebook that passes its checks can judge any report that its form allows."""

from collections.abc import Mapping
from typing import Any

import pytest

from generator.engine.kinds import KINDS
from generator.engine.problem import Problem
from generator.engine.year import FINDING
from generator.reading.source import Document, read
from generator.rulebook.check import rulebook_problems
from generator.shape.form import Form, form
from generator.shape.schema import shape
from tests.cases import ROOT, TESTS

BOOK = TESTS / "base/data/rulebooks/forest-fire/1/rulebook.yaml"
SCHEMA = TESTS / "base/schema/submissions/forest-fire/1.schema.json"
FIRST = ROOT / "data/rulebooks/family-planning-petitions/1/rulebook.yaml"
FIRST_SCHEMA = ROOT / "schema/submissions/family-planning-petitions/1.schema.json"


def document(text: str) -> Document:
    found, problems = read("rulebook.yaml", text.encode())
    assert problems == []
    assert found is not None
    assert shape("rulebook").problems(found) == []
    return found


@pytest.fixture(scope="module")
def asked() -> Form:
    schema, _ = read("schema.json", SCHEMA.read_bytes())
    assert schema is not None
    built, problems = form(schema)
    assert problems == []
    assert built is not None
    return built


def found(asked: Form, *pairs: tuple[str, str]) -> list[Problem]:
    text = BOOK.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return rulebook_problems(document(text), asked, ("forest-fire", 1))


def told(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.code, problem.location.address) for problem in problems]


def test_the_first_rulebook_is_sound() -> None:
    schema, _ = read("schema.json", FIRST_SCHEMA.read_bytes())
    assert schema is not None
    asked, _ = form(schema)
    assert asked is not None
    book = document(FIRST.read_text(encoding="utf-8"))
    assert rulebook_problems(book, asked, ("family-planning-petitions", 1)) == []


def test_the_schema_and_the_code_know_the_same_kinds() -> None:
    rule: Mapping[str, Any] = shape("rulebook").schema["$defs"]["rule"]
    assert rule["properties"]["kind"]["enum"] == list(KINDS)
    consts = [branch["properties"]["kind"]["const"] for branch in rule["oneOf"]]
    assert consts == list(KINDS)


LEADER = """            kind: requirement
            label: {zh: 包片领导, en: Leader}
            unit: {zh: "", en: ""}
            fact: leader
"""
FIGURE = "{value: 1, basis: assumed, reference: 原文未写}"
HEAD = '            label: {zh: 某项, en: Something}\n            unit: {zh: "", en: ""}\n'


def rule(kind: str, body: str) -> tuple[str, str]:
    """The second rule of the small rulebook, replaced by another."""
    return LEADER, f"            kind: {kind}\n{HEAD}{body}"


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (rule("requirement", "            fact: patrols\n"), "wrong-path-type"),
        (rule("requirement", "            fact: fires.cause\n"), "wrong-path-type"),
        (rule("requirement", "            fact: nothing\n"), "unknown-path"),
        (rule("coverage", "            fact: patrols\n            every: month\n"), None),
        (
            rule("coverage", "            fact: tools\n            every: quarter\n"),
            "wrong-path-type",
        ),
        (rule("coverage", "            fact: fires\n            every: week\n"), "wrong-path-type"),
        (
            rule(
                "check_list", "            fact: patrols\n            items: {x: {zh: 甲, en: X}}\n"
            ),
            "unknown-enum-value",
        ),
        (
            rule(
                "ceiling", f"            records: fires\n            limit: {{figure: {FIGURE}}}\n"
            ),
            None,
        ),
        (
            rule(
                "ceiling",
                f"            records: fires\n            limit: {{percent: {FIGURE}, "
                "of: {fact: year}, round: up}\n",
            ),
            None,
        ),
        (
            rule("ceiling", "            records: fires\n            limit: {fact: leader}\n"),
            "wrong-path-type",
        ),
        (
            rule(
                "ceiling", "            records: fires\n            limit: {count: fires.teams}\n"
            ),
            "wrong-path-type",
        ),
        (
            rule(
                "target",
                "            actual:\n"
                "              share: {count: fires, where: {dousing: on_time}}\n"
                "              of: {count: fires}\n"
                f"            at_least: {{figure: {FIGURE}}}\n",
            ),
            None,
        ),
        (
            rule(
                "target",
                "            actual:\n"
                "              share: {count: fires, where: {dousing: {present: true}}}\n"
                "              of: {count: fires}\n"
                f"            at_least: {{figure: {FIGURE}}}\n",
            ),
            None,
        ),
        (
            rule(
                "target",
                "            actual:\n"
                "              share: {count: villages, where: {dousing: on_time}}\n"
                "              of: {count: fires}\n"
                f"            at_least: {{figure: {FIGURE}}}\n",
            ),
            "unknown-path",
        ),
    ],
)
def test_a_rule_looks_where_the_form_has_something(
    pair: tuple[str, str], expected: str | None, asked: Form
) -> None:
    problems = found(asked, pair)
    assert [problem.code for problem in problems] == ([expected] if expected else [])
    assert all("rules.leader" in problem.location.address for problem in problems)


def test_recurrence_is_ordered_by_a_time(asked: Form) -> None:
    body = "            records: fires\n            order_by: {by}\n"
    body += f"            first: {{amount: {FIGURE}}}\n            later: {FIGURE}\n"
    amount = ("            amount: {value: 2, basis: assumed, reference: 原文未写}\n", "")
    good = rule("recurrence", body.replace("{by}", "reported"))
    assert found(asked, good, amount) == []
    bad = rule("recurrence", body.replace("{by}", "cause"))
    assert told(found(asked, bad, amount)) == [
        ("wrong-path-type", "sections.1.clauses.1.1.rules.leader.order_by")
    ]


def test_truth_values_are_not_numbers(asked: Form) -> None:
    where = "where: {dousing: [late, overdue]}"
    assert told(found(asked, (where, "where: {cause: [true]}"))) == [
        ("unknown-enum-value", "sections.1.clauses.1.2.rules.slow.where.cause")
    ]


def test_a_deadline_by_a_value_has_a_limit_for_each(asked: Form) -> None:
    limit = "    limit: {value: 2, basis: text, reference: 「两日内扑灭」}\n"
    limits = f"    by: cause\n    limits: {{field: {FIGURE}, grave: {FIGURE}}}\n"
    assert told(found(asked, (limit, limits))) == [("amount-missing", "deadlines.dousing.limits")]
    by_size = limits.replace("cause", "size").replace("field", "small").replace("grave", "large")
    assert told(found(asked, (limit, by_size))) == [("optional-path", "deadlines.dousing.by")]
    hours = ("unit: days", "unit: hours")
    assert {code for code, _ in told(found(asked, hours))} == {"wrong-path-type"}


def test_grounds_are_held_to_the_form(asked: Form) -> None:
    requires = "requires: [document]"
    for more, code in (
        ("not_before: {out: reported}", None),
        ("not_before: {out: cause}", "wrong-path-type"),
        ("refers: {cause: fires}", None),
        ("refers: {cause: villages}", "unknown-path"),
        ("refers: {cause: fires.teams}", "wrong-path-type"),
        ("covers: {teams.kind: [army]}", None),
        ("covers: {teams.kind: [navy]}", "unknown-enum-value"),
        ("covers: {cause: [field]}", "wrong-path-type"),
        ("where: {cause: field}", None),
        ("where: {cause: lightning}", "unknown-enum-value"),
    ):
        problems = found(asked, (requires, f"{requires}, {more}"))
        assert [problem.code for problem in problems] == ([code] if code else []), more


def test_no_rule_is_called_what_findings_are(asked: Form) -> None:
    problems = found(asked, ("- id: leader\n", f"- id: {FINDING}\n"))
    assert told(problems) == [("duplicate-id", "sections.1.clauses.1.1.rules.finding.id")]


def test_longer_circles_of_lines_are_noticed(asked: Form) -> None:
    line = """  - id: {id}
    label: {zh: 线, en: Line}
    clause: "2.2"
    end: last
    places: {value: 1, basis: text, reference: 「末名」}
    outcomes: [praised]
    undecided: open
    yields_to: {to}
    yields_below: {value: 3, basis: assumed, reference: 原文未写}
"""
    more = "".join(
        line.replace("{id}", name).replace("{to}", to) for name, to in (("b", "c"), ("c", "praise"))
    )
    yields = f"    undecided: open\n    yields_to: b\n    yields_below: {FIGURE}\n"
    first = ("    undecided: open\n", yields)
    problems = found(asked, first, ("outcomes:\n  praised", f"{more}outcomes:\n  praised"))
    assert [code for code, _ in told(problems)] == ["circular-line"] * 3
    # One that leads into a circle is not in it, but must not run for ever either.
    into = more.replace("yields_to: praise", "yields_to: b")
    problems = found(asked, first, ("outcomes:\n  praised", f"{into}outcomes:\n  praised"))
    assert told(problems) == [
        ("circular-line", "lines.b.yields_to"),
        ("circular-line", "lines.c.yields_to"),
    ]


def test_values_called_like_parts_of_a_figure_are_no_figures(asked: Form) -> None:
    outcomes = "  praised: {zh: 表扬, en: Praised}\n"
    more = outcomes + "  basis: {zh: 依据, en: Basis}\n  reading: {zh: 理解, en: Reading}\n"
    assert found(asked, (outcomes, more)) == []
