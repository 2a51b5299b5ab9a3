"""Amounts as text: exact ones lose nothing, shown ones round half up, unequal ones differ."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.measures import Rounding, exact, fixed, is_shown_exactly, rounded, shown
from generator.pages.wording import Words
from generator.words.messages import amount, catalogue

SCORES = st.fractions(min_value=0, max_value=100, max_denominator=10_000)
PRINTED = (amount, *(Words(catalogue(lang)).score for lang in ("zh", "en")))
"""How a terminal and the pages print a score."""
CLOSE = st.tuples(SCORES, st.fractions(min_value=-1, max_value=1, max_denominator=100_000_000))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (5, "5"),
        (100, "100"),
        ("1/2", "0.5"),
        ("91.5", "91.5"),
        ("1/4", "0.25"),
        ("1/8", "0.125"),
        ("1/40", "0.025"),
        ("3/16", "0.1875"),
        ("1/3", "1/3"),
        ("22/6", "11/3"),
        ("2/6", "1/3"),
        ("1/7000000", "1/7000000"),
        ("1/1000000000", "0.000000001"),
        (10**21, "1" + "0" * 21),
        ("-1/2", "-0.5"),
        ("-5/3", "-5/3"),
    ],
)
def test_exact_is_the_shortest_decimal_or_a_fraction(value: str | int, written: str) -> None:
    assert exact(Fraction(value)) == written


@given(st.fractions(max_denominator=10_000))
def test_exact_loses_nothing_and_has_no_exponent(value: Fraction) -> None:
    written = exact(value)
    assert Fraction(written) == value
    assert set(written) <= set("-0123456789./")
    if "." in written:
        assert not written.endswith(("0", "."))
        assert Fraction(Decimal(written)) == value
    if "/" in written:
        assert Fraction(written).denominator == int(written.split("/")[1])


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0.00"),
        ("91.5", "91.50"),
        ("91.666", "91.67"),
        ("275/3", "91.67"),
        ("89.994", "89.99"),
        ("89.995", "90.00"),
        ("0.005", "0.01"),
        ("0.0049999", "0.00"),
        ("1.005", "1.01"),
        ("2.675", "2.68"),
        ("99.995", "100.00"),
        ("-0.005", "-0.01"),
        ("-0.001", "0.00"),
        ("-1.5", "-1.50"),
    ],
)
def test_shown_rounds_half_up_only_when_printed(value: str | int, written: str) -> None:
    assert shown(Fraction(value)) == written


@pytest.mark.parametrize(("places", "written"), [(0, "3"), (1, "2.5"), (3, "2.500")])
def test_fixed_has_as_many_places_as_asked(places: int, written: str) -> None:
    assert fixed(Fraction(5, 2), places) == written


@pytest.mark.parametrize(
    ("value", "enough"), [("91.5", True), ("91.67", True), ("91.675", False), ("275/3", False)]
)
def test_two_decimals_are_known_to_be_enough(value: str, enough: bool) -> None:
    assert is_shown_exactly(Fraction(value)) is enough


@pytest.mark.parametrize(
    ("value", "places", "half_up", "up", "down"),
    [
        ("2.5", 0, "3", "3", "2"),
        ("2.4", 0, "2", "3", "2"),
        ("-2.5", 0, "-3", "-2", "-3"),
        ("-0.6", 0, "-1", "0", "-1"),
        ("-0.4", 0, "0", "0", "-1"),
        ("0.4", 0, "0", "1", "0"),
        ("7", 0, "7", "7", "7"),
        ("1.25", 1, "1.3", "1.3", "1.2"),
        ("1/3", 2, "0.33", "0.34", "0.33"),
        ("-1/3", 2, "-0.33", "-0.33", "-0.34"),
    ],
)
def test_an_amount_is_rounded_as_a_rulebook_says(
    value: str, places: int, half_up: str, up: str, down: str
) -> None:
    def by(mode: Literal["half_up", "up", "down"]) -> Fraction:
        return rounded(Fraction(value), Rounding(mode, places))

    found = by("half_up"), by("up"), by("down")
    assert found == (Fraction(half_up), Fraction(up), Fraction(down))


@given(SCORES)
def test_shown_is_within_half_a_cent(value: Fraction) -> None:
    assert -Fraction(1, 200) < Fraction(shown(value)) - value <= Fraction(1, 200)


@pytest.mark.parametrize("printed", PRINTED)
@given(pair=CLOSE)
def test_two_unequal_scores_never_print_alike(
    printed: Callable[[Fraction], str], pair: tuple[Fraction, Fraction]
) -> None:
    one, other = pair[0], pair[0] + pair[1]
    assert (printed(one) == printed(other)) == (one == other)


@pytest.mark.parametrize("printed", PRINTED)
@pytest.mark.parametrize(
    ("one", "other"),
    [("275/3", "91.67"), ("91.666", "275/3"), ("89.995", "90"), ("91.671", "91.669")],
)
def test_scores_that_round_alike_differ_in_print(
    printed: Callable[[Fraction], str], one: str, other: str
) -> None:
    assert shown(Fraction(one)) == shown(Fraction(other))
    assert printed(Fraction(one)) != printed(Fraction(other))
