"""What a file says is read by the types of the fields that it fills, and keeps its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from generator.shape.typed import KeyNames, TypeReader


@dataclass(frozen=True)
class Span:
    first: Fraction
    last: Fraction | None = None


@dataclass(frozen=True)
class Whole:
    path: tuple[str, ...]
    spans: tuple[Span, ...]
    named: Mapping[str, Span]
    side: Literal["over", "under"]
    award: bool
    note: str
    inner: Span | None


NAMES = KeyNames({"Whole.spans": "in.spans", "award": "effect", "Whole.inner": ""}, {}, {})


def test_fields_are_filled_by_their_types_and_know_their_keys() -> None:
    value = {
        "path": "a.b",
        "in": {"spans": [{"first": 1}, 2]},
        "named": [{"id": "x", "first": 3, "last": 4}],
        "effect": "award",
    }
    typed = TypeReader(NAMES).read(Whole, value)
    one, two, three = Span(Fraction(1)), Span(Fraction(2)), Span(Fraction(3), Fraction(4))
    assert typed.value == Whole(
        ("a", "b"), (one, two), {"x": three}, "over", award=True, note="", inner=None
    )
    assert list(typed.all(Span)) == [one, two, three]
    assert typed.keys(typed.value.spans[1]) == ("in", "spans", 1)
    assert typed.keys(typed.value.named["x"], "last") == ("named", 0, "last")
    assert typed.wrote(typed.value, "award")
    assert not typed.wrote(typed.value, "side")


def test_what_is_left_out_or_stands_alone() -> None:
    typed = TypeReader(NAMES).read(Whole, {"named": {"first": 1}, "effect": "deduct", "first": 5})
    assert typed.value.named == {"": Span(Fraction(1))}
    assert typed.value.inner == Span(Fraction(5))
    assert (typed.value.path, typed.value.spans, typed.value.award) == ((), (), False)
