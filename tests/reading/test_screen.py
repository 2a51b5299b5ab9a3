"""Personal data: what is found, where, and what never is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.reading.files import tree_below
from generator.reading.screen import masked, screen
from tests.trees import content

CASES = sorted((Path(__file__).parent.parent / "invalid" / "personal-data").iterdir())
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def _places(text: str, telephone: str | None = None) -> list[tuple[int, int]]:
    problems = screen("x", text, telephone=telephone)
    return [(problem.location.line, problem.location.column) for problem in problems]


def _identity(first: str) -> str:
    weights = [2 ** (17 - at) % 11 for at in range(17)]
    total = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True))
    return first + "10X98765432"[total % 11]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_finds_with_place(folder: Path) -> None:
    tree = tree_below(folder)
    got = [
        f"{path}:{at.location.line}:{at.location.column} {at.code}\n"
        for path in tree
        for at in screen(path, content(tree, path).decode())
    ]
    assert got == (folder / "expected.txt").read_text().splitlines(keepends=True)


@given(
    st.from_regex(
        r"[1-8][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True
    )
)
def test_identity_numbers_of_every_check_digit(first: str) -> None:
    if not first.isascii():
        return
    number = _identity(first)
    for written in (number, number.lower(), number.translate(FULL_WIDTH)):
        assert _places(f"# 甲\na: 甲{written}号\n") == [(2, 5)]
    grouped = f"{number[:6]} {number[6:14]}-{number[14:]}"
    assert _places(f"a: {grouped}\n") == [(1, 4)]
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    assert all("identity" not in at.message.args["kind"].text for at in screen("x", wrong))  # type: ignore[attr-defined]


@given(st.integers(13 * 10**9, 20 * 10**9 - 1).map(str))
def test_mobile_numbers_in_every_grouping(number: str) -> None:
    a, b, c = number[:3], number[3:7], number[7:]
    for written in (
        number,
        f"{a} {b} {c}",
        f"{a}-{b}-{c}",
        f"{a}\u2014{b}\u2014{c}",
        f"{a}.{b}.{c}",
        f"{a}_{b}_{c}",
        f"{a}\xb7{b}\xb7{c}",
        f"{a}\u2022{b}\u30fb{c}",
        f"{a}\u2027{b}\u22c5{c}",
        f"{a}/{b}/{c}",
        f"{a}\xa0{b}\u202f{c}",
        f"{a}\t{b}\u2009{c}",
        f"{a[:2]}\u200b{a[2:]}{b}\ufeff\xad{c}",
        "\u2060".join(number),
        f"{a}\u200e{b}\ufe0f{c}",
        f"+86 {number}",
    ):
        assert _places(f"a: {written}\n") == [(1, 4)]
        assert _places(f"# 电话\uff1a{written}\uff0c".translate(FULL_WIDTH)) == [(1, 6)]
    assert _places(" ".join(number)) == [(1, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "dates: [2025-01-08, 2025-02-12, 2025-03-12]",
        "2025-01-08 2025-02-12 2025-03-18 2025-04-01 5",
        "20250108 20250205 20250305",
        "{notified: 2025-05-02T09:00, returned: 2025-05-02T20:30}",
        "市人口计生信〔2025〕7号，省计生〔2008〕0380号",
        "sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "sha256: 11111111119111111111111111111111111111111111111111111111111111ab",
        "id: C-001, V-0002, P-01; 4.1.1; 2025-Q1; 100.25",
        "4111 1111 1111 1112",
        "a@b, @songhe, 3 @ 5",
        "receptions: 126                    # 2025",
        "2024 2025 2026 2027",
        "{share: 138.12345678, points: 1391.2345678, days: 2025.05.02 2025.06.03 2025.07.04}",
        "data_2025_townships_songhe 1.3.8.1.2.3",
        "{share: 13812/345678, days: 2025/01/08 2025/02/05 2025/03/05}",
        "data/2025/townships/songhe.yaml\u200b",
    ],
)
def test_what_is_no_persons(text: str) -> None:
    assert _places(text) == []


@pytest.mark.parametrize("written", ["0380-3933333", "(0380) 3933333", "03803933333"])
def test_the_offices_own_telephone(written: str) -> None:
    text = f"office: {{telephone: 0380-3933333}}\n# {written}\n# 0380-3933334\n"
    assert _places(text, telephone="\uff080380\uff093933333") == [(3, 3)]
    assert len(_places(text)) == 3


@given(st.text("0123456789X -@._/\xb7\u200b\xa0a\uff11\n", max_size=80))
def test_never_repeats_what_it_found(text: str) -> None:
    lines = text.split("\n")
    for problem in screen("x", text):
        shown = problem.message.args["shown"]
        assert isinstance(shown, str)
        assert len(shown) <= 6
        assert problem.location.column <= len(lines[problem.location.line - 1])


def test_what_stands_around_is_kept() -> None:
    """Signs that nobody sees are taken out of the number only."""
    assert (
        masked("\u200b甲\xad: 138\u200b1234\u200b5678\u200b, 1\u200b2")
        == "\u200b甲\xad: 138***\u200b, 1\u200b2"
    )
