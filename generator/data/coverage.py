"""What the worked examples of a rulebook try: which rules ask something, which numbers are used.

Pure values from scorecards; a rule that no example makes ask, or none keeps silent, is not
tried. Must not read, judge or print.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from generator.data.examples import subjects
from generator.engine.book import Rulebook
from generator.engine.kinds import Point, Rule
from generator.engine.measures import Figure
from generator.engine.result import Deduction, Scorecard


@dataclass(frozen=True, slots=True)
class Tried:
    """The scorecard of one example, and what it was looked at for: a clause, a pool, all (None).

    A clause that is judged in every period is looked at in `part` alone.
    """

    card: Scorecard
    clause: str | None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """What examples show of one rule, of the clause or pool `of`.

    `asks`: in one of them it asked something, `silent`: in one of them nothing. `unused` are
    its numbers that no example used.
    """

    rule: Rule
    of: str
    asks: bool
    silent: bool
    unused: tuple[Figure, ...]

    @property
    def complete(self) -> bool:
        """Whether examples show the rule from both sides, with all its numbers."""
        return self.asks and self.silent and not self.unused


def coverage(rulebook: Rulebook, tried: Iterable[Tried]) -> tuple[RuleCoverage, ...]:
    """Every rule, of clauses and then of pools, with what the examples about it show."""
    seen = [(one.clause, list(_deductions(one))) for one in tried]
    return tuple(
        _covered(rule, of, [asked for clause, asked in seen if clause in (None, of)])
        for of, rule in _rules(rulebook)
    )


def _rules(rulebook: Rulebook) -> Iterator[tuple[str, Rule]]:
    for part in subjects(rulebook):
        for rule in part.rules:
            yield part.id, rule


def _covered(rule: Rule, of: str, examples: Iterable[Iterable[Deduction]]) -> RuleCoverage:
    mine = [[d for d in asked if d.rule == rule.id] for asked in examples]
    # The same number may stand twice in a rulebook: what counts is which of the two was used.
    used = {id(figure) for asked in mine for d in asked for figure in d.figures}
    # What asks for nothing leaves no trace in a scorecard, so a 0 cannot be seen to be used.
    numbers = (figure for figure in _figures(rule) if figure.value)
    unused = {id(figure): figure for figure in numbers if id(figure) not in used}
    return RuleCoverage(rule, of, any(mine), not all(mine), tuple(unused.values()))


def _deductions(tried: Tried) -> Iterator[Deduction]:
    """Everything asked in the clauses and in the pools, as far as it was looked at."""
    for section in tried.card.sections:
        if tried.clause is None or section.part == tried.part:
            for score in section.clauses:
                yield from (charge.deduction for charge in score.charges)
    for adjustment in tried.card.adjustments:
        if adjustment.charge is not None:
            yield adjustment.charge.deduction


def _figures(value: object) -> Iterator[Figure]:
    """Every number in a rule, however deep; where a scale is at 0, nothing need be asked."""
    if isinstance(value, Point) and not value.points.value:
        return
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _figures(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _figures(inner)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _figures(getattr(value, one.name))
