"""Lines and what they lead to: who stands inside one, who is tied across it.

Places as in sports (1, 2, 2, 4). A tie across a line is undecided until somebody decides. Must
not score or print.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from generator.engine.above import Line
from generator.engine.amount import rounded
from generator.engine.book import Rulebook
from generator.engine.measures import Rounding
from generator.engine.model import YearInputs


@dataclass(frozen=True, slots=True)
class Field:
    """Those who are ranked together: scores, what decides places, groups, who is not eligible.

    `barred` names the lines at which a unit is not eligible.
    """

    scores: Mapping[str, Fraction]
    keys: Mapping[str, Any]
    groups: Mapping[str, str | None] = field(default_factory=dict)
    barred: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, line: Line) -> "Field":
        """Those of the groups that a line is about."""
        if not line.groups:
            return self
        names = [name for name in self.scores if self.groups.get(name) in line.groups]
        return Field(
            {name: self.scores[name] for name in names},
            {name: self.keys[name] for name in names},
            self.groups,
            self.barred,
        )


def plain_field(scores: Mapping[str, Fraction]) -> Field:
    """A field in which the score alone decides."""
    return Field(scores, scores)


def ranks(keys: Mapping[str, Any]) -> dict[str, int]:
    """The highest first: one more than how many stand above (1, 2, 2, 4)."""
    first = dict.fromkeys(keys.values(), 0)
    for place, key in enumerate(sorted(keys.values(), reverse=True), start=1):
        first[key] = first[key] or place
    return {name: first[key] for name, key in keys.items()}


def outcomes(
    inputs: YearInputs, fields: Iterable[Field], more: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """What follows for each ranked township, in the rulebook's order; `more` follows anyway."""
    rulebook, ranking = inputs.rulebook, inputs.ranking
    given = {name: set(those) for name, those in more.items()}
    decided = {decision.line: decision.listed for decision in inputs.assessment.decisions}
    for one in fields:
        for line in rulebook.lines:
            listed, waiting = drawn(line, rulebook, one, decided)
            for name in listed:
                given[name].update(line.outcomes)
            for name in waiting:
                given[name].add(line.undecided or "")
    if ranking and (outside := rulebook.outside_ranking):
        bound = ranking.of - outside.last.value
        for name in given.keys() & {n for n, rank in ranking.ranks.items() if rank > bound}:
            given[name].add(outside.outcome)
    order = list(rulebook.outcomes)
    return {name: tuple(sorted(those, key=order.index)) for name, those in given.items()}


def drawn(
    line: Line, rulebook: Rulebook, everybody: Field, decided: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is listed and who waits for a decision; who is listed where it yields is neither."""
    listed, waiting = at_line(line, rulebook, everybody)
    if line.id in decided:
        listed, waiting = listed + tuple(t for t in waiting if t in decided[line.id]), ()
    if other := _yields_to(line, rulebook, len(everybody.of(line).scores)):
        taken = drawn(other, rulebook, everybody, decided)[0]
        listed = tuple(name for name in listed if name not in taken)
        waiting = tuple(name for name in waiting if name not in taken)
    return listed, waiting


def at_line(
    line: Line, rulebook: Rulebook, everybody: Field
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who stands wholly inside the line's places, and who is tied across it; both by id.

    A tied group fills as many places as it has members. Outside the bounds nobody is either,
    nor who is not eligible.
    """
    mine = everybody.of(line)
    places = places_of(line, rulebook, len(mine.scores))
    ranked, sizes = ranks(mine.keys), Counter(mine.keys.values())
    inside, across = [], []
    for name, score in sorted(mine.scores.items()):
        if not line.bounds.hold(score) or line.id in mine.barred.get(name, ()):
            continue
        filled = range(ranked[name], ranked[name] + sizes[mine.keys[name]])
        within = sum(place in places for place in filled)
        if within == len(filled):
            inside.append(name)
        elif within:
            across.append(name)
    return tuple(inside), tuple(across)


def places_of(line: Line, rulebook: Rulebook, ranked: int) -> frozenset[int]:
    """The places inside the line among so many ranked."""
    width = width_of(line, ranked)
    places = range(ranked - width + 1, ranked + 1) if line.end == "last" else range(1, width + 1)
    other = _yields_to(line, rulebook, ranked)
    return frozenset(places) - (places_of(other, rulebook, ranked) if other else frozenset())


def width_of(line: Line, ranked: int) -> int:
    """How many places the line has among so many ranked: all of them where it names none."""
    if line.places is not None:
        return min(int(line.places.value), ranked)
    if line.percent is not None:
        share = line.percent.value * ranked / 100
        return int(rounded(share, line.rounding or Rounding("down")))
    return ranked


def _yields_to(line: Line, rulebook: Rulebook, ranked: int) -> Line | None:
    """The line whose places do not count for this one among so few ranked."""
    if line.yields_below is None or ranked >= line.yields_below.value:
        return None
    return next((other for other in rulebook.lines if other.id == line.yields_to), None)
