"""From a rulebook's words to what rules measure: figures, conditions, quantities, tests.

Owns the meaning of the keys that may stand anywhere in `rulebook.yaml`. Must not know any
kind of rule.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from generator.engine.measures import (
    Basis,
    BeforeQuantity,
    Bounds,
    Condition,
    CountQuantity,
    DifferenceQuantity,
    FactQuantity,
    Figure,
    FigureQuantity,
    IncreaseQuantity,
    PeerQuantity,
    PercentQuantity,
    Quantity,
    Rounding,
    Selection,
    ShareQuantity,
    SumQuantity,
    Test,
    TotalQuantity,
)
from generator.engine.problem import Path, Text

Value = Mapping[str, Any]
"""A group of keys of a well-shaped rulebook."""

BOUNDS = ("at_least", "above", "at_most", "below")
"""The keys of bounds, from the lower ones to the upper ones."""


def path(dotted: str) -> Path:
    """A path as rulebooks write it: keys joined by dots."""
    return tuple(dotted.split("."))


def text(value: Mapping[str, str]) -> Text:
    """A word of the rulebook in both languages."""
    return Text(value["zh"], value["en"])


def figure(value: Value) -> Figure:
    """A number with its ground."""
    return Figure(
        Fraction(value["value"]), Basis(value["basis"]), value["reference"], value.get("reading")
    )


def maybe(value: Value, key: str) -> Figure | None:
    """The number under a key that may be missing."""
    return figure(value[key]) if key in value else None


def figures(value: Value) -> dict[str, Figure]:
    """A table of numbers, by group or by the value of a fact."""
    return {key: figure(inner) for key, inner in value.items()}


# --- conditions -----------------------------------------------------------------------


def conditions(value: Value) -> tuple[Condition, ...]:
    """What `where` asks of a record."""
    return tuple(_condition(path(field), wanted) for field, wanted in value.items())


def _condition(field: Path, wanted: object) -> Condition:
    if not isinstance(wanted, Mapping):
        return Condition(field, _values(wanted))
    if "present" in wanted:
        return Condition(field, present=wanted["present"])
    return Condition(field, bounds=bounds(wanted))


def _values(wanted: object) -> tuple[object, ...]:
    return tuple(wanted) if isinstance(wanted, list) else (wanted,)


def selection(value: Value, key: str = "records") -> Selection:
    """The records under a key that meet the `where` beside it."""
    return Selection(path(value[key]), conditions(value.get("where", {})))


def bounds(value: Value) -> Bounds:
    """The bounds among the keys of a group, if there are any."""
    return Bounds(*(maybe(value, key) for key in BOUNDS))


def tests(value: Sequence[Value]) -> tuple[Test, ...]:
    """Questions about one unit, all of which must be answered with yes."""
    return tuple(map(_test, value))


def _test(value: Value) -> Test:
    if "is" in value:
        return Test(fact=path(value["fact"]), values=_values(value["is"]))
    return Test(quantity(value), bounds(value))


# --- quantities -----------------------------------------------------------------------


def quantity(value: Value) -> Quantity:
    """The quantity that the first known key among those of a group begins."""
    return QUANTITIES[quantity_key(value)](value)


def quantity_key(value: Value) -> str:
    """Which quantity a group of keys is, by the key that only this one has."""
    return next(key for key in QUANTITIES if key in value)


def rounding(value: Value) -> Rounding | None:
    """How to round, where a group says it under `round`."""
    how = value.get("round")
    if how is None or isinstance(how, Mapping):
        return Rounding(how["mode"], how["places"]) if how else None
    return Rounding(how)


def _several(value: Sequence[Value]) -> tuple[Quantity, ...]:
    return tuple(map(quantity, value))


QUANTITIES: Mapping[str, Callable[[Value], Quantity]] = {
    "fact": lambda v: FactQuantity(path(v["fact"])),
    "count": lambda v: CountQuantity(selection(v, "count")),
    "sum": lambda v: SumQuantity(selection(v, "sum"), path(v["field"])),
    "increase": lambda v: IncreaseQuantity(
        selection(v, "increase"),
        path(v["on"]),
        v["every"],
        path(v["field"]) if "field" in v else None,
    ),
    "figure": lambda v: FigureQuantity(figure(v["figure"])),
    "percent": lambda v: PercentQuantity(figure(v["percent"]), quantity(v["of"]), rounding(v)),
    "share": lambda v: ShareQuantity(quantity(v["share"]), quantity(v["of"]), rounding(v)),
    "total": lambda v: TotalQuantity(_several(v["total"])),
    "difference": lambda v: DifferenceQuantity(*_several(v["difference"])),
    "before": lambda v: BeforeQuantity(quantity(v["before"])),
    "year_before": lambda v: BeforeQuantity(quantity(v["year_before"]), year=True),
    "best": lambda v: PeerQuantity(quantity(v["best"]), "best", v["better"]),
    "mean": lambda v: PeerQuantity(quantity(v["mean"]), "mean", "higher"),
    "rank": lambda v: PeerQuantity(quantity(v["rank"]), "rank", v["better"]),
}
"""The quantities by the key that tells each of them; a test holds them equal to the schema's."""
