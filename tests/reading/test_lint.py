"""Bytes and characters: encodings are named, and a look is taken only where it pays."""

import re
import sys

import pytest

from generator.reading import slips as lint


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
            assert visible or lint.suspicious(sign.encode()), hex(code)
            assert visible or lint.characters("x", sign), hex(code)


def test_plain_chinese_is_not_suspicious() -> None:
    assert not lint.suspicious(
        "# 松河镇（2025年）；「甲」、《乙》。\na: 市信〔2025〕7号\n".encode()
    )


def test_one_problem_a_line_and_kind_and_not_endlessly_many() -> None:
    assert len(lint.characters("x", "\xa0\xa0\u202e\xa0\n\xa0")) == 3
    assert len(lint.characters("x", "\xa0\n" * 1000)) == lint.MAX_SHOWN


@pytest.mark.parametrize("text", ["a\u200b", "a\tb", "\u2066", "\xa0"])
def test_unseen_characters_of_a_value(text: str) -> None:
    from generator.engine.problem import Location

    assert lint.unseen(Location("x", 1, 1), text) is not None
    assert lint.unseen(Location("x", 1, 1), re.sub(r"\W", "", text)) is None
