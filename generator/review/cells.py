"""A rulebook clause by clause, each with the readings that bear on it.

Owns when clauses can be judged one by one and added up, and what a clause has to be judged with:
the time limits and exclusions that its rules look at. Must not judge.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.data.switches import Option, Switchboard
from generator.review.combined import Chosen

_LOCAL = ("sections", "deadlines", "exclusions", "lines", "outside_ranking", "outcomes")
_APART = (*_LOCAL, "counted_once")
"""What alternatives may change without clauses ceasing to add up."""

_NOT_JUDGED = ("lines", "outside_ranking", "readings", "restorations", "counted_once")
"""What a clause is judged without."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One clause of a rulebook, by the numbers of its section and of itself.

    `options` are the alternatives that bear on it.
    """

    board: Switchboard
    section: int
    clause: int
    options: frozenset[Option]

    def about(self, chosen: Chosen) -> Chosen:
        """Those of the chosen alternatives that bear on this clause."""
        return tuple(option for option in chosen if option in self.options)

    def value(self, chosen: Chosen) -> dict[str, Any]:
        """A rulebook of this clause alone, as written with these alternatives."""
        return alone(self.board.value(chosen), self.section, self.clause)


def cells(board: Switchboard, options: Sequence[Option]) -> list[Cell]:
    """Every clause, where a score is the sum of clauses under any alternatives; else none."""
    values = {option: board.value((option,)) for option in options}
    own = board.document.value
    if not all(_adds_up(value, own) for value in (own, *values.values())):
        return []
    found = []
    for section, inner in enumerate(own["sections"]):
        for clause in range(len(inner["clauses"])):
            mine = alone(own, section, clause)
            bearing = (o for o, value in values.items() if alone(value, section, clause) != mine)
            found.append(Cell(board, section, clause, frozenset(bearing)))
    return found


def _adds_up(value: Mapping[str, Any], own: Mapping[str, Any]) -> bool:
    """Whether the rulebook does no more than add up its clauses, the same ones as ever."""
    more = ("pools", "conversions", "vetoes", "tie_breakers", "rounding")
    if any(value.get(key) for key in more):
        return False
    if any(value.get(key) != own.get(key) for key in {*value, *own} - {*_APART}):
        return False
    scaled = ("mean", "section", "total")
    clauses = [clause for section in value["sections"] for clause in section["clauses"]]
    if any(clause.get("applies", {}).get("otherwise") in scaled for clause in clauses):
        return False
    return _outline(value) == _outline(own)


def _outline(value: Mapping[str, Any]) -> list[tuple[Any, list[Any]]]:
    return [(s["id"], [clause["id"] for clause in s["clauses"]]) for s in value["sections"]]


def alone(value: Mapping[str, Any], section: int, clause: int) -> dict[str, Any]:
    """A rulebook as written, with one clause and what that one looks at."""
    around = value["sections"][section]
    one = around["clauses"][clause]
    spoken = set(_spoken(one))
    found = {key: inner for key, inner in value.items() if key not in _NOT_JUDGED}
    found["sections"] = [{**around, "clauses": [one]}]
    found["deadlines"] = [d for d in value.get("deadlines", []) if d["id"] in spoken]
    left_out = value.get("exclusions")
    if left_out and left_out["records"] not in spoken:
        del found["exclusions"]
    return found


def _spoken(value: Any) -> Iterator[str]:
    """Every word of a clause that may name something: keys and values."""
    if isinstance(value, Mapping):
        yield from value
        for inner in value.values():
            yield from _spoken(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _spoken(inner)
    elif isinstance(value, str):
        yield value
