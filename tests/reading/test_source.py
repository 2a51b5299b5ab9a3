"""A text read strictly: plain values with their places, and addresses that lead to them."""

import json
import pickle
import time
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.reading.files import tree_below
from generator.reading.source import Document, address, keys_of, names, read, replaced, value_at
from tests.trees import content

INVALID = Path(__file__).parent.parent / "invalid"
CODES = (
    *("not-utf8", "bom", "too-large", "too-deep", "control-character", "bidi-character"),
    *("no-break-space", "tab-indentation", "full-width-punctuation", "syntax", "duplicate-key"),
    *("anchor", "alias", "tag", "merge-key", "second-document", "bad-number", "empty-file"),
    *("wrong-file-kind", "merge-conflict", "ruined-text", "look-alike-character"),
)
CASES = sorted(
    folder for code in CODES for folder in (INVALID / code).iterdir() if (folder / "data").is_dir()
)


def _document(text: str) -> Document:
    document, problems = read("data/x.yaml", text.encode())
    assert problems == []
    assert document is not None
    return document


def _found(text: str) -> list[str]:
    document, problems = read("x", text.encode())
    assert document is None or not problems
    return [f"{at.location.line}:{at.location.column} {at.code}" for at in problems]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_refuses_with_code_and_place(folder: Path) -> None:
    tree = tree_below(folder)
    lines = (folder / "expected.txt").read_text().splitlines(keepends=True)
    expected = [line for line in lines if line.rpartition(" ")[2].strip() in CODES]
    got = []
    for path in tree:
        document, problems = read(path, content(tree, path))
        assert (document is None) == any(line.startswith(f"{path}:") for line in expected)
        got += [f"{path}:{at.location.line}:{at.location.column} {at.code}\n" for at in problems]
    assert sorted(got) == sorted(expected)


def test_every_code_has_cases() -> None:
    assert all(any((INVALID / code).iterdir()) for code in CODES)


def test_core_scalars() -> None:
    text = (
        "a: [~, null, Null, , true, True, FALSE, false]\n"
        "b: [0, 12, -3, 0.5, -1.25]\n"
        "c: ['12', \"true\", 'null', '']\n"
        "d: [yes, no, on, off, 2025-01-08, 2025-01, 2025-Q1, 2025-05-02T09:00, 4.1.1, 12:30, nan]\n"
        "e:\nf: 1.10\n"
    ).replace("Null, ,", "Null,")
    assert _document(text).value == {
        "a": [None, None, None, True, True, False, False],
        "b": [0, 12, -3, Decimal("0.5"), Decimal("-1.25")],
        "c": ["12", "true", "null", ""],
        "d": [
            *("yes", "no", "on", "off", "2025-01-08", "2025-01", "2025-Q1", "2025-05-02T09:00"),
            *("4.1.1", "12:30", "nan"),
        ],
        "e": None,
        "f": Decimal("1.10"),
    }


def test_keys_are_their_text() -> None:
    assert _document("1: a\ntrue: b\nnull: c\n").value == {"1": "a", "true": "b", "null": "c"}
    assert _found('1: a\n"1": b\n') == ["2:1 duplicate-key"]


def test_crlf_is_lf() -> None:
    text = "a: 1\nb:\n  - x\nc: |\n  y\n  z\n"
    windows = read("x", text.replace("\n", "\r\n").encode())[0]
    assert windows == read("x", text.encode())[0]
    assert windows is not None
    assert windows.sha256 == sha256(text.encode()).hexdigest()
    assert windows.text == text


TEXT = """\
# 说明
township: songhe   # 松河
visits:
  - id: V-001
    exempt: {ground: consultation, document: 甲\U0001f600乙, documents: [{level: city}]}
  - {id: V-002, date: 2025-05-02}
articles:
- {date: 2025-05-10}
- x
empty:
"""


@pytest.mark.parametrize(
    ("keys", "key", "line", "column", "address"),
    [
        ([], False, 2, 1, ""),
        (["township"], False, 2, 11, "township"),
        (["township"], True, 2, 1, "township"),
        (["visits", 0], False, 4, 5, "visits.V-001"),
        (["visits", 0, "exempt", "document"], False, 5, 46, "visits.V-001.exempt.document"),
        (["visits", 0, "exempt", "documents", 0, "level"], True, 5, 64, None),
        (["visits", 1, "date"], False, 6, 23, "visits.V-002.date"),
        (["articles", 1], False, 9, 3, "articles.2"),
        (["empty"], False, 10, 7, "empty"),
        (["visits", 1, "level"], False, 6, 5, "visits.V-002.level"),
        (["visits", 1, "level"], True, 6, 5, "visits.V-002.level"),
        (["visits", 7], False, 4, 3, "visits.8"),
        (["absent", "below"], False, 2, 1, "absent.below"),
    ],
)
def test_location(
    keys: list[str | int], key: bool, line: int, column: int, address: str | None
) -> None:
    location = _document(TEXT).location(keys, key=key)
    assert (location.path, location.line, location.column) == ("data/x.yaml", line, column)
    if address is not None:
        assert location.address == address


def test_document_can_be_sent_to_another_process() -> None:
    document = _document(TEXT)
    assert pickle.loads(pickle.dumps(document)) == document  # noqa: S301 - our own bytes


def test_all_problems_at_once() -> None:
    text = "a: &x 1\nb: 1_0\nb: 2\n\u00a0c: !t 1\nd\uff1a 0x1\n"
    assert _found(text) == [
        *("1:4 anchor", "2:4 bad-number", "3:1 duplicate-key", "4:1 no-break-space"),
        "5:2 full-width-punctuation",
    ]
    text = "a: &x 1\nb: 1_0\nb: 2\nc: !t 1\u00a0\nd\uff1a0x1 # y\ne: {f\uff1a1_0}\n"
    assert _found(text) == [
        *("1:4 anchor", "2:4 bad-number", "3:1 duplicate-key", "4:4 tag", "4:8 no-break-space"),
        *("5:2 full-width-punctuation", "5:3 bad-number"),
        *("6:6 full-width-punctuation", "6:7 bad-number"),
    ]


def test_what_was_found_before_a_syntax_error_is_kept() -> None:
    assert _found("a: 1_0\nb: [1\n") == ["1:4 bad-number", "2:4 syntax"]


HOSTILE = [
    ("", "[", 1_000_000, ""),
    ("", "{a: ", 250_000, ""),
    ("", "- ", 500_000, ""),
    ("", "? ", 500_000, ""),
    ("", "&a ", 300_000, ""),
    ("", '"', 1_000_000, ""),
    ("", "a: 'x", 200_000, ""),
    ("", '"a\n', 300_000, "\uff1a"),
    ("", "a: 1\n", 170_000, ""),
    ("", "\xa0\n", 300_000, ""),
    ("", "a\uff1ab, ", 90_000, ""),
    ("x: [", "a, \u201c", 150_000, ""),
    ("a: [", "x\uff0c", 250_000, ""),
    ("", "- ", 300_000, "\uff1a"),
    ("a: ", "\uff11", 300_000, "x\nb: ["),
    ("a", " ", 1_000_000, "\uff1a"),
    ("a: ", "1", 1_000_000, ""),
]


@pytest.mark.parametrize("share", [10, pytest.param(1, marks=pytest.mark.nightly)])
@pytest.mark.parametrize(("head", "unit", "times", "tail"), HOSTILE, ids=repr)
def test_hostile_files_are_refused_soon(
    head: str, unit: str, times: int, tail: str, share: int
) -> None:
    start = time.process_time()
    document, problems = read("x", (head + unit * (times // share) + tail).encode())
    assert document is None
    assert problems
    assert time.process_time() - start < 20 / share


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.text("ab :#,-?|>&*!%@`'\"[]{}\uff1a\uff0c\u201c\u201d\u3000\u4e2d\n1.", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abz:# ", min_size=1), inner)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1), JSON, min_size=1))
def test_reads_what_json_wrote(value: dict[str, Any]) -> None:
    document, problems = read("x", json.dumps(value, ensure_ascii=False).encode())
    assert problems == []
    assert document is not None
    assert document.value == value


PIECES = st.sampled_from(
    [
        *(
            "a",
            "b: ",
            "c:",
            "- ",
            "\n",
            "\n  ",
            "\n    ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "# x",
            "'",
            '"',
        ),
        *("\uff1a", "\uff0c", "\u201c", "\u201d", "\u3000", "\t", "\xa0", "\u202e", "\x00", "\r\n"),
        *(
            "|\n",
            ">-\n",
            "&a ",
            "*a",
            "!t ",
            "? ",
            ": ",
            "---\n",
            "...\n",
            "%Y",
            "<<: ",
            "1_0",
            "\\",
        ),
        *("\ufeff", "\u2028", "\U0001f600", "0.5", "~", "@", "`"),
    ]
)


@settings(max_examples=10 * settings().max_examples)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_anything_is_a_document_or_placed_problems(text: str) -> None:
    document, problems = read("x", text.encode())
    assert (document is None) == bool(problems)
    lines = text.replace("\r\n", "\n").split("\n")
    for problem in problems:
        place = problem.location
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1
    if document is not None:
        assert document.location([]).line <= len(lines)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    document, problems = read("x", data)
    assert (document is None) == bool(problems)


# --- Addresses lead to what they say, and putting something there changes nothing else ---


FACTS: dict[str, Any] = {
    "receptions": 126,
    "group": {"days": ["a", "b"], "yes": True},
    "visits": [
        {"id": "V-1", "level": "city", "exempt": {"ground": "x", "documents": [{"level": "city"}]}},
        {"id": "V-2", "level": "province"},
    ],
    "articles": [{"kind": "a"}, {"kind": "b"}],
}


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("receptions", ("receptions",)),
        ("group.days", ("group", "days")),
        ("group.days.2", ("group", "days", 1)),
        ("visits.V-2.level", ("visits", 1, "level")),
        ("visits.V-1.exempt.documents.1.level", ("visits", 0, "exempt", "documents", 0, "level")),
        ("articles.2.kind", ("articles", 1, "kind")),
        ("", ()),
    ],
)
def test_an_address_and_its_keys_are_two_ways_to_one_value(
    written: str, keys: tuple[str | int, ...]
) -> None:
    assert keys_of(FACTS, written) == keys
    assert address(FACTS, keys) == written
    assert names(FACTS, keys) == (written.split(".") if written else [])


@pytest.mark.parametrize(
    "written",
    [
        "x",
        "visits.V-3",
        "visits.1",
        "visits.V-1.x",
        "receptions.x",
        "group.days.3",
        "visits..id",
        ".",
    ],
)
def test_nothing_stands_at_other_addresses(written: str) -> None:
    assert keys_of(FACTS, written) is None
    assert value_at(FACTS, written) is None


def test_keys_that_lead_nowhere_still_have_an_address() -> None:
    assert address(FACTS, ("visits", 9, "level")) == "visits.10.level"
    assert address(FACTS, ("receptions", "x", 0)) == "receptions.x.1"
    assert address({"a": [{"id": 5}, {"id": ""}]}, ("a", 0)) == "a.1"


def test_a_value_is_replaced_and_the_rest_is_the_same_object() -> None:
    changed = replaced(FACTS, ["visits", "V-2", "level"], "city")
    assert value_at(changed, "visits.V-2") == {"id": "V-2", "level": "city"}
    assert FACTS["visits"][1]["level"] == "province"
    assert changed["visits"][0] is FACTS["visits"][0]
    assert changed["group"] is FACTS["group"]


def test_a_record_is_replaced_whole_and_keeps_its_id_and_place() -> None:
    changed = replaced(FACTS, ["visits", "V-1"], {"level": "beijing"})
    assert changed["visits"] == [{"id": "V-1", "level": "beijing"}, FACTS["visits"][1]]


def test_records_and_keys_are_added_and_struck() -> None:
    added = replaced(FACTS, ["visits", "V-9"], {"level": "beijing"})
    assert added["visits"][-1] == {"id": "V-9", "level": "beijing"}
    assert replaced(FACTS, ["visits", "V-1"], None)["visits"] == FACTS["visits"][1:]
    assert "exempt" not in replaced(FACTS, ["visits", "V-1", "exempt"], None)["visits"][0]
    assert replaced(FACTS, ["new"], 1)["new"] == 1


@pytest.mark.parametrize("parts", [["visits", "V-9"], ["visits", "V-1", "repeat"], ["nothing"]])
def test_striking_what_is_not_there_changes_nothing(parts: list[str]) -> None:
    assert replaced(FACTS, parts, None) == FACTS


@given(
    st.sampled_from(["receptions", "group.yes", "group.days", "visits.V-1", "visits.V-2.level"]),
    st.one_of(st.integers(), st.booleans(), st.text(max_size=3), st.lists(st.integers())),
)
def test_what_is_put_somewhere_stands_there(written: str, new: object) -> None:
    changed = replaced(FACTS, written.split("."), new)
    if written != "visits.V-1":  # without an id it is no record any more
        assert value_at(changed, written) == new
    others = [other for other in ("receptions", "articles") if other != written]
    assert all(value_at(changed, other) == value_at(FACTS, other) for other in others)
