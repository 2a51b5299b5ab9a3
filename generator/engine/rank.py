"""Ranks, lines and consequences. Owns ties: nothing is broken silently.

Places as in sports (1, 2, 2, 4), on exact scores. Must not score or print.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from generator.engine.book import Line, Rulebook
from generator.engine.facts import without_record
from generator.engine.kinds import (
    Ceiling,
    CountQuantity,
    PerRecord,
    Quantity,
    Rate,
    Recurrence,
    Rule,
    ShareQuantity,
    Shortfall,
)
from generator.engine.model import (
    Charge,
    Decision,
    Ranking,
    Scorecard,
    Standing,
    Submission,
    YearInputs,
    YearResult,
)
from generator.engine.problem import Path
from generator.engine.score import scorecard


def judged(inputs: YearInputs) -> YearResult:
    """One year from its inputs: the result as it stands, and the first one, before corrections."""
    current = standings(inputs, inputs.submissions)
    first = standings(inputs, inputs.first_submissions) if inputs.corrections else current
    return YearResult(inputs, current, first)


def standings(inputs: YearInputs, submissions: Mapping[str, Submission]) -> tuple[Standing, ...]:
    """Every township assessed that year, by id; one without a submission has no rank."""
    rulebook, period = inputs.rulebook, inputs.assessment.period
    cards = {t: scorecard(s, rulebook, period) for t, s in sorted(submissions.items())}
    scores = {township: card.score for township, card in cards.items()}
    ranked, sizes = ranks(scores), Counter(scores.values())
    given = outcomes(rulebook, scores, inputs.assessment.decisions, inputs.ranking)
    return tuple(
        Standing(
            township,
            cards.get(township.id),
            ranked.get(township.id),
            township.id in scores and sizes[scores[township.id]] > 1,
            given.get(township.id, ()),
        )
        for township in sorted(inputs.townships, key=lambda township: township.id)
    )


def ranks(scores: Mapping[str, Fraction]) -> dict[str, int]:
    """The highest score first: one more than how many stand above (1, 2, 2, 4)."""
    first = dict.fromkeys(scores.values(), 0)
    for place, score in enumerate(sorted(scores.values(), reverse=True), start=1):
        first[score] = first[score] or place
    return {name: first[score] for name, score in scores.items()}


# --- lines ----------------------------------------------------------------------------


def outcomes(
    rulebook: Rulebook,
    scores: Mapping[str, Fraction],
    decisions: Iterable[Decision],
    ranking: Ranking | None,
) -> dict[str, tuple[str, ...]]:
    """What follows for each ranked township, in the rulebook's order."""
    given: dict[str, set[str]] = {name: set() for name in scores}
    decided = {decision.line: decision.listed for decision in decisions}
    for line in rulebook.lines:
        listed, waiting = _drawn(line, rulebook, scores, decided)
        for name in listed:
            given[name].update(line.outcomes)
        for name in waiting:
            given[name].add(line.undecided)
    if ranking and (outside := rulebook.outside_ranking):
        bound = ranking.of - outside.last.value
        for name in given.keys() & {n for n, rank in ranking.ranks.items() if rank > bound}:
            given[name].add(outside.outcome)
    order = list(rulebook.outcomes)
    return {name: tuple(sorted(those, key=order.index)) for name, those in given.items()}


def _drawn(
    line: Line,
    rulebook: Rulebook,
    scores: Mapping[str, Fraction],
    decided: Mapping[str, tuple[str, ...]],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is listed and who waits for a decision; who is listed where it yields is neither."""
    listed, waiting = at_line(line, rulebook, scores)
    if line.id in decided:
        listed, waiting = listed + tuple(t for t in waiting if t in decided[line.id]), ()
    if other := _yields_to(line, rulebook, len(scores)):
        taken = _drawn(other, rulebook, scores, decided)[0]
        listed = tuple(name for name in listed if name not in taken)
        waiting = tuple(name for name in waiting if name not in taken)
    return listed, waiting


def at_line(
    line: Line, rulebook: Rulebook, scores: Mapping[str, Fraction]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who stands wholly inside the line's places, and who is tied across it; both by id.

    A tied group fills as many places as it has members. Below the minimum nobody is either.
    """
    places = _places(line, rulebook, len(scores))
    ranked, sizes = ranks(scores), Counter(scores.values())
    inside, across = [], []
    for name, score in sorted(scores.items()):
        filled = range(ranked[name], ranked[name] + sizes[score])
        within = sum(place in places for place in filled)
        if line.minimum and score < line.minimum.value:
            continue
        if within == len(filled):
            inside.append(name)
        elif within:
            across.append(name)
    return tuple(inside), tuple(across)


def _places(line: Line, rulebook: Rulebook, ranked: int) -> frozenset[int]:
    """The places inside the line among so many ranked."""
    width = min(int(line.places.value), ranked)
    places = range(1, width + 1) if line.end == "first" else range(ranked - width + 1, ranked + 1)
    other = _yields_to(line, rulebook, ranked)
    return frozenset(places) - (_places(other, rulebook, ranked) if other else frozenset())


def _yields_to(line: Line, rulebook: Rulebook, ranked: int) -> Line | None:
    """The line whose places do not count for this one among so few ranked."""
    if line.yields_below is None or ranked >= line.yields_below.value:
        return None
    return next((other for other in rulebook.lines if other.id == line.yields_to), None)


# --- what a deduction did to the rank -------------------------------------------------


@dataclass(frozen=True, slots=True)
class Effect:
    """Where a township would stand without something."""

    score: Fraction
    rank: int
    tied: bool
    outcomes: tuple[str, ...]


def effect_of(result: YearResult, standing: Standing, charge: Charge) -> Effect | None:
    """Score, rank and consequences had this not happened. None if not ranked.

    Its one record, or else the deduction, is left out and everything charged afresh, the other
    townships' scores standing.
    """
    if standing.scorecard is None:
        return None
    inputs, name = result.inputs, standing.township.id
    cards = {s.township.id: s.scorecard for s in result.standings if s.scorecard}
    scores = {other: card.score for other, card in cards.items()}
    scores[name] = _card_without(result, standing.scorecard, charge).score
    given = outcomes(inputs.rulebook, scores, inputs.assessment.decisions, inputs.ranking)
    tied = sum(score == scores[name] for score in scores.values()) > 1
    return Effect(scores[name], ranks(scores)[name], tied, given[name])


def left_out(result: YearResult, charge: Charge) -> str | None:
    """The id of the record left out to see its effect; None where only the deduction is."""
    return charge.deduction.records[0] if _records(result, charge) else None


def _records(result: YearResult, charge: Charge) -> Path | None:
    """The list of the one record which the deduction is about, if that can be thought away.

    It cannot where the list is also what something is counted or rated by: with a record fewer,
    other clauses would ask less or more for reasons that nobody asked about.
    """
    rules = {r.id: r for clause in result.inputs.rulebook.clauses() for r in clause.rules}
    rule = rules.get(charge.deduction.rule)
    if not isinstance(rule, PerRecord | Ceiling | Recurrence):
        return None
    bases = {path for other in rules.values() for path in _bases(other)}
    return None if rule.selection.records in bases else rule.selection.records


def _bases(rule: Rule) -> Iterator[Path]:
    """The lists by which a rule measures something else."""
    if isinstance(rule, Rate):
        yield rule.selection.records
    if isinstance(rule, Shortfall):
        for quantity in (rule.actual, rule.needed):
            yield from _counted(quantity)
    if isinstance(rule, Ceiling):
        yield from _counted(rule.limit)


def _counted(quantity: Quantity) -> Iterator[Path]:
    counted = quantity.of if isinstance(quantity, ShareQuantity) else quantity
    if isinstance(counted, CountQuantity):
        yield counted.selection.records


def _card_without(result: YearResult, card: Scorecard, charge: Charge) -> Scorecard:
    rulebook, period = result.inputs.rulebook, result.inputs.assessment.period
    records = _records(result, charge)
    if records is None:
        return scorecard(card.submission, rulebook, period, without=charge.deduction)
    rest = without_record(card.submission, records, charge.deduction.records[0])
    return scorecard(rest, rulebook, period)
