"""A form as YAML to be filled in by hand."""

import json
import re
from typing import Any
from unicodedata import east_asian_width

import pytest

from generator.commands.scaffold import NOTE, aligned, blank
from generator.reading.source import Document, read
from generator.shape.form import Form, form
from generator.shape.schema import validate

SCHEMA: dict[str, Any] = {
    "title": "自查表",
    "type": "object",
    "additionalProperties": False,
    "required": ["township", "year", "share", "work", "events"],
    "properties": {
        "township": {"title": "代码", "type": "string"},
        "year": {"title": "年度", "type": "integer"},
        "share": {"title": "覆盖率", "type": "number"},
        "work": {
            "title": "工作",
            "type": "object",
            "additionalProperties": False,
            "required": ["held", "done", "planned"],
            "properties": {
                "held": {
                    "title": "培训",
                    "type": "array",
                    "items": {"title": "季度", "type": "string", "format": "quarter"},
                },
                "done": {"title": "完成数", "type": "integer", "x-at-most": "planned"},
                "planned": {"title": "计划数", "type": "integer"},
                "remark": {"title": "文号\n第二行", "type": "string", "examples": ["7号"]},
            },
        },
        "events": {"title": "事项", "type": "array", "items": {"$ref": "#/$defs/event"}},
        "leader": {
            "title": "分管",
            "type": "object",
            "additionalProperties": False,
            "required": ["since"],
            "properties": {"since": {"title": "起始", "type": "string", "format": "month"}},
        },
        "visitors": {
            "title": "来访",
            "type": "array",
            "x-unit": {"zh": "次", "en": ""},
            "items": {"$ref": "#/$defs/event"},
        },
    },
    "$defs": {
        "id": {"title": "编号", "type": "string", "examples": ["A-1"]},
        "event": {
            "title": "事项",
            "type": "object",
            "additionalProperties": False,
            "required": ["id", "start", "parts"],
            "properties": {
                "id": {"$ref": "#/$defs/id", "title": "事项编号"},
                "start": {"title": "开始", "type": "string", "format": "date-minute"},
                "end": {
                    "title": "结束",
                    "type": "string",
                    "format": "date-minute",
                    "x-not-before": "start",
                },
                "parts": {
                    "title": "部分",
                    "type": "array",
                    "x-unit": {"zh": "份", "en": ""},
                    "items": {
                        "title": "部分",
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["kind"],
                        "properties": {
                            "kind": {
                                "title": "种类",
                                "type": "string",
                                "enum": ["a", "b"],
                                "markdownEnumDescriptions": ["甲", "乙"],
                            },
                            "whole": {"title": "整份", "type": "boolean"},
                        },
                    },
                },
            },
        },
    },
}

EXPECTED = """\
township: songhe  # 代码
year: 2026        # 年度
share:            # 覆盖率，数字

work:             # 工作
  held:           # 培训，例如 [2026-Q1, 2026-Q2]；没有写 []
  done:           # 完成数，整数，不多于计划数
  planned:        # 计划数，整数
  # remark:       # 文号 第二行，例如 7号；没有就不写

events:           # 事项，每项一条；没有写 []
  # - id:         # 事项编号，例如 A-1
  #   start:      # 开始，例如 2026-05-02T09:00
  #   # end:      # 结束，例如 2026-05-02T09:00，不早于开始；没有就不写
  #   parts:      # 部分，每份一条；没有写 []
  #     - kind:   # 种类：a 甲，b 乙
  #       # whole:  # 整份：true 是，false 否；没有就不写

# leader:         # 分管；没有就不写
#   since:        # 起始，例如 2026-05

# visitors:       # 来访，每次一条；没有就不写
#   - id:         # 事项编号，例如 A-1
#     start:      # 开始，例如 2026-05-02T09:00
#     end:        # 结束，例如 2026-05-02T09:00，不早于开始；没有就不写
#     parts:      # 部分，每份一条；没有写 []
#       - kind:   # 种类：a 甲，b 乙
#         whole:  # 整份：true 是，false 否；没有就不写"""


def invented() -> Form:
    document, problems = read("schema/submissions/x/1.schema.json", json.dumps(SCHEMA).encode())
    assert document
    assert not problems
    built, problems = form(document)
    assert built, problems
    return built


def written() -> str:
    return aligned(blank(invented(), SCHEMA, {"township": "songhe", "year": 2026}, 2026))


def without_a_mark(text: str) -> str:
    """The text after one mark has been taken from each line with one besides its comment."""
    return re.sub(r"(?m)^( *)# (?=.*# )", r"\1", text)


def document(text: str) -> Document:
    found, problems = read("data/2026/townships/songhe.yaml", text.encode())
    assert found, problems
    return found


def codes(text: str) -> set[str]:
    return {problem.code for problem in validate(SCHEMA, document(text))}


def test_every_key_has_its_comment_and_none_a_value() -> None:
    spaces = r"(?<=\S)  +(?=#)"
    assert re.sub(spaces, "  ", written()) == re.sub(spaces, "  ", EXPECTED)


def test_comments_stand_in_one_column() -> None:
    columns = {line.index("#", 12) for line in written().split("\n") if line}
    assert len(columns) == 1


@pytest.mark.parametrize("times", [0, 1, 2])
def test_it_can_be_read_and_nothing_but_values_is_missing(times: int) -> None:
    text = written()
    for _ in range(times):
        text = without_a_mark(text)
    assert codes(text) == {"unfilled"}
    value = document(text).value
    assert set(value) == set(SCHEMA["properties"]) - (set() if times else {"leader", "visitors"})
    if times == 2:
        assert list(value["events"][0]) == ["id", "start", "end", "parts"]
        assert list(value["events"][0]["parts"][0]) == ["kind", "whole"]


def test_a_long_comment_goes_on_below_and_stays_a_comment() -> None:
    note = "种类：" + "，".join(f"value-{number} 第{number}种情形" for number in range(9))
    text = aligned(f"kinds:{NOTE}{note}\n  # - kind:{NOTE}{note}\n  #   # more:{NOTE}{note}")
    lines = text.split("\n")
    assert len(lines) > 4
    assert all(width(line) <= 100 for line in lines)
    assert "".join(line[line.rindex("# ") + 2 :] for line in lines) == note * 3
    assert document(text).value == {"kinds": None}
    assert document(without_a_mark(text)).value == {"kinds": [{"kind": None}]}
    twice = without_a_mark(without_a_mark(text))
    assert document(twice).value == {"kinds": [{"kind": None, "more": None}]}
    assert without_a_mark(twice) == twice


def test_text_without_notes_stays_as_it_is() -> None:
    assert aligned("a: 1  # b\n\n# c") == "a: 1  # b\n\n# c"


def width(line: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in line)
