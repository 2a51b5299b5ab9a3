"""The walk over structure: what it marks, and what it leaves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.reading.slips import mended, slips


def _marked(text: str) -> str:
    """The text with ^ before each full-width slip."""
    found = slips(text).full_width
    return "".join(("^" if at in found else "") + sign for at, sign in enumerate(text))


@pytest.mark.parametrize(
    "text",
    [
        "a^：b\n",
        "a ^： b\n",
        "a^：\n  b^：1\n",
        "- a^：1\n  b^： 2\n",
        "说明^：x\n",
        "a:^　1\n",
        "^　a: 1\n",
        "a: 1^　# x\n",
        '"a"^：1\n',
        "a: [x^，y^，z]\n",
        'a: ["x"^，"y"]\n',
        "a: [x^，]\n",
        "a: [^“x”^，^“y”]\n",
        "a: {b^：1^，c^：2}\n",
        "a: {b: 甲^，c: 乙}\n",
        "a: {b: {c: 1}^，d: 2}\n",
        "a: [{b: 1}^，{c: 2}]\n",
        "a: [\n  x^，\n  y]\n",
        "a: ^“甲”\n",
        "^“a”: 甲\n",
        "^“a”^：甲\n",
        'a: "甲^”\nb: 1\n',
        'a: ^“甲"\n',
        "a: [^“甲, 乙”]\n",
        "a: |\n  b：1\nc^：1\n",
        "a: x\n  b：1\nc^：1\n",
        "---\na^：1\n",
    ],
)
def test_marks_structure(text: str) -> None:
    assert _marked(text.replace("^", "")) == text


@pytest.mark.parametrize(
    "text",
    [
        "a: 甲：乙，丙“丁”\n",
        "a: “甲”和“乙”\n",
        "a: b：c，d\n",
        "a: 'b：c，d'\nb: \"“c”，d：e\"\n",
        'a: "x\n  y：z，\n  w"\n',
        "# a：b，“c”\na: 1 # b：c\n",
        "a: |\n  b：c，\n  “d”\n\n  　　e\nf: >-\n  g：h\n",
        "- |\n b：c\n- 甲：乙\n- “甲”、乙\n",
        "a: 见\n  b：c\n\n  d：e\nf: 1\n",
        "a: {b: 甲，乙, c: x：y，z}\n",
        "a: [甲，乙, 收到3件，120人]\n",
        "a:\n  甲：乙\n",
        "a: 市人口计生信〔2025〕7号\n",
    ],
)
def test_leaves_values_and_comments_alone(text: str) -> None:
    assert slips(text).full_width == []


def test_mended_text_and_the_spaces_put_in() -> None:
    text = 'a：1\nb: {c：2，d： 3}\ne: "f”\n'
    result, added = mended(text, slips(text).full_width)
    assert result == 'a: 1\nb: {c: 2, d: 3}\ne: "f"\n'
    assert added == {0: [2], 1: [6, 9]}


def test_other_slips_of_the_hand() -> None:
    text = "a:1\nb 2\nc: [1\n"
    found = slips(text)
    assert (found.no_space, found.no_colon, found.open_bracket) == ([0], [4], [11])
    assert slips('a: "b\nc: 1\n').open_quote == [3]


@given(st.text("ab:- \n\t#,[]{}'\"|>?&!*%.\uff1a\uff0c\u201c\u201d\u3000\\", max_size=60))
def test_ends_and_mends_whatever_stands_there(text: str) -> None:
    found = slips(text)
    assert found.full_width == sorted(set(found.full_width))
    result, added = mended(text, found.full_width)
    assert len(result) == len(text) + sum(map(len, added.values()))
