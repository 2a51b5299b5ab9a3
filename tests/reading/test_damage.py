"""Text that was ruined before anybody reads it is known as such, and sound text never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.reading.damage import merged, other_kind, ruins, suspicious
from generator.reading.source import legible
from tests.cases import ROOT

COMMON = st.integers(0xB0, 0xD6).flatmap(
    lambda row: st.integers(0xA1, 0xFE).map(lambda cell: bytes((row, cell)).decode("gb2312"))
)
"""One of the characters that GB 2312 has in its first level."""
WORDS = st.text(COMMON, min_size=3, max_size=12)


def told(line: str) -> list[str]:
    return [str(ruin.message.args.get("text", ruin.code)) for ruin in ruins(line)]


@given(WORDS)
def test_utf_8_read_as_something_else_is_told_with_the_original(word: str) -> None:
    for encoding in ("gb18030", "latin-1"):
        line = f"document: {word.encode().decode(encoding, 'replace')}"
        assert suspicious(line)
        assert told(line)
    (original,) = told(f"document: {word.encode().decode('latin-1')}")
    assert original == word


@given(WORDS)
def test_ordinary_chinese_is_left_alone(word: str) -> None:
    assert told(f"document: {word}") == []


@pytest.mark.parametrize(
    "line",
    [
        "信核〔××××〕×号",
        "气温±3℃，占比≥95％",
        "第①项、Ⅱ级、㎡",
        "café, naïve, Ünïcödé",
        "〇、㐂、𠮷",
        "元素锘",
    ],
)
def test_unusual_signs_are_left_alone(line: str) -> None:
    assert told(line) == []


def test_all_that_is_published_here_is_left_alone() -> None:
    for path in sorted([*ROOT.glob("data/**/*.yaml"), *ROOT.glob("examples/**/*.yaml")]):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert told(line) == [], (path, line)


@pytest.mark.parametrize("start", [b"%PDF-", b"GIF89a\x01\x00", b"PK\x03\x04xl/", b"\x1f\x8b\x08"])
def test_another_kind_of_file_is_known(start: bytes) -> None:
    assert other_kind("x", start) is not None


@pytest.mark.parametrize("text", ["BMW: 1\n", "RIFF: x\n", "GIF8: x\n", "PK: 1\n", "a: <html>\n"])
def test_a_text_that_begins_like_another_kind_of_file_is_a_text(text: str) -> None:
    assert other_kind("x", text.encode()) is None


@given(st.lists(st.sampled_from(["<<<<<<< a", "=======", "||||||| b", ">>>>>>> c", "a: 1"])))
def test_a_merge_left_in_any_state_is_read_on_with_in_place(lines: list[str]) -> None:
    text = "\n".join(lines)
    left, problems = merged("x", text)
    assert left.count("\n") == text.count("\n")
    assert bool(problems) == any(line[0] in "<|>" for line in lines)
    assert not problems or set("<|>").isdisjoint(left)
    legible("x", text.encode())
