"""Whatever a message tells somebody to write is itself accepted at that place."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.problem import Message
from generator.reading.screen import masked
from generator.reading.source import Fault, Keys, changed, plain_value
from generator.shape.schema import Shape
from tests.cases import ROOT, document

REPORTS = (
    *sorted(ROOT.glob("data/2024/townships/*.yaml")),
    *sorted(ROOT.glob("examples/*/data/*/townships/*.yaml")),
)


@cache
def cities() -> list[tuple[Shape, Any]]:
    """Reports of the demonstration and the examples, each with the shape it is held to."""
    found = []
    for path in REPORTS:
        value = document("x", path.read_bytes()).value
        root = ROOT if path.is_relative_to(ROOT / "data") else path.parents[3]
        for schema in sorted((root / "schema/submissions").glob("*/*.json")):
            shape = Shape(json.loads(schema.read_text(encoding="utf-8")))
            if shape.is_valid(value):
                found.append((shape, value))
                break
    assert len(found) > 10
    return found


def places(value: Any, keys: Keys = ()) -> Iterator[Keys]:
    """The keys of everything that a report holds."""
    if keys:
        yield keys
    inside: Iterable[tuple[str | int, Any]] = enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, Mapping):
        inside = value.items()
    for key, inner in inside:
        yield from places(inner, (*keys, key))


def put(value: Any, keys: Keys, new: Any) -> Any:
    """The same report with another value under keys."""
    if not keys:
        return new
    key, rest = keys[0], keys[1:]
    below = put(value[key], rest, new)
    return {**value, key: below} if isinstance(key, str) else changed(value, key, below)


def advised(fault: Fault) -> str | None:
    """What the fault's message tells to write, as YAML."""
    hint = fault.message.args.get("hint")
    if isinstance(hint, Message):
        return str(hint.args["value"])
    return None if hint is None else str(hint)


SLIPS = (
    *("［］", "【】", "[]", "none", "None", "无", "暂无", "没有", "空", "—", "-", "/", "n/a", "0"),
    *("［a, b］", "［2025-01-17, 2025-02-19］", "[2025-01-17, 2025-02-19]", "'a', 'b'", "“a”、“b”"),
    *("2025.1.17、2025.2.19", "2025年1月17日，2025年2月19日", "2025-1-17 2025-2-19", "2025-2-30"),
    *(
        "2025-2-30、2025-3-1",
        "126件",
        "１２６",
        "1,234",
        "是",
        "否",
        "√",
        "yes",
        " a ",
        "　2025-01-17　",
    ),
    *(
        "13912345678",
        "2025-01",
        "2025年第一季度",
        "办公室、电脑",
        "a: b",
        "#x",
        "*x",
        "&x",
        "@x",
        "'",
        '"',
    ),
    *(
        "{a: 1}",
        "[[a]]",
        "null",
        "~",
        "true",
        "1.0",
        "0x10",
        "2025/5/2 9:00",
        "x" * 200,
        "\\",
        "%a",
        "- a",
    ),
)


@given(
    st.data(),
    st.one_of(
        st.sampled_from(SLIPS),
        st.integers(-(10**12), 10**12),
        st.booleans(),
        st.decimals(-999, 999, places=2),
        st.text(st.characters(categories=("L", "N", "P", "Zs", "S")), max_size=30),
    ),
)
def test_what_a_hint_says_is_accepted_where_it_is_said(data: st.DataObject, slip: object) -> None:
    shape, value = data.draw(st.sampled_from(cities()))
    keys = data.draw(st.sampled_from(sorted(places(value), key=str)))
    for fault in shape.faults(put(value, keys, slip)):
        written = advised(fault)
        if written is not None:
            mended = put(put(value, keys, slip), fault.keys, plain_value(written))
            assert fault.keys not in {left.keys for left in shape.faults(mended)}
            assert masked(written) == written


DAY = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
LIST = {"type": "array", "items": DAY}
THING = {
    "type": "string",
    "enum": ["office", "car"],
    "markdownEnumDescriptions": ["办公室", "车辆"],
}
WORDS = {"type": "array", "items": THING}


@pytest.mark.parametrize(
    ("schema", "slip", "written"),
    [
        (LIST, "［］", "[]"),
        (LIST, "none", "[]"),
        (LIST, "暂无", "[]"),
        ({**LIST, "minItems": 1}, "none", None),
        (LIST, "［2025-01-17, 2025-02-19］", "[2025-01-17, 2025-02-19]"),
        (LIST, "'2025.1.17'、'2025.2.19'", "[2025-01-17, 2025-02-19]"),
        (LIST, "2025-1-17 2025-2-19", "[2025-01-17, 2025-02-19]"),
        (LIST, "2025-1-17、2025-2-30", None),
        (WORDS, "办公室、车辆", "[office, car]"),
        (WORDS, "【office】", "[office]"),
        (WORDS, "office，船", None),
        ({"type": "string"}, 13912345678, None),
        ({"type": "string"}, 126, '"126"'),
        ({"type": "integer"}, "126件", "126"),
        ({"type": "integer", "maximum": 100}, "126件", None),
        ({"type": "string", "pattern": "^[A-Z]-[0-9]+$"}, "c－1　", "C-1"),
        ({"type": "boolean"}, "√", "true"),
    ],
)
def test_what_is_written_instead(
    schema: Mapping[str, Any], slip: object, written: str | None
) -> None:
    faults = Shape({"type": "object", "properties": {"a": schema}}).faults({"a": slip})
    assert [advised(fault) for fault in faults] == [written]


NEEDED = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}


@pytest.mark.parametrize(
    ("schema", "may_go"),
    [
        (NEEDED, True),
        ({**NEEDED, "required": ["a"]}, False),
        ({**NEEDED, "dependentRequired": {"b": ["a"]}}, False),
        ({**NEEDED, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, False),
    ],
)
def test_a_key_is_deleted_only_where_nobody_asks_for_it(
    schema: Mapping[str, Any], may_go: bool
) -> None:
    (fault,) = Shape(schema).faults({"a": None, "b": "x"})
    assert ("delete the key" in fault.message.text) is may_go


def test_a_full_width_space_is_named() -> None:
    (fault,) = Shape({"type": "array", "items": {"enum": ["a"]}}).faults(["a\u3000"])
    said = fault.message.args["found"]
    assert isinstance(said, Message)
    assert "U+3000" in said.text
