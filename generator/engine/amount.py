"""Exact amounts as text. Owns rounding, which happens here and for display only."""

from fractions import Fraction
from functools import cache


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


def shown(amount: Fraction) -> str:
    """A score as printed: two decimals, half up."""
    return fixed(amount, 2)


def is_shown_exactly(amount: Fraction) -> bool:
    """Whether two decimals say it all; where not, the exact value stands beside the printed one."""
    return 100 % amount.denominator == 0
