"""Bounds with and without their ends, and records chosen by them."""

from decimal import Decimal
from typing import Any

import pytest

from generator.engine.measures import Bounds, Condition, Selection
from generator.engine.quantities import CountQuantity
from generator.engine.records import meets, number
from tests.builders import EVENTS, event, figure, reading, view


@pytest.mark.parametrize(
    ("bounds", "inside"),
    [
        ({}, [4, 5, 6, 7, 8]),
        ({"at_least": 5}, [5, 6, 7, 8]),
        ({"above": 5}, [6, 7, 8]),
        ({"at_most": 7}, [4, 5, 6, 7]),
        ({"below": 7}, [4, 5, 6]),
        ({"at_least": 5, "below": 7}, [5, 6]),
        ({"above": 5, "at_most": 7}, [6, 7]),
        ({"at_least": 6, "at_most": 6}, [6]),
        ({"above": 6, "below": 6}, []),
    ],
)
def test_bounds_include_their_ends_or_not(bounds: dict[str, int], inside: list[int]) -> None:
    asked: dict[str, Any] = {name: figure(value) for name, value in bounds.items()}
    assert [value for value in (4, 5, 6, 7, 8) if Bounds(**asked).hold(value)] == inside


def test_records_are_chosen_by_a_number_and_who_has_none_is_in_no_bounds() -> None:
    many = Condition(("people",), bounds=Bounds(at_least=reading(5), below=figure(30)))
    reported = [
        event("E-1", people=5),
        event("E-2", people=4),
        event("E-3", people=Decimal("29.5")),
        event("E-4", people=30),
        event("E-5"),
    ]
    seen = view({"events": reported})
    chosen = seen.select(Selection(EVENTS, (many,)))
    assert [record.id for record in chosen] == ["E-1", "E-3"]
    assert not meets(chosen[0], (many, Condition(("level",), ("low",))))
    found = CountQuantity(Selection(EVENTS, (many,))).measure(seen)
    assert found.figures == (reading(5), figure(30))


def test_only_numbers_are_numbers() -> None:
    found = [number(value) for value in (3, Decimal("0.5"), "3", None, [3])]
    assert found == [3, Decimal("0.5"), None, None, None]
