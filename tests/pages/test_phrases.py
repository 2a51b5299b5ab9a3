"""Quantities in words: each by the sentence of its type, one that nobody knows here by its own."""

from dataclasses import dataclass
from typing import ClassVar, get_args

import pytest

from generator.engine.measures import FactQuantity, FigureQuantity, Quantity, ShareQuantity
from generator.engine.problem import Message
from generator.pages.phrases import _QUANTITIES, Phrases, is_quantity
from generator.pages.wording import Words
from generator.words.messages import catalogue
from tests import small_city

PHRASES = Phrases(Words(catalogue("en")), small_city.rulebook(), None)
STAFF = FactQuantity(("staff",))


@dataclass(frozen=True)
class MedianQuantity:
    """One of a type that the pages have never heard of."""

    said: ClassVar[Message] = Message("median {of}")
    of: Quantity


def test_a_new_quantity_says_itself_what_it_is() -> None:
    half = ShareQuantity(STAFF, FigureQuantity(small_city.figure("2")))
    assert PHRASES.quantity(MedianQuantity(STAFF)) == "median staff"
    assert PHRASES.quantity(MedianQuantity(half)) == "median share of staff in 2"
    assert [PHRASES.percent(MedianQuantity(of)) for of in (STAFF, half)] == [False, True]
    assert is_quantity(MedianQuantity(STAFF))


@pytest.mark.parametrize("kind", get_args(Quantity), ids=lambda kind: kind.__name__)
def test_every_quantity_is_told(kind: type) -> None:
    assert any(key[0] is kind for key in _QUANTITIES) or hasattr(kind, "said")
