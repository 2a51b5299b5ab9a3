"""How far the worked examples of a rulebook try its rules, as text or plain data.

Owns the wording. Must not judge.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from generator.data.coverage import RuleCoverage
from generator.engine.amount import exact
from generator.words.messages import Catalogue


def coverage_lines(
    covered: Sequence[RuleCoverage], examples: int, catalogue: Catalogue
) -> Iterator[str]:
    """A line for every rule that examples do not show from both sides, with all its numbers.

    Where there are no examples at all, that is said once.
    """
    if not examples:
        yield catalogue._("There are no worked examples yet; no rule has been tried.")
    for one in covered if examples else ():
        if not one.complete:
            lacking = tuple(_lacking(one, catalogue))
            yield catalogue._(
                "{clause} {rule}: {lacking}", clause=one.of, rule=one.rule.id, lacking=lacking
            )


def coverage_object(covered: Sequence[RuleCoverage]) -> list[dict[str, Any]]:
    """Every rule with what examples show of it."""
    return [
        {
            "clause": one.of,
            "rule": one.rule.id,
            "asks": one.asks,
            "silent": one.silent,
            "unused": [
                {"value": exact(figure.value), "reference": figure.reference}
                for figure in one.unused
            ],
        }
        for one in covered
    ]


def _lacking(one: RuleCoverage, catalogue: Catalogue) -> Iterator[str]:
    _ = catalogue._
    if not one.asks:
        yield _("no example in which it asks anything")
    if not one.silent:
        yield _("no example in which it asks nothing")
    if one.asks:
        for figure in one.unused:
            args = {"value": figure.value, "reference": figure.reference}
            yield _("no example uses {value} ({reference})", **args)
