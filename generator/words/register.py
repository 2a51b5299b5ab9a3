"""What a rulebook leaves open, and how it is dealt with: the matters that touch a clause.

Owns which readings, assumed figures and undecidable matters belong to which clause. Must not
word them for a page, nor judge.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from generator.engine.book import Clause, Deadline, Reading, Rulebook, Undecidable
from generator.engine.measures import Basis, Figure


@dataclass(frozen=True, slots=True)
class Matters:
    """What is open about a clause; with any of it, its score could also be another."""

    readings: tuple[Reading, ...]
    assumed: tuple[Figure, ...]
    undecidable: tuple[Undecidable, ...]

    def __bool__(self) -> bool:
        return bool(self.readings or self.assumed or self.undecidable)


def matters(book: Rulebook, clause: Clause) -> Matters:
    """Everything open that touches the clause's score."""
    found = [*figures_of(clause), *figures_of(tuple(deadlines_of(book, clause)))]
    named = {figure.reading for figure in found}
    return Matters(
        tuple(r for r in book.readings if clause.id in r.clauses or r.id in named),
        tuple(dict.fromkeys(figure for figure in found if figure.basis is Basis.ASSUMED)),
        tuple(one for one in book.undecidable if clause.id in one.clauses),
    )


def figures_of(value: object) -> Iterator[Figure]:
    """Every figure inside a part of a rulebook, in the order of its fields."""
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from figures_of(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from figures_of(inner)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from figures_of(getattr(value, one.name))


def deadlines_of(book: Rulebook, part: object) -> list[Deadline]:
    """The time limits that the rules of a clause or pool ask about."""
    asked = set(_asked(part))
    return [deadline for deadline in book.deadlines if deadline.id in asked]


def _asked(value: object) -> Iterator[str]:
    """The names of every field and limit that something inside speaks of."""
    if isinstance(value, tuple):
        if len(value) == 1 and isinstance(value[0], str):
            yield value[0]
        for inner in value:
            yield from _asked(inner)
    elif is_dataclass(value) and not isinstance(value, type):
        yield getattr(value, "deadline", "")
        for one in fields(value):
            yield from _asked(getattr(value, one.name))
