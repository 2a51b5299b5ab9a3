"""Numbers, ranks and names as a Chinese paper writes them. Must not choose what is said."""

from collections.abc import Iterable
from fractions import Fraction

from generator.engine.amount import exact, is_shown_exactly, shown
from generator.engine.problem import Text
from generator.engine.result import Standing
from generator.papers.parts import one_line
from generator.words.messages import Catalogue, catalogue

CHINESE: Catalogue = catalogue("zh")
"""Papers are in Chinese: their form is that of a Chinese standard."""


def score(value: Fraction) -> str:
    """Two decimals, and the exact value where these do not say it all: 80.33（241/3）."""
    return shown(value) if is_shown_exactly(value) else f"{shown(value)}（{exact(value)}）"


def in_cell(value: Fraction) -> str:
    """The same for a cell of a table, the exact value on a line of its own."""
    if is_shown_exactly(value):
        return shown(value)
    beside = CHINESE._("that is {exact}", exact=exact(value))
    return f"{shown(value)}\n{beside}"


def points(value: Fraction, unit: Text) -> str:
    """An exact amount inside a sentence: 3.5分; 4.67分，准确值25/6."""
    if "/" not in exact(value):
        return f"{exact(value)}{one_line(unit.zh)}"
    printed = f"{shown(value)}{one_line(unit.zh)}"
    return CHINESE._("{amount}, exactly {exact}", amount=printed, exact=exact(value))


def in_unit(value: Fraction, unit: Text) -> str:
    """The same with what it counts: 80.33分（241/3）."""
    beside = "" if is_shown_exactly(value) else f"（{exact(value)}）"
    return f"{shown(value)}{one_line(unit.zh)}{beside}"


def rank(standing: Standing) -> str:
    """第3名, 并列第3名, 未报."""
    if standing.rank is None:
        return CHINESE._("Not submitted")
    if standing.tied:
        return CHINESE._("Tied at rank {rank}", rank=standing.rank)
    return CHINESE._("Rank {rank}", rank=standing.rank)


def name(text: Text) -> str:
    """A wording from data on one line."""
    return one_line(text.zh)


def listed(words: Iterable[str]) -> str:
    """Several as a list."""
    return CHINESE.listed(words)


def date(day: str) -> str:
    """2025-05-02 as papers write it; a blank to fill in by hand where there is none."""
    if not day:
        return "　　年　月　日"
    year, month, number = day.split("-")
    return f"{year}年{int(month)}月{int(number)}日"
