"""The numbers of GB/T 9704-2012 (党政机关公文格式): paper, margins, type, fonts.

Owns every measure of an official paper, with where the standard says it. Lengths in twentieths
of a point (twips), type in half-points, as Word counts. Must not know a file format's marks.
"""

from fractions import Fraction
from math import floor


def twips(millimetres: int) -> int:
    """Millimetres as Word counts them."""
    return int(Fraction(millimetres) * 1440 * 10 / 254 + Fraction(1, 2))


# 5.1, 5.2.1: A4; above the text 37 mm, left of it 28 mm; the text 156 mm by 225 mm
PAGE_WIDTH, PAGE_HEIGHT = twips(210), twips(297)
TOP, LEFT = twips(37), twips(28)
TEXT_WIDTH, TEXT_HEIGHT = twips(156), twips(225)
RIGHT, BOTTOM = PAGE_WIDTH - LEFT - TEXT_WIDTH, PAGE_HEIGHT - TOP - TEXT_HEIGHT

# 5.2.3: 22 lines of 28 characters
LINES, CHARACTERS = 22, 28
LINE = TEXT_HEIGHT // LINES
PITCH = Fraction(TEXT_WIDTH, CHARACTERS * 20)
"""What a character takes of a line, in points."""

# Sizes by the names that Chinese printing has for them, in half-points
SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4, SIZE_5, SIZE_SMALL_5 = 44, 32, 28, 24, 21, 18

TITLE_FONT = "方正小标宋简体"
TEXT_FONT = "仿宋_GB2312"
HEADING_FONT = "黑体"
SUBHEADING_FONT = "楷体_GB2312"
PAGE_FONT = "宋体"
LATIN_FONT = "Times New Roman"

RED = "FF0000"

CHARACTER_SPACING = floor((PITCH - SIZE_3 // 2) * 20)
"""Between characters of 16 points, in twips, so that 28 fill a line. A grid of characters would
say the same to Word; LibreOffice gives a character that is wider than its cell two of them."""

# 7.2.4: the mark's upper edge 35 mm below that of the text; on one line, as large as fits
MARK_BELOW = twips(35)
MARK_LARGEST, MARK_SMALLEST = 124, 44

# 7.2.7: the red line 4 mm below the number
RULE_BELOW = 11

# 7.5: page numbers, the dashes' upper edge 7 mm below the text; one character from the side
PAGE_NUMBER_FROM_BOTTOM = BOTTOM - twips(7) - SIZE_4 * 10
HEAD_FROM_TOP = twips(20)

# 7.3.5.1: with a seal, the date stands four characters from the right
DATE_FROM_RIGHT = 4

# 7.4.1: first and last line of the imprint 0.35 mm, those between 0.25 mm, in eighths of a point
THICK, THIN = 8, 6


def mark_size(text: str) -> int:
    """How large the issuer's mark can be on one line, in half-points."""
    fitting = TEXT_WIDTH // 10 // (max(len(text), 1) + 1)  # some air at both ends
    return max(min(fitting, MARK_LARGEST), MARK_SMALLEST)


def wide(text: str) -> Fraction:
    """How many full characters a text takes; Latin letters and digits are half as wide."""
    return sum((Fraction(1, 2) if sign.isascii() else Fraction(1) for sign in text), Fraction())


def closing(issuer: str, date: str) -> tuple[Fraction, Fraction]:
    """How far issuer and date stand from the right, in characters, each centred on the other."""
    long, short = wide(issuer), wide(date)
    beside = max(Fraction(DATE_FROM_RIGHT), Fraction(2) + (long - short) / 2)
    return beside + (short - long) / 2, beside
