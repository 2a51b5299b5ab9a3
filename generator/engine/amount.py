"""Exact amounts as text, and rounding: for display, and where a rulebook says so."""

from fractions import Fraction
from functools import cache
from math import ceil, floor

from generator.engine.measures import Rounding


def exact(amount: Fraction) -> str:
    """The shortest decimal without exponent, or "p/q" in lowest terms where none is exact."""
    return _exact(*amount.as_integer_ratio())


@cache
def _exact(numerator: int, denominator: int) -> str:
    """Remembered by two whole numbers: a fraction itself is slow to look up."""
    rest, twos, fives = denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{numerator}/{denominator}"
    return fixed(Fraction(numerator, denominator), max(twos, fives))


def fixed(amount: Fraction, places: int) -> str:
    """A decimal with that many places, rounded half up (away from zero)."""
    numerator, denominator = amount.as_integer_ratio()
    scaled = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    sign = "-" if numerator < 0 and scaled else ""
    whole, part = divmod(scaled, 10**places)
    return f"{sign}{whole}.{part:0{places}}" if places else f"{sign}{whole}"


def rounded(amount: Fraction, rounding: Rounding) -> Fraction:
    """The amount as a rulebook rounds it: upwards, downwards, or half up (away from zero)."""
    scale = 10**rounding.places
    if rounding.mode == "half_up":
        nearest = floor(abs(amount) * scale + Fraction(1, 2))
        return Fraction(nearest if amount >= 0 else -nearest, scale)
    whole = ceil(amount * scale) if rounding.mode == "up" else floor(amount * scale)
    return Fraction(whole, scale)


def shown(amount: Fraction) -> str:
    """A score as printed: two decimals, half up."""
    return fixed(amount, 2)


def is_shown_exactly(amount: Fraction) -> bool:
    """Whether two decimals say it all; where not, the exact value stands beside the printed one."""
    return 100 % amount.denominator == 0
