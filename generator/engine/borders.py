"""The lines of a ranking looked at closely: who stands nearest on either side, by how much.

Owns the gaps and the smallest recorded thing that keeps a unit on its side. Whom a line takes
is `lines`'s. Must not print.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from generator.engine.above import Line
from generator.engine.book import Rulebook
from generator.engine.effects import Effects, Ladder, Without
from generator.engine.lines import Field, at_line, drawn, places_of
from generator.engine.result import Standing

Side: TypeAlias = Literal["inside", "across", "outside"]


@dataclass(frozen=True, slots=True)
class Edge:
    """Those nearest to a line on one side of it, with one score; `gap` is how far from it.

    From who is tied across it, else what they could lose before they are taken out, or must win
    to come in.
    """

    units: tuple[str, ...]
    score: Fraction
    gap: Fraction | None


@dataclass(frozen=True, slots=True)
class Crossing:
    """The smallest thing without which a unit would stand on another side of a line."""

    unit: str
    without: Without
    side: Side


@dataclass(frozen=True, slots=True)
class Border:
    """A line among those ranked together: its places, whom it takes, who stands on it."""

    line: Line
    group: str | None
    places: tuple[int, int] | None
    listed: tuple[str, ...]
    across: tuple[str, ...]
    decided: bool
    inside: Edge | None
    outside: Edge | None
    crossing: Crossing | None


def borders(effects: Effects) -> Iterator[Border]:
    """Every line, among all who are ranked together and it is about."""
    inputs = effects.result.inputs
    decided = {decision.line: decision.listed for decision in inputs.assessment.decisions}
    standings = {one.township.id: one for one in effects.result.standings}
    for line in inputs.rulebook.lines:
        for field in effects.fields:
            mine = field.of(line)
            if mine.scores:
                found = _At(line, inputs.rulebook, mine)
                listed, _ = drawn(line, inputs.rulebook, field, decided)
                _, across = at_line(line, inputs.rulebook, field)
                group = standings[next(iter(mine.scores))].group if effects.apart else None
                crossing = found.crossing(effects, standings)
                yield Border(
                    line,
                    group,
                    (min(found.places), max(found.places)) if line.end and found.places else None,
                    listed,
                    across,
                    line.id in decided,
                    *found.edges(across),
                    crossing,
                )


class _At:
    """A line among those it is about."""

    def __init__(self, line: Line, book: Rulebook, field: Field) -> None:
        self._line, self._field = line, field
        self._ladder = Ladder(field.keys)
        self.places = places_of(line, book, len(field.scores))
        sizes = Counter(field.keys.values())
        self._ranks = {name: self._ladder.place(name, key)[0] for name, key in field.keys.items()}
        self._eligible = [n for n in field.scores if line.id not in field.barred.get(n, ())]
        self._sides = {
            name: self._side(field.scores[name], self._ranks[name], sizes[field.keys[name]])
            for name in self._eligible
        }

    def _side(self, score: Fraction, rank: int, size: int) -> Side:
        if not self._line.bounds.hold(score):
            return "outside"
        within = sum(place in self.places for place in range(rank, rank + size))
        return "inside" if within == size else "across" if within else "outside"

    # --- who stands nearest -----------------------------------------------------------

    def edges(self, across: tuple[str, ...]) -> tuple[Edge | None, Edge | None]:
        """The nearest ones inside and outside."""
        bounds = self._line.bounds
        up = self._line.end == "first" or (
            self._line.end is None and bool(bounds.at_least or bounds.above)
        )
        inside = self._nearest("inside", max if up else min)
        outside = self._nearest("outside", min if up else max)
        scores = self._field.scores
        gaps: tuple[Fraction | None, Fraction | None]
        if across:
            here = scores[across[0]]
            gaps = tuple(abs(scores[s[0]] - here) if s else None for s in (inside, outside))  # type: ignore[assignment]
        else:
            gaps = self._to_fall(inside, outside), self._to_rise(inside, outside)
        return _edge(inside, scores, gaps[0]), _edge(outside, scores, gaps[1])

    def _nearest(self, side: Side, end: Callable[[Iterable[int]], int]) -> tuple[str, ...]:
        mine = [name for name, where in self._sides.items() if where == side]
        if not mine:
            return ()
        rank = end([self._ranks[name] for name in mine])
        return tuple(sorted(name for name in mine if self._ranks[name] == rank))

    def _to_fall(self, inside: tuple[str, ...], outside: tuple[str, ...]) -> Fraction | None:
        """How far those inside are from falling out, by a bound or behind the next."""
        if not inside:
            return None
        score = self._field.scores[inside[0]]
        gaps = [abs(score - bound) for bound in self._bounds()]
        if outside and self._ranks[outside[0]] not in self.places:
            gaps.append(abs(score - self._field.scores[outside[0]]))
        return min(gaps, default=None)

    def _to_rise(self, inside: tuple[str, ...], outside: tuple[str, ...]) -> Fraction | None:
        """How far those outside are from coming in: within the bounds, and level with the next."""
        if not outside:
            return None
        score, bounds = self._field.scores[outside[0]], self._line.bounds
        gaps = [] if bounds.hold(score) else [abs(score - bound) for bound in self._bounds()]
        if inside and self._ranks[outside[0]] not in self.places:
            gaps.append(abs(score - self._field.scores[inside[0]]))
        return max(gaps, default=None)

    def _bounds(self) -> Iterator[Fraction]:
        bounds = self._line.bounds
        for figure in (bounds.at_least, bounds.above, bounds.at_most, bounds.below):
            if figure is not None:
                yield figure.value

    # --- what would move somebody -----------------------------------------------------

    def crossing(self, effects: Effects, standings: Mapping[str, Standing]) -> Crossing | None:
        """What is smallest by the points it made; of equal ones the first by rank."""
        found: Crossing | None = None
        least: Fraction | None = None
        for name in sorted(self._eligible, key=lambda name: (self._ranks[name], name)):
            for one in effects.of(standings[name]):
                size = abs(one.score - self._field.scores[name])
                if one.key is None or not size or (least is not None and size >= least):
                    continue
                rank, same = self._ladder.place(name, one.key)
                side = self._side(one.score, rank, same + 1)
                if side != self._sides[name]:
                    found, least = Crossing(name, one, side), size
        return found


def _edge(
    units: tuple[str, ...], scores: Mapping[str, Fraction], gap: Fraction | None
) -> Edge | None:
    return Edge(units, scores[units[0]], gap) if units else None
