"""A submission schema as facts: any regulation's, and refusals instead of tracebacks."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.problem import Problem, Text
from generator.reading.source import Document, read
from generator.shape.form import Field, FieldType, Form, form
from generator.shape.schema import resource
from generator.words.messages import catalogue

OURS = resource("schema", "submissions", "family-planning-petitions", "1.schema.json")

OTHER: dict[str, Any] = {
    "title": "河道巡查月报",
    "x-en": "River patrol report",
    "type": "object",
    "additionalProperties": False,
    "required": ["township", "year", "length", "patrols"],
    "properties": {
        "township": {"title": "单位", "type": "string"},
        "year": {"title": "年度", "x-en": "Year", "type": "integer"},
        "length": {"title": "河长", "type": "number", "exclusiveMinimum": 0, "maximum": 500},
        "patrols": {
            "title": "巡查",
            "x-en": "Patrols",
            "type": "array",
            "x-unit": {"zh": "次", "en": ""},
            "x-date": "day",
            "items": {
                "title": "巡查",
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "day"],
                "properties": {
                    "id": {"title": "编号", "type": "string"},
                    "day": {"$ref": "#/$defs/day", "title": "日期"},
                    "until": {
                        "$ref": "#/$defs/day",
                        "title": "止",
                        "x-not-before": "day",
                        "x-period": "from",
                    },
                    "found": {
                        "title": "发现",
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {
                            "kind": {"title": "类别", "type": "string", "enum": ["waste", "sand"]},
                            "months": {
                                "title": "月份",
                                "type": "array",
                                "items": {"title": "月", "type": "string", "format": "month"},
                            },
                        },
                    },
                    "photos": {
                        "title": "照片",
                        "type": "array",
                        "items": {
                            "title": "照片",
                            "type": "object",
                            "additionalProperties": False,
                            "properties": {"taken": {"$ref": "#/$defs/day", "title": "拍摄日期"}},
                        },
                    },
                },
            },
        },
    },
    "$defs": {"day": {"title": "日期", "type": "string", "format": "date"}},
}


def document(schema: object) -> Document:
    found, problems = read("schema/x.json", json.dumps(schema).encode())
    assert found is not None, problems
    return found


def made(schema: object) -> tuple[Form | None, list[Problem]]:
    return form(document(schema))


def river() -> Form:
    found, problems = made(OTHER)
    assert found is not None, problems
    return found


def ours() -> Form:
    text, problems = read("schema/1.schema.json", OURS.read_bytes())
    assert text is not None, problems
    found, problems = form(text)
    assert found is not None, problems
    return found


def at(one: Form, path: str) -> Field:
    found = one.at(tuple(path.split(".")))
    assert found is not None
    return found


# --- fields ---------------------------------------------------------------------------


def test_every_fact_has_its_type() -> None:
    types = {".".join(path): one.type.value for path, one in river().fields.items()}
    assert types == {
        "township": "text",
        "year": "integer",
        "submitted": "date",
        "length": "number",
        "patrols": "records",
        "patrols.id": "text",
        "patrols.day": "date",
        "patrols.until": "date",
        "patrols.found": "group",
        "patrols.found.kind": "text",
        "patrols.found.months": "values",
        "patrols.photos": "records",
        "patrols.photos.taken": "date",
    }


def test_labels_fall_back_to_the_key_in_english() -> None:
    assert at(river(), "year").label == Text("年度", "Year")
    assert at(river(), "length").label == Text("河长", "length")
    assert at(river(), "patrols.found.kind").values == {
        "waste": Text("waste", "waste"),
        "sand": Text("sand", "sand"),
    }


def test_what_stands_beside_a_reference_wins() -> None:
    assert at(river(), "patrols.photos.taken").label.zh == "拍摄日期"


def test_bounds_and_requirements() -> None:
    length = at(river(), "length")
    assert (length.minimum, length.maximum, length.required) == (0, 500, True)
    assert not at(river(), "patrols.until").required


def test_dated_facts_say_where_they_may_lie() -> None:
    assert at(river(), "patrols.day").period == "within"
    assert at(river(), "patrols.until").period == "from"
    months = at(river(), "patrols.found.months")
    assert (months.entry, months.dated, months.period) == (
        FieldType.MONTH,
        FieldType.MONTH,
        "within",
    )
    assert at(river(), "length").dated is None


def test_values_lists_and_optional_groups_are_replaced_as_a_whole() -> None:
    whole = {".".join(path) for path, one in river().fields.items() if one.replaceable}
    assert whole.isdisjoint({"patrols"})
    assert {"length", "patrols.found", "patrols.found.months", "patrols.photos"} <= whole
    assert not at(ours(), "leadership").replaceable
    assert at(ours(), "visits.exempt").replaceable


def test_record_kinds_are_the_lists_that_rules_can_count() -> None:
    (path, kind), *none = river().record_kinds().items()
    assert (path, none) == (("patrols",), [])
    assert (kind.name.en, kind.unit.zh, kind.date) == ("Patrols", "次", ("day",))
    assert kind.labels[("found", "kind")]["sand"].zh == "sand"


# --- the first regulation's form ------------------------------------------------------


def test_the_first_form_is_whole() -> None:
    one = ours()
    assert one.title.zh == "乡镇信访工作自查表"
    assert [".".join(path) for path in one.record_kinds()] == [
        "work.articles",
        "cases",
        "visits",
        "long_term_petitioners",
    ]
    assert at(one, "visits.stranded.returned").not_before == "notified"
    assert at(one, "leadership.difficult_by_appointment").at_most == "difficult_cases"
    assert at(one, "cases.filed").period == "until"
    assert at(one, "visits.exempt.deadline").period == "from"
    assert at(one, "work.statements").dated is FieldType.QUARTER
    assert one.record_kinds()[("visits",)].labels[("level",)]["beijing"] == Text("京", "Beijing")


def test_every_label_is_in_both_languages() -> None:
    for path, one in ours().fields.items():
        for label in (one.label, *one.values.values()):
            assert re.search("[\u4e00-\u9fff]", label.zh), path
            assert label.en.isascii(), path
            assert label.en not in path


def test_the_code_knows_no_word_of_the_first_form() -> None:
    frame = {"township", "year", "submitted"}
    words = {path[-1] for path in ours().fields} - frame - {"id", "date", "kind"}
    words -= {"document", "documents"}  # a document is also what is read
    for name in ("form.py", "schema.py", "explain.py"):
        text = (Path(__file__).parents[2] / "generator" / "shape" / name).read_text(
            encoding="utf-8"
        )
        found = {word for word in words if re.search(rf"\b{word}\b", text)}
        assert found <= {"level", "closed", "returned", "work"}, name


# --- addresses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("length", "length"),
        ("patrols.P-1", "patrols"),
        ("patrols.P-1.found.kind", "patrols.found.kind"),
        ("patrols.P-1.photos.2.taken", "patrols.photos.taken"),
        ("patrols.P-1.found.months.3", "patrols.found.months"),
        ("none.P-1", "none.P-1"),
    ],
)
def test_an_address_leaves_out_the_names_of_entries(address: str, path: str) -> None:
    assert river().path_of(address) == tuple(path.split("."))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("lenght", "did you mean «length»?"),
        ("patrol.P-1.found.kind", "did you mean «patrols.found.kind»?"),
        ("patrols.P-1.found.kinds", "did you mean «patrols.found.kind»?"),
        ("patrols.P-1.fuond.knid", "did you mean «patrols.found.kind»?"),
        ("kind", "did you mean «patrols.found.kind»?"),
        ("zzz", "it may begin with: township, year, submitted, length, patrols"),
        ("patrols.P-1.found.zzz", "below «patrols.found» there are: kind, months"),
        ("length.zzz", "below «length» there are: -"),
    ],
)
def test_a_wrong_address_gets_the_nearest(address: str, said: str) -> None:
    assert catalogue("en").render(river().nearest(address)) == said


@given(st.text(max_size=30))
def test_any_address_gets_an_answer(address: str) -> None:
    assert catalogue("en").render(_RIVER.nearest(address))


_RIVER = river()


# --- finding facts --------------------------------------------------------------------

REPORT = {
    "township": "a",
    "year": 2025,
    "length": 3,
    "patrols": [
        {
            "id": "P-1",
            "day": "2025-01-02",
            "until": "2025-01-03",
            "found": {"months": ["2025-01", "2025-02"]},
            "photos": [{"taken": "2025-01-02"}, {}],
        },
        {"id": "P-2", "day": "2025-02-02"},
    ],
}


def test_every_date_of_a_report_is_found() -> None:
    found = {(one.keys, one.value) for one in river().dates(REPORT)}
    assert found == {
        (("patrols", 0, "day"), "2025-01-02"),
        (("patrols", 0, "until"), "2025-01-03"),
        (("patrols", 0, "found", "months", 0), "2025-01"),
        (("patrols", 0, "found", "months", 1), "2025-02"),
        (("patrols", 0, "photos", 0, "taken"), "2025-01-02"),
        (("patrols", 1, "day"), "2025-02-02"),
    }


def test_compared_facts_come_with_what_is_beside_them() -> None:
    (one,) = river().compared(REPORT)
    assert one.field.not_before == "day"
    assert (one.value, one.beside["day"]) == ("2025-01-03", "2025-01-02")


def test_record_lists_are_found_inside_records_too() -> None:
    assert [one.keys for one in river().record_lists(REPORT)] == [
        ("patrols",),
        ("patrols", 0, "photos"),
    ]


# --- refusals -------------------------------------------------------------------------


def edited(path: str, value: object) -> Any:
    """The other regulation's schema with one thing changed; `...` takes it away."""
    schema = json.loads(json.dumps(OTHER))
    *above, last = path.split("/")
    node = schema
    for part in above:
        node = node[part]
    if value is ...:
        del node[last]
    else:
        node[last] = value
    return schema


ITEM = "properties/patrols/items"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("type", "array", "«type: object» is missing"),
        ("additionalProperties", ..., "objects must be closed"),
        ("additionalProperties", True, "objects must be closed"),
        (f"{ITEM}/additionalProperties", ..., "objects must be closed"),
        ("title", ..., "a title is missing"),
        ("properties/length/title", ..., "a title is missing"),
        ("properties/length/title", 5, "a title is missing"),
        ("properties/length/type", ..., "«type» must be one of"),
        ("properties/length/type", "null", "«type» must be one of"),
        ("properties/length/type", ["number", "string"], "«type» must be one of"),
        ("properties/length/anyOf", [], "«anyOf» is not supported"),
        ("properties/length/oneOf", [], "«oneOf» is not supported"),
        ("allOf", [], "«allOf» is not supported"),
        ("properties/length", True, "a description of this fact"),
        ("properties/length", [], "a description of this fact"),
        ("properties", [], "«properties» must be an object"),
        ("required", "township", "«required» must be a list"),
        (f"{ITEM}/properties/day/$ref", "#/$defs/none", "points to nothing"),
        (f"{ITEM}/properties/day/$ref", "other.json#/x", "points to nothing"),
        (f"{ITEM}/properties/day/$ref", 5, "points to nothing"),
        ("$defs/day", {"$ref": "#/$defs/day"}, "points to nothing"),
        (f"{ITEM}/properties/photos/items", {"$ref": f"#/{ITEM}"}, "nested too deeply"),
        ("properties/patrols/items", ..., "a description of this fact"),
        (f"{ITEM}/type", "array", "«items» must be objects or single values"),
        ("properties/patrols/x-date", "found", "«x-date» must name a date"),
        ("properties/patrols/x-date", "none", "«x-date» must name a date"),
        ("properties/patrols/x-date", 5, "«x-date» must"),
        ("properties/patrols/x-date", ["day"], "«x-date» must"),
        ("properties/patrols/x-unit", {"zh": "次"}, "«x-unit» must have"),
        ("properties/patrols/x-unit", "次", "«x-unit» must have"),
        (f"{ITEM}/properties/until/x-period", "later", "«x-period» must be one of"),
        (f"{ITEM}/properties/until/x-period", [], "«x-period» must be one of"),
        (f"{ITEM}/properties/until/x-not-before", "none", "must name a key beside it"),
        (f"{ITEM}/properties/until/x-not-before", "id", "must name a key beside it"),
        (f"{ITEM}/properties/until/x-not-before", 5, "«x-not-before» must be text"),
        (f"{ITEM}/properties/found/properties/kind/enum", [1], "«enum» must be a list of texts"),
        (f"{ITEM}/properties/found/properties/kind/enum", "x", "«enum» must be a list of texts"),
        (f"{ITEM}/properties/found/properties/kind/x-enum-en", ["a"], "must name every value"),
        ("properties/year", ..., "«year» must be required and of type integer"),
        ("properties/township/type", "integer", "«township» must be required and of type string"),
        ("required", ["year"], "«township» must be required"),
    ],
)
def test_what_cannot_be_read_is_a_problem(path: str, value: object, said: str) -> None:
    found, problems = made(edited(path, value))
    assert found is None
    assert {problem.code for problem in problems} == {"form-unsupported"}
    messages = [catalogue("en").render(problem.message) for problem in problems]
    assert any(said in message for message in messages), messages


def test_a_problem_stands_where_the_schema_is_wrong() -> None:
    text = json.dumps(edited("properties/length/anyOf", []), indent=2).encode()
    found, _ = read("schema/x.json", text)
    assert found is not None
    _, (problem, *_) = form(found)
    assert b'"anyOf"' in text.splitlines()[problem.location.line - 1]
    assert problem.location.address == "properties.length.anyOf"


@pytest.mark.parametrize("schema", [[], 5, "x", {}, {"type": "object"}])
def test_what_is_no_schema_at_all_is_a_problem(schema: object) -> None:
    found, problems = made(schema)
    assert found is None
    assert problems


ODD = st.sampled_from([None, True, 0, -1, "x", "#/$defs/day", "object", [], ["x"], {}, {"a": 1}])


@given(st.data())
def test_no_schema_ends_in_a_traceback(data: st.DataObject) -> None:
    schema = json.loads(json.dumps(OTHER))
    node: Any = schema
    while True:
        key = data.draw(st.sampled_from(sorted(node)))
        inner = node[key]
        if not isinstance(inner, dict) or not inner or data.draw(st.booleans()):
            node[key] = data.draw(ODD)
            break
        node = inner
    found, problems = made(schema)
    assert (found is None) == bool(problems)
