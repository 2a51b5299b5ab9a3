"""Numbers that rules compare: their value, their working, and what they rest on."""

from fractions import Fraction

import pytest

from generator.engine.measures import (
    CountQuantity,
    FactQuantity,
    FigureQuantity,
    PercentQuantity,
    Rounding,
)
from generator.engine.problem import Message
from generator.engine.quantities import measure
from tests.builders import event, events, figure, reading, view


def test_a_fact_and_a_figure_stand_for_themselves() -> None:
    seen = view({"group": {"count": 7}})
    fact = measure(FactQuantity(("group", "count")), seen)
    assert (fact.value, fact.working, fact.figures) == (Fraction(7), 7, ())
    assert [place.address for place in fact.sources] == ["group.count"]
    two = figure(2)
    plain = measure(FigureQuantity(two), seen)
    assert (plain.value, plain.working) == (Fraction(2), 2)
    assert (plain.figures, plain.sources) == ((two,), ())


def test_a_count_is_of_the_selected_records() -> None:
    seen = view({"events": [event("E-1"), event("E-2", level="low"), event("E-3")]})
    found = measure(CountQuantity(events(level="high")), seen)
    assert (found.value, found.working, found.figures) == (Fraction(2), 2, ())
    assert [place.address for place in found.sources] == ["events"]
    share = measure(PercentQuantity(reading(50), CountQuantity(events()), Rounding("down")), seen)
    assert (share.value, share.figures) == (Fraction(1), (reading(50),))
    assert share.sources == found.sources


@pytest.mark.parametrize(
    ("of", "up", "down"), [(0, 0, 0), (1, 1, 0), (2, 1, 0), (3, 2, 1), (5, 2, 2), (6, 3, 2)]
)
def test_a_share_is_made_whole_upwards_or_downwards(of: int, up: int, down: int) -> None:
    for rounding, value in ((Rounding("up"), up), (Rounding("down"), down)):
        quantity = PercentQuantity(figure(40), FactQuantity(("all",)), rounding)
        found = measure(quantity, view({"all": of}))
        assert found.value == value
        assert isinstance(found.working, Message)
        assert found.working.args == {"percent": 40, "of": of, "value": value}


def test_a_share_with_decimals_is_exact() -> None:
    quantity = PercentQuantity(figure("0.1"), FactQuantity(("all",)), Rounding("up"))
    assert measure(quantity, view({"all": 1000})).value == 1
    assert measure(quantity, view({"all": 1001})).value == 2
