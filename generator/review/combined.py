"""Combinations of readings: how many there are, and which of them are looked at.

Owns which alternatives can be meant together, and the sample that is drawn where there are too
many: always the same one. Must not judge.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from math import prod

from generator.data.switches import Option

Chosen = tuple[Option, ...]
"""Alternatives meant together, one a reading at most; empty is the rulebook as it stands."""

Clash = Callable[[Option, Option], bool]


@dataclass(frozen=True, slots=True)
class Picked:
    """Some or all of `total` combinations, the rulebook as it stands first."""

    total: int
    chosen: tuple[Chosen, ...]

    @property
    def complete(self) -> bool:
        """Whether these are all."""
        return len(self.chosen) == self.total


def picked(options: Sequence[Option], clash: Clash, most: int, sampled: int, seed: str) -> Picked:
    """All combinations if there are no more than `most`, else `sampled` of them.

    The sample holds every alternative alone; the others follow from `seed` and nothing else.
    """
    ways = _ways(options)
    apart = _apart(options, clash)
    total = _total(ways, apart)
    if total <= most:
        every = (_of(which, ways) for which in product(*(range(len(way)) for way in ways)))
        return Picked(total, tuple(one for one in every if _fits(one, apart)))
    found = dict.fromkeys([(), *((option,) for option in options)])
    drawn = _drawn(ways, seed)
    while len(found) < sampled:
        one = next(drawn)
        if _fits(one, apart):
            found[one] = None
    return Picked(total, tuple(found)[: max(sampled, 1)])


def _ways(options: Sequence[Option]) -> list[tuple[Option | None, ...]]:
    """By reading, what can be chosen: what stands there (None), or an alternative."""
    found: dict[str, list[Option | None]] = {}
    for option in options:
        found.setdefault(option.reading, [None]).append(option)
    return [tuple(way) for way in found.values()]


def _of(which: Sequence[int], ways: Sequence[tuple[Option | None, ...]]) -> Chosen:
    found = (way[number] for number, way in zip(which, ways, strict=True))
    return tuple(one for one in found if one is not None)


Apart = frozenset[frozenset[str]]
"""Pairs of alternatives, by name, that cannot be meant together."""


def _apart(options: Sequence[Option], clash: Clash) -> Apart:
    pairs = ((a, b) for n, a in enumerate(options) for b in options[n + 1 :])
    return frozenset(
        frozenset((a.name, b.name)) for a, b in pairs if a.reading != b.reading and clash(a, b)
    )


def _fits(chosen: Chosen, apart: Apart) -> bool:
    if not apart:
        return True
    names = {option.name for option in chosen}
    return not any(pair <= names for pair in apart)


def _total(ways: Sequence[tuple[Option | None, ...]], apart: Apart) -> int:
    """How many combinations there are; only readings with a clash need to be tried."""
    tight = {name for pair in apart for name in pair}
    among = [way for way in ways if any(one and one.name in tight for one in way)]
    free = prod(len(way) for way in ways if way not in among)
    tried = (_of(which, among) for which in product(*(range(len(way)) for way in among)))
    return free * sum(_fits(one, apart) for one in tried)


def _drawn(ways: Sequence[tuple[Option | None, ...]], seed: str) -> Iterator[Chosen]:
    """Combinations drawn one after the other, each reading by itself, without end."""
    number = 0
    while True:
        digest = sha256(f"{seed} {number}".encode()).digest()
        left = int.from_bytes(digest, "big")
        which = []
        for way in ways:
            left, one = divmod(left, len(way))
            which.append(one)
        yield _of(which, ways)
        number += 1
