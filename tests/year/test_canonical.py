"""Canonical JSON is what RFC 8785 says, by its own examples where it has any for our values."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.year.receipt import canonical

MOST = 2**53 - 1
"""Beyond it two readers of JSON may take a whole number for different ones."""


def test_strings_and_literals_are_those_of_the_rfc() -> None:
    """The example of section 3.2.2 but for its numbers, which amounts never are."""
    given_string = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    value = {"string": given_string, "literals": [None, True, False]}
    expected = '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert canonical(value).decode() == expected


def test_keys_stand_in_the_order_of_the_rfc() -> None:
    """Section 3.2.3: by UTF-16 code units, an astral sign before U+FB33."""
    names = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    order = [
        *("Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis"),
        *("Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"),
    ]
    assert list(json.loads(canonical(names)).values()) == order


def test_every_control_character_has_its_escape() -> None:
    short = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"}
    for code in range(0x20):
        escape = short.get(code, "\\u" + f"{code:04x}")
        assert canonical(chr(code)).decode() == f'"{escape}"'
    assert canonical("\x7f\u2028中").decode() == '"\x7f\u2028中"'


@pytest.mark.parametrize(
    "value", [0.5, 1.0, MOST + 1, -MOST - 1, b"x", "\ud800", {"\udc00": 1}, [float("nan")]]
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever of its kinds
        canonical(value)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-MOST, MOST) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(PLAIN)
def test_any_value_comes_back_and_is_written_the_same_again(value: Any) -> None:
    data = canonical(value)
    assert json.loads(data) == value
    assert canonical(json.loads(data)) == data
    assert b"\n" not in data
