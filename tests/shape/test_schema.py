"""Shapes: the two validators agree, and what is wrong is said in words one can act on."""

import json
import re
import time
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.engine.difference import Cause, What
from generator.engine.kinds import KINDS
from generator.engine.measures import Basis
from generator.engine.problem import Location
from generator.reading.files import tree_below
from generator.reading.source import Document, read
from generator.shape.explain import is_valid
from generator.shape.schema import (
    Shape,
    resource,
    shape,
    submission_schema,
    submission_shape,
    validate,
)
from generator.words.messages import catalogue

SUBMISSION = "submissions/family-planning-petitions/1"
SCHEMAS = sorted(resource("schema").rglob("*.schema.json"))
NAMES = [path.relative_to(resource("schema")).as_posix() for path in SCHEMAS]

_SHAPES = Path(__file__).parent.parent / "shapes"
SAMPLES = {
    SUBMISSION if path.stem == "report" else path.stem: path.read_text(encoding="utf-8")
    for path in sorted(_SHAPES.glob("*.yaml"))
}
SAMPLES |= {
    name: resource(
        "data", "rulebooks", *name.split("/")[1:], "examples", "facts", "base.yaml"
    ).read_text(encoding="utf-8")
    for name in (name.removesuffix(".schema.json") for name in NAMES)
    if name.startswith("submissions/") and name != SUBMISSION
}
REPORT, CORRECTION, INSPECTION = SAMPLES[SUBMISSION], SAMPLES["correction"], SAMPLES["inspection"]
RULEBOOK = SAMPLES["rulebook"]


def wrong_values() -> Iterator[tuple[str, str, str]]:
    text = (_SHAPES / "wrong-values.txt").read_text(encoding="utf-8")
    for block in text.split("\n\n")[1:]:
        old, new, said = block.strip("\n").replace("\\n", "\r").split("\n")
        yield old.replace("\r", "\n"), new.replace("\r", "\n"), said


def document(text: str) -> Document:
    found, problems = read("data/x.yaml", text.encode())
    assert found is not None, problems
    return found


def compiled(name: str) -> Shape:
    return shape(name)


def faults(name: str, text: str, *edits: tuple[str, str], lang: str = "en") -> list[str]:
    """Every problem as `line [code] address: message`, sorted by place."""
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    found = sorted(compiled(name).problems(document(text)), key=lambda p: p.location)
    render = catalogue(lang).render
    return [f"[{p.code}] {p.location.address}: {render(p.message)}" for p in found]


def report(*edits: tuple[str, str]) -> list[str]:
    return faults(SUBMISSION, REPORT, *edits)


# --- the schemas themselves -----------------------------------------------------------


def nodes(node: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every subschema and every object inside one, with where it is."""
    if isinstance(node, dict):
        yield at, node
        for key, inner in node.items():
            if key not in ("examples", "defaultSnippets", "enum", "const"):
                yield from nodes(inner, f"{at}/{key}")
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            yield from nodes(inner, f"{at}/{number}")


def loaded(name: str) -> Any:
    return json.loads(resource("schema", *name.split("/")).read_text(encoding="utf-8"))


def test_every_kind_of_file_has_a_schema_and_a_sample() -> None:
    assert {name.removesuffix(".schema.json") for name in NAMES} == set(SAMPLES)


@pytest.mark.parametrize("name", NAMES)
def test_objects_are_closed(name: str) -> None:
    for at, node in nodes(loaded(name)):
        if node.get("type") == "object" and "properties" in node and "oneOf" not in node:
            assert node.get("additionalProperties") is False, at


@pytest.mark.parametrize("name", NAMES)
def test_every_property_is_named_in_both_languages(name: str) -> None:
    top = loaded(name)
    for at, node in nodes(top):
        for key, inner in node.get("properties", {}).items() if "title" in node else ():
            if inner is True or not isinstance(inner, dict) or key in ("zh", "en"):
                continue
            while "title" not in inner and "$ref" in inner:
                inner = top["$defs"][inner["$ref"].rpartition("/")[2]]  # noqa: PLW2901 - following
            assert re.search("[\u4e00-\u9fffA-Z]", inner["title"]), f"{at}/{key}"
            assert inner["x-en"].isascii(), f"{at}/{key}"


@pytest.mark.parametrize("name", NAMES)
def test_references_stay_inside_the_file(name: str) -> None:
    top = loaded(name)
    for at, node in nodes(top):
        if "$ref" in node and isinstance(node["$ref"], str):
            assert node["$ref"].removeprefix("#/$defs/") in top["$defs"], at


@pytest.mark.parametrize("name", NAMES)
def test_values_are_all_named(name: str) -> None:
    for at, node in nodes(loaded(name)):
        for names in ("markdownEnumDescriptions", "x-enum-en"):
            if names in node:
                assert len(node[names]) == len(node["enum"]), at


@pytest.mark.parametrize("name", NAMES)
def test_chinese_has_full_width_punctuation(name: str) -> None:
    text = resource("schema", *name.split("/")).read_text(encoding="utf-8")
    assert not re.findall("[\u4e00-\u9fff][,:;()?!][\u4e00-\u9fff]", text)


def test_rule_kinds_are_those_of_the_code() -> None:
    rule = loaded("rulebook.schema.json")["$defs"]["rule"]
    assert rule["properties"]["kind"]["enum"] == list(KINDS)
    assert [one["properties"]["kind"]["const"] for one in rule["oneOf"]] == list(KINDS)


def test_bases_are_those_of_the_code() -> None:
    bases = [basis.value for basis in Basis]
    results, book = loaded("results.schema.json"), loaded("rulebook.schema.json")
    assert results["$defs"]["deduction"]["properties"]["basis"]["enum"] == bases
    assert book["$defs"]["basis"]["enum"] == bases[:-1]


def test_shapes_of_one_thing_are_the_same_everywhere() -> None:
    """Schemas stand alone, for editors; what they repeat must not drift apart."""
    seen: dict[str, tuple[str, Any]] = {}
    for name in NAMES:
        for key, node in loaded(name).get("$defs", {}).items():
            if key in ("date", "date-minute", "month", "quarter", "occasion"):
                kept = {k: v for k, v in node.items() if k not in ("examples", "description")}
                first, other = seen.setdefault(key, (name, kept))
                assert kept == other, f"{key} in {name} and {first}"


def test_a_year_of_the_history_is_a_year_of_a_diff() -> None:
    diff, history = (loaded(f"{name}.schema.json")["$defs"] for name in ("diff", "history"))
    assert diff == {key: history[key] for key in diff}


def test_causes_and_kinds_of_changes_are_those_of_the_code() -> None:
    found = loaded("diff.schema.json")["$defs"]
    assert found["causes"]["items"]["enum"] == list(Cause)
    kind = re.compile(found["change"]["properties"]["kind"]["pattern"])
    ways = ("appeared", "vanished", "changed")
    assert all(kind.fullmatch(f"{what}-{how}") for what in What for how in ways)
    assert kind.pattern.count("|") == len(What) - 1 + len(ways) - 1


@pytest.mark.parametrize("name", NAMES)
def test_editors_would_write_what_is_valid(name: str) -> None:
    """Every example fits the schema beside it."""
    top = loaded(name)
    for at, node in nodes(top):
        for example in node.get("examples", ()) if isinstance(node.get("examples"), list) else ():
            alone = Shape({**node, "$defs": top.get("$defs", {})})
            assert alone.is_valid(example), at


# --- the two validators ---------------------------------------------------------------


@pytest.mark.parametrize("kind", SAMPLES)
def test_samples_are_valid(kind: str) -> None:
    assert faults(kind, SAMPLES[kind]) == []


ODD: list[Any] = [
    None, True, False, 0, 1, -1, 3, 2025, 10**12,
    Decimal("0.5"), Decimal("120.0"), Decimal("0.125"), Decimal("-0.01"),
    "", "x", "songhe", "2025-05-02", "2025-05-02\n", "2025-13", "2025-Q1", "１", " a", "a\nb",
    "V-001", "V-001\n", "3.1", "a" * 201, "是", "\U00020000",
    [], ["x"], ["x", "x"], [1, True], [None],
    {}, {"zh": "a", "en": "b"}, {"present": True}, {"fact": "a"}, {"x": None},
]  # fmt: skip


def places(value: Any, keys: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield keys
    entries = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in entries:
        yield from places(inner, (*keys, key))


@dataclass
class Plain:
    """Values that stand nowhere but under their keys."""

    value: Any
    path: str = "data/x.yaml"

    def address(self, keys: Sequence[str | int]) -> str:
        return ".".join(map(str, keys))

    def location(self, keys: Sequence[str | int], *, key: bool = False) -> Location:
        return Location(self.path, 1, 1, self.address(keys))


@st.composite
def mutated(draw: st.DrawFn, kind: str) -> Any:
    """A valid document of that kind with a few random mistakes."""
    top = {"": document(SAMPLES[kind]).value}
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(st.sampled_from(list(places(top[""], ("",)))))
        holder = top
        for key in above:
            holder = holder[key]
        action = draw(st.sampled_from(["replace", "delete", "add", "double"]))
        value = holder[last]
        if action == "replace" or last == "":
            holder[last] = deepcopy(draw(st.sampled_from(ODD)))
        elif action == "delete":
            del holder[last]
        elif action == "add" and isinstance(value, dict):
            key = draw(st.sampled_from(["x", "id", "松河", "reading", "Year", "by"]))
            value[key] = deepcopy(draw(st.sampled_from(ODD)))
        elif isinstance(value, list) and value:
            value.append(deepcopy(value[0]))
    return top[""]


@pytest.mark.parametrize("kind", SAMPLES)
@settings(max_examples=4 * settings().max_examples)
@given(data=st.data())
def test_both_validators_agree_and_every_fault_is_explained(kind: str, data: st.DataObject) -> None:
    value = data.draw(mutated(kind))
    wanted = compiled(kind)
    verdict = wanted.is_valid(value)
    assert is_valid(wanted.schema, value) == verdict
    problems = wanted.problems(Plain(value))
    assert bool(problems) != verdict
    for problem in problems:
        assert problem.code in CODES
        assert [lang for lang in ("zh", "en") if not catalogue(lang).render(problem.message)] == []
    seen = [(p.location, p.code, p.message) for p in problems]
    assert all(seen.count(one) == 1 for one in seen)


CODES = {
    "unknown-key", "missing-key", "wrong-type", "unknown-value", "bad-format", "out-of-range",
    "duplicate-item", "unfilled",
}  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"pattern": "^a$"}, "a\n"),
        ({"pattern": r"^\d$"}, "１"),
        ({"pattern": r"^[$\]]$"}, "$"),
        ({"pattern": r"\$$"}, "a$"),
        ({"type": "integer"}, Decimal("120.0")),
        ({"type": "integer"}, True),
        ({"type": "number"}, Decimal("0.5")),
        ({"type": "number"}, False),
        ({"type": ["integer", "string"]}, Decimal("1.0")),
        ({"type": ["integer", "number"]}, Decimal("1.0")),
        ({"minimum": Decimal("0.1")}, Decimal("0.1")),
        ({"maximum": Decimal("0.3")}, Decimal("0.30000000000000004")),
        ({"uniqueItems": True}, [1, True]),
        ({"uniqueItems": True}, [Decimal("1.0"), 1]),
        ({"enum": [1]}, True),
        ({"const": 0}, False),
        ({"maxLength": 1}, "\U00020000"),
        ({"x-decimals": 2}, Decimal("0.125")),
        ({"x-decimals": 2}, Decimal("0.1200")),
        ({"x-decimals": 0}, Decimal("100.0")),
        ({"format": "date"}, "no date"),
    ],
)
def test_both_validators_agree_where_they_would_not_by_themselves(
    schema: dict[str, Any], value: Any
) -> None:
    assert Shape(schema).is_valid(value) == is_valid(schema, value)


def test_a_valid_report_of_a_hundred_lines_takes_a_tenth_of_a_millisecond() -> None:
    value = document(REPORT).value
    value["visits"] = [dict(value["visits"][0], id=f"V-{n:03}") for n in range(20)]
    value["cases"] = [dict(value["cases"][0], id=f"C-{n:03}") for n in range(20)]
    judge = compiled(SUBMISSION)
    rounds = []
    for _ in range(50):
        start = time.perf_counter()
        assert judge.is_valid(value)
        rounds.append(time.perf_counter() - start)
    assert min(rounds) < 0.0001


# --- what is said ---------------------------------------------------------------------


def test_a_misspelt_key_is_told_once_with_the_right_one() -> None:
    assert report(("receptions:", "reciptions:")) == [
        "[unknown-key] reciptions: «reciptions» is no key known here; did you mean «receptions»?"
    ]
    assert report(("receptions:", "本级接访量:")) == [
        "[unknown-key] 本级接访量: «本级接访量» is no key known here; did you mean «receptions»?"
    ]


def test_an_unknown_key_like_no_other_comes_with_all_known_ones() -> None:
    (line,) = report(("  - {id: P-01,", "  - {id: P-01, qqqq: 1,"))
    assert line == (
        "[unknown-key] long_term_petitioners.P-01.qqqq: «qqqq» is no key known here; "
        "known are: id, recognised_by."
    )


def test_an_unknown_key_stands_at_the_key() -> None:
    text = REPORT.replace("    repeat: false", "    repeat: false\n    colour: red", 1)
    (problem,) = validate(SUBMISSION, document(text))
    line = text[: text.index("colour")].count("\n") + 1
    assert (problem.location.line, problem.location.column) == (line, 5)


def test_a_missing_key_is_told_at_the_group_by_its_title() -> None:
    assert faults(SUBMISSION, REPORT, ("    level: beijing\n", ""), lang="en") == [
        "[missing-key] visits.V-001.level: «level» (Level) is missing; add it."
    ]
    (line,) = report(("long_term_petitioners:\n  - {id: P-01, recognised_by: city}\n", ""))
    assert line.endswith("(Long-term petitioners) is missing; add it, with [] if there is nothing.")


@pytest.mark.parametrize(("old", "new", "said"), list(wrong_values()))
def test_a_wrong_value_is_told_with_what_to_write(old: str, new: str, said: str) -> None:
    assert report((old, new)) == [said]


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("2025-05-02\n", "2025/5/2\n", "2025-05-02"),
        ("2025-05-02\n", "2025-5-2\n", "2025-05-02"),
        ("2025-05-02\n", "20250502x\n", None),
        ("2025-05-02\n", "'20250502'\n", "2025-05-02"),
        ("2025-05-02\n", "2025年5月2日\n", "2025-05-02"),
        ("2025-05-02\n", "２０２５-０５-０２\n", "2025-05-02"),
        ("2025-05-02\n", "2025.5.2\n", "2025-05-02"),
        ("2025-05-02\n", "昨天\n", None),
        ("2025-05-02T09:00", "2025-05-02 9:00", "2025-05-02T09:00"),
        ("2025-05-02T09:00", "2025-05-02T09:00:00", "2025-05-02T09:00"),
        ("2025-05-02T09:00", "2025-05-02T09:00+08:00", "2025-05-02T09:00"),
        ("2025-05-02T09:00", "2025年5月2日9时5分", "2025-05-02T09:05"),
        ("2025-05-02T09:00", "2025年5月2日9时", "2025-05-02T09:00"),
        ("2025-05-02T09:00", "2025-05-02", None),
        ("[2025-01]", "[2025-1]", "2025-01"),
        ("[2025-01]", "[2025年1月]", "2025-01"),
        ("[2025-01]", "[2025-01-08]", "2025-01"),
        ("[2025-01]", "['202501']", "2025-01"),
        ("[2025-Q1]", "[2025Q1]", "2025-Q1"),
        ("[2025-Q1]", "[2025-q1]", "2025-Q1"),
        ("[2025-Q1]", "[2025年第一季度]", "2025-Q1"),
        ("[2025-Q1]", "[2025年3季度]", "2025-Q3"),
        ("[2025-Q1]", "[2025-Q5]", None),
    ],
)
def test_a_date_in_another_form_is_put_right(old: str, new: str, meant: str | None) -> None:
    (line,) = report((old, new))
    assert line.startswith("[bad-format]")
    assert line.endswith(f"Write {meant}.") if meant else "Write" not in line


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2025-13-02", "There is no day 2025-13-02: months go from 01 to 12."),
        ("2025-2-30", "There is no day 2025-02-30: 2025-02 has 28 days."),
        ("2024.2.30", "There is no day 2024-02-30: 2024-02 has 29 days."),
        ("2025\u5e744\u670831\u65e5", "There is no day 2025-04-31: 2025-04 has 30 days."),
    ],
)
def test_a_day_that_never_was_is_told_and_not_proposed(day: str, said: str) -> None:
    (line,) = report(("2025-05-02\n", f"{day}\n"))
    assert line.endswith(said)
    assert line.startswith("[bad-date]")


def test_a_number_where_text_belongs_is_to_be_quoted() -> None:
    said = faults("inspection", INSPECTION, ('"2.6"', "2.6"))
    assert said[0].endswith('found 2.6. Write "2.6", with the quotation marks.')
    assert faults("inspection", INSPECTION, ("date: 2025-06-12, reason", "date: 2025, reason"))[
        0
    ].endswith("found 2025.")


def test_an_unfinished_file_is_told_key_by_key() -> None:
    said = faults(SUBMISSION, "township: songhe\n")
    assert len(said) == 7
    assert all(line.startswith("[missing-key]") for line in said)
    assert faults(SUBMISSION, "[]\n") == ["[wrong-type] : Expected a group of keys, found a list."]


def test_a_rejected_objection_changes_nothing() -> None:
    assert faults("correction", CORRECTION, ("upheld", "rejected")) == [
        "[out-of-range] changes: Delete this: a rejected objection changes no fact.",
        "[out-of-range] strike: Delete this: a rejected objection strikes no finding.",
    ]
    rest = CORRECTION.partition("changes:")[0]
    assert faults("correction", rest, ("upheld", "rejected")) == []
    assert faults("correction", rest + "changes: []\nstrike: []\n", ("upheld", "rejected")) == []
    assert faults("correction", rest) == [
        "[missing-key] : One of these keys is needed here: changes, strike."
    ]
    assert faults("correction", rest, ("upheld", "partly")) == faults("correction", rest)
    assert faults("correction", rest + "strike: [F-01]\n", ("upheld", "partly")) == []


def test_a_decision_that_is_none_is_told_alone() -> None:
    (line,) = faults("correction", CORRECTION, ("upheld", "驳回"))
    assert line.startswith("[unknown-value] decision: «驳回» is no value known here")


def test_points_have_at_most_two_decimals() -> None:
    assert faults("inspection", INSPECTION, ("0.25", "0.125")) == [
        "[out-of-range] findings.F-01.deduct: 0.125 has too many decimals; at most 2 are allowed."
    ]
    assert faults("inspection", INSPECTION, ("0.25", "0")) == [
        "[out-of-range] findings.F-01.deduct: 0 is too small; more than 0 is expected."
    ]


def test_the_office_is_no_township() -> None:
    (line,) = faults("townships", SAMPLES["townships"], ("id: songhe", "id: office"))
    assert line == "[unknown-value] townships.office.id: «office» is reserved; choose another."


def test_a_key_that_names_something_has_its_form() -> None:
    (line,) = faults("prefecture-ranking", SAMPLES["prefecture-ranking"], ("songhe:", "松河:"))
    assert line == "[bad-format] ranks.松河: «松河» cannot be a key here; expected is: Township id."


def rule(kind: str, *edits: tuple[str, str]) -> list[str]:
    """The faults of the sample rulebook with its rules of all other kinds taken out."""
    lines = [
        line for line in RULEBOOK.splitlines() if "kind: " not in line or f"kind: {kind}," in line
    ]
    return faults("rulebook", "\n".join(lines), *edits)


def test_a_rule_is_judged_by_its_kind_alone() -> None:
    assert rule("choice", ("fact: a, ", "")) == [
        "[missing-key] sections.1.clauses.1.1.rules.h.fact: «fact» (Path) is missing; add it."
    ]
    (line,) = rule("choice", ("kind: choice", "kind: quota"))
    assert line.startswith(
        "[unknown-value] sections.1.clauses.1.1.rules.h.kind: «quota» is no value"
    )
    (line,) = rule("coverage", ("every: week", "every: weeks"))
    assert "did you mean week?" in line
    (line,) = rule("requirement", ("fact: a,", "fact: a, every: week,"))
    assert line.startswith("[unknown-key]")
    (line,) = rule("discretion", ("greatest:", "most: 3, greatest:"))
    assert line.startswith("[wrong-type] sections.1.clauses.1.1.rules.k.most:")


def test_a_quantity_is_judged_by_the_key_it_has() -> None:
    at = "sections.1.clauses.1.1.rules.d"
    needed = "One of these keys is needed here: fact, count, sum, increase, figure, percent, "
    needed += "share, total, difference, before, year_before, best, mean, median, rank."
    assert rule("target", ("round: up", "round: {mode: up}")) == [
        f"[missing-key] {at}.at_least.round.places: «places» (Places) is missing; add it."
    ]
    assert rule("target", (", round: up", "")) == []
    assert rule("target", ("actual: {fact: a}", "actual: {}")) == [
        f"[missing-key] {at}.actual: {needed}"
    ]
    assert rule("target", ("actual: {fact: a}", "actual: 5")) == [
        f"[wrong-type] {at}.actual: {needed}"
    ]
    assert rule("target", ("actual: {fact: a}", "actual: null")) == [
        f"[unfilled] {at}.actual: Nothing is filled in. Write a group of keys."
    ]


def test_a_target_has_exactly_one_bound() -> None:
    at = "sections.1.clauses.1.1.rules.d"
    bound = "at_least: {percent: {value: 40, basis: text, reference: 甲}"
    (missing, unknown) = rule("target", (bound, bound.replace("least", "last")))
    assert missing == (
        f"[missing-key] {at}: One of these keys is needed here: at_least, at_most, around."
    )
    assert unknown.startswith(f"[unknown-key] {at}.at_last:")
    (line,) = rule("target", (bound, f"around: {{fact: a}}, {bound}"))
    assert line == (
        f"[unknown-key] {at}.around: «around» belongs only beside «a rule without at_least»; "
        "delete it here."
    )


def test_a_figure_names_its_reading_and_only_then() -> None:
    (line,) = faults("rulebook", RULEBOOK, (", reading: r}", "}"))
    assert (
        line == "[missing-key] sections.1.points.reading: «reading» (Reading) is missing; add it."
    )
    (line,) = faults("rulebook", RULEBOOK, ("basis: reading", "basis: text"))
    assert line == (
        "[unknown-key] sections.1.points.reading: "
        "«reading» belongs only beside «basis: reading»; delete it here."
    )


def test_messages_have_chinese() -> None:
    (line,) = faults(SUBMISSION, REPORT, ("receptions:", "reciptions:"), lang="zh")
    assert "receptions" in line


# --- where submission schemas come from -----------------------------------------------


def test_a_root_has_submission_schemas_of_its_own(tmp_path: Path) -> None:
    name = f"{SUBMISSION}.schema.json"
    tree = tree_below(tmp_path)
    assert submission_schema(tree, name) == resource("schema", *name.split("/")).read_bytes()
    assert submission_schema(tree, "submissions/none/1.schema.json") is None
    own = tmp_path / "schema" / name
    own.parent.mkdir(parents=True)
    own.write_text("{}", encoding="utf-8")
    assert submission_schema(tree_below(tmp_path), name) == b"{}"


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "strng"}',
        '{"properties": []}',
        '{"$ref": "https://example.org/x.json"}',
        '{"$ref": "#/$defs/none"}',
        '{"pattern": "("}',
        "[]",
        "5",
    ],
)
def test_what_is_no_schema_is_a_problem(text: str) -> None:
    found, problems = submission_shape(document(text))
    assert found is None
    assert [problem.code for problem in problems] == ["form-unsupported"]
