"""What is wrong with a text before it is YAML: bytes, hidden characters, full-width marks."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.reading import slips as lint
from generator.reading.slips import mended, slips
from generator.reading.source import read
from generator.words.messages import catalogue


def _encoding(data: bytes) -> object:
    text, problems = lint.decode("x", data)
    assert text is None
    return problems[0].message.args.get("encoding")


def test_names_the_encoding() -> None:
    assert _encoding("松河镇".encode("gbk")) == "GBK"
    assert _encoding("a: 甲\n".encode("utf-16")) == "UTF-16"
    assert _encoding("松河镇".encode() + b"\xff") is None
    assert _encoding("松河镇".encode()[:-1]) is None
    assert _encoding(b"\xc4\xbf\xc2\xbc\xcb\xc9") == "GBK"


def test_every_format_and_control_character_is_hidden() -> None:
    """Unicode's own lists, so that none is forgotten; the soft hyphen and its like included."""
    import unicodedata

    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        if (
            unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp", "Zs")
            and sign not in " \n\t\u3000"
        ):
            visible = 0x600 <= code <= 0x605 or code in (0x6DD, 0x70F, 0x890, 0x891, 0x8E2)
            visible = visible or 0x110BD <= code <= 0x110CD or 0x13430 <= code <= 0x1343F
            visible = visible or 0x1BCA0 <= code <= 0x1BCA3
            assert visible or lint.suspicious(sign), hex(code)
            assert visible or lint.characters("x", sign), hex(code)


def test_plain_chinese_is_not_suspicious() -> None:
    text = "# 松河镇（2025年）；「甲」、《乙》。\na: 市信〔2025〕7号\n"
    assert not lint.suspicious(lint.unusual(text.encode()))


def test_one_problem_a_line_and_kind_and_not_endlessly_many() -> None:
    assert len(lint.characters("x", "\xa0\xa0\u202e\xa0\n\xa0")) == 3
    assert len(lint.characters("x", "\xa0\n" * 1000)) == lint.MAX_SHOWN


@pytest.mark.parametrize("text", ["a\u200b", "a\tb", "\u2066", "\xa0"])
def test_unseen_characters_of_a_value(text: str) -> None:
    from generator.engine.problem import Location

    assert lint.unseen(Location("x", 1, 1), text) is not None
    assert lint.unseen(Location("x", 1, 1), re.sub(r"\W", "", text)) is None


# --- The walk over structure: what it marks, and what it leaves alone ---


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


NO_YAML = (
    *("a: [1,,2]", "a: [,1]", "a: {b: 1,, c: 2}", "a: [1 2", "a: [1, 2]]", 'a: "x" y'),
    *("a: 'x'y\nb: 1", "- [a]b", 'a: ["x" "y"]', "a: &", "a: * b", "a: !<x y", "a: !!"),
    *("%YAML 3.0\n---\na: 1", "%FOO", "%YAML x", "%TAG ! a", "a: |x\n b", "a: |0\n b", "a: @x"),
    *("a: b: c", "a:\n\t- b", 'a: "\\q"', 'a: "\\xzz"', 'a: "abc\n---\nb', "a: 'x", "{a: 1} b"),
    *("[a]\nb: 1", "a: 1\n b: 2", "a:\n  - b\n c: d", "- a\nb: c", "a\nb: c", "a: - b", "a: %x"),
    *("a: }", "a: ]", "]", "a: {b}:", "a: [\n", "!a!b c", "a: !x!y z", 'a: "\\U00110000"', "a: [}"),
    *(
        "? [a\n",
        "[a: b: c]",
        "*a : b",
        "&a &b c",
        "a: >-5x\n b",
        "--- |x",
        "'a' 'b'",
        "{a b: c: d}",
    ),
)


@given(st.one_of(st.sampled_from(NO_YAML), st.text("ab:-[]{},&*!|>'\"%@`?# \n\t\\01", max_size=30)))
def test_no_word_of_the_scanner_reaches_a_message(text: str) -> None:
    for problem in read("x", text.encode())[1]:
        told = catalogue("zh").render(problem.message)
        assert not re.search("did not|found|expected|allowed|while|could", told)
