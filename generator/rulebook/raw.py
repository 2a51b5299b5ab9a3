"""What checks of a rulebook as it is written still ask of raw values."""

from collections.abc import Mapping, Sequence
from typing import Any

from generator.engine.facts import PARTS
from generator.engine.measures import Condition, FactTest
from generator.engine.problem import Path
from generator.engine.quantities import QUANTITIES
from generator.shape.form import Form

Value = Mapping[str, Any]
BOUNDS = ("at_least", "above", "at_most", "below")


def path(dotted: str) -> Path:
    """A path as rulebooks write it: keys joined by dots."""
    return tuple(dotted.split("."))


def conditions(value: Value) -> tuple[Condition, ...]:
    """What `where` asks of a record."""
    return tuple(_condition(path(field), wanted) for field, wanted in value.items())


def _condition(field: Path, wanted: object) -> Condition:
    if not isinstance(wanted, Mapping):
        return Condition(field, _values(wanted))
    return Condition(field, present=wanted.get("present"))


def _values(wanted: object) -> tuple[object, ...]:
    return tuple(wanted) if isinstance(wanted, list) else (wanted,)


def tests(value: Sequence[Value]) -> tuple[FactTest, ...]:
    """Questions about facts with values."""
    return tuple(
        FactTest(path(test["fact"]), _values(test["is"])) for test in value if "is" in test
    )


def quantity_key(value: Value) -> str:
    """Which quantity a group of keys is, by the key that only this one has."""
    return next(key for key in QUANTITIES if key in value)


def inside(form: Form, period: str) -> Form:
    """The form as rules of a section that is judged in every period see it."""
    return form.below_group((PARTS, period))
